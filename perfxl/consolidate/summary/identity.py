"""Knows a summary of perfxl's own, and of which content it is: by document properties, which every program keeps."""

from __future__ import annotations

import errno
import os
import stat
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl import __version__
from perfxl.documenttime import CREATED
from perfxl.errors import UnwritableBook
from perfxl.files import write_failure
from perfxl.ownerfiles import owner_file
from perfxl.workbooks.ownbooks import CONTENT, FORMS, KINDS, PROPERTY, SUMMARY, own_properties

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from xlsxwriter.workbook import Workbook

_LAYOUT = 3
"""Counts what changed in how a summary looks: another number, another workbook."""

# Forms, indicators and findings follow from what the books hold and what they were judged and compared by.
_SETTLING = (
    "SELECT source, book, path, dated, digest, judged_by FROM books",
    "FROM failures",
    "FROM expected",
    "FROM sources",
    "SELECT across FROM store",
)
_ROWS_AHEAD = 1000
_BEGINNING = 1 << 14  # bytes in which the properties stand at the latest


def fingerprint(sql: DuckDBPyConnection, *options: object) -> str:
    """Tells the content of a store and the options that a summary is made with: other content, another text."""
    digest = blake2b(repr((__version__, _LAYOUT, options)).encode(), digest_size=16)
    for query in _SETTLING:
        result = sql.execute(f"{query} ORDER BY ALL")
        while rows := result.fetchmany(_ROWS_AHEAD):
            digest.update(repr(rows).encode())
    return digest.hexdigest()


def mark(workbook: Workbook, content: str, kind: str = SUMMARY) -> None:
    """Says in a workbook's properties what it is and of which content."""
    workbook.set_properties({"title": f"项目支出绩效自评{KINDS[kind]}", "created": CREATED})
    workbook.set_custom_property(PROPERTY, kind)
    workbook.set_custom_property(CONTENT, content)


def is_up_to_date(out: Path, content: str) -> bool:
    """Whether a whole workbook of perfxl's own with just this content is there."""
    return own_properties(out).get(CONTENT) == content and _is_whole(out)


def check_target(out: Path, *, force: bool = False) -> None:
    """Refuses to replace what must not be replaced; a damaged summary may be.

    Raises:
        UnwritableBook: another workbook is there, or it is open in a spreadsheet program (`force` goes on all the same); or the folder
            is missing or must not be written.
    """
    if not out.parent.is_dir():
        raise write_failure(OSError(errno.ENOENT, ""), out, new=True)
    if not os.access(out.parent, os.W_OK):
        raise write_failure(OSError(errno.EACCES, ""), out, new=not out.exists())
    try:
        there = stat.S_ISDIR(out.stat().st_mode)
    except FileNotFoundError:
        return
    except OSError as error:
        raise write_failure(error, out, new=True) from error
    if there:
        raise write_failure(OSError(errno.EISDIR, ""), out)
    if force:
        return
    if not _was_ours(out):
        message = "未能写出汇总表：这里已有一个不是由 perfxl 汇总写成的文件，没有改动。请用 -o 另给一个文件名；确实要替换它，请加 --force。"
        raise UnwritableBook(message, book=out)
    who = owner_file(out)
    if who is not None:
        message = f"未能写出汇总表：文件正由 {who or '他人'} 打开，没有改动。请关闭后重试；确认无人使用时可加 --force。"
        raise UnwritableBook(message, book=out)


def _was_ours(out: Path) -> bool:
    """Whether perfxl wrote the file, or what is left of it: the properties stand at its beginning, as they are."""
    if not out.is_file():  # to open a pipe would wait for ever
        return False
    if own_properties(out).get(PROPERTY) in (SUMMARY, FORMS):
        return True
    with out.open("rb") as stream:
        return f'name="{CONTENT}"'.encode() in stream.read(_BEGINNING)


def _is_whole(out: Path) -> bool:
    """Whether all parts are as they were written, by their check sums."""
    import zlib
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(out) as package:
            return package.testzip() is None
    except (OSError, BadZipFile, zlib.error, EOFError):
        return False
