"""Writes a formula as it reads after a copy to another cell."""

from __future__ import annotations

from functools import lru_cache

from perfxl.grid.address import column_letters
from perfxl.workbooks.formulas.syntax import LAST_COLUMN, LAST_ROW
from perfxl.workbooks.formulas.tokens import corner, tokens


def shift_formula(text: str, rows: int, columns: int) -> str:
    """The formula moved down by `rows` and right by `columns`: relative references move along, absolute ones stay.

    This is how a shared formula is written out for the cells that share it. A reference that would leave the sheet
    reads `#REF!`.

    Raises:
        CannotCompute: the text cannot be cut into the pieces that formulas have.
    """
    pieces, areas, rest = _cut(text)
    return "".join(
        [piece + _shift_area(area, rows, columns) for piece, area in zip(pieces, areas, strict=True)] + [rest]
    )


@lru_cache(maxsize=64)  # one formula is written out for each cell that shares it
def _cut(text: str) -> tuple[list[str], list[str], str]:
    """What stands before each reference, the references, and what comes behind the last."""
    pieces, areas = [], []
    done = 0
    for token in tokens(text):
        if token.kind == "area":
            pieces.append(text[done : token.start])
            areas.append(token.text)
            done = token.start + len(token.text)
    return pieces, areas, text[done:]


def _shift_area(area: str, rows: int, columns: int) -> str:
    ends = [_shift_end(end, rows, columns) for end in area.split(":")]
    return "#REF!" if None in ends else ":".join(end for end in ends if end is not None)


def _shift_end(end: str, rows: int, columns: int) -> str | None:
    column_fixed, column, row_fixed, row = corner(end)
    text = ""
    if column:
        column += 0 if column_fixed else columns
        if not 1 <= column <= LAST_COLUMN:
            return None
        text = ("$" if column_fixed else "") + column_letters(column)
    if row:
        row += 0 if row_fixed else rows
        if not 1 <= row <= LAST_ROW:
            return None
        text += ("$" if row_fixed else "") + str(row)
    return text
