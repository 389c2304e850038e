"""The grammar of 年度指标值 and 实际完成值: comparator, number, unit; date or period; everything else is words.

A text is a quantity only where the whole of it is one: `≥50个`, `98%以上`, `1,200.5万元`. Words behind an actual's number are
kept in `rest` (`3626次同比增长41%`), so that the caller decides whether they matter.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from perfxl.form.model import is_blank_like


class Comparator(Enum):
    """How a target binds: the operator written, or PLAIN where there is only a number."""

    AT_LEAST = "≥"
    MORE = ">"
    AT_MOST = "≤"
    LESS = "<"
    EQUAL = "="
    PLAIN = ""


class Quantity(NamedTuple):
    """A number with its unit. A percentage is a fraction with the unit `%`; 万 and 亿 are multiplied out of counts and money.

    `high` is the upper end of a range (3–5天). `rest` are the words that follow, "" where the whole text was read. `times` is what
    was multiplied out (10000 of 93万元).
    """

    comparator: Comparator
    number: Decimal
    unit: str
    high: Decimal | None = None
    rest: str = ""
    times: Decimal = Decimal(1)


class Day(NamedTuple):
    """A day of a year; `year` None where only month and day are printed."""

    year: int | None
    month: int
    day: int


class Period(NamedTuple):
    """A date, a deadline or a span: the last day of it, None where the text names none (全年, 长期)."""

    end: Day | None
    text: str


class Words(NamedTuple):
    """A text that is neither a quantity nor a period."""

    text: str


class Nothing(NamedTuple):
    """An empty cell, or a sign for nothing."""


Reading = Quantity | Period | Words | Nothing

_PREFIX = {
    Comparator.AT_LEAST: (">=", "=>", "≥", "≧", "⩾", "不少于", "不低于", "不小于", "不得少于", "不得低于", "大于等于", "大于或等于", "高于等于", "至少", "最少", "达到"),
    Comparator.AT_MOST: (
        "<=", "=<", "≤", "≦", "⩽", "不超过", "不得超过", "不高于", "不得高于", "不大于", "不多于", "小于等于", "小于或等于", "低于等于", "至多", "最多",
        "控制在",
    ),
    Comparator.MORE: (">", "大于", "超过", "高于", "多于"),
    Comparator.LESS: ("<", "小于", "低于", "少于"),
    Comparator.EQUAL: ("=", "═", "等于"),
}  # fmt: skip
_SUFFIX = {
    Comparator.AT_LEAST: ("及以上", "或以上", "以上"),
    Comparator.AT_MOST: ("及以下", "或以下", "以下", "以内", "之内", "内"),
}
_COMPARATOR_OF = {word: comparator for comparator, words in _PREFIX.items() for word in words}
_SUFFIX_OF = {word: comparator for comparator, words in _SUFFIX.items() for word in words}


def _any(words: dict[str, Comparator]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_UNIT = r"[A-Za-z㎡㎥°℃\u4e00-\u9fff²³]{1,5}?(?:/[A-Za-z\u4e00-\u9fff²³㎡]{1,4})?"
_QUANTITY = re.compile(
    rf"(?P<sign>{_any(_COMPARATOR_OF)})?(?:各|约|近|共|计|为)?(?P<number>{_NUMBER})(?:(?:-|~|—|–|至|到)(?P<high>{_NUMBER}))?"
    rf"(?P<times>[百千]?万|亿)?(?:余|多)?(?:(?P<percent>%|‰|百分比)|(?P<unit>{_UNIT}))?(?:左右)?(?P<bound>{_any(_SUFFIX_OF)})?"
)
_LEADING = re.compile(rf"(?P<number>{_NUMBER})(?P<times>[百千]?万|亿)?(?:余|多)?(?P<percent>%|‰)?")
_PERCENT_WORDS = re.compile(rf"百分之(?P<number>{_NUMBER})")
_TIMES = {"万": Decimal(10**4), "百万": Decimal(10**6), "千万": Decimal(10**7), "亿": Decimal(10**8)}
_PER = {"%": Decimal("0.01"), "百分比": Decimal("0.01"), "‰": Decimal("0.001")}

# Words that may stand around dates without making the text anything but a period.
_AROUND_DATES = re.compile(
    r"(?:于|在|截至|截止|自|从)|(?:月?底|年?末|前|之前|以前|内|之内|期间|完成|按时|已|年度|完工|竣工|结束)"
)
_DATE = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)(?:年|-|\.|/))?(?:(?P<m1>\d{1,2})月?(?:-|~|—|–|至|到))?(?:(?P<year2>(?:19|20)\d\d)(?:年|-|\.|/))?"
    r"(?P<month>\d{1,2})(?:月|-|\.|/)(?:(?P<day>\d{1,2})日?)?"
)
_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)年(?:度)?(?P<part>底|末|内|全年)?")
_OPEN_PERIODS = frozenset(
    ["全年", "长期", "全年度", "年内", "当年", "本年", "持续", "每年", "年度内", "本年度", "当年内"]
)


def normal(text: str) -> str:
    """The text in half-width letters, without blanks and line breaks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=4096)
def read_value(text: str) -> Reading:
    """What a target or an actual value says."""
    if is_blank_like(text):
        return Nothing()
    plain = normal(text).rstrip("。;；.").removeprefix("定性")
    return _period(plain) or _quantity(plain) or Words(text)


def leading_quantity(text: str) -> Quantity | None:
    """The number at the beginning of a text with words behind it, as in `3626次同比增长41%`: the unit opens `rest`."""
    plain = normal(text)
    match = _LEADING.match(plain)
    if not match:
        return None
    number, unit = _scaled(match["number"], match["times"], match["percent"], "")
    return Quantity(Comparator.PLAIN, number, unit, rest=plain[match.end() :])


def _quantity(plain: str) -> Quantity | None:
    plain = _PERCENT_WORDS.sub(lambda m: m["number"] + "%", plain)
    match = _QUANTITY.fullmatch(plain)
    if not match:
        return None
    sign, bound = match["sign"], match["bound"]
    comparator = _COMPARATOR_OF[sign] if sign else Comparator.PLAIN
    if bound and comparator in (Comparator.PLAIN, _SUFFIX_OF[bound]):
        comparator = _SUFFIX_OF[bound]
    number, unit = _scaled(match["number"], match["times"], match["percent"], match["unit"] or "")
    high = _scaled(match["high"], match["times"], match["percent"], "")[0] if match["high"] else None
    times = _TIMES[match["times"]] if match["times"] and unit != "%" else Decimal(1)
    return Quantity(comparator, number, unit, high, times=times)


def _scaled(number: str, times: str | None, percent: str | None, unit: str) -> tuple[Decimal, str]:
    value = Decimal(number.replace(",", ""))
    if percent:
        return value * _PER[percent], "%"
    if times:
        value *= _TIMES[times]
    return value, unit


def _period(plain: str) -> Period | None:
    if plain in _OPEN_PERIODS:
        return Period(None, plain)
    if "年" not in plain and "月" not in plain and not re.match(r"(?:19|20)\d\d[-./]\d", plain):
        return None
    end: Day | None = None
    rest = plain
    for match in _DATE.finditer(plain):
        month = int(match["month"])
        if not 1 <= month <= 12 or (match["day"] and not 1 <= int(match["day"]) <= 31):
            return None
        year = match["year2"] or match["year"]
        end = Day(int(year) if year else None, month, int(match["day"]) if match["day"] else 31)
        rest = rest.replace(match[0], "", 1)
    for match in _YEAR.finditer(rest):
        end = end or Day(int(match["year"]), 12, 31)
        rest = rest.replace(match[0], "", 1)
    if end is None or _AROUND_DATES.sub("", rest).strip("-~—–至到、,，()"):
        return None
    return Period(end, plain)
