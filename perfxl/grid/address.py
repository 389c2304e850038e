"""Cell addresses: (row, column), both counted from 1, and their A1 form."""

from functools import cache, lru_cache
from typing import NamedTuple

from perfxl.patterns import pattern

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""The last row and column (XFD) that a worksheet has."""

_A1 = pattern(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


class Ref(NamedTuple):
    """A cell of a worksheet: row and column, counted from 1."""

    row: int
    column: int

    @property
    def a1(self) -> str:
        """The address as people write it, such as `G8`."""
        return f"{column_letters(self.column)}{self.row}"


class Area(NamedTuple):
    """A rectangle of cells, both ends inside."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def first(self) -> Ref:
        """The cell that shows the value of a merged area."""
        return Ref(self.top, self.left)


@cache
def column_letters(column: int) -> str:
    """`28` gives `AB`."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@cache
def column_number(letters: str) -> int:
    """`AB` gives 28; small letters count as capitals."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def parse_a1(text: str) -> Ref:
    """`$G$8` gives row 8, column 7.

    Raises:
        ValueError: the text is no address of a cell that a worksheet has.
    """
    match = _A1.fullmatch(text)
    if not match:
        raise ValueError(text)
    place = Ref(int(match[2]), column_number(match[1]))
    if not 0 < place.row <= LAST_ROW or place.column > LAST_COLUMN:
        raise ValueError(text)
    return place


def parse_area(text: str) -> Area:
    """`A1:B2`, or a single cell, gives its rectangle.

    Raises:
        ValueError: the text is no area.
    """
    first, _, last = text.partition(":")
    a = parse_a1(first)
    b = parse_a1(last) if last else a
    return Area(min(a.row, b.row), min(a.column, b.column), max(a.row, b.row), max(a.column, b.column))


known_area = lru_cache(maxsize=4096)(parse_area)
"""`parse_area` that remembers: the merged areas of one form are those of the next."""
