"""Books with odd names and in odd places, and output that goes nowhere: as people call perfxl, in processes of their own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.books import GOOD_FORM, write_book

ROOT = Path(__file__).parents[1]
WRONG = GOOD_FORM.replace("97.81%", "100.00%", 1)
# As root, permissions count only without these.
PLAIN = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
NAMES = [
    "-x.xlsx", "--help", "--format=json.xlsx", "两\n行.xlsx", "100%s.xlsx", "[ab].xlsx", "a*?.xlsx", "😀.xlsx", "{0}.xlsx", " 空 格 .xlsx",
    "引'\"号.xlsx", "\x1b[31m红\x07.xlsx", "\u202exslx.xlsx", "$(id);&|.xlsx", "\udcff\udcfe.xlsx", "长" * 80 + ".xlsx",
]  # fmt: skip


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_book(tmp_path_factory.mktemp("wrong") / "a.xlsx", {"自评表": WRONG}).read_bytes()


@pytest.fixture
def book(tmp_path: Path, wrong: bytes) -> Path:
    path = tmp_path / "报送" / "自评表.xlsx"
    path.parent.mkdir()
    path.write_bytes(wrong)
    return path


@pytest.fixture(autouse=True)
def opened_again(tmp_path: Path) -> Iterator[None]:
    """What a test closed must be open for pytest to clear it away."""
    yield
    for folder, folders, _ in os.walk(tmp_path):
        for name in folders:
            Path(folder, name).chmod(0o755)


def perfxl(
    *arguments: str | Path,
    data: Path | None,
    cwd: Path,
    before: list[str] | None = None,
    environment: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Runs a command in a process; what it says is decoded as UTF-8, and no traceback may be in it."""
    given = {key: value for key, value in os.environ.items() if key not in ("HOME", "PERFXL_DATA", "XDG_DATA_HOME")}
    given |= {"PYTHONPATH": str(ROOT), **(environment or {})}
    if data is not None:
        given["PERFXL_DATA"] = str(data)
    command = [*(before or []), sys.executable, "-m", "perfxl", *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", errors="surrogateescape", cwd=cwd, env=given, check=False
    )
    assert "Traceback" not in done.stderr
    return done


def test_any_name_is_scored_shown_and_undone(tmp_path: Path, wrong: bytes) -> None:
    folder = tmp_path / "报送"
    folder.mkdir()
    for name in NAMES:
        (folder / name).write_bytes(wrong)
    done = perfxl("score", "--ignore", "XBK001", "--", *NAMES, data=tmp_path / "data", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("● ") == 0
    assert not [sign for sign in done.stdout if not sign.isprintable() and sign != "\n"]
    scored = {(folder / name).read_bytes() for name in NAMES}
    assert wrong not in scored
    report = json.loads(perfxl("check", "--format", "json", "--", *NAMES, data=tmp_path / "data", cwd=folder).stdout)
    assert [form["book"] for form in report["forms"]] == NAMES
    for name in NAMES:
        done = perfxl("undo", "--", name, data=tmp_path / "data", cwd=folder)
        assert (done.returncode, done.stderr) == (0, "")
        assert (folder / name).read_bytes() == wrong
    assert sorted(os.listdir(folder)) == sorted(NAMES)


def test_a_folder_finds_all_names_that_end_like_workbooks(tmp_path: Path, wrong: bytes) -> None:
    for name in NAMES:
        (tmp_path / name).write_bytes(wrong)
    report = json.loads(perfxl("check", ".", "--format", "json", data=None, cwd=tmp_path).stdout)
    found = sorted(Path(form["book"]).name for form in report["forms"])
    assert found == sorted(name for name in NAMES if name.endswith(".xlsx"))


LONG = "长" * 90
OUTPUTS = [
    ["consolidate", "a.xlsx", "-o", f"{LONG}.xlsx"],
    ["consolidate", "a.xlsx", "--html", f"{LONG}.html"],
    ["consolidate", "a.xlsx", "--letters", LONG],
    ["consolidate", "a.xlsx", "--store", LONG],
    ["query", LONG, "SELECT 1"],
    ["export", "a.xlsx", "-o", f"{LONG}.docx"],
    ["new", f"{LONG}.xlsx"],
    ["new", "a.xlsx/新.xlsx"],
    ["consolidate", "a.xlsx", "--store", "a.xlsx/库.duckdb"],
    ["consolidate", "a.xlsx", "--letters", "a.xlsx/意见"],
    ["consolidate", "a.xlsx", "--store", "/dev/full"],
]


@pytest.mark.parametrize("arguments", OUTPUTS)
def test_names_that_no_file_can_have_are_refused_in_words(tmp_path: Path, wrong: bytes, arguments: list[str]) -> None:
    (tmp_path / "a.xlsx").write_bytes(wrong)
    done = perfxl(*arguments, data=tmp_path / "data", cwd=tmp_path)
    assert done.returncode == 2
    assert "自身出错" not in done.stderr
    assert any(f"“{name}”" in done.stderr for name in (arguments[-1], arguments[1], "a.xlsx"))
    assert os.listdir(tmp_path) == ["a.xlsx"]
    assert (tmp_path / "a.xlsx").read_bytes() == wrong


@pytest.mark.parametrize("name", ["~/库.duckdb", ":memory:", "md:库", "[ab]*?.duckdb", "甲'乙.duckdb"])
def test_a_store_lies_where_its_name_says(tmp_path: Path, wrong: bytes, name: str) -> None:
    """DuckDB knows names that mean something else than a file."""
    (tmp_path / "a.xlsx").write_bytes(wrong)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    assert perfxl("consolidate", "a.xlsx", "--store", name, data=None, cwd=tmp_path).returncode == 1
    assert (tmp_path / name).stat().st_size > 10_000
    counted = perfxl("query", name, "SELECT count(*) AS n FROM forms", "--format", "json", data=None, cwd=tmp_path)
    assert json.loads(counted.stdout)["rows"] == [[1]]


def pipe(path: Path) -> None:
    os.mkfifo(path)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        old = Path.cwd()
        os.chdir(path.parent)  # the path of a socket must be short
        try:
            server.bind(path.name)
        finally:
            os.chdir(old)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def dangling(path: Path) -> None:
    path.symlink_to("没有.xlsx")


def loop(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize("command", ["check", "score", "clear", "undo", "export", "consolidate"])
@pytest.mark.parametrize(
    ("make", "why"),
    [
        (pipe, "普通文件"),
        (listening, "普通文件"),
        (device, "普通文件"),
        (dangling, "不存在|没有这个文件"),
        (loop, "链接指向自身"),
    ],
)
def test_what_is_no_file_is_refused_at_once(
    tmp_path: Path, make: Callable[[Path], None], why: str, command: str
) -> None:
    place = tmp_path / "a.xlsx"
    make(place)
    more = {"export": ["-o", "out.docx"], "consolidate": ["--store", "s.duckdb"]}.get(command, [])
    done = perfxl(command, "a.xlsx", *more, data=tmp_path / "data", cwd=tmp_path)
    assert done.returncode == 2
    assert any(reason in done.stdout + done.stderr for reason in why.split("|"))
    assert "a.xlsx" in done.stdout + done.stderr
    assert "rrno" not in done.stdout + done.stderr
    assert not (tmp_path / "data").exists()


def test_a_folder_called_like_a_workbook_is_searched(book: Path) -> None:
    folder = book.parent / "套.xlsx"
    folder.mkdir()
    shutil.copy(book, folder / "内.xlsx")
    report = json.loads(perfxl("check", folder, "--format", "json", data=None, cwd=folder).stdout)
    assert [form["book"] for form in report["forms"]] == [str(folder / "内.xlsx")]


def test_what_may_not_be_read_is_told_and_the_rest_is_done(book: Path, tmp_path: Path) -> None:
    closed, folder = book.with_name("无权.xlsx"), book.parent / "无权"
    shutil.copy(book, closed)
    closed.chmod(0)
    folder.mkdir(mode=0)
    done = perfxl("check", book.parent, "--format", "json", data=None, cwd=tmp_path, before=PLAIN)
    report = json.loads(done.stdout)
    assert done.returncode == 2
    assert [form["book"] for form in report["forms"]] == [str(book)]
    assert {failure["book"]: failure["error"] for failure in report["failures"]} == dict.fromkeys(
        [str(closed), str(folder)], "无法读取：没有读取权限，请取得权限后重试。"
    )
    store = ["--store", str(tmp_path / "s.duckdb")]
    done = perfxl("consolidate", book.parent, *store, "--format", "json", data=None, cwd=tmp_path, before=PLAIN)
    report = json.loads(done.stdout)
    assert (done.returncode, len(report["forms"])) == (2, 1)
    assert sorted(Path(failure["book"]).name for failure in report["failures"]) == ["无权", "无权.xlsx"]


@pytest.mark.parametrize("command", [["score"], ["check", "--mark"]])
def test_read_only_files_and_folders_are_refused(book: Path, tmp_path: Path, wrong: bytes, command: list[str]) -> None:
    for place, mode in ((book, 0o444), (book.parent, 0o555)):
        before = place.stat().st_mode
        place.chmod(mode)
        done = perfxl(*command, book, data=tmp_path / "data", cwd=tmp_path, before=PLAIN)
        place.chmod(before)
        assert done.returncode == 2
        assert "文件没有改动" in done.stdout.replace("\n", "").replace(" ", "")
        assert book.read_bytes() == wrong
        assert os.listdir(book.parent) == [book.name]
        assert not list((tmp_path / "data").rglob("*.step"))


def test_a_full_place_changes_nothing_and_leaves_nothing(book: Path, tmp_path: Path, wrong: bytes) -> None:
    """The size of a file is limited to less than the book's: what a full disk does, without one."""
    limit = ["prlimit", f"--fsize={len(wrong) // 2}"]
    for _ in range(2):
        done = perfxl("score", book, data=tmp_path / "data", cwd=tmp_path, before=limit)
        assert (done.returncode, "文件没有改动" in done.stdout.replace("\n", "").replace(" ", "")) == (2, True)
        assert book.read_bytes() == wrong
    assert os.listdir(book.parent) == [book.name]
    assert not [path for path in tmp_path.rglob("*") if path.suffix in (".step", ".tmp")]


def test_without_a_home_undo_lies_beside_the_book(book: Path, tmp_path: Path, wrong: bytes) -> None:
    nobody = {"HOME": "/nonexistent"}
    assert perfxl("score", book, data=None, cwd=tmp_path, environment=nobody).returncode == 0
    assert book.read_bytes() != wrong
    assert sorted(os.listdir(book.parent)) == [".perfxl", book.name]
    report = json.loads(
        perfxl("check", book.parent, "--format", "json", data=None, cwd=tmp_path, environment=nobody).stdout
    )
    assert [form["book"] for form in report["forms"]] == [str(book)]  # what lies in .perfxl is no source
    assert perfxl("undo", book, data=None, cwd=tmp_path, environment=nobody).returncode == 0
    assert book.read_bytes() == wrong
    assert os.listdir(book.parent) == [book.name]


def test_a_link_is_followed_and_stays_one(book: Path, tmp_path: Path, wrong: bytes) -> None:
    link = tmp_path / "链接.xlsx"
    link.symlink_to(Path("报送") / book.name)
    book.chmod(0o640)
    os.setxattr(book, "user.origin", b"mail")
    assert perfxl("score", link, data=tmp_path / "data", cwd=tmp_path).returncode == 0
    assert link.is_symlink()
    assert book.read_bytes() != wrong
    assert (book.stat().st_mode & 0o777, os.getxattr(book, "user.origin")) == (0o640, b"mail")
    assert perfxl("undo", link, data=tmp_path / "data", cwd=tmp_path).returncode == 0
    assert book.read_bytes() == wrong
    assert (book.stat().st_mode & 0o777, os.getxattr(book, "user.origin")) == (0o640, b"mail")


CONSOLES = [
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "gbk"},
]


@pytest.mark.parametrize("console", CONSOLES)
@pytest.mark.parametrize(
    "arguments", [["check"], ["check", "--explain-reading"], ["check", "--format", "json"], ["check", "没有.xlsx"]]
)
def test_a_console_that_is_not_utf8(book: Path, console: dict[str, str], arguments: list[str]) -> None:
    done = perfxl(*arguments, book.name, data=None, cwd=book.parent, environment=console)
    assert done.returncode == (2 if "没有.xlsx" in arguments else 1)
    if "json" in arguments:
        assert done.stdout.isascii()
        (form,) = json.loads(done.stdout)["forms"]
        name = form["book"].encode("utf-8", "surrogateescape").decode()  # a C locale takes a name byte by byte
        assert (name, form["project"]) == (book.name, "河堤加固")


@pytest.mark.parametrize("arguments", [["check"], ["check", "--format", "json"], ["explain", "list"]])
def test_output_that_cannot_be_written_ends_without_a_traceback(book: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "perfxl", *arguments, *([str(book)] if arguments[0] == "check" else [])]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, encoding="utf-8", env=environment, check=False
        )
    assert (done.returncode, "Traceback" in done.stderr, "磁盘已满" in done.stderr) == (2, False, True)
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        command, stdout=writer, stderr=subprocess.PIPE, encoding="utf-8", env=environment, check=False
    )
    os.close(writer)
    assert done.stderr == ""
    closed = subprocess.run(
        ["sh", "-c", '"$@" >&- 2>&-', "sh", *command], env=environment, capture_output=True, check=False
    )
    assert closed.returncode in (0, 1)
    assert (closed.stdout, closed.stderr) == (b"", b"")
