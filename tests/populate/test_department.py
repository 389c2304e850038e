"""Forms of a department's whole spending: made from a row of the plan, from a declaration, from last year's form."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from perfxl.data import shipped_folder
from perfxl.form.model import Form
from perfxl.outcome import Disagreement
from perfxl.populate.books import new_blank
from tests.export.test_export import export
from tests.populate.plans import EXPORT_HEAD, INDICATORS, project, rows_of, write_plan, write_sheet
from tests.populate.test_new import forms_in, new
from tests.populate.test_populate import populate, put

WHOLE = project(
    project="部门整体支出", project_code="317000", implementing_unit=None, fiscal=None, carryover=None, total=5200
)


def one_of(path: Path) -> Form:
    (form,) = forms_in(path)
    return form


def rows(form: Form) -> list[tuple[str, str, str, Decimal | None]]:
    return [
        (row.level2, row.name.text, row.target_text, row.weight.number if row.weight else None)
        for row in form.indicators
        if not row.name.empty
    ]


PLANNED = [
    ("数量指标", "加固长度", "≥2公里", Decimal(20)),
    ("质量指标", "验收合格率", "100%", Decimal("20.5")),
    ("时效指标", "完工时间", "2025年11月底前", Decimal("9.5")),
    ("社会效益指标", "沿岸防洪能力", "明显提高", Decimal(30)),
    ("服务对象满意度指标", "沿岸居民满意度", "≥90%", Decimal(10)),
]


@pytest.fixture
def planned(tmp_path: Path) -> Path:
    """This year's form of the department, made from a plan that names a project too."""
    plan = write_plan(tmp_path / "计划.xlsx", [project(), WHOLE])
    outcome = new(tmp_path / "表", plan)
    assert [failure.error for failure in outcome.failures] == []
    return tmp_path / "表" / "青川市水务局2025年度自评表.xlsx"


def test_a_row_of_the_plan_gives_the_form_of_a_department_beside_its_projects(planned: Path) -> None:
    of_project, whole = forms_in(planned)
    assert (of_project.title, of_project.sheet) == ("项目支出绩效自评表", "河堤加固")
    assert (whole.title, whole.sheet, whole.whole_department) == ("部门整体支出绩效自评表", "部门整体支出", True)
    assert whole.project is None
    assert whole.department
    assert (whole.department.name, whole.department.code) == ("青川市水务局", "317")
    assert whole.year == 2025
    assert whole.fund_total
    assert whole.fund_total.budget
    assert whole.fund_total.budget.number == 5200
    assert rows(whole) == PLANNED


def test_what_is_spent_on_running_and_on_projects_is_added_up(tmp_path: Path) -> None:
    head = ["项目代码", "项目名称", "主管部门", "年度", "基本支出（元）", "项目支出（元）"]
    head += ["一级指标", "二级指标", "三级指标", "指标值", "分值"]
    lines = [
        [None, "部门整体支出", "[317]青川市水务局", 2025, 30000000, 22000000, *row[:3], "".join(row[3:6]), row[6]]
        for row in INDICATORS
    ]
    new(tmp_path / "a.xlsx", write_sheet(tmp_path / "导出.xlsx", [head, *lines]))
    amounts = [line.budget.number for line in one_of(tmp_path / "a.xlsx").funds if line.budget]
    assert amounts == [5200, 3000, 2200]


def test_a_project_is_no_department(tmp_path: Path) -> None:
    plan = write_plan(tmp_path / "计划.xlsx", [project()])
    (failure,) = new(tmp_path / "表", plan, template="department").failures
    assert "工作表“项目”单元格 A3：“河堤加固”填不进部门整体支出绩效自评表" in failure.error
    (failure,) = new(tmp_path / "表", write_plan(plan, [WHOLE]), template="declaration").failures
    assert "“部门整体支出”填不进项目支出绩效目标申报表" in failure.error
    nobody = project(project="部门整体支出", department=None, department_code=None, implementing_unit=None)
    (failure,) = new(tmp_path / "表", write_plan(plan, [nobody])).failures
    assert "工作表“项目”单元格 A3：没有写是哪个部门的整体支出" in failure.error
    assert not (tmp_path / "表").exists()


def declaration(path: Path, department: str) -> Path:
    """A declaration of a department's whole spending, as it is filled in by hand."""
    book: Any = load_workbook(shipped_folder("workbook_templates") / "项目支出绩效目标申报表.xlsx")
    sheet = book["申报表"]
    sheet["A1"], sheet["A2"], sheet["A3"], sheet["C3"] = (
        "部门整体支出绩效目标申报表",
        "（2025年度）",
        "部门名称",
        department,
    )
    sheet["A4"] = sheet["E4"] = None
    sheet["B9"] = "保障防洪安全。"
    (head,) = (row for row in range(1, 20) if sheet.cell(row, 2).value == "一级指标")
    for row, name in ((head + 1, "巡查河道"), (head + 2, "清淤河道")):
        for column, value in enumerate([name, "≥", 60, "公里", 45], 4):
            sheet.cell(row, column, value)
    book.save(path)
    return path


def test_a_declaration_of_the_department_gives_and_fills_its_form(tmp_path: Path) -> None:
    declared = declaration(tmp_path / "申报.xlsx", "[317]青川市水务局")
    assert new(tmp_path / "表", declared).failures == []
    made = one_of(tmp_path / "表" / "青川市水务局2025年度自评表.xlsx")
    assert rows(made) == [
        ("数量指标", "巡查河道", "≥60公里", Decimal(45)),
        ("数量指标", "清淤河道", "≥60公里", Decimal(45)),
    ]
    new_blank(tmp_path / "a.xlsx", "department")
    filled = put(tmp_path / "a.xlsx", A2="（2025年度）", C3="青川市水务局")
    outcome = populate(filled, declared)
    assert rows(one_of(filled)) == rows(made)
    assert outcome.disagreements == []


def test_last_year_gives_the_indicators_of_the_department_only(planned: Path, tmp_path: Path) -> None:
    new_blank(tmp_path / "a.xlsx", "department")
    path = put(tmp_path / "a.xlsx", A2="（2026年度）", C3="[317]青川市水务局")
    assert populate(path, last_year=planned).disagreements == []
    form = one_of(path)
    undated = [(level, name, "" if "2025" in target else target, weight) for level, name, target, weight in PLANNED]
    assert rows(form) == undated
    assert form.fund_total
    assert form.fund_total.budget
    assert form.fund_total.budget.empty


@pytest.mark.parametrize(
    ("name", "kind", "cell"),
    [
        ("青川市 水务局（本级）", Disagreement.PROJECT_NAME_NEAR, "C3"),
        ("青川市林业局", Disagreement.NOT_IN_SOURCES, "C3"),
        (None, Disagreement.NOT_IN_SOURCES, "A1"),
    ],
)
def test_another_departments_form_is_left_alone(
    planned: Path, tmp_path: Path, name: str | None, kind: Disagreement, cell: str
) -> None:
    new_blank(tmp_path / "a.xlsx", "department")
    outcome = populate(put(tmp_path / "a.xlsx", C3=name), planned)
    assert outcome.changes == []
    assert [(found.kind, found.cell) for found in outcome.disagreements or []] == [(kind, cell)]
    assert rows(one_of(tmp_path / "a.xlsx")) == []


def test_names_that_bring_their_codes_are_one_project_over_all_its_rows(tmp_path: Path) -> None:
    lines = [
        [None, f"[{code}]设备购置", "[101]青川市教育局", f"101-{unit}", "2025", *row, 1234500]
        for code, unit in (("X1", "第一小学"), ("X2", "第二小学"))
        for row in INDICATORS
    ]
    path = write_sheet(tmp_path / "导出.xlsx", [EXPORT_HEAD, *lines])
    new(tmp_path / "a.xlsx", path)
    projects = [
        (form.project.code, form.project.name, len(form.indicators))
        for form in forms_in(tmp_path / "a.xlsx")
        if form.project
    ]
    assert projects == [("X1", "设备购置", 5), ("X2", "设备购置", 5)]


def test_a_code_of_the_project_above_is_not_the_next_ones(tmp_path: Path) -> None:
    other = project(project_code=None, project="河道清淤")
    lines = [*rows_of(project()), *rows_of(other)]
    new(tmp_path / "a.xlsx", write_plan(tmp_path / "计划.xlsx", [project(), other], lines))
    assert [len(form.indicators) for form in forms_in(tmp_path / "a.xlsx")] == [5, 5]


def test_each_published_page_names_the_department(planned: Path, tmp_path: Path) -> None:
    document = export(tmp_path / "a.docx", planned)
    running = [section.header.paragraphs[0].text for section in document.sections]
    assert running == [
        "项目支出绩效自评表　（2025年度）　河堤加固",
        "部门整体支出绩效自评表　（2025年度）　青川市水务局",
    ]
