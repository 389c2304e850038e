"""Counts, averages, extremes and ranks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from perfxl.grid.cells import CellError
from perfxl.workbooks.formulas.functions.maths import product
from perfxl.workbooks.formulas.functions.registry import function
from perfxl.workbooks.formulas.operators import total
from perfxl.workbooks.formulas.ranges import Array, Range, Value, numbers, scalars
from perfxl.workbooks.formulas.values import (
    DIV0,
    NA,
    NUM,
    VALUE,
    ZERO,
    CannotCompute,
    Failed,
    Scalar,
    integer_of,
    shown,
    text_number,
)

if TYPE_CHECKING:
    from perfxl.workbooks.formulas.evaluation import Evaluation


@function("MIN", "* r")
def _min(*values: Value) -> Decimal:
    return min(numbers(values), default=ZERO)


@function("MAX", "* r")
def _max(*values: Value) -> Decimal:
    return max(numbers(values), default=ZERO)


@function("AVERAGE", "* r")
def _average(*values: Value) -> Decimal:
    return average(list(numbers(values)))


def average(values: list[Decimal]) -> Decimal:
    """The mean; #DIV/0! for none."""
    if not values:
        raise Failed(DIV0)
    return total(values) / len(values)


@function("COUNT", "* r")
def _count(*values: Value) -> Decimal:
    return Decimal(sum(_counts(value) for value in values))


def _counts(value: Value) -> int:
    """How many numbers: in ranges and arrays the numbers alone, else what means a number."""
    if isinstance(value, Range | Array):
        return sum(isinstance(item, Decimal) for item in scalars(value))
    if isinstance(value, str):
        return not isinstance(value, CellError) and text_number(value) is not None
    return 1


@function("COUNTA", "* r")
def _counta(*values: Value) -> Decimal:
    # an argument that is left out counts, an empty cell does not
    return Decimal(
        sum(
            sum(item is not None for item in scalars(value)) if isinstance(value, Range | Array) else 1
            for value in values
        )
    )


@function("COUNTBLANK", "r")
def _countblank(value: Value) -> Decimal:
    if not isinstance(value, Range):
        raise Failed(VALUE)
    return Decimal(value.size - sum(item is not None and item != "" for item in value.values()))


@function("MEDIAN", "* r")
def _median(*values: Value) -> Decimal:
    ordered = sorted(numbers(values))
    if not ordered:
        raise Failed(NUM)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


@function("LARGE", "r n")
def _large(values: Value, place: Decimal) -> Decimal:
    return _at_place(sorted(numbers([values]), reverse=True), place)


@function("SMALL", "r n")
def _small(values: Value, place: Decimal) -> Decimal:
    return _at_place(sorted(numbers([values])), place)


def _at_place(ordered: list[Decimal], place: Decimal) -> Decimal:
    index = -integer_of(-place)
    if not 1 <= index <= len(ordered):
        raise Failed(NUM)
    return ordered[index - 1]


@function("RANK RANK.EQ", "n r n?")
def _rank(number: Decimal, values: Value, ascending: Decimal = ZERO) -> Decimal:
    if not isinstance(values, Range):
        raise Failed(VALUE)
    number = shown(number)
    others = [shown(value) for value in numbers([values])]
    if number not in others:
        raise Failed(NA)
    return Decimal(1 + sum(other < number if ascending else other > number for other in others))


_SUBTOTALS: dict[int, Callable[[list[Decimal]], Decimal]] = {
    1: average,
    2: lambda values: Decimal(len(values)),
    4: lambda values: max(values, default=ZERO),
    5: lambda values: min(values, default=ZERO),
    6: lambda values: product(*values) if values else ZERO,
    9: total,
}


@function("SUBTOTAL", "n * r", placed=True)
def _subtotal(evaluation: Evaluation, code: Decimal, *values: Value) -> Decimal:
    which = integer_of(code)
    items = list(_subtotal_items(evaluation, values, leave_hidden_out=which > 100))
    which %= 100
    if which == 3:
        return Decimal(sum(item is not None for item in items))
    run = _SUBTOTALS.get(which)
    if run is None:
        raise CannotCompute(f"SUBTOTAL 的功能代码 {which} 不在能计算之列")
    return run(list(numbers([Array([items])])) if items else [])


def _subtotal_items(evaluation: Evaluation, values: Iterable[Value], leave_hidden_out: bool) -> Iterable[Scalar]:
    book = evaluation.book
    for value in values:
        if not isinstance(value, Range):
            raise Failed(VALUE)
        for sheet, row, column in value.places():
            if book.hidden(sheet, row):
                if leave_hidden_out:
                    continue
                raise CannotCompute("区域中有隐藏的行：是手工隐藏还是筛选，无法确定")
            if not book.is_subtotal(sheet, row, column):
                yield book.read(sheet, row, column)
