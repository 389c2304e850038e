"""Paints drawings with XlsxWriter: with `worksheet`, the only place of the templates that knows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from perfxl.documenttime import CREATED
from perfxl.scoring.rounding import plain
from perfxl.signs import shown, storable
from perfxl.templates.catalogue import forms_data
from perfxl.templates.drawing import Box, Look, Picture, SheetDrawing, Validation, a1
from perfxl.templates.fitting import row_heights

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# The width of a column is counted in digits of the workbook's font: 宋体 11, as in Chinese Excel and WPS, eight pixels a digit.
_FONT = {"font_name": "宋体", "font_size": 11}
_OPTIONS = {
    "in_memory": True,
    "default_row_height": 18,
    "default_column_width": 72,
}
_A4 = 9
_SIDE, _TOP, _BOTTOM = 0.59, 0.8, 0.7  # inches
_CELL = {"font_name": "宋体", "font_size": 10.5, "border": 1, "text_wrap": True, "valign": "vcenter"}
_LOOKS: dict[Look, dict[str, object]] = {
    Look.TITLE: {"font_name": "黑体", "font_size": 20, "align": "center", "valign": "vcenter"},
    Look.YEAR: {"font_name": "宋体", "font_size": 12, "align": "center", "valign": "vcenter"},
    Look.HEAD: {**_CELL, "align": "center"},
    Look.LABEL: {**_CELL, "align": "center"},
    Look.CENTRED: {**_CELL, "align": "center"},
    Look.SECTION: {**_CELL, "align": "center", "valign": "top"},
    Look.TEXT: {**_CELL, "align": "left"},
    Look.AMOUNT: {**_CELL, "align": "center", "num_format": "#,##0.00####"},
    Look.RATE: {**_CELL, "align": "center", "num_format": "0.00%"},
    Look.POINTS: {**_CELL, "align": "center"},
    Look.DATE: {**_CELL, "align": "center", "num_format": "yyyy-mm-dd"},
    Look.NOTE: {"font_name": "宋体", "font_size": 10, "align": "left", "valign": "vcenter", "font_color": "#9C0006"},
    Look.HEADING: {"font_name": "黑体", "font_size": 11, "align": "left", "valign": "vcenter"},
    Look.PARAGRAPH: {"font_name": "宋体", "font_size": 10.5, "text_wrap": True, "align": "left", "valign": "top"},
}
_FAULT = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
# What people may do on a protected sheet besides typing: add rows, make them higher, columns wider.
_ALLOWED = {"insert_rows": True, "delete_rows": True, "format_rows": True, "format_columns": True, "format_cells": True}


# The buttons of a sheet, in pixels: they stand in a pile beside the form.
_BUTTON = {"width": 104, "height": 30}
_PICTURE_OFFSET = 3  # pixels from the corner of its cell
_BUTTON_LEFT, _BUTTON_TOP, _BUTTON_STEP = 14, 8, 40


class Macros(NamedTuple):
    """A compiled VBA project, and the names that its macros look up, each with the cell that it stands for (`='表'!$A$1`)."""

    project: bytes
    names: dict[str, str]


def paint_book(
    drawings: Sequence[SheetDrawing],
    title: str,
    macros: Macros | None = None,
    properties: Mapping[str, str] | None = None,
) -> bytes:
    """A workbook of these sheets, with macros an `.xlsm`; `properties` are custom document properties. The same drawings give the
    same bytes."""
    from xlsxwriter import Workbook

    stream = BytesIO()
    # XlsxWriter changes the properties that it is given: each workbook gets its own.
    with Workbook(stream, {**_OPTIONS, "default_format_properties": {**_FONT}}) as workbook:
        workbook.set_properties({"title": shown(title), "created": CREATED})
        for name, value in (properties or {}).items():
            workbook.set_custom_property(name, shown(value), "text")
        if macros is not None:
            workbook.add_vba_project(BytesIO(macros.project), is_stream=True)
            for name, cell in macros.names.items():
                workbook.define_name(name, cell)
        painter = _Painter(workbook)
        for drawing in drawings:
            painter.paint(drawing)
    return stream.getvalue()


class _Painter:
    """Puts drawings on the sheets of one workbook, each cell format made once."""

    def __init__(self, workbook: Workbook) -> None:
        from perfxl.templates.worksheet import FormWorksheet

        self._workbook = workbook
        self._sheet_class = FormWorksheet
        self._formats: dict[tuple[Look, bool], Format] = {}
        self._fault: Format = workbook.add_format(_FAULT)
        words = forms_data()
        self._prompts: dict[str, list[str]] = words["prompts"]
        self._errors: dict[str, list[str]] = words["errors"]

    def paint(self, drawing: SheetDrawing) -> None:
        sheet = self._workbook.add_worksheet(storable(drawing.name), self._sheet_class)
        sheet.growing = drawing.growing
        for column, width in enumerate(drawing.widths):
            sheet.set_column(column, column, width)
        for row, height in row_heights(drawing.boxes, drawing.widths, drawing.least_heights).items():
            sheet.set_row(row - 1, height)
        for each in drawing.boxes:
            self._write(sheet, each)
        for rule in drawing.rules:
            area = (rule.top - 1, rule.left - 1, rule.bottom - 1, rule.right - 1)
            options = {"type": "formula", "criteria": f"={rule.formula}", "format": self._fault}
            sheet.conditional_format(*area, options)
        for validation in drawing.validations:
            area = (validation.top - 1, validation.left - 1, validation.bottom - 1, validation.right - 1)
            sheet.data_validation(*area, self._validation(validation))
        for button in drawing.buttons:
            top = _BUTTON_TOP + button.place * _BUTTON_STEP
            look = {**_BUTTON, "x_offset": _BUTTON_LEFT, "y_offset": top}
            sheet.insert_button(0, button.column - 1, {**look, "caption": button.caption, "macro": button.macro})
        for note in drawing.notes:
            sheet.write_comment(note.row - 1, note.column - 1, note.text, {"author": note.author})
        for picture in drawing.pictures:
            _hang(sheet, picture)
        _set_up_page(sheet, drawing)
        if drawing.protected:
            sheet.protect("", _ALLOWED)

    def _format(self, look: Look, typed: bool) -> Format:
        key = (look, typed)
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format({**_LOOKS[look], "locked": not typed})
        return self._formats[key]

    def _write(self, sheet: Worksheet, each: Box) -> None:
        row, column, cell_format = each.top - 1, each.left - 1, self._format(each.look, each.typed)
        if (each.top, each.left) != (each.bottom, each.right):
            sheet.merge_range(row, column, each.bottom - 1, each.right - 1, "", cell_format)
        value = Decimal(plain(each.value)) if isinstance(each.value, Decimal) else each.value
        if each.formula:
            sheet.write_formula(row, column, f"={each.formula}", cell_format, value)
        elif isinstance(value, Decimal):
            sheet.write_number(row, column, value, cell_format)
        elif value:
            sheet.write_string(row, column, storable(value), cell_format)
        else:
            sheet.write_blank(row, column, None, cell_format)

    def _validation(self, validation: Validation) -> dict[str, Any]:
        options: dict[str, Any] = {"ignore_blank": True}
        match validation.kind:
            case "number":
                low, high = validation.low, validation.high
                options |= {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
            case "formula":
                options |= {"validate": "custom", "value": f"={validation.formula}"}
            case "list":
                options |= {"validate": "list", "source": list(validation.words)}
            case "offer":
                options |= {"validate": "list", "source": list(validation.words), "show_error": False}
            case _:
                options |= {"validate": "any"}
        if validation.prompt:
            options["input_title"], options["input_message"] = self._prompts[validation.prompt]
        if validation.error:
            options["error_title"], options["error_message"] = self._errors[validation.error]
        return options


def _hang(sheet: Worksheet, picture: Picture) -> None:
    options = {
        "image_data": BytesIO(picture.data),
        "description": picture.description,
        "x_offset": _PICTURE_OFFSET,
        "y_offset": _PICTURE_OFFSET,
        "x_scale": picture.scale,
        "y_scale": picture.scale,
    }
    sheet.insert_image(picture.row - 1, picture.column - 1, f"{picture.description}.png", options)


def _set_up_page(sheet: Worksheet, drawing: SheetDrawing) -> None:
    if drawing.landscape:
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    sheet.set_paper(_A4)
    sheet.set_margins(_SIDE, _SIDE, _TOP, _BOTTOM)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    if drawing.repeated is not None:
        sheet.repeat_rows(drawing.repeated[0] - 1, drawing.repeated[1] - 1)
    title, under = (text.replace("&", "&&") for text in drawing.header)
    if title:
        line = f'\n&"宋体,常规"&10{under[:_HEADER]}' if under else ""
        sheet.set_header(f'&C&"黑体,常规"&14{title}{line}', {"margin": 0.35})
    # Each sheet begins with page 1 and is filed by itself; LibreOffice leaves the running title out on page 1 only.
    sheet.set_start_page(1)
    sheet.set_footer('&C&"宋体,常规"&9第 &P 页')
    if drawing.frozen:
        sheet.freeze_panes(drawing.frozen, 0)
    if drawing.last_printed:
        sheet.print_area(f"A1:{a1(drawing.last_printed, len(drawing.widths))}")


# Excel takes a header of 255 signs.
_HEADER = 120
