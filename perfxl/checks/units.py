"""What kind of thing a unit measures: whether two figures can be compared at all."""

from __future__ import annotations

import re
from functools import lru_cache

from perfxl.patterns import pattern

# Units of counting are one kind: whether 人 or 人次 was meant is for people to say.
_KINDS = {
    "percent": "%|‰|个百分点|百分点",
    "money": "元|千元|万元|百万元|亿元",
    "time": "个工作日|工作日|个月|小时|分钟|天|日|周|秒|年|月",
    "length": "公里|千米|厘米|毫米|米|km|m",
    "area": "平方米|平方公里|公顷|万亩|亩|㎡|m²",
    "weight": "公斤|千克|吨|克|kg",
    "volume": "立方米|升|m³|㎥",
    "count": "人次|批次|班次|场次|个|次|人|户|台|套|期|份|件|项|处|座|条|家|名|辆|本|册|卷|场|起|批|篇|幅|块|张|只|头|株|棵|间"
    "|所|村|支|种|例|门|盏|艘",
}
_KIND_OF = {unit: kind for kind, units in _KINDS.items() for unit in units.split("|")}
_UNIT = pattern("|".join(map(re.escape, sorted(_KIND_OF, key=len, reverse=True))))


@lru_cache(maxsize=1024)
def kind_of_unit(text: str) -> str | None:
    """The kind of the unit that a text begins with (`percent`, `money`, `count` …), None where none is known.

    A compound unit such as 元/亩 is of no known kind: what is divided matters as much.
    """
    match = _UNIT.match(text)
    if match is None or text[match.end() : match.end() + 1] in ("/", "每"):
        return None
    return _KIND_OF[match[0]]
