"""`perfxl consolidate` and `perfxl query` as people call them."""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from perfxl.cli import main
from perfxl.consolidate.queries import frame
from perfxl.errors import BadSettings
from perfxl.scoring.rounding import plain
from tests.books import change_book
from tests.consolidate.inbox import LONG_AGO, form, hand_in


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "报送"
    hand_in(folder, "水务局/河堤.xlsx", form())
    hand_in(folder, "水务局/水库.xlsx", form("水库除险"), form("渠道清淤"))
    hand_in(folder, "教育局.xlsx", form("课桌更换", "青川市教育局"))
    monkeypatch.chdir(tmp_path)
    return folder


def called(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = main(arguments)
    return status, capsys.readouterr().out


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    return json.loads(called(capsys, *arguments, "--format", "json")[1])


def test_the_report_tells_figures_and_what_to_do(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = called(capsys, "consolidate", "报送", "--store", "汇总.duckdb")
    assert status == 0
    assert said.splitlines() == [
        "各部门（金额：万元）",
        "主管部门                    年度 项目数     全年预算     全年执行  执行率",
        "青川市水务局                2022      3        97.20        95.07  97.81%",
        "青川市教育局                2022      1        32.40        31.69  97.81%",
        "",
        "读取 3 本工作簿",
        "汇总库中有 4 张自评表 · 8 条建议",
        "下一步：perfxl query 汇总.duckdb --list 列出可以直接查询的问题。",
    ]


def test_findings_are_counted_alike_wherever_they_are_told(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change_book(inbox / "教育局.xlsx", "自评表1", H17=90)
    hand_in(inbox, "水务局/河堤（修改）.xlsx", form(), at=LONG_AGO + 9)  # replaces a form, whose findings count no more
    said = called(capsys, "consolidate", "报送", "-o", "a.xlsx", "--html", "a.html", "--letters", "意见")[1]
    told = [int(number) for number in re.findall(r"(\d+) (?:处错误|处警告|条建议)", said)]
    rows = load_workbook("a.xlsx", data_only=True)["问题"].iter_rows(min_row=2, values_only=True)
    counted = Counter(row[0] for row in rows if row[-1] == "是")
    assert told == [number for level in ("● 错误", "▲ 警告", "○ 建议") if (number := counted[level])] == [2, 8]
    (page,) = re.findall(r'"years":(\[.*\]),\n"grades"', Path("a.html").read_text(encoding="utf-8"))
    assert [year["findings"] for year in json.loads(page)] == [[2, 0, 8]]
    sums: list[Any] = [load_workbook(path, data_only=True)["涉及的自评表"] for path in Path("意见").glob("*.xlsx")]
    assert [sum(sheet.cell(sheet.max_row, column).value for sheet in sums) for column in (8, 9, 10)] == [2, 0, 8]


def test_long_lists_go_on_where_the_rest_is(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(21):
        hand_in(inbox, f"{number}.xlsx", form(f"项目{number}", f"青川市第{number}办公室"))
    assert "\n…… 另有 3 行，见汇总库\n" in called(capsys, "consolidate", "报送", "--store", "a.duckdb")[1]
    assert "\n…… 另有 3 行，见汇总表\n" in called(capsys, "consolidate", "报送", "-o", "a.xlsx")[1]
    assert "\n…… 另有 3 行\n" in called(capsys, "consolidate", "报送", "--letters", "意见")[1]


def test_the_exit_status_tells_errors_and_failures(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change_book(inbox / "教育局.xlsx", "自评表1", H17=90)
    assert called(capsys, "consolidate", "报送", "--store", "a.duckdb")[0] == 1
    (inbox / "坏.xlsx").write_bytes(b"bad")
    status, said = called(capsys, "consolidate", "报送", "--store", "a.duckdb")
    assert status == 2
    assert "未能读取\n坏.xlsx\n" in said
    assert called(capsys, "consolidate", "报送", "--store", "a.duckdb", "--jobs", "0")[0] == 2


def test_what_yields_no_workbook_is_a_failure(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("空的").mkdir()
    Path("坏的").mkdir()
    Path("坏的/a.zip").write_bytes(b"bad")
    for _ in range(2):  # told each time, and once each
        status, said = called(capsys, "consolidate", "没有", "空的", "坏的", "报送/教育局.xlsx", "--store", "a.duckdb")
        assert status == 2
        assert "没有\n    找不到这个文件或文件夹" in said
        assert "空的\n    文件夹中没有工作簿" in said
        assert "a.zip\n    压缩包已损坏" in said
        assert "汇总库中有 1 张自评表 · 3 个文件未能读取" in said.replace("\n", "")
    said = as_json(capsys, "consolidate", "没有", "空的", "坏的", "报送/教育局.xlsx", "--store", "a.duckdb")["failures"]
    assert sorted(each["book"] for each in said) == ["坏的/a.zip", "没有", "空的"]
    assert called(capsys, "consolidate", "报送/教育局.xlsx", "--store", "b.duckdb")[0] == 0


def test_the_json_says_of_each_form_what_check_says(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change_book(inbox / "教育局.xlsx", "自评表1", H17=90, H8="100%")
    checked = as_json(capsys, "check", "报送")
    stored = as_json(capsys, "consolidate", "报送", "--store", "a.duckdb")
    order = sorted(checked["forms"], key=lambda each: (each["book"], each["sheet"]))
    assert [each | {"superseded_by": None} for each in order] == stored["forms"]
    assert stored["changes"] == stored["failures"] == stored["notes"] == []
    kinds = [(each["code"], len(each["places"])) for each in stored["across"]]
    assert kinds == [(each["code"], len(each["places"])) for each in checked["across"]]


def test_the_json_lists_the_files_that_were_written(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change_book(inbox / "教育局.xlsx", "自评表1", H17=90)
    asked = ("-o", "汇总.xlsx", "--html", "报告.html", "--letters", "意见", "--store", "a.duckdb")
    said = as_json(capsys, "consolidate", "报送", *asked)
    assert said["written"] == [
        {"kind": "summary", "path": "汇总.xlsx", "state": "written"},
        {"kind": "page", "path": "报告.html", "state": "written"},
        *(
            {"kind": "letter", "path": f"意见/青川市{department}退回修改意见{suffix}", "state": "written"}
            for department in ("教育局", "水务局")
            for suffix in (".docx", ".xlsx")
        ),
    ]
    assert all(Path(each["path"]).is_file() for each in said["written"])
    assert {"book": "意见", "note": "写给 2 个部门，各一份 Word 和一份 Excel。"} in said["notes"]
    again = as_json(capsys, "consolidate", "报送", *asked)
    assert [each["state"] for each in again["written"]] == ["unchanged"] * 6


def test_questions_are_answered(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "consolidate", "报送", "--store", "a.duckdb")
    _, said = called(capsys, "query", "a.duckdb", "SELECT project, year FROM forms ORDER BY project LIMIT 2")
    assert said.splitlines() == [
        "project   year", "--------  ----", "水库除险  2022", "河堤加固  2022", "（2 行）"
    ]  # fmt: skip
    answer = as_json(capsys, "query", "a.duckdb", "SELECT sum(budget_10k) AS budget FROM counted")
    assert (answer["columns"], answer["rows"]) == (["budget"], [["129.6"]])
    _, names = called(capsys, "query", "a.duckdb", "--list")
    for line in names.splitlines():
        assert called(capsys, "query", "a.duckdb", line.split()[0])[0] == 0


def test_an_answer_goes_on_as_a_data_frame(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "consolidate", "报送", "--store", "a.duckdb")
    answer = frame(Path("a.duckdb"), "SELECT project, budget_10k FROM counted ORDER BY project")
    told = as_json(capsys, "query", "a.duckdb", "SELECT project, budget_10k FROM counted ORDER BY project")
    assert list(answer.columns) == told["columns"]
    assert [[project, plain(budget)] for project, budget in answer.to_numpy()] == told["rows"]
    assert isinstance(answer["budget_10k"].sum(), Decimal)
    with pytest.raises(BadSettings, match="没有这个名称的表"):
        frame(Path("a.duckdb"), "SELECT * FROM 自评表")


def test_a_question_changes_nothing_and_a_wrong_one_is_told(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "consolidate", "报送", "--store", "a.duckdb")
    assert main(["query", "a.duckdb", "DELETE FROM forms"]) == 2
    assert capsys.readouterr().err.startswith("查询只能读取汇总库，不能改动它。没有改动。")
    for question, told, said in (
        ("SELEC 1", "SQL 的写法有误。请核对", "syntax error"),
        ("各部门", "没有名为“各部门”的现成问题，它也不是 SQL。", "syntax error"),
        ("SELECT * FROM form", "汇总库里没有这个名称的表或函数。请核对名称", 'Did you mean "forms"?'),
        ("SELECT nothing FROM forms", "表里没有这个名称的栏", "nothing"),
        ("SELECT CAST(project AS INTEGER) FROM forms", "有的值不能换算成所要的类型。", "INT32"),
    ):
        assert main(["query", "a.duckdb", question]) == 2
        words, _, theirs = capsys.readouterr().err.partition("\nDuckDB 的说明：")
        assert words.startswith(told) and words.endswith("也可以用 --list 列出的现成问题。")
        assert said in theirs
    for question in ("", "-- 只有说明"):
        assert main(["query", "a.duckdb", "--", question]) == 2
        assert capsys.readouterr().err.startswith("请给出 SQL 或现成问题的名称。")
    assert main(["query", "没有.duckdb", "SELECT 1"]) == 2
    assert "找不到这个汇总库" in capsys.readouterr().err
    assert main(["query", "a.duckdb"]) == 2
    assert "请给出 SQL" in capsys.readouterr().err


def test_tables_go_out_as_parquet(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import duckdb

    called(capsys, "consolidate", "报送", "--store", "a.duckdb")
    status, said = called(capsys, "query", "a.duckdb", "--parquet", "导出")
    assert status == 0
    assert "导出/forms.parquet" in said.splitlines()
    with duckdb.connect() as sql:
        assert sql.execute("SELECT count(*) FROM '导出/indicators.parquet'").fetchall() == [(20,)]


def test_a_cluster_that_is_not_there_is_told(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["consolidate", "报送", "--store", "a.duckdb", "--cluster", "no address"]) == 2
    assert "连不上集群" in capsys.readouterr().err
