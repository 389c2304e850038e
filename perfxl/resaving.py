"""Saves a workbook of a format that perfxl only reads as .xlsx beside it, so that it can be scored and marked there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from perfxl.errors import UnwritableBook
from perfxl.files import replace_file
from perfxl.officeconversion import NoOffice, NoRoom, NotConverted, convert
from perfxl.workbooks.filekinds import FileKind

_TIMEOUT = 60


class Resaved(NamedTuple):
    """A workbook as .xlsx, and the program that made it."""

    data: bytes
    program: str


def as_xlsx(raw: bytes, kind: FileKind, path: Path) -> Resaved:
    """The workbook as .xlsx: by LibreOffice where it is installed, else, or where that fails, by Excel or WPS on Windows; `path` is
    for messages.

    Raises:
        UnwritableBook: none of them is installed, or none converted it.
    """
    tried: list[str] = []
    for name, convert_it in _converters():
        try:
            return Resaved(convert_it(raw, kind.value), name)
        except NoOffice:
            continue
        except NoRoom as error:
            reason = (
                f"没有另存：临时文件夹“{error.folder}”所在的磁盘已满。文件没有改动。"
                "请腾出空间，或用环境变量 TMPDIR 另指一个文件夹，然后重试。"
            )
            raise UnwritableBook(reason, book=path) from error
        except NotConverted:
            tried.append(name)
    if not tried:
        reason = (
            "没有另存：这台电脑上没有找到 LibreOffice、Excel 或 WPS，不能转换格式。文件没有改动。"
            "请安装 LibreOffice 后重试，或在有 Excel、WPS 的电脑上打开，另存为 .xlsx，再处理另存的文件。"
        )
        raise UnwritableBook(reason, book=path)
    reason = f"没有另存：{'、'.join(tried)} 没有转换成功（限 {_TIMEOUT} 秒）。文件没有改动。请用 Excel 或 WPS 打开，另存为 .xlsx，再处理另存的文件。"
    raise UnwritableBook(reason, book=path)


def _converters() -> Iterator[tuple[str, Callable[[bytes, str], bytes]]]:
    """What can be asked, by name, the one that was tried first; the others are looked for only where it cannot."""
    yield "LibreOffice", lambda raw, suffix: convert(raw, suffix, "xlsx:Calc MS Excel 2007 XML", timeout=_TIMEOUT)
    from perfxl.workbooks.live.converting import NAMES, NotSaved, convert_by, programs_here

    for program in programs_here():

        def ask(raw: bytes, suffix: str, program: str = program) -> bytes:
            try:
                return convert_by(program, raw, suffix, timeout=_TIMEOUT)
            except NotSaved as error:
                raise NotConverted(str(error)) from error

        yield NAMES[program], ask


def name_beside(path: Path) -> Path:
    """The name that a copy beside this file gets: its own with .xlsx, with a number where the file itself is called so.

    Raises:
        UnwritableBook: there is a file of that name.
    """
    name = path.with_suffix(".xlsx")
    if name == path:
        name = path.with_name(f"{path.stem}(2).xlsx")
    if os.path.lexists(name):
        raise _taken(path, name)
    return name


@contextmanager
def saved_beside(path: Path, data: bytes) -> Iterator[None]:
    """Writes a copy under its name beside this file, never over another one; it goes again where what is done with it fails.

    Raises:
        UnwritableBook: the name is taken, or the folder cannot be written or is full.
    """
    name = name_beside(path)
    try:
        replace_file(name, data, only_new=True)
    except FileExistsError:
        raise _taken(path, name) from None
    try:
        yield
    except BaseException:  # Ctrl-C too must leave nothing behind
        name.unlink(missing_ok=True)
        raise


def _taken(path: Path, name: Path) -> UnwritableBook:
    reason = f"没有另存：旁边已有“{name.name}”，不会覆盖它。文件没有改动。请直接处理“{name.name}”，或把它移走后重试。"
    return UnwritableBook(reason, book=path)
