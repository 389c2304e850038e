"""What the text of a cell's value means where it is no plain number: a shared string, inline text, a truth value, an error, a date."""

from decimal import Decimal

from perfxl.grid.cells import CellError, CellValue
from perfxl.patterns import pattern
from perfxl.workbooks.markup import unescaped
from perfxl.workbooks.numbers import number

_YES = ("1", "true")


def string_index(text: str) -> int:
    """The number of a shared string.

    Raises:
        ValueError: it is none.
    """
    if not text.isdecimal():
        text = text.strip(" \t\r\n")
        if not text.isdecimal():
            raise ValueError(f"shared string {text[:40]!r}")
    return int(text)


def other_value(kind: str, value: str | None, inline: str | None, date1904: bool) -> CellValue:
    """The value of a cell that is neither a number nor a shared string."""
    if kind == "inlineStr":
        return unescaped(inline or "")
    if value is None:
        return None
    if kind == "b":
        return value.strip() in _YES
    if kind == "e":
        return CellError(value)
    if kind == "d":
        return _serial(value, date1904)
    return unescaped(value)


_ISO = pattern(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?)?Z?")


def _serial(text: str, date1904: bool) -> Decimal | str:
    """An ISO date as a serial day; what is none comes back as the text it is."""
    from datetime import date

    match = _ISO.fullmatch(text)
    if not match:
        return text
    try:
        day = date(int(match[1]), int(match[2]), int(match[3])).toordinal()
    except ValueError:
        return text
    epoch = date(1904, 1, 1).toordinal() if date1904 else date(1899, 12, 30).toordinal()
    seconds = Decimal(int(match[4] or 0) * 3600 + int(match[5] or 0) * 60) + Decimal(match[6] or 0)
    found = number(str(day - epoch + seconds / 86400))
    return found if isinstance(found, Decimal) else text
