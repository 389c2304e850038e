"""Files are replaced whole, keep what they were, and leave nothing lying about, whatever goes wrong."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfxl.errors import UnwritableBook
from perfxl.files import clear_leftovers, hold, replace_file
from perfxl.ownerfiles import owner_file

OLD, NEW = b"old bytes" * 100, b"new bytes" * 200


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "自评表.xlsx"
    path.write_bytes(OLD)
    return path


def in_another_process(code: str, *arguments: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_new_bytes_stand_alone_in_the_folder(book: Path) -> None:
    replace_file(book, iter([NEW[:100], NEW[100:]]))
    assert book.read_bytes() == NEW
    assert list(book.parent.iterdir()) == [book]


def test_only_a_new_file_takes_no_name_that_is_taken(book: Path, tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(FileExistsError):
            replace_file(book, NEW, only_new=True)
    assert book.read_bytes() == OLD
    replace_file(tmp_path / "新.xlsx", NEW, only_new=True)
    assert (tmp_path / "新.xlsx").read_bytes() == NEW
    assert (tmp_path / "新.xlsx").stat().st_nlink == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["新.xlsx", book.name]


def test_what_a_killed_run_left_beside_its_new_file_is_cleared(tmp_path: Path) -> None:
    """It is another name of the file, which as such could not be replaced."""
    code = (
        "import os, sys; from pathlib import Path; from perfxl.files import replace_file;"
        "os.unlink = lambda path: os.kill(os.getpid(), 9); replace_file(Path(sys.argv[1]), b'new', only_new=True)"
    )
    assert in_another_process(code, tmp_path / "新.xlsx").returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 2
    replace_file(tmp_path / "新.xlsx", NEW)
    assert [path.name for path in tmp_path.iterdir()] == ["新.xlsx"]


def test_a_new_file_has_the_mode_asked_for(tmp_path: Path) -> None:
    replace_file(tmp_path / "private", NEW, mode=0o600)
    assert stat.S_IMODE((tmp_path / "private").stat().st_mode) == 0o600


def test_mode_owner_and_attributes_stay(book: Path) -> None:
    book.chmod(0o640)
    os.setxattr(book, "user.origin", "邮件".encode())
    if os.geteuid() == 0:
        os.chown(book, 4321, 1234)
    before = book.stat()
    replace_file(book, NEW)
    after = book.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert os.getxattr(book, "user.origin").decode() == "邮件"


def test_a_link_is_followed(book: Path, tmp_path: Path) -> None:
    link = tmp_path / "links" / "a.xlsx"
    link.parent.mkdir()
    link.symlink_to("../自评表.xlsx")
    replace_file(link, NEW)
    assert link.is_symlink()
    assert book.read_bytes() == NEW
    assert list(link.parent.iterdir()) == [link]


def loop(book: Path) -> None:
    book.unlink()
    book.symlink_to(book)


def second_name(book: Path) -> None:
    book.with_name("同一文件.xlsx").hardlink_to(book)


def pipe(book: Path) -> None:
    book.unlink()
    os.mkfifo(book)


def folder(book: Path) -> None:
    book.unlink()
    book.mkdir()


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda book: book.chmod(0o444), "只读"),
        (loop, "链接指向自身"),
        (second_name, "2 个硬链接"),
        (pipe, "不是普通文件"),
        (folder, "文件夹"),
    ],
)
def test_refuses_what_must_not_be_replaced(book: Path, spoil: object, why: str) -> None:
    assert callable(spoil)
    spoil(book)
    before = sorted((path.name, path.lstat()) for path in book.parent.iterdir())
    with pytest.raises(UnwritableBook, match=why) as caught:
        replace_file(book, NEW)
    assert caught.value.book == str(book)
    assert [name for name, _ in before] == sorted(path.name for path in book.parent.iterdir())
    assert dict(before)[book.name].st_ino == book.lstat().st_ino


def test_a_missing_folder_is_named_as_the_reason(tmp_path: Path) -> None:
    with pytest.raises(UnwritableBook, match=r"所在文件夹不存在.*没有生成文件"):
        replace_file(tmp_path / "no" / "a.xlsx", NEW)


def interrupted() -> Iterator[bytes]:
    yield NEW[:10]
    raise KeyboardInterrupt


def test_ctrl_c_in_the_middle_leaves_the_old_bytes(book: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        replace_file(book, interrupted())
    assert book.read_bytes() == OLD
    assert list(book.parent.iterdir()) == [book]


def test_the_check_sees_the_new_bytes_and_can_stop_the_replacement(book: Path) -> None:
    seen = []

    def refuse(temporary: str) -> None:
        seen.append(Path(temporary).read_bytes())
        raise UnwritableBook("changed meanwhile", book=book)

    with pytest.raises(UnwritableBook, match="changed meanwhile"):
        replace_file(book, NEW, check=refuse)
    assert seen == [NEW]
    assert book.read_bytes() == OLD
    assert list(book.parent.iterdir()) == [book]


def test_a_full_place_leaves_the_old_bytes(book: Path) -> None:
    done = in_another_process(
        "import resource, sys; from pathlib import Path; from perfxl.files import replace_file\n"
        "from perfxl.errors import UnwritableBook\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: replace_file(Path(sys.argv[1]), b'n' * 5000)\n"
        "except UnwritableBook as error: sys.stdout.buffer.write(str(error).encode())",
        book,
    )
    assert "文件大小超出系统允许的上限" in done.stdout, done.stderr
    assert "文件没有改动" in done.stdout
    assert book.read_bytes() == OLD
    assert list(book.parent.iterdir()) == [book]


def test_what_a_killed_run_left_is_cleared_and_nothing_else(book: Path) -> None:
    killed = in_another_process(
        "import os, signal, sys; from pathlib import Path; from perfxl.files import replace_file\n"
        "replace_file(Path(sys.argv[1]), b'n', check=lambda _: os.kill(os.getpid(), signal.SIGKILL))",
        book,
    )
    assert killed.returncode == -signal.SIGKILL
    assert book.read_bytes() == OLD
    (leftover,) = (path for path in book.parent.iterdir() if path != book)
    at_work = leftover.with_name(leftover.name.replace(f"-{leftover.name.split('-')[2]}-", f"-{os.getpid()}-"))
    elsewhere = leftover.with_name(".~perfxl-00000000-1-0123abcd.tmp")
    for path in (at_work, elsewhere, book.with_name(".~perfxl-笔记.tmp")):
        path.write_bytes(b"")
    clear_leftovers.cache_clear()
    replace_file(book, NEW)
    assert book.read_bytes() == NEW
    assert not leftover.exists()
    assert at_work.exists()
    assert elsewhere.exists()
    assert book.with_name(".~perfxl-笔记.tmp").exists()

    long_ago = time.time() - 7200
    os.utime(elsewhere, (long_ago, long_ago))
    clear_leftovers.cache_clear()
    clear_leftovers(book.parent)
    assert not elsewhere.exists()


def test_one_run_waits_for_another_and_reads_what_it_wrote(book: Path) -> None:
    read = []

    def other() -> None:
        with hold(book):
            read.append(book.read_bytes())

    with hold(book):
        thread = threading.Thread(target=other)
        thread.start()
        replace_file(book, NEW)  # from here on the other may begin: the new file is not held
    thread.join()
    assert read == [NEW]


def test_who_waits_too_long_is_refused(book: Path) -> None:
    with hold(book), pytest.raises(UnwritableBook, match="另一个 perfxl"), hold(book, wait=0.1):
        pass
    with hold(book, wait=0):
        pass


def excel_owner(name: str) -> bytes:
    narrow = name.encode("gb18030")
    return (
        bytes([len(narrow)])
        + narrow.ljust(54)
        + len(name).to_bytes(2, "little")
        + name.encode("utf-16-le").ljust(108, b" ")
    )


@pytest.mark.parametrize(
    ("name", "data", "owner"),
    [
        ("~$自评表.xlsx", excel_owner("张会计"), "张会计"),
        ("~$自评表.xlsx", excel_owner("张会计")[:55], "张会计"),
        (".~自评表.xlsx", excel_owner("WPS 用户"), "WPS 用户"),
        (".~lock.自评表.xlsx#", "李\\, 主任,li,host,05.03.2026 10:21,file:///home/li;".encode(), "李, 主任"),
        (".~lock.自评表.xlsx#", b",root,vm,24.11.2026 08:21,file:///tmp/prof;", "root"),
        ("~$自评表.xlsx", b"", "另一用户"),
        ("~$另一张表.xlsx", excel_owner("张会计"), None),
    ],
)
def test_tells_who_has_it_open(book: Path, name: str, data: bytes, owner: str | None) -> None:
    book.with_name(name).write_bytes(data)
    assert owner_file(book) == owner


def test_a_folder_or_pipe_of_that_name_is_no_owner_file(book: Path) -> None:
    book.with_name("~$自评表.xlsx").mkdir()
    os.mkfifo(book.with_name(".~lock.自评表.xlsx#"))
    assert owner_file(book) is None
