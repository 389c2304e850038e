"""What was handed in: the workbooks that files, folders, patterns and archives mean, each with its name in the store.

A name has two parts: the source, which is the folder's name, and the path inside it with `/`; a member of an archive stands
below the archive (`a.zip/inner.xlsx`). It is the same wherever the folder lies, so that a later run knows the book again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from glob import glob, has_magic
from pathlib import Path
from typing import NamedTuple

from perfxl.consolidate.archives import ARCHIVE, Member, list_members
from perfxl.errors import BadSettings, UnreadableBook
from perfxl.filefaults import why_unreadable
from perfxl.outcome import Failure
from perfxl.signs import storable
from perfxl.sources import SUFFIXES, is_owner_file
from perfxl.workbooks.ownbooks import own_kind, why_skipped

NO_SOURCE = ""
"""Stands for the source of what was given and yields no workbook."""


class Submission(NamedTuple):
    """One workbook that was handed in.

    `source` and `book` name it in the store, `shown` is its path as the user gave it. `path` is the file, `member` its name inside that
    archive, None for a plain file. `size` is in bytes; `modified` is the time of its last change in nanoseconds since 1970, of the
    archive for a member, and `dated` the time that tells newer from older (a member's own).
    """

    source: str
    book: str
    shown: str
    path: Path
    member: str | None
    size: int
    modified: int
    dated: int


class Source(NamedTuple):
    """A folder, file or pattern of this run.

    `name` is its name in the store, `root` the folder that `book` paths begin at and `given` the same as the user wrote it ("" for the
    working folder). `covers` is None for a whole folder, else the patterns of the paths inside it.
    """

    name: str
    root: str
    given: str
    covers: tuple[str, ...] | None

    def holds(self, book: str) -> bool:
        """Whether a book of this name belongs to what the user named; an archive's members go with the archive."""
        return self.covers is None or any(_covering(pattern).fullmatch(book) for pattern in self.covers)


@cache
def _covering(pattern: str) -> re.Pattern[str]:
    """What a pattern matches, as `glob` takes it, and all below it."""
    words = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?|\[!?\]?[^]]*\])", pattern)
    classes = {part: part.replace("[!", "[^", 1) for part in parts if part.startswith("[") and part.endswith("]")}
    return re.compile(
        "".join([words.get(part) or classes.get(part) or re.escape(part) for part in parts]) + "(?:/.*)?", re.DOTALL
    )


class Inbox(NamedTuple):
    """All that a run is about."""

    submissions: list[Submission]
    sources: list[Source]
    failures: list[tuple[str, Failure]]  # with the source's name, or NO_SOURCE


def open_inbox(given: Sequence[str], name: str | None = None) -> Inbox:
    """The workbooks that the user's words mean, each once. `name` replaces the name of the only source.

    Raises:
        BadSettings: two folders would bear the same name in the store, or `name` is given for several.
    """
    found = [_look(each) for each in given]
    failures = [
        (NO_SOURCE, Failure(storable(each), _why_none(each)))
        for each, (_, books, failed) in zip(given, found, strict=True)
        if not books and not failed
    ]
    sources: dict[str, Source] = {}
    for source, _, _ in found:
        named = source if name is None else source._replace(name=name)
        known = sources.get(named.name)
        if known is not None and known.root != named.root:
            if name is not None:
                raise BadSettings(
                    "--name 只能用于一个文件夹，这里给出了多个。请分次汇总，或去掉 --name。", key="--name"
                )
            raise BadSettings(
                f"两个来源的文件夹同名（“{known.root}”和“{named.root}”），存入后无法区分。请分次汇总，并用 --name 为其中一个另取名称。",
                key="--name",
            )
        sources[named.name] = named if known is None else _joined(known, named)
    submissions: dict[tuple[str, str | None], Submission] = {}
    for source, books, failed in found:
        title = source.name if name is None else name
        failures += [(title, failure) for failure in failed]
        for book in books:
            submissions.setdefault((_real(source, book), book.member), book._replace(source=title))
    # An empty folder may be one that is not connected: nothing is gone.
    found_in = {book.source for book in submissions.values()} | {title for title, _ in failures}
    return Inbox(list(submissions.values()), [each for each in sources.values() if each.name in found_in], failures)


def _real(source: Source, book: Submission) -> str:
    """The file itself, so that a link to a book beside it is the same book; asking the system about every folder would cost."""
    if book.path.is_symlink():
        return os.path.realpath(book.path)
    return os.path.join(source.root, _inside(source, str(book.path)))


def _joined(one: Source, other: Source) -> Source:
    covers = None if one.covers is None or other.covers is None else one.covers + other.covers
    return one._replace(covers=covers)


def _look(given: str) -> tuple[Source, list[Submission], list[Failure]]:
    closed: list[OSError] = []
    if Path(given).is_dir():
        source = _source(given, None)
        files = list(_walk(given, closed))
    elif os.path.lexists(given):
        source = _source(_folder(given), (_escaped(Path(given).name),))
        files = [] if is_owner_file(Path(given).name) or own_kind(given) else [given]
    else:
        base = _plain_part(given)
        source = _source(base, (storable(_below(base, given)),))
        files = [file for match in sorted(glob(given, recursive=True)) for file in _matched(match, closed)]
    books: list[Submission] = []
    failures = [
        Failure(_inside(source, str(error.filename)), why_unreadable(error.filename, error)) for error in closed
    ]
    for file in files:
        try:
            books += _books_in(source, file)
        except UnreadableBook as error:
            failures.append(Failure(_inside(source, file), error.reason))
        except OSError as error:
            failures.append(Failure(_inside(source, file), why_unreadable(file, error)))
    return source, books, failures


def _source(folder: str, covers: tuple[str, ...] | None) -> Source:
    root = os.path.realpath(folder or ".")
    return Source(storable(Path(root).name or root), root, folder, covers)


def _below(folder: str, file: str) -> str:
    """The path of a file inside a folder that it was found in, with `/`."""
    inside = file.removeprefix(folder).lstrip(os.sep + (os.altsep or ""))
    return inside.replace(os.sep, "/")


def _inside(source: Source, file: str) -> str:
    return storable(_below(source.given, file))


def _folder(path: str) -> str:
    """What stands before the last `/`, as it was written."""
    return os.path.split(path)[0]


def _escaped(name: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", storable(name))


def _plain_part(pattern: str) -> str:
    """The folder before the first wildcard."""
    folder = _folder(pattern)
    while has_magic(folder):
        folder = _folder(folder)
    return folder


def _walk(folder: str, closed: list[OSError]) -> Iterator[str]:
    """The workbooks and archives in a folder and below it, in order; folders that cannot be read go into `closed`."""
    for parent, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(f for f in folders if f != ".perfxl")
        for file in sorted(files):
            if _wanted(file):
                yield os.path.join(parent, file)


def _matched(match: str, closed: list[OSError]) -> Iterable[str]:
    if Path(match).is_dir():
        return _walk(match, closed)
    return [match] if _wanted(Path(match).name) else []


def _wanted(name: str) -> bool:
    suffix = Path(name).suffix.lower()
    return (suffix in SUFFIXES or suffix == ARCHIVE) and not is_owner_file(name)


def _books_in(source: Source, file: str) -> Iterator[Submission]:
    book, path = _inside(source, file), Path(file)
    stat = path.stat()
    if path.suffix.lower() != ARCHIVE:
        yield Submission(source.name, book, file, path, None, stat.st_size, stat.st_mtime_ns, stat.st_mtime_ns)
        return
    members: list[Member] = list_members(path)
    if not members:
        raise UnreadableBook("压缩包中没有工作簿。请核对压缩包。", book=path)
    for member in members:
        inner = storable(member.shown)
        dated = member.dated or stat.st_mtime_ns
        yield Submission(
            source.name,
            f"{book}/{inner}",
            f"{file}/{member.shown}",
            path,
            member.name,
            member.size,
            stat.st_mtime_ns,
            dated,
        )


def _why_none(given: str) -> str:
    if kind := own_kind(given):
        return why_skipped(kind)
    if is_owner_file(Path(given).name):
        return "这是表格程序打开文件时留下的占用标记，不是工作簿。请给出工作簿本身。"
    if Path(given).is_dir():
        return "文件夹中没有工作簿（.xlsx、.xlsm、.xls、.xlsb、.ods、.et）或压缩包（.zip）。请核对文件夹。"
    if has_magic(given):
        return "没有与此通配符相符的工作簿。请核对写法和所在文件夹。"
    return "找不到这个文件或文件夹。请核对路径。"
