"""Links from the rows of a sheet to books and the cells in them."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

MOST_LINKS = 65_530
"""Excel reads so many links of a sheet, and drops all of them where there are more."""

_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
_NO_WORKBOOK = re.compile(r"\.zip$", re.IGNORECASE)
# What an address must not hold as it is; Chinese and other letters stay, as Excel itself writes them.
_UNSAFE = re.compile(r'[\x00-\x20%#?\[\]"<>\\^`{|}]')


class Links:
    """The links of one sheet of a workbook that will lie in `folder`. Each file has one relationship, however many cells point to it.

    Attributes:
        left_out: how many were more than Excel takes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._targets: dict[str, str] = {}
        self._folders: dict[str, str] = {}  # a book's folder to what comes before its name in an address
        self._cells = bytearray()  # 65,530 texts would take twice as much memory
        self._count = 0
        self.left_out = 0

    def add(self, at: str, path: str, sheet: str | None, cell: str | None) -> None:
        """A link from the cell `at` to a file, or to a cell in it; of an archive only to the archive."""
        if self._count >= MOST_LINKS:
            self.left_out += 1
            return
        target = self._targets.get(path)
        if target is None:
            target = self._targets[path] = f"rId{len(self._targets) + 1}"
        place = ""
        if sheet is not None and not _NO_WORKBOOK.search(path):
            place = f' location="{_sheet_name(sheet)}!{cell or "A1"}"'
        self._cells += f'<hyperlink ref="{at}" r:id="{target}"{place}/>'.encode()
        self._count += 1

    @property
    def markup(self) -> bytes:
        """The `hyperlinks` element of the sheet, nothing where there is none."""
        return b"<hyperlinks>%b</hyperlinks>" % bytes(self._cells) if self._cells else b""

    @property
    def relationships(self) -> bytes:
        """The part with the sheet's relationships."""
        rows = [
            f'<Relationship Id="{number}" Type="{_TYPE}" Target={quoteattr(self._address(path))} TargetMode="External"/>'
            for path, number in self._targets.items()
        ]
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        return f'{head}<Relationships xmlns="{_NAMESPACE}">{"".join(rows)}</Relationships>'.encode()

    def _address(self, path: str) -> str:
        """Relative where the books lie near the workbook, so that both can be moved together; else the whole path."""
        folder, name = os.path.split(path)
        if folder not in self._folders:
            self._folders[folder] = self._folder_address(Path(folder))
        return self._folders[folder] + _UNSAFE.sub(_quoted, name)

    def _folder_address(self, folder: Path) -> str:
        """What comes before a file's name."""
        near = folder.is_absolute() and folder.drive == self._folder.drive
        common = Path(os.path.commonpath([folder, self._folder])) if near else Path()
        if len(common.parts) > 1:
            inside = Path(os.path.relpath(folder, self._folder)).as_posix()
            return "" if inside == "." else _UNSAFE.sub(_quoted, f"{inside}/")
        inside = folder.as_posix().strip("/")
        return "file:///" + _UNSAFE.sub(_quoted, f"{inside}/" if inside else "")


@lru_cache(1024)
def _sheet_name(sheet: str) -> str:
    """A sheet's name as it stands in an address, in a quoted attribute."""
    name = sheet.replace("'", "''")
    return escape(f"'{name}'", {'"': "&quot;"})


def _quoted(match: re.Match[str]) -> str:
    return quote(match[0], safe="")
