"""The file of a store: opened, taken away again, and what DuckDB says when it cannot be, in words that help."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.errors import UnreadableBook, UnwritableBook
from perfxl.patterns import pattern

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NO_STORE = "这个文件不是 perfxl 的汇总库，没有改动。请用 --store 另给一个文件名。"
_SETTINGS = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}  # nothing is fetched
_WRITE_FAILED = pattern(
    r"(?i)no space left|could not write|failed to write|file too large|quota|failed to offload|not enough disk"
)


def connect(path: Path, *, threads: int = 1, read_only: bool = False) -> DuckDBPyConnection:
    """A connection to a DuckDB file; refusals in words that help."""
    import duckdb

    is_new = not os.path.lexists(path)
    settings: dict[str, Any] = {**_SETTINGS, "threads": threads}
    try:
        # DuckDB has meanings of its own for names such as `~/x`, `:memory:` and `md:x`, and none for whole paths.
        return duckdb.connect(str(path.absolute()), read_only=read_only, config=settings)
    except duckdb.Error as error:
        said = str(error)
        holder = re.search(r"\(PID (\d+)\)", said)
        if "lock" in said or "being used" in said or "different configuration" in said:
            who = f"（进程 {holder[1]}）" if holder else ""
            doing = "查询" if read_only else "写入"
            message = f"另一个程序正在使用这个汇总库{who}，暂时不能{doing}。汇总库没有改动。请等它结束后重试。"
            raise (UnreadableBook if read_only else UnwritableBook)(message, book=path) from error
        if "not a valid DuckDB" in said or "newer version" in said or "storage version" in said:
            raise UnreadableBook(NO_STORE, book=path) from error
        if is_new:
            with suppress(OSError):
                path.unlink()  # what was begun of it
        if _WRITE_FAILED.search(said):
            raise not_written(path) from error
        message = "无法打开或建立这个汇总库。请核对文件夹是否存在、是否有写入权限、磁盘是否已满。"
        raise UnwritableBook(message, book=path) from error


def unsettled(path: Path) -> UnwritableBook | None:
    """What to tell of a closed store of which a part lies in the log beside it, as there was no room left in the file's place."""
    log = _log(path)
    if not log.exists():
        return None
    return UnwritableBook(
        f"已读的都存好了，但磁盘已满，一部分还在旁边的“{log.name}”里，请不要删除或单独移动它。请腾出空间后重新运行，它会并入汇总库。",
        book=path,
    )


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")


def remove(path: Path, sql: DuckDBPyConnection) -> None:
    """Takes a store away, before another run can have it; Windows removes no open files."""
    if sys.platform == "win32":
        sql.close()
    for each in (path, _log(path)):
        with suppress(OSError):
            each.unlink()
    sql.close()


@contextmanager
def told_of_a_full_disk(path: Path) -> Iterator[None]:
    """DuckDB says that a write failed by several errors, of which only the words tell what they mean."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        if not _WRITE_FAILED.search(str(error)):
            raise
        raise not_written(path) from error


def not_written(path: Path) -> UnwritableBook:
    """What to tell where there is no room for the store."""
    message = "没有写成汇总库：磁盘已满，或达到了文件大小的上限。请腾出空间后重新运行；已经存入的不会丢，也不会再读。"
    return UnwritableBook(message, book=path)


@contextmanager
def told_of_ctrl_c() -> Iterator[None]:
    """DuckDB hears Ctrl-C within a statement and raises errors of its own."""
    import duckdb

    try:
        yield
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error
    except RuntimeError as error:
        if "interrupted" in str(error):
            raise KeyboardInterrupt from error
        raise
