"""SpreadsheetML as text: the rows of a letter's sheets. A letter may have thousands of cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from perfxl.grid.address import column_letters
from perfxl.workbooks.markup import escaped, text_element

_LONGEST = 32_767  # signs that Excel takes in a cell
_PIXEL = 0.75  # points


class Formula(NamedTuple):
    """A formula without its `=`, and its value."""

    text: str
    value: Decimal | int


Cell = tuple[str | int | Decimal | Formula | None, str]
"""What stands in a cell, and the number of its format."""


def row(number: int, height: float, cells: Sequence[Cell]) -> str:
    """A row of about this height in points, which comes to whole pixels; its first cell is that of column A."""
    pixels = round(height / _PIXEL)
    written = "".join(
        [
            f'<c r="{column_letters(at)}{number}" s="{style}"{_content(value)}'
            for at, (value, style) in enumerate(cells, 1)
        ]
    )
    return f'<row r="{number}" ht="{pixels * _PIXEL:g}" customHeight="1">{written}</row>'


def merged(rows: Iterable[tuple[int, int]]) -> str:
    """The `mergeCells` element: in each of these rows so many cells are one."""
    areas = [f'<mergeCell ref="A{number}:{column_letters(cells)}{number}"/>' for number, cells in rows]
    return f'<mergeCells count="{len(areas)}">{"".join(areas)}</mergeCells>'


def _content(value: str | int | Decimal | Formula | None) -> str:
    if value is None or value == "":
        return "/>"
    if isinstance(value, str):
        return f' t="inlineStr"><is>{text_element("", value[:_LONGEST])}</is></c>'
    if isinstance(value, Formula):
        return f"><f>{escaped(value.text)}</f><v>{value.value:.16G}</v></c>"
    return f"><v>{value:.16G}</v></c>"
