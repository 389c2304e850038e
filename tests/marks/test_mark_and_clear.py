"""Marks on cells: put there by `check --mark` and `score`, taken off by `clear`, whatever happened between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.books import GOOD_FORM, change_book, write_book
from tests.libreoffice import convert, edited
from tests.marks.books import (
    Look,
    counts,
    faulty_book,
    looks,
    part,
    replace_in_part,
    report,
    rows,
    run,
    sheet_names,
)

RED, AMBER = ("FFC7CE", "9C0006"), ("FFEB9C", "7F6000")
pytestmark = pytest.mark.usefixtures("own_data")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return faulty_book(tmp_path / "自评表.xlsx")


def changed_looks(before: dict[str, Look], after: dict[str, Look]) -> dict[str, Look]:
    return {
        place: look for place, look in after.items() if before.get(place) != look and not place.startswith("检查结果")
    }


def test_each_finding_gets_fill_letters_and_note_and_nothing_else_changes(book: Path) -> None:
    before = looks(book)
    assert run("check", "--mark", book) == 1
    after = changed_looks(before, looks(book))
    assert {place: (look.fill, look.color) for place, look in after.items()} == {
        "自评表!H6": RED,
        "自评表!I13": RED,
        "自评表!H17": AMBER,
    }
    for place, look in after.items():
        old = before.get(place, Look(None, None, None, False, None, "General", None))
        assert look._replace(fill=old.fill, color=old.color, note=old.note) == old
    note = (after["自评表!H6"].note or "").split("\n")
    assert note[0] == "绩效自评检查 FND001 执行率有误"
    assert note[1].startswith("● 错误：“年度资金总额”的执行率填写为 100.00%（H6）。")
    assert "31.69" in note[2] and "97.81%" in note[2]
    assert note[3].startswith("请核对两个金额后改为 97.81%")
    assert note[4].startswith("〔清除标记时恢复：填充 FFFF99，字色 7030A0，")


def test_a_persons_note_stays_and_the_mark_is_written_below_it(book: Path) -> None:
    run("check", "--mark", book)
    assert (looks(book)["自评表!H17"].note or "").startswith("财务科：总分以系统为准。\n绩效自评检查 SCR")


def test_clear_brings_everything_back(book: Path) -> None:
    before, sheets = looks(book), sheet_names(book)
    run("check", "--mark", book)
    assert sheet_names(book) == [*sheets, "检查结果"]
    assert run("clear", book) == 0
    assert looks(book) == before
    assert sheet_names(book) == sheets
    cleared = book.read_bytes()
    assert run("clear", book) == 0
    assert book.read_bytes() == cleared


def test_parts_that_came_for_the_marks_go_with_them(tmp_path: Path) -> None:
    book = change_book(write_book(tmp_path / "一.xlsx", {"自评表": GOOD_FORM}), H6=1)
    before = counts(book)
    run("check", "--mark", book)
    assert (
        counts(book)["parts"] == before["parts"] + 4
    )  # notes, shapes, results sheet, relationships of the form's sheet
    run("clear", book)
    after = counts(book)
    assert after["parts"] == before["parts"]
    assert "vml" not in part(book, "[Content_Types].xml")


def test_undo_takes_the_marks_off_byte_for_byte(book: Path) -> None:
    before = book.read_bytes()
    run("check", "--mark", book)
    marked = book.read_bytes()
    run("clear", book)
    assert run("undo", book) == 0
    assert book.read_bytes() == marked
    assert run("undo", book) == 0
    assert book.read_bytes() == before


def test_dry_runs_write_nothing(book: Path) -> None:
    before = book.read_bytes()
    run("check", "--mark", "--dry-run", book)
    run("score", "--dry-run", book)
    assert book.read_bytes() == before
    run("check", "--mark", book)
    marked = book.read_bytes()
    run("clear", "--dry-run", book)
    assert book.read_bytes() == marked


def test_a_second_run_leaves_the_bytes_alone(book: Path) -> None:
    run("score", book)
    scored = book.read_bytes()
    run("score", book)
    run("check", "--mark", book)
    assert book.read_bytes() == scored


def test_score_marks_what_is_left_after_writing(book: Path) -> None:
    run("score", book)
    after = looks(book)
    # the rate and the total were put right: their own looks are back, the missing reason is a person's
    assert (after["自评表!H6"].value, after["自评表!H6"].fill, after["自评表!H6"].note) == (0.9781, "FFFF99", None)
    assert (after["自评表!I13"].fill, after["自评表!I13"].color) == RED
    assert after["自评表!H17"].note == "财务科：总分以系统为准。"


def test_a_mark_goes_when_its_fault_is_mended_and_moves_with_the_worst(book: Path) -> None:
    run("check", "--mark", book)
    change_book(book, I13="一处护坡返工，已整改")
    run("check", "--mark", book)
    after = looks(book)
    assert after["自评表!I13"].fill is None and after["自评表!I13"].note is None
    assert (after["自评表!H6"].fill, after["自评表!H6"].color) == RED


def test_twenty_runs_add_nothing(book: Path) -> None:
    def turn(number: int) -> None:
        change_and_keep(book, "H6", ("1", "0.95")[number % 2])
        run("check", "--mark", book)

    for number in range(2):
        turn(number)
    run("clear", book)
    run("check", "--mark", book)
    first = counts(book)
    for number in range(2, 20):
        turn(number)
        if number % 5 == 0:
            run("clear", book)
    run("check", "--mark", book)
    assert counts(book) == first


def change_and_keep(book: Path, cell: str, number: str) -> None:
    """Another number in a cell, by the closed workbook itself: no other program saves in between."""
    from decimal import Decimal

    from perfxl.grid.address import parse_a1
    from perfxl.workbooks.closed import ClosedWorkbook
    from perfxl.workbooks.port import Edit

    workbook = ClosedWorkbook.open(book)
    workbook.apply([Edit("自评表", parse_a1(cell), Decimal(number))])
    workbook.save()


# --- what others do to a marked book


@pytest.mark.parametrize("program", ["openpyxl", "LibreOffice"])
def test_clear_after_another_program_saved(book: Path, tmp_path: Path, program: str) -> None:
    def saved(path: Path, folder: str) -> Path:
        if program == "LibreOffice":
            return convert(path, "xlsx", tmp_path / folder)
        copy = tmp_path / folder / path.name
        copy.parent.mkdir()
        load_workbook(path).save(copy)
        return copy

    expected = looks(saved(book, "原件"))
    run("check", "--mark", book)
    copy = saved(book, "标记后")
    again = copy.read_bytes()
    run("check", "--mark", copy)
    assert copy.read_bytes() == again  # marks are known again
    run("clear", copy)
    assert looks(copy) == expected
    assert "检查结果" not in sheet_names(copy)


def test_marks_on_merged_cells_are_known_again_after_libreoffice_saved(tmp_path: Path) -> None:
    """It gives all cells of a merged area the format of the first one."""
    book = change_book(write_book(tmp_path / "自评表.xlsx", {"自评表": GOOD_FORM}), A17=None)
    expected = looks(convert(book, "xlsx", tmp_path / "原件"))
    run("check", "--mark", book)
    copy = convert(book, "xlsx", tmp_path / "标记后")
    assert looks(copy)["自评表!A1"].fill == RED[0]
    again = copy.read_bytes()
    run("check", "--mark", copy)
    assert copy.read_bytes() == again
    run("clear", copy)
    assert looks(copy) == expected


def test_clear_after_rows_were_inserted_above(book: Path) -> None:
    expected: Any = load_workbook(book)
    expected["自评表"].insert_rows(3, 2)
    expected.save(book.with_name("预期.xlsx"))
    run("check", "--mark", book)
    marked: Any = load_workbook(book)
    marked["自评表"].insert_rows(3, 2)
    marked.save(book)
    assert looks(book)["自评表!H8"].fill == "FFC7CE"
    run("clear", book)
    assert looks(book) == looks(book.with_name("预期.xlsx"))


@pytest.mark.parametrize("program", ["perfxl", "LibreOffice"])
def test_marks_move_with_rows_that_a_program_inserts(book: Path, tmp_path: Path, program: str) -> None:
    """Two rows below the indicators' head: notes, fills and the links of the results sheet go along, and `clear` finds them."""

    def with_rows(path: Path, folder: str) -> Path:
        copy = tmp_path / folder / path.name
        copy.parent.mkdir()
        if program == "LibreOffice":
            return edited(path, "sheet.Rows.insertByIndex(12, 2)", copy)
        from perfxl.workbooks.closed import ClosedWorkbook
        from perfxl.workbooks.insertion.rowmap import Insertion

        copy.write_bytes(path.read_bytes())
        workbook = ClosedWorkbook.open(copy)
        workbook.insert_rows("自评表", [Insertion(12, 2)])
        workbook.save()
        return copy

    expected = looks(with_rows(book, "原件"))
    run("check", "--mark", book)
    copy = with_rows(book, "标记后")
    shown = looks(copy)
    assert (shown["自评表!I15"].fill, shown["自评表!H19"].fill) == ("FFC7CE", "FFEB9C")
    assert "EXP001" in (shown["自评表!I15"].note or "")
    if program == "LibreOffice":
        run("check", "--mark", copy)  # it leaves links where they led; the next run puts them right
    targets = [cell.hyperlink.location for cell in load_workbook(copy)["检查结果"]["E"] if cell.hyperlink]
    assert sorted(target.rpartition("!")[2] for target in targets) == ["H19", "H6", "I15"]
    run("clear", copy)
    assert looks(copy) == expected


def test_rows_that_took_a_marks_format_over_are_cleared_with_it(book: Path, tmp_path: Path) -> None:
    """LibreOffice and Excel format the cells of a new row like those beside it, so that the mark's fill spreads."""
    rows_added = "sheet.Rows.insertByIndex(6, 2); sheet.Rows.insertByIndex(15, 3)"  # below H6, and below what was I13
    expected = looks(edited(book, rows_added, tmp_path / "预期.xlsx"))
    run("check", "--mark", book)
    copy = edited(book, rows_added, tmp_path / "插行.xlsx")
    shown = looks(copy)
    assert [shown[f"自评表!{cell}"].fill for cell in ("H6", "H7", "H8", "I15", "I16", "I17", "I18")] == ["FFC7CE"] * 7
    run("clear", copy)
    assert looks(copy) == expected


def test_rows_above_a_marked_title_are_cleared_with_it(tmp_path: Path) -> None:
    """LibreOffice gives a blank cell the typeface for Latin letters, and a Chinese one that for Chinese."""
    book = change_book(write_book(tmp_path / "自评表.xlsx", {"自评表": GOOD_FORM}), A17=None)
    added = "sheet.Rows.insertByIndex(0, 2)"
    expected = looks(edited(book, added, tmp_path / "预期.xlsx"))
    run("check", "--mark", book)
    copy = edited(book, added, tmp_path / "插行.xlsx")
    assert [looks(copy)[f"自评表!A{row}"].fill for row in (1, 2, 3)] == ["FFC7CE"] * 3
    run("clear", copy)
    assert looks(copy) == expected


def test_what_a_person_wrote_and_coloured_meanwhile_stays(book: Path) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    run("check", "--mark", book)
    marked: Any = load_workbook(book)
    sheet = marked["自评表"]
    sheet["H6"].comment = Comment("张会计已看。\n" + sheet["H6"].comment.text + "\n局里要求下周前改完。", "张")
    text = sheet["I13"].comment.text.split("\n")
    text[2] += "（与业务科核对过）"
    sheet["I13"].comment = Comment("\n".join(text), "李")
    sheet["H17"].fill = PatternFill("solid", fgColor="00B050")
    marked.save(book)
    run("clear", book)
    after = looks(book)
    assert after["自评表!H6"].note == "张会计已看。\n局里要求下周前改完。"
    assert after["自评表!H6"].fill == "FFFF99"
    kept = after["自评表!I13"].note or ""
    assert kept.endswith("（与业务科核对过）") and "\n" not in kept
    assert after["自评表!I13"].fill is None
    assert (after["自评表!H17"].fill, after["自评表!H17"].note) == ("00B050", "财务科：总分以系统为准。")


def test_a_note_whose_record_was_deleted_is_still_known(book: Path) -> None:
    from openpyxl.comments import Comment

    run("check", "--mark", book)
    marked: Any = load_workbook(book)
    cell = marked["自评表"]["I13"]
    cell.comment = Comment("\n".join(cell.comment.text.split("\n")[:-1]), "王")
    marked.save(book)
    run("clear", book)
    assert looks(book).get("自评表!I13", (None,) * 7)[:3] == (None, None, None)


def test_a_thread_is_marked_by_fill_alone(book: Path) -> None:
    replace_in_part(
        book, "xl/comments/comment1.xml", "<author>财务科</author>", "<author>tc={5B0F1C3E-7A11-4C55-9E77}</author>"
    )
    before = looks(book)
    run("check", "--mark", book)
    marked = looks(book)
    assert (marked["自评表!H17"].fill, marked["自评表!H17"].color) == AMBER
    assert marked["自评表!H17"].note == before["自评表!H17"].note
    again = book.read_bytes()
    run("check", "--mark", book)
    assert book.read_bytes() == again
    run("clear", book)
    assert looks(book) == before
    assert "_perfxl" not in part(book, "xl/workbook.xml")


# --- what an owner forbids


def test_marks_under_a_password_stay_until_it_is_lifted(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("check", "--mark", book)
    protected: Any = load_workbook(book)
    protected["自评表"].protection.sheet = True
    protected["自评表"].protection.password = "财务"
    protected.save(book)
    assert "设有保护密码" in report(capsys, "clear", book)["notes"][0]["note"]
    assert (looks(book)["自评表!H6"].fill, looks(book)["自评表!H6"].color) == RED


def test_no_sheet_is_added_where_the_structure_is_locked(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    locked: Any = load_workbook(book)
    from openpyxl.workbook.protection import WorkbookProtection

    locked.security = WorkbookProtection(lockStructure=True)
    locked.save(book)
    before, sheets = looks(book), sheet_names(book)
    assert "结构受保护" in report(capsys, "check", "--mark", book)["notes"][0]["note"]
    assert sheet_names(book) == sheets
    assert looks(book)["自评表!H6"].fill == "FFC7CE"
    run("clear", book)
    assert looks(book) == before


@pytest.mark.parametrize("password", [None, "财务"])
def test_a_protected_sheet(book: Path, capsys: pytest.CaptureFixture[str], password: str | None) -> None:
    from openpyxl.styles import Protection

    protected: Any = load_workbook(book)
    sheet = protected["自评表"]
    sheet["H6"].protection = Protection(locked=False)
    sheet.protection.sheet = True
    if password:
        sheet.protection.password = password
    protected.save(book)
    before = looks(book)
    note = report(capsys, "check", "--mark", book)["notes"][0]["note"]
    marked = {place.partition("!")[2] for place in changed_looks(before, looks(book))}
    if password:
        assert marked == {"H6"}
        assert "2 个锁定的单元格没有改动标记" in note
        assert [row[4] for row in rows(book)[3:]] == ["H6", "I13", "H17"]
    else:
        assert marked == {"H6", "I13", "H17"}
        assert "设有保护，已按文件直接修改" in note
    assert "sheetProtection" in part(book, "xl/worksheets/sheet1.xml")
    run("clear", book)
    assert looks(book) == before
