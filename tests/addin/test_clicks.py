"""Real clicks: LibreOffice on a virtual screen, a fresh home, the add-in as `perfxl addin install` puts it in."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from perfxl.addin.forms import form_book
from perfxl.addin.sources import texts
from perfxl.grid.address import column_letters, parse_a1
from perfxl.templates.catalogue import form_template
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.port import Edit
from tests.books import write_book
from tests.desktop import Desktop
from tests.populate.plans import write_sheet
from tests.templates.contents import content

SHEET = "自评表"
RESULTS = "检查结果"
FOLDER_DIALOG = "请选择存放各部门自评表的文件夹"
LEDGER_HEAD = ["项目代码", "项目名称", "支付日期", "摘要", "支付金额（元）"]
BUTTONS = pytest.mark.parametrize("where", ["DOCUMENT_SPREADSHEET", "TOOL_BAR"], ids=["sheet", "toolbar"])
# What a department has typed: one score is left to the rules, one is short of its weight without a reason.
TYPED: dict[str, Decimal | str] = {
    "F6": Decimal("31.69"),
    "F7": Decimal("29.29"),
    "F8": Decimal("2.4"),
    "F13": "2.1公里",
    "F14": "95%",
    "F15": "2022年10月",
    "F16": "达成预期指标",
    "F17": "95%",
    "H15": Decimal("9.5"),
    "H16": Decimal(28),
    "H17": Decimal(10),
}


def write_form(path: Path, typed: Mapping[str, Decimal | str] = TYPED) -> Path:
    """A form of 2020 with buttons, filled by a department."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(form_book(form_template("2020"), content()))
    book = ClosedWorkbook.open(path)
    book.apply([Edit(SHEET, parse_a1(cell), value) for cell, value in typed.items()])
    book.save(lambda old, new: None)
    return path


def state(document: Any) -> dict[str, Any]:
    """What a button may touch: grid lines, each sheet's protection and heights, each cell's content, fill, letters and note."""
    found: dict[str, Any] = {"网格线": document.getCurrentController().ShowGrid}
    for sheet in document.Sheets:
        found[sheet.Name] = sheet.isProtected()
        notes = {note.Position: note.String for note in sheet.Annotations}
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        rows = (sheet.Rows.getByIndex(row) for row in range(cursor.RangeAddress.EndRow + 1))
        found[f"{sheet.Name}!行高"] = ("", " ".join([str(row.Height) for row in rows]))
        for row in range(cursor.RangeAddress.EndRow + 1):
            for column in range(cursor.RangeAddress.EndColumn + 1):
                cell = sheet.getCellByPosition(column, row)
                here = (cell.Formula, cell.String, cell.CellBackColor, cell.CharColor)
                found[f"{sheet.Name}!{column_letters(column + 1)}{row + 1}"] = here
        for at, text in notes.items():
            found[f"{sheet.Name}!{column_letters(at.Column + 1)}{at.Row + 1} 批注"] = text
    return found


def text_at(document: Any, cell: str) -> str:
    return str(document.Sheets.getByName(SHEET).getCellRangeByName(cell).String)


@BUTTONS
def test_where_the_launcher_is_missing_a_click_says_so(tmp_path: Path, where: str) -> None:
    form = write_form(tmp_path / "forms" / "自评表.xlsm")
    with Desktop(tmp_path / "home", form.parent) as desktop:
        desktop.perfxl("addin", "install")
        shutil.rmtree(tmp_path / "home/.local/share/perfxl")
        document = desktop.open(form)
        desktop.see("计算得分", inside=where)
        before = state(document)
        desktop.click("计算得分", inside=where)
        assert desktop.close_message() == texts().missing
        assert state(document) == before


@BUTTONS
def test_clicks_score_a_form_and_take_it_back(tmp_path: Path, where: str) -> None:
    form = write_form(tmp_path / "forms" / "自评表（河堤 加固）.xlsm")
    with Desktop(tmp_path / "home", form.parent) as desktop:
        desktop.perfxl("addin", "install")
        document = desktop.open(form)
        desktop.see("计算得分", inside=where)
        before = state(document)

        desktop.click("计算得分", inside=where)
        said = desktop.close_message()
        # 2.1 of 2 km: 20 of 20; 95 of 98 %: 20.5 × 95 ÷ 98 = 19.87; 9.78 + 20 + 19.87 + 9.5 + 28 + 10 = 97.15.
        assert {cell: text_at(document, cell) for cell in ("I6", "H13", "H14", "H18")} == {
            "I6": "9.78",
            "H13": "20",
            "H14": "19.87",
            "H18": "97.15",
        }
        assert said.split("\n")[:4] == [
            "已更新 3 个单元格。",
            "总分 97.15（优） · 执行率 97.81% · 2 处错误",
            "● I14　缺少未完成原因分析",
            "● I16　缺少未完成原因分析",
        ]
        scored = state(document)
        changed = {place for place, what in scored.items() if before.get(place) != what}
        assert {place for place in changed if place.startswith(f"{SHEET}!")} == {
            *(f"{SHEET}!{cell}" for cell in ("H13", "H14", "H18", "I14", "I16")),
            *(f"{SHEET}!{cell} 批注" for cell in ("I14", "I16")),
        }
        assert {place.partition("!")[0] for place in changed} == {SHEET, RESULTS}
        assert "EXP001" in scored[f"{SHEET}!I14 批注"]
        listed = "\n".join(what[1] for place, what in scored.items() if place.startswith(f"{RESULTS}!"))
        assert listed.count("没有填写原因") == 2

        desktop.click("撤销", inside=where)
        assert "已撤销" in desktop.close_message()
        assert state(document) == before


def test_clicks_check_and_clear(tmp_path: Path) -> None:
    form = write_form(tmp_path / "forms" / "自评表.xlsm")
    with Desktop(tmp_path / "home", form.parent) as desktop:
        desktop.perfxl("addin", "install")
        document = desktop.open(form)
        desktop.see("检查", inside="TOOL_BAR")
        before = state(document)

        desktop.click("检查", inside="DOCUMENT_SPREADSHEET")
        assert "处错误" in desktop.close_message()
        assert text_at(document, "H13") == ""  # it is marked, no figure is changed
        assert RESULTS in document.Sheets.ElementNames
        assert any(place.startswith(f"{SHEET}!") and "批注" in place for place in state(document))

        desktop.click("清除标记", inside="TOOL_BAR")
        assert desktop.close_message().startswith("已清除标记。")
        assert state(document) == before

        desktop.click("帮助", inside="TOOL_BAR")
        assert texts().help in desktop.close_message()


def test_a_click_without_a_form_says_so_and_changes_nothing(tmp_path: Path) -> None:
    book = write_book(tmp_path / "forms" / "台账.xlsx", {"Sheet1": {"A1": "序号", "B1": "项目"}})
    with Desktop(tmp_path / "home", book.parent) as desktop:
        desktop.perfxl("addin", "install")
        document = desktop.open(book)
        before = state(document)
        desktop.click("计算得分", inside="TOOL_BAR")
        assert "没有找到自评表" in desktop.close_message()
        desktop.click("撤销", inside="TOOL_BAR")
        assert "没有可以撤销的操作" in desktop.close_message()
        assert state(document) == before


def choose(desktop: Desktop, folder: Path) -> None:
    """Chooses a folder in the dialog, where that of the open workbook stands first."""
    desktop.see("Select")
    desktop.press_in(FOLDER_DIALOG, ["key", "ctrl+a"], ["type", "--delay", "100", str(folder)], ["key", "Return"])


def test_a_click_gathers_a_folder_that_is_chosen_and_shows_the_summary(tmp_path: Path) -> None:
    form = write_form(tmp_path / "forms" / "水务局.xlsm")
    inbox = form.parent / "inbox"
    for name in ("农业局/自评表.xlsm", "教育局.xlsm"):
        write_form(inbox / name)
    empty = form.parent / "empty"
    empty.mkdir()
    with Desktop(tmp_path / "home", form.parent) as desktop:
        desktop.perfxl("addin", "install")
        desktop.open(form)
        desktop.click("汇总", inside="TOOL_BAR")
        desktop.see("Select")
        desktop.press_in(FOLDER_DIALOG, ["key", "Escape"])
        assert desktop.close_message() == "没有选择文件夹，没有汇总。"

        desktop.click("汇总", inside="TOOL_BAR")
        choose(desktop, empty)
        assert desktop.close_message() == f"没有汇总：这个文件夹里没有找到自评表：{empty}"
        assert not [*empty.iterdir()]

        desktop.click("汇总", inside="TOOL_BAR")
        choose(desktop, inbox)
        assert desktop.message().startswith("已汇总 2 本工作簿、2 张自评表")
        assert desktop.opened("汇总.xlsx")
    found = ClosedWorkbook.open(inbox / "汇总.xlsx")
    assert {"汇总", "项目", "指标", "问题"} <= {*found.sheet_names}
    assert not (form.parent / "汇总.xlsx").exists()


def test_a_click_fills_the_form_from_a_file_that_is_chosen(tmp_path: Path) -> None:
    form = write_form(tmp_path / "forms" / "自评表.xlsm", {"F13": "2.1公里"})
    ledger = write_sheet(tmp_path / "ledger.xlsx", [LEDGER_HEAD, ["A102", "河堤加固", "", "首付款", 316900]])
    with Desktop(tmp_path / "home", form.parent) as desktop:
        desktop.perfxl("addin", "install")
        document = desktop.open(form)
        desktop.see("填充模板", inside="TOOL_BAR")
        before = state(document)

        desktop.click("填充模板", inside="TOOL_BAR")
        desktop.answer("请选择", str(ledger))
        assert "已更新" in desktop.close_message()
        assert text_at(document, "F6") == "31.69"

        desktop.click("撤销", inside="TOOL_BAR")
        assert "已撤销" in desktop.close_message()
        assert state(document) == before
