"""How high rows must be for the texts wrapped in them: a file that no program has opened yet has no other heights."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from unicodedata import east_asian_width

from perfxl.templates.drawing import Box, Look

# Points and pixels of 宋体 10.5: a wide sign takes 14 pixels, a narrow one 8. (The narrow signs of some fonts are half a wide one;
# those that stand in for 宋体 on other systems are wider.)
LINE = 15.0
MARGIN = 7.0
_WIDE, _NARROW = 14, 8
_PADDING = 8
LEAST = 21.0
_FIXED = {Look.TITLE: 36.0, Look.YEAR: 20.0}
# Excel takes rows of up to 409 points.
HIGHEST = 408.0


def row_heights(boxes: Sequence[Box], widths: Sequence[float], least: Mapping[int, float]) -> dict[int, float]:
    """The height of each row in points; where a merged area needs more than its rows have, they share what is missing.

    `least` are heights that rows have at any rate.
    """
    heights = dict(least)
    for box in boxes:
        for row in range(box.top, box.bottom + 1):
            heights.setdefault(row, LEAST)
    for box in sorted(boxes, key=lambda box: box.bottom - box.top):
        fixed = _FIXED.get(box.look)
        text = box.value if isinstance(box.value, str) else ""  # a number is shown on one line, whatever its digits
        needed = fixed or (text_height(text, widths[box.left - 1 : box.right]) if text else 0)
        rows = range(box.top, box.bottom + 1)
        missing = needed - sum(heights[row] for row in rows)
        if missing > 0:
            for row in rows:
                heights[row] = min(heights[row] + missing / len(rows), HIGHEST)
        elif fixed:
            heights[box.top] = fixed
    return heights


def text_height(text: str, widths: Sequence[float]) -> float:
    """The height in points of a text wrapped over columns of these widths in characters."""
    return _lines(text, sum(width * 8 + 5 for width in widths) - _PADDING) * LINE + MARGIN


def texts_height(texts: Iterable[tuple[str, float]]) -> float:
    """The height in points of a row of texts, each with the width of its column in characters."""
    return max(_lines(text, width * 8 + 5 - _PADDING) for text, width in texts) * LINE + MARGIN


class _Sizes(dict[str, int]):
    """The width of a sign in pixels, by its sign."""

    def __missing__(self, sign: str) -> int:
        wide = sign >= "\u0100" and east_asian_width(sign) in "WFA"
        size = self[sign] = _WIDE if wide else _NARROW
        return size


_SIZES = _Sizes()


def _lines(text: str, pixels: float) -> int:
    """The lines that a text takes, broken wherever it meets the edge."""
    if len(text) * _WIDE <= pixels and "\n" not in text:
        return 1
    return sum(_lines_of_paragraph(paragraph, pixels) for paragraph in text.split("\n"))


def _lines_of_paragraph(paragraph: str, pixels: float) -> int:
    ends = list(accumulate(map(_SIZES.__getitem__, paragraph)))  # where each sign ends, were there one line
    lines, start, signs = 1, 0, 0
    while ends and ends[-1] - start > pixels:
        signs = max(
            bisect_right(ends, start + pixels, signs), signs + 1
        )  # a sign stands on every line, however narrow it is
        lines, start = lines + 1, ends[signs - 1]
    return lines
