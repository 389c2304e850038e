"""Reads the list of those who should hand in: a workbook with columns for department, unit, project, year, found by their labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from perfxl.checks.facts import Expected, Named
from perfxl.checks.finding import Place
from perfxl.errors import UnreadableBook
from perfxl.form.values import normal
from perfxl.form.view import SheetView
from perfxl.signs import storable
from perfxl.workbooks.opening import open_to_read

_COLUMNS = {
    "department": re.compile(r"(?:项目)?(?:主管|预算)?(?:部门|单位)(?:名称)?|报送(?:部门|单位)"),
    "unit": re.compile(r"(?:项目)?(?:实施|承担|执行|用款|二级)单位(?:名称)?"),
    "project": re.compile(r"项目(?:名称)?|(?:支出|预算)项目(?:名称)?"),
    "year": re.compile(r"(?:预算|项目|所属)?年[度份]"),
}
_IN_BRACKETS = re.compile(r"\(.*?\)")
_YEAR = re.compile(r"20\d\d")
_CODE = re.compile(r"\[\d+\]|\d{3,}[-_]")
_SUMS = frozenset(["合计", "总计", "小计", "共计"])
_ROWS_TO_A_HEAD = 30


def read_list(path: Path) -> list[Expected]:
    """The entries of all sheets that have a head with a department or a project; of merged cells each row has the value.

    Raises:
        UnreadableBook: it is no workbook, or no sheet has such a head.
    """
    workbook = open_to_read(path)
    entries: dict[tuple[object, ...], Expected] = {}
    heads = 0
    for sheet in workbook.sheet_names:
        view = SheetView(workbook.grid(sheet))
        head = _head(view)
        if head is not None:
            heads += 1
            for entry in _entries(view, *head, storable(path.name), sheet):
                entries.setdefault(entry[:4], entry)
    if not heads:
        message = "这不是应报清单：没有一行表头写有“主管部门”（或“单位”）或“项目名称”。请补上表头后重试。"
        raise UnreadableBook(message, book=path)
    return list(entries.values())


def _head(view: SheetView) -> tuple[int, dict[str, int]] | None:
    """The row of the head and the columns of what it names."""
    for row in sorted(view.grid.rows)[:_ROWS_TO_A_HEAD]:
        columns: dict[str, int] = {}
        for column, text in view.texts(row):
            label = _IN_BRACKETS.sub("", normal(text))
            name = next((name for name, words in _COLUMNS.items() if words.fullmatch(label)), None)
            if name is not None:
                columns.setdefault(name, column)
        if {"department", "unit", "project"} & columns.keys():
            return row, columns
    return None


def _entries(view: SheetView, head: int, columns: dict[str, int], book: str, sheet: str) -> Iterator[Expected]:
    printed = _YEAR.search("".join(text for row in sorted(view.grid.rows) if row < head for _, text in view.texts(row)))
    for row in sorted(view.grid.rows):
        if row <= head:
            continue
        texts = {name: view.value(row, column).text.strip() for name, column in columns.items()}
        department, unit, project = (_named(texts.get(name, "")) for name in ("department", "unit", "project"))
        if department is None and unit is None and project is None:
            continue
        year = _YEAR.search(texts.get("year", "")) or printed
        column = columns.get("project") or columns.get("unit") or columns["department"]
        place = Place(book, sheet, 1, view.value(row, column).at.a1)
        yield Expected(department, unit, project, int(year[0]) if year else None, place)


def _named(text: str) -> Named | None:
    name = _CODE.sub("", text, count=1) if _CODE.match(text) else text
    key = normal(name)
    return None if not key or key in _SUMS else Named(key, name, None, "")
