"""Writes the add-ins and the forms with buttons into a folder."""

from __future__ import annotations

from pathlib import Path

from perfxl.addin import excel, extension
from perfxl.addin.forms import form_books
from perfxl.errors import UnwritableBook
from perfxl.files import replace_file
from perfxl.folders import made_for_writing


def build(folder: Path) -> list[Path]:
    """Writes `perfxl.xlam`, `perfxl.oxt` and each form as `.xlsm`; gives the files. Files of these names are replaced.

    Raises:
        UnwritableBook: the folder cannot be made or written.
    """
    files: dict[str, bytes] = {excel.NAME: excel.addin_book(), extension.NAME: extension.extension(), **form_books()}
    if folder.exists() and not folder.is_dir():
        raise UnwritableBook("未能保存：这是一个文件，请给出文件夹。没有生成文件。", book=folder)
    with made_for_writing(folder):
        for name, data in files.items():
            replace_file(folder / name, [data])
    return [folder / name for name in files]
