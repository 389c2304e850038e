"""Protected sheets: opened and closed again with the same options where there is no password, left alone where there is one."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Protection

from perfxl.errors import UnwritableBook
from perfxl.liveruns import check_open, clear_open, score_open, undo_open
from perfxl.workbooks.live.application import Application, open_file
from perfxl.workbooks.live.libreoffice.bridge import property_value
from perfxl.workflows import Options
from tests.live.books import make_book

if TYPE_CHECKING:
    from perfxl.workbooks.live.application import OpenBook

MARK = Options(mark=True)


def protected(path: Path, password: str = "", unlocked: tuple[str, ...] = ()) -> Path:
    """The faulty book with its form protected: columns may be formatted, locked cells not selected."""
    make_book("faulty", path)
    book: Any = load_workbook(path)
    sheet = book["自评表"]
    sheet.protection.enable()
    sheet.protection.formatColumns = False  # it says what is barred
    sheet.protection.selectLockedCells = True
    if password:
        sheet.protection.set_password(password)
    for cell in unlocked:
        sheet[cell].protection = Protection(locked=False)
    book.save(path)
    return path


def protection(book: OpenBook, path: Path) -> dict[str, str]:
    """The options of the form's protection, as the program writes them."""
    book.api.storeToURL(path.as_uri(), (property_value("FilterName", "Calc MS Excel 2007 XML"),))
    with zipfile.ZipFile(path) as package:
        part = package.read("xl/worksheets/sheet1.xml").decode()
    found = re.search(r"<sheetProtection ([^>]*)/>", part)
    assert found is not None
    return dict(re.findall(r'(\w+)="([^"]*)"', found[1]))


def test_a_protection_without_password_comes_back_with_its_options(application: Application, tmp_path: Path) -> None:
    book = open_file(application, protected(tmp_path / "自评.xlsx"))
    sheet = book.sheets["自评表"]
    before = protection(book, tmp_path / "copy.xlsx")
    assert before["selectLockedCells"] == "true"

    outcome = score_open(application, book, MARK)
    assert any("保护" in text for _, text in outcome.notes)
    assert sheet["H17"].value == pytest.approx(96.78)
    assert sheet["I13"].note is not None
    assert protection(book, tmp_path / "copy.xlsx") == before

    clear_open(application, book)
    undo_open(application, book)
    undo_open(application, book)
    assert sheet["H17"].value == 97
    assert sheet["I13"].note is None
    assert protection(book, tmp_path / "copy.xlsx") == before


def test_a_password_bars_locked_cells(application: Application, tmp_path: Path) -> None:
    book = open_file(application, protected(tmp_path / "自评.xlsx", "secret"))
    with pytest.raises(UnwritableBook, match="密码"):
        score_open(application, book, MARK)
    assert book.sheets["自评表"]["H17"].value == 97

    outcome = check_open(application, book, MARK)
    assert any("没有改动标记" in text for _, text in outcome.notes)
    assert book.sheets["自评表"]["I13"].note is None
    assert "检查结果" in book.sheet_names
    assert book.sheets["自评表"].api.isProtected()


def test_a_password_leaves_unlocked_cells_open(application: Application, tmp_path: Path) -> None:
    book = open_file(application, protected(tmp_path / "自评.xlsx", "secret", ("H6", "I6", "H17", "I17")))
    sheet = book.sheets["自评表"]
    outcome = score_open(application, book, MARK)
    assert {change.cell for change in outcome.changes} == {"H6", "H17"}
    assert sheet["H17"].value == pytest.approx(96.78)
    undo_open(application, book)
    assert sheet["H17"].value == 97
