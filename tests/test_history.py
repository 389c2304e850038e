"""Undo puts a book back byte for byte, one step a call, wherever the book has gone and whatever was killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from perfxl.errors import NothingToUndo, UnreadableBook, UnwritableBook
from perfxl.files import clear_leftovers, replace_file
from perfxl.history import History, Step, digest

DAY = 86_400 * 1_000_000_000
FIRST_DAY = 1_772_676_060 * 1_000_000_000


class Clock:
    def __init__(self) -> None:
        self.now = FIRST_DAY

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data" / "perfxl"


@pytest.fixture
def history(data: Path, clock: Clock) -> History:
    return History(data, now=clock)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "books" / "自评表.xlsx"
    path.parent.mkdir()
    save(path, 0)
    return path


def save(path: Path, value: int) -> None:
    """What a person does in a spreadsheet program."""
    workbook = openpyxl.Workbook()
    workbook.worksheets[0]["A1"] = value
    workbook.save(path)


def changed(path: Path, value: int) -> bytes:
    other = path.with_name("other.xlsx")
    save(other, value)
    data = other.read_bytes()
    other.unlink()
    return data


def score(history: History, path: Path, value: int, action: str = "score") -> tuple[bytes, Step]:
    """What perfxl does: keep, then replace; gives the bytes before."""
    before, after = path.read_bytes(), changed(path, value)
    step = history.keep(path, before, new_digest=digest(after), action=action)
    replace_file(path, after)
    return before, step


def test_each_undo_goes_one_step_back(history: History, book: Path) -> None:
    first, _ = score(history, book, 1)
    second, _ = score(history, book, 2, "clear")
    undone = history.undo(book)
    assert book.read_bytes() == second
    assert (undone.step.action, undone.replaced) == ("clear", None)
    assert undone.message.startswith("已还原到 2026-03-0")
    assert "perfxl clear" in undone.message
    history.undo(book)
    assert book.read_bytes() == first
    with pytest.raises(NothingToUndo, match="没有可以撤销的操作") as caught:
        history.undo(book)
    assert caught.value.book == str(book)
    assert book.read_bytes() == first


def test_steps_in_a_circle_end(history: History, book: Path) -> None:
    marked = changed(book, 1)
    plain = book.read_bytes()
    for before, after in [(plain, marked), (marked, plain), (plain, marked)]:
        history.keep(book, before, new_digest=digest(after), action="check --mark")
        replace_file(book, after)
    seen = []
    for _ in range(3):
        history.undo(book)
        seen.append(book.read_bytes())
    assert seen == [plain, marked, plain]
    with pytest.raises(NothingToUndo):
        history.undo(book)


def test_a_moved_and_renamed_book_is_found(history: History, book: Path, tmp_path: Path) -> None:
    first, _ = score(history, book, 1)
    second, _ = score(history, book, 2)
    moved = tmp_path / "送审" / "新名.xlsx"
    moved.parent.mkdir()
    shutil.move(book, moved)
    third, _ = score(history, moved, 3)
    for before in (third, second, first):
        history.undo(moved)
        assert moved.read_bytes() == before


def test_of_two_books_with_the_same_bytes_each_has_its_own_step(history: History, book: Path, tmp_path: Path) -> None:
    twin = book.with_name("另一张.xlsx")
    first, _ = score(history, book, 1)
    new = book.read_bytes()
    save(twin, 7)
    twin_first = twin.read_bytes()
    history.keep(twin, twin_first, new_digest=digest(new), action="score")
    replace_file(twin, new)
    history.undo(book)
    history.undo(twin)
    assert (book.read_bytes(), twin.read_bytes()) == (first, twin_first)


def test_undoing_a_copy_leaves_the_step_for_the_book(history: History, book: Path) -> None:
    first, _ = score(history, book, 1)
    copy = book.with_name("副本.xlsx")
    shutil.copy(book, copy)
    history.undo(copy)
    history.undo(book)
    assert copy.read_bytes() == book.read_bytes() == first


def test_who_saved_since_is_not_overwritten(history: History, book: Path) -> None:
    score(history, book, 1)
    save(book, 99)
    theirs = book.read_bytes()
    with pytest.raises(NothingToUndo, match=r"perfxl score 之后，文件又被保存过.*--force"):
        history.undo(book)
    assert book.read_bytes() == theirs


def test_force_puts_back_all_the_same_and_keeps_what_it_replaces(history: History, book: Path) -> None:
    first, _ = score(history, book, 1)
    save(book, 99)
    theirs = book.read_bytes()
    undone = history.undo(book, force=True)
    assert book.read_bytes() == first
    assert undone.replaced is not None
    assert "可再次运行 perfxl undo 取回" in undone.message
    history.undo(book)
    assert book.read_bytes() == theirs


def test_twenty_steps_are_kept(history: History, book: Path, data: Path, clock: Clock) -> None:
    befores = []
    for value in range(1, 26):
        clock.now += DAY // 24
        befores.append(score(history, book, value)[0])
    for before in reversed(befores[-20:]):
        history.undo(book)
        assert book.read_bytes() == before
    with pytest.raises(NothingToUndo):
        history.undo(book)
    assert not data.exists()


def test_a_clock_set_back_does_not_turn_the_order_round(history: History, book: Path, clock: Clock) -> None:
    score(history, book, 1)
    clock.now -= 30 * DAY
    second, _ = score(history, book, 2)
    save(book, 99)
    history.undo(book, force=True)
    assert book.read_bytes() == second


def test_ninety_days_are_kept(history: History, book: Path, clock: Clock) -> None:
    _, old = score(history, book, 1)
    clock.now += 89 * DAY
    second, _ = score(history, book, 2)
    assert old.file.exists()
    clock.now += 2 * DAY
    third, _ = score(history, book, 3)
    assert not old.file.exists()
    for before in (third, second):
        history.undo(book)
        assert book.read_bytes() == before
    with pytest.raises(NothingToUndo):
        history.undo(book)


def test_old_steps_of_books_that_are_gone_are_swept_by_runs_on_others(data: Path, book: Path, clock: Clock) -> None:
    _, old = score(History(data, now=clock), book, 1)
    clock.now += 91 * DAY
    other = book.with_name("另一张.xlsx")
    save(other, 5)
    # Steps whose digests begin alike share a shard, and a run sweeps the shards that it writes to.
    alike = old.new[:2] + digest(b"another")[2:]
    History(data, now=clock).keep(other, other.read_bytes(), new_digest=alike, action="score")
    assert not old.file.exists()
    assert not old.file.parent.exists()


def test_a_run_that_failed_leaves_no_step(history: History, book: Path, data: Path) -> None:
    step = history.keep(book, book.read_bytes(), new_digest=digest(b"never written"), action="score")
    history.forget(step)
    assert not data.exists()


def test_a_step_that_did_not_happen_is_passed_over(history: History, book: Path) -> None:
    first, _ = score(history, book, 1)
    history.keep(book, book.read_bytes(), new_digest=digest(b"never written"), action="score")
    history.undo(book)
    assert book.read_bytes() == first
    with pytest.raises(NothingToUndo, match="没有可以撤销的操作"):
        history.undo(book)


def test_a_damaged_step_is_passed_over_and_removed(history: History, book: Path) -> None:
    first, _ = score(history, book, 1)
    _, damaged = score(history, book, 2)
    damaged.file.write_bytes(damaged.file.read_bytes()[:-10])
    with pytest.raises(NothingToUndo):
        history.undo(book)
    assert not damaged.file.exists()
    history.undo(book, force=True)
    assert book.read_bytes() == first


def test_where_the_data_folder_cannot_be_written_steps_lie_beside_the_book(book: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    history = History(tmp_path / "file" / "perfxl")
    first, step = score(history, book, 1)
    assert step.file.is_relative_to(book.parent / ".perfxl")
    moved = book.parent.rename(tmp_path / "U盘") / book.name
    history.undo(moved)
    assert moved.read_bytes() == first
    assert list(moved.parent.iterdir()) == [moved]


def test_without_a_place_for_the_copy_the_book_must_not_be_changed(book: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (book.parent / ".perfxl").write_bytes(b"")
    with pytest.raises(UnwritableBook, match=r"无法保存供撤销用的副本.*PERFXL_DATA"):
        History(tmp_path / "file" / "perfxl").keep(book, b"", new_digest=digest(b"new"), action="score")


def test_a_copy_that_has_no_room_leaves_nothing_behind(book: Path, tmp_path: Path) -> None:
    code = (
        "import resource, sys; from pathlib import Path; from perfxl.errors import UnwritableBook\n"
        "from perfxl.history import History\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: History(Path(sys.argv[2])).keep(Path(sys.argv[1]), bytes(5000), new_digest='0' * 64, action='score')\n"
        "except UnwritableBook: sys.exit(7)"
    )
    assert subprocess.run([sys.executable, "-c", code, book, tmp_path / "data"], check=False).returncode == 7
    assert list(book.parent.iterdir()) == [book]
    assert not (tmp_path / "data").exists()


def test_copies_are_no_more_open_to_others_than_the_book(history: History, book: Path, data: Path) -> None:
    book.chmod(0o600)
    _, step = score(history, book, 1)
    assert step.file.stat().st_mode & 0o777 == 0o600
    assert data.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("environment", "where"),
    [
        ({"PERFXL_DATA": "here"}, "here"),
        ({"XDG_DATA_HOME": "share", "HOME": ""}, "share/perfxl"),
        ({"HOME": "."}, ".local/share/perfxl"),
        ({"HOME": "nobody"}, "books/.perfxl"),
    ],
)
def test_where_steps_lie(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], where: str
) -> None:
    (tmp_path / "share").mkdir()
    for name in ("PERFXL_DATA", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, str(tmp_path / value) if value else "")
    step = History().keep(book, b"old", new_digest=digest(b"new"), action="score")
    assert step.file.parents[2] == tmp_path / where


def test_refuses_where_the_book_is_open_read_only_or_gone(history: History, book: Path) -> None:
    first, _ = score(history, book, 1)
    scored = book.read_bytes()
    owner = book.with_name(f".~lock.{book.name}#")
    owner.write_bytes(",张会计,host,05.03.2026 10:21,file:///home;".encode())
    with pytest.raises(UnwritableBook, match="正由“张会计”打开"):
        history.undo(book)
    owner.unlink()
    book.chmod(0o444)
    with pytest.raises(UnwritableBook, match="只读"):
        history.undo(book)
    assert book.read_bytes() == scored
    book.chmod(0o644)
    with pytest.raises(UnreadableBook, match="没有这个文件"):
        history.undo(book.with_name("没有.xlsx"))
    history.undo(book)
    assert book.read_bytes() == first


def test_force_undoes_a_book_that_someone_has_open(history: History, book: Path) -> None:
    first, _ = score(history, book, 1)
    book.with_name(f"~${book.name}").write_bytes(b"")
    history.undo(book, force=True)
    assert book.read_bytes() == first


def test_a_link_and_a_name_that_is_no_utf8(history: History, book: Path) -> None:
    odd = book.with_name(os.fsdecode(b"-\xff\n%[1].xlsx"))
    book.rename(odd)
    link = book.with_name("链接.xlsx")
    link.symlink_to(odd)
    first, _ = score(history, link, 1)
    undone = history.undo(odd)
    assert undone.step.book == odd
    assert odd.read_bytes() == first
    assert link.is_symlink()


# Dies before the nth thing that it does to a file, when all that is loaded late has been loaded.
RUN = """
import fcntl, hashlib, os, signal, sys
from pathlib import Path
from perfxl.files import hold, replace_file
from perfxl.history import History, digest

action, data, book, new, last = sys.argv[1:]
left = int(last)

def die(event, arguments):
    global left
    if event in ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "os.listdir", "os.scandir"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

history, book, new = History(Path(data)), Path(book), Path(new).read_bytes()
sys.addaudithook(die)
if action == "undo":
    history.undo(book)
else:
    with hold(book):
        history.keep(book, book.read_bytes(), new_digest=digest(new), action="score")
        replace_file(book, new)
"""


def run(action: str, data: Path, book: Path, new: Path, last: int = 0) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", RUN, action, data, book, new, str(last)])


@pytest.mark.parametrize("action", ["score", "undo"])
def test_killed_anywhere_the_book_is_whole_and_undo_works(action: str, book: Path, tmp_path: Path) -> None:
    states = [book.read_bytes(), changed(book, 1), changed(book, 2)]
    new = tmp_path / "new"
    new.write_bytes(states[2])
    outcomes = []
    for last in range(1, 200):
        folder = tmp_path / f"{last}"
        folder.mkdir()
        copy = folder / "自评表.xlsx"
        copy.write_bytes(states[0])
        data = folder / "data"
        history = History(data)
        for before, after in zip(states, states[1:2] if action == "score" else states[1:], strict=False):
            history.keep(copy, before, new_digest=digest(after), action="score")
            replace_file(copy, after)
        status = run(action, data, copy, new, last).wait()
        at = states.index(copy.read_bytes())
        outcomes.append(at)
        clear_leftovers.cache_clear()
        while at > 0:
            history.undo(copy)
            at -= 1
            assert copy.read_bytes() == states[at]
        with pytest.raises(NothingToUndo, match="没有可以撤销的操作"):
            history.undo(copy)
        assert not list(folder.rglob(".~perfxl*"))
        if status == 0:
            break
        assert status == -signal.SIGKILL
    assert set(outcomes) == {1, 2}
    assert len(outcomes) > 10


def test_two_runs_at_once_on_one_book(book: Path, tmp_path: Path) -> None:
    states = {book.read_bytes()}
    first = book.read_bytes()
    runs = []
    for value in range(1, 7):
        new = tmp_path / f"new{value}"
        new.write_bytes(changed(book, value))
        states.add(new.read_bytes())
        runs.append(run("score", tmp_path / "data", book, new))
    assert [each.wait() for each in runs] == [0] * 6
    history = History(tmp_path / "data")
    seen = {book.read_bytes()}
    for _ in runs:
        history.undo(book)
        seen.add(book.read_bytes())
    assert seen == states
    assert book.read_bytes() == first
    assert list(book.parent.iterdir()) == [book]
