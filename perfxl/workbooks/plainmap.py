"""Finds the cells of plain rows by their bytes: what `sheetmap` does with a call for each tag, in less than half the time.

Plain here means as programs write forms: no prefix, a row says its number first, a cell its address first, and a cell holds a value
or nothing. Whatever else comes (a formula, a text within the cell, an entity) is left to the parser.
"""

from collections.abc import Container, Mapping

from perfxl.grid.address import Area, known_area
from perfxl.patterns import pattern
from perfxl.workbooks.columns import COLUMNS
from perfxl.workbooks.markup import holds_only_tags, new_parser, parse
from perfxl.workbooks.sheetplaces import CellPlace, RowPlace, SheetMap
from perfxl.workbooks.sheetrows import SomeRows
from perfxl.workbooks.splice import Extent, start_tag

_ROOT, _OPEN, _CLOSE, _ROW_CLOSE = b"<worksheet", b"<sheetData>", b"</sheetData>", b"</row>"
_ROW = pattern(rb'<row r="([0-9]{1,7})"((?: [A-Za-z0-9:]+="[^"<&]*")*) ?(/?)>')
_CELL = pattern(rb'<c r="([A-Z]{1,3})[0-9]{1,7}"((?: [A-Za-z0-9:]+="[^"<&]*")*) ?(?:/>|>(?:<v>[^<&]*(</v>))?(</c>))')
_MERGE = pattern(rb'<mergeCell ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})" ?/>')
_ATTRIBUTE = pattern(rb' ([A-Za-z0-9:]+)="([^"]*)"')
_UNASKED: dict[str, str] = {}


def plain_map(shown: SomeRows, wanted: Mapping[int, Container[int]]) -> SheetMap | None:
    """The map of a worksheet's part for the wanted columns of some rows; None where they, or what stands around them, are not plain.

    Raises:
        ValueError: the part is not well-formed.
    """
    data = shown.data
    start, end = data.find(_OPEN), data.rfind(_CLOSE)
    if start < 0 or end < start or data.find(_ROOT, 0, start) < 0 or not holds_only_tags(data):
        return None
    merges = _merges(data, end)
    found = _rows(data, start + len(_OPEN), end, wanted)
    if merges is None or found is None or data.find(b"&", 0, start) >= 0:
        return None
    parse(new_parser(), data)
    rows, following = found
    protection = _attributes(data, data.find(b"<sheetProtection", end))
    if protection and any("&" in value for value in protection.values()):
        return None
    at = data.find(b"<dimension", 0, start)
    dimension = None if at < 0 else (at, _attributes(data, at).get("ref", ""))
    columns = []
    at = data.find(b"<col ", 0, start)
    while at >= 0:
        columns.append(_attributes(data, at))
        at = data.find(b"<col ", at + 1, start)
    extent = Extent(start, end, end + len(_CLOSE))
    return SheetMap(shown, "", rows, following, extent, dimension, columns, merges, [], protection or None)


def _rows(
    data: bytes, at: int, end: int, wanted: Mapping[int, Container[int]]
) -> tuple[dict[int, RowPlace], dict[int, int]] | None:
    """The wanted rows, and where the row behind each begins; None where one of them is not plain."""
    rows: dict[int, RowPlace] = {}
    following: dict[int, int] = {}
    awaited = sorted(wanted, reverse=True)
    if data.find(b"<f", at, end) >= 0:
        return None
    while at < end:
        tag = _ROW.match(data, at, end)
        if not tag:
            return None
        number = int(tag[1])
        while awaited and awaited[-1] < number:
            following[awaited.pop()] = at
        inner = tag.end()
        close = inner if tag[3] else data.find(_ROW_CLOSE, inner, end)
        after = inner if tag[3] else close + len(_ROW_CLOSE)
        if close < 0 or number in rows:
            return None
        if number in wanted:
            row = rows[number] = RowPlace(number, at, {"r": tag[1].decode()} | _decoded(tag[2]))
            row.extent = Extent(at, close, after)
            if not _cells(data, inner, close, row, wanted[number]):
                return None
        at = after
    return rows, following


def _cells(data: bytes, at: int, end: int, row: RowPlace, columns: Container[int]) -> bool:
    """Adds the cells of a row, of those in other columns only where they begin; whether all of them are plain."""
    while at < end:
        cell = _CELL.match(data, at, end)
        if not cell:
            return False
        column = COLUMNS[cell[1].decode()]
        place = CellPlace(column, at, _UNASKED)
        at = cell.end()
        if column in columns:
            place.attrs = _decoded(cell[2])
            place.end = at if cell[4] is None else cell.start(4)
            if cell[3]:
                place.children.append(("v", data.index(b"<v>", place.start), cell.start(3)))
        row.cells.append(place)
    return True


def _merges(data: bytes, start: int) -> list[Area] | None:
    """The merged areas that stand behind the cells; None where one is not written plainly."""
    found = _MERGE.findall(data, start)
    if len(found) != data.count(b"<mergeCell", start) - data.count(b"<mergeCells", start):
        return None
    return [known_area(area.decode()) for area in found]


def _attributes(data: bytes, at: int) -> dict[str, str]:
    """The attributes of the tag that begins at an offset; none where that is -1."""
    return {} if at < 0 else _decoded(start_tag(data, at))


def _decoded(attributes: bytes) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(attributes)}
