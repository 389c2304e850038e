"""The workbooks that departments made themselves, drawn from pictures in `own.toml`: other layouts, formulas, a picture, a note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from perfxl.data import load_toml
from perfxl.demo.emblem import emblem
from perfxl.grid.address import parse_a1
from perfxl.report.terminal import width
from perfxl.templates.drawing import Box, Look, Note, Picture, SheetDrawing

_LEFT, _ABOVE = "<", "^"
_FORMULA = " ⇒ "
_NUMBER = re.compile(r"-?[0-9]+(?:\.([0-9]+))?(%?)")
_PLACES = 2  # a number with so many is an amount, a percentage with so many a rate
_YEAR = re.compile(r"（\d{4}年度）")
_CENTRED = 26  # longer texts stand at the left, where they are easier to read
_EMBLEM_SCALE = 0.6


def own_books() -> dict[str, list[SheetDrawing]]:
    """The sheets of each workbook, by its path."""
    entries = {entry["path"]: entry for entry in load_toml(Path(__file__).with_name("own.toml"))["books"]}
    return {
        path: [_sheet(sheet) for sheet in entries[entry.get("drafted_from", path)]["sheets"]]
        for path, entry in entries.items()
    }


def drafts() -> dict[str, str]:
    """The workbooks that are earlier drafts, each with the one that was handed in after it."""
    entries = load_toml(Path(__file__).with_name("own.toml"))["books"]
    return {entry["path"]: entry["drafted_from"] for entry in entries if "drafted_from" in entry}


def sheet_of(name: str, picture: str, widths: tuple[float, ...]) -> SheetDrawing:
    """A sheet from its picture: a line a row, cells between `|`; `<` joins a cell with the one on its left, `^` with the one above."""
    table = [[cell.strip() for cell in line.split("|")] for line in picture.strip("\n").splitlines()]
    table = [line + [""] * (len(widths) - len(line)) for line in table]
    return SheetDrawing(name, widths, list(_boxes(table)), protected=False)


def _sheet(entry: dict[str, Any]) -> SheetDrawing:
    drawing = sheet_of(entry["name"], entry["picture"], tuple(entry["widths"]))
    drawing.landscape = entry.get("landscape", False)
    for cell, author, text in entry.get("notes", ()):
        drawing.notes.append(Note(*parse_a1(cell), author, text))
    if "emblem" in entry:
        drawing.pictures.append(Picture(*parse_a1(entry["emblem"]), emblem(), "单位标识", _EMBLEM_SCALE))
    return drawing


def _boxes(table: list[list[str]]) -> Iterator[Box]:
    title = table[0][0]
    for row, line in enumerate(table):
        for column, cell in enumerate(line):
            if cell in (_LEFT, _ABOVE):
                continue
            bottom, right = _reach(table, row, column)
            text = cell.replace("\\n", "\n")
            formula, _, shown = text.rpartition(_FORMULA)
            value, look = _value(shown)
            if isinstance(value, str) and right - column == len(line) - 1:
                look = Look.TITLE if text == title else Look.YEAR if _YEAR.fullmatch(text) else look
            yield Box(row + 1, column + 1, bottom + 1, right + 1, value, look, formula.removeprefix("="))


def _reach(table: list[list[str]], row: int, column: int) -> tuple[int, int]:
    right = column
    while right + 1 < len(table[row]) and table[row][right + 1] == _LEFT:
        right += 1
    bottom = row
    while bottom + 1 < len(table) and table[bottom + 1][column] == _ABOVE:
        bottom += 1
    return bottom, right


def _value(text: str) -> tuple[Decimal | str, Look]:
    """What a cell holds, and how it is drawn: `99.90%` and `30` are numbers."""
    match = _NUMBER.fullmatch(text)
    if match is None or (match[2] and len(match[1] or "") != _PLACES):
        return text, Look.CENTRED if width(text) <= _CENTRED else Look.TEXT
    if match[2]:
        return Decimal(text.removesuffix("%")) / 100, Look.RATE
    return Decimal(text), Look.AMOUNT if len(match[1] or "") == _PLACES else Look.POINTS
