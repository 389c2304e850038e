"""Numbers between the workbook's text and `Decimal`: 15 significant digits in, the shortest plain text out."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache

from perfxl.grid.cells import CellError
from perfxl.patterns import pattern

# A spreadsheet shows and compares 15 digits; the 16th and 17th in a file are the double's binary noise (30.299999999999997).
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_EVEN)
_NUMBER = pattern(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?\s*")
_LARGEST, _SMALLEST = 308, -308  # the exponents between which a double has all its digits


@lru_cache(maxsize=4096)
def number(text: str) -> Decimal | CellError | str:
    """A stored number at 15 significant digits, in plain form (`1E+3` is 1000).

    One that no double can hold is `#NUM!`, as a spreadsheet would show it; what is no number comes back as the text it is.
    """
    if not _NUMBER.fullmatch(text):
        return text
    value = _FIFTEEN.create_decimal(text.strip())
    if value.is_zero() or value.adjusted() < _SMALLEST:
        return Decimal(0)
    if value.adjusted() > _LARGEST:
        return CellError("#NUM!")
    return plain(value)


def plain(value: Decimal) -> Decimal:
    """The same number without zeros behind the last decimal, and without an exponent where it is a whole number."""
    value = value.normalize(_FIFTEEN)
    exponent = value.as_tuple().exponent
    return value.quantize(Decimal(1), context=_WIDE) if isinstance(exponent, int) and exponent > 0 else value


_WIDE = Context(prec=400)


def written(value: Decimal) -> str:
    """The shortest text of a number for the `v` of a cell."""
    value = _FIFTEEN.plus(value).normalize(_FIFTEEN)
    if not value:
        return "0"
    return f"{value:f}" if -10 <= value.adjusted() <= 20 else str(value)
