"""Whether less may be better of an indicator: a plain number as its target has no known direction then."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from perfxl.data import load_toml
from perfxl.form.model import Indicator
from perfxl.patterns import pattern


@cache
def _pattern(key: str) -> re.Pattern[str]:
    table = load_toml(Path(__file__).parent / "direction.toml")["fewer"]
    return re.compile("|".join(map(re.escape, table[key])))


@lru_cache(maxsize=2048)
def _speaks_of(key: str, text: str) -> bool:
    return _pattern(key).search(text) is not None


def fewer_is_better(row: Indicator) -> bool:
    """The row stands under cost or time, or its name speaks of what should fall: saving must not be punished."""
    if row.sign is not None and _DOWNWARD.search(row.sign.text):
        return True
    return _speaks_of("levels", row.level1) or _speaks_of("levels", row.level2) or _speaks_of("names", row.name.text)


# What a column 指标性质 says of an indicator of which less is better.
_DOWNWARD = pattern("[反逆负]向")
