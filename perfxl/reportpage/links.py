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

    def to(self, path: str | None) -> str | None:
        """The address of a file, percent-encoded, such as `./../a/b.xlsx`; None where no way leads there that would tell nothing of the
        machine: the file lies on another drive, or has nothing but the root in common with the page."""
        if path is None or not Path(path).is_absolute():
            return None
        try:
            common = os.path.commonpath([path, self._folder])
        except ValueError:  # another drive
            return None
        if Path(common) == Path(Path(common).anchor):
            return None
        return quote("./" + os.path.relpath(path, self._folder).replace(os.sep, "/"), safe="/")
