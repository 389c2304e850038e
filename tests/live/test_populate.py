"""Filling forms of an open workbook: the same cells, rows and areas as in the closed one, and back again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.liveruns import populate_open, undo_open
from perfxl.populate.populating import populate_books
from perfxl.sources import Book
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.live.application import Application, open_file
from perfxl.workbooks.live.workbook import LiveWorkbook
from tests.books import GOOD_FORM, write_book
from tests.live.books import shown, told
from tests.populate.plans import INDICATORS, project, rows_of, write_plan

if TYPE_CHECKING:
    from perfxl.workbooks.live.application import OpenBook


def plan_with_more(path: Path) -> Path:
    """A plan with indicators for which the good form has no rows: of a level that is there, and of one that is not."""
    more = [
        *INDICATORS,
        ("产出指标", "数量", "加高长度", "≥", 300, "米", 10),
        ("效益指标", "生态效益指标", "新增绿地", "≥", 2, "公顷", 5),
        ("效益指标", "生态效益指标", "栽种树木", "≥", 100, "棵", 5),
    ]
    named = project(project_code=None, year=2022)
    return write_plan(path, [named], rows_of(named, more))


def both_filled(application: Application, folder: Path, plan: Path, form: str) -> OpenBook:
    """The same book filled open and closed, found alike; gives the open one."""
    paths = [folder / kind / "自评.xlsx" for kind in ("closed", "live")]
    for path in paths:
        path.parent.mkdir()
        write_book(path, {"自评表": form})
    closed, live = paths
    book = open_file(application, live)
    before = shown(LiveWorkbook(book, application.native))

    outcome = populate_open(application, book, [Book(plan, "p.xlsx")])
    expected = populate_books([Book(closed, "自评.xlsx")], [Book(plan, "p.xlsx")])
    assert outcome.failures == expected.failures == []
    assert told(outcome)["changes"] == told(expected)["changes"]
    assert outcome.disagreements == expected.disagreements
    inserted = [note for _, note in expected.notes if "插入" in note]
    assert [note for _, note in outcome.notes if "插入" in note] == inserted
    assert shown(LiveWorkbook(book, application.native)) == shown(ClosedWorkbook.open(closed))

    undo_open(application, book)
    assert shown(LiveWorkbook(book, application.native)) == before
    return book


def test_rows_are_inserted_as_in_a_closed_book_and_taken_out_again(application: Application, tmp_path: Path) -> None:
    book = both_filled(application, tmp_path, plan_with_more(tmp_path / "p.xlsx"), GOOD_FORM)
    assert book.sheets["自评表"].used_range.shape == (17, 9)


def test_a_blank_form_is_filled(application: Application, tmp_path: Path) -> None:
    path = write_plan(tmp_path / "p.xlsx", [project(project_code=None)])
    form = GOOD_FORM.replace("2022年度", "2025年度")
    for text in ("31.69", "97.81%", "9.78", "青川市河道所", "95%", "一处护坡返工，已整改"):
        form = form.replace(text, "")
    both_filled(application, tmp_path, path, form)


def test_a_source_that_does_not_fit_changes_nothing(application: Application, tmp_path: Path) -> None:
    book = open_file(application, write_book(tmp_path / "自评.xlsx", {"自评表": GOOD_FORM}))
    plan = write_plan(tmp_path / "p.xlsx", [project(fiscal="很多")])
    outcome = populate_open(application, book, [Book(plan, "p.xlsx")])
    assert outcome.failures
    assert not book.api.isModified()
