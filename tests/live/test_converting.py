"""Saving as .xlsx by a spreadsheet program, as Excel and WPS are asked to, here by LibreOffice's engine; and what keeps it from hanging."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from perfxl.errors import UnwritableBook
from perfxl.resaving import as_xlsx
from perfxl.sources import Book
from perfxl.workbooks.filekinds import FileKind
from perfxl.workbooks.live.application import Application
from perfxl.workbooks.live.converting import ended_after, programs_here, save_as_xlsx
from perfxl.workflows import Options, check_books
from tests.books import GOOD_FORM, write_book
from tests.libreoffice import convert


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_a_workbook_is_saved_under_another_name_and_stays_as_it_was(
    application: Application, tmp_path: Path, suffix: str
) -> None:
    book = write_book(tmp_path / "自评表.xlsx", {"自评表": GOOD_FORM})
    source = convert(book, suffix, tmp_path / "报送")
    before = source.read_bytes()
    save_as_xlsx(application.app, source, tmp_path / "另存.xlsx")
    assert source.read_bytes() == before
    assert list(application.app.books) == []
    assert [path.name for path in source.parent.iterdir()] == [source.name]
    (saved,) = check_books([Book(tmp_path / "另存.xlsx", "另存.xlsx")], Options()).forms
    (first,) = check_books([Book(source, source.name)], Options()).forms
    assert saved.scored.form.project == first.scored.form.project
    assert saved.scored.scores == first.scored.scores


def test_a_program_that_takes_too_long_is_ended() -> None:
    with (
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as waiting,
        ended_after(0.05, waiting.pid),
    ):
        assert waiting.wait(60) != 0


def test_a_program_that_is_done_in_time_is_left_alone() -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as waiting:
        with ended_after(600, waiting.pid):
            assert waiting.poll() is None
        assert waiting.poll() is None


def test_only_on_windows_are_excel_and_wps_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here neither answers, however LibreOffice fares, and the message says what was looked for."""
    assert programs_here() == []
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnwritableBook, match="没有找到 LibreOffice、Excel 或 WPS"):
        as_xlsx(b"", FileKind.XLS, tmp_path / "a.xls")
    failing = tmp_path / "soffice"
    shutil.copy("/bin/false", failing)
    with pytest.raises(UnwritableBook, match="LibreOffice 没有转换成功"):
        as_xlsx(b"", FileKind.XLS, tmp_path / "a.xls")
