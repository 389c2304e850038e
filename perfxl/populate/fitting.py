"""Rows made high enough for the texts that were filled in: nobody sees what a row that is too low cuts off."""

from __future__ import annotations

from collections.abc import Iterable

from perfxl.form.view import SheetView
from perfxl.grid.address import Area, Ref
from perfxl.templates.fitting import HIGHEST, LINE, MARGIN, text_height
from perfxl.workbooks.rowheights import Measures, RowHeight


def fitted_heights(view: SheetView, measures: Measures, filled: Iterable[Ref]) -> dict[int, RowHeight]:
    """New heights for rows whose filled cells need more.

    A row that follows its texts goes on doing so; its height is worked out all the same, since a program that opens the file
    need not. Of one that a person fixed, and under merged areas, which no program fits to their texts, the last row grows.
    """
    heights: dict[int, RowHeight] = {}
    for at in filled:
        value = view.value(at.row, at.column)
        if not value.text or value.number is not None:
            continue
        area = view.area(at.row, at.column) or Area(at.row, at.column, at.row, at.column)
        needed = text_height(value.text, [measures.width_of(c) for c in range(area.left, area.right + 1)])
        rows = [measures.height_of(row) for row in range(area.top, area.bottom + 1)]
        there = sum(row.points for row in rows)
        if needed - MARGIN <= max(there, LINE):  # it shows, if only just
            continue
        one_cell = area.top == area.bottom and area.left == area.right
        before = heights.get(area.bottom, RowHeight(0.0, fixed=False, stored=False))
        heights[area.bottom] = RowHeight(
            points=max(min(rows[-1].points + needed - there, HIGHEST), before.points),
            fixed=before.fixed or rows[-1].fixed or not one_cell,
            stored=True,
        )
    return heights
