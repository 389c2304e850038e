"""Joins the formula evaluator to a closed workbook."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from perfxl.grid.address import Area, Ref
from perfxl.grid.cells import CellValue
from perfxl.grid.numberformat import printed
from perfxl.workbooks.bookparts import BookParts
from perfxl.workbooks.formulas import Calculator, CellKey, NotComputable, RawCell, TableInfo
from perfxl.workbooks.port import Recalculated
from perfxl.workbooks.sheetxml import SheetData


class Recalculation:
    """The formulas of one workbook: their values, and which of them lean on a cell."""

    def __init__(self, parts: BookParts) -> None:
        self._parts = parts
        self._calculator = Calculator(_Cells(parts))

    def value(self, sheet: str, at: Ref) -> CellValue:
        """What a formula cell is worth now, None where that cannot be worked out."""
        result = self._calculator.value(sheet, at.row, at.column)
        return None if isinstance(result, NotComputable) else result

    def dependents(self, edited: set[CellKey]) -> list[CellKey]:
        """The formula cells of the whole workbook that (may) lean on an edited cell; their values are forgotten."""
        formulas = [
            (name, at.row, at.column)
            for name in self._parts.sheets
            if self._parts.has_formulas(name)
            for at in self._parts.data(name).formulas
        ]
        found = self._calculator.dependents(edited, formulas) if formulas else []
        self._calculator.forget(found)
        return found

    def renew(self, edited: set[CellKey], *, themselves: bool = False) -> Renewed:
        """The formula cells that lean on edited ones and are worth something else now than the workbook stores; with `themselves`, also
        those that are edited cells. The workbook is then calculated when it is next opened."""
        parts = self._parts
        leaning = self.dependents(edited)
        if themselves:
            formulas = {
                (name, *at) for name in parts.sheets if parts.has_formulas(name) for at in parts.data(name).formulas
            }
            leaning += sorted(formulas & edited - set(leaning))
        if leaning:
            parts.calculate_on_load = True
        values: dict[str, dict[Ref, CellValue]] = {}
        told: list[Recalculated] = []
        for name, row, column in leaning:
            at = Ref(row, column)
            stored = parts.data(name).rows[row][column]
            value = self.value(name, at)
            if type(value) is type(stored.value) and value == stored.value:
                continue
            values.setdefault(name, {})[at] = value
            before, after = (printed(each, stored.format, parts.date1904).text for each in (stored.value, value))
            told.append(Recalculated(name, at, before, None if value is None else after))
        return Renewed(values, told)


class Renewed(NamedTuple):
    """The new values of formula cells by sheet (None: not to be worked out), and what a user is told of them."""

    values: dict[str, dict[Ref, CellValue]]
    told: list[Recalculated]


def cells_to_renew(parts: BookParts, sheet: str, inserted: Iterable[Sequence[int]]) -> set[CellKey]:
    """What counts as edited where rows were inserted in a sheet: the cells of these rows, and formulas that count rows."""
    width = max((column for cells in parts.data(sheet).rows.values() for column in cells), default=1)
    edited: set[CellKey] = {(sheet, row, column) for rows in inserted for row in rows for column in range(1, width + 1)}
    for name in parts.sheets:
        if parts.has_formulas(name):
            data = parts.data(name)
            edited |= {
                (name, *at) for at in data.formulas if "ROW" in (data.rows[at.row][at.column].formula or "").upper()
            }
    return edited


class _Cells:
    """The workbook as the evaluator asks for it."""

    def __init__(self, parts: BookParts) -> None:
        self._parts = parts
        self._tables: list[TableInfo] | None = None
        self._areas: dict[str, tuple[SheetData, Area | None]] = {}

    @property
    def sheet_names(self) -> Sequence[str]:
        return list(self._parts.sheets)

    @property
    def tables(self) -> Sequence[TableInfo]:
        if self._tables is None:
            self._tables = self._parts.tables()
        return self._tables

    @property
    def date1904(self) -> bool:
        return self._parts.date1904

    def cell(self, sheet: str, row: int, column: int) -> RawCell | None:
        data = self._parts.data(sheet)
        cells = data.rows.get(row)
        cell = cells.get(column) if cells else None
        if cell is None:
            return None
        array = data.arrays.get(Ref(row, column)) if data.arrays else None
        return RawCell(cell.value, cell.formula, array)

    def used_area(self, sheet: str) -> Area | None:
        data = self._parts.data(sheet)
        known = self._areas.get(sheet)
        if known is None or known[0] is not data:
            area = None
            if data.rows:
                columns = [column for cells in data.rows.values() for column in (min(cells), max(cells))]
                area = Area(min(data.rows), min(columns), max(data.rows), max(columns))
            known = self._areas[sheet] = (data, area)
        return known[1]

    def hidden_rows(self, sheet: str) -> Collection[int]:
        return self._parts.data(sheet).hidden_rows

    def defined_name(self, name: str, sheet: str) -> str | None:
        return self._parts.defined_name(name, sheet)
