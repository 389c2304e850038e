"""Kills, Ctrl-C, two runs at once, another program that saves meanwhile: the old or the new book, whole, and `undo` working."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

import perfxl
from perfxl.errors import NothingToUndo
from perfxl.grid.address import Ref
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workflows import undo_book
from tests.hostile import base, container, interrupted

OLD = container.pack(base.parts())
KILLS = 100


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PERFXL_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PYTHONPATH", str(Path(perfxl.__file__).parents[1]))
    (tmp_path / "报送").mkdir()
    path = tmp_path / "报送" / "自评表.xlsx"
    path.write_bytes(OLD)
    return path


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """A run of perfxl as a process of its own."""
    command = [sys.executable, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8")


def finished(process: subprocess.Popen[str]) -> tuple[int, str]:
    """The exit status and what was said."""
    said, _ = process.communicate()
    return process.returncode, said


def is_whole(book: Path) -> bool:
    """Whether the book is the old one, or a new one of which every part can be read; True for a new one."""
    if book.read_bytes() == OLD:
        return False
    with zipfile.ZipFile(book) as package:
        assert package.testzip() is None
    workbook = ClosedWorkbook.open(book)
    cell = workbook.grid("自评表").cell(*Ref(6, 9))
    assert cell is not None
    assert str(cell.value) == "9.78"
    return True


def undo_works(book: Path) -> None:
    """A new book goes back byte for byte; for an old one there is nothing to take back, and it stays as it is."""
    if is_whole(book):
        undo_book(book)
    else:
        with pytest.raises(NothingToUndo):
            undo_book(book)
    assert book.read_bytes() == OLD


def leftovers(book: Path) -> list[str]:
    """What lies beside the book, and unfinished files in the user's data folder."""
    beside = [each.name for each in book.parent.iterdir() if each != book]
    return beside + [each.name for each in (book.parents[1] / "data").rglob("*.tmp")]


def at_each_step(action: str, book: Path, look: Callable[[int, str], None]) -> int:
    """Runs `score` with the action at its first step, at its second … until there are no more; gives how many there are."""
    number = 0
    while True:
        status, said = finished(start(interrupted.__file__, action, str(number + 1), "score", book))
        if status == 99:
            return number
        number += 1
        look(status, said)
        assert number < 200


def test_a_kill_at_each_step_of_score(book: Path) -> None:
    def look(status: int, said: str) -> None:
        assert status == -signal.SIGKILL
        assert said == ""
        undo_works(book)

    assert at_each_step("kill", book, look) > 5
    assert leftovers(book) == []  # the last run, which was not killed, cleared them
    undo_works(book)


def test_kills_at_random_moments(book: Path) -> None:
    before = time.monotonic()
    finished(start("-m", "perfxl", "score", book))
    usual = time.monotonic() - before
    undo_works(book)
    random = Random(7)
    for _ in range(KILLS):
        process = start("-m", "perfxl", "score", book)
        time.sleep(random.uniform(0.2, 1.1) * usual)
        process.kill()
        finished(process)
        undo_works(book)
    finished(start("-m", "perfxl", "score", book))
    assert leftovers(book) == []
    undo_works(book)


def test_ctrl_c_at_each_step_of_score(book: Path) -> None:
    def look(status: int, said: str) -> None:
        assert status == 130
        assert said.startswith("已按 Ctrl-C 停止")
        assert "Traceback" not in said
        assert leftovers(book) == []
        undo_works(book)

    assert at_each_step("interrupt", book, look) > 5


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_an_end_of_the_system_or_the_terminal_leaves_nothing(book: Path, number: signal.Signals) -> None:
    """Other than after a kill, nothing waits for the next run to be cleared away."""
    before = time.monotonic()
    finished(start("-m", "perfxl", "score", book))
    usual = time.monotonic() - before
    undo_works(book)
    random = Random(number)
    for _ in range(12):
        process = start("-m", "perfxl", "score", book)
        time.sleep(random.uniform(0.2, 1.1) * usual)
        process.send_signal(number)
        status, said = finished(process)
        assert status in (0, 128 + number, -number)
        assert "Traceback" not in said
        assert leftovers(book) == []
        undo_works(book)


def test_who_wants_no_end_of_the_terminal_is_heard(book: Path) -> None:
    """`nohup` has the signal passed over, which must stay so."""
    process = subprocess.Popen(
        ["nohup", sys.executable, "-c", _TELL_OF_SIGHUP], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert finished(process)[1].split()[-1] == "SIG_IGN"


_TELL_OF_SIGHUP = """
import signal, sys
sys.argv = ["perfxl", "--version"]
from perfxl.__main__ import run
try:
    run()
except SystemExit:
    print(signal.getsignal(signal.SIGHUP).name)
"""


def test_another_program_that_saves_meanwhile(book: Path, tmp_path: Path) -> None:
    other = tmp_path / "别人保存的.xlsx"
    other.write_bytes(container.pack(base.replaced(base.STRINGS, "河堤加固", "别人刚改的")))
    seen = set()

    def look(status: int, said: str) -> None:
        seen.add(status)
        if status == 2:
            assert "被其他程序改过" in said.replace("\n", "").replace(" ", "")
            assert book.read_bytes() == other.read_bytes()
            assert leftovers(book) == []
        book.write_bytes(OLD)

    at_each_step(f"save={book}={other}", book, look)
    assert 2 in seen


def test_runs_at_once_on_one_book(book: Path) -> None:
    runs = [finished(run) for run in [start("-m", "perfxl", "score", book) for _ in range(4)]]
    assert [status for status, _ in runs] == [0] * 4, runs
    assert is_whole(book)
    assert leftovers(book) == []
    undo_works(book)


def test_runs_at_once_that_score_and_take_back(book: Path) -> None:
    commands = ["score", "undo", "score", "undo", "clear", "score"]
    for status, said in [finished(run) for run in [start("-m", "perfxl", command, book) for command in commands]]:
        assert status in (0, 2), said
        assert "Traceback" not in said
    is_whole(book)
    assert leftovers(book) == []
    assert os.listdir(book.parent) == [book.name]
