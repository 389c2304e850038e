"""The operators between single values."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from perfxl.workbooks.formulas.values import (
    DIV0,
    NUM,
    ONE,
    ZERO,
    Failed,
    Scalar,
    compare,
    joined,
    number_of,
    same,
    text_of,
)

NOISE = 15  # digits: what is left of a sum behind them comes from rounding


def _add(left: Scalar, right: Scalar) -> Decimal:
    return _sum(number_of(left), number_of(right))


def _subtract(left: Scalar, right: Scalar) -> Decimal:
    return _sum(number_of(left), -number_of(right))


def _sum(left: Decimal, right: Decimal) -> Decimal:
    total = left + right
    if total and total.adjusted() < max(left.adjusted(), right.adjusted()) - NOISE:
        return ZERO  # 1/3+1/3+1/3-1 is 0
    return total


def _multiply(left: Scalar, right: Scalar) -> Decimal:
    return number_of(left) * number_of(right)


def _divide(left: Scalar, right: Scalar) -> Decimal:
    dividend, divisor = number_of(left), number_of(right)
    if not divisor:
        raise Failed(DIV0)
    return dividend / divisor


def power(base: Scalar, exponent: Scalar) -> Decimal:
    """`base` to the power of `exponent`."""
    number, times = number_of(base), number_of(exponent)
    if not number:
        if times > 0:
            return ZERO
        raise Failed(DIV0 if times else NUM)
    if not times:
        return ONE
    if number < 0 and times != times.to_integral_value():
        raise Failed(NUM)
    result: Decimal = number**times
    return result


def _join(left: Scalar, right: Scalar) -> str:
    return joined((text_of(left), text_of(right)))


def negative(value: Scalar) -> Decimal:
    """`-value`."""
    return -number_of(value)


def positive(value: Scalar) -> Scalar:
    """`+value`, which changes nothing, text into a number neither."""
    return value


def percent(value: Scalar) -> Decimal:
    """`value%`."""
    return number_of(value) / 100


def total(numbers: list[Decimal]) -> Decimal:
    """The sum of many numbers, without the noise that rounding leaves where they cancel out."""
    result = sum(numbers, ZERO)
    if result and result.adjusted() < -9 and result.adjusted() < max(n.adjusted() for n in numbers) - NOISE:
        return ZERO
    return result


OPERATORS: dict[str, Callable[[Scalar, Scalar], Scalar]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "^": power,
    "&": _join,
    "=": same,
    "<>": lambda left, right: not same(left, right),
    "<": lambda left, right: compare(left, right) < 0,
    ">": lambda left, right: compare(left, right) > 0,
    "<=": lambda left, right: compare(left, right) <= 0,
    ">=": lambda left, right: compare(left, right) >= 0,
}
