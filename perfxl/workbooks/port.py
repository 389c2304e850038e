"""What perfxl asks of a workbook, whether it lies closed on a disk or stands open in a spreadsheet program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, Protocol

from perfxl.grid.address import Ref
from perfxl.grid.cells import Grid
from perfxl.workbooks.marks.model import CellMark, Results

if TYPE_CHECKING:
    from perfxl.workbooks.insertion.rowmap import Insertion
    from perfxl.workbooks.rowheights import Measures, RowHeight


class Edit(NamedTuple):
    """A value to put into a cell.

    `number_format` None keeps the cell's own; a number goes in as a number, a `str` always as text.
    """

    sheet: str
    at: Ref
    value: Decimal | str
    number_format: str | None = None


class Recalculated(NamedTuple):
    """A formula cell whose value changed because a cell it leans on was edited, before and after as printed.

    `after` is None where perfxl cannot work the formula out: its stored value was taken away.
    """

    sheet: str
    at: Ref
    before: str
    after: str | None


class Readable(Protocol):
    """The reading half of a workbook: all that formats have which perfxl does not write."""

    @property
    def sheet_names(self) -> Sequence[str]:
        """The names of the worksheets, in order; chart sheets are left out."""
        ...

    def may_hold(self, sheet: str, tells: Callable[[str], bool]) -> bool:
        """Whether a worksheet may have a text cell that satisfies `tells`: False only where it is known to have none.

        Raises:
            UnreadableBook: the sheet's part is damaged.
        """
        ...

    def grid(self, sheet: str) -> Grid:
        """The worksheet as it stands, edits included.

        Raises:
            UnreadableBook: the sheet's part is damaged.
        """
        ...


class Workbook(Readable, Protocol):
    """An open handle on one workbook."""

    def apply(self, edits: Sequence[Edit]) -> list[Recalculated]:
        """Take edits on; nothing is written before `save`. Says which formula cells have another value now.

        Raises:
            UnwritableBook: an edit cannot be made there (a formula cell, inside an array, no first cell of a merged area).
        """
        ...

    def set_marks(self, marks: Sequence[CellMark], results: Results | None, results_sheet: str | None) -> None:
        """Make the workbook carry exactly these marks and this results sheet, and no others that perfxl made before.

        `results_sheet` is the sheet that holds the results now; what says already what it is to say stays untouched.

        Raises:
            UnreadableBook: a part that must be looked at is damaged.
            UnwritableBook: the workbook cannot carry them.
        """
        ...

    def save(self) -> None:
        """Write what `apply` took on.

        Raises:
            UnwritableBook: the workbook was changed meanwhile, is read-only, signed, or the place is full.
        """
        ...


class NewRows(NamedTuple):
    """Rows that came in: the numbers of each insertion, in the order given, and the formula cells whose stored value changed by it (none
    of an open workbook, where nothing is stored)."""

    numbers: list[range]
    recalculated: list[Recalculated]


class RowWorkbook(Workbook, Protocol):
    """A workbook into which rows can be inserted, and whose rows can be made higher."""

    def insert_rows(self, sheet: str, insertions: Sequence[Insertion]) -> NewRows:
        """Insert rows; all that names a place of the sheet moves along.

        Raises:
            UnreadableBook: a part that must be looked at is damaged.
            UnwritableBook: something would be cut, cannot be moved along safely, or its owner forbids it.
        """
        ...

    def measures(self, sheet: str) -> Measures:
        """The widths of a worksheet's columns and the heights of its rows, as they stand.

        Raises:
            UnreadableBook: the sheet's part is damaged.
        """
        ...

    def set_heights(self, sheet: str, heights: Mapping[int, RowHeight]) -> None:
        """Give rows other heights; one that is not fixed goes on to follow its texts.

        Raises:
            UnreadableBook: the sheet's part is damaged.
        """
        ...
