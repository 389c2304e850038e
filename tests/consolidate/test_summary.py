"""The summary workbook as people get it: what stands in it, that its formulas agree with LibreOffice, when it is written and when not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.cli import main
from tests.books import change_book
from tests.consolidate.inbox import form, hand_in
from tests.libreoffice import convert

SHEETS = ["汇总", "项目", "指标", "问题", "未报送", "读取失败"]
HEADINGS = [
    "主管部门", "实施单位", "项目名称", "年度", "年初预算数", "全年预算数", "全年执行数", "执行率", "执行得分", "指标得分", "总分", "等级",
    "错误数", "警告数", "文件", "工作表",
]  # fmt: skip


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "报送"
    hand_in(folder, "水务局/河堤.xlsx", form())
    hand_in(folder, "水务局/水库.xlsx", form("水库除险"), form("渠道清淤"))
    hand_in(folder, "教育局.xlsx", form("课桌更换", "青川市教育局"))
    change_book(folder / "教育局.xlsx", "自评表1", H17=90)
    (folder / "坏 #1.xlsx").write_bytes(b"bad")
    monkeypatch.chdir(tmp_path)
    return folder


def summary(*arguments: str, out: str = "汇总.xlsx") -> int:
    return main(["consolidate", "报送", "-o", out, "--jobs", "1", *arguments])


def rows(sheet: Worksheet) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def formulas_and_values(path: Path) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Each formula of a workbook with the value that the file stores for it."""
    written, valued = load_workbook(path), load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): (cell.value, valued[sheet.title][cell.coordinate].value)
        for sheet in written
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def assert_agrees_with_libreoffice(path: Path, folder: Path) -> int:
    """Every value that is stored for a formula is the one that LibreOffice works out; gives the number of formulas."""
    ours = formulas_and_values(path)
    recalculated = load_workbook(convert(path, "xlsx", folder, recalculate=True), data_only=True)
    theirs = {place: recalculated[place[0]][place[1]].value for place in ours}
    differing = {
        place: (formula, value, theirs[place])
        for place, (formula, value) in ours.items()
        if value != theirs[place]
        and not (isinstance(value, int | float) and theirs[place] == pytest.approx(value, rel=1e-12, abs=1e-9))
        and (value or None, theirs[place] or None) != (None, None)
    }
    assert not differing
    return len(ours)


def test_the_sheets_hold_what_was_handed_in(inbox: Path) -> None:
    assert summary() == 2  # one book cannot be read
    book = load_workbook("汇总.xlsx", data_only=True)
    assert book.sheetnames == SHEETS
    head, *projects, sums = rows(book["项目"])
    assert list(head[:16]) == HEADINGS
    assert [each[:8] for each in projects] == [
        ("青川市教育局", "青川市河道所", "课桌更换", 2022, 32.4, 32.4, 31.69, 0.978086),
        ("青川市水务局", "青川市河道所", "水库除险", 2022, 32.4, 32.4, 31.69, 0.978086),
        ("青川市水务局", "青川市河道所", "渠道清淤", 2022, 32.4, 32.4, 31.69, 0.978086),
        ("青川市水务局", "青川市河道所", "河堤加固", 2022, 32.4, 32.4, 31.69, 0.978086),
    ]
    assert sums[0] == "合计（4 张）"
    assert sums[5] == pytest.approx(129.6)
    assert len(rows(book["指标"])) == 1 + 20
    assert {row[1] for row in rows(book["问题"])[1:]} == {"SCR008", "EXP004"}
    assert rows(book["读取失败"])[1][1] == "坏 #1.xlsx"


def test_formulas_agree_with_libreoffice(inbox: Path, tmp_path: Path) -> None:
    hand_in(
        inbox,
        "去年.xlsx",
        form("课桌更换", "青川市教育局", **{"2022": "2021", "31.69": "30.00"}),
        form("没有预算", "A*局"),
    )
    hand_in(inbox, "新.xlsx", form("河堤加固"), at=1_800_000_000)
    summary()
    assert assert_agrees_with_libreoffice(tmp_path / "汇总.xlsx", tmp_path / "lo") > 60
