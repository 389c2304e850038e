"""A disk that is really full, at different points of each command: nothing is lost, nothing is left behind, and the words say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.books import GOOD_FORM, write_book
from tests.fulldisk import run
from tests.libreoffice import convert
from tests.populate.plans import project, write_plan

WRONG = GOOD_FORM.replace("97.81%", "100.00%", 1)
KB = 1 << 10
FULL = ("磁盘已满", "文件大小超出系统允许的上限", "文件大小的上限")


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    folder = tmp_path / "盘"
    folder.mkdir()
    return folder


@pytest.fixture
def book(disk: Path) -> Path:
    return write_book(disk / "自评表.xlsx", {"自评表": WRONG})


def said_full(said: str, name: str) -> bool:
    return name in said and any(words in said for words in FULL)


@pytest.mark.parametrize("command", [["score"], ["check", "--mark"]])
def test_a_book_on_a_full_disk_stays_as_it_was(disk: Path, book: Path, tmp_path: Path, command: list[str]) -> None:
    before = book.read_bytes()
    for free in (0, 4 * KB):
        done = run(disk, free, *command, book, environment={"PERFXL_DATA": str(tmp_path / "data")})
        assert done.status == 2
        assert said_full(done.said, book.name)
        assert "文件没有改动" in done.said
        assert done.there == {book.name: before}
        assert not (tmp_path / "data").exists()


def test_without_room_for_the_copy_the_book_is_not_changed(disk: Path, book: Path) -> None:
    """The disk takes the new book, but not the old one for `undo` besides."""
    before = book.read_bytes()
    pages = -(-len(before) // (4 * KB)) + 1
    done = run(disk, pages * 4 * KB, "score", book, environment={"PERFXL_DATA": str(disk / "data")})
    assert done.status == 2 or done.there[book.name] != before
    if done.status == 2:
        assert "文件没有改动" in done.said
        assert done.there == {book.name: before}


@pytest.mark.parametrize("command", ["clear", "undo"])
def test_clear_and_undo_can_be_tried_again(
    disk: Path, book: Path, tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from perfxl.cli import main

    monkeypatch.setenv("PERFXL_DATA", str(tmp_path / "data"))
    before = book.read_bytes()
    assert main(["score", str(book)]) == 0
    scored = book.read_bytes()
    done = run(disk, 0, command, book)
    assert done.status == 2
    assert said_full(done.said, book.name)
    assert done.there == {book.name: scored}
    assert main(["undo", str(book)]) == 0
    assert book.read_bytes() == before


def test_copies_that_do_not_fit_lie_beside_the_book(disk: Path, book: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "别处" / book.name
    elsewhere.parent.mkdir()
    book.rename(elsewhere)
    before = elsewhere.read_bytes()
    data = {"PERFXL_DATA": str(disk / "data")}
    done = run(disk, 0, "score", elsewhere, environment=data)
    if done.everywhere:
        assert (done.status, elsewhere.read_bytes()) == (2, before)
        return
    assert done.status == 0
    assert elsewhere.read_bytes() != before
    assert run(disk, 0, "undo", elsewhere, environment=data).status == 0
    assert elsewhere.read_bytes() == before


def test_a_plan_is_made_into_all_books_or_none(disk: Path, tmp_path: Path) -> None:
    plan = write_plan(
        tmp_path / "plan.xlsx",
        [project(project_code=f"B{n}", department_code=f"20{n}", department=f"单位{n}") for n in range(3)],
    )
    done = run(disk, 24 * KB, "new", disk / "表", "--plan", plan)
    assert done.status == 2
    assert said_full(done.said, "自评表.xlsx")
    assert done.there == {}


@pytest.mark.parametrize(
    ("free", "more"),
    [
        (0, ["-o", "汇总.xlsx"]),
        (0, ["--html", "汇总.html"]),
        (0, ["--letters", "意见"]),
        (0, ["--store", "库.duckdb"]),
        (12 * KB, ["--store", "库.duckdb"]),
        (16 * KB, ["--store", "库.duckdb"]),
    ],
)
def test_what_is_made_of_many_books_is_made_whole_or_not_at_all(
    disk: Path, book: Path, tmp_path: Path, free: int, more: list[str]
) -> None:
    elsewhere = tmp_path / "报送" / book.name
    elsewhere.parent.mkdir()
    book.rename(elsewhere)
    option, name = more
    done = run(disk, free, "consolidate", elsewhere.parent, option, disk / name)
    assert (done.status, done.there) == (2, {})
    assert said_full(done.said, ".duckdb" if done.everywhere else name)


def test_a_store_keeps_what_it_held(disk: Path, book: Path, tmp_path: Path) -> None:
    from perfxl.cli import main

    inbox, store = tmp_path / "报送", disk / "库.duckdb"
    inbox.mkdir()
    book.rename(inbox / book.name)
    assert main(["consolidate", str(inbox), "--store", str(store)]) == 1
    before = store.read_bytes()
    for number in range(40):
        write_book(inbox / f"{number}.xlsx", {"自评表": WRONG.replace("河堤加固", f"河堤加固{number}")})
    done = run(disk, 4 * KB, "consolidate", inbox, "--store", store)
    assert done.status == 2
    assert said_full(done.said, store.name)
    # What the log beside it holds of work that was not ended is passed over by the next run, which takes it all on.
    for name, content in done.there.items():
        (disk / name).write_bytes(content)
    assert done.there[store.name][:4096] == before[:4096]
    assert main(["query", str(store), "SELECT count(*) FROM forms"]) == 0
    assert main(["consolidate", str(inbox), "--store", str(store)]) == 1
    assert sorted(path.name for path in disk.iterdir()) == [store.name]


def test_a_document_is_exported_whole_or_not_at_all(disk: Path, book: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / book.name
    book.rename(elsewhere)
    for name in ("公开.docx", "公开.pdf"):
        done = run(disk, 4 * KB, "export", elsewhere, "-o", disk / name)
        assert (done.status, name in done.said, done.there) == (2, True, {})
        assert done.everywhere or said_full(done.said, name)


def test_a_full_folder_for_temporary_files_is_named(disk: Path, book: Path, tmp_path: Path) -> None:
    """LibreOffice ends there as if all was well, and leaves a document that was cut short."""
    xls = convert(book, "xls", tmp_path / "报送")
    commands: list[list[str | Path]] = [["score", "--to-xlsx", xls], ["export", book, "-o", tmp_path / "公开.pdf"]]
    for command in commands:
        done = run(disk, 200 * KB, *command, environment={"TMPDIR": str(disk)})
        assert (done.status, done.there) == (2, {book.name: book.read_bytes()})
        assert done.everywhere or f"临时文件夹“{disk}”所在的磁盘已满" in done.said
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == []
    assert [path.name for path in xls.parent.iterdir()] == [xls.name]


def test_the_copy_of_an_xls_that_could_not_be_scored_goes_again(disk: Path, book: Path, tmp_path: Path) -> None:
    xls = convert(book, "xls", tmp_path / "报送")
    book.unlink()
    moved = xls.rename(disk / xls.name)
    before = moved.read_bytes()
    done = run(disk, 16 * KB, "score", "--to-xlsx", moved)
    assert (done.status, done.there) == (2, {moved.name: before})
    assert done.everywhere or said_full(done.said, moved.name)
