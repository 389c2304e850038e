"""Saves a workbook of a format that perfxl only reads as .xlsx beside it, so that it can be scored and marked there."""

from __future__ import annotations

import os
from pathlib import Path

from perfxl.errors import UnwritableBook
from perfxl.files import replace_file, write_failure
from perfxl.officeconversion import NoOffice, NotConverted, convert
from perfxl.workbooks.filekinds import FileKind

_TIMEOUT = 60


def as_xlsx(raw: bytes, kind: FileKind, path: Path) -> bytes:
    """The workbook as .xlsx, made by LibreOffice; `path` is for messages.

    Raises:
        UnwritableBook: LibreOffice is not installed, or did not convert it.
    """
    try:
        return convert(raw, kind.value, "xlsx:Calc MS Excel 2007 XML", timeout=_TIMEOUT)
    except NoOffice as error:
        reason = (
            "没有另存：这台电脑上没有找到 LibreOffice，不能转换格式。文件没有改动。"
            "请安装 LibreOffice 后重试，或用 Excel、WPS 打开，另存为 .xlsx，再处理另存的文件。"
        )
        raise UnwritableBook(reason, book=path) from error
    except NotConverted as error:
        reason = f"没有另存：LibreOffice 没有转换成功（限 {_TIMEOUT} 秒）。文件没有改动。请用 Excel 或 WPS 打开，另存为 .xlsx，再处理另存的文件。"
        raise UnwritableBook(reason, book=path) from error


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


def save_beside(path: Path, data: bytes) -> Path:
    """Write a copy beside this file, never over another one; gives its name.

    Raises:
        UnwritableBook: the name is taken, or the folder cannot be written or is full.
    """
    name = name_beside(path)
    try:
        name.touch(exist_ok=False)  # the name is ours from here on
    except FileExistsError:
        raise _taken(path, name) from None
    except OSError as error:
        raise write_failure(error, name, new=True) from error
    try:
        replace_file(name, data)
    except BaseException:
        name.unlink(missing_ok=True)
        raise
    return name


def _taken(path: Path, name: Path) -> UnwritableBook:
    reason = f"没有另存：旁边已有“{name.name}”，不会覆盖它。文件没有改动。请直接处理“{name.name}”，或把它移走后重试。"
    return UnwritableBook(reason, book=path)
