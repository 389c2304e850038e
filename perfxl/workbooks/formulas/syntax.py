"""The parts of a formula, as the parser gives them."""

from __future__ import annotations

from typing import NamedTuple

from perfxl.grid.address import LAST_COLUMN, LAST_ROW
from perfxl.grid.cells import CellValue

__all__ = ["LAST_COLUMN", "LAST_ROW"]


class Literal(NamedTuple):
    """A number, text, logical or error value; None for an argument that is left out."""

    value: CellValue


class ArrayLiteral(NamedTuple):
    """`{1,2;3,4}`."""

    rows: tuple[tuple[CellValue, ...], ...]


class Corner(NamedTuple):
    """A corner of a reference; the flags tell that `$` fixes it."""

    row: int
    column: int
    row_fixed: bool
    column_fixed: bool


class Cells(NamedTuple):
    """`B2`, `B2:C9`, `B:C`, `2:9`, with the sheet or the sheets from first to last where they are named."""

    first: Corner
    last: Corner
    sheet: str | None = None
    last_sheet: str | None = None


class Name(NamedTuple):
    """A defined name, or a table without brackets."""

    name: str
    sheet: str | None = None


class Structured(NamedTuple):
    """`Table[[#This Row],[first]:[last]]`; `table` None means the one that the formula stands in.

    `items` are in small letters, without `#`.
    """

    table: str | None
    items: frozenset[str]
    first: str | None
    last: str | None


class External(NamedTuple):
    """A reference into another workbook."""

    text: str


class Prefix(NamedTuple):
    """`-x` and `+x`."""

    operator: str
    operand: Node


class Percent(NamedTuple):
    """`x%`."""

    operand: Node


class Binary(NamedTuple):
    """`x + y` and the like."""

    operator: str
    left: Node
    right: Node


class Call(NamedTuple):
    """`NAME(…)`; the name in capitals without `_xlfn.`."""

    name: str
    arguments: tuple[Node, ...]


class Span(NamedTuple):
    """`x:y` where one end is not simply a cell."""

    left: Node
    right: Node


class Joined(NamedTuple):
    """`(x,y)`: the cells of all parts."""

    parts: tuple[Node, ...]


class Common(NamedTuple):
    """`x y`: the cells that both have."""

    left: Node
    right: Node


Node = (
    Literal
    | ArrayLiteral
    | Cells
    | Name
    | Structured
    | External
    | Prefix
    | Percent
    | Binary
    | Call
    | Span
    | Joined
    | Common
)
REFERENCES = (Cells, Name, Structured, External, Span, Joined, Common, Call)
