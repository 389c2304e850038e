"""A letter as a workbook, to be worked through line by line: a sheet of findings, a sheet of the forms concerned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from perfxl.checks.finding import Severity
from perfxl.documenttime import CREATED
from perfxl.grid.address import column_letters
from perfxl.letters import wording
from perfxl.letters.content import Letter
from perfxl.scoring.rounding import divided
from perfxl.templates.fitting import text_height
from perfxl.workbooks.marks.model import LOOKS

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_FINDINGS, _FORMS = wording.KIND, "涉及的自评表"
_HEADS = ("序号", "项目名称", "文件", "工作表", "单元格", "级别", "问题", "现值", "应为", "怎样改", "处理情况")
_WIDTHS = (5, 18, 20, 13, 7, 9, 38, 12, 11, 30, 10)
_STATES = ("已更正", "已核实", "有异议")
_FORM_WIDTHS = (6, 34, 46, 14, 14, 10, 14, 8, 8, 8)
_FONT = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
_GRID = {**_FONT, "border": 1, "text_wrap": True}
_LEAST, _TITLE_HEIGHT = 24.0, 36.0
_A4 = 9


def write_workbook(letter: Letter, properties: Mapping[str, str]) -> bytes:
    """The letter's workbook; `properties` go into it. Texts stay texts, whatever they begin with."""
    from xlsxwriter import Workbook

    stream = BytesIO()
    with Workbook(stream, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": wording.title(letter), "created": CREATED})
        for name, value in properties.items():
            workbook.set_custom_property(name, value, "text")
        looks = _Looks(workbook)
        _draw_findings(workbook.add_worksheet(_FINDINGS), letter, looks)
        _draw_forms(workbook.add_worksheet(_FORMS), letter, looks)
    return stream.getvalue()


class _Looks:
    """The cell formats of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        def made(**look: object) -> Format:
            return workbook.add_format(look)

        self.title = made(font_name="黑体", font_size=18, align="center", valign="vcenter")
        self.text = made(**_FONT, text_wrap=True)
        self.right = made(**_FONT, align="right")
        self.head = made(**_GRID, bold=True, align="center", bg_color="#F2F2F2")
        self.cell = made(**_GRID)
        self.centred = made(**_GRID, align="center")
        self.money = made(**_GRID, align="right", num_format="#,##0.00")
        self.rate = made(**_GRID, align="right", num_format="0.00%")
        self.severity = {
            severity: made(**_GRID, align="center", bg_color=f"#{look.fill}", font_color=f"#{look.text}")
            for severity, look in LOOKS.items()
        }


def _draw_findings(sheet: Worksheet, letter: Letter, looks: _Looks) -> None:
    last = len(_HEADS) - 1
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, 0, 0, last, wording.title(letter), looks.title)
    sheet.set_row(0, _TITLE_HEIGHT)
    row = 1
    for text in (wording.addressee(letter), *(f"　　{each}" for each in wording.paragraphs(letter))):
        sheet.merge_range(row, 0, row, last, "", looks.text)
        sheet.write_string(row, 0, text, looks.text)
        sheet.set_row(row, text_height(text, _WIDTHS))
        row += 1
    head = row
    _write_row(sheet, head, _HEADS, [looks.head] * len(_HEADS))
    sheet.set_row(head, _LEAST)
    number = 0
    for form in letter.forms:
        for finding in form.findings:
            row, number = row + 1, number + 1
            values = (
                number, form.project, form.book, form.sheet, finding.cell, finding.severity.label, finding.problem,
                finding.found, finding.expected, finding.todo, "",
            )  # fmt: skip
            formats = [looks.cell] * len(values)
            formats[0] = formats[4] = looks.centred
            formats[5] = looks.severity[finding.severity]
            _write_row(sheet, row, values, formats)
            sheet.set_row(row, _row_height(values, _WIDTHS))
    states = {"validate": "list", "source": list(_STATES), "show_error": False}
    sheet.data_validation(head + 1, last, row, last, states)
    sheet.autofilter(head, 0, row, last)
    for line in ("", wording.CONTACT, *wording.SIGNATURE):
        row += 1
        sheet.merge_range(row, 0, row, last, "", looks.right)
        sheet.write_string(row, 0, line, looks.right)
        sheet.set_row(row, _LEAST)
    _set_up(sheet, head, row, last)


def _draw_forms(sheet: Worksheet, letter: Letter, looks: _Looks) -> None:
    heads = ("序号", "项目名称", "文件 · 工作表", *wording.FIGURE_HEADS)
    for column, width in enumerate(_FORM_WIDTHS):
        sheet.set_column(column, column, width)
    _write_row(sheet, 0, heads, [looks.head] * len(heads))
    sheet.set_row(0, _LEAST)
    plain, centred = looks.cell, looks.centred
    formats = [centred, plain, plain, looks.money, looks.money, looks.rate, centred, centred, centred, centred]
    for row, form in enumerate(letter.forms, 1):
        rate = divided(form.executed, form.budget) if form.budget and form.executed is not None else "—"
        values = (
            row, form.project, form.place, *("—" if each is None else each for each in (form.budget, form.executed)),
            rate, wording.score(form), *wording.form_counts(form),
        )  # fmt: skip
        _write_row(sheet, row, values, formats)
        sheet.set_row(row, _row_height(values, _FORM_WIDTHS))
    _write_sums(sheet, letter, formats)
    _set_up(sheet, 0, len(letter.forms) + 1, len(heads) - 1)


def _write_sums(sheet: Worksheet, letter: Letter, formats: Sequence[Format]) -> None:
    """Sums as formulas; the rate is that of the sums, over the forms that tell both figures."""
    row = len(letter.forms) + 1
    both = [form for form in letter.forms if form.budget is not None and form.executed is not None]
    budget = wording.added(form.budget for form in letter.forms)
    executed = wording.added(form.executed for form in letter.forms)
    cells = dict(enumerate((wording.SUMS, f"{len(letter.forms)} 张", "")))
    for column, each in enumerate(formats):
        sheet.write_string(row, column, cells.get(column, ""), each)
    for column, value in ((3, budget), (4, executed)):
        if value is not None:
            sheet.write_formula(row, column, f"=SUM({_column(column, row)})", formats[column], value)
    amounts, spent = _column(3, row), _column(4, row)
    known = wording.added(form.budget for form in both)
    if known:
        ratio = f"SUMPRODUCT(ISNUMBER({amounts})*ISNUMBER({spent}),{{0}})"
        formula = f"={ratio.format(spent)}/{ratio.format(amounts)}"
        done = wording.added(form.executed for form in both)
        assert done is not None
        sheet.write_formula(row, 5, formula, formats[5], divided(done, known))
    for column, severity in enumerate(Severity, 7):
        sheet.write_formula(row, column, f"=SUM({_column(column, row)})", formats[column], letter.count(severity))
    sheet.set_row(row, _LEAST)


def _column(column: int, last: int) -> str:
    letters = column_letters(column + 1)
    return f"{letters}2:{letters}{last}"


def _write_row(sheet: Worksheet, row: int, values: Sequence[Any], formats: Sequence[Format]) -> None:
    for column, (value, each) in enumerate(zip(values, formats, strict=True)):
        if isinstance(value, str):
            sheet.write_string(row, column, value, each)
        else:
            sheet.write_number(row, column, value, each)


def _row_height(values: Sequence[Any], widths: Sequence[int]) -> float:
    texts = ((value, width) for value, width in zip(values, widths, strict=True) if isinstance(value, str))
    return max(_LEAST, *(text_height(text, [width]) for text, width in texts))


def _set_up(sheet: Worksheet, head: int, last_row: int, last_column: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(0.5, 0.5, 0.6, 0.7)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.freeze_panes(head + 1, 0)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.set_footer("&C&9第 &P 页 共 &N 页")
