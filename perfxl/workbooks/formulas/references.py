"""Finds the cells that references, names and tables stand for."""

from __future__ import annotations

from typing import NamedTuple

from perfxl.grid.address import Area
from perfxl.workbooks.formulas.parser import parse
from perfxl.workbooks.formulas.source import CellSource, TableInfo
from perfxl.workbooks.formulas.syntax import LAST_COLUMN, LAST_ROW, Cells, Corner, Node, Structured
from perfxl.workbooks.formulas.values import REF, VALUE, CannotCompute, Failed

Areas = list[tuple[str, Area]]


class Place(NamedTuple):
    """The cell that a formula stands in. In the formula of a name (`named`) relative references count from A1."""

    sheet: str
    row: int
    column: int
    named: int = 0

    def within_name(self) -> Place:
        """The same cell, one name deeper.

        Raises:
            CannotCompute: names that lead to names without end.
        """
        if self.named >= 16:
            raise CannotCompute("名称的定义循环引用或嵌套太深")
        return self._replace(named=self.named + 1)


class Names:
    """The sheets, tables and names of one workbook, by their names in letters of either case."""

    def __init__(self, source: CellSource) -> None:
        self._source = source
        self._sheets = {name.casefold(): name for name in source.sheet_names}
        self._tables = {table.name.casefold(): table for table in source.tables}

    def cells(self, node: Cells, place: Place) -> Areas:
        """The rectangle that a plain reference names, on its sheet or on each of its sheets.

        Raises:
            Failed: there is no such sheet.
        """
        top, left = _resolved(node.first, place)
        bottom, right = _resolved(node.last, place)
        area = Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))
        if node.sheet is None:
            return [(place.sheet, area)]
        first = self._sheet(node.sheet)
        if node.last_sheet is None:
            return [(first, area)]
        order = list(self._source.sheet_names)
        ends = sorted((order.index(first), order.index(self._sheet(node.last_sheet))))
        return [(sheet, area) for sheet in order[ends[0] : ends[1] + 1]]

    def _sheet(self, name: str) -> str:
        sheet = self._sheets.get(name.casefold())
        if sheet is None:
            raise Failed(REF)
        return sheet

    def meaning(self, name: str, sheet: str | None, place: Place) -> Node:
        """What a name stands for.

        Raises:
            CannotCompute: the workbook has no such name.
        """
        text = self._source.defined_name(name, place.sheet if sheet is None else self._sheet(sheet))
        if text is not None:
            return parse(text)
        if name.casefold() in self._tables:
            return Structured(name, frozenset(), None, None)
        raise CannotCompute(f"名称“{name}”没有定义")

    def structured(self, node: Structured, place: Place) -> Areas:
        """The rectangle that a table reference names.

        Raises:
            Failed: the formula does not stand in a row of the table, or there is no such column or row.
            CannotCompute: the workbook has no such table.
        """
        table = self._table(node.table, place)
        top, bottom = _table_rows(table, node.items, place)
        first, last = _table_columns(table, node)
        return [(table.sheet, Area(top, first, bottom, last))]

    def _table(self, name: str | None, place: Place) -> TableInfo:
        tables = self._tables
        table = tables.get(name.casefold()) if name else next((t for t in tables.values() if _holds(t, place)), None)
        if table is None:
            raise CannotCompute(f"表格“{name}”不存在" if name else "公式不在表格中，却引用了本表格的列")
        return table


def _holds(table: TableInfo, place: Place) -> bool:
    area = table.area
    return (
        table.sheet == place.sheet and area.top <= place.row <= area.bottom and area.left <= place.column <= area.right
    )


def _resolved(corner: Corner, place: Place) -> tuple[int, int]:
    row, column = corner.row, corner.column
    if place.named:
        if not corner.row_fixed:
            row = (row + place.row - 2) % LAST_ROW + 1
        if not corner.column_fixed:
            column = (column + place.column - 2) % LAST_COLUMN + 1
    return row, column


def _table_rows(table: TableInfo, items: frozenset[str], place: Place) -> tuple[int, int]:
    area = table.area
    data = (area.top + table.header_rows, area.bottom - table.totals_rows)
    if "this row" in items:
        if place.sheet != table.sheet or not data[0] <= place.row <= data[1]:
            raise Failed(VALUE)
        return place.row, place.row
    if "all" in items:
        return area.top, area.bottom
    parts = []
    if "headers" in items and table.header_rows:
        parts.append((area.top, data[0] - 1))
    if "data" in items or not items:
        parts.append(data)
    if "totals" in items and table.totals_rows:
        parts.append((data[1] + 1, area.bottom))
    if not parts or parts[0][0] > parts[-1][1]:
        raise Failed(REF)
    return parts[0][0], parts[-1][1]


def _table_columns(table: TableInfo, node: Structured) -> tuple[int, int]:
    if node.first is None or node.last is None:
        return table.area.left, table.area.right
    names = [name.casefold() for name in table.columns]
    try:
        ends = sorted((names.index(node.first.casefold()), names.index(node.last.casefold())))
    except ValueError:
        raise Failed(REF) from None
    return table.area.left + ends[0], table.area.left + ends[1]


def intersection(one: Areas, other: Areas) -> Areas:
    """The rectangles that both have."""
    common = []
    for sheet, a in one:
        for other_sheet, b in other:
            area = Area(max(a.top, b.top), max(a.left, b.left), min(a.bottom, b.bottom), min(a.right, b.right))
            if sheet == other_sheet and area.top <= area.bottom and area.left <= area.right:
                common.append((sheet, area))
    return common


def span(one: Areas, other: Areas) -> Areas:
    """The smallest rectangle that holds both.

    Raises:
        Failed: they are on different sheets, or are several rectangles.
    """
    if len(one) != 1 or len(other) != 1 or one[0][0] != other[0][0]:
        raise Failed(VALUE)
    (sheet, a), (_, b) = one[0], other[0]
    return [(sheet, Area(min(a.top, b.top), min(a.left, b.left), max(a.bottom, b.bottom), max(a.right, b.right)))]
