"""The results sheet: what stands in it, how it looks, what people write into it, and that it is no form."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.books import GOOD_FORM, change_book, write_book
from tests.libreoffice import convert, pdf_text
from tests.marks.books import counts, faulty_book, part, report, rows, run, sheet_names

NAME = "检查结果"
pytestmark = pytest.mark.usefixtures("own_data")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return faulty_book(tmp_path / "自评表.xlsx")


def sheet_of(book: Path, name: str = NAME) -> Any:
    return load_workbook(book)[name]


def links(book: Path) -> dict[str, str]:
    return {
        cell.coordinate: cell.hyperlink.location
        for row in sheet_of(book).iter_rows()
        for cell in row
        if getattr(cell, "hyperlink", None)
    }


def test_a_line_for_each_finding_by_severity_and_row(book: Path) -> None:
    run("check", "--mark", book)
    title, figures, heads, *lines = rows(book)
    assert title == ["绩效自评检查结果"]
    assert re.fullmatch(r"2 处错误 · 1 处警告 · 总分 96.78（优） · \d{4}-\d\d-\d\d \d\d:\d\d", figures[0])
    assert heads[:11] == [
        "序号",
        "级别",
        "代码",
        "项目",
        "位置",
        "问题",
        "现值",
        "应为",
        "依据",
        "处理建议",
        "处理情况",
    ]
    assert [(line[0], line[1], line[2], line[4], line[6], line[7], line[10]) for line in lines] == [
        (1, "● 错误", "FND001", "H6", "100.00%", "97.81%", "待处理"),
        (2, "● 错误", "EXP001", "I13", None, None, "待处理"),
        (3, "▲ 警告", "SCR009", "H17", "97", "96.78", "待处理"),
    ]
    assert lines[0][5].startswith("“年度资金总额”的执行率填写为 100.00%（H6）。") and "31.69 ÷" in lines[0][5]
    assert lines[0][9] == "请核对两个金额后改为 97.81%，或用“计算得分”自动更正。"


def test_links_head_filter_list_and_page(book: Path) -> None:
    run("check", "--mark", book)
    sheet = sheet_of(book)
    assert links(book) == {"E4": "'自评表'!H6", "E5": "'自评表'!I13", "E6": "'自评表'!H17"}
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A4", "A3:K6", "$3:$3")
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
    (validation,) = sheet.data_validations.dataValidation
    assert (str(validation.sqref), validation.formula1) == ("K4:K6", '"待处理,已更正,已核实"')
    assert not validation.showErrorMessage  # free words are welcome
    assert [sheet.column_dimensions[letter].hidden for letter in "KLM"] == [False, True, True]


def test_rows_are_as_high_as_their_texts_need(book: Path) -> None:
    run("check", "--mark", book)
    sheet = sheet_of(book)
    for number in range(4, 7):
        cell = sheet.cell(number, 6)
        columns = sum(1 if char.isascii() else 2 for char in cell.value)
        assert sheet.row_dimensions[number].height >= 13 * -(-columns // 44)


def test_libreoffice_shows_it(book: Path, tmp_path: Path) -> None:
    run("score", book)
    text = pdf_text(convert(book, "pdf", tmp_path / "pdf"))
    assert "绩效自评检查结果" in text and "EXP001" in text and "本次更改" in text


def test_changes_are_listed_and_stay_until_the_next_change(book: Path) -> None:
    run("score", book)
    listed = rows(book)
    at = listed.index(["本次更改"])
    assert [[value for value in line if value is not None] for line in listed[at + 1 :]] == [
        ["序号", "位置", "原值", "新值", "原因"],
        [1, "H6", "100.00%", "97.81%", "FND001 执行率有误"],
        [2, "H17", "97", "96.78", "SCR009 总分四舍五入"],
    ]
    set_cell(book, "A2", "1 处错误 · 总分 96.78（优） · 2020-03-05 10:21")
    change_book(book, I13="一处护坡返工，已整改")
    run("score", book)  # changes no value: date and changes are those of the last run that did
    assert rows(book)[1] == ["未发现问题 · 总分 96.78（优） · 2020-03-05 10:21"]
    assert [line for line in rows(book) if line][-1][1:2] == ["H17"]
    change_book(book, H6=0.5)
    run("score", book)
    assert "2020" not in rows(book)[1][0]
    assert [line for line in rows(book) if line][-1][:2] == [1, "H6"]


def set_cell(book: Path, cell: str, value: object, sheet: str = NAME) -> None:
    workbook: Any = load_workbook(book)
    workbook[sheet][cell] = value
    workbook.save(book)


def test_nothing_found_says_what_was_checked(book: Path) -> None:
    run("check", "--mark", book)
    change_book(book, H6=0.9781, H17=96.78, I13="一处护坡返工，已整改")
    run("check", "--mark", book)
    line = rows(book)[2]
    assert line[0] == "未发现问题"
    assert line[3].startswith("检查了“自评表”（河堤加固）：按规则 national-2020 核对了")


def test_a_clean_book_gets_no_sheet(tmp_path: Path) -> None:
    book = write_book(tmp_path / "自评.xlsx", {"自评表": GOOD_FORM})
    before = book.read_bytes()
    run("check", "--mark", book)
    run("score", book)
    assert book.read_bytes() == before


def test_what_people_write_as_state_is_kept_and_verified_warnings_are_counted_apart(book: Path) -> None:
    run("check", "--mark", book)
    set_cell(book, "K4", "已核实")  # an error stays an error
    set_cell(book, "K5", "问过业务科，周五补")
    set_cell(book, "K6", "已核实")
    change_book(book, H6=0.9)
    run("check", "--mark", book)
    listed = rows(book)
    assert [line[10] for line in listed[3:]] == ["已核实", "问过业务科，周五补", "已核实"]
    assert listed[1][0].startswith("2 处错误 · 1 处已核实 · 总分")


def test_a_taken_name_gets_a_number_and_a_renamed_sheet_is_known_again(tmp_path: Path) -> None:
    book = change_book(
        write_book(tmp_path / "一.xlsx", {"自评表": GOOD_FORM, "检查结果": {"A1": "单位自查记录"}}), H6=1
    )
    run("check", "--mark", book)
    assert sheet_names(book) == ["自评表", "检查结果", "检查结果 (2)"]
    renamed: Any = load_workbook(book)
    renamed["检查结果 (2)"].title = "问题清单"
    renamed.move_sheet("问题清单", -2)
    renamed.save(book)
    change_book(book, H6=0.9)
    run("check", "--mark", book)
    assert sheet_names(book) == ["问题清单", "自评表", "检查结果"]
    assert rows(book, "问题清单")[3][6] == "90.00%"
    run("clear", book)
    assert sheet_names(book) == ["自评表", "检查结果"]
    assert sheet_of(book)["A1"].value == "单位自查记录"


def test_it_is_never_a_source_of_forms(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("check", "--mark", book)
    found = report(capsys, "check", book)
    assert [form["sheet"] for form in found["forms"]] == ["自评表"]


def test_several_sheets_are_told_apart(tmp_path: Path) -> None:
    book = write_book(tmp_path / "一.xlsx", {"甲's 表": GOOD_FORM, "乙": GOOD_FORM})
    change_book(book, "甲's 表", H6=1)
    change_book(book, "乙", H6=1)
    run("check", "--mark", book)
    assert [line[4] for line in rows(book)[3:]] == ["甲's 表!H6", "乙!H6"]
    assert list(links(book).values()) == ["'甲''s 表'!H6", "'乙'!H6"]
    assert "2 张自评表" in rows(book)[1][0]
    run("clear", book)
    assert counts(book)["notes"] == counts(book)["shapes"] == 0


def test_names_of_sheets_behind_it_still_belong_to_their_sheets(book: Path) -> None:
    run("check", "--mark", book)
    more: Any = load_workbook(book)
    behind = more.create_sheet("附件")
    behind["A1"] = "附件"
    behind.print_title_rows = "1:1"
    more.active = 3
    more.save(book)
    run("clear", book)
    cleared: Any = load_workbook(book)
    assert cleared.sheetnames == ["自评表", "说明", "附件"]
    assert cleared["附件"].print_title_rows == "$1:$1"
    assert cleared.active.title == "附件"
    assert 'localSheetId="2"' in part(book, "xl/workbook.xml")
