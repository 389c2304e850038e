"""Links from the page to the workbooks, as they lie beside each other: page and books can be moved together."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote


class BookLinks:
    """Where the books lie, seen from the folder that the page goes to."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the page's."""
        self._folder = os.path.realpath(folder)
        self._ways: dict[str, str | None] = {}

    def to(self, path: str | None) -> str | None:
        """The address of a file, percent-encoded, such as `./../a/b.xlsx`; None where no way leads there that would tell nothing of the
        machine: the file lies on another drive, or has nothing but the root in common with the page."""
        if path is None:
            return None
        folder, name = os.path.split(path)
        if folder not in self._ways:  # of many books in few folders
            self._ways[folder] = self._way(folder)
        way = self._ways[folder]
        return None if way is None else way + quote(name, safe="")

    def _way(self, folder: str) -> str | None:
        if not Path(folder).is_absolute():
            return None
        try:
            common = Path(os.path.commonpath([folder, self._folder]))
        except ValueError:  # another drive
            return None
        if common == Path(common.anchor):
            return None
        way = os.path.relpath(folder, self._folder).replace(os.sep, "/")
        return "./" if way == "." else quote(f"./{way}/", safe="/")
