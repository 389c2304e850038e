"""The page 汇总: key figures, charts, the departments of each year; all figures are formulas over the detail sheets."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from perfxl.checks.texts import load_text
from perfxl.consolidate.summary.charts import Series, bars, columns
from perfxl.consolidate.summary.figures import BANDS, GRADES, NOTHING, Department, Overview, Sums, Year
from perfxl.consolidate.summary.formulas import Formulas, Scope
from perfxl.consolidate.summary.layout import (
    ACCENT,
    AMOUNT,
    BODY,
    COUNT,
    GREY,
    HEAD,
    PALE,
    RATE,
    SEVERITIES,
    TITLE,
    Formats,
    cell_look,
    set_up_page,
    sum_look,
)
from perfxl.grid.address import Ref, column_letters
from perfxl.scoring.rounding import rounded
from perfxl.signs import in_cell

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

NAME = "汇总"
_HEADINGS = ("主管部门", "项目数", "年初预算数", "全年预算数", "全年执行数", "执行率", *GRADES, "错误数", "警告数")
_WIDTHS = (30, 8, 15, 15, 15, 10, 7, 7, 7, 7, 8, 8)
_KINDS = ("text", "count", "amount", "amount", "amount", "rate", *["count"] * 6)
_LAST = len(_HEADINGS)
_TILES = ((1, 1), (2, 3), (4, 5), (6, 8), (9, 12))  # first and last column of each
_REMARKS_AT = 8  # the row
_CHART_ROWS = 18
_ROW_PIXELS = 24
_GAP = 8  # pixels between charts; the last ones end one pixel before the page, or their frames are not printed
_MOST_BARS = 20
_MOST_KINDS = 9
_MOST_CELLS = 40_000_000
"""Cells that the formulas of the departments may look at, all together; beyond, a spreadsheet program would take minutes."""
_NO_NAME = "（没有填写）"
_UNGRADED = "未定"  # the total hangs on a score that only a person can give

_TILE: dict[str, Any] = {"bg_color": PALE, "align": "center", "valign": "vcenter", "left": 5, "left_color": "#FFFFFF"}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"font_name": TITLE, "font_size": 20, "align": "center", "valign": "vcenter", "font_color": ACCENT},
    "subtitle": {"font_name": BODY, "font_size": 10.5, "align": "center", "valign": "vcenter", "font_color": GREY},
    "section": {"font_name": TITLE, "font_size": 12, "valign": "vcenter", "font_color": ACCENT},
    "remark": {"font_name": BODY, "font_size": 10, "valign": "vcenter", "text_wrap": True},
    "label": {**_TILE, "font_name": BODY, "font_size": 10.5, "font_color": GREY, "valign": "bottom"},
    "value": {**_TILE, "font_name": TITLE, "font_size": 20, "font_color": ACCENT, "shrink": True},
    "caption": {**_TILE, "font_name": BODY, "font_size": 9, "font_color": GREY, "valign": "top", "shrink": True},
}


class _Page:
    """Draws the page from top to bottom. Rows and columns count from 1."""

    def __init__(
        self, workbook: Workbook, formats: Formats, overview: Overview, formulas: Formulas, live: bool, rows: int
    ) -> None:
        from perfxl.templates.worksheet import FormWorksheet

        self._workbook = workbook
        self._sheet = workbook.add_worksheet(NAME, FormWorksheet)
        self._formats = formats
        self._overview = overview
        self._formulas = formulas
        self._rows = rows
        self._live = live
        self._apart = len(overview.named) > 1

    def draw(self, remarks: Sequence[str]) -> None:
        """The whole page; `remarks` are lines under the key figures."""
        for at, width in enumerate(_WIDTHS):
            self._sheet.set_column(at, at, width)
        self._sheet.set_default_row(19)
        first = self._overview.years[0]
        self._merged(1, 1, _LAST, "项目支出绩效自评汇总", "title")
        self._sheet.set_row(0, 40)
        self._merged(2, 1, _LAST, self._subtitle(first), "subtitle")
        self._sheet.set_row(1, 20)
        self._sheet.set_row(2, 6)
        for row, height in ((4, 22), (5, 34), (6, 20)):
            self._sheet.set_row(row - 1, height)
        for row, remark in enumerate(remarks, _REMARKS_AT):
            self._merged(row, 1, _LAST, remark, "remark")
            self._sheet.set_row(row - 1, 18)
        charts_at = _REMARKS_AT + len(remarks) + (1 if remarks else 0)
        department_at = charts_at + _CHART_ROWS + 1
        rows = self._year(department_at, first, filtered=True)
        sums_row = rows[1] + 1
        tables = self._tables(sums_row + 2)
        self._charts(charts_at, rows, tables)
        self._tiles(sums_row, first)
        row = tables["end"] + 2
        for year in self._overview.years[1:]:
            row = self._year(row, year)[1] + 3
        self._sheet.freeze_panes(1, 0)
        self._sheet.hide_gridlines(2)
        set_up_page(self._sheet, "项目支出绩效自评汇总")
        self._sheet.activate()

    def _subtitle(self, first: Year) -> str:
        shown = first.year or next(iter(self._overview.named), None)
        parts = [f"{shown} 年度" if shown else "", f"{len(first.departments)} 个部门", "金额单位：万元"]
        if self._overview.dated:
            parts.append(f"最新的一本工作簿 {self._overview.dated}")
        return " · ".join(part for part in parts if part)

    def _tiles(self, sums_row: int, first: Year) -> None:
        sums, scope = first.sums, Scope(first.year, self._apart)
        replaced = self._overview.replaced
        counts = {
            severity: sum(kind.times for kind in self._overview.kinds if kind.severity == severity)
            for severity in SEVERITIES
        }
        warnings, advice = self._formulas.findings(scope, "warning"), self._formulas.findings(scope, "advice")
        initial = f'"年初预算 "&TEXT(C{sums_row},"{AMOUNT}")'
        unspent = f'"未执行 "&TEXT(D{sums_row}-E{sums_row},"{AMOUNT}")'
        milder = f'"警告 "&{warnings}&" · 建议 "&{advice}'
        tiles: list[tuple[str, str, Any, str, str, str]] = [
            ("执行率", f"F{sums_row}", sums.rate, RATE, "", "全年执行数 ÷ 全年预算数，按资金加权"),
            (
                "自评表",
                f"B{sums_row}",
                sums.forms,
                COUNT,
                "",
                f"另有 {replaced} 张已由新的代替" if replaced else "重复报送的只计一张",
            ),
            ("全年预算数", f"D{sums_row}", sums.budget, AMOUNT, initial, f"年初预算 {_money(sums.initial_budget)}"),
            (
                "全年执行数",
                f"E{sums_row}",
                sums.executed,
                AMOUNT,
                unspent,
                f"未执行 {_money(sums.budget - sums.executed)}",
            ),
            (
                "错误（处）",
                self._formulas.findings(scope, "error"),
                counts["error"],
                COUNT,
                milder,
                f"警告 {counts['warning']} · 建议 {counts['advice']}",
            ),
        ]
        for (left, right), (label, formula, value, number, said_by, said) in zip(_TILES, tiles, strict=True):
            self._merged(4, left, right, label, "label")
            self._merged(5, left, right, "", "value", num_format=number)
            self._counted(5, left, formula, value, {**_LOOKS["value"], "num_format": number})
            self._merged(6, left, right, said, "caption")
            if said_by:
                self._counted(6, left, said_by, said, _LOOKS["caption"])

    def _year(self, top: int, year: Year, *, filtered: bool = False) -> tuple[int, int]:
        """The departments of a year; gives the first and last of their rows. The row of sums comes after them."""
        of_year = "" if not self._apart else "（没有写年度）" if year.year is None else f"（{year.year} 年度）"
        self._merged(top, 1, _LAST, f"各部门{of_year}", "section")
        self._sheet.set_row(top - 1, 24)
        self._head(top + 1, 1, _HEADINGS)
        self._sheet.set_row(top, 24)
        first = top + 2
        departments = year.departments or [Department(None, NOTHING)]
        live = self._rows * len(self._overview.years) * len(departments) * _LAST < _MOST_CELLS
        for row, department in enumerate(departments, first):
            self._department(row, department, Scope(year.year, self._apart), live=live)
        last = first + len(departments) - 1
        if filtered:
            self._sheet.autofilter(top, 0, last - 1, _LAST - 1)
        self._sums(last + 1, first, year.sums)
        return first, last

    def _department(self, row: int, department: Department, scope: Scope, *, live: bool) -> None:
        name = department.name
        self._text(row, 1, _NO_NAME if name is None else in_cell(name), cell_look("text"))
        who, make = ('""' if name is None else f"$A{row}"), self._formulas
        formulas = [
            make.forms(scope, who),
            *(make.summed(scope, who, heading) for heading in ("年初预算数", "全年预算数", "全年执行数")),
            _rate(row),
            *(make.forms_graded(scope, who, grade) for grade in GRADES),
            *(make.summed(scope, who, heading) for heading in ("错误数", "警告数")),
        ]
        for column, (formula, value) in enumerate(zip(formulas, _values(department.sums), strict=True), 2):
            look = cell_look(_KINDS[column - 1])
            if formula == _rate(row):
                self._formula(row, column, formula, value, look)
            else:
                self._counted(row, column, formula, value, look, live=live)

    def _sums(self, row: int, first: int, sums: Sums) -> None:
        self._text(row, 1, "合计", sum_look("centred"))
        for column, value in enumerate(_values(sums), 2):
            letter = column_letters(column)
            formula = _rate(row) if _KINDS[column - 1] == "rate" else f"SUM({letter}{first}:{letter}{row - 1})"
            self._formula(row, column, formula, value, sum_look(_KINDS[column - 1]))

    def _tables(self, top: int) -> dict[str, int]:
        """The tables that the charts show; gives their first rows and the last row of all."""
        scope, kinds = Scope(self._overview.years[0].year, self._apart), self._overview.kinds
        self._merged(top, 1, 4, "问题种类", "section")
        self._merged(top, 6, 7, "总分分布", "section")
        self._merged(top, 9, 10, "等级", "section")
        self._head(top + 1, 1, ("问题", "级别", "代码", "处数"))
        self._head(top + 1, 6, ("总分", "张数"))
        self._head(top + 1, 9, ("等级", "张数"))
        first = top + 2
        for row, kind in enumerate(kinds, first):
            self._text(row, 1, load_text(kind.code).title, cell_look("text"))
            variant = list(SEVERITIES).index(kind.severity)
            self._text(row, 2, SEVERITIES[kind.severity][0], cell_look("severity", variant, findings=True))
            self._text(row, 3, kind.code, cell_look("centred"))
            self._counted(
                row, 4, self._formulas.findings(scope, kind.severity, kind.code), kind.times, cell_look("count")
            )
        for number, count in enumerate(self._overview.bands):
            self._text(first + number, 6, _band(number), cell_look("centred"))
            self._counted(first + number, 7, self._formulas.band(scope, number), count, cell_look("count"))
        sums, sums_row = self._overview.years[0].sums, top - 2
        for number, (grade, count) in enumerate(zip(GRADES, sums.grades, strict=True)):
            self._text(first + number, 9, grade, cell_look("centred"))
            self._formula(
                first + number, 10, f"{column_letters(_HEADINGS.index(grade) + 1)}{sums_row}", count, cell_look("count")
            )
        self._text(first + len(GRADES), 9, _UNGRADED, cell_look("centred"))
        rest = f"B{sums_row}-SUM(J{first}:J{first + len(GRADES) - 1})"
        self._formula(first + len(GRADES), 10, rest, sums.forms - sum(sums.grades), cell_look("count"))
        return {"first": first, "end": first + max(len(kinds), len(BANDS))}

    def _charts(self, top: int, departments: tuple[int, int], tables: dict[str, int]) -> None:
        first, last = departments
        shown = min(last, first + _MOST_BARS - 1)
        many = f"（全年预算数最大的 {_MOST_BARS} 个）" if shown < last else ""
        rates = bars(self._workbook, f"各部门执行率{many}", Series(NAME, first, shown, 1, 6), number="0.0%")
        start, kinds = tables["first"], self._overview.kinds[:_MOST_KINDS]
        grades = columns(self._workbook, "等级（张）", Series(NAME, start, start + len(GRADES), 9, 10))
        bands = columns(self._workbook, "总分分布（张）", Series(NAME, start, start + len(BANDS) - 1, 6, 7))
        left, right = _pixels(_WIDTHS[:4]), _pixels(_WIDTHS[4:])
        height = _CHART_ROWS * _ROW_PIXELS
        self._place(rates, top, 1, left, height)  # ends with a column: programs differ in how wide one is
        self._place(grades, top, 5, right // 3 - _GAP, height // 2 - _GAP, offset=_GAP)
        self._place(bands, top, 5, right - right // 3 - _GAP - 1, height // 2 - _GAP, offset=right // 3 + _GAP)
        if kinds:
            fills = [SEVERITIES[kind.severity][2] for kind in kinds]
            series = Series(NAME, start, start + len(kinds) - 1, 1, 4)
            chart = bars(self._workbook, "问题最多的种类（处）", series, fills=fills)
            self._place(chart, top + _CHART_ROWS // 2, 5, right - _GAP - 1, height // 2, offset=_GAP)
        for row in range(top, top + _CHART_ROWS):
            self._sheet.set_row(row - 1, _ROW_PIXELS * 0.75)

    def _place(self, chart: Any, row: int, column: int, width: int, height: int, *, offset: int = 0) -> None:
        chart.set_size({"width": width, "height": height})
        self._sheet.insert_chart(row - 1, column - 1, chart, {"x_offset": offset, "object_position": 3})

    def _head(self, row: int, left: int, headings: Sequence[str]) -> None:
        for column, heading in enumerate(headings, left):
            self._text(row, column, heading, HEAD)

    def _text(self, row: int, column: int, text: str, look: dict[str, Any]) -> None:
        self._sheet.write_string(row - 1, column - 1, text, self._formats(look))

    def _counted(
        self, row: int, column: int, formula: str, value: Any, look: dict[str, Any], *, live: bool = True
    ) -> None:
        """A formula over a detail sheet; only its value where that sheet does not hold all rows."""
        if live and self._live:
            self._formula(row, column, formula, value, look)
        elif isinstance(value, str):
            self._text(row, column, value, look)
        else:
            self._sheet.write_number(row - 1, column - 1, value or 0, self._formats(look))

    def _formula(self, row: int, column: int, formula: str, value: Any, look: dict[str, Any]) -> None:
        """A formula over this page."""
        cached = "" if value is None else value if isinstance(value, str) else float(value)
        self._sheet.write_formula(row - 1, column - 1, f"={formula}", self._formats(look), cached)

    def _merged(self, row: int, left: int, right: int, text: str, look: str, **more: Any) -> None:
        made = self._formats({**_LOOKS[look], **more})
        if left == right:
            self._sheet.write_string(row - 1, left - 1, text, made)
        else:
            self._sheet.merge_range(row - 1, left - 1, row - 1, right - 1, "", made)
            self._sheet.write_string(row - 1, left - 1, text, made)


def draw_overview(
    workbook: Workbook,
    formats: Formats,
    overview: Overview,
    formulas: Formulas,
    remarks: Sequence[str],
    *,
    live: bool,
    rows: int,
) -> None:
    """The page as the next sheet of the workbook; `rows` are those of 项目. `live` tells that they are all there: else the departments have
    values instead of formulas."""
    _Page(workbook, formats, overview, formulas, live, rows).draw(remarks)


def _values(sums: Sums) -> list[Decimal | int | None]:
    amounts = (sums.initial_budget, sums.budget, sums.executed, sums.rate)
    return [sums.forms, *amounts, *sums.grades, sums.errors, sums.warnings]


def _rate(row: int) -> str:
    budget, executed = Ref(row, 4).a1, Ref(row, 5).a1
    return f'IF({budget}=0,"",{executed}/{budget})'


def _band(number: int) -> str:
    low, high = BANDS[number]
    if high is None:
        return f"≥{low}"
    return f"<{high}" if low == 0 else f"{low}–{high}"


def _money(amount: Decimal) -> str:
    return f"{rounded(amount, 2):,.2f}"


def _pixels(widths: Sequence[float]) -> int:
    return sum(int(width * 8 + 5) for width in widths)
