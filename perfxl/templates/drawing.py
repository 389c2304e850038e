"""A sheet before it is painted: boxes with their values and looks, and what belongs to the sheet as a whole."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from perfxl.grid.address import Ref, column_letters


class Look(Enum):
    """How a cell is drawn. TEXT stands at the left and is wrapped, NOTE has no borders, HEAD is a label of a column or block; SECTION
    is a name at the head of its rows, where the end of a page cannot tear it."""

    TITLE = "title"
    YEAR = "year"
    HEAD = "head"
    LABEL = "label"
    TEXT = "text"
    CENTRED = "centred"
    SECTION = "section"
    AMOUNT = "amount"
    RATE = "rate"
    POINTS = "points"
    DATE = "date"
    NOTE = "note"
    PARAGRAPH = "paragraph"
    HEADING = "heading"


class Box(NamedTuple):
    """A cell or a merged area: rows and columns from 1, both ends included.

    `formula` is without its `=`; `value` is then what it gives. `typed` tells that people type here; `prompt` is the key of what is
    said to them.
    """

    top: int
    left: int
    bottom: int
    right: int
    value: Decimal | str
    look: Look
    formula: str = ""
    typed: bool = False
    prompt: str = ""

    @property
    def first(self) -> Ref:
        """The cell that holds the value."""
        return Ref(self.top, self.left)


class Rule(NamedTuple):
    """A conditional format: the fill of a fault where the formula (for the first cell) is true."""

    top: int
    left: int
    bottom: int
    right: int
    formula: str


class Validation(NamedTuple):
    """What may be typed into an area.

    `kind` is `number` (between `low` and `high`), `formula`, `list` (of `words`; others are refused), `offer` (others are taken) or
    `any`. `prompt` and `error` are keys of `forms.toml`.
    """

    top: int
    left: int
    bottom: int
    right: int
    kind: str
    prompt: str = ""
    error: str = ""
    low: str = "0"
    high: str = ""
    formula: str = ""
    words: tuple[str, ...] = ()


class Button(NamedTuple):
    """A button on the sheet that is not printed: the column (from 1) at whose left it stands, its place in the pile there (from 0),
    what stands on it, the macro that it runs."""

    column: int
    place: int
    caption: str
    macro: str


class Note(NamedTuple):
    """What somebody wrote on a cell (row and column from 1)."""

    row: int
    column: int
    author: str
    text: str


class Picture(NamedTuple):
    """A picture that hangs on a cell (row and column from 1): its bytes, what it shows, and how large it is drawn."""

    row: int
    column: int
    data: bytes
    description: str
    scale: float


@dataclass(slots=True)
class SheetDrawing:
    """A sheet: its name, the widths of its columns in characters, and what stands on it.

    `repeated` is the row range printed again on each page, `header` the title and the line under it above each further page, `frozen`
    counts the rows that stay in view, `last_printed` is the last row that is printed (0: all), `growing` are the rows that fit
    themselves to what is typed; `least_heights` are the heights in points that rows have at any rate. `protected` closes
    the cells in which nobody types, without a password.
    """

    name: str
    widths: tuple[float, ...]
    boxes: list[Box] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    validations: list[Validation] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    repeated: tuple[int, int] | None = None
    header: tuple[str, str] = ("", "")
    landscape: bool = False
    frozen: int = 0
    last_printed: int = 0
    growing: range = range(0)
    least_heights: dict[int, float] = field(default_factory=dict)
    protected: bool = True


def box(
    top: int,
    left: int,
    value: Decimal | str,
    look: Look,
    *,
    right: int = 0,
    bottom: int = 0,
    formula: str = "",
    typed: bool = False,
    prompt: str = "",
) -> Box:
    """A cell, or with `right` or `bottom` an area that reaches so far."""
    return Box(top, left, bottom or top, right or left, value, look, formula, typed, prompt)


def a1(row: int, column: int, *, fixed: str = "") -> str:
    """A cell's address; `fixed` is `column`, `row` or `both`."""
    letters = column_letters(column)
    left = "$" if fixed in ("column", "both") else ""
    return f"{left}{letters}{'$' if fixed in ('row', 'both') else ''}{row}"


def span(top: int, bottom: int, column: int) -> str:
    """The address of part of a column."""
    return f"{a1(top, column)}:{a1(bottom, column)}"
