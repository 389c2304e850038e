"""What a run changed in an open workbook, cell by cell and as it was before: what `undo` needs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from perfxl.grid.address import Ref
from perfxl.grid.cells import Cell
from perfxl.workbooks.live.native import Colors
from perfxl.workbooks.marks.sheetlayout import SheetLayout

Json = dict[str, Any]


class CellState(NamedTuple):
    """What a cell holds and how it looks, as far as perfxl changes it.

    `None` stands for what was not touched; `value` is a pair of kind and text.
    """

    value: tuple[str, str] | None = None
    number_format: str | None = None
    colors: Colors | None = None
    note: str | None = None

    @classmethod
    def of_cell(cls, cell: Cell | None, number_format: str) -> CellState:
        """The content of a cell, None for an empty one."""
        return cls(_packed(None if cell is None else cell.value), number_format)

    def over(self, other: CellState) -> CellState:
        """This state, and of the other what this one does not say."""
        return other._replace(**{field: mine for field, mine in self._asdict().items() if mine is not None})

    @property
    def content(self) -> Decimal | str | bool | None:
        """The value to be written."""
        kind, text = self.value or ("empty", "")
        if kind == "number":
            return Decimal(text)
        if kind == "bool":
            return text == "TRUE"
        return text if kind == "text" else None


class Touched(NamedTuple):
    """A cell before a run and after it."""

    before: CellState
    after: CellState


class Journal:
    """The changes of a run.

    Attributes:
        cells: the cells changed, by sheet and place.
        results: the results sheet before and after, each as (name, layout); None for one that was not there.
        rows: the rows that were inserted, by sheet, in the numbers they have now.
        heights: the heights in points that rows had before they got others, by sheet and row.
    """

    def __init__(self) -> None:
        self.cells: dict[tuple[str, Ref], Touched] = {}
        self.results: tuple[NamedLayout | None, NamedLayout | None] | None = None
        self.rows: list[tuple[str, range]] = []
        self.heights: dict[tuple[str, int], float] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing was changed."""
        return not self.cells and self.results is None and not self.rows and not self.heights

    def touch(self, sheet: str, at: Ref, before: CellState) -> None:
        """Note what a cell was before it is changed; what was noted first holds."""
        known = self.cells.get((sheet, at), Touched(CellState(), CellState()))
        self.cells[sheet, at] = known._replace(before=known.before.over(before))

    def left(self, sheet: str, at: Ref, after: CellState) -> None:
        """Note what a cell is after a change; what was noted last holds."""
        known = self.cells.get((sheet, at), Touched(CellState(), CellState()))
        self.cells[sheet, at] = known._replace(after=after.over(known.after))

    def replaced(self, before: NamedLayout | None, after: NamedLayout | None) -> None:
        """Note what stood on the results sheet and what stands there now, None for no such sheet."""
        self.results = (self.results[0] if self.results is not None else before, after)


class NamedLayout(NamedTuple):
    """A results sheet: what it is called and what stands on it."""

    name: str
    layout: SheetLayout


def _packed(value: object) -> tuple[str, str]:
    if value is None:
        return ("empty", "")
    if isinstance(value, bool):
        return ("bool", "TRUE" if value else "FALSE")
    return ("number", str(value)) if isinstance(value, Decimal) else ("text", str(value))
