"""Marked workbooks and what can be seen of them: looks and notes of cells, parts of the package."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import load_workbook

from perfxl.cli import main
from tests.books import GOOD_FORM, write_book

FAULTS: Mapping[str, Any] = {"H6": 1, "I13": None, "H17": 97}
"""A wrong rate, a missing reason, a rounded total: what `check` finds in `faulty_book`."""


class Look(NamedTuple):
    """What a person sees of a cell: value, fill (RRGGBB or None), colour of letters, whether bold, bordered, note."""

    value: object
    fill: str | None
    color: str | None
    bold: bool
    border: str | None
    number_format: str
    note: str | None


def faulty_book(path: Path, **others: Any) -> Path:
    """A book with one form, its faults, and a person's own fill, bold letters and border on faulty cells."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Border, Font, PatternFill, Side

    write_book(path, {"自评表": GOOD_FORM, "说明": {"A1": "填报说明", "B2": 12}})
    book: Any = load_workbook(path)
    sheet = book["自评表"]
    for address, value in {**FAULTS, **others}.items():
        sheet[address] = value
    sheet["H6"].fill = PatternFill("solid", fgColor="FFFF99")
    sheet["H6"].font = Font(name="宋体", size=12, bold=True, color="7030A0")
    sheet["H6"].border = Border(left=Side("thin"), bottom=Side("double"))
    sheet["H17"].comment = Comment("财务科：总分以系统为准。", "财务科", width=200, height=60)
    book.save(path)
    return path


def looks(path: Path) -> dict[str, Look]:
    """All cells that hold something or look like something, by `sheet!cell`, as openpyxl reads them."""
    book: Any = load_workbook(path)
    return {
        f"{sheet.title}!{cell.coordinate}": Look(
            cell.value,
            cell.fill.fgColor.rgb[-6:] if cell.fill.fill_type == "solid" else cell.fill.fill_type,
            _color(cell.font.color),
            bool(cell.font.b),
            cell.border.left.style,
            cell.number_format,
            cell.comment.text if cell.comment else None,
        )
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None or cell.has_style or cell.comment
    }


def _color(color: Any) -> str | None:
    if color is None:
        return None
    return str(color.rgb[-6:]) if color.type == "rgb" else f"{color.type} {color.value}"


def sheet_names(path: Path) -> list[str]:
    """The sheets as openpyxl lists them."""
    return list(load_workbook(path).sheetnames)


def rows(path: Path, sheet: str = "检查结果") -> list[list[Any]]:
    """The rows of the results sheet, blank ones at the end of a row left out."""
    book: Any = load_workbook(path)
    out = []
    for row in book[sheet].iter_rows(values_only=True):
        values = list(row)
        while values and values[-1] is None:
            values.pop()
        out.append(values)
    return out


def part(path: Path, name: str) -> str:
    """A part's text."""
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode()


def replace_in_part(path: Path, name: str, old: str, new: str) -> None:
    """Other text in one part of a book, all else as it is."""
    with zipfile.ZipFile(path) as package:
        parts = {each: package.read(each) for each in package.namelist()}
    changed = parts[name].decode().replace(old, new)
    assert changed != parts[name].decode()
    parts[name] = changed.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for each, content in parts.items():
            package.writestr(each, content)


def counts(path: Path) -> dict[str, int]:
    """How many formats, fonts, fills, borders, strings, notes, authors, shapes and parts a book has."""
    with zipfile.ZipFile(path) as package:
        texts = {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}
    whole = "".join(texts.values())
    styles = texts["xl/styles.xml"]
    found = {
        name: len(re.findall(rf"<{item}[ />]", re.sub(rf"(?s).*<{name}[ >]|</{name}>.*", "", styles)))
        for name, item in (("cellXfs", "xf"), ("fonts", "font"), ("fills", "fill"), ("borders", "border"))
    }
    others = {
        "strings": "<si>",
        "notes": "<comment ",
        "authors": "<author>",
        "shapes": "<v:shape ",
        "names": "<definedName ",
    }
    return found | {name: whole.count(tag) for name, tag in others.items()} | {"parts": len(texts)}


def run(*arguments: str | Path) -> int:
    """Runs a command."""
    return main([str(argument) for argument in arguments])


def report(capsys: Any, *arguments: str | Path) -> dict[str, Any]:
    """Runs a command and gives its JSON."""
    capsys.readouterr()
    main([*map(str, arguments), "--format", "json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found
