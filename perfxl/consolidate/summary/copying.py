"""Copies a sheet of a closed book into a workbook that XlsxWriter writes, as it looks: openpyxl tells the looks, perfxl the values."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from perfxl.consolidate.summary.layout import Formats
from perfxl.consolidate.summary.looks import Looks
from perfxl.consolidate.summary.pictures import Drawn, Picture, drawn_on
from perfxl.grid.cells import Grid
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.opening import opened

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook as ReadWorkbook
    from openpyxl.worksheet.worksheet import Worksheet as ReadSheet
    from xlsxwriter.worksheet import Worksheet

    from perfxl.workbooks.foreign.workbook import ForeignWorkbook

_WIDEST, _LONGEST = 200, 5000  # columns and rows that are looked at; a form is far smaller
_LONGEST_BAND = 255  # signs that Excel takes above or below a page
_PLAIN = {"font_name": "宋体", "font_size": 10.5, "text_wrap": True, "valign": "vcenter", "border": 1}
_MARGINS = 0.625  # of a stored column width, in characters: what programs add to what people set
_NO_LOOKS = "样式（只有数值、数字格式和合并单元格）"
_UNREADABLE = (BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, StopIteration, SyntaxError)
"""What openpyxl raises for parts that it does not understand."""


class Book(NamedTuple):
    """A book that sheets are copied from: its values, its looks (None where openpyxl does not read them) and its package."""

    values: ClosedWorkbook | ForeignWorkbook
    looks: ReadWorkbook | None
    package: ZipFile | None


def open_book(raw: bytes, path: Path) -> Book:
    """A book by its content; `path` is for messages.

    Raises:
        UnreadableBook: perfxl itself does not read it.
    """
    from openpyxl import load_workbook

    values = opened(raw, path)
    if not isinstance(values, ClosedWorkbook):
        return Book(values, None, None)
    try:
        return Book(values, load_workbook(BytesIO(raw), keep_links=False), ZipFile(BytesIO(raw)))
    except _UNREADABLE:
        return Book(values, None, None)


def copy_sheet(book: Book, name: str, target: Worksheet, formats: Formats) -> list[str]:
    """Draws the sheet `name` of a book on an empty sheet; gives what could not be copied, in Chinese words."""
    grid = book.values.grid(name)
    if book.looks is None or book.package is None:
        _values_alone(grid, target, formats)
        return [_NO_LOOKS]
    source = book.looks[name]
    lost = _what_is_lost(source, grid)
    looks = Looks(book.looks, formats)
    _measures(source, target)
    _cells(source, grid, target, looks)
    _page(source, target)
    try:
        drawn = drawn_on(book.package, name)
    except _UNREADABLE:
        drawn = Drawn([], 1)
    bad = sum(not _insert(picture, target) for picture in drawn.pictures)
    if drawn.others or bad:
        lost.append(f"图形、图表等 {drawn.others + bad} 个")
    return lost


def _what_is_lost(source: ReadSheet, grid: Grid) -> list[str]:
    lost = []
    formulas = sum(cell.formula is not None for cells in grid.rows.values() for cell in cells.values())
    if formulas:
        lost.append(f"公式 {formulas} 个（只有数值）")
    if len(source.conditional_formatting):
        lost.append("条件格式")
    if source.data_validations.dataValidation:
        lost.append("下拉选项")
    if source.max_row > _LONGEST or source.max_column > _WIDEST:
        lost.append(f"第 {_LONGEST} 行、第 {_WIDEST} 列以后的内容")
    return lost


def _measures(source: ReadSheet, target: Worksheet) -> None:
    default = source.sheet_format.defaultColWidth or (source.sheet_format.baseColWidth or 8) + 5 / 8
    target.set_column(0, min(source.max_column, _WIDEST) - 1, default)
    for dimension in source.column_dimensions.values():
        width = max(dimension.width - _MARGINS, 0) if dimension.width else default
        first = dimension.min or 1
        last = min(dimension.max or first, _WIDEST + 1)
        target.set_column(first - 1, last - 1, width, None, {"hidden": dimension.hidden})
    if source.sheet_format.defaultRowHeight:
        target.set_default_row(source.sheet_format.defaultRowHeight)
    for number, row in source.row_dimensions.items():
        if number <= _LONGEST and (row.height is not None or row.hidden):
            target.set_row(number - 1, row.height, None, {"hidden": row.hidden})


def _cells(source: ReadSheet, grid: Grid, target: Worksheet, looks: Looks) -> None:
    from xlsxwriter.exceptions import OverlappingRange

    for area in source.merged_cells.ranges:
        if area.size["rows"] * area.size["columns"] > 1 and area.max_row <= _LONGEST:
            try:
                target.merge_range(area.min_row - 1, area.min_col - 1, area.max_row - 1, area.max_col - 1, "")
            except OverlappingRange:
                continue  # no program shows it
    last_row, last_column = min(source.max_row, _LONGEST), min(source.max_column, _WIDEST)
    for row, cells in enumerate(source.iter_rows(min_row=1, min_col=1, max_row=last_row, max_col=last_column), 1):
        for column, cell in enumerate(cells, 1):
            found = grid.cell(row, column)
            if cell.has_style or found is not None:
                _write(target, row, column, None if found is None else found.value, looks.of(cell))
    for at, note in grid.notes.items():
        target.write_comment(at.row - 1, at.column - 1, note)


def _values_alone(grid: Grid, target: Worksheet, formats: Formats) -> None:
    for area in grid.merges:
        if (area.top, area.left) != (area.bottom, area.right):
            target.merge_range(area.top - 1, area.left - 1, area.bottom - 1, area.right - 1, "")
    for row, cells in grid.rows.items():
        for column, cell in cells.items():
            look = {**_PLAIN, "num_format": cell.format}
            _write(target, row, column, cell.value, formats(look))


def _write(target: Worksheet, row: int, column: int, value: object, look: Any) -> None:
    at = (row - 1, column - 1)
    if isinstance(value, bool):
        target.write_boolean(*at, value, look)
    elif isinstance(value, Decimal):
        target.write_number(*at, value, look)
    elif isinstance(value, str) and value:
        target.write_string(*at, value[:_MOST_SIGNS], look)
    else:
        target.write_blank(*at, None, look)


_MOST_SIGNS = 32_767  # Excel takes no more in a cell


def _insert(picture: Picture, target: Worksheet) -> bool:
    """Puts a picture where it stood; False where its format is not known."""
    from xlsxwriter.exceptions import UndefinedImageSize, UnsupportedImageFormat
    from xlsxwriter.image import Image

    try:
        image = Image(BytesIO(picture.content))
    except (UnsupportedImageFormat, UndefinedImageSize):
        return False
    scales = {}
    if picture.width and picture.height and image.width and image.height:
        scales = {
            "x_scale": picture.width / (image.width * 96 / image.x_dpi),
            "y_scale": picture.height / (image.height * 96 / image.y_dpi),
        }
    target.insert_image(picture.row, picture.column, image, {"x_offset": picture.x, "y_offset": picture.y, **scales})
    return True


def _page(source: ReadSheet, target: Worksheet) -> None:
    setup, margins = source.page_setup, source.page_margins
    if setup.orientation == "landscape":
        target.set_landscape()
    target.set_paper(int(setup.paperSize or 9))
    target.set_margins(margins.left, margins.right, margins.top, margins.bottom)
    if source.sheet_properties.pageSetUpPr is not None and source.sheet_properties.pageSetUpPr.fitToPage:
        target.fit_to_pages(*(1 if pages is None else int(pages) for pages in (setup.fitToWidth, setup.fitToHeight)))
    elif setup.scale:
        target.set_print_scale(int(setup.scale))
    if source.print_options.horizontalCentered:
        target.center_horizontally()
    if source.sheet_view.showGridLines is False:
        target.hide_gridlines(2)
    for band, put in ((source.oddHeader, target.set_header), (source.oddFooter, target.set_footer)):
        text = str(band).replace("&G", "")  # a picture in it
        if text and len(text) <= _LONGEST_BAND:
            put(text)
    if source.print_title_rows:
        first, _, last = source.print_title_rows.replace("$", "").partition(":")
        target.repeat_rows(int(first) - 1, int(last or first) - 1)
