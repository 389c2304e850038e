"""Finds the bytes of the cells that are to change in a worksheet's part, and what stands around them."""

from collections.abc import Collection

from perfxl.grid.address import Area, Ref, column_number, known_area, parse_a1
from perfxl.workbooks.markup import new_parser, parse
from perfxl.workbooks.plainmap import plain_map
from perfxl.workbooks.sheetplaces import CellPlace, RowPlace, SheetMap
from perfxl.workbooks.sheetrows import SomeRows, some_rows
from perfxl.workbooks.splice import Extent, extent


def map_sheet(data: bytes, targets: Collection[Ref]) -> SheetMap:
    """One pass over a worksheet's part, given as UTF-8, for the rows of `targets`.

    Raises:
        ValueError: the part is not well-formed, or holds no cells' element.
    """
    wanted: dict[int, set[int]] = {}
    for target in targets:
        wanted.setdefault(target.row, set()).add(target.column)
    shown = some_rows(data, set(wanted))
    return plain_map(shown, wanted) or _parsed_map(shown, wanted)


def _parsed_map(shown: SomeRows, wanted: Collection[int]) -> SheetMap:
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
