"""Merged areas after rows were inserted."""

from __future__ import annotations

from collections.abc import Sequence

from perfxl.grid.address import Area, Ref, known_area
from perfxl.workbooks.insertion.rowmap import Insertion, RowMap


class Merges:
    """The merged areas of a sheet, each as it is now, and those that come in."""

    def __init__(self, areas: Sequence[Area], rows: RowMap) -> None:
        self._rows = rows
        self.new: list[Area] = []
        for insertion, numbers in rows.new_rows():
            self.new += _new_areas(areas, insertion, numbers)

    def now(self, text: str) -> str:
        """An area as it is now."""
        area = known_area(text)
        new = self._rows.moved(area)._replace(bottom=self._rows.row(area.bottom) + self._growth(area))
        return text if new == area else written(new)

    def _growth(self, area: Area) -> int:
        """By how many of the rows inserted below it the area grows."""
        grown = 0
        columns = range(area.left, area.right + 1)
        for insertion in self._rows.insertions:
            if insertion.below == area.bottom:
                single = area.top == area.bottom and insertion.joined.isdisjoint(columns)
                if single or not insertion.apart.isdisjoint(columns):
                    break
                grown += insertion.size
        return grown


def _new_areas(areas: Sequence[Area], insertion: Insertion, numbers: range) -> list[Area]:
    """What is merged in the row above is merged in each new row; single cells of the columns `joined` and `apart` are merged down."""
    out: list[Area] = []
    here = [area for area in areas if area.top <= insertion.below <= area.bottom]
    for area in here:
        columns = range(area.left, area.right + 1)
        if not insertion.apart.isdisjoint(columns):
            out.append(area._replace(top=numbers[0], bottom=numbers[-1]))
        elif area.top == area.bottom and insertion.joined.isdisjoint(columns):
            out += [area._replace(top=number, bottom=number) for number in numbers]
    merged = {column for area in here for column in range(area.left, area.right + 1)}
    above = numbers[0] - 1
    out += [Area(above, column, numbers[-1], column) for column in sorted(insertion.joined - merged)]
    out += [Area(numbers[0], column, numbers[-1], column) for column in sorted(insertion.apart - merged)]
    return [area for area in out if (area.top, area.left) != (area.bottom, area.right)]


def written(area: Area) -> str:
    """An area in A1 form."""
    return f"{area.first.a1}:{Ref(area.bottom, area.right).a1}"
