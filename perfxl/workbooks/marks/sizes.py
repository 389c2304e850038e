"""How large things are on a worksheet: column widths, row heights, and the box that a note's text needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

from perfxl.grid.address import LAST_COLUMN, Area, Ref
from perfxl.patterns import pattern
from perfxl.workbooks.marks.shapes import Box

_PIXELS_A_COLUMN_UNIT = 7
_POINTS_A_PIXEL = 0.75
_FORMAT = pattern(rb"<(?:\w+:)?sheetFormatPr\b([^>]*)>")
_COLUMN = pattern(rb"<(?:\w+:)?col\s([^>]*)>")
_ROW = pattern(rb"<(?:\w+:)?row\s([^>]*)>")
_ATTRIBUTE = pattern(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")

_NOTE_COLUMNS = 44  # of half-width letters in a line of a note
_LETTER = 6.2  # pixels of a half-width letter of 9 points, with room to spare
_LINE = 16  # pixels of a line of 9 points
_MARGIN = 14


class SheetSizes:
    """Column widths and row heights in pixels, read from the bytes of a worksheet's part (UTF-8)."""

    def __init__(self, data: bytes) -> None:
        end = data.find(b"sheetData")
        head = data[: end if end >= 0 else len(data)]
        found = _FORMAT.search(head)
        attrs = _attributes(found[1]) if found else {}
        self._width = round(_number(attrs.get("defaultColWidth"), 64 / 7) * _PIXELS_A_COLUMN_UNIT)
        self._height = round(_number(attrs.get("defaultRowHeight"), 15) / _POINTS_A_PIXEL)
        self._widths: list[tuple[int, int, int]] = []
        for match in _COLUMN.finditer(head):
            attrs = _attributes(match[1])
            width = round(_number(attrs.get("width"), 64 / 7) * _PIXELS_A_COLUMN_UNIT)
            hidden = attrs.get("hidden") in ("1", "true")
            self._widths.append((int(attrs.get("min", 1)), int(attrs.get("max", 1)), 0 if hidden else width))
        self._data = data
        self._heights: dict[int, int] = {}
        self._read = 0  # up to this row
        self._rows = _ROW.finditer(data, max(end, 0))

    def width(self, column: int) -> int:
        """The width of a column (counted from 1)."""
        for first, last, width in self._widths:
            if first <= column <= last:
                return width
        return self._width

    def height(self, row: int) -> int:
        """The height of a row (counted from 1)."""
        while self._read < row:
            match = next(self._rows, None)
            if match is None:
                self._read = 1 << 30
                break
            attrs = _attributes(match[1])
            self._read = int(attrs.get("r", self._read + 1))
            if attrs.get("hidden") in ("1", "true"):
                self._heights[self._read] = 0
            elif "ht" in attrs:
                self._heights[self._read] = round(_number(attrs["ht"], 15) / _POINTS_A_PIXEL)
        return self._heights.get(row, self._height)

    def box(self, at: Ref, merges: Sequence[Area], lines: Sequence[str]) -> Box:
        """The box of a note beside a cell (beside its merged area), large enough for its lines."""
        width, height = note_size(lines)
        right = next((m.right for m in merges if m.first == at), at.column)
        column, row = min(right, LAST_COLUMN - 8), max(at.row - 2, 0)
        left, top = 15, 10 if at.row > 1 else 2
        end_column, end_left = _walk(column, left + width, lambda index: self.width(index + 1))
        end_row, end_top = _walk(row, top + height, lambda index: self.height(index + 1))
        x = sum([self.width(index) for index in range(1, column + 1)]) + left
        y = sum([self.height(index) for index in range(1, row + 1)]) + top
        points = (x * _POINTS_A_PIXEL, y * _POINTS_A_PIXEL, width * _POINTS_A_PIXEL, height * _POINTS_A_PIXEL)
        return Box((column, left, row, top, end_column, end_left, end_row, end_top), points)


def note_size(lines: Sequence[str]) -> tuple[int, int]:
    """Width and height in pixels that a note's lines need."""
    columns = [text_columns(line) for line in lines]
    widest = min(max(columns, default=1), _NOTE_COLUMNS)
    # A wide letter does not fit into the last column of a line: one column of each line is not counted on.
    rows = sum([max(1, ceil(count / max(widest - 1, 1))) if count > widest else 1 for count in columns])
    return round(widest * _LETTER) + _MARGIN, rows * _LINE + _MARGIN


def text_columns(text: str) -> int:
    """How many half-width columns a text takes."""
    return len(
        text.encode("gbk", "replace")
    )  # what this encoding writes as two bytes, a Chinese font draws twice as wide


def _walk(start: int, distance: int, size: Callable[[int], int]) -> tuple[int, int]:
    index = start
    while distance >= (step := size(index)) and index < start + 4096:
        distance -= step
        index += 1
    return index, distance


def _attributes(raw: bytes) -> dict[str, str]:
    return {name.decode(): value.decode("utf-8", "replace") for name, value in _ATTRIBUTE.findall(raw)}


def _number(text: str | None, default: float) -> float:
    try:
        return float(text) if text else default
    except ValueError:
        return default
