"""The public functions give an outcome or one of perfxl's own errors, whatever they are called with."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import perfxl
from perfxl.errors import PerfxlError
from perfxl.outcome import Outcome
from perfxl.sources import Book
from tests.books import GOOD_FORM, write_book
from tests.foreign.binary import write_xlsb
from tests.form.drawing import draw

ODD = [
    "管道.xlsx", "环.xlsx", "断.xlsx", "夹.xlsx", "文本.xls", "空.xlsx", "半.xlsx", "旧.xlsb", "没有.xlsx", "a\0b.xlsx", "\ud800.xlsx",
    "\udcff.xlsx", "长" * 120 + ".xlsx", "好.xlsx/x.xlsx", "没有/\0*", "[", "a/" * 3000 + "a.xlsx",
]  # fmt: skip
Call = Callable[[Path, list[Book]], object]
OPTIONS = perfxl.Options()
CALLS: dict[str, Call] = {
    "find": lambda path, good: perfxl.find_books([str(path)]),
    "check": lambda path, good: perfxl.check_books([Book(path, str(path))], OPTIONS),
    "mark": lambda path, good: perfxl.check_books([Book(path, str(path))], perfxl.Options(mark=True)),
    "score": lambda path, good: perfxl.score_books([Book(path, str(path))], OPTIONS),
    "clear": lambda path, good: perfxl.clear_books([Book(path, str(path))], OPTIONS),
    "undo": lambda path, good: perfxl.undo_book(path),
    "undo by force": lambda path, good: perfxl.undo_book(path, force=True),
    "export": lambda path, good: perfxl.export_books([Book(path, str(path))], good[0].path.with_name("出.docx")),
    "export to": lambda path, good: perfxl.export_books(good, Path(f"{path}.docx")),
    "new": lambda path, good: perfxl.new_blank(Path(f"{path}.新.xlsx"), None),
    "new from": lambda path, good: perfxl.new_from_plan(good[0].path.with_name("新"), [Book(path, str(path))], None),
    "new to": lambda path, good: perfxl.new_from_plan(path, good, None),
    "populate": lambda path, good: perfxl.populate_books([Book(path, str(path))], good),
    "populate from": lambda path, good: perfxl.populate_books(good, [Book(path, str(path))]),
}


@pytest.fixture
def good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Book]:
    """A good workbook, with the odd places beside it."""
    monkeypatch.setenv("PERFXL_DATA", str(tmp_path / "data"))
    path = write_book(tmp_path / "好.xlsx", {"自评表": GOOD_FORM})
    os.mkfifo(tmp_path / "管道.xlsx")
    (tmp_path / "环.xlsx").symlink_to(tmp_path / "环.xlsx")
    (tmp_path / "断.xlsx").symlink_to("没有")
    (tmp_path / "夹.xlsx").mkdir()
    (tmp_path / "文本.xls").write_text("项目,得分\n", encoding="utf-8")
    (tmp_path / "空.xlsx").touch()
    (tmp_path / "半.xlsx").write_bytes(path.read_bytes()[:900])
    write_xlsb(tmp_path / "旧.xlsb", [draw(GOOD_FORM)])
    return [Book(path, path.name)]


@pytest.mark.parametrize("name", ODD, ids=lambda name: ascii(name)[:40])
def test_calls_give_outcomes_or_perfxl_errors(good: list[Book], tmp_path: Path, name: str) -> None:
    for call in CALLS.values():
        try:
            given = call(tmp_path / name, good)
        except PerfxlError as error:
            assert re.search("[\u4e00-\u9fff]", error.message)
        else:
            failures = given.failures if isinstance(given, Outcome) else []
            assert all(re.search("[\u4e00-\u9fff]", failure.error) for failure in failures)
