"""Which workbooks are meant by the files, folders and patterns that a user gives."""

import os
from collections.abc import Iterator, Sequence
from glob import glob, has_magic
from pathlib import Path
from typing import NamedTuple

from perfxl.filefaults import why_unreadable
from perfxl.outcome import Failure
from perfxl.workbooks.ownbooks import own_kind, why_skipped

# What a folder search takes; whether such a file can be read is told when it is opened.
SUFFIXES = frozenset([".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et"])
_OWNER_PREFIXES = ("~$", ".~")


class Book(NamedTuple):
    """A workbook to work on: where it lies, and what it is called in messages and reports (the path as given)."""

    path: Path
    name: str


class Found(NamedTuple):
    """The workbooks that sources mean, each once, in order; a failure for each source that means none; and, as (book, text), what was
    left out because perfxl itself wrote it."""

    books: list[Book]
    failures: list[Failure]
    notes: list[tuple[str, str]]


def find_books(sources: Sequence[str]) -> Found:
    """The workbooks that files, folders and patterns mean. perfxl's own summaries and letters are none."""
    books: dict[str, Book] = {}
    failures: list[Failure] = []
    notes: list[tuple[str, str]] = []
    for source in sources:
        closed: list[OSError] = []
        found = list(_books_of(source, closed))
        failures += [Failure(str(error.filename), why_unreadable(error.filename, error)) for error in closed]
        own = {book: kind for book in found if (kind := own_kind(book.path)) is not None}
        if len(own) == len(found):
            if closed and not found:
                continue
            why = why_skipped(own[found[0]]) if found else _why_none(source)
            failures.append(Failure(source, why))
            continue
        notes += [(book.name, why_skipped(kind)) for book, kind in own.items()]
        for book in found:
            if book not in own:
                books.setdefault(os.path.realpath(book.path), book)
    return Found(list(books.values()), failures, notes)


def is_owner_file(name: str) -> bool:
    """A file that Excel, WPS or LibreOffice keeps beside an open workbook."""
    return name.startswith(_OWNER_PREFIXES)


def _books_of(source: str, closed: list[OSError]) -> Iterator[Book]:
    """The workbooks of a source; folders that cannot be read go into `closed`."""
    path = Path(source)
    if os.path.isdir(path):  # noqa: PTH112 - False for what no system takes for a name, where pathlib raises
        yield from _in_folder(path, source, closed)
    elif os.path.lexists(path):
        if not is_owner_file(path.name):
            yield Book(path, source)
    elif has_magic(source):
        for match in sorted(glob(source, recursive=True)):
            if os.path.isdir(match):  # noqa: PTH112
                yield from _in_folder(Path(match), match, closed)
            elif Path(match).suffix.lower() in SUFFIXES and not is_owner_file(Path(match).name):
                yield Book(Path(match), match)


def _in_folder(folder: Path, name: str, closed: list[OSError]) -> Iterator[Book]:
    for parent, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(f for f in folders if f != ".perfxl")
        for file in sorted(files):
            if Path(file).suffix.lower() in SUFFIXES and not is_owner_file(file):
                inside = os.path.relpath(os.path.join(parent, file), folder)
                yield Book(Path(parent) / file, os.path.join(name, inside))


def _why_none(source: str) -> str:
    path = Path(source)
    if is_owner_file(path.name):
        return "这是表格程序打开文件时留下的占用标记，不是工作簿。请给出工作簿本身。"
    if os.path.isdir(path):  # noqa: PTH112
        return "文件夹中没有工作簿（.xlsx、.xlsm、.xls、.xlsb、.ods、.et）。请核对文件夹。"
    if has_magic(source):
        return "没有与此通配符相符的工作簿。请核对写法和所在文件夹。"
    return "找不到这个文件或文件夹。请核对路径。"
