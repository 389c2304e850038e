"""The xlwings engine for LibreOffice and what perfxl asks of a program: declared where one cannot do it, and tried."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xlwings

from perfxl.errors import NotReachable
from perfxl.grid.address import Area, Ref
from perfxl.grid.cells import CellError
from perfxl.liveruns import score_open, undo_open
from perfxl.workbooks.live.application import Application, connect, open_file
from perfxl.workbooks.live.libreoffice.office import users_accept
from perfxl.workbooks.live.native import Colors, Feature
from perfxl.workbooks.live.plain import PlainNative
from perfxl.workbooks.live.survey import survey_by_halves
from perfxl.workbooks.live.workbook import LiveWorkbook
from perfxl.workbooks.live.xl import engine
from perfxl.workflows import Options
from tests.live.books import looks_in, make_book
from tests.live.running import close_all
from tests.workbooks.contract import Open, WorkbookContract, write_book

if TYPE_CHECKING:
    from perfxl.workbooks.live.application import OpenBook


@pytest.fixture
def book(application: Application, tmp_path: Path) -> OpenBook:
    """The book of the contract, open."""
    return open_file(application, write_book(tmp_path / "自评.xlsx"))


class TestPlainNative(WorkbookContract):
    """What needs nothing but xlwings' public interface, as for Excel on macOS, tried on the program that is here."""

    formats_of_texts = frozenset(["General", "@"])

    @pytest.fixture
    def open_book(self, application: Application, tmp_path: Path) -> Open:
        def open_anew(path: Path) -> LiveWorkbook:
            if application.has(str(path)):
                copy = tmp_path / f"{path.stem} 读回{path.suffix}"
                copy.write_bytes(path.read_bytes())
                path = copy
            return LiveWorkbook(open_file(application, path), PlainNative("程序"))

        return open_anew

    def test_a_run_marks_and_is_taken_back(self, office: Application, application: Application, tmp_path: Path) -> None:
        plain = Application(office.app, PlainNative("程序"), office.failures)
        book = open_file(plain, make_book("faulty", tmp_path / "自评.xlsx"))
        sheet = book.sheets["自评表"]
        score_open(plain, book, Options(mark=True))
        assert sheet["I13"].note is not None
        assert book.sheets["检查结果"]["A1"].value == "绩效自评检查结果"
        undo_open(plain, book)
        assert (sheet["H17"].value, sheet["I13"].color, book.sheet_names) == (97, None, ["自评表", "说明"])
        del application


def test_the_offices_own_survey_finds_what_questions_by_halves_find(application: Application, tmp_path: Path) -> None:
    book = open_file(application, make_book("faulty", tmp_path / "自评.xlsx"))
    book.sheets[0]["14:14"].api.Rows.IsVisible = False
    book.sheets[0]["D1"].columns.hidden = True
    area = Area(1, 1, 25, 12)
    quick, slow = application.native.survey(book.sheets[0], area), survey_by_halves(book.sheets[0], area)

    def formats(survey: tuple[tuple[Area, str], ...]) -> dict[Ref, str]:
        return {
            Ref(row, column): code
            for part, code in survey
            for row in range(part.top, part.bottom + 1)
            for column in range(part.left, part.right + 1)
        }

    assert set(quick.merges) == set(slow.merges)
    assert formats(quick.formats) == formats(slow.formats)
    assert (quick.hidden_rows, quick.hidden_columns) == (slow.hidden_rows, slow.hidden_columns)
    assert (set(quick.hidden_rows), set(quick.hidden_columns)) == ({14}, {4})


def test_what_libreoffice_can_do_is_what_it_declares(application: Application, book: OpenBook) -> None:
    native = application.native
    assert native.features == {Feature.ONE_UNDO}
    sheet = book.sheets["自评表"]
    sheet.visible = False
    assert native.state(sheet).value == "hidden"  # VERY_HIDDEN: there is no other
    sheet.visible = True
    native.paint(sheet["A2"], Colors("t4+0.6/B8CCE4", "i10"))
    assert native.colors(sheet["A2"]) == Colors("B8CCE4", "FF0000")  # THEME_COLORS: it keeps what they look like
    native.paint(sheet["A2"], Colors("无", "自动"))
    assert native.colors(sheet["A2"]) == Colors("无", "自动")
    assert not native.has_thread(sheet["B2"])  # THREADS: a note is no thread


def test_errors_booleans_and_texts_are_told_apart(application: Application, book: OpenBook) -> None:
    sheet = book.sheets["代码"]
    sheet["A1"].formula = "=1/0"
    sheet["A2"].formula = '=IF(自评表!B4>5,"是","否")'
    sheet["A3"].value = [["'=1+1", 2.5], [True, None]]
    grid = LiveWorkbook(book, application.native).grid("代码")
    assert grid.rows[1][1].value == CellError("#DIV/0!")
    assert (grid.rows[2][1].value, grid.rows[2][1].formula) == ("是", 'IF(自评表!B4>5,"是","否")')
    assert (grid.rows[3][1].value, grid.rows[3][1].formula, grid.rows[3][2].value) == ("=1+1", None, Decimal("2.5"))
    assert grid.rows[4][1].value is True


def test_a_block_written_over_a_note_leaves_it(book: OpenBook) -> None:
    sheet = book.sheets["自评表"]
    sheet["A2"].value = [["'甲", 1], ["'乙", 2]]
    note = sheet["B2"].note
    assert note is not None
    assert (note.text, sheet["A2:B3"].value) == ("以决算数为准", [["甲", 1], ["乙", 2]])


def test_formats_are_written_to_files_as_they_were_set(
    application: Application, book: OpenBook, tmp_path: Path
) -> None:
    del application
    sheet = book.sheets["自评表"]
    codes = {"A2": "General", "B2": "0.000%", "C2": "0.00_ ", "D2": "yyyy-mm-dd", "E2": "@"}
    for place, code in codes.items():
        sheet[place].number_format = "0.0"
        sheet[place].number_format = code
        assert sheet[place].number_format.lower() == code.lower()
    seen = looks_in(book, tmp_path / "copy.xlsx")
    assert {place: seen[f"自评表!{place}"].number_format.lower() for place in ["A2", "B2", "C2", "E2"]} == {
        place: codes[place].lower() for place in ["A2", "B2", "C2", "E2"]
    }


def test_of_several_connections_each_is_in_front_when_it_is_used(
    application: Application, accept: str, book: OpenBook
) -> None:
    connect("libreoffice", accept)
    book.sheets["台账"].activate()
    assert book.sheets.active.name == "台账"
    found = engine("libreoffice")
    assert found is not None
    assert found.apps.active == application.app


def test_the_engine_is_one_of_xlwings(application: Application) -> None:
    found = engine("libreoffice")
    assert isinstance(found, xlwings.Engine)
    assert application.app.engine.name == "libreoffice"
    assert application.app in list(found.apps)


@pytest.mark.parametrize("accept", ["pipe,name=nobody-is-here", "socket,host=localhost,port=1"])
def test_nobody_listens_there(accept: str) -> None:
    with pytest.raises(NotReachable, match="accept"):
        connect("libreoffice", accept)


def test_what_is_no_accept_string_is_told(accept: str) -> None:
    del accept  # an office runs
    with pytest.raises(NotReachable, match="pipe,name"):
        connect("libreoffice", "nonsense")


@pytest.mark.parametrize("program", ["excel", "wps"])
def test_a_program_that_this_system_has_not_is_told(program: str) -> None:
    with pytest.raises(NotReachable, match="Windows"):
        connect(program)


class TestTheUsersOwnOffice:
    """As a user has it: a home of its own, no accept string given."""

    @pytest.fixture
    def environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
        monkeypatch.setenv("HOME", str(tmp_path))
        home = {"HOME": str(tmp_path), "PERFXL_DATA": str(tmp_path / "data"), "SAL_USE_VCLPLUGIN": "svp"}
        return {name: value for name, value in os.environ.items() if not name.startswith("XDG_")} | home

    def score(self, environment: dict[str, str], *arguments: str) -> str:
        command = [sys.executable, "-m", "perfxl", "live", "score", *arguments]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False
        )
        return done.stdout + done.stderr

    def assert_scored(self, path: Path) -> None:
        """The book is scored in the office of this user, which is ended."""
        office = connect("libreoffice", users_accept())
        try:
            assert [book.fullname for book in office.app.books] == [str(path)]
            assert office.book().sheets["自评表"]["H17"].value == pytest.approx(96.78)
        finally:
            close_all(office)
            office.app.quit()

    def test_where_none_runs_one_is_started(self, environment: dict[str, str], tmp_path: Path) -> None:
        path = make_book("faulty", tmp_path / "自评.xlsx")
        assert "已更新" in self.score(environment, "--app", "libreoffice", "--book", str(path))
        self.assert_scored(path)

    def test_one_that_runs_is_asked_to_listen(self, environment: dict[str, str], tmp_path: Path) -> None:
        path = make_book("faulty", tmp_path / "自评.xlsx")
        running = subprocess.Popen(["soffice", "--norestore", "--nologo", str(path)], env=environment)
        lock = path.with_name(f".~lock.{path.name}#")
        deadline = time.monotonic() + 60
        while not lock.exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert "已更新" in self.score(environment)
        self.assert_scored(path)
        running.wait(60)


@pytest.mark.usefixtures("application")
def test_what_is_missing_is_told_as_python_tells_it_beside_uno() -> None:
    with pytest.raises(ModuleNotFoundError):
        exec("import no_such_module_anywhere")
