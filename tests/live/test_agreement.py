"""An open workbook and the same one closed: the same reading, findings, changes, marks and results sheet, cell for cell."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest

from perfxl.liveruns import check_open, score_open
from perfxl.sources import Book
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.live.application import Application, open_file
from perfxl.workbooks.live.workbook import LiveWorkbook
from perfxl.workflows import Options, check_books, clear_books, score_books
from tests.live.books import NAMES, looks_in, make_book, shown, told
from tests.marks.books import looks


@pytest.mark.parametrize("name", NAMES)
def test_open_and_closed_agree(name: str, application: Application, tmp_path: Path) -> None:
    closed, live = (make_book(name, tmp_path / folder / "自评.xlsx") for folder in ("closed", "live"))
    book = open_file(application, live)
    if name == "formulas":  # only a spreadsheet program writes what formulas give
        book.save()
        copy(live, closed)

    assert shown(LiveWorkbook(book, application.native)) == shown(ClosedWorkbook.open(closed))
    checked = check_open(application, book, Options())
    assert told(checked) == told(check_books([Book(closed, "自评.xlsx")], Options()))

    scored = score_open(application, book, Options(mark=True))
    expected = score_books([Book(closed, "自评.xlsx")], Options())
    assert told(scored) == told(expected)
    assert scored.exit_status == expected.exit_status
    assert shown(LiveWorkbook(book, application.native)) == shown(ClosedWorkbook.open(closed))


def test_marks_look_alike_and_either_clears_what_the_other_marked(application: Application, tmp_path: Path) -> None:
    closed, live = (make_book("faulty", tmp_path / folder / "自评.xlsx") for folder in ("closed", "live"))
    before = looks(closed)
    book = open_file(application, live)
    score_open(application, book, Options(mark=True))
    score_books([Book(closed, "自评.xlsx")], Options())

    saved = tmp_path / "saved.xlsx"
    found, expected = looks_in(book, saved), looks(closed)
    form = [cell for cell in before if cell.startswith("自评表!")]
    assert {cell: found[cell].fill for cell in form} == {cell: expected[cell].fill for cell in form}
    marked = [cell for cell in expected if cell.startswith("自评表!") and "绩效自评检查" in (expected[cell].note or "")]
    assert marked
    assert {cell: found[cell].color for cell in marked} == {cell: expected[cell].color for cell in marked}
    results = [cell for cell in expected if cell.startswith("检查结果!") and expected[cell].value is not None]
    assert {cell: found[cell].fill for cell in marked} == {cell: expected[cell].fill for cell in marked}
    for part in ("fill", "bold", "border"):
        assert {c: getattr(found[c], part) for c in results} == {c: getattr(expected[c], part) for c in results}, part

    clear_books([Book(saved, "saved.xlsx")], Options())
    cleared = looks(saved)
    assert {cell: (cleared[cell].fill, cleared[cell].note) for cell in form} == {
        cell: (before[cell].fill, before[cell].note) for cell in form
    }
    assert not any("绩效自评检查" in (look.note or "") for look in cleared.values())
    assert not any(cell.startswith("检查结果!") for cell in cleared)
