"""VLOOKUP, MATCH, INDEX and what tells where a range lies."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from perfxl.grid.address import Area
from perfxl.grid.cells import CellError
from perfxl.workbooks.formulas.criteria import wildcard
from perfxl.workbooks.formulas.functions.registry import function
from perfxl.workbooks.formulas.ranges import Array, Range, Value
from perfxl.workbooks.formulas.values import (
    NA,
    ONE,
    REF,
    VALUE,
    ZERO,
    CannotCompute,
    Failed,
    Scalar,
    compare,
    equal,
    fold,
    integer_of,
    kind_of,
)

if TYPE_CHECKING:
    from perfxl.workbooks.formulas.evaluation import Evaluation


@function("VLOOKUP", "v r n b?")
def _vlookup(wanted: Scalar, table: Value, column: Decimal, sorted_: bool = True) -> Scalar:
    return _look(wanted, table, integer_of(column), sorted_, across=False)


@function("HLOOKUP", "v r n b?")
def _hlookup(wanted: Scalar, table: Value, row: Decimal, sorted_: bool = True) -> Scalar:
    return _look(wanted, table, integer_of(row), sorted_, across=True)


def _look(wanted: Scalar, table: Value, line: int, sorted_: bool, across: bool) -> Scalar:
    """The value in a line of a table, at the place where its first line has what is wanted."""
    height, width = _shape(table)
    if line < 1:
        raise Failed(VALUE)
    if line > (height if across else width):
        raise Failed(REF)
    keys = _line(table, across)
    place = _last_not_above(wanted, keys) if sorted_ else _exact(wanted, keys)
    return _at(table, line - 1, place) if across else _at(table, place, line - 1)


@function("MATCH", "v r n?")
def _match(wanted: Scalar, values: Value, kind: Decimal = ONE) -> Decimal:
    height, width = _shape(values)
    if height > 1 and width > 1:
        raise Failed(NA)
    keys = _line(values, across=height == 1)
    if not kind:
        return Decimal(_exact(wanted, keys) + 1)
    return Decimal((_last_not_above(wanted, keys) if kind > 0 else _last_not_below(wanted, keys)) + 1)


@function("LOOKUP", "v a a?")
def _lookup(wanted: Scalar, values: Value, results: Value = None) -> Scalar:
    height, width = _shape(values)
    if height > 1 and width > 1:
        raise CannotCompute("LOOKUP 的数组形式不在能计算之列")
    place = _last_not_above(wanted, _line(values, across=height == 1))
    given = values if results is None else results
    height, width = _shape(given)
    if height > 1 and width > 1:
        raise CannotCompute("LOOKUP 的结果区域不是一行或一列")
    return _at(given, 0, place) if height == 1 and width > 1 else _at(given, place, 0)


def _shape(value: Value) -> tuple[int, int]:
    if isinstance(value, Range):
        return value.shape
    if isinstance(value, Array):
        return len(value.rows), len(value.rows[0])
    raise Failed(value if isinstance(value, CellError) else NA)


def _line(value: Value, across: bool) -> list[Scalar]:
    """The first row or column, without what lies behind the used part of the sheet."""
    if isinstance(value, Range):
        count = value.extent[across]
        value.reader.reads(count)
        return [value.at(0, index) if across else value.at(index, 0) for index in range(count)]
    if isinstance(value, Array):
        return list(value.rows[0]) if across else [row[0] for row in value.rows]
    return [value]


def _at(value: Value, row: int, column: int) -> Scalar:
    height, width = _shape(value)
    if row >= height or column >= width:
        raise Failed(REF)
    if isinstance(value, Range):
        return value.at(row, column)
    return value.rows[row][column] if isinstance(value, Array) else value


def _exact(wanted: Scalar, keys: list[Scalar]) -> int:
    """The place of the first key that is what is wanted; texts may hold wildcards."""
    wanted = _checked(wanted)
    if isinstance(wanted, str) and any(character in wanted for character in "*?~"):
        pattern = wildcard(wanted)
        for place, key in enumerate(keys):
            if isinstance(key, str) and not isinstance(key, CellError) and pattern.fullmatch(fold(key)):
                return place
        raise Failed(NA)
    for place, key in enumerate(keys):
        if equal(wanted, key):
            return place
    raise Failed(NA)


def _last_not_above(wanted: Scalar, keys: list[Scalar]) -> int:
    """The place of the last key that is not greater than what is wanted, in keys that ascend."""
    return _last(_checked(wanted), keys, 1)


def _last_not_below(wanted: Scalar, keys: list[Scalar]) -> int:
    """The place of the last key that is not less than what is wanted, in keys that descend."""
    return _last(_checked(wanted), keys, -1)


def _last(wanted: Scalar, keys: list[Scalar], direction: int) -> int:
    # Only keys of the same kind count, as in a spreadsheet. In keys out of order its search by halves finds what it
    # finds: nothing that could be relied on.
    kept = [(place, key) for place, key in enumerate(keys) if kind_of(key) == kind_of(wanted)]
    if any(compare(one[1], other[1]) * direction > 0 for one, other in pairwise(kept)):
        raise CannotCompute("近似查找的区域没有排序，结果不可靠")
    places = [place for place, key in kept if compare(key, wanted) * direction <= 0]
    if not places:
        raise Failed(NA)
    return places[-1]


def _checked(wanted: Scalar) -> Scalar:
    if isinstance(wanted, CellError):
        raise Failed(wanted)
    return ZERO if wanted is None else wanted


@function("INDEX", "r n? n?")
def _index(value: Value, row: Decimal = ZERO, column: Decimal | None = None) -> Value:
    height, width = _shape(value) if isinstance(value, Range | Array | CellError) else (1, 1)
    down = integer_of(row)
    right = 0 if column is None else integer_of(column)
    if column is None and height == 1 and width > 1:
        down, right = 0, down
    if down < 0 or right < 0:
        raise Failed(VALUE)
    if down > height or right > width:
        raise Failed(REF)
    if isinstance(value, Range):
        sheet, area = value.only
        top, bottom = (area.top + down - 1,) * 2 if down else (area.top, area.bottom)
        left, last = (area.left + right - 1,) * 2 if right else (area.left, area.right)
        return Range([(sheet, Area(top, left, bottom, last))], value.reader)
    if isinstance(value, Array):
        rows = value.rows[down - 1 : down] if down else value.rows
        return Array([line[right - 1 : right] if right else line for line in rows])
    return value


@function("ROW", "r?", placed=True)
def _row(evaluation: Evaluation, value: Value = None) -> Value:
    if value is None:
        return Decimal(evaluation.place.row)
    area = _area(value)
    if evaluation.array and area.bottom > area.top:
        return Array([[Decimal(row)] for row in range(area.top, _bounded(area.top, area.bottom) + 1)])
    return Decimal(area.top)


@function("COLUMN", "r?", placed=True)
def _column(evaluation: Evaluation, value: Value = None) -> Value:
    if value is None:
        return Decimal(evaluation.place.column)
    area = _area(value)
    if evaluation.array and area.right > area.left:
        return Array([[Decimal(column) for column in range(area.left, area.right + 1)]])
    return Decimal(area.left)


def _area(value: Value) -> Area:
    if not isinstance(value, Range):
        raise Failed(value if isinstance(value, CellError) else VALUE)
    return value.only[1]


def _bounded(first: int, last: int) -> int:
    if last - first >= 100_000:
        raise CannotCompute("数组运算的区域太大")
    return last


@function("ROWS", "r")
def _rows(value: Value) -> Decimal:
    return Decimal(_shape(value)[0] if isinstance(value, Range | Array | CellError) else 1)


@function("COLUMNS", "r")
def _columns(value: Value) -> Decimal:
    return Decimal(_shape(value)[1] if isinstance(value, Range | Array | CellError) else 1)
