"""Links from the rows of a sheet to books and the cells in them."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

MOST_LINKS = 65_530
"""Excel reads so many links of a sheet, and drops all of them where there are more."""

_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
_NO_WORKBOOK = re.compile(r"\.zip$", re.IGNORECASE)
# What an address must not hold as it is; Chinese and other letters stay, as Excel itself writes them.
_UNSAFE = re.compile(r'[\x00-\x20%#?\[\]"<>\\^`{|}]')


class Way(NamedTuple):
    """What a link holds besides the cell it is in: the way to a file, and that to a cell in it, without the cell's address; nothing where
    there is no such way, as to a book in an archive."""

    to_file: str
    to_cell: str = ""


class Links:
    """The links of one sheet of a workbook that will lie in `folder`. Each file has one relationship, however many cells point to it.

    Attributes:
        left_out: how many were more than Excel takes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder.absolute())
        self._targets: dict[str, str] = {}
        self._cells = bytearray()  # 65,530 texts would take twice as much memory
        self._count = 0
        self.left_out = 0

    def way(self, path: str, sheet: str | None) -> Way:
        """The way to a file and the cells of a sheet of it; of an archive only to the archive."""
        if self._count >= MOST_LINKS:
            return Way("")
        target = self._targets.get(path)
        if target is None:
            target = self._targets[path] = f"rId{len(self._targets) + 1}"
        to_file = f' r:id="{target}"'
        if sheet is None or _NO_WORKBOOK.search(path):
            return Way(to_file)
        return Way(to_file, f'{to_file} location="{_sheet_name(sheet)}!')

    def add(self, at: str, way: Way, cell: str | None = None) -> None:
        """A link from the cell `at` to a file, or to a cell in it where `cell` tells one."""
        if self._count >= MOST_LINKS:
            self.left_out += 1
            return
        where = f'{way.to_cell}{cell}"' if cell and way.to_cell else way.to_file
        self._cells += f'<hyperlink ref="{at}"{where}/>'.encode()
        self._count += 1

    @property
    def markup(self) -> bytes:
        """The `hyperlinks` element of the sheet, nothing where there is none."""
        return b"<hyperlinks>%b</hyperlinks>" % bytes(self._cells) if self._cells else b""

    @property
    def relationships(self) -> bytes:
        """The part with the sheet's relationships."""
        rows = [
            f'<Relationship Id="{number}" Type="{_TYPE}" Target="{escape(self._address(path), quote=False)}" TargetMode="External"/>'
            for path, number in self._targets.items()
        ]
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        return f'{head}<Relationships xmlns="{_NAMESPACE}">{"".join(rows)}</Relationships>'.encode()

    def _address(self, path: str) -> str:
        """Relative where the books lie near the workbook, so that both can be moved together; else the whole path."""
        folder, name = os.path.split(path)
        return _folder_address(folder, self._folder) + _UNSAFE.sub(_quoted, name)


@lru_cache(10_000)
def _folder_address(folder: str, seen_from: str) -> str:
    """What comes before a file's name."""
    try:
        common = os.path.commonpath([folder, seen_from])
    except ValueError:  # another drive, or no whole path
        common = ""
    if len(Path(common).parts) > 1:
        inside = os.path.relpath(folder, seen_from)
        return "" if inside == "." else _UNSAFE.sub(_quoted, f"{Path(inside).as_posix()}/")
    inside = Path(folder).as_posix().strip("/")
    return "file:///" + _UNSAFE.sub(_quoted, f"{inside}/" if inside else "")


@lru_cache(1024)
def _sheet_name(sheet: str) -> str:
    """A sheet's name as it stands in an address, in a quoted attribute."""
    name = sheet.replace("'", "''")
    return escape(f"'{name}'", quote=False).replace('"', "&quot;")


def _quoted(match: re.Match[str]) -> str:
    return quote(match[0], safe="")
