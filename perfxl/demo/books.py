"""Draws the sample workbooks with XlsxWriter, in the look of the official print. The only place that uses it."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

from perfxl.demo.fitting import row_heights
from perfxl.demo.layout import Box, Drawing, Look, lay_out_form, lay_out_ledger
from perfxl.demo.picture import emblem
from perfxl.demo.samples import BookSample, LedgerSample, content_of
from perfxl.grid.address import parse_a1
from perfxl.scoring.rounding import plain

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# A document property by which the demo knows its own workbooks again: it stays when Excel, WPS or LibreOffice saves them.
MARK = "perfxl 演示样例"
# The same bytes at each run, so that whoever runs the demo again finds the originals unchanged.
_CREATED = datetime(2025, 1, 6, 9, 0)  # noqa: DTZ001 - a document's time has no zone
_A4 = 9
_PICTURE_SCALE = 0.6
_SIDE, _TOP, _BOTTOM = 0.6, 0.6, 0.7  # inches
_CELL = {"font_name": "宋体", "font_size": 10.5, "border": 1, "text_wrap": True, "valign": "vcenter"}
_LOOKS: dict[Look, dict[str, object]] = {
    Look.TITLE: {"font_name": "黑体", "font_size": 18, "align": "center", "valign": "vcenter"},
    Look.YEAR: {"font_name": "宋体", "font_size": 12, "align": "center", "valign": "vcenter"},
    Look.LABEL: {**_CELL, "align": "center"},
    Look.TEXT: {**_CELL, "align": "left"},
    Look.AMOUNT: {**_CELL, "align": "center"},
}


def draw_book(sample: BookSample) -> bytes:
    """The workbook's bytes, the same at each call."""
    from xlsxwriter import Workbook

    stream = BytesIO()
    with Workbook(stream, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": sample.path.stem, "author": sample.path.parent.name, "created": _CREATED})
        workbook.set_custom_property(MARK, "1")
        painter = _Painter(workbook)
        for form in sample.forms:
            sheet = painter.draw(form.sheet, lay_out_form(form), form.edition.amounts)
            sheet.set_portrait()
        for ledger in sample.ledgers:
            sheet = painter.draw(ledger.sheet, lay_out_ledger(ledger), "#,##0.00")
            sheet.set_landscape()
            _hang_picture(sheet, ledger)
        for note in sample.notes:
            workbook.get_worksheet_by_name(note.sheet).write_comment(note.cell, note.text, {"author": note.author})
    return stream.getvalue()


class _Painter:
    """Puts drawings on the sheets of one workbook, each cell format made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._formats: dict[tuple[Look, str], Format] = {}

    def draw(self, name: str, drawing: Drawing, amounts: str) -> Worksheet:
        """A sheet with this drawing, set up to print one page wide."""
        sheet = self._workbook.add_worksheet(name)
        for column, width in enumerate(drawing.widths):
            sheet.set_column(column, column, width)
        for row, height in row_heights(drawing.boxes, drawing.widths).items():
            sheet.set_row(row, height)
        for box in drawing.boxes:
            value, number_format = _read(content_of(box.text).shown)
            cell_format = self._format(box.look, amounts if box.look is Look.AMOUNT else number_format)
            if (box.top, box.left) != (box.bottom, box.right):
                sheet.merge_range(box.top, box.left, box.bottom, box.right, "", cell_format)
            _write(sheet, box, value, cell_format)
        sheet.set_paper(_A4)
        sheet.set_margins(_SIDE, _SIDE, _TOP, _BOTTOM)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.set_h_pagebreaks(list(drawing.page_breaks))
        sheet.set_footer("&C&9第 &P 页 共 &N 页")
        return sheet

    def _format(self, look: Look, number_format: str) -> Format:
        key = (look, number_format)
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format({**_LOOKS[look], "num_format": number_format})
        return self._formats[key]


_NUMBER = re.compile(r"-?[0-9]+(?:\.([0-9]+))?(%?)")


def _read(text: str) -> tuple[str | Decimal, str]:
    """What a cell stores, and the number format that shows it so: `99.90%` and `30` are numbers."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return text, "General"
    decimals, percent = match.groups()
    if not percent:
        return Decimal(text), "General"
    places = f".{'0' * len(decimals)}" if decimals else ""
    return Decimal(plain(Decimal(text.removesuffix("%")) / 100)), f"0{places}%"


def _write(sheet: Worksheet, box: Box, value: str | Decimal, cell_format: Format) -> None:
    formula = content_of(box.text).formula
    if formula:
        sheet.write_formula(box.top, box.left, formula, cell_format, value)
    elif isinstance(value, Decimal):
        sheet.write_number(box.top, box.left, value, cell_format)
    elif value:
        sheet.write_string(box.top, box.left, value, cell_format)
    else:
        sheet.write_blank(box.top, box.left, None, cell_format)


def _hang_picture(sheet: Worksheet, ledger: LedgerSample) -> None:
    place = parse_a1(ledger.picture)
    options = {
        "image_data": BytesIO(emblem()),
        "description": "单位标识",
        "x_offset": 4,
        "y_offset": 2,
        "x_scale": _PICTURE_SCALE,
        "y_scale": _PICTURE_SCALE,
    }
    sheet.insert_image(place.row - 1, place.column - 1, "标识.png", options)
