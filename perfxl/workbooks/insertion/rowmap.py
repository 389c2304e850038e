"""Where rows and areas stand after rows were inserted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from perfxl.grid.address import Area, Ref, parse_area
from perfxl.workbooks.formulas.syntax import LAST_ROW


class Insertion(NamedTuple):
    """Rows to be inserted below a row, in the numbers that rows had before.

    The new rows belong to what ends in that row: they take its look, and areas of several rows that end there grow over them. In the
    columns `joined` the cell of that row is merged with those of the new rows; in the columns `apart` the new rows are merged with
    each other, and nothing grows over them.
    """

    below: int
    size: int
    joined: frozenset[int] = frozenset()
    apart: frozenset[int] = frozenset()


class CannotShift(Exception):
    """Something cannot be moved along safely.

    Attributes:
        reason: what, and what to do, in Chinese.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RowMap:
    """The numbers of a sheet's rows after insertions."""

    def __init__(self, insertions: Sequence[Insertion]) -> None:
        # Of those below one row, what joins it comes before what stands apart.
        self._order = sorted(range(len(insertions)), key=lambda i: (insertions[i].below, bool(insertions[i].apart)))
        self.insertions = [insertions[index] for index in self._order]
        counts: dict[int, int] = {}
        for insertion in self.insertions:
            counts[insertion.below] = counts.get(insertion.below, 0) + insertion.size
        self._counts = counts
        self.first = min(counts)
        self.total = sum(counts.values())

    def row(self, row: int) -> int:
        """Where a row stands now."""
        return row + sum(count for below, count in self._counts.items() if below < row)

    def last(self, row: int) -> int:
        """Where an area that ended in a row ends now that it grew over the rows inserted below it."""
        return self.row(row) + self._counts.get(row, 0)

    def above(self, gap: int) -> int:
        """Where the line above a row is now, counted as the number of rows over it: `gap` rows were over it before."""
        return self.row(gap + 1) - 1

    def new_rows(self) -> list[tuple[Insertion, range]]:
        """The new rows of each insertion, as they are numbered now."""
        done = accumulate((insertion.size for insertion in self.insertions), initial=0)
        return [
            (each, range(each.below + before + 1, each.below + before + each.size + 1))
            for each, before in zip(self.insertions, done, strict=False)
        ]

    def ranges(self) -> list[range]:
        """The new rows, an insertion after the other in the order in which they were given."""
        by_index = dict(zip(self._order, (numbers for _, numbers in self.new_rows()), strict=True))
        return [by_index[index] for index in range(len(by_index))]

    def cuts(self, area: Area) -> bool:
        """Rows come in between two rows of the area."""
        return any(area.top <= below < area.bottom for below in self._counts)

    def ref(self, at: Ref) -> Ref:
        """Where a cell stands now."""
        return Ref(self.row(at.row), at.column)

    def moved(self, area: Area) -> Area:
        """An area that moves, and is wider by the rows that came in between its own."""
        return area._replace(top=self.row(area.top), bottom=self.row(area.bottom))

    def grown(self, area: Area, *, single: bool = False) -> Area:
        """An area that grows over the rows inserted below its last one; one of a single row only if `single`."""
        last = self.last if single or area.top < area.bottom else self.row
        return area._replace(top=self.row(area.top), bottom=min(last(area.bottom), LAST_ROW))


def shifted_areas(text: str, move: str, rows: RowMap) -> str:
    """A list of areas, as `sqref` has it: `move` says how (`moved`, `grown`, `spread`: grown from a single row too)."""
    return " ".join([_shifted(area, move, rows) for area in text.split()])


def _shifted(text: str, move: str, rows: RowMap) -> str:
    if ":" not in text and move != "spread":
        at = parse_area(text).first
        now = rows.ref(at)
        return text if now == at else now.a1
    if not any(character.isdigit() for character in text) or not any(character.isalpha() for character in text):
        return text if not text.replace(":", "").replace("$", "").isdigit() else _whole_rows(text, move, rows)
    area = parse_area(text)
    new = rows.moved(area) if move == "moved" else rows.grown(area, single=move == "spread")
    if new == area:
        return text
    last = Ref(new.bottom, new.right)
    return new.first.a1 if new.first == last else f"{new.first.a1}:{last.a1}"


def _whole_rows(text: str, move: str, rows: RowMap) -> str:
    top, _, bottom = text.replace("$", "").partition(":")
    area = Area(int(top), 1, int(bottom or top), 1)
    new = rows.moved(area) if move == "moved" else rows.grown(area, single=move == "spread")
    return f"{new.top}:{new.bottom}"
