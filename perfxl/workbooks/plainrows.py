"""Reads the rows of a worksheet's part by one expression where they are as plain as programs write them.

A cell here is a number, a shared string or blank, and its tag says `r`, `s`, `t` in this order. That holds for nearly all forms, and
then the expression takes a third of the time that a parser with its calls takes. It must account for every byte between the tags of
`sheetData`: from the first that it does not know it takes all to the end, and then the parser reads these rows.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from perfxl.grid.address import LAST_ROW, Area, Ref, known_area
from perfxl.grid.cells import Cell, Trust
from perfxl.patterns import pattern
from perfxl.workbooks.columns import COLUMNS
from perfxl.workbooks.markup import holds_only_tags
from perfxl.workbooks.numbers import number

_ROOT, _OPEN, _CLOSE = b"<worksheet", b"<sheetData>", b"</sheetData>"
_LARGEST = 1 << 21  # bytes: what fits cannot hold as many cells as are refused, and its tokens take some 20 MB
# A cell: its letters, its style, the shared string that it shows or else its number; what stands between the brackets of a row's tag.
_TOKEN = pattern(
    r'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]{1,5})")?'
    r'(?:/>| t="s"><v>([0-9]+)</v></c>|(?: t="n")?(?: ?/>|>(?:<v>([-+.0-9eE]*)</v>|<v ?/>)?</c>)| t="s"(?: ?/>|>(?:<v></v>|<v ?/>)?</c>))'
    r'|<(row r="[^<>]*|/row)>|[\s\S]+'
)
_ROW = pattern(r'row r="([0-9]{1,7})"((?: [A-Za-z0-9:]+="[^"<>&]*")*) ?(/?)')
_HIDDEN = (' hidden="1"', ' hidden="true"')
_BEYOND = 1 << 20
_SHORT = 200  # characters of a tag that programs write
_new = tuple.__new__
_TYPED = Trust.TYPED


_MERGES = pattern(
    rb'<mergeCells(?: count="[0-9]+")?>(?:<mergeCell ref="[A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7}" ?/>)+</mergeCells>'
)
_AREA = pattern('"([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')


class PlainRows(NamedTuple):
    """What was read, and the part without it; `rows`, `blank_formats` and `merges` are as in `Grid`."""

    rest: bytes
    rows: dict[int, dict[int, Cell]]
    blank_formats: dict[Ref, str]
    hidden_rows: set[int]
    merges: list[Area]


class _Row(NamedTuple):
    """A row's tag: its number, as a number and as written, whether it is hidden, and whether it is closed at once."""

    number: int
    text: str
    hidden: bool
    empty: bool


@lru_cache(maxsize=2048)
def _row(tag: str) -> _Row | None:
    found = _ROW.fullmatch(tag)
    if found is None or not 0 < int(found[1]) <= LAST_ROW:
        return None
    return _Row(int(found[1]), found[1], any(hidden in found[2] for hidden in _HIDDEN), bool(found[3]))


def plain_rows(data: bytes, strings: Sequence[str] | Mapping[int, str], formats: Mapping[str, str]) -> PlainRows | None:
    """The rows of a worksheet's part, given as UTF-8; None where they are not plain, or not in order.

    Raises:
        ValueError: the part is not UTF-8.
        IndexError: a cell points at a shared string that is not there.
    """
    start, end = data.find(_OPEN) + len(_OPEN), data.rfind(_CLOSE)
    if start < len(_OPEN) or not start <= end < start + _LARGEST:
        return None
    if data.find(_ROOT, 0, start) < 0 or not holds_only_tags(data):
        return None
    rows: dict[int, dict[int, Cell]] = {}
    blanks: dict[Ref, str] = {}
    hidden: set[int] = set()
    columns, general = COLUMNS, formats.get("0", "General")
    cells: dict[int, Cell] = {}
    row_text = ""
    row = last_row = 0  # `row` is 0 between two rows,
    last = _BEYOND  # where no cell can come
    for letters, digits, style, index, value, tag in _TOKEN.findall(data[start:end].decode()):
        if letters:
            column = columns[letters]
            if column <= last or digits != row_text:
                return None
            last = column
            code = formats.get(style, "General") if style else general
            if value:
                cells[column] = _new(Cell, (number(value), code, None, _TYPED))
            elif index and (text := strings[int(index)]):
                cells[column] = _new(Cell, (text, code, None, _TYPED))
            elif style and code != "General":
                blanks[_new(Ref, (row, column))] = code
        elif tag == "/row" and row:
            if cells:
                rows[row] = cells
            row, last = 0, _BEYOND
        else:
            begun = _row(tag) if len(tag) <= _SHORT else _row.__wrapped__(tag)
            if begun is None or row or begun.number <= last_row:
                return None
            last_row, row_text, is_hidden, is_empty = begun
            if is_hidden:
                hidden.add(last_row)
            if not is_empty:
                row, cells, last = last_row, {}, 0
    if row:
        return None
    behind, merges = _without_merges(data, end)
    return PlainRows(data[:start] + behind, rows, blanks, hidden, merges)


def _without_merges(data: bytes, end: int) -> tuple[bytes, list[Area]]:
    """What comes behind the rows without the merged areas, and these; written otherwise than plainly they are left in."""
    found = _MERGES.search(data, end)
    if found is None:
        return data[end:], []
    areas = list(map(known_area, _AREA.findall(found[0].decode())))
    return data[end : found.start()] + data[found.end() :], areas
