"""A workbook in memory for the formula evaluator."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from perfxl.grid.address import Area, column_letters, parse_a1, parse_area
from perfxl.grid.cells import CellValue
from perfxl.workbooks.formulas import CellKey, RawCell, TableInfo

Content = str | int | Decimal | bool | RawCell


class Book:
    """Sheets given as `{"数据": {"A1": 1, "A2": "=A1+1"}}`; a text that begins with `=` is a formula."""

    def __init__(
        self,
        sheets: Mapping[str, Mapping[str, Content]],
        *,
        names: Mapping[str, str] | None = None,
        tables: Sequence[TableInfo] = (),
        hidden: Mapping[str, Collection[int]] | None = None,
        date1904: bool = False,
    ) -> None:
        self.sheet_names = list(sheets)
        self.tables = tables
        self.date1904 = date1904
        self._names = {name.casefold(): text for name, text in (names or {}).items()}
        self._hidden = hidden or {}
        self._cells: dict[str, dict[tuple[int, int], RawCell]] = {sheet: {} for sheet in sheets}
        for sheet, cells in sheets.items():
            for address, content in cells.items():
                self.put(sheet, address, content)

    def put(self, sheet: str, address: str, content: Content) -> None:
        """Put something into a cell."""
        at = parse_a1(address)
        self._cells[sheet][at.row, at.column] = raw(content)

    def put_array(self, sheet: str, address: str, formula: str) -> None:
        """Put an array formula into an area."""
        area = parse_area(address)
        for row in range(area.top, area.bottom + 1):
            for column in range(area.left, area.right + 1):
                first = (row, column) == (area.top, area.left)
                self._cells[sheet][row, column] = RawCell(None, formula if first else None, area)

    def formulas(self) -> list[CellKey]:
        """All formula cells."""
        return [
            (sheet, row, column)
            for sheet, cells in self._cells.items()
            for (row, column), cell in cells.items()
            if cell.formula is not None
        ]

    def cell(self, sheet: str, row: int, column: int) -> RawCell | None:
        """See `CellSource`."""
        return self._cells[sheet].get((row, column))

    def used_area(self, sheet: str) -> Area | None:
        """See `CellSource`."""
        places = self._cells[sheet]
        if not places:
            return None
        rows, columns = [row for row, _ in places], [column for _, column in places]
        return Area(min(rows), min(columns), max(rows), max(columns))

    def hidden_rows(self, sheet: str) -> Collection[int]:
        """See `CellSource`."""
        return self._hidden.get(sheet, ())

    def defined_name(self, name: str, sheet: str) -> str | None:
        """See `CellSource`."""
        return self._names.get(f"{sheet}!{name}".casefold()) or self._names.get(name.casefold())


def raw(content: Content) -> RawCell:
    """A cell that holds this."""
    if isinstance(content, RawCell):
        return content
    if isinstance(content, str) and content.startswith("="):
        return RawCell(None, content[1:])
    value: CellValue = Decimal(content) if isinstance(content, int) and not isinstance(content, bool) else content
    return RawCell(value)


def a1(cell: CellKey) -> str:
    """`数据!B2` for messages and comparisons."""
    return f"{cell[0]}!{column_letters(cell[2])}{cell[1]}"
