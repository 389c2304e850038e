"""Who a form is of: a project's, department's or unit's name apart from its code."""

from __future__ import annotations

import re
from functools import lru_cache

from perfxl.form.model import Party, Value
from perfxl.patterns import pattern

# A code is told from a name that begins with a number (2019年危房改造, 10kV线路) by its brackets, its dash, or its length; a department's
# or unit's name begins with no number.
_BARE_CODES = {"project": r"\d{6,}[0-9A-Za-z]*", "unit": r"\d{3,}[A-Z]?"}
_CODES = {
    whose: tuple(
        pattern(text, re.DOTALL)
        for text in (
            r"[\[【(（]\s*(?P<code>[0-9A-Za-z]{2,40})\s*[\]】)）]\s*[-—_－]?\s*(?P<name>\S.*)",
            r"(?P<code>(?!(?:19|20)\d\d[-—－])[0-9A-Za-z]{2,40})\s*[-—_－]\s*(?P<name>[^\d\s].*)",
            rf"(?P<code>{bare})\s*(?P<name>[\u4e00-\u9fff]{{2}}.*)",
            r"(?P<name>\S.*?)\s*[\[【(（]\s*(?P<code>(?!(?:19|20)\d\d\s*[\]】)）])\d[0-9A-Za-z]{2,39})\s*[\]】)）]",
        )
    )
    for whose, bare in _BARE_CODES.items()
}


def party_of(value: Value | None, whose: str = "unit") -> Party | None:
    """A name apart from its code: [137]名称, 137-名称, 137名称, 名称(137)."""
    if value is None or value.empty:
        return None
    return Party(*_name_and_code(value.text, whose), value)


@lru_cache(maxsize=1024)  # a department's name stands in each of its forms
def _name_and_code(text: str, whose: str) -> tuple[str, str | None]:
    text = " ".join(text.split())
    for form in _CODES[whose]:
        match = form.fullmatch(text)
        if match and any(c.isdigit() for c in match["code"]):
            return match["name"].strip(), match["code"]
    return text, None
