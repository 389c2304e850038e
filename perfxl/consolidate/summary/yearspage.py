"""Draws the sheet 年度对比: values side by side, what grew or shrank as formulas."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from perfxl.consolidate.summary.charts import Series, pairs
from perfxl.consolidate.summary.layout import ACCENT, BODY, HEAD, TITLE, Formats, cell_look, set_up_page
from perfxl.signs import in_cell

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from perfxl.consolidate.summary.years import Comparison, Line

NAME = "年度对比"
_WIDTHS = (30, 8, 8, 14, 14, 14, 14, 14, 14, 10, 10, 10)
_FIGURES = (
    "本年项目数", "上年项目数", "本年预算数", "上年预算数", "预算增减", "本年执行数", "上年执行数", "执行增减", "本年执行率", "上年执行率",
    "执行率增减",
)  # fmt: skip
_GROWTH = {"num_format": "+#,##0.00;-#,##0.00;0.00"}
_POINTS = {"num_format": "+0.00%;-0.00%;0.00%"}
_CHART_ROWS, _ROW_PIXELS = 14, 24
_NO_NAME = "（没有填写）"


def draw_years(workbook: Workbook, formats: Formats, comparison: Comparison) -> None:
    """The sheet as the next one of the workbook."""
    from perfxl.templates.worksheet import FormWorksheet

    sheet = workbook.add_worksheet(NAME, FormWorksheet)
    for at, width in enumerate(_WIDTHS):
        sheet.set_column(at, at, width)
    sheet.set_default_row(19)
    sheet.merge_range(0, 0, 0, len(_WIDTHS) - 1, "", formats(_title(20)))
    sheet.write_string(0, 0, "年度对比（金额单位：万元）", formats(_title(20)))
    sheet.set_row(0, 40)
    first = _block(sheet, formats, 2, "各年度合计", "年度", comparison.totals)
    chart_at = first + len(comparison.totals) + 1
    below, this = chart_at + _CHART_ROWS + 1, comparison.year
    if comparison.departments:
        title = f"各部门：{this} 年度与 {this - 1} 年度"
        _block(sheet, formats, below, title, "主管部门", comparison.departments, filtered=True)
    else:
        sheet.write_string(
            below - 1,
            0,
            f"库中没有 {this - 1} 年度的自评表，各部门不与上年对比。",
            formats({"font_name": BODY, "font_size": 10, "valign": "vcenter"}),
        )
    end = first + len(comparison.totals) - 1
    both = [(words, Series(NAME, first, end, 1, column)) for words, column in (("全年预算数", 4), ("全年执行数", 7))]
    chart = pairs(workbook, "各年度预算与执行（万元）", both)
    width = sum(int(width * 8 + 5) for width in _WIDTHS)
    chart.set_size({"width": width, "height": _CHART_ROWS * _ROW_PIXELS})
    sheet.insert_chart(chart_at - 1, 0, chart, {"object_position": 3})
    for row in range(chart_at, chart_at + _CHART_ROWS):
        sheet.set_row(row - 1, _ROW_PIXELS * 0.75)
    sheet.freeze_panes(1, 0)
    sheet.hide_gridlines(2)
    set_up_page(sheet, NAME)


def _block(
    sheet: Worksheet,
    formats: Formats,
    top: int,
    title: str,
    heading: str,
    lines: Sequence[Line],
    *,
    filtered: bool = False,
) -> int:
    """A title, a head and a row for each line; gives the first of these rows, from 1."""
    sheet.write_string(top - 1, 0, title, formats(_title(12, align="left")))
    sheet.set_row(top - 1, 24)
    for column, text in enumerate((heading, *_FIGURES)):
        sheet.write_string(top, column, text, formats(HEAD))
    sheet.set_row(top, 28)
    if filtered:
        sheet.autofilter(top, 0, top + len(lines), len(_FIGURES))
    for row, line in enumerate(lines, top + 2):
        _line(sheet, formats, row, line)
    return top + 2


def _line(sheet: Worksheet, formats: Formats, row: int, line: Line) -> None:
    sheet.write_string(row - 1, 0, _NO_NAME if line.name is None else in_cell(line.name), formats(cell_look("text")))
    for letter, forms in zip("BC", line.forms, strict=True):
        _number(sheet, f"{letter}{row}", forms, formats(cell_look("count")))
    for letter, value in zip("DEGH", (*line.budget, *line.executed), strict=True):
        _number(sheet, f"{letter}{row}", value, formats(cell_look("amount")))
    rates = [
        None if not budget or executed is None else executed / budget
        for budget, executed in zip(line.budget, line.executed, strict=True)
    ]
    amount, rate = formats({**cell_look("amount"), **_GROWTH}), formats(cell_look("rate"))
    for column, left, right, figures in (("F", "D", "E", line.budget), ("I", "G", "H", line.executed)):
        _formula(sheet, f"{column}{row}", _difference(row, left, right), _grown(*figures), amount)
    for column, executed, budget, quotient in (("J", "G", "D", rates[0]), ("K", "H", "E", rates[1])):
        _formula(sheet, f"{column}{row}", f'IF(N({budget}{row})=0,"",{executed}{row}/{budget}{row})', quotient, rate)
    _formula(sheet, f"L{row}", _difference(row, "J", "K"), _grown(*rates), formats({**cell_look("rate"), **_POINTS}))


def _difference(row: int, left: str, right: str) -> str:
    one, other = f"{left}{row}", f"{right}{row}"
    return f'IF(OR({one}="",{other}=""),"",{one}-{other})'


def _grown(this: Decimal | None, last: Decimal | None) -> Decimal | None:
    return None if this is None or last is None else this - last


def _formula(sheet: Worksheet, at: str, formula: str, value: Decimal | None, look: Any) -> None:
    sheet.write_formula(at, f"={formula}", look, "" if value is None else float(value))


def _number(sheet: Worksheet, at: str, value: Decimal | int | None, look: Any) -> None:
    if value is None:
        sheet.write_blank(at, None, look)
    else:
        sheet.write_number(at, value, look)


def _title(size: float, **more: Any) -> dict[str, Any]:
    return {"font_name": TITLE, "font_size": size, "align": "center", "valign": "vcenter", "font_color": ACCENT, **more}
