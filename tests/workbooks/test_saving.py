"""Saving replaces the file whole or not at all, and only where nobody loses by it."""

from __future__ import annotations

import os
import stat
from decimal import Decimal
from pathlib import Path

import pytest

from perfxl.errors import UnwritableBook
from perfxl.workbooks.closed import ClosedWorkbook
from tests.workbooks import handmade
from tests.workbooks.contract import edit

PARTS = handmade.parts(handmade.sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return handmade.write(tmp_path / "自评.xlsx", PARTS)


@pytest.fixture
def book(path: Path) -> ClosedWorkbook:
    book = ClosedWorkbook.open(path)
    book.apply([edit("表", "A1", Decimal("0.999"))])
    return book


def untouched(path: Path, before: bytes) -> bool:
    """The old bytes stand there, and nothing lies about."""
    return path.read_bytes() == before and [p for p in path.parent.iterdir() if p.name.endswith(".tmp")] == []


def test_the_copy_for_undo_gets_old_and_new_bytes_before_the_file_changes(path: Path, book: ClosedWorkbook) -> None:
    seen: list[tuple[bytes, bytes]] = []
    before = path.read_bytes()

    def keep(old: bytes, new: bytes) -> None:
        assert path.read_bytes() == old == before
        seen.append((old, new))

    book.save(keep)
    assert seen == [(before, path.read_bytes())]
    assert seen[0][0] != seen[0][1]
    book.save(keep)  # nothing is left to write
    assert len(seen) == 1


@pytest.mark.parametrize("trouble", [UnwritableBook("没有地方放备份"), KeyboardInterrupt(), RuntimeError()])
def test_a_failure_in_the_middle_leaves_the_old_file(path: Path, book: ClosedWorkbook, trouble: BaseException) -> None:
    before = path.read_bytes()

    def fail(old: bytes, new: bytes) -> None:
        raise trouble

    with pytest.raises(type(trouble)):
        book.save(fail)
    assert untouched(path, before)
    book.save()  # and the edits are still there to be saved
    assert ClosedWorkbook.open(path).grid("表").rows[1][1].value == Decimal("0.999")


def test_another_programs_save_is_not_overwritten(path: Path, book: ClosedWorkbook) -> None:
    stat_before = path.stat()
    changed = bytearray(path.read_bytes())
    changed[10] ^= 1  # the same size
    path.write_bytes(changed)
    os.utime(path, ns=(stat_before.st_atime_ns, stat_before.st_mtime_ns))  # and the same time
    with pytest.raises(UnwritableBook, match="其他程序改过"):
        book.save()
    assert untouched(path, bytes(changed))


def test_a_file_that_went_away_is_not_made_again(path: Path, book: ClosedWorkbook) -> None:
    path.unlink()
    with pytest.raises(UnwritableBook):
        book.save()
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("name", ["~$自评.xlsx", ".~自评.xlsx"])
def test_a_book_that_is_open_elsewhere_is_refused_unless_forced(path: Path, book: ClosedWorkbook, name: str) -> None:
    before = path.read_bytes()
    owner = "张三"
    bytes_of_name = owner.encode("gb18030")
    path.with_name(name).write_bytes(
        bytes([len(bytes_of_name)]) + bytes_of_name.ljust(54) + b"\x02\0" + owner.encode("utf-16-le")
    )
    with pytest.raises(UnwritableBook, match="张三"):
        book.save()
    assert path.read_bytes() == before
    book.save(force=True)
    assert path.read_bytes() != before
    assert any("张三" in remark for remark in book.remarks)


def test_a_signed_book_is_refused_unless_forced(tmp_path: Path) -> None:
    path = handmade.write(tmp_path / "b.xlsx", {**PARTS, "_xmlsignatures/origin.sigs": ""})
    book = ClosedWorkbook.open(path)
    book.apply([edit("表", "A1", Decimal(2))])
    before = path.read_bytes()
    with pytest.raises(UnwritableBook, match="数字签名"):
        book.save()
    assert untouched(path, before)
    book.save(force=True)
    assert any("签名" in remark for remark in book.remarks)


def test_a_read_only_book_is_refused(path: Path, book: ClosedWorkbook) -> None:
    path.chmod(0o444)
    before = path.read_bytes()
    with pytest.raises(UnwritableBook, match="只读"):
        book.save()
    assert untouched(path, before)


def test_a_link_is_followed_and_the_mode_stays(path: Path, tmp_path: Path) -> None:
    path.chmod(0o640)
    link = tmp_path / "link.xlsx"
    link.symlink_to(path.name)
    book = ClosedWorkbook.open(link)
    book.apply([edit("表", "A1", Decimal(2))])
    book.save()
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert ClosedWorkbook.open(path).grid("表").rows[1][1].value == 2


def test_the_same_value_again_writes_nothing(path: Path) -> None:
    before = path.stat()
    book = ClosedWorkbook.open(path)
    book.apply([edit("表", "A1", Decimal("1.0"))])
    book.save()
    assert path.stat().st_ino == before.st_ino
