"""`perfxl score` and `perfxl undo`: whole workbooks in, whole workbooks out."""

from pathlib import Path
from typing import Any

import pytest

from perfxl.cli import main
from tests.books import GOOD_FORM, change_book, contents, write_book
from tests.commands import Run
from tests.libreoffice import convert, pdf_text

pytestmark = pytest.mark.usefixtures("own_data")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_book(tmp_path / "水务局" / "自评表 2022.xlsx", {"自评表": GOOD_FORM})


def changed(report: dict[str, Any]) -> dict[str, tuple[str, str, str]]:
    return {change["cell"]: (change["before"], change["after"], change["why"]) for change in report["changes"]}


def differences(
    before: dict[str, tuple[object, str]], after: dict[str, tuple[object, str]]
) -> dict[str, tuple[object, str]]:
    return {place: value for place, value in after.items() if before.get(place) != value} | dict.fromkeys(
        before.keys() - after.keys(), (None, "")
    )


def test_a_form_without_fault_is_left_alone(book: Path, run: Run) -> None:
    bytes_before = book.read_bytes()
    status, report = run("score", book)
    assert (status, report["changes"], report["failures"]) == (0, [], [])
    assert [form["findings"] for form in report["forms"]] == [[]]
    assert book.read_bytes() == bytes_before


def test_arithmetic_is_put_right_and_nothing_else_changes(book: Path, run: Run) -> None:
    change_book(book, H6=1, I6=9, H17=97)
    before, bytes_before = contents(book), book.read_bytes()
    status, report = run("score", book)
    assert status == 0
    assert changed(report) == {
        "H6": ("100.00%", "97.81%", "FND001"),
        "I6": ("9", "9.78", "SCR007"),
        "H17": ("97", "96.78", "SCR009"),
    }
    assert differences(before, contents(book)) == {
        "自评表!H6": (0.9781, "0.00%"),
        "自评表!I6": (9.78, "General"),
        "自评表!H17": (96.78, "General"),
    }
    assert report["forms"][0]["findings"] == []  # findings describe the form after writing
    scored = book.read_bytes()
    assert run("score", book)[1]["changes"] == []
    assert book.read_bytes() == scored
    assert main(["undo", str(book)]) == 0
    assert book.read_bytes() == bytes_before


def test_blanks_are_filled_where_the_rules_settle_them(book: Path, run: Run) -> None:
    change_book(book, H6=None, I6=None, H12=None, H13=None, H14=None, H15=None, H17=None)
    status, report = run("score", book)
    # H15 is qualitative: a person's, so the total stays open as well
    assert changed(report) == {
        "H6": ("", "97.81%", "FND001"),
        "I6": ("", "9.78", "SCR004"),
        "H12": ("", "20", "SCR004"),
        "H13": ("", "19", "SCR004"),
        "H14": ("", "10", "SCR004"),
    }
    assert [(f["code"], f["cell"]) for f in report["forms"][0]["findings"]] == [("SCR004", "H15")]
    assert status == 1
    change_book(book, H15=28)
    status, report = run("score", book)
    assert (status, changed(report)) == (0, {"H17": ("", "96.78", "SCR008")})


def test_overwrite_none_only_fills_blanks(book: Path, run: Run) -> None:
    change_book(book, H6=1, H12=None)
    status, report = run("score", book, "--overwrite", "none")
    assert changed(report) == {"H12": ("", "20", "SCR004")}
    assert [(f["code"], f["cell"]) for f in report["forms"][0]["findings"]] == [("FND001", "H6")]
    assert status == 1


def test_a_typed_score_is_replaced_only_on_request(book: Path, run: Run) -> None:
    change_book(book, H13=18.5, H15=29, H17=97.28)
    assert run("score", book)[1]["changes"] == []
    _, report = run("score", book, "--overwrite", "all")
    # the qualitative score of H15 is a person's whatever is asked for
    assert changed(report) == {"H13": ("18.5", "19", "SCR005"), "H17": ("97.28", "97.78", "SCR008")}


def test_dry_run_tells_and_writes_nothing(book: Path, tmp_path: Path, run: Run) -> None:
    change_book(book, H6=1)
    before = book.read_bytes()
    _, report = run("score", book, "--dry-run")
    assert changed(report) == {"H6": ("100.00%", "97.81%", "FND001")}
    assert book.read_bytes() == before
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("typed", "code", "printed", "after", "code_after"),
    [
        ("95.0%", "@", "97.8%", "97.8%", "@"),  # a text stays a text, at its decimals
        ("95%", "General", "98%", "98%", "General"),
        (0.95, "0%", "98%", 0.9781, "0%"),  # the format shows another figure than before: it stays
        (0.95, "0.0%", "97.8%", 0.9781, "0.0%"),
        (95, "General", "97.81", 97.81, "General"),  # percent without its sign: the scale stays
        (0.95, "General", "0.9781", 0.9781, "General"),
    ],
)
def test_kind_and_scale_of_a_rate_stay(
    book: Path,
    run: Run,
    typed: object,
    code: str,
    printed: str,
    after: object,
    code_after: str,
) -> None:
    change_book(book, H6=typed)
    write_format(book, "H6", code)
    _, report = run("score", book)
    assert changed(report)["H6"][1:] == (printed, "FND001")
    assert contents(book)["自评表!H6"] == (after, code_after)


def test_decimals_are_added_where_the_format_would_hide_the_change(book: Path, run: Run) -> None:
    change_book(book, H17=97)
    write_format(book, "H17", "0_ ")
    _, report = run("score", book)
    assert changed(report) == {"H17": ("97", "96.78", "SCR009")}
    assert contents(book)["自评表!H17"] == (96.78, "0.00_ ")


def write_format(book: Path, cell: str, code: str) -> None:
    from openpyxl import load_workbook

    workbook: Any = load_workbook(book)
    workbook["自评表"][cell].number_format = code
    workbook.save(book)


def test_printed_grade_follows_the_total(book: Path, run: Run) -> None:
    change_book(book, H12=0, I12="招标两次流标，未开工", H15=20, H16=5, I16="问卷回收少", H17=89, I17="优")
    _, report = run("score", book)
    # 9.78 + 0 + 19 + 10 + 20 + 5 = 63.78; the typed scores stay
    assert changed(report) == {"H17": ("89", "63.78", "SCR008"), "I17": ("优", "中", "SCR010")}


def test_formulas_stay_and_what_leans_on_a_change_is_computed(tmp_path: Path, run: Run) -> None:
    book = write_book(
        tmp_path / "自评.xlsx",
        {
            "自评表": GOOD_FORM,
            "台账": {"A1": "总分", "B1": "=自评表!H17", "A2": "加倍", "B2": "=B1*2", "C1": "不相干", "D1": "=1+1"},
        },
    )
    change_book(book, H6=1, I6=9, H17="=SUM(I6,H12:H16)")
    before = contents(book)
    status, report = run("score", book)
    assert status == 0
    assert {(c["sheet"], c["cell"]): (c["before"], c["after"], c["why"]) for c in report["changes"]} == {
        ("自评表", "H6"): ("100.00%", "97.81%", "FND001"),
        ("自评表", "I6"): ("9", "9.78", "SCR007"),
        ("自评表", "H17"): ("", "96.78", "recalculated"),
        ("台账", "B1"): ("", "96.78", "recalculated"),
        ("台账", "B2"): ("", "193.56", "recalculated"),
    }
    assert differences(before, contents(book)) == {"自评表!H6": (0.9781, "0.00%"), "自评表!I6": (9.78, "General")}
    text = pdf_text(convert(book, "pdf", tmp_path / "pdf"))
    assert "96.78" in text and "193.56" in text


def test_a_wrong_formula_is_told_and_kept(book: Path, run: Run) -> None:
    change_book(book, H17="=SUM(H12:H16)")
    before = contents(book)
    status, report = run("score", book)
    assert (status, report["changes"]) == (1, [])
    assert [(f["code"], f["cell"], f["found"], f["expected"]) for f in report["forms"][0]["findings"]] == [
        ("SCR008", "H17", "87", "96.78")
    ]
    assert contents(book) == before


def test_nothing_is_written_into_a_row_that_slipped(tmp_path: Path, run: Run) -> None:
    slipped = GOOD_FORM.replace(
        "^ | ^ | 质量指标 | 验收合格率 | 100% | 95% | 20 | 19 | 一处护坡返工，已整改",
        "^ | ^ | | | 质量指标 | 验收合格率 | 100% | 100% | 20",
    )
    book = write_book(tmp_path / "自评.xlsx", {"自评表": slipped})
    change_book(book, H17=97)
    _, report = run("score", book)
    # the blank score counts the 20 that the rule gives: 9.78 + 20 + 20 + 10 + 28 + 10 = 97.78
    assert changed(report) == {"H17": ("97", "97.78", "SCR008")}
    assert [(f["code"], f["cell"]) for f in report["forms"][0]["findings"]] == [("FRM002", "E13"), ("SCR004", "J13")]


def test_several_books_one_of_them_broken(tmp_path: Path, run: Run) -> None:
    first = write_book(tmp_path / "甲" / "一.xlsx", {"自评表": GOOD_FORM})
    second = write_book(tmp_path / "乙" / "二.xlsm", {"说明": {"A1": "填报说明"}, "自评表": GOOD_FORM})
    change_book(second, H6=1)
    broken = tmp_path / "丙" / "坏.xlsx"
    broken.parent.mkdir()
    broken.write_bytes(first.read_bytes()[:3000])
    (tmp_path / "甲" / "附件.txt").write_text("别的文件", encoding="utf-8")
    (tmp_path / "乙" / "~$别的.xlsx").write_bytes(b"\x05owner")  # left by a crash: no source, and none of ours open
    status, report = run("score", tmp_path)
    assert status == 2
    assert [Path(failure["book"]).name for failure in report["failures"]] == ["坏.xlsx"]
    assert sorted(Path(form["book"]).name for form in report["forms"]) == ["一.xlsx", "二.xlsm"]
    assert [(Path(change["book"]).name, change["cell"]) for change in report["changes"]] == [("二.xlsm", "H6")]


@pytest.mark.parametrize("what", ["没有.xlsx", "空夹", "*.xlsx", "~$开着.xlsx"])
def test_a_source_without_a_workbook_is_a_failure(what: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "空夹").mkdir()
    (tmp_path / "空夹" / "说明.txt").touch()
    (tmp_path / "~$开着.xlsx").touch()
    status, report = run("check", tmp_path / what) if what != "*.xlsx" else run("check", tmp_path / "空夹" / what)
    assert status == 2
    assert len(report["failures"]) == 1
    assert report["forms"] == []


def test_undo_goes_back_step_by_step_and_then_says_so(book: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    change_book(book, H6=1)
    first = book.read_bytes()
    run("score", book)
    second = book.read_bytes()
    change_book(book, H17=90)
    third = book.read_bytes()
    run("score", book)
    assert main(["undo", str(book)]) == 0
    assert book.read_bytes() == third
    # someone saved the book after the first score: no step leads to these bytes
    assert main(["undo", str(book)]) == 2
    assert "--force" in capsys.readouterr().err
    book.write_bytes(second)
    assert main(["undo", str(book)]) == 0
    assert book.read_bytes() == first


def test_no_form_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = write_book(tmp_path / "台账.xlsx", {"台账": {"A1": "序号", "B1": "金额"}})
    assert main(["check", str(book)]) == 0
    assert "没有找到自评表" in capsys.readouterr().out


TARGETS = """{title} | < | < | < | < | <
项目名称 | 校舍加固 | < | < | < | <
一级指标 | 二级指标 | 三级指标 | 指标值 | {column} | 备注
产出指标 | 数量指标 | 加固栋数 | ≥4栋 | {value} |
效益指标 | 社会效益指标 | 受益学生 | ≥700人 | {value} |"""


@pytest.mark.parametrize(
    ("title", "column", "value", "forms"),
    [
        ("项目支出绩效目标申报表", "指标值说明", "据实", 0),
        ("2024年度项目支出绩效目标表", "分值", "45", 0),
        ("项目支出绩效运行监控表", "全年预计完成情况", "4栋", 0),
        ("项目支出绩效监控表", "1至7月执行情况", "2", 0),
        ("项目支出绩效目标自评表", "指标值说明", "据实", 1),
        ("项目支出绩效目标完成情况表", "实际完成值", "5栋", 1),
        ("项目支出绩效自评表", "全年预计完成情况", "4栋", 1),
    ],
)
def test_a_form_that_sets_targets_is_none(
    title: str, column: str, value: str, forms: int, tmp_path: Path, run: Run
) -> None:
    book = write_book(tmp_path / "校舍.xlsx", {"表": TARGETS.format(title=title, column=column, value=value)})
    _, report = run("check", book)
    assert len(report["forms"]) == forms
    assert any("申报表" in note["note"] for note in report["notes"]) == (not forms)


def test_a_format_that_perfxl_does_not_print_is_said(book: Path, run: Run) -> None:
    write_format(book, "H6", "[DBNum1]0.00%")
    status, report = run("check", book)
    assert (status, report["forms"][0]["findings"]) == (
        0,
        [],
    )  # 0.9781 is 31.69 ÷ 32.4 at two decimals of the percentage
    assert [("H6" in note["note"] and "数字格式" in note["note"]) for note in report["notes"]] == [True]
    write_format(book, "H6", "0.00%")
    assert run("check", book)[1]["notes"] == []


def test_the_line_of_a_book_in_a_dry_run_says_what_would_be(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_book(book.parent / "另一本.xlsx", {"计划": "序号 | 名称"})
    change_book(book, I6=9)
    assert main(["score", str(book.parent), "--dry-run"]) == 0
    lines = [line.split("  ")[-1] for line in capsys.readouterr().out.splitlines() if line.startswith("[")]
    assert lines == ["没有找到自评表", "1 张表 · 未发现问题 · 将更新 1 个单元格"]
