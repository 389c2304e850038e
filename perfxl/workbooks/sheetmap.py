"""Finds the bytes of the cells that are to change in a worksheet's part, and what stands around them."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from perfxl.grid.address import Area, Ref, column_number, parse_a1
from perfxl.workbooks.markup import new_parser, parse
from perfxl.workbooks.sheetrows import SomeRows, some_rows
from perfxl.workbooks.sheetxml import known_area
from perfxl.workbooks.splice import Extent, extent


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


def map_sheet(data: bytes, targets: Collection[Ref]) -> SheetMap:
    """One pass over a worksheet's part, given as UTF-8, for the rows of `targets`.

    Raises:
        ValueError: the part is not well-formed, or holds no cells' element.
    """
    wanted = {target.row for target in targets}
    shown = some_rows(data, wanted)
    data = shown.data
    awaited = sorted(wanted, reverse=True)
    rows: dict[int, RowPlace] = {}
    following: dict[int, int] = {}
    sheet_data: Extent | None = None
    dimension: tuple[int, str] | None = None
    columns: list[dict[str, str]] = []
    merges: list[Area] = []
    arrays: list[Area] = []
    protection: dict[str, str] | None = None
    number = 0
    row = RowPlace(0, 0, {})
    cell: CellPlace | None = None
    depth = child_start = 0
    data_start = 0
    in_wanted = False
    prefix = C = F = ROW = SHEET_DATA = MERGE = COL = DIMENSION = PROTECTION = ""

    def root(name: str, attrs: dict[str, str]) -> None:
        nonlocal prefix, C, F, ROW, SHEET_DATA, MERGE, COL, DIMENSION, PROTECTION
        prefix = name[: -len("worksheet")]
        C, F, ROW, SHEET_DATA, MERGE, COL, DIMENSION, PROTECTION = [
            prefix + local
            for local in ("c", "f", "row", "sheetData", "mergeCell", "col", "dimension", "sheetProtection")
        ]
        parser.StartElementHandler = start_outside

    def start_outside(name: str, attrs: dict[str, str]) -> None:
        nonlocal dimension, protection, data_start
        if name == MERGE:
            merges.append(known_area(attrs["ref"]))
        elif name == SHEET_DATA:
            data_start = parser.CurrentByteIndex
            parser.StartElementHandler = start
            parser.EndElementHandler = end
        elif name == COL:
            columns.append(attrs)
        elif name == DIMENSION:
            dimension = (parser.CurrentByteIndex, attrs.get("ref", ""))
        elif name == PROTECTION:
            protection = attrs

    def start(name: str, attrs: dict[str, str]) -> None:
        nonlocal number, row, cell, depth, child_start, in_wanted
        if name == ROW:
            given = attrs.get("r")
            number = number + 1 if given is None else int(given)
            while awaited and awaited[-1] < number:
                following[awaited.pop()] = parser.CurrentByteIndex
            in_wanted = number in wanted
            if in_wanted:
                row = rows[number] = RowPlace(number, parser.CurrentByteIndex, attrs)
        elif name == F and attrs.get("t") in ("array", "dataTable") and "ref" in attrs:
            arrays.append(known_area(attrs["ref"]))
        if not in_wanted:
            return
        if name == C and cell is None:
            ref = attrs.get("r")
            column = (row.cells[-1].column if row.cells else 0) + 1 if ref is None else column_of(ref)
            cell = CellPlace(column, parser.CurrentByteIndex, attrs)
            row.cells.append(cell)
            depth = 0
        elif cell is not None:
            if depth == 0:
                child_start = parser.CurrentByteIndex
            depth += 1

    def end(name: str) -> None:
        nonlocal cell, depth, in_wanted, sheet_data
        if in_wanted:
            at = parser.CurrentByteIndex
            if cell is None:
                if name == ROW:
                    row.extent = extent(data, row.extent.start, at)
                    in_wanted = False
            elif depth:
                depth -= 1
                if depth == 0:
                    cell.children.append((name[len(prefix) :], child_start, at))
            else:
                cell.end = at
                cell = None
        elif name == SHEET_DATA:
            sheet_data = extent(data, data_start, parser.CurrentByteIndex)
            parser.StartElementHandler = start_outside
            parser.EndElementHandler = None

    parser = new_parser()
    parser.StartElementHandler = root
    parse(parser, data)
    if sheet_data is None:
        raise ValueError("no sheetData")
    return SheetMap(shown, prefix, rows, following, sheet_data, dimension, columns, merges, arrays, protection)


def column_of(ref: str) -> int:
    """The column of an address.

    Raises:
        ValueError: it is none.
    """
    return parse_a1(ref).column if "$" in ref else column_number(ref.rstrip("0123456789"))
