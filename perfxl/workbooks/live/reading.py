"""An open sheet as a grid: its values and formulas in one read each, and what stands around them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from perfxl.grid.address import Area, Ref
from perfxl.grid.cells import Cell, CellError, CellValue, Grid, Trust
from perfxl.workbooks.live.survey import GENERAL, Survey
from perfxl.workbooks.numbers import number

if TYPE_CHECKING:
    import xlwings as xw

    from perfxl.workbooks.live.native import Native

_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
# LibreOffice keeps a boolean as a number under this format, and one that was typed as a formula that its engine shows like this.
_BOOLEAN, _BOOLEANS = "BOOLEAN", ("TRUE", "FALSE")
# Formats, hidden rows and columns are looked for so far beyond the last value.
_MORE_ROWS, _MORE_COLUMNS = 20, 10

# Days of a calendar have no time zone.
_DAY_ZERO, _DAY_ZERO_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001


class Contents(NamedTuple):
    """The values of a sheet's used area, and its formulas where they begin with "="."""

    area: Area
    values: list[list[object]]
    formulas: list[list[str]]


def read_contents(sheet: xw.Sheet, date1904: bool) -> Contents:
    """Read the used area: one call for the values, one for the formulas."""
    used = sheet.used_range
    rows, columns = used.shape
    area = Area(used.row, used.column, used.row + rows - 1, used.column + columns - 1)
    return read_area(sheet, area, date1904)


def read_area(sheet: xw.Sheet, area: Area, date1904: bool) -> Contents:
    """Read a rectangle of a sheet. `date1904` tells where the workbook counts its days from."""
    there = sheet.range((area.top, area.left), (area.bottom, area.right))
    serial = partial(_serial, _DAY_ZERO_1904 if date1904 else _DAY_ZERO)
    values = there.options(ndim=2, numbers=_decimal, dates=serial, err_to_str=True).value
    return Contents(area, values, _as_rows(there.formula))


def surveyed(sheet: xw.Sheet, contents: Contents, native: Native) -> Survey:
    """What stands around the contents."""
    area = contents.area
    return native.survey(sheet, Area(1, 1, area.bottom + _MORE_ROWS, area.right + _MORE_COLUMNS))


def grid_of(sheet: xw.Sheet, contents: Contents, survey: Survey, notes: dict[Ref, str], native: Native) -> Grid:
    """The grid of a sheet."""
    formats: dict[Ref, str] = {}
    for area, code in survey.formats:
        for row in range(area.top, area.bottom + 1):
            for column in range(area.left, area.right + 1):
                formats[Ref(row, column)] = code
    rows: dict[int, dict[int, Cell]] = {}
    filled: set[Ref] = set()
    for row, (values, formulas) in enumerate(zip(contents.values, contents.formulas, strict=True), contents.area.top):
        cells: dict[int, Cell] = {}
        for column, (value, formula) in enumerate(zip(values, formulas, strict=True), contents.area.left):
            if value is None and not formula.startswith("="):
                continue
            at = Ref(row, column)
            cells[column] = cell_of(value, formula, formats.get(at, GENERAL))
            filled.add(at)
        if cells:
            rows[row] = cells
    return Grid(
        sheet.name,
        rows,
        sorted(survey.merges),
        notes,
        set(survey.hidden_rows),
        set(survey.hidden_columns),
        {at: code for at, code in formats.items() if at not in filled},
        native.state(sheet),
        native.counts_from_1904(sheet.book),
    )


def cell_of(value: object, formula: str, code: str) -> Cell:
    """A cell as read; a formula's value is what the running program worked out."""
    known = _value(value)
    if code == _BOOLEAN or formula in _BOOLEANS:
        known = bool(known) if isinstance(known, Decimal) else known
        code = GENERAL if code == _BOOLEAN else code
    if not formula.startswith("=") or value == formula:
        return Cell(known, code)
    return Cell("" if known is None else known, code, formula[1:], Trust.COMPUTED)


def notes_of(sheet: xw.Sheet) -> dict[Ref, str]:
    """The notes of a sheet by their cells."""
    found = {}
    for note in sheet.notes:
        at = note.location
        found[Ref(at.row, at.column)] = note.text
    return found


def _value(value: object) -> CellValue:
    if isinstance(value, str):
        return CellError(value) if value in _ERRORS else value
    if value is None or isinstance(value, (bool, Decimal)):
        return value
    if not isinstance(value, (int, float)):
        raise TypeError(value)
    return _decimal(value)


def _decimal(value: float) -> Decimal | CellError:
    found = number(repr(value))
    assert not isinstance(found, str) or isinstance(found, CellError)
    return found


def _serial(day_zero: datetime, **parts: Any) -> Decimal | CellError:
    """The serial day of what an engine gives as a date, by its parts."""
    passed = datetime(**(parts | {"tzinfo": None})) - day_zero  # noqa: DTZ001
    return _decimal(passed.days + (passed.seconds + passed.microseconds / 1e6) / 86_400)


def _as_rows(found: object) -> list[list[str]]:
    """Formulas as rows: of one cell, programs give the bare text."""
    if not isinstance(found, (list, tuple)):
        return [[str(found or "")]]
    return [[str(text or "") for text in (row if isinstance(row, (list, tuple)) else [row])] for row in found]
