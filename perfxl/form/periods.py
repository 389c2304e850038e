"""Dates, deadlines and spans as targets and actual values: 2019年1-12月, 2021年底, 12月底之前完成, 第四季度, 长期."""

import re
from typing import NamedTuple

from perfxl.patterns import pattern


class Day(NamedTuple):
    """A day of a year; `year` None where only month and day are printed."""

    year: int | None
    month: int
    day: int


class Period(NamedTuple):
    """A date, a deadline or a span: the last day of it, None where the text names none (全年, 长期)."""

    end: Day | None
    text: str


# Words that may stand around dates without making the text anything but a period.
_AROUND_DATES = pattern(
    r"(?:于|在|截至|截止|自|从|每年)|(?:月?底|年?末|年底|年内|前|之前|以前|内|之内|期间|完成|按时|已|全部|年度|完工|竣工|结束|验收|支付|开工|投入使用|上旬|中旬|下旬)"
)
_YEAR = r"(?:(?P<{0}>(?:19|20)\d\d)(?:年度?|-|\.|/))?"
_DATE = pattern(
    r"(?<![\d.])"
    + _YEAR.format("year")
    + r"(?:(?P<m1>\d{1,2})月?(?:\d{1,2}日)?(?:-|~|—|–|至|到))?"
    + _YEAR.format("year2")
    + r"(?P<month>\d{1,2})(?:月份?|[-./](?=\d))(?:(?P<day>\d{1,2})(?!\d)[日号]?)?"
)
_COMPACT = pattern(r"(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])")
_YEAR_AND_MONTH = pattern(r"(?P<year>(?:19|20)\d\d)[-/](?P<month>0?[1-9]|1[0-2])(?:月?[底末]?之?前)?")
_PART = pattern(r"(?:(?P<year>(?:19|20)\d\d)年度?)?(?:第?(?P<quarter>[一二三四1-4])季度|(?P<half>[上下])半年)")
_ONLY_YEAR = pattern(r"(?P<year>(?:19|20)\d\d)(?:年度?(?:底|末|内|全年)?|(?=[-~—–至到](?:19|20)\d\d年))")
_YEAR_END = pattern(r"(?:当年|本年|年)(?:度)?(?:底|末|终)")
_OPEN_PERIODS = frozenset(
    [
        "全年",
        "长期",
        "全年度",
        "年内",
        "当年",
        "本年",
        "持续",
        "每年",
        "年度内",
        "本年度",
        "当年内",
        "常年",
        "长年",
        "中长期",
    ]
)
_LONGEST = 40
_HINT = pattern(r"[年月]|季度|(?:19|20)\d\d[-./]?\d")


_WRITTEN = pattern(r"[二][〇○零O0][〇○零一二三四五六七八九O0]{2}(?=年)|十[一二]?(?=月)|[一二三四五六七八九](?=月)")
_FIGURES = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")


def _in_digits(match: re.Match[str]) -> str:
    """二〇二三 before 年, 十二 before 月 in digits."""
    text = match[0]
    return "1" + (text[1:].translate(_FIGURES) or "0") if text[0] == "十" else text.translate(_FIGURES)


def read_period(plain: str) -> Period | None:
    """The period that a normalised text names and nothing else, None where it is none."""
    if plain in _OPEN_PERIODS:
        return Period(None, plain)
    if len(plain) > _LONGEST or not _HINT.search(plain):
        return None
    plain = _WRITTEN.sub(_in_digits, plain)
    if compact := _COMPACT.fullmatch(plain):
        return Period(Day(int(compact["year"]), int(compact["month"]), int(compact["day"])), plain)
    if short := _YEAR_AND_MONTH.fullmatch(plain):
        return Period(Day(int(short["year"]), int(short["month"]), 31), plain)
    end: Day | None = None
    rest = plain
    for match in _DATE.finditer(plain):
        month, day = int(match["month"]), int(match["day"] or 31)
        if not 1 <= month <= 12 or not 1 <= day <= 31:
            return None
        year = match["year2"] or match["year"]
        end = Day(int(year) if year else end.year if end else None, month, day)
        rest = rest.replace(match[0], "", 1)
    if end is None and (part := _PART.search(rest)):
        month = (
            3 * ("一二三四".find(part["quarter"]) + 1 or int(part["quarter"]))
            if part["quarter"]
            else 6 * (1 + "上下".find(part["half"]))
        )
        end = Day(int(part["year"]) if part["year"] else None, month, 31)
        rest = rest.replace(part[0], "", 1)
    for match in _ONLY_YEAR.finditer(rest):
        year = int(match["year"])
        end = end if end and end.year is not None and end.year >= year else Day(year, *(end[1:] if end else (12, 31)))
        rest = rest.replace(match[0], "", 1)
    if end is None and (closing := _YEAR_END.search(rest)):
        end = Day(None, 12, 31)
        rest = rest.replace(closing[0], "", 1)
    if end is None or _AROUND_DATES.sub("", rest).strip("-~—–至到、,，()"):
        return None
    return Period(end, plain)
