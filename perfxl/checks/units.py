"""What kind of thing a unit measures: whether two figures can be compared at all."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from perfxl.form.units import grammar

# Kinds that people count or measure alike: one is never the wrong kind for another.
_ONE_KIND = {"mu": "area", "day": "time", "workday": "time", "hour": "time", "month": "time", "point": "percent"}


@cache
def _kinds() -> dict[str, str]:
    """The kind of each unit by name. Units of counting are one kind: whether 人 or 人次 was meant is for people to say."""
    words = grammar()
    measures = {unit: _ONE_KIND.get(kind, kind) for kind, units in words["units"].items() for unit in units}
    return measures | dict.fromkeys(("%", "‰"), "percent") | dict.fromkeys(words["counting"]["units"], "count")


@cache
def _unit() -> re.Pattern[str]:
    """A unit at the beginning of a text; letters and figures that go on make another word of it (mm is no m)."""
    units = sorted(_kinds(), key=len, reverse=True)
    return re.compile("|".join(re.escape(unit) + ("(?![A-Za-z0-9])" if unit[-1].isascii() else "") for unit in units))


@lru_cache(maxsize=1024)
def kind_of_unit(text: str) -> str | None:
    """The kind of the unit that a text begins with (`percent`, `money`, `count` …), None where none is known.

    `text` is in half-width letters (`normal`): ㎡ and m² are m2. A compound unit such as 元/亩 is of no known kind: what is divided
    matters as much.
    """
    match = _unit().match(text)
    if match is None or text[match.end() : match.end() + 1] in ("/", "每"):
        return None
    return _kinds()[match[0]]
