"""The cells of one worksheet as read from a workbook, whichever backend read it."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from perfxl.grid.address import Area, Ref


class Trust(Enum):
    """Where a cell's value comes from."""

    TYPED = "typed"
    COMPUTED = "computed"  # a formula, worked out by perfxl (or by the running spreadsheet program)
    CACHED = "cached"  # a formula that perfxl cannot work out; the value is the one stored with it
    UNKNOWN = "unknown"  # a formula that perfxl cannot work out and that has no stored value


class CellError(str):
    """An error value such as `#DIV/0!`, told apart from the text that looks like it."""

    __slots__ = ()


CellValue = str | Decimal | bool | CellError | None


class Cell(NamedTuple):
    """One cell that holds something.

    `value` is a `Decimal` at 15 significant digits for numbers (dates too: their serial day), None only for an UNKNOWN formula.
    `format` is the number format code, `General` where none is set.
    `formula` is the formula's text without `=`, None for a typed value.
    """

    value: CellValue
    format: str = "General"
    formula: str | None = None
    trust: Trust = Trust.TYPED


class SheetState(Enum):
    VISIBLE = "visible"
    HIDDEN = "hidden"
    VERY_HIDDEN = "veryHidden"


@dataclass(slots=True)
class Grid:
    """A worksheet as read.

    `rows` maps row numbers to a mapping of column numbers to cells, both ascending; cells without content are not in it.
    `blank_formats` holds the number formats of cells without content whose format is not `General`.
    """

    sheet: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    notes: dict[Ref, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    blank_formats: dict[Ref, str] = field(default_factory=dict)
    state: SheetState = SheetState.VISIBLE
    date1904: bool = False

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell at this place, None where it holds nothing."""
        cells = self.rows.get(row)
        return cells.get(column) if cells else None

    def format_at(self, row: int, column: int) -> str:
        """The number format of a cell, whether it holds something or not."""
        cell = self.cell(row, column)
        if cell is not None:
            return cell.format
        return self.blank_formats.get(Ref(row, column), "General")
