"""Whether less may be better of an indicator: a plain number as its target has no known direction then."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from perfxl.data import load_toml
from perfxl.form.model import Indicator
from perfxl.patterns import pattern


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = load_toml(Path(__file__).parent / "direction.toml")["fewer"]
    levels, names = ("|".join(map(re.escape, table[key])) for key in ("levels", "names"))
    return re.compile(levels), re.compile(names)


def fewer_is_better(row: Indicator) -> bool:
    """The row stands under cost or time, or its name speaks of what should fall: saving must not be punished."""
    levels, names = _patterns()
    if row.sign is not None and _DOWNWARD.search(row.sign.text):
        return True
    return levels.search(row.level1 + row.level2) is not None or names.search(row.name.text) is not None


# What a column 指标性质 says of an indicator of which less is better.
_DOWNWARD = pattern("[反逆负]向")
