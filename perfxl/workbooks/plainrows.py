"""Reads the rows of a worksheet's part by one expression where they are as plain as programs write them.

A cell here is a number, a shared string or blank, and its tag says `r`, `s`, `t` in this order. That holds for nearly all forms, and
then the expression takes a third of the time that a parser with its calls takes. It must account for every byte between the tags of
`sheetData`: from the first that it does not know it takes all to the end, and then the parser reads these rows.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from perfxl.grid.address import Ref
from perfxl.grid.cells import Cell, Trust
from perfxl.patterns import pattern
from perfxl.workbooks.columns import COLUMNS
from perfxl.workbooks.markup import holds_only_tags
from perfxl.workbooks.numbers import number

_ROOT, _OPEN, _CLOSE = b"<worksheet", b"<sheetData>", b"</sheetData>"
_LARGEST = 1 << 21  # bytes: what fits cannot hold as many cells as are refused, and its tokens take some 20 MB
_TOKEN = pattern(
    r'<c r="([A-Z]{1,3})[0-9]{1,7}"(?: s="([0-9]{1,5})")?(?: t="([ns])")?(?: ?/>|>(?:<v>([-+.0-9eE]*)</v>|<v ?/>)?</c>)'
    r'|<row r="([0-9]{1,7})"((?: [A-Za-z0-9:]+="[^"<&]*")*) ?(/?)>'
    r"|(</row>)|[\s\S]+"
)
_HIDDEN = (' hidden="1"', ' hidden="true"')
_new = tuple.__new__
_TYPED = Trust.TYPED


class PlainRows(NamedTuple):
    """What was read, and the part without it; `rows` and `blank_formats` are as in `Grid`."""

    rest: bytes
    rows: dict[int, dict[int, Cell]]
    blank_formats: dict[Ref, str]
    hidden_rows: set[int]


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
    row = last_row = column = last = 0  # `row` is 0 between two rows
    for letters, style, kind, value, row_number, attributes, empty, row_end in _TOKEN.findall(data[start:end].decode()):
        if letters:
            if not row:
                return None
            code = formats.get(style, "General") if style else general
            column = columns[letters]
            if column <= last:
                return None
            last = column
            found: Decimal | str = ""
            if value:
                found = strings[int(value)] if kind == "s" else number(value)
            if found != "":
                cells[column] = _new(Cell, (found, code, None, _TYPED))
            elif style and code != "General":
                blanks[_new(Ref, (row, column))] = code
        elif row_number:
            number_of_row = int(row_number)
            if row or number_of_row <= last_row:
                return None
            last_row = number_of_row
            if attributes and (_HIDDEN[0] in attributes or _HIDDEN[1] in attributes):
                hidden.add(last_row)
            if not empty:
                row, cells, last = last_row, {}, 0
        elif row_end and row:
            if cells:
                rows[row] = cells
            row = 0
        else:
            return None
    return None if row else PlainRows(data[:start] + data[end:], rows, blanks, hidden)
