"""The results sheet in an open workbook: added, brought up to date, taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

from perfxl.grid.address import Area, Ref, parse_a1
from perfxl.patterns import pattern
from perfxl.workbooks.live.journal import NamedLayout
from perfxl.workbooks.live.looks import shown_rgb
from perfxl.workbooks.marks.model import HEADS, SHEET_NAME, STATES, Results
from perfxl.workbooks.marks.notetext import Covered, read_record, record
from perfxl.workbooks.marks.resultsreading import read_layout, says
from perfxl.workbooks.marks.sheetlayout import (
    HEAD_ROW,
    HIDDEN_FROM,
    STATE_COLUMN,
    WIDTHS,
    SheetLayout,
    lay_out,
    merged_areas,
)
from perfxl.workbooks.marks.sheetstyles import ACCENT, EDGE, FONT, STYLES

if TYPE_CHECKING:
    import xlwings as xw

    from perfxl.workbooks.live.workbook import LiveWorkbook

_TRACKED = pattern(r"(_perfxl_[0-9]+) (.*)")
_NAMED = pattern(r"=?(?:'((?:[^']|'')+)'|([^'!]+))!(\$?[A-Za-z]{1,3}\$?[0-9]{1,7})")
_PLAIN = STYLES["text"]
_BARE = {**_PLAIN._asdict(), "boxed": False, "wrapped": False, "side": ""}
"""How cells of the sheet look before they are dressed."""


class LiveResults:
    """The results sheet of an open workbook; `present` is the sheet that holds it now."""

    def __init__(self, workbook: LiveWorkbook, present: str | None) -> None:
        self._workbook = workbook
        self._present = present

    def tracked(self) -> dict[str, dict[Ref, Covered]]:
        """What marks without a note hide, by sheet and cell: closed files keep that here for cells with threaded comments."""
        found: dict[str, dict[Ref, Covered]] = {}
        if self._present is None:
            return found
        for cells in self._workbook.grid(self._present).rows.values():
            cell = cells.get(len(HEADS))
            match = _TRACKED.fullmatch(cell.value) if cell is not None and isinstance(cell.value, str) else None
            covered = None if match is None else read_record(match[2])
            if match is not None and covered is not None:
                place = _NAMED.fullmatch(self._refers_to(match[1]))
                if place is not None:
                    sheet = place[1].replace("''", "'") if place[1] else place[2]
                    found.setdefault(sheet, {})[parse_a1(place[3])] = covered
        return found

    def _refers_to(self, name: str) -> str:
        for each in self._workbook.book.names:
            if each.name.rpartition("!")[2].lower() == name.lower():
                return str(each.refers_to)
        return ""

    def put(self, results: Results, covered: Mapping[tuple[str, Ref], Covered]) -> None:
        """Make the sheet say this; where it does already, it is left alone."""
        texts = {place: record((), kept) for place, kept in covered.items()}
        self.put_layout(None if self._present is None else self._before(), lay_out(results, texts))

    def put_layout(self, before: NamedLayout | None, layout: SheetLayout) -> None:
        """Make the sheet the layout; `before` is what stands there."""
        workbook = self._workbook
        if self._present is not None and says(workbook.grid(self._present), layout):
            return
        if self._present is None:
            if workbook.native.structure_locked(workbook.book):
                workbook.remark("工作簿的结构受保护，没有添加工作表“检查结果”，只在单元格上标记。")
                return
            sheets = workbook.book.sheets
            name = _free_name(workbook.sheet_names) if before is None else before.name
            sheet = sheets.add(name, after=sheets[len(sheets) - 1])
            workbook.changed()
            workbook.journal.replaced(before, NamedLayout(name, layout))
            with workbook.native.hold_heights(workbook.book):
                self._write(sheet, layout)
        else:
            name = self._present
            sheet = workbook.sheet(name)
            workbook.journal.replaced(before, NamedLayout(name, layout))
            with workbook.writable(name), workbook.native.hold_heights(workbook.book):
                sheet.clear()
                self._write(sheet, layout)
        workbook.changed(name)
        self._present = name

    def remove(self) -> None:
        """Take the sheet away."""
        if self._present is not None:
            before = self._before()
            self.drop(self._present)
            self._workbook.journal.replaced(before, None)
            self._present = None

    def drop(self, name: str) -> None:
        """Delete a sheet without a question."""
        book = self._workbook.book
        with book.app.properties(display_alerts=False):
            book.sheets[name].delete()
        self._workbook.changed(name)
        self._workbook.changed()

    def _before(self) -> NamedLayout:
        assert self._present is not None
        only = next((name for name in self._workbook.sheet_names if name != self._present), self._present)
        return NamedLayout(self._present, read_layout(self._workbook.grid(self._present), only))

    # ---- how it is written

    def _write(self, sheet: xw.Sheet, layout: SheetLayout) -> None:
        has_findings = layout.last_finding > HEAD_ROW
        last_row = layout.rows[-1].number
        whole = sheet.range((1, 1), (last_row, len(WIDTHS)))
        whole.value = _matrix(layout, last_row)
        for row in layout.rows:
            for column, cell in row.cells.items():
                if cell.link is not None:
                    name, place = cell.link
                    quoted = name.replace("'", "''")
                    sheet.range((row.number, column)).add_hyperlink(
                        f"#'{quoted}'!{place}", str(cell.value), f"到 {name} {place}"
                    )
        whole.font.name, whole.font.size = FONT, _PLAIN.size
        whole.vertical_alignment = "center"
        for field in _PLAIN._fields:
            for area, value in _areas(layout, field):
                _dress(sheet.range((area.top, area.left), (area.bottom, area.right)), field, value)
        for text in merged_areas(layout):
            sheet.range(text).merge()
        for column, width in enumerate(WIDTHS, 1):
            sheet.range((1, column)).column_width = width
        for (top, bottom), height in _heights(layout):
            sheet.range((top, 1), (bottom, 1)).row_height = height
        sheet.range((1, HIDDEN_FROM), (1, len(WIDTHS))).columns.hidden = True
        native = self._workbook.native
        if has_findings:
            states = sheet.range((HEAD_ROW + 1, STATE_COLUMN), (layout.last_finding, STATE_COLUMN))
            native.offer_list(states, STATES, "处理情况", "可从列表中选，也可自行填写；再次检查时保留。")
            native.filter(sheet.range((HEAD_ROW, 1), (layout.last_finding, HIDDEN_FROM - 1)))
        accent = shown_rgb(ACCENT)
        assert accent is not None
        native.set_up(sheet, HEAD_ROW if has_findings else None, accent)


def _free_name(taken: object) -> str:
    """检查结果, or with a number where that is taken, in whatever case of letters."""
    names = {str(name).casefold() for name in taken}  # type: ignore[attr-defined]
    number, name = 1, SHEET_NAME
    while name.casefold() in names:
        number += 1
        name = f"{SHEET_NAME} ({number})"
    return name


def _matrix(layout: SheetLayout, last_row: int) -> list[list[object]]:
    """The values of all cells; texts as texts."""
    rows: list[list[object]] = [[None] * len(WIDTHS) for _ in range(last_row)]
    for row in layout.rows:
        for column, cell in row.cells.items():
            rows[row.number - 1][column - 1] = (
                cell.value if isinstance(cell.value, int) else f"'{cell.value}" if cell.value else None
            )
    return rows


def _areas(layout: SheetLayout, field: str) -> Iterator[tuple[Area, object]]:
    """Rectangles in which one field of the styles has one value, where that is not the sheet's plain one."""
    found: dict[Area, object] = {}
    for column in range(1, len(WIDTHS) + 1):
        cells = [
            (row.number, getattr(STYLES[row.cells[column].style], field)) for row in layout.rows if column in row.cells
        ]
        for (value, _), group in groupby(enumerate(cells), key=lambda item: (item[1][1], item[1][0] - item[0])):
            rows = [number for _, (number, _) in group]
            if value == _BARE[field]:
                continue
            area = Area(rows[0], column, rows[-1], column)
            left = next(
                (
                    a
                    for a, v in found.items()
                    if v == value and (a.top, a.bottom, a.right + 1) == (area.top, area.bottom, column)
                ),
                None,
            )
            if left is not None:
                del found[left]
                area = area._replace(left=left.left)
            found[area] = value
    yield from found.items()


def _dress(there: xw.Range, field: str, value: Any) -> None:
    """Give cells one field of a style. Lines under letters come with the links."""
    if field == "size":
        there.font.size = value
    elif field == "bold":
        there.font.bold = True
    elif field == "color":
        there.font.color = f"#{value}"
    elif field == "fill":
        there.color = f"#{value}"
    elif field == "boxed":
        there.borders.set("all", line_style="continuous", weight="thin", color=EDGE)
    elif field == "side":
        there.horizontal_alignment = value
    elif field == "wrapped":
        there.wrap_text = True


def _heights(layout: SheetLayout) -> Iterator[tuple[tuple[int, int], float]]:
    """Rows of one height that stand one below the other."""
    numbered = enumerate((row.number, row.height) for row in layout.rows)
    for (height, _), group in groupby(numbered, key=lambda item: (item[1][1], item[1][0] - item[0])):
        rows = [number for _, (number, _) in group]
        yield (rows[0], rows[-1]), height
