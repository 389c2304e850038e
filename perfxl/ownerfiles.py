"""Who has a workbook open: by the file that Excel, WPS or LibreOffice puts beside it."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path


def owner_file(path: Path) -> str | None:
    """Who has a workbook open in Excel, WPS or LibreOffice, by the owner file beside it; None where there is none.

    An owner file that tells no name gives "另一用户".
    """
    # Names are put together by hand: looking for three files that are not there took 70 µs by pathlib, 12 µs so.
    book = os.fspath(path)
    for place in {book, os.path.realpath(book)} if os.path.islink(book) else {book}:
        folder, name = os.path.split(place)
        for owner, read in (
            (f"~${name}", _excel_owner),
            (f".~{name}", _excel_owner),
            (f".~lock.{name}#", _libreoffice_owner),
        ):
            data = _small_file(os.path.join(folder, owner))
            if data is not None:
                return read(data) or "另一用户"
    return None


def _small_file(path: str) -> bytes | None:
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return None
    except (OSError, ValueError):
        return None
    try:
        with open(path, "rb") as stream:
            return stream.read(4096)
    except OSError:
        return b""  # Excel keeps others from reading it


def _excel_owner(data: bytes) -> str:
    """A length and 54 bytes in the writer's code page, then a length of two bytes and the name in UTF-16."""
    if len(data) >= 57:
        length = int.from_bytes(data[55:57], "little")
        name = data[57 : 57 + 2 * length].decode("utf-16-le", "replace") if length <= 54 else ""
    else:
        name = data[1 : 1 + data[0]].decode("gb18030", "replace") if data else ""
    return name.strip("\0 ")


def _libreoffice_owner(data: bytes) -> str:
    r"""Fields parted by commas: name, account, host, time, place; a comma within a field is `\,`."""
    fields = re.split(r"(?<!\\),", data.decode("utf-8", "replace"))
    return next((field.replace("\\,", ",").strip() for field in fields[:2] if field.strip()), "")
