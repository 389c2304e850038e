"""Rows of a detail sheet as the XML of a worksheet, a piece at a time.

Written by hand, as a sheet has a million rows and XlsxWriter looks at each cell anew. Texts stand in their cells (`inlineStr`): a table
of all texts would have to be in memory. A text is a text whatever it begins with; nothing here becomes a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from math import ceil
from typing import Any

from perfxl.checks.texts import load_text
from perfxl.consolidate.summary.layout import NUMBERS, SEVERITIES, WRAPPED
from perfxl.consolidate.summary.links import Links
from perfxl.consolidate.summary.sheets import Column, DetailSheet, Row
from perfxl.grid.address import column_letters
from perfxl.signs import CONTROLS, OBEYED_SIGNS, in_cell

_LONGEST = 32_000  # Excel takes 32,767 signs in a cell
_CUT = "……（全文见汇总库）"
_KEPT = 1024  # cells of a column that are remembered: most texts and numbers come again and again
_ODD = re.compile(f"[&<>\r{CONTROLS}{OBEYED_SIGNS}\ufffe\uffff]|_x[0-9A-Fa-f]{{4}}_")
_MARKUP = re.compile("[&<>\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LINE_POINTS, _MOST_POINTS = 13.5, 405.0
_SIGNS_A_WIDTH = 1.12  # narrow signs of 10 points that surely fit into one digit's width of 11 points


def write_rows(
    rows: Iterable[Row], sheet: DetailSheet, styles: Sequence[Sequence[str]], links: Links, linked: Collection[str]
) -> Iterator[bytes]:
    """The `row` elements of the rows of a sheet, from row 2; `styles` are the style numbers of the columns by variant.

    What the columns of the kinds `linked` point to goes to `links`.
    """
    letters = [column_letters(at) for at in range(1, len(sheet.columns) + 1)]
    renderers: dict[tuple[str, str], Callable[[Any], str]] = {}
    for each in styles:
        for column, style in zip(sheet.columns, each, strict=True):
            renderers.setdefault((column.heading, style), _renderer(column, style))
    cells = [
        [renderers[column.heading, style] for column, style in zip(sheet.columns, each, strict=True)] for each in styles
    ]
    wrapped = [(at, _line_counter(column.width)) for at, column in enumerate(sheet.columns) if column.kind in WRAPPED]
    kinds = [(letter, column.kind) for letter, column in zip(letters, sheet.columns, strict=True)]
    places = [(letter, kind == "place") for letter, kind in kinds if kind in linked]
    width = len(letters)
    for number, row in enumerate(rows, 2):
        variant, at_cell, path, at_sheet = row[width:]
        out = [f'<row r="{number}"{_height(row, wrapped)}>']
        out += [
            f'<c r="{letter}{number}"{render(value)}'
            for letter, render, value in zip(letters, cells[variant], row, strict=False)
        ]
        out.append("</row>")
        yield "".join(out).encode()
        if path is not None:
            for letter, to_cell in places:
                links.add(f"{letter}{number}", path, at_sheet if to_cell else None, at_cell)


def text_cell(value: str) -> str:
    """A text as the content of a cell of type `inlineStr`."""
    if len(value) > _LONGEST:
        value = value[:_LONGEST] + _CUT
    space = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
    return f' t="inlineStr"><is><t{space}>{escaped(value)}</t></is></c>'


def escaped(value: str) -> str:
    """A text, as cells hold it, for XML; what XML cannot hold as Excel writes it, `_xFFFF_`."""
    return _MARKUP.sub(_escape, in_cell(value)) if _ODD.search(value) else value


def _escape(match: re.Match[str]) -> str:
    found = match[0]
    if found in _ESCAPES:
        return _ESCAPES[found]
    return f"_x005F{found}" if len(found) > 1 else f"_x{ord(found):04X}_"


def _renderer(column: Column, style: str) -> Callable[[Any], str]:
    """What follows the address of a cell of this column."""
    convert = {"severity": _severity, "title": _title}.get(column.kind)

    def number(value: object) -> str:
        return f' s="{style}"/>' if value is None else f' s="{style}"><v>{value}</v></c>'

    def text(value: str | None) -> str:
        if value is None:
            return f' s="{style}"/>'
        return f' s="{style}"{text_cell(convert(value) if convert else value)}'

    return lru_cache(_KEPT)(number if column.kind in NUMBERS else text)


def _severity(value: str) -> str:
    return SEVERITIES[value][0]


def _title(code: str) -> str:
    return load_text(code).title


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


def _height(row: Row, wrapped: Sequence[tuple[int, Callable[[str | None], int]]]) -> str:
    """The height that a row's wrapped texts need, as attributes; nothing where each fits into one line."""
    lines = max([1, *[count(row[at]) for at, count in wrapped]])
    if lines == 1:
        return ""
    return f' ht="{min(lines * _LINE_POINTS + 4, _MOST_POINTS)}" customHeight="1"'
