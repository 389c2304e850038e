"""What perfxl needs of an open workbook beyond xlwings' public interface, each program in its own way."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from perfxl.grid.address import Area
from perfxl.grid.cells import SheetState
from perfxl.workbooks.live.afterwards import Afterwards
from perfxl.workbooks.live.survey import Survey

if TYPE_CHECKING:
    import xlwings as xw


class Feature(Enum):
    """What a program can do for perfxl beyond what all can."""

    THEME_COLORS = "theme-colors"
    """A colour of the workbook's theme is known as such, and comes back as such."""
    VERY_HIDDEN = "very-hidden"
    """A sheet can be hidden so that the program's own menu does not show it."""
    ONE_UNDO = "one-undo"
    """The program's own undo takes back all of a run at one stroke, besides perfxl's."""
    THREADS = "threads"
    """Cells can carry threaded comments, which leave no room for a note."""
    PROTECTED_VIEW = "protected-view"
    """A file from a mail or the network can be shown so that no other program is told of it."""


class Protection(NamedTuple):
    """A protected sheet; `open` tells whether it can be unprotected without a password."""

    open: bool


class Colors(NamedTuple):
    """Fill and colour of letters of a cell, in the short notation that notes keep (`marks.notetext`)."""

    fill: str
    letters: str


class Native(Protocol):
    """One program's own ways."""

    name: str
    """The program's name in messages."""
    features: frozenset[Feature]

    def survey(self, sheet: xw.Sheet, area: Area) -> Survey:
        """Number formats, merged areas, hidden rows and columns within an area."""
        ...

    def state(self, sheet: xw.Sheet) -> SheetState:
        """Whether a sheet is shown."""
        ...

    def counts_from_1904(self, book: xw.Book) -> bool:
        """Whether the workbook's days are counted from 1904."""
        ...

    def identity(self, book: xw.Book) -> str:
        """What tells this open document from all others, as long as it is open."""
        ...

    def full_name(self, book: xw.Book) -> str:
        """The path of the workbook's file, its address where it lies on the net, its name where it was never saved."""
        ...

    def has_file(self, book: xw.Book) -> bool:
        """Whether it was ever saved."""
        ...

    def read_only(self, book: xw.Book) -> bool:
        """Whether it was opened for reading only."""
        ...

    def hindrance(self, book: xw.Book) -> str | None:
        """What keeps the program from taking changes now, in Chinese with what to do; None where nothing does."""
        ...

    def bring_up(self, sheet: xw.Sheet) -> None:
        """Bring a sheet into view."""
        ...

    def structure_locked(self, book: xw.Book) -> bool:
        """Whether the workbook's owner forbids other sheets."""
        ...

    def protection(self, sheet: xw.Sheet) -> Protection | None:
        """How a sheet is protected, None where it is not."""
        ...

    def unprotected(self, sheet: xw.Sheet) -> Afterwards:
        """Takes a protection without password off, and puts it on again with the same options."""
        ...

    def is_locked(self, cell: xw.Range) -> bool:
        """Whether a protected sheet bars this cell."""
        ...

    def colors(self, cell: xw.Range) -> Colors | None:
        """Fill and letters of a cell; None for a fill that cannot be put back, such as a pattern."""
        ...

    def paint(self, cell: xw.Range, colors: Colors) -> None:
        """Give a cell a fill and a colour of letters."""
        ...

    def size_note(self, cell: xw.Range, width: int, height: int, small_from: int | None) -> None:
        """Size a note's box, in pixels; from the character `small_from` on its letters are small and grey."""
        ...

    def has_thread(self, cell: xw.Range) -> bool:
        """Whether a cell carries a threaded comment."""
        ...

    def offer_list(self, cells: xw.Range, choices: Sequence[str], title: str, prompt: str) -> None:
        """Offer choices in cells; other words are welcome."""
        ...

    def filter(self, area: xw.Range) -> None:
        """Put filter buttons on an area's first row."""
        ...

    def hold_heights(self, book: xw.Book) -> Afterwards:
        """Keeps the program for a while from fitting rows to their texts, where it would do so after each change of a look."""
        ...

    def set_up(self, sheet: xw.Sheet, head_row: int | None, tab_color: tuple[int, int, int]) -> None:
        """A sheet as it is shown and printed: rows down to the head's frozen and repeated, no grid lines, a tab of this colour;
        A4 landscape, one page wide, pages numbered. The sheet comes into view."""
        ...

    def as_one_undo(self, book: xw.Book, title: str) -> Afterwards:
        """Makes what is done inside one step of the program's own undo, where it has that."""
        ...

    def choose_files(self, app: xw.App, title: str) -> list[str]:
        """Lets the user choose workbooks in the program's own dialog; none where the dialog is left, or where there is none."""
        ...

    def choose_folder(self, app: xw.App, title: str, start: Path | None) -> str | None:
        """Lets the user choose a folder in the program's own dialog, which first shows `start`; None where the dialog is left, or
        where there is none."""
        ...
