"""What is done in an open workbook and taken back again, step by step, and what the user is told where it cannot be done."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from perfxl.errors import NothingToUndo, NotReachable, UnwritableBook
from perfxl.grid.address import parse_a1
from perfxl.liveruns import check_open, clear_open, score_open, undo_open
from perfxl.outcome import Outcome
from perfxl.workbooks.live import workbook
from perfxl.workbooks.live.application import Application, open_file
from perfxl.workbooks.live.libreoffice import commands
from perfxl.workbooks.live.workbook import LiveWorkbook
from perfxl.workbooks.port import Edit
from perfxl.workflows import Options
from tests.live.books import looks_in, make_book
from tests.marks.books import Look

if TYPE_CHECKING:
    from perfxl.workbooks.live.application import OpenBook

MARK = Options(mark=True)
BLANK = Look(None, None, "000000", False, None, "General", None)


@pytest.fixture
def book(application: Application, tmp_path: Path) -> OpenBook:
    """A form with faults, open."""
    return open_file(application, make_book("faulty", tmp_path / "自评.xlsx"))


def seen(book: OpenBook, tmp_path: Path) -> dict[str, Look]:
    """The book as it looks in a copy, without blank cells; letters that have no colour are black."""
    found = looks_in(book, tmp_path / "copy.xlsx")
    seen = {cell: look._replace(color="000000" if look.color is None else look.color) for cell, look in found.items()}
    return {cell: look for cell, look in seen.items() if look != BLANK}


def grid_lines(document: Any, office: Any, sheet: str) -> bool:
    """Whether a sheet shows its grid lines."""
    document.getCurrentController().setActiveSheet(document.Sheets.getByName(sheet))
    state = commands.state(document, office, ".uno:ToggleSheetGrid")
    assert state is not None
    return bool(state.value)


def codes(outcome: Outcome) -> set[str]:
    """The codes of the findings."""
    return {finding.code for form in outcome.forms for finding in form.findings}


def texts(outcome: Outcome) -> str:
    """What the user is told about the book."""
    return "".join(text for _, text in outcome.notes)


def test_each_step_is_taken_back_by_itself(application: Application, book: OpenBook, tmp_path: Path) -> None:
    states = [seen(book, tmp_path)]
    check_open(application, book, MARK)
    states.append(seen(book, tmp_path))
    score_open(application, book, MARK)
    states.append(seen(book, tmp_path))
    clear_open(application, book)
    assert states[0] != states[1] != states[2] != seen(book, tmp_path)

    assert "清除标记" in texts(undo_open(application, book))
    assert seen(book, tmp_path) == states[2]
    assert "计算得分" in texts(undo_open(application, book))
    assert seen(book, tmp_path) == states[1]
    assert "检查" in texts(undo_open(application, book))
    assert seen(book, tmp_path) == states[0]
    with pytest.raises(NothingToUndo):
        undo_open(application, book)


def test_a_run_that_changes_nothing_is_no_step(application: Application, book: OpenBook) -> None:
    score_open(application, book, MARK)
    assert score_open(application, book, MARK).changes == []
    undo_open(application, book)
    with pytest.raises(NothingToUndo):
        undo_open(application, book)


def test_what_someone_typed_since_stays_unless_forced(application: Application, book: OpenBook) -> None:
    sheet = book.sheets["自评表"]
    score_open(application, book, MARK)
    sheet["H17"].value = 95
    told = texts(undo_open(application, book))
    assert "自评表!H17" in told
    assert (sheet["H17"].value, sheet["H6"].value) == (95, 1)

    sheet["H17"].value = 97
    score_open(application, book, MARK)
    sheet["H17"].value = 95
    undo_open(application, book, force=True)
    assert sheet["H17"].value == 97


def test_a_results_sheet_on_which_someone_wrote_stays(application: Application, book: OpenBook) -> None:
    check_open(application, book, MARK)
    book.sheets["检查结果"]["K4"].value = "'已核实"
    assert "检查结果" in texts(undo_open(application, book))
    assert "检查结果" in book.sheet_names
    check_open(application, book, MARK)
    assert book.sheets["检查结果"]["K4"].value == "已核实"


def test_undo_ends_where_the_workbook_is_closed(application: Application, book: OpenBook) -> None:
    score_open(application, book, MARK)
    book.save()
    path = Path(book.fullname)
    book.close()
    with pytest.raises(NothingToUndo):
        undo_open(application, open_file(application, path))


def test_the_programs_own_undo_takes_a_run_back_at_one_stroke(application: Application, book: OpenBook) -> None:
    score_open(application, book, MARK)
    book.api.getUndoManager().undo()
    assert (book.sheets["自评表"]["H17"].value, book.sheets["自评表"]["H6"].value) == (97, 1)
    assert "检查结果" not in book.sheet_names


def test_view_selection_and_calculation_are_as_before(application: Application, book: OpenBook) -> None:
    book.sheets["说明"].activate()
    book.sheets["说明"]["B2"].select()
    application.app.calculation = "manual"
    score_open(application, book, MARK)
    assert book.sheets.active.name == "说明"
    selected = application.app.selection
    assert selected is not None
    assert selected.address == "$B$2"
    assert application.app.calculation == "manual"
    assert application.app.screen_updating
    application.app.calculation = "automatic"


def test_grid_lines_go_from_the_results_sheet_alone(application: Application, book: OpenBook) -> None:
    document, office = book.api, book.impl.app.office
    score_open(application, book, MARK)
    assert document.getCurrentController().ShowGrid
    assert not grid_lines(document, office, "检查结果")
    assert grid_lines(document, office, "自评表")


def test_a_run_that_fails_half_way_leaves_nothing_behind(
    application: Application, book: OpenBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = seen(book, tmp_path)

    def refuse(*_: object) -> None:
        raise UnwritableBook("不行")

    monkeypatch.setattr("perfxl.workbooks.live.libreoffice.native.CalcNative.set_up", refuse)
    with pytest.raises(UnwritableBook):
        score_open(application, book, MARK)
    monkeypatch.undo()
    assert seen(book, tmp_path) == before
    assert application.app.screen_updating


@pytest.mark.parametrize("where", ["write_values", "read_back"])
def test_a_workbook_that_is_closed_meanwhile_is_told(
    application: Application, book: OpenBook, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = getattr(workbook, where)

    def closed(*given: Any) -> Any:
        book.close()
        return done(*given)

    monkeypatch.setattr(workbook, where, closed)
    with pytest.raises(NotReachable, match="就被关闭了"):
        score_open(application, book, MARK)


def test_without_marks_nothing_is_touched(application: Application, book: OpenBook) -> None:
    assert check_open(application, book, Options()).exit_status == 1
    assert not book.api.isModified()


def test_all_edits_are_made_or_none(application: Application, book: OpenBook) -> None:
    workbook = LiveWorkbook(book, application.native)
    edits = [Edit("自评表", parse_a1(at), Decimal(1)) for at in ("H12", "B1")]
    with pytest.raises(UnwritableBook) as refusal:
        workbook.apply(edits)
    assert refusal.value.cell == "B1"
    assert book.sheets["自评表"]["H12"].value == 20


class TestWhatCannotBeDone:
    def test_a_book_that_was_never_saved_is_worked_on_all_the_same(
        self, application: Application, book: OpenBook
    ) -> None:
        new = application.app.books.add()
        sheet = new.sheets[0]
        source = book.sheets["自评表"].used_range
        sheet.range((1, 1), source.shape).value = source.value
        assert "请保存" in texts(score_open(application, new, MARK))
        undo_open(application, new)
        with pytest.raises(UnwritableBook, match="另存"):
            workbook = LiveWorkbook(new, application.native)
            workbook.apply([Edit(sheet.name, parse_a1("Z1"), "x")])
            workbook.save()

    def test_settings_are_those_beside_the_file_not_those_of_where_the_program_was_started(
        self, application: Application, book: OpenBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ignoring = 'ignore = ["FND001"]'
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        elsewhere.joinpath("perfxl.toml").write_text(ignoring, encoding="utf-8")
        monkeypatch.chdir(elsewhere)
        new = application.app.books.add()
        source = book.sheets["自评表"].used_range
        new.sheets[0].range((1, 1), source.shape).value = source.value
        for each in (book, new):
            assert "FND001" in codes(check_open(application, each, Options()))
        Path(book.fullname).with_name("perfxl.toml").write_text(ignoring, encoding="utf-8")
        assert "FND001" not in codes(check_open(application, book, Options()))

    def test_a_book_that_lies_on_the_net_is_checked_by_the_usual_settings(
        self, application: Application, tmp_path: Path
    ) -> None:
        make_book("faulty", tmp_path / "a.xlsx")
        handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            url = f"http://127.0.0.1:{server.server_port}/a.xlsx"
            application.app.api.loadComponentFromURL(url, "_blank", 0, ())
            server.shutdown()
        book = application.book(url)
        assert "放在网上" in texts(check_open(application, book, Options()))

    def test_a_book_opened_for_reading_is_checked_but_not_changed(
        self, application: Application, tmp_path: Path
    ) -> None:
        path = make_book("faulty", tmp_path / "附件.xlsx")
        book = application.app.books.open(str(path), read_only=True)
        assert check_open(application, book, Options()).forms
        with pytest.raises(UnwritableBook, match="另存为"):
            score_open(application, book, MARK)
        with pytest.raises(UnwritableBook, match="另存为"):
            clear_open(application, book)

    def test_no_book_is_open(self, application: Application) -> None:
        with pytest.raises(NotReachable, match="请先打开自评表") as told:
            application.book()
        assert "受保护的视图" not in str(told.value)  # LibreOffice has none

    def test_the_book_named_is_not_open(self, application: Application, book: OpenBook) -> None:
        with pytest.raises(NotReachable, match=r"自评\.xlsx"):
            application.book("别的.xlsx")

    def test_books_of_one_name_are_told_by_their_paths(self, application: Application, tmp_path: Path) -> None:
        paths = [make_book("faulty", tmp_path / folder / "自评.xlsx") for folder in ("甲", "乙")]
        open_file(application, paths[0])
        with pytest.raises(NotReachable, match="同名"):
            open_file(application, paths[1])
        application.app.api.loadComponentFromURL(paths[1].as_uri(), "_blank", 0, ())
        with pytest.raises(NotReachable, match="完整的路径"):
            application.book("自评.xlsx")
        assert application.book(str(paths[0])).fullname == str(paths[0])

    def test_a_data_folder_that_cannot_be_written_bars_changes(
        self, application: Application, book: OpenBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        blocked = tmp_path / "blocked"
        blocked.write_text("")
        monkeypatch.setenv("PERFXL_DATA", str(blocked))
        with pytest.raises(UnwritableBook, match="PERFXL_DATA"):
            score_open(application, book, MARK)
        assert book.sheets["自评表"]["H17"].value == 97

    def test_a_structure_that_is_locked_gets_marks_without_a_results_sheet(
        self, application: Application, book: OpenBook
    ) -> None:
        book.api.protect("")
        assert "结构受保护" in texts(score_open(application, book, MARK))
        assert "检查结果" not in book.sheet_names
        assert book.sheets["自评表"]["I13"].note is not None
