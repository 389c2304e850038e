"""Sums, products and rounding."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Context, Decimal

from perfxl.grid.cells import CellError
from perfxl.workbooks.formulas.functions.registry import function
from perfxl.workbooks.formulas.operators import power, total
from perfxl.workbooks.formulas.ranges import Array, Range, Value, numbers
from perfxl.workbooks.formulas.values import DIV0, NUM, VALUE, ZERO, Failed, Scalar, integer_of, shown

_WIDE = Context(prec=800, Emin=-999999, Emax=999999)
_MOST_DIGITS = 400


@function("SUM", "* r")
def _sum(*values: Value) -> Decimal:
    return total(list(numbers(values)))


@function("PRODUCT", "* r")
def product(*values: Value) -> Decimal:
    """The product of the numbers, 0 where there are none."""
    factors = list(numbers(values))
    result = Decimal(1) if factors else ZERO
    for factor in factors:
        result *= factor
    return result


@function("SUMPRODUCT", "* a")
def _sumproduct(*values: Value) -> Decimal:
    shapes = {_shape(value) for value in values}
    if len(shapes) > 1:
        raise Failed(VALUE)
    ranges = [value for value in values if isinstance(value, Range)]
    height, width = shapes.pop()
    if len(ranges) == len(values):  # whole columns: behind the used part all is 0
        extents = [value.extent for value in ranges]
        height, width = max(extent[0] for extent in extents), max(extent[1] for extent in extents)
        ranges[0].reader.reads(height * width * len(ranges))
    else:
        values = tuple(value.array() if isinstance(value, Range) else value for value in values)
    products = []
    for row in range(height):
        for column in range(width):
            result = Decimal(1)
            for value in values:
                result *= _factor(value, row, column)
            products.append(result)
    return total(products)


def _shape(value: Value) -> tuple[int, int]:
    if isinstance(value, Range):
        return value.shape
    return (len(value.rows), len(value.rows[0])) if isinstance(value, Array) else (1, 1)


def _factor(value: Value, row: int, column: int) -> Decimal:
    item = value.rows[row][column] if isinstance(value, Array) else value
    if isinstance(item, Range):
        item = item.at(row, column)
    if isinstance(item, CellError):
        raise Failed(item)
    return item if isinstance(item, Decimal) else ZERO


def _rounded(number: Decimal, digits: Decimal, rounding: str) -> Decimal:
    # What counts are the 15 digits that the spreadsheet has: 2.4999…9 with 30 nines is 2.5 to it.
    number = shown(number)
    places = integer_of(digits)
    if places > _MOST_DIGITS:
        return number
    if places < -_MOST_DIGITS:
        return ZERO
    return number.quantize(Decimal(1).scaleb(-places), rounding, _WIDE)


@function("ROUND", "n n")
def _round(number: Decimal, digits: Decimal) -> Decimal:
    return _rounded(number, digits, ROUND_HALF_UP)  # away from zero


@function("ROUNDUP", "n n")
def _roundup(number: Decimal, digits: Decimal) -> Decimal:
    return _rounded(number, digits, ROUND_UP)


@function("ROUNDDOWN", "n n")
def _rounddown(number: Decimal, digits: Decimal) -> Decimal:
    return _rounded(number, digits, ROUND_DOWN)


@function("TRUNC", "n n?")
def _trunc(number: Decimal, digits: Decimal = ZERO) -> Decimal:
    return _rounded(number, digits, ROUND_DOWN)


@function("INT", "n")
def _int(number: Decimal) -> Decimal:
    return _rounded(number, ZERO, ROUND_FLOOR)


@function("MROUND", "n n")
def _mround(number: Decimal, multiple: Decimal) -> Decimal:
    if not multiple or not number:
        return ZERO
    if (number < 0) != (multiple < 0):
        raise Failed(NUM)
    return _rounded(number / multiple, ZERO, ROUND_HALF_UP) * multiple


@function("CEILING", "n n")
def _ceiling(number: Decimal, multiple: Decimal) -> Decimal:
    if number > 0 > multiple:
        raise Failed(NUM)
    return _rounded(number / multiple, ZERO, ROUND_CEILING) * multiple if multiple else ZERO


@function("FLOOR", "n n")
def _floor(number: Decimal, multiple: Decimal) -> Decimal:
    if number > 0 > multiple:
        raise Failed(NUM)
    if not number:
        return ZERO
    if not multiple:
        raise Failed(DIV0)
    return _rounded(number / multiple, ZERO, ROUND_FLOOR) * multiple


@function("ABS", "n")
def _abs(number: Decimal) -> Decimal:
    return abs(number)


@function("SIGN", "n")
def _sign(number: Decimal) -> Decimal:
    return Decimal((number > 0) - (number < 0))


@function("MOD", "n n")
def _mod(number: Decimal, divisor: Decimal) -> Decimal:
    if not divisor:
        raise Failed(DIV0)
    return number - divisor * _rounded(number / divisor, ZERO, ROUND_FLOOR)


@function("QUOTIENT", "n n")
def _quotient(number: Decimal, divisor: Decimal) -> Decimal:
    if not divisor:
        raise Failed(DIV0)
    return _rounded(number / divisor, ZERO, ROUND_DOWN)


@function("POWER", "n n")
def _power(number: Decimal, exponent: Decimal) -> Scalar:
    return power(number, exponent)


@function("SQRT", "n")
def _sqrt(number: Decimal) -> Decimal:
    if number < 0:
        raise Failed(NUM)
    return number.sqrt()
