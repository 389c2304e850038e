"""The least that any xlwings engine can do for perfxl, by xlwings' public interface alone: Excel on macOS gets along with this.

What it cannot do: protected sheets are taken for open ones (the program then refuses, and that is told), notes keep the size they
get, the results sheet has no filter, no frozen head and no page set-up.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.grid.address import Area
from perfxl.grid.cells import SheetState
from perfxl.workbooks.live.afterwards import Afterwards
from perfxl.workbooks.live.looks import AUTOMATIC, NO_FILL, rgb_text, shown_rgb
from perfxl.workbooks.live.native import Colors, Feature, Protection
from perfxl.workbooks.live.survey import Survey, survey_by_halves

if TYPE_CHECKING:
    import xlwings as xw

_BLACK = (0, 0, 0)


class PlainNative:
    """A program of which nothing is known but xlwings' interface."""

    features: frozenset[Feature] = frozenset([Feature.PROTECTED_VIEW])

    def __init__(self, name: str) -> None:
        self.name = name

    def survey(self, sheet: xw.Sheet, area: Area) -> Survey:
        return survey_by_halves(sheet, area)

    def state(self, sheet: xw.Sheet) -> SheetState:
        return SheetState.VISIBLE if sheet.visible else SheetState.HIDDEN

    def counts_from_1904(self, book: xw.Book) -> bool:
        del book
        return False

    def identity(self, book: xw.Book) -> str:
        return f"{book.app.engine.name}-{book.app.pid}-{book.fullname}"

    def full_name(self, book: xw.Book) -> str:
        return str(book.fullname)

    def has_file(self, book: xw.Book) -> bool:
        return os.path.isabs(book.fullname)  # noqa: PTH117

    def read_only(self, book: xw.Book) -> bool:
        return self.has_file(book) and not os.access(book.fullname, os.W_OK)

    def hindrance(self, book: xw.Book) -> str | None:
        del book
        return None

    def bring_up(self, sheet: xw.Sheet) -> None:
        sheet.activate()

    def structure_locked(self, book: xw.Book) -> bool:
        del book
        return False

    def protection(self, sheet: xw.Sheet) -> Protection | None:
        del sheet
        return None

    def unprotected(self, sheet: xw.Sheet) -> Afterwards:
        del sheet
        return Afterwards()

    def is_locked(self, cell: xw.Range) -> bool:
        del cell
        return False

    def colors(self, cell: xw.Range) -> Colors | None:
        fill, letters = cell.color, cell.font.color
        return Colors(
            NO_FILL if fill is None else rgb_text(fill), AUTOMATIC if letters in (None, _BLACK) else rgb_text(letters)
        )

    def paint(self, cell: xw.Range, colors: Colors) -> None:
        cell.color = shown_rgb(colors.fill)
        cell.font.color = shown_rgb(colors.letters) or _BLACK

    def size_note(self, cell: xw.Range, width: int, height: int, small_from: int | None) -> None:
        """Notes keep the size that the program gives them."""

    def has_thread(self, cell: xw.Range) -> bool:
        del cell
        return False

    def offer_list(self, cells: xw.Range, choices: Sequence[str], title: str, prompt: str) -> None:
        """Free text stays free: a list that bars other words would be worse than none."""

    def filter(self, area: xw.Range) -> None:
        """No filter."""

    def hold_heights(self, book: xw.Book) -> Afterwards:
        del book
        return Afterwards()

    def set_up(self, sheet: xw.Sheet, head_row: int | None, tab_color: tuple[int, int, int]) -> None:
        """Shown and printed as the program does by itself."""

    def as_one_undo(self, book: xw.Book, title: str) -> Afterwards:
        del book, title
        return Afterwards()

    def choose_files(self, app: xw.App, title: str) -> list[str]:
        """It has no dialog that another program may call."""
        del app, title
        return []

    def choose_folder(self, app: xw.App, title: str, start: Path | None) -> str | None:
        """It has no dialog that another program may call."""
        del app, title, start
        return None
