"""The values of formula cells, and which of them lean on which."""

from __future__ import annotations

from collections.abc import Iterable

from perfxl.grid.cells import CellValue
from perfxl.workbooks.formulas.source import CellKey, CellSource, NotComputable


class Calculator:
    """Works out the formula cells of one workbook; each once, until it is told to forget."""

    def __init__(self, source: CellSource) -> None:
        self._source = source

    def value(self, sheet: str, row: int, column: int) -> CellValue | NotComputable:
        """What the cell is worth: a typed value as it is, a formula worked out, numbers at 15 significant digits.

        None only for a cell that holds nothing; a formula that points at an empty cell gives 0, as it does in a
        spreadsheet.
        """
        raise NotImplementedError

    def dependents(self, edited: set[CellKey], formula_cells: Iterable[CellKey]) -> list[CellKey]:
        """Those of `formula_cells` that lean, directly or through others, on an edited cell, ordered by sheet, row
        and column.

        `formula_cells` are all formula cells of the workbook; of an array formula either its first cell or all. What
        cannot be told (a formula that is not understood, OFFSET, INDIRECT and other volatile functions) counts as
        leaning on all.
        """
        raise NotImplementedError

    def forget(self, cells: Iterable[CellKey]) -> None:
        """Drop the values worked out for these cells: those that `dependents` gave, after the edit."""
        raise NotImplementedError
