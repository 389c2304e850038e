"""Where things lie in a worksheet's part: what an edit is made by."""

from collections.abc import Mapping
from typing import NamedTuple

from perfxl.grid.address import Area, Ref
from perfxl.workbooks.sheetrows import SomeRows
from perfxl.workbooks.splice import Extent


class CellPlace:
    """A cell of a row in which something changes.

    `start` and `end` are the offsets that the parser told; `children` are its own child elements, by local name, likewise.
    """

    __slots__ = ("attrs", "children", "column", "end", "start")

    def __init__(self, column: int, start: int, attrs: Mapping[str, str]) -> None:
        self.column = column
        self.attrs = attrs
        self.start = self.end = start
        self.children: list[tuple[str, int, int]] = []


class RowPlace:
    """A row in which something changes, and its cells."""

    __slots__ = ("attrs", "cells", "extent", "number")

    def __init__(self, number: int, start: int, attrs: Mapping[str, str]) -> None:
        self.number = number
        self.attrs = attrs
        self.extent = Extent(start, start, start)
        self.cells: list[CellPlace] = []

    def cell(self, column: int) -> CellPlace | None:
        """The cell in a column."""
        return next((cell for cell in self.cells if cell.column == column), None)


class SheetMap(NamedTuple):
    """Where things lie in a worksheet's part, or rather in those of its rows that matter here.

    `shown` are the part's rows in which the places are counted, with what puts the others back.
    `rows` are those of the targets; `following` says for the number of a target's row where the next row begins, if one does.
    `merges` and `arrays` (of array formulas and data tables) are all of the sheet; `columns` are the attributes of its `col`
    elements, `protection` those of its `sheetProtection`; `dimension` is where the element `dimension` begins and its area.
    """

    shown: SomeRows
    prefix: str
    rows: dict[int, RowPlace]
    following: dict[int, int]
    sheet_data: Extent
    dimension: tuple[int, str] | None
    columns: list[dict[str, str]]
    merges: list[Area]
    arrays: list[Area]
    protection: dict[str, str] | None

    def cell(self, at: Ref) -> CellPlace | None:
        """A target's cell, None where there is none."""
        row = self.rows.get(at.row)
        return row.cell(at.column) if row else None
