"""The paper that forms are published on: sizes in points, the same for who writes the document and who reckons where pages end."""

from __future__ import annotations

from typing import NamedTuple

_CM = 72 / 2.54

PAGE_WIDTH, PAGE_HEIGHT = 21 * _CM, 29.7 * _CM
SIDE, TOP = 1.5 * _CM, 1.8 * _CM
CELL_PADDING, LINE_PADDING = 2.85, 1.4  # between text and border: 1 mm at the sides, half of it above and below
LEAST_ROW = 0.8 * _CM
LONG_TEXT = 40
"""Signs from which on a cell's text is printed smaller."""


class Type(NamedTuple):
    """A size of letters, and the height of its lines: fixed, so that pages end at the same row whatever font stands in for 宋体."""

    size: float
    line: float


TITLE, YEAR = Type(18, 27), Type(12, 20)
CELL, LONG, SMALL = Type(10.5, 14), Type(9.5, 12.5), Type(9, 12)
GAP = Type(1, 1)


def type_of(text: str) -> Type:
    """The size in which a cell's text is printed."""
    return CELL if len(text) <= LONG_TEXT else LONG
