"""What the evaluator asks of a workbook, and what it answers."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol

from perfxl.grid.address import Area
from perfxl.grid.cells import CellValue

CellKey = tuple[str, int, int]
"""A cell of the workbook: the sheet's name as the source spells it, row and column counted from 1."""


class RawCell(NamedTuple):
    """A cell as the file holds it.

    `value` is what was typed, or what is stored with the formula (the evaluator never reads that). `formula` is the
    formula's text without `=`, shared formulas written out. `array` is the whole range of the array formula that the
    cell belongs to; each cell of that range carries it, its first cell the formula too.
    """

    value: CellValue
    formula: str | None = None
    array: Area | None = None


class TableInfo(NamedTuple):
    """A table (list object): `area` with header and totals rows, `columns` the names of its columns from left to
    right."""

    name: str
    sheet: str
    area: Area
    columns: tuple[str, ...]
    header_rows: int = 1
    totals_rows: int = 0


class NotComputable(NamedTuple):
    """The answer where a formula is not understood, leans on something that is not there, or goes in a circle."""

    reason: str


class CellSource(Protocol):
    """The cells, names and tables of one workbook."""

    @property
    def sheet_names(self) -> Sequence[str]:
        """The worksheets in order."""
        ...

    @property
    def tables(self) -> Sequence[TableInfo]:
        """All tables of the workbook."""
        ...

    @property
    def date1904(self) -> bool:
        """Whether days are counted from 1904."""
        ...

    def cell(self, sheet: str, row: int, column: int) -> RawCell | None:
        """The cell as it stands, edits included; None where it holds nothing."""
        ...

    def used_area(self, sheet: str) -> Area | None:
        """A rectangle outside which the sheet holds nothing; None for an empty sheet."""
        ...

    def hidden_rows(self, sheet: str) -> Collection[int]:
        """The rows that are hidden, by hand or by a filter: SUBTOTAL leaves them out."""
        ...

    def defined_name(self, name: str, sheet: str) -> str | None:
        """The formula of a defined name (without `=`) as seen from a sheet: its own name first, then the workbook's;
        None where there is none. Letters of either case are the same name."""
        ...
