"""How high rows must be for the texts wrapped in them: a file that no program has opened yet has no other heights."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width

from perfxl.demo.layout import Box, Look
from perfxl.demo.samples import content_of

# Points and pixels of 宋体 10.5: a wide sign takes 14 pixels, a narrow one half of that.
_LINE = 15.5
_MARGIN = 6.0
_LEAST = 22.0
_WIDE, _NARROW = 14, 7
_FIXED = {Look.TITLE: 34.0, Look.YEAR: 20.0}
_PADDING = 8


def row_heights(boxes: Sequence[Box], widths: Sequence[int]) -> dict[int, float]:
    """The height of each row in points; where a merged area needs more than its rows have, its last row gives it."""
    heights = {row: _LEAST for box in boxes for row in range(box.top, box.bottom + 1)}
    for box in sorted(boxes, key=lambda box: box.bottom - box.top):
        needed = _FIXED.get(box.look) or _needed(box, widths)
        missing = needed - sum(heights[row] for row in range(box.top, box.bottom + 1))
        if missing > 0:
            heights[box.bottom] += missing
        elif box.look in _FIXED:
            heights[box.top] = needed
    return heights


def _needed(box: Box, widths: Sequence[int]) -> float:
    pixels = sum(width * 7 + 5 for width in widths[box.left : box.right + 1]) - _PADDING
    return _lines(content_of(box.text).shown, pixels) * _LINE + _MARGIN


def _lines(text: str, pixels: int) -> int:
    """The lines that a text takes, broken wherever it meets the edge."""
    lines = 0
    for paragraph in text.split("\n"):
        lines, used = lines + 1, 0
        for character in paragraph:
            size = _WIDE if east_asian_width(character) in "WFA" else _NARROW
            if used + size > pixels:
                lines, used = lines + 1, 0
            used += size
    return lines
