"""Writes a letter for each department that has findings, as a document and as a workbook."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl import __version__
from perfxl.consolidate.outputs import Kind, OutputFile, State, Written
from perfxl.errors import UnwritableBook
from perfxl.filenames import file_name, unique_name
from perfxl.files import replace_file, write_failure
from perfxl.folders import made_for_writing
from perfxl.letters.content import Letter, read_letters
from perfxl.letters.wording import KIND
from perfxl.ownerfiles import owner_file
from perfxl.workbooks.ownbooks import CONTENT, LETTER, PROPERTY, own_properties

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SUFFIXES = (".docx", ".xlsx")
_NO_DEPARTMENT = "未写部门"
_LISTED = 10


def write_letters(sql: DuckDBPyConnection, folder: Path, sources: list[str]) -> Written:
    """Writes the letters on what some sources of a store handed in; one that would say the same is left alone, with what a person has
    filled in. Departments without findings get none; an earlier letter to one of them is named, and so is one to a department that
    handed nothing in this time: neither is deleted, as a person may have filled it in.

    Raises:
        UnwritableBook: a file that is no such letter stands in the place of one, a letter is open in another program, or the folder cannot
            be written. Letters before it are written.
    """
    check_folder(folder)
    taken: set[str] = set()
    clean: list[str] = []
    files: list[OutputFile] = []
    letters = 0
    for letter in read_letters(sql, sources):
        if not letter.forms:
            clean.append(letter.department or _NO_DEPARTMENT)
            continue
        stem = f"{unique_name(file_name(letter.department or _NO_DEPARTMENT), taken)}{KIND}"
        letters += 1
        files += _write(folder, stem, letter)
    notes = [f"写给 {letters} 个部门，各一份 Word 和一份 Excel。" if letters else "没有发现问题，没有要写的意见。"]
    if clean:
        notes.append(f"没有问题、不需要意见的部门 {len(clean)} 个：{_listed(clean)}。")
    outdated = _outdated(folder, {file.path.name for file in files})
    without_findings = {f"{file_name(name)}{KIND}{suffix}" for name in clean for suffix in _SUFFIXES}
    settled = [path.name for path in outdated if path.name in without_findings]
    if settled:
        notes.append(f"以前写的意见，现在已没有问题，请不要再发出：{_listed(settled)}。")
    gone = [path.name for path in outdated if path.name not in without_findings]
    if gone:
        notes.append(f"以前写的意见，这次的来源里没有这些部门的自评表，请核对后再决定是否发出：{_listed(gone)}。")
    changed = any(file.state is State.WRITTEN for file in files)
    files += [OutputFile(Kind.LETTER, path, State.OUTDATED) for path in outdated]
    return Written(KIND, folder, changed, files, notes, f"把“{folder.name}”中的{KIND}填上日期，盖章后发给各部门。")


def check_folder(folder: Path) -> None:
    """Whether letters may be written there, before the work for them is done.

    Raises:
        UnwritableBook: something that is no folder stands there.
    """
    try:
        is_file = not stat.S_ISDIR(folder.stat().st_mode)
    except FileNotFoundError:
        return
    except OSError as error:
        raise write_failure(error, folder, new=True) from error
    if is_file:
        raise UnwritableBook("未能写出退回修改意见：--letters 应为文件夹，这里是一个文件。请换一个名称。", book=folder)


def _write(folder: Path, stem: str, letter: Letter) -> Iterator[OutputFile]:
    """Writes both files of a letter where they say something else."""
    from perfxl.letters.word import write_word
    from perfxl.letters.workbook import write_workbook

    properties = {PROPERTY: LETTER, CONTENT: _digest(letter)}
    for suffix, write in zip(_SUFFIXES, (write_word, write_workbook), strict=True):
        path = folder / f"{stem}{suffix}"
        if path.exists() or path.is_symlink():
            there = own_properties(path)
            if there.get(CONTENT) == properties[CONTENT]:
                yield OutputFile(Kind.LETTER, path, State.UNCHANGED)
                continue
            _refuse(path, there)
        with made_for_writing(folder):
            replace_file(path, write(letter, properties), fsync=False)
        yield OutputFile(Kind.LETTER, path, State.WRITTEN)


def _refuse(path: Path, there: dict[str, str]) -> None:
    if there.get(PROPERTY) != LETTER:
        message = (
            "未能写出退回修改意见：这里已有同名的文件，不是 perfxl 写的，没有改动。请换一个文件夹，或先移走这个文件。"
        )
        raise UnwritableBook(message, book=path)
    who = owner_file(path)
    if who is not None:
        message = f"未能写出退回修改意见：文件正由“{who or '他人'}”打开，没有改动。请关闭后重试。"
        raise UnwritableBook(message, book=path)


def _digest(letter: Letter) -> str:
    return blake2b(repr((__version__, letter)).encode(), digest_size=16).hexdigest()


def _outdated(folder: Path, current: set[str]) -> list[Path]:
    """Letters that are there and that no department gets any more."""
    if not folder.is_dir():
        return []
    others = (path for suffix in _SUFFIXES for path in folder.glob(f"*{KIND}{suffix}") if path.name not in current)
    return sorted(path for path in others if own_properties(path).get(PROPERTY) == LETTER)


def _listed(names: list[str]) -> str:
    return "、".join(names[:_LISTED]) + (" 等" if len(names) > _LISTED else "")
