"""COUNTIF, SUMIF, AVERAGEIF and their relatives with several conditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfxl.grid.address import Area
from perfxl.grid.cells import CellError
from perfxl.workbooks.formulas.criteria import Matches, criterion
from perfxl.workbooks.formulas.functions.registry import function
from perfxl.workbooks.formulas.functions.statistics import average
from perfxl.workbooks.formulas.operators import total
from perfxl.workbooks.formulas.ranges import Array, Range, Value
from perfxl.workbooks.formulas.values import VALUE, ZERO, Failed, Scalar


@function("COUNTIF", "r v")
def _countif(cells: Value, condition: Scalar) -> Decimal:
    return _countifs(cells, condition)


@function("COUNTIFS", "* r v")
def _countifs(*pairs: Value) -> Decimal:
    conditions = _conditions(pairs)
    count = sum(1 for _ in _hits(conditions, []))
    if all(matches(None) for _, matches in conditions):
        # the empty cells behind the used part of the sheet
        height, width = _extent([cells for cells, _ in conditions])
        count += conditions[0][0].size - height * width
    return Decimal(count)


@function("SUMIF", "r v r?")
def _sumif(cells: Value, condition: Scalar, amounts: Value = None) -> Decimal:
    return total(_numbers(_resized(cells, amounts), (cells, condition)))


@function("AVERAGEIF", "r v r?")
def _averageif(cells: Value, condition: Scalar, amounts: Value = None) -> Decimal:
    return average(_numbers(_resized(cells, amounts), (cells, condition)))


@function("SUMIFS", "r * r v")
def _sumifs(amounts: Value, *pairs: Value) -> Decimal:
    return total(_numbers(amounts, pairs))


@function("AVERAGEIFS", "r * r v")
def _averageifs(amounts: Value, *pairs: Value) -> Decimal:
    return average(_numbers(amounts, pairs))


@function("MAXIFS", "r * r v")
def _maxifs(amounts: Value, *pairs: Value) -> Decimal:
    return max(_numbers(amounts, pairs), default=ZERO)


@function("MINIFS", "r * r v")
def _minifs(amounts: Value, *pairs: Value) -> Decimal:
    return min(_numbers(amounts, pairs), default=ZERO)


Conditions = list[tuple[Range, Matches]]


def _conditions(pairs: Sequence[Value]) -> Conditions:
    conditions: Conditions = []
    for cells, condition in zip(pairs[::2], pairs[1::2], strict=True):
        if not isinstance(cells, Range) or isinstance(condition, Range | Array):
            raise Failed(VALUE)
        conditions.append((cells, criterion(condition)))
    if len({cells.shape for cells, _ in conditions}) > 1:
        raise Failed(VALUE)
    return conditions


def _resized(cells: Value, amounts: Value) -> Value:
    """The range to add up: as large as the range of the condition, from its own first cell on."""
    if not isinstance(cells, Range):
        raise Failed(VALUE)
    if not isinstance(amounts, Range):
        return cells
    height, width = cells.shape
    sheet, area = amounts.only
    return Range([(sheet, Area(area.top, area.left, area.top + height - 1, area.left + width - 1))], amounts.reader)


def _extent(ranges: list[Range]) -> tuple[int, int]:
    extents = [cells.extent for cells in ranges]
    return max(height for height, _ in extents), max(width for _, width in extents)


def _hits(conditions: Conditions, others: list[Range]) -> Iterator[tuple[int, int]]:
    """The places, from the first cells on, where all conditions hold, as far as any of the ranges is used."""
    ranges = [cells for cells, _ in conditions]
    height, width = _extent([*ranges, *others])
    ranges[0].reader.reads(height * width * len(ranges))
    for row in range(height):
        for column in range(width):
            if all(matches(cells.at(row, column)) for cells, matches in conditions):
                yield row, column


def _numbers(amounts: Value, pairs: Sequence[Value]) -> list[Decimal]:
    """The numbers in `amounts` where all conditions hold."""
    conditions = _conditions(pairs)
    if not isinstance(amounts, Range) or amounts.shape != conditions[0][0].shape:
        raise Failed(VALUE)
    numbers = []
    for row, column in _hits(conditions, [amounts]):
        item = amounts.at(row, column)
        if isinstance(item, CellError):
            raise Failed(item)
        if isinstance(item, Decimal):
            numbers.append(item)
    return numbers
