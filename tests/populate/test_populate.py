"""Existing forms filled in place: empty cells only, nothing lost, what differs told with both figures."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from perfxl.cli import main
from perfxl.errors import UnwritableBook
from perfxl.form.model import Form
from perfxl.grid.address import parse_a1
from perfxl.outcome import Outcome
from perfxl.populate.amounts import converted
from perfxl.populate.books import new_blank, new_from_plan
from perfxl.populate.matching import is_near
from perfxl.populate.populating import populate_books
from perfxl.populate.reading import read_plan
from perfxl.populate.workbook import fill_workbook
from perfxl.sources import Book
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.port import Edit
from tests.books import GOOD_FORM, write_book
from tests.libreoffice import CSV_AS_SHOWN, convert
from tests.populate.plans import INDICATORS, project, rows_of, write_plan, write_sheet
from tests.populate.test_new import PLANNED, forms_in, rows

LEDGER_HEAD = ["项目代码", "项目名称", "支付日期", "摘要", "支付金额（元）"]
pytestmark = pytest.mark.usefixtures("own_data")


def populate(book: Path, *sources: Path, last_year: Path | None = None, dry_run: bool = False) -> Outcome:
    before = [Book(last_year, last_year.name)] if last_year else []
    return populate_books(
        [Book(book, book.name)], [Book(s, s.name) for s in sources], last_year=before, dry_run=dry_run
    )


def put(path: Path, sheet: str = "自评表", /, **cells: Any) -> Path:
    book = ClosedWorkbook.open(path)
    book.apply([Edit(sheet, parse_a1(at), value) for at, value in cells.items()])
    book.save()
    return path


def told(outcome: Outcome) -> list[tuple[Any, ...]]:
    """Where forms and sources disagree, without the messages."""
    return [(f.kind.value, f.cell, f.found, f.expected, f.source) for f in outcome.disagreements or ()]


def one_form(path: Path) -> Form:
    (form,) = forms_in(path)
    return form


def parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_a_blank_form_becomes_the_planned_one_and_undo_gives_it_back(tmp_path: Path) -> None:
    new_blank(tmp_path / "a.xlsx")
    path = put(tmp_path / "a.xlsx", C3="河堤加固")
    blank = path.read_bytes()
    outcome = populate(path, write_plan(tmp_path / "p.xlsx", [project(project_code=None)]))
    assert outcome.failures == []
    form = one_form(path)
    assert sorted(rows(form)) == sorted(PLANNED)
    assert form.year == 2025
    assert form.department
    assert (form.department.name, form.department.code) == ("青川市水务局", "317")
    assert form.implementing_unit
    assert form.goal
    assert form.goal.text == project()["goal"]
    assert [line.budget.number for line in form.funds if line.budget] == [
        Decimal("32.4"),
        Decimal(30),
        Decimal("2.4"),
        None,
    ]
    assert form.total
    assert form.total.weight
    assert form.total.weight.number == 100
    assert {change.why for change in outcome.changes} == {"populate", "recalculated"}
    assert main(["undo", str(path)]) == 0
    assert path.read_bytes() == blank


def test_what_a_person_typed_stays_and_is_compared(tmp_path: Path) -> None:
    new_from_plan(tmp_path / "a.xlsx", [Book(write_plan(tmp_path / "p.xlsx", [project()]), "p")])
    path = put(tmp_path / "a.xlsx", E7=Decimal(29), E13="≥3公里", G13=Decimal(25))
    before = path.read_bytes()
    outcome = populate(path, write_plan(tmp_path / "q.xlsx", [project()]))
    assert outcome.changes == []
    assert told(outcome) == [
        ("value-differs", "E7", "29.00", "30", ("q.xlsx", "项目", "A3")),
        ("value-differs", "G13", "25", "20", ("q.xlsx", "指标", "A3")),
        ("value-differs", "E13", "≥3公里", "≥2公里", ("q.xlsx", "指标", "A3")),
    ]
    assert (outcome.disagreements or [])[1].message == (
        "工作表“自评表”“河堤加固”的“加固长度”的分值填写为“25”，来源“q.xlsx”工作表“指标”单元格 A3 为“20”，保留所填。请核对哪个正确。"
    )
    assert path.read_bytes() == before


def test_lines_of_a_ledger_are_summed_and_converted_and_nothing_else_changes(tmp_path: Path) -> None:
    plan = write_plan(
        tmp_path / "p.xlsx", [project(carryover=None, fiscal=32.4), project(project_code="A9", project="水库清淤")]
    )
    new_from_plan(tmp_path / "a.xlsx", [Book(plan, "p")])
    path = tmp_path / "a.xlsx"
    before = parts(path)
    lines: list[list[Any]] = [
        ["A102", "河堤加固", "2025-03-01", "首付款", 100000],
        ["A102", "河堤加固", "2025-06-01", "进度款", 226900.5],
        ["A102", "河堤加固", "2025-07-01", "退款", -10000],
        ["合计", None, None, None, 316900.5],
    ]
    outcome = populate(path, write_sheet(tmp_path / "台账.xlsx", [["单位：元"], LEDGER_HEAD, *lines]))
    assert outcome.failures == []
    first, second = forms_in(path)
    # 100000 + 226900.50 − 10000 = 316900.50 元
    assert [line.executed.number for line in first.funds if line.executed] == [
        Decimal("31.69005"),
        Decimal("31.69005"),
        None,
        None,
    ]
    assert first.fund_total
    assert first.fund_total.score
    assert first.fund_total.score.number == Decimal("9.78")
    assert [line.executed.number for line in second.funds if line.executed] == [None] * 4
    assert told(outcome) == [("project-not-in-sources", "C3", "水库清淤", None, None)]
    after = parts(path)
    touched = {name for name in before if before[name] != after[name]}
    assert touched <= {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}
    assert before.keys() == after.keys()
    done = path.read_bytes()
    assert populate(path, tmp_path / "台账.xlsx").changes == []
    assert path.read_bytes() == done


def test_plan_and_ledger_may_be_named_in_any_order(tmp_path: Path) -> None:
    plan = write_plan(tmp_path / "计划.xlsx", [project()])
    ledger = write_sheet(tmp_path / "台账.xlsx", [["项目代码", "支付金额（元）"], ["A102", 100000], ["A102", 50000]])
    told_of = []
    for number, sources in enumerate([(plan, ledger), (ledger, plan)]):
        new_blank(tmp_path / f"{number}.xlsx")
        path = put(tmp_path / f"{number}.xlsx", C3="[A102]河堤加固")
        outcome = populate(path, *sources)
        assert outcome.failures == []
        told_of.append([(change.cell, change.after) for change in outcome.changes])
    assert told_of[0] == told_of[1]
    assert ("F6", "15.00") in told_of[0]
    assert ("C4", "[317]青川市水务局") in told_of[0]
    (differs,) = populate(put(path, F6=Decimal(16)), plan, ledger).disagreements or []
    assert (differs.cell, differs.found, differs.expected) == ("F6", "16.00", "15")
    assert differs.source
    assert (differs.source.book, differs.source.sheet, differs.source.cell) == ("台账.xlsx", "Sheet1", "B2")


def test_near_names_are_proposed_and_never_taken(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"自评表": GOOD_FORM})
    before = path.read_bytes()
    plan = write_plan(tmp_path / "p.xlsx", [project(project_code=None, project="青川市河堤加固（二期）", year=2022)])
    outcome = populate(path, plan)
    assert outcome.changes == []
    assert told(outcome) == [
        ("project-name-near", "B3", "河堤加固", "青川市河堤加固（二期）", ("p.xlsx", "项目", "A3"))
    ]
    assert path.read_bytes() == before


def test_a_near_indicator_is_proposed_and_never_taken(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"自评表": GOOD_FORM})
    named = project(project_code=None, year=2022)
    lines = rows_of(named, [("产出指标", "数量指标", "加固（河堤）长度", "≥", "3", "公里", 25)])
    outcome = populate(path, write_plan(tmp_path / "p.xlsx", [named], lines))
    assert ("indicator-name-near", "D12", "加固长度", "加固（河堤）长度", ("p.xlsx", "指标", "A3")) in told(outcome)
    assert one_form(path).indicators[0].weight
    assert [change.cell for change in outcome.changes if change.cell.endswith("12")] == []


def test_disagreements_are_findings_for_people_and_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_book(tmp_path / "a.xlsx", {"自评表": GOOD_FORM})
    plan = write_plan(tmp_path / "p.xlsx", [project(project_code=None, project="河堤加固（二期）", year=2022)])
    assert main(["populate", str(path), "--from", str(plan)]) == 0
    shown = capsys.readouterr().out
    assert "▲ 警告  B3      项目名称相近  河堤加固 ≠ 河堤加固（二期）" in shown
    assert "1 处与来源不符\n下一步：请逐条核对与来源不符的单元格" in shown
    assert main(["populate", str(path), "--from", str(plan), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == [
        {
            "name": "project-name-near",
            "severity": "warning",
            "book": str(path),
            "sheet": "自评表",
            "cell": "B3",
            "found": "河堤加固",
            "expected": "河堤加固（二期）",
            "source": {"book": str(plan), "sheet": "项目", "cell": "A3"},
            "message": f"工作表“自评表”“河堤加固”与来源“{plan}”工作表“项目”单元格 A3 的“河堤加固（二期）”名称相近但不相同，"
            "没有填。如是同一项目，请改成一致后再运行。",
        }
    ]


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("河堤加固", "河堤 加固", True),
        ("河堤加固", "青川市河堤加固", True),
        ("河堤加固（二期）", "河堤加固", True),
        ("“雪亮”工程", "雪亮工程", True),
        ("河堤加固", "河堤清淤", False),
        ("河堤加固", "河堤加固工程", False),
    ],
)
def test_names_are_near_where_signs_brackets_or_the_place_differ(one: str, other: str, near: bool) -> None:
    assert is_near(one, other) is near


def test_last_year_gives_indicators_and_weights_but_no_amounts_and_no_dates(tmp_path: Path) -> None:
    new_from_plan(tmp_path / "2024.xlsx", [Book(write_plan(tmp_path / "p.xlsx", [project(year=2024)]), "p")])
    new_blank(tmp_path / "a.xlsx")
    path = put(tmp_path / "a.xlsx", C3="[A102]河堤加固", A2="（2025年度）")
    outcome = populate(path, last_year=tmp_path / "2024.xlsx")
    assert outcome.failures == []
    form = one_form(path)
    assert form.year == 2025
    assert [line.budget.number for line in form.funds if line.budget] == [None] * 4
    targets = {row.name.text: row.target.text for row in form.indicators if row.target}
    assert targets == {
        "加固长度": "≥2公里",
        "验收合格率": "100%",
        "完工时间": "",
        "沿岸防洪能力": "明显提高",
        "沿岸居民满意度": "≥90%",
    }
    assert sum(row.weight.number or 0 for row in form.indicators if row.weight) == 90


def test_a_source_of_another_year_is_no_source(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"自评表": GOOD_FORM})
    outcome = populate(path, write_plan(tmp_path / "p.xlsx", [project(project_code=None)]))
    assert outcome.changes == []
    assert told(outcome) == [("year-differs", "B3", "2022", "2025", ("p.xlsx", "项目", "A3"))]


SEGMENTS = [["A102", "河堤加固", "产出指标", "数量指标", f"第{n}段", "≥", n, "米", 10] for n in range(1, 6)]


def many_indicators(path: Path) -> Path:
    """A plan with five indicators of a level for which the blank form has two rows."""
    return write_plan(path, [project()], [*SEGMENTS, *rows_of(project(), [INDICATORS[3], INDICATORS[4]])])


def test_where_rows_are_too_few_they_are_inserted_and_undo_takes_them_out(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"自评表": GOOD_FORM})
    before = path.read_bytes()
    more = [
        *INDICATORS,
        ("产出指标", "数量", "加高长度", "≥", 300, "米", 10),
        ("效益指标", "生态效益指标", "新增绿地", "≥", 2, "公顷", 5),
        ("效益指标", "生态效益指标", "栽种树木", "≥", 100, "棵", 5),
    ]
    named = project(project_code=None, year=2022)
    outcome = populate(path, write_plan(tmp_path / "p.xlsx", [named], rows_of(named, more)))
    assert outcome.failures == []
    assert [note for _, note in outcome.notes if "插入" in note] == [
        "工作表“自评表”：空行不够，插入了 1 行（现在的第 13 行）。",
        "工作表“自评表”：空行不够，插入了 2 行（现在的第 17 至 18 行）。",
    ]
    assert [(row.row, row.level1, row.level2, row.name.text) for row in one_form(path).indicators] == [
        (12, "产出指标", "数量指标", "加固长度"),
        (13, "产出指标", "数量指标", "加高长度"),
        (14, "产出指标", "质量指标", "验收合格率"),
        (15, "产出指标", "时效指标", "完工时间"),
        (16, "效益指标", "社会效益指标", "沿岸防洪能力"),
        (17, "效益指标", "生态效益指标", "新增绿地"),
        (18, "效益指标", "生态效益指标", "栽种树木"),
        (19, "满意度指标", "服务对象满意度指标", "沿岸居民满意度"),
    ]
    sheet: Any = load_workbook(path)["自评表"]
    assert {"B12:B15", "B16:B18", "C12:C13", "C17:C18"} < {str(area) for area in sheet.merged_cells.ranges}
    assert main(["undo", str(path)]) == 0
    assert path.read_bytes() == before


def test_forms_below_one_another_each_get_their_rows(tmp_path: Path) -> None:
    other = GOOD_FORM.replace("河堤加固", "水库清淤")
    path = write_book(tmp_path / "a.xlsx", {"自评表": f"{GOOD_FORM}\n{other}"})
    named = [project(project_code=None, year=2022, project=name) for name in ("河堤加固", "水库清淤")]
    more = [*INDICATORS, ("产出指标", "数量指标", "加高长度", "≥", 300, "米", 10)]
    plan = write_plan(tmp_path / "p.xlsx", named, [line for each in named for line in rows_of(each, more)])
    outcome = populate(path, plan)
    assert outcome.failures == []
    first, second = forms_in(path)
    expected = ["加固长度", "加高长度", "验收合格率", "完工时间", "沿岸防洪能力", "沿岸居民满意度"]
    assert [[row.name.text for row in form.indicators] for form in (first, second)] == [expected] * 2
    done = path.read_bytes()
    assert populate(path, plan).changes == []
    assert path.read_bytes() == done


def test_a_workbook_that_takes_no_rows_is_refused_with_where_they_are_missing(tmp_path: Path) -> None:
    new_blank(tmp_path / "a.xlsx")
    workbook = ClosedWorkbook.open(put(tmp_path / "a.xlsx", C3="河堤加固"))
    plan = read_plan([Book(many_indicators(tmp_path / "p.xlsx"), "p.xlsx")])
    with pytest.raises(UnwritableBook, match="请先插入行（第 14 行下 3 行）再填充"):
        fill_workbook(workbook, "a.xlsx", plan.projects)
    assert not workbook.is_changed


def test_libreoffice_counts_what_was_filled_into_new_rows(tmp_path: Path) -> None:
    new_blank(tmp_path / "a.xlsx")
    path = put(tmp_path / "a.xlsx", C3="河堤加固")
    populate(path, many_indicators(tmp_path / "p.xlsx"))
    scored = put(
        path, **{f"H{row}": Decimal(9) for row in range(13, 18)}, H25=Decimal(30), H28=Decimal(10), F6=Decimal("16.2")
    )
    convert(scored, CSV_AS_SHOWN, tmp_path / "out", recalculate=True)
    lines = list(csv.reader((tmp_path / "out" / "a-自评表.csv").read_text(encoding="utf-8").splitlines()))
    # 执行率 16.2 ÷ 32.4 = 50%, of 10 points 5; 5 + 5 × 9 + 30 + 10 = 90.
    total = next(line for line in lines if line[0] == "总分")
    assert (total[6], total[7]) == ("100", "90")
    cached: Any = load_workbook(scored, data_only=True)["自评表"]
    assert [cached.cell(lines.index(total) + 1, column).value for column in (7, 8)] == [100, 90]


def test_rows_are_made_high_enough_for_long_texts(tmp_path: Path) -> None:
    new_blank(tmp_path / "a.xlsx")
    path = put(tmp_path / "a.xlsx", C3="河堤加固")
    named = project(goal="一、加固河堤两公里，汛前完工；二、完成沿岸排水沟清淤。" * 8)
    lines = rows_of(named, [("产出指标", "数量指标", "加固长度", "", "完成左右两岸各一公里的加固，并通过验收", "", 90)])
    outcome = populate(path, write_plan(tmp_path / "p.xlsx", [named], lines))
    form = one_form(path)
    assert form.goal
    assert form.indicators[0].target
    with ZipFile(path) as package:
        tags = re.findall(r'<row r="(\d+)"([^>]*)>', package.read("xl/worksheets/sheet1.xml").decode())
    attributes = {int(row): rest for row, rest in tags}
    # 200 wide signs in a merged cell some 25 wide: eight lines or more of 15 points. The other row goes on to follow its texts.
    height = re.search(r' ht="([\d.]+)" customHeight="1"', attributes[form.goal.at.row])
    assert height
    assert 8 * 15 < float(height[1]) < 12 * 15 + 10
    follows = re.search(r' ht="([\d.]+)"', attributes[form.indicators[0].row])
    assert follows
    assert float(follows[1]) > 3 * 15
    assert "customHeight" not in attributes[form.indicators[0].row]
    assert " ht=" in attributes[form.indicators[0].row + 1]
    told_of = f"工作表“自评表”：为显示全部内容，加高了第 {form.goal.at.row} 行。"
    assert told_of in [note for _, note in outcome.notes]


def test_new_rows_can_be_scored_marked_and_cleared(tmp_path: Path) -> None:
    new_blank(tmp_path / "a.xlsx")
    path = put(tmp_path / "a.xlsx", C3="河堤加固")
    populate(path, many_indicators(tmp_path / "p.xlsx"))
    filled = put(path, F13="1米", F15="1米", F6=Decimal("32.4")).read_bytes()
    assert main(["score", str(path)]) == 1
    scores = {row.name.text: row.score.number for row in one_form(path).indicators if row.score}
    assert {name: scores[name] for name in ("第1段", "第3段")} == {"第1段": 10, "第3段": Decimal("3.33")}
    assert main(["clear", str(path)]) == 0
    assert main(["undo", "--force", str(path)]) == 0
    assert main(["undo", "--force", str(path)]) == 0
    assert path.read_bytes() == filled


def test_an_indicator_of_a_level_that_the_form_does_not_have_is_refused(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"自评表": GOOD_FORM})
    before = path.read_bytes()
    named = project(project_code=None, year=2022)
    lines = rows_of(named, [("成本指标", "经济成本指标", "总造价", "≤", 32, "万元", 90)])
    (failure,) = populate(path, write_plan(tmp_path / "p.xlsx", [named], lines)).failures
    assert "“河堤加固”的行不够：表上没有“成本指标”，它的 1 项指标没有地方填" in failure.error
    assert path.read_bytes() == before


def test_no_row_is_inserted_that_would_cut_a_form_beside_it(tmp_path: Path) -> None:
    other = GOOD_FORM.replace("河堤加固", "水库清淤").strip().split("\n")
    beside = "\n".join(f"{left} | | {right}" for left, right in zip(GOOD_FORM.strip().split("\n"), other, strict=True))
    path = write_book(tmp_path / "a.xlsx", {"自评表": beside})
    assert len(forms_in(path)) == 2
    before = path.read_bytes()
    named = project(project_code=None, year=2022)
    lines = rows_of(named, [*INDICATORS, ("产出指标", "数量指标", "加高长度", "≥", 300, "米", 10)])
    (failure,) = populate(path, write_plan(tmp_path / "p.xlsx", [named], lines)).failures
    assert "旁边还有另一张表，插入的行会把它切开" in failure.error
    assert path.read_bytes() == before


def test_a_fault_in_a_source_stops_everything(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"自评表": GOOD_FORM})
    ledger = write_sheet(tmp_path / "t.xlsx", [LEDGER_HEAD, ["A102", "河堤加固", "", "首付款", "十万"]])
    (failure,) = populate(path, ledger).failures
    assert (
        failure.error
        == "没有填写任何表，来源里有 1 处要改：\n工作表“Sheet1”单元格 E2：金额“十万”不是数字。请只写数字。"
    )


def test_a_dry_run_tells_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new_from_plan(tmp_path / "a.xlsx", [Book(write_plan(tmp_path / "p.xlsx", [project()]), "p")])
    ledger = write_sheet(tmp_path / "t.xlsx", [LEDGER_HEAD, ["A102", "河堤加固", "", "首付款", 316900]])
    before = (tmp_path / "a.xlsx").read_bytes()
    assert main(["populate", str(tmp_path / "a.xlsx"), "--from", str(ledger), "--dry-run"]) == 0
    assert "将更新 " in capsys.readouterr().out
    assert (tmp_path / "a.xlsx").read_bytes() == before
    assert main(["populate", str(tmp_path / "a.xlsx")]) == 2
    assert "没有给出来源" in capsys.readouterr().err


def test_amounts_are_converted_exactly() -> None:
    assert converted(Decimal(299700), "元", "万元") == Decimal("29.97")
    assert converted(Decimal("6.47"), "亿元", "元") == Decimal(647000000)


def test_the_example_of_the_docs_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "plans.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    write_plan(tmp_path / "计划.xlsx", [project()])
    write_sheet(tmp_path / "执行情况表.xlsx", [LEDGER_HEAD, ["A102", "河堤加固", "", "首付款", 316900]])
    exec(compile(example, "plans.md", "exec"), {})
    assert capsys.readouterr().out == ""
    form = one_form(tmp_path / "自评表" / "青川市水务局2025年度自评表.xlsx")
    assert next(line.executed.number for line in form.funds if line.executed) == Decimal("31.69")
    assert (tmp_path / "公开.docx").stat().st_size > 10_000


def test_a_column_of_another_unit_is_filled_in_that_unit(tmp_path: Path) -> None:
    new_blank(tmp_path / "a.xlsx")
    path = put(tmp_path / "a.xlsx", C3="河堤加固", E5="全年预算数（元）")
    outcome = populate(path, write_plan(tmp_path / "p.xlsx", [project(project_code=None)]))
    assert outcome.failures == []
    total = one_form(path).fund_total
    assert total is not None
    assert total.initial_budget is not None
    assert total.budget is not None
    assert total.budget.number == total.initial_budget.number
    assert Decimal(total.budget.text.replace(",", "")) == Decimal(total.initial_budget.text.replace(",", "")) * 10000
    assert told(populate(path, tmp_path / "p.xlsx")) == []
