"""What stands around the values of an open sheet: number formats, merged areas, hidden rows and columns.

No program tells all of that at one call. `survey_by_halves` asks xlwings' public interface about a rectangle, and where it answers
"mixed" about its two halves: a form takes some hundred questions that way. It works for any engine; one that has a shorter way takes it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from perfxl.grid.address import Area

if TYPE_CHECKING:
    import xlwings as xw

GENERAL = "General"


class Survey(NamedTuple):
    """`formats` are rectangles with one number format each; what lies outside of them is `General`."""

    formats: tuple[tuple[Area, str], ...]
    merges: tuple[Area, ...]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]


def survey_by_halves(sheet: xw.Sheet, area: Area) -> Survey:
    """Looks around in a rectangle of a sheet."""

    def ranged(part: Area) -> xw.Range:
        return sheet.range((part.top, part.left), (part.bottom, part.right))

    formats: list[tuple[Area, str]] = []

    def look_at_format(part: Area) -> bool:
        code = ranged(part).number_format
        if code is None:
            return False
        if code != GENERAL:
            formats.append((part, code))
        return True

    merges: dict[Area, None] = {}

    def look_at_merge(part: Area) -> bool:
        if any(_inside(part, merge) for merge in merges):
            return True
        there = ranged(part)
        merged = there.merge_cells
        if merged is None:
            return False
        if merged:
            found = there[0, 0].merge_area
            top, left, (rows, columns) = found.row, found.column, found.shape
            merges[Area(top, left, top + rows - 1, left + columns - 1)] = None
            # Areas that touch make a rectangle in which all is merged, though not into one.
            return _inside(part, Area(top, left, top + rows - 1, left + columns - 1))
        return True

    _halve(area, look_at_format)
    _halve(area, look_at_merge)
    rows: set[int] = set()
    columns: set[int] = set()

    def look_at_rows(part: Area) -> bool:
        hidden = ranged(part).rows.hidden
        if hidden:
            rows.update(range(part.top, part.bottom + 1))
        return hidden is not None

    def look_at_columns(part: Area) -> bool:
        hidden = ranged(part).columns.hidden
        if hidden:
            columns.update(range(part.left, part.right + 1))
        return hidden is not None

    _halve(Area(area.top, area.left, area.bottom, area.left), look_at_rows)
    _halve(Area(area.top, area.left, area.top, area.right), look_at_columns)
    return Survey(tuple(formats), tuple(merges), frozenset(rows), frozenset(columns))


def _halve(area: Area, settle: Callable[[Area], bool]) -> None:
    """Ask about an area, and where that settles nothing about its halves: first across the rows, then the columns."""
    waiting = [area]
    while waiting:
        part = waiting.pop()
        if settle(part):
            continue
        top, left, bottom, right = part
        if top < bottom:
            middle = (top + bottom) // 2
            waiting += [Area(middle + 1, left, bottom, right), Area(top, left, middle, right)]
        elif left < right:
            middle = (left + right) // 2
            waiting += [Area(top, middle + 1, bottom, right), Area(top, left, bottom, middle)]


def _inside(part: Area, whole: Area) -> bool:
    return (
        whole.top <= part.top and whole.left <= part.left and part.bottom <= whole.bottom and part.right <= whole.right
    )
