"""Ranges and arrays: what expressions give beside single values."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation, Overflow
from typing import NamedTuple, Protocol

from perfxl.grid.address import Area
from perfxl.grid.cells import CellError, CellValue
from perfxl.workbooks.formulas.source import CellKey
from perfxl.workbooks.formulas.values import NA, NUM, VALUE, CannotCompute, Failed, Scalar, number_of

LARGEST_ARRAY = 100_000  # values

Rows = list[list[Scalar]]


class Array(NamedTuple):
    """A rectangle of values, at least one row and one column."""

    rows: Rows


class Reader(Protocol):
    """Where ranges get their values from."""

    def read(self, sheet: str, row: int, column: int) -> Scalar:
        """The value of a cell, worked out where it is a formula."""
        ...

    def reads(self, count: int) -> None:
        """Say that so many cells will be read; refuses what would take too long."""
        ...

    def used(self, sheet: str) -> Area | None:
        """A rectangle outside which the sheet is empty."""
        ...


class Range:
    """A reference: rectangles on sheets, one as a rule, several for a union or for several sheets."""

    __slots__ = ("areas", "reader")

    def __init__(self, areas: list[tuple[str, Area]], reader: Reader) -> None:
        self.areas = areas
        self.reader = reader

    @property
    def size(self) -> int:
        """How many cells it has, empty ones too."""
        return sum((area.bottom - area.top + 1) * (area.right - area.left + 1) for _, area in self.areas)

    @property
    def only(self) -> tuple[str, Area]:
        """The one rectangle, for functions that take no more."""
        if len(self.areas) != 1:
            raise Failed(VALUE)
        return self.areas[0]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the one rectangle."""
        area = self.only[1]
        return area.bottom - area.top + 1, area.right - area.left + 1

    @property
    def extent(self) -> tuple[int, int]:
        """Rows and columns, from the first cell, behind which the sheet is empty."""
        sheet, area = self.only
        used = self.reader.used(sheet)
        if used is None:
            return 0, 0
        return (
            max(0, min(area.bottom, used.bottom) - area.top + 1),
            max(0, min(area.right, used.right) - area.left + 1),
        )

    def at(self, row: int, column: int) -> Scalar:
        """The value at a place counted from 0 at the first cell; it may lie outside, as SUMIF wants it."""
        sheet, area = self.only
        return self.reader.read(sheet, area.top + row, area.left + column)

    def places(self) -> Iterator[CellKey]:
        """Its cells, row by row, without those that lie outside the used part of the sheet."""
        for sheet, area in self.areas:
            used = self.reader.used(sheet)
            if used is None:
                continue
            rows = range(max(area.top, used.top), min(area.bottom, used.bottom) + 1)
            columns = range(max(area.left, used.left), min(area.right, used.right) + 1)
            self.reader.reads(len(rows) * len(columns))
            for row in rows:
                for column in columns:
                    yield sheet, row, column

    def values(self) -> Iterator[Scalar]:
        """The values of its `places`."""
        read = self.reader.read
        return (read(sheet, row, column) for sheet, row, column in self.places())

    def array(self) -> Array:
        """All the values, empty cells too."""
        sheet, area = self.only
        if self.size > LARGEST_ARRAY:
            raise CannotCompute("数组运算的区域太大")
        self.reader.reads(self.size)
        return Array(
            [
                [self.reader.read(sheet, row, column) for column in range(area.left, area.right + 1)]
                for row in range(area.top, area.bottom + 1)
            ]
        )


Value = CellValue | Array | Range


def scalars(value: Value) -> Iterable[Scalar]:
    """All the values of a range (its used part), an array, or the one value."""
    if isinstance(value, Range):
        return value.values()
    if isinstance(value, Array):
        return (item for row in value.rows for item in row)
    return (value,)


def numbers(values: Iterable[Value]) -> Iterator[Decimal]:
    """The numbers that SUM counts: of ranges and arrays the numbers alone, of single values all that means a number.

    Raises:
        Failed: an error value is among them.
    """
    for value in values:
        if isinstance(value, Range | Array):
            for item in scalars(value):
                if isinstance(item, Decimal):
                    yield item
                elif isinstance(item, CellError):
                    raise Failed(item)
        else:
            yield number_of(value)


def spread(run: Callable[..., Scalar], arguments: list[Scalar | Array]) -> Scalar | Array:
    """Run a function of single values over arrays, place by place; one row, column or value is repeated.

    Places that an array does not have give #N/A.
    """
    arrays = [argument for argument in arguments if isinstance(argument, Array)]
    if not arrays:
        return run(*arguments)
    height = max(len(array.rows) for array in arrays)
    width = max(len(array.rows[0]) for array in arrays)
    if height * width > LARGEST_ARRAY:
        raise CannotCompute("数组运算的区域太大")
    return Array(
        [
            [_run_at(run, [_pick(argument, row, column) for argument in arguments]) for column in range(width)]
            for row in range(height)
        ]
    )


def _run_at(run: Callable[..., Scalar], arguments: list[Scalar]) -> Scalar:
    try:
        return run(*arguments)
    except Failed as failed:
        return failed.error
    except (Overflow, InvalidOperation):
        return NUM


def element(array: Array, row: int, column: int) -> Scalar:
    """The value at a place counted from 0; one row or column is repeated; #N/A outside."""
    rows = array.rows
    row = 0 if len(rows) == 1 else row
    column = 0 if len(rows[0]) == 1 else column
    return rows[row][column] if row < len(rows) and column < len(rows[0]) else NA


def _pick(argument: Scalar | Array, row: int, column: int) -> Scalar:
    return element(argument, row, column) if isinstance(argument, Array) else argument
