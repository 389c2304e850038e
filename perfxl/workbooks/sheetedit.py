"""Puts values into the cells of a worksheet's part by splicing bytes: nothing but those cells changes."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple

from perfxl.grid.address import Area, Ref, parse_area
from perfxl.grid.cells import CellError, CellValue
from perfxl.workbooks.markup import escaped, text_element
from perfxl.workbooks.numbers import written
from perfxl.workbooks.sheetplaces import CellPlace, RowPlace, SheetMap
from perfxl.workbooks.splice import Splice, extent, opened, spliced, start_tag, with_attributes


class CellContent(NamedTuple):
    """What a cell is to hold.

    A text with a `shared_index` goes in as that shared string, else inline; None empties the cell. `is_result` puts the value
    behind the cell's formula, as its stored result, and leaves the formula alone. `restyled` gives the cell's new format from
    the old, both indices of cell formats. `only_style` leaves what the cell holds alone; `goes` takes a cell away that holds
    nothing.
    """

    value: CellValue
    shared_index: int | None = None
    is_result: bool = False
    restyled: Callable[[int], int] | None = None
    only_style: bool = False
    goes: bool = False

    @property
    def makes_cell(self) -> bool:
        """Whether a cell that is not there must come in."""
        return not self.goes and (self.only_style or self.value not in (None, ""))


def obstacle(found: SheetMap, at: Ref) -> str | None:
    """Why a value cannot be put into a cell, in Chinese; None where it can."""
    cell = found.cell(at)
    if cell is not None and any(name == "f" for name, _, _ in cell.children):
        return "单元格里是公式，perfxl 不改动公式。请在 Excel 中核对该公式。"
    if _area_around(found.arrays, at):
        return "单元格属于数组公式或模拟运算表，不能单独填写。请在 Excel 中修改整个区域。"
    merge = _area_around(found.merges, at)
    if merge and merge.first != at:
        return f"单元格在合并区域内，只有第一格 {merge.first.a1} 可以填写。请拆分合并区域，或填写第一格。"
    if cell is not None and [other.column for other in found.rows[at.row].cells].count(at.column) > 1:
        return "同一单元格在文件里出现了两次。请用 Excel 或 WPS 打开并另存后重试。"
    return None


def style_of(found: SheetMap, at: Ref) -> int:
    """The cell format that a cell has, or would have if it were there: its own, else its row's, else its column's."""
    cell = found.cell(at)
    if cell is not None:
        return int(cell.attrs.get("s", "0"))
    row = found.rows.get(at.row)
    if row is not None and "s" in row.attrs:
        return int(row.attrs["s"])
    for column in found.columns:
        if int(column["min"]) <= at.column <= int(column["max"]):
            return int(column.get("style", "0"))
    return 0


def edited_sheet(found: SheetMap, contents: Mapping[Ref, CellContent]) -> tuple[bytes, bytes]:
    """The mapped part with other contents in some cells, whole and only with the rows that the map shows.

    Missing cells and rows are put where they belong.

    All cells of `contents` must have been among the targets of `map_sheet`.
    """
    data = found.shown.data
    splices = _dimension(data, found, contents)
    by_row: dict[int, dict[int, CellContent]] = {}
    for at in sorted(contents):
        by_row.setdefault(at.row, {})[at.column] = contents[at]
    place = found.sheet_data
    if place.is_empty_tag:  # its close is its end, where all new rows go
        splices.append(Splice(place.start, place.end, opened(start_tag(data, place.start))))
    for number, row_contents in by_row.items():
        row = found.rows.get(number)
        splices += (
            _new_row(data, found, number, row_contents) if row is None else _row_splices(data, found, row, row_contents)
        )
    if place.is_empty_tag:
        splices.append(Splice(place.end, place.end, f"</{found.prefix}sheetData>".encode()))
    return spliced(data, [*found.shown.rest, *splices]), spliced(data, splices)


# Cells and rows may leave out where they stand and count on from the one before. Nothing can come between those two, so a new
# cell or row, which always says where it stands, never moves one.


def _row_splices(data: bytes, found: SheetMap, row: RowPlace, contents: Mapping[int, CellContent]) -> list[Splice]:
    """The changes within a row that is there; `contents` in ascending order of columns."""
    splices: list[Splice] = []
    added: list[int] = []
    last = b""
    for column, content in contents.items():
        cell = row.cell(column)
        if cell is not None:
            end = extent(data, cell.start, cell.end).end
            splices.append(Splice(cell.start, end, _changed_cell(data, found.prefix, cell, content)))
        elif content.makes_cell:
            new = _new_cell(found, Ref(row.number, column), content)
            added.append(column)
            behind = next((other.start for other in row.cells if other.column > column), None)
            if behind is None:
                last += new
            else:
                splices.append(Splice(behind, behind, new))
    tag = start_tag(data, row.extent.start)
    new_tag = _spanning(tag, row, added)
    if last and row.extent.is_empty_tag:
        new_tag = opened(new_tag) + last + f"</{found.prefix}row>".encode()
    elif last:
        splices.append(Splice(row.extent.close, row.extent.close, last))
    if new_tag != tag:
        splices.append(Splice(row.extent.start, row.extent.start + len(tag), new_tag))
    return splices


def _new_row(data: bytes, found: SheetMap, number: int, contents: Mapping[int, CellContent]) -> list[Splice]:
    """The changes that bring in a row; none where it would hold nothing."""
    prefix = found.prefix
    cells = b"".join(
        [_new_cell(found, Ref(number, column), content) for column, content in contents.items() if content.makes_cell]
    )
    if not cells:
        return []
    row = f'<{prefix}row r="{number}">'.encode() + cells + f"</{prefix}row>".encode()
    at = found.following.get(number, found.sheet_data.close)
    return [Splice(at, at, row)]


def _changed_cell(data: bytes, prefix: str, cell: CellPlace, content: CellContent) -> bytes:
    """A cell with its new content; what it holds besides value and formula stays."""
    if content.goes and not cell.children:
        return b""
    if content.only_style or content.goes:
        return _restyled_cell(data, cell, content)
    kind, value = _content(prefix, content)
    changes: dict[str, str | None] = {"t": kind}
    # Rich values and dynamic arrays are told by cm and vm: they belong to the old value, but cm also to a formula that stays.
    changes["vm"] = None
    if not content.is_result:
        changes["cm"] = None
    if content.restyled is not None:
        changes["s"] = str(content.restyled(int(cell.attrs.get("s", "0"))))
    tag = with_attributes(start_tag(data, cell.start), changes)
    kept = [
        (name, data[start : extent(data, start, end).end])
        for name, start, end in cell.children
        if name not in ("v", "is")
    ]
    before = b"".join([raw for name, raw in kept if name == "f"])
    after = b"".join([raw for name, raw in kept if name != "f"])
    inner = before + value + after
    if not inner:
        return tag if tag.endswith(b"/>") else tag[:-1] + b"/>"
    return opened(tag) + inner + f"</{prefix}c>".encode()


def _restyled_cell(data: bytes, cell: CellPlace, content: CellContent) -> bytes:
    """A cell with another format; all that it holds stays as it is written."""
    tag = start_tag(data, cell.start)
    old = int(cell.attrs.get("s", "0"))
    style = old if content.restyled is None else content.restyled(old)
    # The default format is written as other cells of the part write it: by some programs not at all.
    shown = str(style) if style or b' s="0"' in data else None
    return with_attributes(tag, {"s": shown}) + data[cell.start + len(tag) : extent(data, cell.start, cell.end).end]


def _new_cell(found: SheetMap, at: Ref, content: CellContent) -> bytes:
    kind, value = _content(found.prefix, content)
    style = style_of(found, at)
    if content.restyled is not None:
        style = content.restyled(style)
    shown = f' s="{style}"' if style else ""
    typed = f' t="{kind}"' if kind else ""
    prefix = found.prefix
    tag = f'<{prefix}c r="{at.a1}"{shown}{typed}'.encode()
    return tag + b">" + value + f"</{prefix}c>".encode() if value else tag + b"/>"


def _content(prefix: str, content: CellContent) -> tuple[str | None, bytes]:
    """The `t` of a cell and its `v` or `is`."""
    value = content.value
    if value is None or (value == "" and not content.is_result):
        return None, b""
    if content.shared_index is not None:
        kind, text = "s", str(content.shared_index)
    elif isinstance(value, Decimal):
        kind, text = None, written(value)
    elif isinstance(value, bool):
        kind, text = "b", "1" if value else "0"
    elif isinstance(value, CellError):
        kind, text = "e", escaped(value)
    elif content.is_result:
        kind, text = "str", escaped(value)
    else:
        return "inlineStr", f"<{prefix}is>{text_element(prefix, value)}</{prefix}is>".encode()
    return kind, f"<{prefix}v>{text}</{prefix}v>".encode()


def _spanning(tag: bytes, row: RowPlace, columns: list[int]) -> bytes:
    """The tag of a row whose `spans` cover new cells; the hint is left out where it cannot be understood."""
    first, _, last = row.attrs.get("spans", "").partition(":")
    if not columns or not first.isdecimal() or not last.isdecimal():
        return tag
    low, high = min(int(first), columns[0]), max(int(last), columns[-1])
    return tag if (low, high) == (int(first), int(last)) else with_attributes(tag, {"spans": f"{low}:{high}"})


def _dimension(data: bytes, found: SheetMap, contents: Mapping[Ref, CellContent]) -> list[Splice]:
    if found.dimension is None:
        return []
    start, text = found.dimension
    try:
        area = parse_area(text)
    except ValueError:
        return []  # a hint that was wrong before
    places = [at for at, content in contents.items() if content.makes_cell]
    grown = Area(
        min([area.top, *[at.row for at in places]]),
        min([area.left, *[at.column for at in places]]),
        max([area.bottom, *[at.row for at in places]]),
        max([area.right, *[at.column for at in places]]),
    )
    if grown == area:
        return []
    last = Ref(grown.bottom, grown.right)
    tag = start_tag(data, start)
    ref = grown.first.a1 if grown.first == last else f"{grown.first.a1}:{last.a1}"
    return [Splice(start, start + len(tag), with_attributes(tag, {"ref": ref}))]


def _area_around(areas: list[Area], at: Ref) -> Area | None:
    for area in areas:
        if area.top <= at.row <= area.bottom and area.left <= at.column <= area.right:
            return area
    return None
