"""Divides the table of a form among pages, so that a name that holds for many rows stands on each page on which it holds.

Programs print the text of a merged cell once, wherever the page ends; so the merged cell is cut there, and each part has the name.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import ceil
from unicodedata import east_asian_width

from perfxl.export.page import FormPage, PageCell, PageTable
from perfxl.export.paper import (
    CELL_PADDING,
    GAP,
    LEAST_ROW,
    LINE_PADDING,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    SIDE,
    TITLE,
    TOP,
    YEAR,
    type_of,
)

# The fonts that stand in for 宋体 on other systems have narrow signs of six tenths of a wide one, and leave room between Chinese and
# figures.
_NARROW = 0.64
# So much of a page is reckoned with: a page that a program finds too short would be followed by one nearly empty.
_FULL = 0.96
_BORDER = 0.75
# Fewer rows than this do not begin or end a table on a page of their own.
_FEWEST = 2


def paginate(page: FormPage) -> FormPage:
    """The form with its last table, the one of indicators, divided into one for each page that it needs."""
    *above, table = page.tables
    room = (PAGE_HEIGHT - 2 * TOP) * _FULL
    used = TITLE.line + (YEAR.line if page.year else 0)
    used += sum(sum(row_heights(each, page.shares)) + GAP.line for each in above)
    ends = _page_ends(table, row_heights(table, page.shares), room - used % room, room)
    moved = ends[:1] == [table.heads]
    bounds = [*([] if moved else [table.heads]), *ends, table.rows]
    parts = (_part(table, start, end) for start, end in pairwise(bounds))
    return page._replace(
        tables=(*above, *(part._replace(new_page=moved or number > 0) for number, part in enumerate(parts)))
    )


def row_heights(table: PageTable, shares: Sequence[float]) -> list[float]:
    """The height of each row in points; what a merged cell needs beyond its rows is added to the last of them."""
    heights = [LEAST_ROW + _BORDER] * table.rows
    for cell in sorted(table.cells, key=lambda cell: cell.last_row - cell.row):
        width = (PAGE_WIDTH - 2 * SIDE) * sum(shares[cell.column : cell.last_column + 1]) - 2 * CELL_PADDING
        needed = _text_height(cell.text, width) + 2 * LINE_PADDING + _BORDER
        missing = needed - sum(heights[cell.row : cell.last_row + 1])
        if missing > 0:
            heights[cell.last_row] += missing
    return heights


def _text_height(text: str, width: float) -> float:
    kind = type_of(text)
    # A line ends before the sign that has no room, or before the word: up to a sign stays empty.
    signs = max(width / kind.size - 0.5, 1)
    return sum(max(ceil(_width(line) / signs), 1) for line in text.split("\n")) * kind.line


def _width(line: str) -> float:
    return sum(1 if east_asian_width(sign) in "WFA" else _NARROW for sign in line)


def _page_ends(table: PageTable, heights: Sequence[float], first_room: float, room: float) -> list[int]:
    """The rows with which a new page begins: the first below the head where no row fits below what stands above the table."""
    head = sum(heights[: table.heads])
    places = _places_to_cut(table)
    ends: list[int] = []
    start, left = table.heads, first_room - head
    while sum(heights[start:]) > left:
        latest = start + sum(1 for height in accumulate(heights[start:]) if height <= left)
        good = [row for row in places if start + _FEWEST <= row <= min(latest, table.rows - _FEWEST)]
        # Without a good place the table goes to a page of its own; there it is cut where it must be.
        end = max(good) if good else max(latest, start + 1) if ends else start
        if end >= table.rows:
            break
        ends.append(end)
        start, left = end, room - head
    return ends


def _places_to_cut(table: PageTable) -> set[int]:
    """The rows before which a page may end: no text that reaches over several rows would be torn, only names, which are repeated."""
    torn = {
        row for cell in table.cells if cell.text and not cell.centred for row in range(cell.row + 1, cell.last_row + 1)
    }
    return set(range(table.heads, table.rows)) - torn


def _part(table: PageTable, start: int, end: int) -> PageTable:
    """The head and the rows from `start` to before `end`; of a cell that reaches over the cut each part has the name."""
    heads = table.heads
    cells = [cell for cell in table.cells if cell.row < heads]
    for cell in table.cells:
        if cell.row >= heads and cell.row < end and cell.last_row >= start:
            cells.append(_within(cell, start, end, heads))
    return PageTable(heads + end - start, tuple(cells), heads)


def _within(cell: PageCell, start: int, end: int, heads: int) -> PageCell:
    top, bottom = max(cell.row, start), min(cell.last_row, end - 1)
    text = cell.text if cell.row >= start or cell.centred else ""
    return cell._replace(row=top - start + heads, last_row=bottom - start + heads, text=text)
