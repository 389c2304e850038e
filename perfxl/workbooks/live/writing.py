"""Values into cells of an open sheet: one write a block, read back after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from perfxl.grid.address import Area, Ref
from perfxl.grid.cells import Cell, CellError
from perfxl.workbooks.live.reading import cell_of, read_area

if TYPE_CHECKING:
    import xlwings as xw

Value = Decimal | str | bool | None


class Block(NamedTuple):
    """Cells of one column, one below the other."""

    area: Area
    values: list[Value]


def blocks_of(values: Mapping[Ref, Value]) -> Iterator[Block]:
    """The cells as blocks."""
    block: Block | None = None
    for at in sorted(values, key=lambda at: (at.column, at.row)):
        if block is not None and (block.area.right, block.area.bottom + 1) == (at.column, at.row):
            block = Block(block.area._replace(bottom=at.row), [*block.values, values[at]])
            continue
        if block is not None:
            yield block
        block = Block(Area(*at, *at), [values[at]])
    if block is not None:
        yield block


def write_values(sheet: xw.Sheet, values: Mapping[Ref, Value]) -> None:
    """Write values; a text goes in as text whatever it looks like, None empties a cell."""
    for block in blocks_of(values):
        there = sheet.range((block.area.top, block.area.left), (block.area.bottom, block.area.right))
        there.value = [[_as_taken(value)] for value in block.values]


def read_back(
    sheet: xw.Sheet, values: Mapping[Ref, Value], formats: Mapping[Ref, str], date1904: bool
) -> dict[Ref, Cell]:
    """The cells as the program holds them now, which have these number formats; empty ones are left out."""
    found: dict[Ref, Cell] = {}
    for block in blocks_of(values):
        contents = read_area(sheet, block.area, date1904)
        for row, (value,), (formula,) in zip(
            range(block.area.top, block.area.bottom + 1), contents.values, contents.formulas, strict=True
        ):
            at = Ref(row, block.area.left)
            if value is not None:
                found[at] = cell_of(value, formula, formats[at])
    return found


def same(wanted: Value, found: Cell | None) -> bool:
    """Whether a cell says what it was to say: numbers at the fifteen digits that programs keep."""
    value = None if found is None else found.value
    if isinstance(value, CellError) or (found is not None and found.formula is not None):
        return False
    if isinstance(wanted, Decimal):
        return isinstance(value, Decimal) and float(wanted) == float(value)
    return value == (wanted if wanted != "" else None)


def _as_taken(value: Value) -> object:
    """A value as every engine takes it: an apostrophe keeps a text from being read as a number, a date or a formula."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, str):
        return f"'{value}" if value else None
    return value
