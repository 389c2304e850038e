"""The heights of a worksheet's rows and the widths of its columns: read, and rows made higher."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from perfxl.workbooks.outline import Element, outline
from perfxl.workbooks.splice import Splice, spliced, start_tag, with_attributes

_YES = ("1", "true")
# What a sheet that does not say so has: characters and points.
_WIDTH, _HEIGHT = 8.43, 15.0
_ROWS = 2  # how deep rows lie in the part
_WIDEST = 255


class RowHeight(NamedTuple):
    """A row's height in points, and whether a person fixed it; one that is not fixed follows its texts when it has no stored height."""

    points: float
    fixed: bool
    stored: bool


class Measures(NamedTuple):
    """How wide columns are, in characters of the workbook's font, and how high rows; those that are not named have the default."""

    widths: Mapping[int, float]
    heights: Mapping[int, RowHeight]
    width: float
    height: float

    def width_of(self, column: int) -> float:
        """A column's width in characters."""
        return self.widths.get(column, self.width)

    def height_of(self, row: int) -> RowHeight:
        """A row's height."""
        return self.heights.get(row, RowHeight(self.height, fixed=False, stored=False))


def read_measures(data: bytes) -> Measures:
    """The measures of a worksheet's part, given as UTF-8.

    Raises:
        ValueError: it is not well-formed, or a measure is no number.
    """
    widths: dict[int, float] = {}
    heights: dict[int, RowHeight] = {}
    width, height = _WIDTH, _HEIGHT
    for element in outline(data, _ROWS):
        attrs = element.attrs
        if element.name == "col" and "width" in attrs:
            # A column that is formatted to the sheet's end says nothing of a form.
            for column in range(int(attrs["min"]), min(int(attrs["max"]), int(attrs["min"]) + _WIDEST) + 1):
                widths[column] = 0.0 if attrs.get("hidden") in _YES else float(attrs["width"])
        elif element.name == "sheetFormatPr":
            height = float(attrs.get("defaultRowHeight", height))
            width = float(attrs.get("defaultColWidth", attrs.get("baseColWidth", width)))
    for number, element in _rows(data):
        if "ht" in element.attrs:
            fixed = element.attrs.get("customHeight") in _YES
            heights[number] = RowHeight(float(element.attrs["ht"]), fixed, stored=True)
    return Measures(widths, heights, width, height)


def with_heights(data: bytes, heights: Mapping[int, RowHeight]) -> bytes:
    """A worksheet's part, UTF-8, with rows of other heights.

    Raises:
        ValueError: it is not well-formed.
    """
    splices = []
    for number, element in _rows(data):
        if number in heights:
            height = heights[number]
            tag = start_tag(data, element.place.start)
            changes = {"ht": f"{height.points:g}", "customHeight": "1" if height.fixed else None}
            splices.append(Splice(element.place.start, element.place.start + len(tag), with_attributes(tag, changes)))
    return spliced(data, splices)


def _rows(data: bytes) -> Iterator[tuple[int, Element]]:
    """The rows with their numbers; one that does not say its own counts on."""
    number = 0
    for element in outline(data, _ROWS):
        if element.name == "row" and element.depth == _ROWS:
            number = int(element.attrs.get("r", number + 1))
            yield number, element
