"""Rows of a detail sheet as the XML of a worksheet, a piece at a time.

Written by hand, as a sheet has a million rows and XlsxWriter looks at each cell anew. A text is a text whatever it begins with; nothing
here becomes a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from math import ceil
from operator import call, itemgetter
from typing import Any

from perfxl.checks.texts import load_text
from perfxl.consolidate.summary.layout import NUMBERS, SEVERITIES, WRAPPED
from perfxl.consolidate.summary.links import Links
from perfxl.consolidate.summary.sheets import Column, DetailRow, DetailSheet, Row
from perfxl.consolidate.summary.texts import Texts
from perfxl.grid.address import column_letters

_ROWS_AT_ONCE = 500
_KEPT = 1024  # cells of a column that are remembered: most texts and numbers come again and again
_LINE_POINTS, _MOST_POINTS = 13.5, 405.0
_SIGNS_A_WIDTH = 1.12  # narrow signs of 10 points that surely fit into one digit's width of 11 points


def write_rows(
    rows: Iterable[DetailRow],
    sheet: DetailSheet,
    styles: Sequence[Sequence[str]],
    texts: Texts,
    links: Links,
    linked: Collection[str],
) -> Iterator[bytes]:
    """The `row` elements of the rows of a sheet, from row 2, many at a time; `styles` are the style numbers of the columns by variant.

    What stands in the cells goes to `texts`, what the columns of the kinds `linked` point to goes to `links`.
    """
    render = _Renderers(sheet.columns, styles, texts)
    of_form = [at for at, column in enumerate(sheet.columns) if column.field]
    own = [at for at, column in enumerate(sheet.columns) if not column.field]
    lines_of_form, lines_of_own = _line_counters(sheet.columns, of_form), _line_counters(sheet.columns, own)
    of_own = [[render(at, variant) for at in own] for variant in range(len(styles))]
    in_order = itemgetter(*[[*of_form, *own].index(at) for at in range(len(sheet.columns))])
    kinds = [(column_letters(at), column.kind) for at, column in enumerate(sheet.columns, 1)]
    places = [(letter, kind == "place") for letter, kind in kinds if kind in linked]
    heights: dict[int, str] = {}
    last: Row | None = None
    out: list[str] = []
    for number, (form, row) in enumerate(rows, 2):
        if form is not last:  # most forms have a dozen rows, in which its own columns say the same
            last, given, lines_at_least = form, {}, _most_lines(form, lines_of_form)
            path, at_sheet = form[-2:]
            way = links.way(path, at_sheet) if places and path is not None else None
        variant, at_cell = row[-2:]
        if variant not in given:
            given[variant] = [render(at, variant)(value) for at, value in zip(of_form, form, strict=False)]
        lines = max(lines_at_least, _most_lines(row, lines_of_own))
        if lines not in heights:
            heights[lines] = _height(lines)
        at_row = str(number)
        pieces = in_order([*given[variant], *map(call, of_own[variant], row)])
        out.append(f'<row r="{at_row}"{heights[lines]}><c r="A{at_row}{at_row.join(pieces)}')
        if len(out) == _ROWS_AT_ONCE:
            yield "".join(out).encode()
            out.clear()
        if way is not None:
            for letter, to_cell in places:
                links.add(f"{letter}{at_row}", way, (at_cell or "A1") if to_cell else None)
    yield "".join(out).encode()


class _Renderers:
    """Gives what follows the number in the address of a cell, up to that in the next cell's address or the end of the row."""

    def __init__(self, columns: Sequence[Column], styles: Sequence[Sequence[str]], texts: Texts) -> None:
        """`styles` are the style numbers of the columns by variant."""
        self._columns, self._styles, self._texts = columns, styles, texts
        self._made: dict[tuple[int, str], Callable[[Any], str]] = {}

    def __call__(self, at: int, variant: int) -> Callable[[Any], str]:
        """Of the cells of a column, counted from 0, in rows of a variant."""
        style = self._styles[variant][at]
        if (at, style) not in self._made:
            is_last = at == len(self._columns) - 1
            then = "</row>" if is_last else f'<c r="{column_letters(at + 2)}'
            self._made[at, style] = _renderer(self._columns[at].kind, style, then, self._texts)
        return self._made[at, style]


def _renderer(kind: str, style: str, then: str, texts: Texts) -> Callable[[Any], str]:
    convert = {"severity": _severity, "title": _title}.get(kind)
    start = f'" s="{style}"'

    def number(value: object) -> str:
        return f"{start}/>{then}" if value is None else f"{start}><v>{value}</v></c>{then}"

    def text(value: str | None) -> str:
        if value is None:
            return f"{start}/>{then}"
        return f"{start}{texts.cell(convert(value) if convert else value)}{then}"

    return lru_cache(_KEPT)(number if kind in NUMBERS else text)


def _severity(value: str) -> str:
    return SEVERITIES[value][0]


def _title(code: str) -> str:
    return load_text(code).title


_Counters = list[tuple[int, Callable[[str | None], int]]]


def _line_counters(columns: Sequence[Column], those: Sequence[int]) -> _Counters:
    """For those of some columns in which texts are wrapped: the place among them, and what counts a text's lines."""
    return [(place, _line_counter(columns[at].width)) for place, at in enumerate(those) if columns[at].kind in WRAPPED]


def _line_counter(width: float) -> Callable[[str | None], int]:
    """Tells how many lines a text takes in a column of this width.

    A wide sign is two bytes in GB 18030 (rare ones four), a narrow one is one: its length is the width of a text in signs.
    """
    signs = width * _SIGNS_A_WIDTH

    def lines(text: str | None) -> int:
        if text is None or (2 * len(text) <= signs and "\n" not in text):
            return 1
        return ceil(len(text.encode("gb18030", "replace")) / signs) + text.count("\n")

    return lru_cache(_KEPT)(lines)


def _most_lines(row: Row, counters: _Counters) -> int:
    return max([1, *[count(row[at]) for at, count in counters]])


def _height(lines: int) -> str:
    """The height of a row in which a text takes so many lines, as attributes; nothing where each fits into one."""
    if lines == 1:
        return ""
    return f' ht="{min(lines * _LINE_POINTS + 4, _MOST_POINTS)}" customHeight="1"'
