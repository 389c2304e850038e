"""From a plan to forms: each form complete, read back as planned, without a finding once it is rightly filled."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from perfxl.cli import main
from perfxl.errors import UnwritableBook
from perfxl.form.model import Form
from perfxl.form.reader import read_forms
from perfxl.grid.address import Ref
from perfxl.outcome import Outcome
from perfxl.populate.books import new_blank, new_from_plan
from perfxl.report.text import write_text
from perfxl.sources import Book, find_books
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.port import Edit
from tests.populate.plans import EXPORT_HEAD, INDICATORS, project, rows_of, write_export, write_plan, write_sheet


def new(out: Path, *plans: Path, template: str | None = None, per_project: bool = False) -> Outcome:
    return new_from_plan(out, [Book(plan, plan.name) for plan in plans], template, per_project=per_project)


def forms_in(path: Path) -> list[Form]:
    book = ClosedWorkbook.open(path)
    return [form for sheet in book.sheet_names for form in read_forms(book.grid(sheet))]


def named(form: Form) -> tuple[str | None, str | None, str | None, str | None]:
    """Project code and name, department code, unit."""
    return (
        form.project.code if form.project else None,
        form.project.name if form.project else None,
        form.department.code if form.department else None,
        form.implementing_unit.name if form.implementing_unit else None,
    )


def rows(form: Form) -> list[tuple[str, str, str, str, Decimal | None]]:
    return [
        (row.level1, row.level2, row.name.text, row.target_text, row.weight.number if row.weight else None)
        for row in form.indicators
    ]


PLANNED = [
    ("产出指标", "数量指标", "加固长度", "≥2公里", Decimal(20)),
    ("产出指标", "质量指标", "验收合格率", "100%", Decimal("20.5")),
    ("产出指标", "时效指标", "完工时间", "2025年11月底前", Decimal("9.5")),
    ("效益指标", "社会效益指标", "沿岸防洪能力", "明显提高", Decimal(30)),
    ("满意度指标", "服务对象满意度指标", "沿岸居民满意度", "≥90%", Decimal(10)),
]


def fill(path: Path) -> None:
    """What a person types at the end of the year, in every form of a book."""
    book = ClosedWorkbook.open(path)
    actuals = [("2.1公里", 20), ("95%", "19.48"), ("2025年10月", "9.5"), ("达成预期指标", 28), ("95%", 10)]
    reasons = ["", "一处护坡返工，已整改", "", "上游支流未纳入本期，汛期仍有积水点", ""]
    edits: list[Edit] = []

    def put(form: Form, at: Ref | None, value: object) -> None:
        assert at is not None
        if value != "":
            edits.append(
                Edit(
                    form.sheet, at, value if isinstance(value, str) and not value[:2].isdigit() else Decimal(str(value))
                )
            )

    for form in forms_in(path):
        for line, executed in zip(form.funds, ("31.69", "29.29", "2.4"), strict=False):
            edits.append(Edit(form.sheet, line.executed.at, Decimal(executed)))  # type: ignore[union-attr]
        assert form.goal_result
        edits.append(Edit(form.sheet, form.goal_result.at, "已加固，尾款质保期满后支付"))
        for row, (actual, score), reason in zip(form.indicators, actuals, reasons, strict=True):
            assert row.actual
            assert row.score
            assert row.reason
            edits.append(Edit(form.sheet, row.actual.at, actual))
            edits.append(Edit(form.sheet, row.score.at, Decimal(str(score))))
            if reason:
                edits.append(Edit(form.sheet, row.reason.at, reason))
    book.apply(edits)
    book.save()


def test_a_form_gives_its_plan_back_exactly(tmp_path: Path) -> None:
    plan = write_plan(tmp_path / "计划.xlsx", [project()])
    outcome = new(tmp_path / "out", plan)
    assert not outcome.failures
    (form,) = forms_in(tmp_path / "out" / "青川市水务局2025年度自评表.xlsx")
    assert named(form) == ("A102", "河堤加固", "317", "青川市河道所")
    assert form.year == 2025
    assert form.goal
    assert form.goal.text == project()["goal"]
    assert rows(form) == PLANNED
    amounts = [
        (line.label.text, line.initial_budget and line.initial_budget.number, line.budget and line.budget.number)
        for line in form.funds
    ]
    assert amounts == [
        ("年度资金总额", Decimal("32.4"), Decimal("32.4")),
        ("其中：当年财政拨款", Decimal(30), Decimal(30)),
        ("上年结转资金", Decimal("2.4"), Decimal("2.4")),
        ("其他资金", None, None),
    ]
    assert not form.missing
    assert all(row.reason is not None and row.reason.empty for row in form.indicators)


@pytest.mark.parametrize("template", ["2019", "2020"])
def test_a_rightly_filled_form_has_no_finding_and_score_leaves_its_formulas(
    template: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    year = 2025 if template == "2020" else 2019
    lines = [[c.replace("2025", str(year)) if isinstance(c, str) else c for c in row] for row in rows_of(project())]
    plan = write_plan(tmp_path / "p.xlsx", [project(year=year)], lines)
    path = tmp_path / "a.xlsx"
    assert not new(path, plan).failures
    fill(path)
    if year == 2019:
        book = ClosedWorkbook.open(path)
        (form,) = forms_in(path)
        row = form.indicators[2]
        assert row.actual
        book.apply([Edit(form.sheet, row.actual.at, "2019年10月")])
        book.save()
    status = main(["check", str(path), "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert [finding["message"] for form in report["forms"] for finding in form["findings"]] == []
    assert status == 0
    assert report["forms"][0]["total"]["computed"] == report["forms"][0]["total"]["printed"]
    before = formulas(path)
    assert main(["score", str(path)]) == 0
    assert formulas(path) == before
    assert len(before) > 5


def formulas(path: Path) -> dict[str, str]:
    book: Any = load_workbook(path)
    return {
        f"{sheet.title}!{cell.coordinate}": cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=")
    }


def test_each_department_gets_a_workbook_and_each_project_a_form(tmp_path: Path) -> None:
    projects = [
        project(),
        project(project_code="A103", project="水库清淤"),
        project(project_code="B1", department_code="205", department="青川市教育局"),
    ]
    plan = write_plan(tmp_path / "p.xlsx", projects)
    outcome = new(tmp_path / "out", plan)
    written = {path.name: [form.sheet for form in forms_in(path)] for path in sorted((tmp_path / "out").iterdir())}
    assert written == {
        "青川市教育局2025年度自评表.xlsx": ["自评表"],
        "青川市水务局2025年度自评表.xlsx": ["河堤加固", "水库清淤"],
    }
    assert outcome.books == 2
    new(tmp_path / "each", plan, per_project=True)
    assert sorted(path.relative_to(tmp_path / "each").as_posix() for path in (tmp_path / "each").rglob("*.xlsx")) == [
        "青川市教育局/河堤加固.xlsx",
        "青川市水务局/水库清淤.xlsx",
        "青川市水务局/河堤加固.xlsx",
    ]


def test_an_export_of_a_row_an_indicator_tells_units_of_one_project_name_apart(tmp_path: Path) -> None:
    new(tmp_path / "a.xlsx", write_export(tmp_path / "e.xlsx"))
    first, second = forms_in(tmp_path / "a.xlsx")
    assert [named(form)[3] for form in (first, second)] == ["第一小学", "第二小学"]
    assert rows(first) == rows(second) == PLANNED
    assert first.fund_total
    assert first.fund_total.budget
    assert first.fund_total.budget.number == Decimal("123.45")  # 1234500 元


def test_a_declaration_is_a_plan(tmp_path: Path) -> None:
    plan = write_plan(tmp_path / "p.xlsx", [project()])
    new(tmp_path / "d.xlsx", plan, template="declaration")
    outcome = new(tmp_path / "a.xlsx", tmp_path / "d.xlsx")
    assert outcome.failures == []
    (form,) = forms_in(tmp_path / "a.xlsx")
    assert named(form) == ("A102", "河堤加固", "317", "青川市河道所")
    assert rows(form) == PLANNED
    assert form.goal
    assert form.goal.text == project()["goal"]
    assert [line.budget.number for line in form.funds if line.budget] == [
        Decimal("32.4"),
        Decimal(30),
        Decimal("2.4"),
        None,
    ]


def test_more_indicators_than_rows_and_long_texts_stand_whole(tmp_path: Path) -> None:
    lines: list[list[Any]] = [
        ["A102", "河堤加固", "产出指标", "数量指标", f"第{n}段加固长度", "≥", n, "米", 1] for n in range(1, 51)
    ]
    lines += rows_of(project(), INDICATORS[3:])
    goal = "按规划加固河堤，清除障碍，恢复植被，保障沿岸居民安全度汛。" * 30
    new(tmp_path / "a.xlsx", write_plan(tmp_path / "p.xlsx", [project(goal=goal)], lines))
    (form,) = forms_in(tmp_path / "a.xlsx")
    assert len(form.indicators) == 52
    assert form.goal
    assert form.goal.text == goal
    sheet: Any = load_workbook(tmp_path / "a.xlsx")["自评表"]
    # 870 signs at some 25 a line are 35 lines of 15 points: more than the highest row there can be.
    (area,) = (area for area in sheet.merged_cells.ranges if (area.min_row, area.min_col) == form.goal.at)
    assert sum(sheet.row_dimensions[row].height for row in range(area.min_row, area.max_row + 1)) > 35 * 15
    assert sheet.row_dimensions[area.min_row].height <= 409


def test_cost_as_a_level_of_its_own_takes_the_edition_of_2021(tmp_path: Path) -> None:
    lines: list[list[Any]] = [
        ["A102", "河堤加固", "成本指标", "经济成本指标", "每公里造价", "≤", 16, "万元", 20],
        ["A102", "河堤加固", "产出指标", "数量指标", "加固长度", "≥", 2, "公里", 40],
        ["A102", "河堤加固", "效益指标", "社会效益指标", "防洪能力", "定性", "明显提高", None, 20],
        ["A102", "河堤加固", "满意度指标", "服务对象满意度指标", "居民满意度", "≥", 90, "%", 10],
    ]
    new(tmp_path / "a.xlsx", write_plan(tmp_path / "p.xlsx", [project()], lines))
    (form,) = forms_in(tmp_path / "a.xlsx")
    assert [section.name for section in form.sections] == ["成本指标", "产出指标", "效益指标", "满意度指标"]
    assert rows(form)[0] == ("成本指标", "经济成本指标", "每公里造价", "≤16万元", Decimal(20))


def test_what_does_not_fit_is_told_with_its_cell_and_nothing_is_written(tmp_path: Path) -> None:
    lines = [list(row) for row in rows_of(project())]
    lines[0][-1] = "二十"
    lines[1][2] = "其它指标"
    lines[2][4] = None
    lines.append(["Z9", "没有这个项目", *INDICATORS[0]])
    projects = [project(year="今年", fiscal="三十"), project(project_code="A103", project="水库清淤")]
    lines += [["A103", "水库清淤", *row] for row in INDICATORS[:-1]]
    plan = write_plan(tmp_path / "计划.xlsx", projects, lines)
    outcome = new(tmp_path / "out", plan)
    (failure,) = outcome.failures
    assert failure.book == "计划.xlsx"
    assert failure.error.split("\n") == [
        "没有生成任何文件，计划里有 7 处要改：",
        "工作表“项目”单元格 G3：年度“今年”不是四位数的年份。请改正。",
        "工作表“项目”单元格 H3：金额“三十”不是数字。请只写数字。",
        "工作表“指标”单元格 I3：分值“二十”不是 0 到 100 之间的数。请改为数字。",
        "工作表“指标”单元格 C4：不认识一级指标“其它指标”。请写规定的名称，如产出指标、效益指标、满意度指标。",
        "工作表“指标”单元格 E5：没有写三级指标的名称。请补上，或删除这一行。",
        "工作表“指标”单元格 A8：“项目”表里没有“没有这个项目”。请核对项目代码和名称，两表要一致。",
        "工作表“项目”单元格 A4：项目“水库清淤”的指标分值合计 80 分，加上预算执行率 10 分应为 100 分，即指标应为 90 分。请调整分值。",
    ]
    assert not (tmp_path / "out").exists()
    stream = io.StringIO()
    write_text(outcome, stream)
    assert "1 个文件未能处理" in stream.getvalue()


def test_money_without_a_unit_is_asked_for(tmp_path: Path) -> None:
    head = [label.replace("（元）", "") for label in EXPORT_HEAD]
    plan = write_sheet(tmp_path / "e.xlsx", [head, [None, "设备购置", "教育局", "一小", "2025", *INDICATORS[0], 5]])
    (failure,) = new(tmp_path / "out", plan).failures
    assert "单元格 M1：“全年预算数”没有写明金额单位" in failure.error


def test_names_that_no_sheet_or_file_may_have_are_changed(tmp_path: Path) -> None:
    long = "河堤[加固]/清淤:" + "一" * 40
    projects = [
        project(project=long, department="水务局/河道:处"),
        project(project_code="A9", project=long + "二", department="水务局/河道:处"),
    ]
    new(tmp_path / "out", write_plan(tmp_path / "p.xlsx", projects))
    (path,) = (tmp_path / "out").iterdir()
    assert path.name == "水务局_河道_处2025年度自评表.xlsx"
    names = [form.sheet for form in forms_in(path)]
    assert names == ["河堤_加固__清淤_" + "一" * 21, "河堤_加固__清淤_" + "一" * 18 + "(2)"]
    assert [form.project.name for form in forms_in(path) if form.project] == [long, long + "二"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    plan = write_plan(tmp_path / "p.xlsx", [project(), project(project_code="A3", department="青川市教育局")])
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "青川市教育局2025年度自评表.xlsx").write_text("别人的")
    with pytest.raises(UnwritableBook, match="没有写出任何文件"):
        new(tmp_path / "out", plan)
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_a_sheet_without_projects_is_no_plan(tmp_path: Path) -> None:
    plan = write_sheet(tmp_path / "e.xlsx", [["通讯录"], ["姓名", "电话"]])
    (failure,) = new(tmp_path / "out", plan).failures
    assert "没有找到项目" in failure.error


def test_blank_books_by_file_and_by_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", str(tmp_path / "空表.xlsx")]) == 0
    assert main(["new", str(tmp_path / "plan"), "--template", "plan"]) == 0
    assert (tmp_path / "plan" / "计划表.xlsx").is_file()
    assert main(["new", str(tmp_path / "空表.xlsx")]) == 2
    assert main(["new", str(tmp_path / "b.xlsx"), "--template", "2031"]) == 2
    assert "没有名为“2031”的模板" in capsys.readouterr().err
    books = find_books([str(tmp_path / "空表.xlsx")]).books
    assert forms_in(books[0].path) == [] or forms_in(books[0].path)[0].project is None
    assert new_blank(tmp_path / "整体.xlsx", "department").notes[0][1] == "已生成空白的部门整体支出绩效自评表。"


def test_declarations_from_a_plan_are_called_so(tmp_path: Path) -> None:
    made = new(tmp_path / "a.xlsx", write_plan(tmp_path / "p.xlsx", [project()]), template="declaration")
    assert [note for _, note in made.notes] == ["已生成 1 张项目支出绩效目标申报表。"]
