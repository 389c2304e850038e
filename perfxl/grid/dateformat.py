"""Prints serial days as dates and times."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

_LAST_DAY = 2_958_465  # 31 December 9999
_PHANTOM_DAY = 60  # 29 February 1900, which Excel counts and the calendar does not have
_SECONDS = 86_400
_DATE_LETTERS = frozenset(["y", "yy", "yyy", "yyyy", "e", "m", "mm", "d", "dd"])


def date_text(serial: Decimal, parts: tuple[tuple[str, str], ...], date1904: bool) -> str | None:
    """The serial day under the date letters of a format section, None where it is no day that can be shown.

    `parts` are (what, text): "literal" and "ampm" with their text, or letters; `n` and `nn` are minutes.
    """
    letters = {what for what, _ in parts}
    day, seconds = _day_and_second(serial, to_seconds=bool(letters & {"s", "ss"}))
    calendar_day = None
    if letters & _DATE_LETTERS:
        calendar_day = calendar_date(day, date1904)
        if calendar_day is None:
            return None
    elif serial < 0:
        return None
    half = next((text for what, text in parts if what == "ampm"), None)
    hour = seconds // 3600
    values = {
        "h": (hour + 11) % 12 + 1 if half else hour,
        "n": seconds // 60 % 60,
        "s": seconds % 60,
    }
    if calendar_day is not None:
        values |= {"y": calendar_day.year, "m": calendar_day.month, "d": calendar_day.day}
    return "".join(_part(what, text, values, hour) for what, text in parts)


def calendar_date(day: int, date1904: bool) -> date | None:
    """The date of a serial day, None before the first and behind the last day that a spreadsheet shows."""
    if date1904:
        day += 1462
    elif day < 1 or day == _PHANTOM_DAY:
        return None
    if day < 0 or day > _LAST_DAY:
        return None
    return date(1899, 12, 30) + timedelta(day + 1 if day < _PHANTOM_DAY else day)


def serial_day(year: int, month: int, day: int, date1904: bool) -> int | None:
    """The serial day of a date (month and day may run over), None where a spreadsheet has none for it."""
    year += (month - 1) // 12
    if not 1900 <= year <= 9999:
        return None
    days = (date(year, (month - 1) % 12 + 1, 1) - date(1899, 12, 30)).days + day - 1
    if date1904:
        days -= 1462
    elif days <= _PHANTOM_DAY:
        days -= 1
    return days if days >= 0 else None


def _day_and_second(serial: Decimal, to_seconds: bool) -> tuple[int, int]:
    """The day, and the second in it: rounded where seconds are shown; else the last one begun, so that 23:59:59.7
    stays 23:59."""
    day = int(serial)
    seconds = ((serial - day) * _SECONDS).quantize(Decimal("0.001"), ROUND_HALF_UP)
    whole = int(seconds.quantize(Decimal(1), ROUND_HALF_UP)) if to_seconds else int(seconds)
    return (day + 1, 0) if whole >= _SECONDS else (day, whole)


def _part(what: str, text: str, values: dict[str, int], hour: int) -> str:
    if what == "literal":
        return text
    if what == "ampm":
        return text.split("/")[hour >= 12]
    if what in ("yyyy", "yyy", "e"):
        return f"{values['y']:04}"
    if what in ("y", "yy"):
        return f"{values['y'] % 100:02}"
    return f"{values[what[0]]:0{len(what)}}"
