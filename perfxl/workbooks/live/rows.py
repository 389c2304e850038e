"""Rows inserted into an open sheet, and taken out again: the program moves along what names their places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from perfxl.errors import UnwritableBook
from perfxl.grid.address import Area, parse_area
from perfxl.workbooks.insertion.merges import Merges, written
from perfxl.workbooks.insertion.rowmap import Insertion, RowMap
from perfxl.workbooks.rowheights import Measures, RowHeight

if TYPE_CHECKING:
    from perfxl.workbooks.live.workbook import LiveWorkbook


def insert_rows(workbook: LiveWorkbook, name: str, insertions: Sequence[Insertion]) -> list[range]:
    """Insert rows; merged areas grow as in closed files, whatever the program makes of them.

    Raises:
        UnwritableBook: the sheet is protected with a password.
    """
    if workbook.is_closed_by_password(name):
        raise UnwritableBook(
            "没有写入：工作表设有保护密码，不能插入行。没有改动。请向编制单位取得密码，撤销保护后重试。",
            book=workbook.name,
            sheet=name,
        )
    rows = RowMap(insertions)
    before = list(workbook.grid(name).merges)
    merges = Merges(before, rows)
    sheet = workbook.sheet(name)
    with workbook.writable(name):
        for _, numbers in sorted(rows.new_rows(), key=lambda each: each[1].start):
            height = sheet.range((numbers[0] - 1, 1)).row_height
            sheet.range(f"{numbers[0]}:{numbers[-1]}").insert("down")
            workbook.journal.rows.append((name, numbers))
            if height is not None:
                sheet.range((numbers[0], 1), (numbers[-1], 1)).row_height = height
        workbook.changed(name)
        wanted = {parse_area(merges.now(written(area))) for area in before} | set(merges.new)
        _merge(workbook, name, wanted)
    workbook.changed(name)
    return rows.ranges()


def take_out_rows(workbook: LiveWorkbook, rows: Iterable[tuple[str, range]]) -> None:
    """Delete rows that were inserted, from the last one upwards; areas that grew over them shrink with them."""
    for name, numbers in sorted(rows, key=lambda each: -each[1].start):
        with workbook.writable(name):
            workbook.sheet(name).range(f"{numbers[0]}:{numbers[-1]}").delete("up")
        workbook.changed(name)


def measures_of(workbook: LiveWorkbook, name: str) -> Measures:
    """The widths and heights of the used rows and columns. A row that fits itself to its texts has done so already."""
    sheet, grid = workbook.sheet(name), workbook.grid(name)
    last_row = max([*grid.rows, *[area.bottom for area in grid.merges], 1])
    last_column = max(
        [1, *[column for cells in grid.rows.values() for column in cells], *[a.right for a in grid.merges]]
    )
    widths = {column: sheet.range((1, column)).column_width or 0.0 for column in range(1, last_column + 1)}
    heights = {
        row: RowHeight(sheet.range((row, 1)).row_height or 0.0, fixed=True, stored=True)
        for row in range(1, last_row + 1)
    }
    return Measures(widths, heights, widths[last_column], heights[last_row].points)


def _merge(workbook: LiveWorkbook, name: str, wanted: set[Area]) -> None:
    """Make these the merged areas of a sheet."""
    sheet, there = workbook.sheet(name), set(workbook.grid(name).merges)
    for area in there - wanted:
        sheet.range((area.top, area.left), (area.bottom, area.right)).unmerge()
    for area in wanted - there:
        sheet.range((area.top, area.left), (area.bottom, area.right)).merge()
