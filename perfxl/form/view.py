"""A grid as a reader of forms sees it: merged areas resolved, texts as printed, values with their numbers."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from perfxl.form.model import Value
from perfxl.form.values import normal
from perfxl.grid.address import Area, Ref
from perfxl.grid.cells import Cell, Grid, Trust
from perfxl.grid.numberformat import printed

_PLAIN_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?")
_AMOUNT = re.compile(r"([-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?)(%|亿元|万元|元|亿|万|分)")


class SheetView:
    """One worksheet, looked at cell by cell."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self._merged: dict[tuple[int, int], Area] = {}
        for area in grid.merges:
            if (area.bottom - area.top + 1) * (area.right - area.left + 1) <= _LARGEST_MERGE:
                for row in range(area.top, area.bottom + 1):
                    for column in range(area.left, area.right + 1):
                        self._merged[row, column] = area
        self._values: dict[tuple[int, int], Value] = {}
        self._texts: dict[int, list[tuple[int, str]]] = {}

    def area(self, row: int, column: int) -> Area | None:
        """The merged area that a cell belongs to."""
        return self._merged.get((row, column))

    def origin(self, row: int, column: int) -> Ref:
        """The cell that shows what this place shows: the first one of a merged area."""
        area = self._merged.get((row, column))
        return Ref(area.top, area.left) if area else Ref(row, column)

    def right_of(self, row: int, column: int) -> int:
        """The first column to the right of a cell or its merged area."""
        area = self._merged.get((row, column))
        return area.right + 1 if area else column + 1

    def texts(self, row: int) -> list[tuple[int, str]]:
        """(column, text) of the cells of a row that hold text, blanks left out."""
        found = self._texts.get(row)
        if found is None:
            found = self._texts[row] = [
                (column, text)
                for column, cell in self.grid.rows.get(row, {}).items()
                if isinstance(cell.value, str) and (text := cell.value.strip())
            ]
        return found

    def value(self, row: int, column: int) -> Value:
        """What stands at a place; inside a merged area, what its first cell shows."""
        place = (row, column)
        found = self._values.get(place)
        if found is None:
            at = self.origin(row, column)
            found = self._values.get(at) or value_of(self.grid, at)
            self._values[at] = self._values[place] = found
        return found

    def hidden(self, row: int) -> bool:
        """The row is hidden."""
        return row in self.grid.hidden_rows


# A merged area larger than this holds no part of a form; resolving it cell by cell would cost memory for nothing.
_LARGEST_MERGE = 4096


def value_of(grid: Grid, at: Ref) -> Value:
    """A cell as a form's value: its text as printed, its number."""
    cell = grid.cell(at.row, at.column)
    if cell is None:
        return Value(at, number_format=grid.blank_formats.get(at, "General"))
    if cell.trust is Trust.UNKNOWN:
        return Value(at, formula=True, unknown=True, number_format=cell.format)
    if isinstance(cell.value, Decimal):
        return _number(grid, at, cell, cell.value)
    shown = printed(cell.value, cell.format, grid.date1904) if not isinstance(cell.value, str) else None
    text = str(cell.value) if shown is None else shown.text
    number, decimals, percent, unit = read_number(text)
    return Value(
        at,
        text.strip(),
        number,
        decimals,
        percent,
        as_text=True,
        unit=unit,
        formula=cell.formula is not None,
        number_format=cell.format,
    )


def _number(grid: Grid, at: Ref, cell: Cell, number: Decimal) -> Value:
    shown = printed(number, cell.format, grid.date1904)
    is_date = shown.known and not any(c in cell.format for c in "0#?") and cell.format not in ("General", "@")
    return Value(
        at,
        shown.text.strip(),
        None if is_date else number,
        shown.decimals,
        shown.percent,
        formula=cell.formula is not None,
        format_known=shown.known,
        number_format=cell.format,
    )


@lru_cache(maxsize=4096)
def read_number(text: str) -> tuple[Decimal | None, int, bool, str]:
    """(number, decimals printed, percent, unit glued on) of a text; the number is None where the text is none.

    A percentage gives its fraction. A unit is told, not applied: `300万元` gives 300 and 万元.
    """
    plain = normal(text)
    if not plain or len(plain) > 40:
        return None, 0, False, ""
    match = _PLAIN_NUMBER.fullmatch(plain)
    if match:
        return Decimal(plain.replace(",", "")), len(match[1] or ""), False, ""
    match = _AMOUNT.fullmatch(plain)
    if not match:
        return None, 0, False, ""
    number, decimals = Decimal(match[1].replace(",", "")), len(match[2] or "")
    if match[3] == "%":
        return number / 100, decimals, True, ""
    return number, decimals, False, match[3]
