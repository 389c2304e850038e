"""Where a form gets more rows: below the last row of the levels that an indicator belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from perfxl.form.layout import FormBlock
from perfxl.form.model import Form
from perfxl.form.values import normal
from perfxl.form.view import SheetView
from perfxl.grid.address import Ref
from perfxl.populate.blanks import LEVELS, OWN, TableRow, level_key, table_rows
from perfxl.templates.content import IndicatorContent
from perfxl.workbooks.insertion.rowmap import Insertion


class NoPlace(Exception):
    """A form has no place for more rows.

    Attributes:
        reason: why, in Chinese.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Growth(NamedTuple):
    """Rows that a form needs, and the level names to be written into them by column: into the first one, or (`each`) into every one."""

    insertion: Insertion
    names: dict[int, str]
    each: dict[int, str]

    def name_cells(self, rows: range) -> dict[Ref, str]:
        """The level names by the cells of the new rows."""
        first = {Ref(rows[0], column): name for column, name in self.names.items()}
        return first | {Ref(row, column): name for row in rows for column, name in self.each.items()}


def growths_of(view: SheetView, block: FormBlock, form: Form, homeless: Sequence[IndicatorContent]) -> list[Growth]:
    """The rows that a form needs for indicators that have none, those of one level together.

    Raises:
        NoPlace: the form has no row of an indicator's first level, an indicator there takes several rows, or each row says whose it is.
    """
    if homeless and block.head.owners:
        raise NoPlace("表的每一行都写明属于哪个项目，不能代为添加行")
    rows = list(table_rows(view, block, form))
    groups: dict[tuple[str, str], list[IndicatorContent]] = {}
    for content in homeless:
        level2 = level_key(content.level2) if block.head.column("level2") is not None else ""
        groups.setdefault((level_key(content.level1), level2), []).append(content)
    return [_growth(view, block, rows, members) for members in groups.values()]


def refuse_beside(block: FormBlock, blocks: Sequence[FormBlock], growths: Sequence[Growth]) -> None:
    """Refuses rows that would cut another form of the sheet, which stands beside this one.

    Raises:
        NoPlace: there is such a form.
    """
    for growth in growths:
        if any(other is not block and other.start <= growth.insertion.below < other.end for other in blocks):
            raise NoPlace("旁边还有另一张表，插入的行会把它切开")


def _growth(view: SheetView, block: FormBlock, rows: Sequence[TableRow], members: Sequence[IndicatorContent]) -> Growth:
    content = members[0]
    columns = {role: column for role in LEVELS if (column := block.head.column(role)) is not None}
    of_first = [row for row in rows if row.is_of(content.level1)]
    if not of_first:
        raise NoPlace(f"表上没有“{content.level1}”，它的 {len(members)} 项指标没有地方填")
    of_both = [row for row in of_first if "level2" not in columns or row.is_of(content.level1, content.level2)]
    last = (of_both or of_first)[-1]
    _refuse_tall(view, last)
    joined: set[int] = set()
    each: dict[int, str] = {}
    for role, column in columns.items():
        if role == "level2" and not of_both:
            continue
        if _repeats(view, last.row, column):
            each[column] = content.level1 if role == "level1" else content.level2
        elif view.grid.cell(last.row, column) is not None or view.area(last.row, column) is not None:
            joined.add(column)
    apart = {} if of_both else {columns["level2"]: content.level2}
    insertion = Insertion(last.row, len(members), frozenset(joined), frozenset(apart))
    return Growth(insertion, apart, each)


def _refuse_tall(view: SheetView, row: TableRow) -> None:
    for role, value in row.cells.items():
        area = view.area(row.row, value.at.column)
        if role in OWN and area is not None and area.top < area.bottom:
            raise NoPlace(f"第 {row.row} 行的单元格与上下行合并，其下不能插入行")


def _repeats(view: SheetView, row: int, column: int) -> bool:
    """The level's name is printed in each row: the row has its own, and one above or below it the same."""
    area = view.area(row, column)
    if area is not None and area.top < area.bottom:
        return False
    own = view.value(row, column).text
    neighbours = [view.value(other, column) for other in (row - 1, row + 1)]
    return bool(own) and any(
        normal(value.text) == normal(own) and value.at.row in (row - 1, row + 1) for value in neighbours
    )
