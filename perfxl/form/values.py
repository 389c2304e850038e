"""The grammar of 年度指标值 and 实际完成值: comparator, number, unit; date or period; everything else is words.

A text is a quantity only where the whole of it is one: `≥50个`, `98%以上`, `1,200.5万元`. Words behind an actual's number are
kept in `rest` (`3626次同比增长41%`), so that the caller decides whether they matter.
"""

import re
import unicodedata
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from typing import NamedTuple

from perfxl.form.model import is_blank_like
from perfxl.form.numerals import SIGNS, chinese_number
from perfxl.form.periods import Day, Period, read_period
from perfxl.form.units import counting_units, grammar, times_between
from perfxl.patterns import pattern

__all__ = [
    "Comparator",
    "Day",
    "Nothing",
    "Period",
    "Quantity",
    "Reading",
    "Words",
    "amount_in",
    "leading_quantity",
    "normal",
    "read_value",
]


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
    lead: str = ""
    times: Decimal = Decimal(1)


class Words(NamedTuple):
    """A text that is neither a quantity nor a period."""

    text: str


class Nothing(NamedTuple):
    """An empty cell, or a sign for nothing."""


Reading = Quantity | Period | Words | Nothing

_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_TIMES = {
    "百": Decimal(100), "千": Decimal(1000), "万": Decimal(10**4), "十万": Decimal(10**5), "百万": Decimal(10**6),
    "千万": Decimal(10**7), "亿": Decimal(10**8), "万亿": Decimal(10**12),
}  # fmt: skip
_PER = {"%": Decimal("0.01"), "百分比": Decimal("0.01"), "‰": Decimal("0.001"), "成": Decimal("0.1")}
_SCALE = r"万亿|[十百千]?万|亿|[千百](?=元|人|户|件|个|次|台|套|份|亩|余|多|$)"
_LEADING = pattern(rf"(?P<number>{_NUMBER})(?P<times>{_SCALE})?(?:余|多)?(?P<percent>%|‰)?")
_PARTS_OF = pattern(rf"(?P<of>[百千])分之(?P<number>{_NUMBER}|[{SIGNS}点]+)")
_FIGURE = pattern(rf"[\d{SIGNS}]")
# What is counted anew each time: 每年2次 is no less than 2次/年.
_EVERY = "半年|年|季度?|月|周|日|天"
# A noun that says what was measured, before a figure: 满意度≥90%. 年度, 季度 and the like name no measure.
_MEASURED = pattern(
    r"[\u4e00-\u9fff]{0,11}(?:率|(?<![年月季程制])度|数|量|额|占比|比例|比重|得分|人次)[:为是]?(?=[\u4e00-\u9fff]{0,4}[^\u4e00-\u9fff])"
)
_SIGN_IN_BRACKETS = pattern(r"[(\[【]([≥≤><=≧≦]=?)[)\]】]")
_ASIDE = pattern(r"\((?:满分|其中|[±+-]|共|即|注)[^()]*\)$")
_BOUNDS = pattern(
    rf"(?:≥|>=|不少于|不低于)(?P<low>{_NUMBER})(?P<unit>[^\d<>≤≥]{{0,4}}?)(?:且|并且|[,、;])?(?:≤|<=|不超过|不多于|不高于)(?P<high>{_NUMBER})(?P<rest>\D{{0,6}})"
)
_CHINESE = pattern(rf"[{SIGNS}][{SIGNS}点]*")
# Longer texts are sentences.
_LONGEST = 40


@cache
def _pattern() -> re.Pattern[str]:
    words = grammar()
    before, after, lead = ("|".join(words[side].values()) for side in ("before", "after", "lead"))
    unit = r"(?:个?百分点|k?m[23]|km|[A-Za-z°℃\u4e00-\u9fff]{1,5}?)(?:/[A-Za-z\u4e00-\u9fff]{1,5}|[每]\w{1,3})?"
    other = r"\((?!以|之|及|或|内|左|上|下|含)[\u4e00-\u9fff]{1,2}\)"  # 台(套): either of two units of the same thing
    return re.compile(
        rf"(?:每(?P<every>{_EVERY})|(?P<yearly>年均))?(?P<lead>{lead})?(?P<before>{before})?(?:约|近|完成|开展|举办|组织|召开)?(?P<number>{_NUMBER})(?:(?P<percent1>%)?(?:-|~|—|–|至|到)(?P<high>{_NUMBER}))?"
        rf"(?P<times>{_SCALE})?(?:余|多)?(?:(?P<percent>%|‰|百分比|成(?=以|$))|\(?(?P<unit>{unit})\)?(?:{other})?)?(?:左右|上下)?(?P<after>{after})?"
    )


@cache
def _nothing() -> re.Pattern[str]:
    return re.compile(grammar()["zero"]["nothing"])


@lru_cache(maxsize=4096)  # asked several times for each text, and again by the next form
def normal(text: str) -> str:
    """The text in half-width letters, without blanks and line breaks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=4096)
def read_value(text: str) -> Reading:
    """What a target or an actual value says."""
    if is_blank_like(text):
        return Nothing()
    plain = normal(text).rstrip("。;；.").removeprefix("定性").replace("(含)", "")
    if not plain or len(plain) > _LONGEST:
        return Words(text)
    return read_period(plain) or _quantity(plain) or Words(text)


def leading_quantity(text: str) -> Quantity | None:
    """The number at the beginning of a text with words behind it, as in `3626次同比增长41%`: the unit opens `rest`."""
    plain = normal(text)
    match = _LEADING.match(plain)
    if not match:
        return None
    number, unit = _scaled(match["number"], match["times"], match["percent"], "")
    return Quantity(Comparator.PLAIN, number, unit, rest=plain[match.end() :])


def amount_in(quantity: Quantity, unit: str) -> Decimal | None:
    """The number of a quantity in another unit, None where the two do not measure the same."""
    times = times_between(quantity.unit, unit)
    return None if times is None else quantity.number * times


def _quantity(plain: str) -> Quantity | None:
    if not _FIGURE.search(plain):
        return None
    read = _matched(plain)
    if read is not None:
        return read
    if _nothing().fullmatch(plain):
        return Quantity(Comparator.PLAIN, Decimal(0), "")
    if bounds := _BOUNDS.fullmatch(plain):
        written = f"{bounds['low']}-{bounds['high']}{bounds['rest']}"
        return _matched(written) if bounds["unit"] in bounds["rest"] else None
    plain = _rewritten(plain)
    if measured := _MEASURED.match(plain):
        read = _matched(plain[measured.end() :])
        return read if read is not None and not read.lead else None
    read = _matched(plain)
    if read is not None or not _CHINESE.search(plain):
        return read
    # numerals in words (一般, 万无一失) are none: the unit must be known
    match = _CHINESE.search(plain)
    number = chinese_number(match[0]) if match else None
    if match is None or number is None:
        return None
    read = _matched(f"{plain[: match.start()]}{number:f}{plain[match.end() :]}")
    known = read is not None and (read.unit in counting_units() or read.unit == "%" or match[0] == plain)
    return read if known else None


def _rewritten(plain: str) -> str:
    """The text with signs out of their brackets, without an aside, with parts of a hundred and money as others write them."""
    plain = _ASIDE.sub("", _SIGN_IN_BRACKETS.sub(r"\1", plain))
    plain = _PARTS_OF.sub(_as_percentage, plain.replace("百分百", "100%").replace("百分之百", "100%"))
    return plain[1:].removesuffix("元") + "元" if plain.startswith("¥") else plain


def _as_percentage(match: re.Match[str]) -> str:
    number = match["number"]
    if number[0] in SIGNS:
        value = chinese_number(number)
        if value is None:
            return match[0]
        number = f"{value:f}"
    return number + ("%" if match["of"] == "百" else "‰")


def _matched(plain: str) -> Quantity | None:
    match = _pattern().fullmatch(plain)
    if not match:
        return None
    before, after, lead = (_named(side, match[side]) for side in ("before", "after", "lead"))
    comparator = Comparator[before] if before else Comparator.PLAIN
    if after and (before is None or before == "AT_MOST" == after):
        comparator = Comparator[after]
    percent, scale, unit_text = match["percent"], match["times"], match["unit"] or ""
    if (match["percent1"] and not percent) or unit_text.endswith(_NO_UNIT_ENDS):
        return None
    if unit_text in ("万元", "亿元") and scale is None:  # in brackets: 50(万元)
        scale, unit_text = unit_text[0], unit_text[1]
    number, unit = _scaled(match["number"], scale, percent, unit_text)
    if every := "年" if match["yearly"] else match["every"]:
        if not unit or "/" in unit or unit == "%":
            return None
        unit = f"{unit}/{every.removesuffix('度')}"
    high = _scaled(match["high"], scale, percent, "")[0] if match["high"] else None
    if high is not None and (high < number or before is not None or after is not None):
        return None
    times = _TIMES[scale] if scale and unit != "%" else Decimal(1)
    return Quantity(comparator, number, unit, high, times=times, lead="" if lead is None or lead == "plain" else lead)


@lru_cache(maxsize=512)
def _named(side: str, text: str | None) -> str | None:
    """The name of the words that stand before or behind a number; the first that fits has it."""
    return next((name for name, words in grammar()[side].items() if re.fullmatch(words, text)), None) if text else None


# What follows a number and ends in these tells a time or a place, no unit: 10日前.
_NO_UNIT_ENDS = ("前", "后", "底", "中")


def _scaled(number: str, times: str | None, percent: str | None, unit: str) -> tuple[Decimal, str]:
    value = Decimal(number.replace(",", ""))
    if percent:
        return value * _PER[percent], "%"
    if times:
        value *= _TIMES[times]
    return value, unit
