"""Where on a form something may be filled in that its reader does not give: blank rows of the table, blank cells beside labels."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from perfxl.form.labels import before_colon, role_of, split_weight
from perfxl.form.layout import FormBlock
from perfxl.form.model import Form, Value
from perfxl.form.values import normal
from perfxl.form.view import SheetView

LEVELS = ("level1", "level2")
OWN = frozenset(["name", "detail", "sign", "target", "unit", "actual", "weight", "score"])
"""What each indicator has of its own; a reason or a section's weight may stand for several rows."""


class TableRow(NamedTuple):
    """A row of the table: the level names that hold for it, whether it holds nothing else, and its other cells by role."""

    row: int
    level1: str
    level2: str
    blank: bool
    cells: dict[str, Value]

    def is_of(self, level1: str, level2: str | None = None) -> bool:
        """Whether the row belongs to these levels; None for the second: whatever its own is."""
        return level_key(self.level1) == level_key(level1) and (
            level2 is None or level_key(self.level2) == level_key(level2)
        )


def level_key(name: str) -> str:
    """A level's name for comparing: 社会效益 is 社会效益指标."""
    return normal(name).removesuffix("指标")


def table_rows(
    view: SheetView, block: FormBlock, form: Form, added: Collection[int] = frozenset()
) -> Iterator[TableRow]:
    """The rows between the head and the total that hold an indicator, or nothing but level names.

    Of a form without a total row the `added` ones, which were inserted behind its last row, belong to it too.
    """
    columns = {role: span[0] for role, span in block.head.columns.items()}
    taken = {row.row: row for row in form.indicators}
    level1 = level2 = ""
    end = block.total_row or block.end + 1
    while block.total_row is None and end in added:
        end += 1
    for row in range(block.head.bottom + 1, end):
        cells = {role: view.value(row, column) for role, column in columns.items() if role not in LEVELS}
        indicator = taken.get(row)
        if indicator is not None:
            level1, level2 = indicator.level1, indicator.level2
            yield TableRow(row, level1, level2, blank=False, cells=cells)
            continue
        own = [value for role, value in cells.items() if role in OWN]
        if all(value.at.row == row and value.empty and not value.formula for value in own):
            first, second = (_level(view, row, columns.get(role)) for role in LEVELS)
            if first and first != level1:
                level1, level2 = first, ""
            level2 = second or level2
            yield TableRow(row, level1, level2, blank=True, cells=cells)


def _level(view: SheetView, row: int, column: int | None) -> str:
    return split_weight(view.value(row, column).text)[0] if column is not None else ""


def blank_beside(view: SheetView, block: FormBlock, role: str) -> Value | None:
    """The empty cell beside the label of a piece of information above the table (主管部门 …)."""
    for row in block.preamble:
        for column, text in view.texts(row):
            if role_of("info", before_colon(text)) == role and before_colon(text) == text.rstrip(":："):
                value = view.value(row, view.right_of(row, column))
                return value if value.empty and not value.formula else None
    return None


def blank_year(view: SheetView, block: FormBlock) -> Value | None:
    """The line （    年度） in which no year stands."""
    for row in block.preamble:
        for column, text in view.texts(row):
            if normal(text).strip("()[]") in ("年度", "年"):
                return view.value(row, column)
    return None
