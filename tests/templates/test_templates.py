"""The templates: built files up to date, protected but open where people type, alive in another program, read back by perfxl."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from perfxl.data import shipped_folder
from perfxl.form.model import Form
from perfxl.form.reader import read_forms
from perfxl.grid.address import Ref, column_letters
from perfxl.rules import load_profile
from perfxl.scoring import score_form
from perfxl.scoring.rounding import rounded
from perfxl.templates.books import all_books
from perfxl.templates.catalogue import (
    FormTemplate,
    all_templates,
    form_template,
    form_templates,
    forms_data,
    template_named,
)
from perfxl.templates.content import IndicatorContent
from perfxl.templates.drawing import Look
from perfxl.templates.fitting import LINE
from perfxl.templates.form import lay_out_form
from perfxl.templates.painter import paint_book
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.port import Edit
from tests.libreoffice import CSV_AS_STORED, convert, edited, pdf_pages, picture
from tests.populate.plans import write_plan
from tests.templates.contents import content

EVALUATING = [template for template in form_templates().values() if template.evaluates]


def drawn(template: FormTemplate, path: Path) -> ClosedWorkbook:
    """The template filled with a project, as a workbook."""
    path.write_bytes(paint_book([lay_out_form(template, content())], template.title))
    return ClosedWorkbook.open(path)


def form_of(book: ClosedWorkbook, sheet: str) -> Form:
    (form,) = read_forms(book.grid(sheet))
    return form


def rows_of(path: Path) -> list[list[str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def cells(sheet: Any) -> Iterator[Any]:
    """Every cell of an openpyxl sheet but those hidden under a merged one."""
    return (cell for row in sheet.iter_rows() for cell in row if type(cell).__name__ == "Cell")


def test_built_workbooks_are_up_to_date() -> None:
    built = {path.name: path.read_bytes() for path in shipped_folder("workbook_templates").glob("*.xlsx")}
    assert built.keys() == {template.file for template in all_templates()}
    stale = [file for file, data in all_books().items() if built[file] != data]
    assert not stale, f"python -m perfxl.templates.build brings {stale} up to date"


@pytest.mark.parametrize("template", all_templates(), ids=lambda template: template.name)
def test_labels_and_formulas_are_locked_without_a_password_and_the_rest_is_open(template: FormTemplate) -> None:
    book: Any = load_workbook(shipped_folder("workbook_templates") / template.file)
    for sheet in book:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert not sheet.protection.insertRows  # 0 is: allowed
    sheet = book.worksheets[0]
    formulas = [cell for cell in cells(sheet) if str(cell.value).startswith("=")]
    assert formulas
    assert all(cell.protection.locked for cell in formulas)
    blank = [cell for cell in cells(sheet) if cell.value is None and cell.border.left.style]
    assert sum(not cell.protection.locked for cell in blank) > len(blank) * 0.8


@pytest.mark.parametrize("template", form_templates().values(), ids=lambda template: template.name)
def test_each_open_cell_of_a_form_says_what_to_type(template: FormTemplate) -> None:
    sheet: Any = load_workbook(shipped_folder("workbook_templates") / template.file).worksheets[0]
    told = {
        (row, column)
        for validation in sheet.data_validations.dataValidation
        if validation.prompt
        for area in validation.sqref.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }
    silent = [
        cell.coordinate for cell in cells(sheet) if not cell.protection.locked and (cell.row, cell.column) not in told
    ]
    assert silent == []


def test_prompts_are_as_short_as_excel_wants_them() -> None:
    for kind in ("prompts", "errors"):
        for key, (title, message) in forms_data()[kind].items():
            assert len(title) <= 32, key
            assert len(message) <= 255, key


@pytest.mark.parametrize("template", EVALUATING, ids=lambda template: template.name)
def test_a_filled_form_is_read_as_it_was_planned(template: FormTemplate, tmp_path: Path) -> None:
    plan, form = content(), form_of(drawn(template, tmp_path / "a.xlsx"), template.sheet)
    assert (form.department.name, form.department.code) == plan.department if form.department else False
    assert form.goal is not None
    assert form.goal.text == plan.goal
    assert form.year == plan.year
    rows = [
        (row.level1, row.level2, row.name.text, row.target_text, row.weight and row.weight.number)
        for row in form.indicators
    ]
    targets = ["≥2公里", "≥98%", "2022年11月底前", "明显提高", "≥90%"]
    assert rows == [(r.level1, r.level2, r.name, t, r.weight) for r, t in zip(plan.indicators, targets, strict=True)]
    assert not form.missing


def test_a_form_of_2019_counts_carried_over_money_among_the_other(tmp_path: Path) -> None:
    form = form_of(drawn(form_templates()["2019"], tmp_path / "a.xlsx"), "自评表")
    other = form.funds[2]
    assert (other.label.text, other.budget and other.budget.number) == ("其他资金", Decimal("2.4"))
    assert [section.weight for section in form.sections] == [Decimal(50), Decimal(30), Decimal(10)]


# 全年预算数, 全年执行数: both sides of the edges at which points or the rate round up.
EDGES = [
    ("30", "29.97"),
    ("2000", "1997"),
    ("2000", "1996.99"),
    ("2000", "1997.01"),
    ("200", "199.9"),
    ("200", "199.89"),
    ("1000", "995.5"),
    ("1000", "995.49"),
    ("20000", "19999"),
    ("20000", "19998.99"),
    ("3", "1"),
    ("0.3", "0.1"),
    ("11.3765", "9.1012"),
    ("70", "0"),
    ("32.4", "32.4"),
    ("30", "31"),
]
SCORES = ["19.995", "20.5", "9.49", "26.67", "0.005"]


def test_libreoffice_works_out_what_perfxl_does_on_both_sides_of_each_edge(tmp_path: Path) -> None:
    cases = [(t, edge, f"{t.name}-{number}") for t in EVALUATING for number, edge in enumerate(EDGES)]
    path = tmp_path / "edges.xlsx"
    path.write_bytes(paint_book([lay_out_form(t, content(), name) for t, _, name in cases], "edges"))
    book = ClosedWorkbook.open(path)
    edits = []
    for _, (budget, executed), name in cases:
        form = form_of(book, name)
        line = form.fund_total
        assert line is not None
        assert line.budget is not None
        assert line.executed is not None
        edits += [Edit(name, line.budget.at, Decimal(budget)), Edit(name, line.executed.at, Decimal(executed))]
        for row, score in zip(form.indicators, SCORES, strict=True):
            assert row.score is not None
            edits.append(Edit(name, row.score.at, Decimal(score)))
    book.apply(edits)
    book.save()
    convert(path, CSV_AS_STORED, tmp_path / "csv", recalculate=True)
    for template, edge, name in cases:
        form = form_of(book, name)
        scores = score_form(form, load_profile(template.profile))
        shown = rows_of(tmp_path / "csv" / f"edges-{name}.csv")
        line = form.fund_total
        assert line is not None
        assert line.execution_rate is not None
        assert line.score is not None
        assert form.total is not None
        assert form.total.score is not None

        def at(ref: Ref, shown: list[list[str]] = shown) -> Decimal:
            text = shown[ref.row - 1][ref.column - 1]
            return Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1)

        assert (edge, at(line.execution_rate.at)) == (edge, scores.funds[0].rate_shown)
        assert (edge, at(line.score.at)) == (edge, scores.funds[0].score)
        assert scores.computed is not None
        assert (edge, at(form.total.score.at)) == (edge, rounded(scores.computed, 2))


def test_the_form_says_so_where_weights_do_not_add_up(tmp_path: Path) -> None:
    template = form_templates()["2020"]
    plan = content()
    short = plan._replace(indicators=plan.indicators[:-1])
    path = tmp_path / "a.xlsx"
    path.write_bytes(paint_book([lay_out_form(template, short)], ""))
    sheet: Any = load_workbook(path, data_only=True)["自评表"]
    texts = [str(cell.value) for cell in cells(sheet) if cell.value]
    assert texts[-1] == "分值合计：90 分，应为 100 分，请核对执行率和各行的分值。"
    csv_path = convert(path, CSV_AS_STORED, tmp_path / "csv", recalculate=True)
    assert texts[-1] in csv_path.read_text(encoding="utf-8")


@pytest.mark.parametrize("template", all_templates(), ids=lambda template: template.name)
def test_cached_values_are_what_libreoffice_works_out(template: FormTemplate, tmp_path: Path) -> None:
    file = shipped_folder("workbook_templates") / template.file
    sheet: Any = load_workbook(file, data_only=True).worksheets[0]
    stored = [[cell.value if cell.value is not None else "" for cell in row] for row in sheet.iter_rows()]
    recalculated = convert(file, CSV_AS_STORED, tmp_path, recalculate=True)
    shown = tmp_path / f"{recalculated.stem.rpartition('-')[0]}-{sheet.title}.csv"
    for row, texts in zip(stored, rows_of(shown), strict=False):
        got = [text.strip() for text in texts]
        assert got == [str(value).strip() for value in row][: len(got)]


def test_a_blank_form_is_one_page(tmp_path: Path) -> None:
    highest = max((t for t in form_templates().values() if t.evaluates), key=lambda t: len(t.rows))
    pages = pdf_pages(convert(shipped_folder("workbook_templates") / highest.file, "pdf", tmp_path))
    assert len(pages) == 2
    assert "总分" in pages[0]
    assert "填报说明" in pages[1]


def test_names_over_the_end_of_a_page_stand_where_it_does_not_cut_them() -> None:
    rows = tuple(IndicatorContent("产出指标", "服务对象满意度指标", f"第{n}项", "1", None) for n in range(13))
    for count, look in ((12, Look.CENTRED), (13, Look.SECTION)):
        drawing = lay_out_form(form_template("2020"), content()._replace(indicators=rows[:count]))
        names = [each for each in drawing.boxes if each.bottom - each.top + 1 >= count]
        assert [(each.value, each.look) for each in names] == [
            ("绩效\n指标", look),
            ("产出指标", look),
            ("服务对象满意度指标", look),
        ]
    # Of the name two lines stand in the first row; the page may end below it.
    assert drawing.least_heights[names[2].top] >= 2 * LINE


def test_a_plan_adds_up_the_weights_of_each_project_whatever_its_code_and_name(tmp_path: Path) -> None:
    code = "53010225000000001234"  # of more digits than a number has: 5 and 6 behind it are two projects
    projects = [
        {"project_code": f"{code}5", "project": "甲", "year": 2025},
        {"project_code": f"{code}6", "project": "乙", "year": 2025},
        {"project": "丙*", "year": 2025},
        {"project": "丙丁", "year": 2025},
        {"project_code": 137, "project": "戊", "year": 2025},
        {"project_code": "P1", "project": "己", "year": 2025},
        {"project": "~=庚?", "year": 2025},
        {"project_code": f"{code}57", "project": "辛", "year": 2025},
        {"project_code": "246", "project": "壬", "year": 2025},
        {"project_code": "248", "project": "癸", "year": 2025},
    ]
    weights = [
        (f"{code}5", "甲", 90),
        (f"{code}6", "乙", 80.5),
        (None, "丙*", 70),
        (None, "丙丁", 60),
        ("137", "戊", 50),
        ("P1", "己", 40),
        ("P10", "己", 3),
        (None, "~=庚?", 30),
        (None, "~=庚庚", 3),
        (f"{code}57", "辛", 20),
        ("246", "壬", 10),
        (248, "癸", 5),
    ]
    sums = [90, 80.5, 70, 60, 50, 40, 30, 20, 10, 5, None]
    lines = [(key, name, "产出指标", "数量指标", "长度", "≥", 1, "米", weight) for key, name, weight in weights]
    blank: list[tuple[Any, ...]] = [()] * 900
    path = write_plan(tmp_path / "计划.xlsx", projects, [*lines[:3], *blank, *lines[3:]])
    recalculated: Any = load_workbook(convert(path, "xlsx", tmp_path / "out", recalculate=True), data_only=True)
    assert [recalculated["项目"].cell(row, 13).value for row in range(3, 14)] == sums
    # Excel's SUMIF takes the first two codes for one number, LibreOffice's does not: all their signs are compared too.
    formula = load_workbook(path)["项目"]["M3"].value
    assert re.search(r'LEN\(\w+\)>15,SUMIFS\(.*&"\*"\)', formula)


def test_a_guide_names_the_sources_of_what_it_says_and_no_others() -> None:
    def sources(name: str) -> list[str]:
        sheet: Any = load_workbook(shipped_folder("workbook_templates") / template_named(name).file)["填报说明"]
        texts = [cell.value for (cell, *_) in sheet.iter_rows() if cell.value]
        return texts[texts.index("依据") + 1 :] if "依据" in texts else []

    assert sources("ledger") == []
    assert sources("plan") == ["财预〔2020〕10号附件：项目支出绩效自评表"]
    assert "项目支出绩效评价管理办法（财预〔2020〕10号）" in sources("2020")


def test_levels_stand_once_over_their_rows() -> None:
    for template in form_templates().values():
        names = [level1 for level1, _ in groupby(row.level1 for row in template.rows)]
        assert len(names) == len(set(names))
        assert len({(row.level1, row.level2) for row in template.rows}) == len(template.rows)


def test_rows_of_the_table_grow_with_what_is_typed_there(tmp_path: Path) -> None:
    form = form_of(drawn(form_templates()["2020"], tmp_path / "a.xlsx"), "自评表")
    with ZipFile(tmp_path / "a.xlsx") as package:  # openpyxl takes every height for a fixed one
        rows = re.findall(r'<row r="(\d+)"([^>]*)>', package.read("xl/worksheets/sheet1.xml").decode())
    fixed = {int(row) for row, attributes in rows if "customHeight" in attributes}
    assert fixed.isdisjoint(row.row for row in form.indicators)
    assert form.goal is not None
    assert form.goal.at.row in fixed


@pytest.mark.parametrize("template", EVALUATING, ids=lambda template: template.name)
def test_rows_that_people_insert_count_and_are_checked(template: FormTemplate, tmp_path: Path) -> None:
    drawn(template, tmp_path / "a.xlsx")
    first, total = _rows_of_table(tmp_path / "a.xlsx", template)
    weight, name, score, reason = (template.column(role) for role in ("weight", "name", "score", "reason"))
    # One below the first row, one right above the total: 100 + 5 + 5.
    steps = f"sheet.Rows.insertByIndex({first}, 1)\nsheet.Rows.insertByIndex({total}, 1)\n"
    for row in (first + 1, total + 1):
        steps += f"sheet.getCellByPosition({name - 1}, {row - 1}).String = '新增'\n"
        steps += f"sheet.getCellByPosition({weight - 1}, {row - 1}).Value = 5\n"
    saved = edited(tmp_path / "a.xlsx", steps, tmp_path / "b.xlsx")
    values: Any = load_workbook(saved, data_only=True).worksheets[0]
    assert values.cell(total + 2, weight).value == 110
    assert values.cell(total + 3, 1).value == "分值合计：110 分，应为 100 分，请核对执行率和各行的分值。"
    sheet: Any = load_workbook(saved).worksheets[0]
    for row in (first + 1, total + 1):
        assert sheet.cell(row, name).border.bottom.style == "thin"
        assert not sheet.cell(row, score).protection.locked
        for column in (name, weight, score, reason):
            at = sheet.cell(row, column).coordinate
            assert [check.promptTitle for check in sheet.data_validations.dataValidation if at in check.sqref]
        coloured = {sheet.cell(row, column).coordinate for column in (score, reason)}
        ranges = [area.sqref for area, _ in sheet.conditional_formatting._cf_rules.items()]
        assert all(any(at in area for area in ranges) for at in coloured)


def _rows_of_table(path: Path, template: FormTemplate) -> tuple[int, int]:
    """The first row of the indicators and the row of the total."""
    form = form_of(ClosedWorkbook.open(path), template.sheet)
    assert form.total is not None
    return form.head.row + 1, form.total.label.at.row


FAULT_COLOUR = bytes([0xFF, 0xC7, 0xCE])


def test_a_missing_reason_is_coloured_until_it_is_written(tmp_path: Path) -> None:
    book = drawn(form_templates()["2020"], tmp_path / "a.xlsx")
    row = form_of(book, "自评表").indicators[0]
    assert row.score is not None
    assert row.reason is not None
    shown = []
    for score, reason in (
        (Decimal(20), ""),
        (Decimal("19.99"), ""),
        (Decimal("19.99"), "无"),
        (Decimal(19), "汛期停工"),
    ):
        book.apply([Edit("自评表", row.score.at, score), Edit("自评表", row.reason.at, reason)])
        book.save(fsync=False)
        page = picture(convert(tmp_path / "a.xlsx", "pdf", tmp_path / "pdf"))
        shown.append(page.count(FAULT_COLOUR) > 500)
    assert shown == [False, True, True, False]


@pytest.mark.parametrize("template", EVALUATING, ids=lambda template: template.name)
def test_numbers_levels_and_tiers_are_checked_as_they_are_typed(template: FormTemplate) -> None:
    sheet: Any = load_workbook(shipped_folder("workbook_templates") / template.file).worksheets[0]
    first, total = _rows_of_table(shipped_folder("workbook_templates") / template.file, template)
    checks = {}
    for column in template.columns:
        at = f"{column_letters(column.first)}{first}"
        (checks[column.role],) = [check for check in sheet.data_validations.dataValidation if at in check.sqref]
        assert f"{column_letters(column.first)}{total - 1}" in checks[column.role].sqref
    assert (checks["weight"].type, checks["weight"].formula1, checks["weight"].formula2) == ("decimal", "0", "100")
    assert (checks["score"].type, checks["score"].showErrorMessage) == ("custom", True)
    offered = {role: checks[role].formula1.strip('"').split(",") for role in ("level1", "level2", "actual")}
    assert offered["level1"] == list(dict.fromkeys(row.level1 for row in template.rows))
    assert offered["level2"] == list(dict.fromkeys(row.level2 for row in template.rows))
    assert offered["actual"] == [tier.name for tier in load_profile(template.profile).tiers]


def test_each_page_of_a_long_form_has_title_and_head_and_the_first_has_them_once(tmp_path: Path) -> None:
    plan = content()
    rows = tuple(row._replace(name=f"{row.name}（{number}）") for row in plan.indicators for number in range(1, 13))
    drawings = [lay_out_form(form_templates()["2020"], plan._replace(indicators=rows), name) for name in ("甲", "乙")]
    (tmp_path / "a.xlsx").write_bytes(paint_book(drawings, ""))
    pages = pdf_pages(convert(tmp_path / "a.xlsx", "pdf", tmp_path / "pdf"))
    half = len(pages) // 2
    assert half > 1
    assert [(page.count("项目支出绩效自评表"), page.count("三级指标")) for page in pages] == [(1, 1)] * len(pages)
    assert all("河堤加固" in page for page in pages)
    numbers = [*range(1, half + 1)] * 2  # each form is filed by itself
    assert all(f"第{number}页" in "".join(page.split()) for number, page in zip(numbers, pages, strict=True))
