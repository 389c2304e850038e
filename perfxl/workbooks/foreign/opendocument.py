"""Reads .ods (OpenDocument): one part of XML with all sheets, in which runs of like cells and rows are written once, with a count.

Values, merged areas, hidden rows, columns and sheets are read; of formulas their last results. Number formats are not: they stand
apart from the cells in a language of their own, so that a number's decimals are unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from perfxl.errors import UnreadableBook
from perfxl.grid.cells import Cell, CellError, CellValue, SheetState
from perfxl.grid.numberformat import UNKNOWN, UNKNOWN_PERCENTAGE
from perfxl.workbooks.foreign.sheets import MOST_CELLS, CellAt, ListedSheet, SheetFacts, area, result
from perfxl.workbooks.markup import as_utf8, new_parser, parse
from perfxl.workbooks.numbers import number
from perfxl.workbooks.package import Package
from perfxl.workbooks.partfaults import Refused

_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
_MOST_BYTES = 64 << 20
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384

_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TABLE, _TEXT, _STYLE = (f"{_NAMESPACE}{name}:1.0 " for name in ("office", "table", "text", "style"))
_CALC_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_SHEET, _ROW, _COLUMN, _CELL, _COVERED = (
    _TABLE + name for name in ("table", "table-row", "table-column", "table-cell", "covered-table-cell")
)
_SPREADSHEET = _OFFICE + "spreadsheet"
_PARAGRAPHS = (_TEXT + "p", _TEXT + "h")
_OUTSIDE = "'file:"  # begins the name of a table that only keeps what another file said
_SPACES, _TAB, _BREAK = _TEXT + "s", _TEXT + "tab", _TEXT + "line-break"


class OdsReader:
    """One .ods workbook.

    Attributes:
        sheets: its sheets by name, in order.
        date1904: False; a date is written out in this format.
    """

    def __init__(self, package: Package) -> None:
        """Reads all sheets.

        Raises:
            UnreadableBook: a part is missing or damaged, too large, or encrypted.
            ValueError: the content is no well-formed XML, or holds a DTD.
        """
        self.date1904 = False
        if _MANIFEST in package and b"encryption-data" in package.read(_MANIFEST):
            reason = "工作簿设有打开密码，无法读取。请在 LibreOffice 或 WPS 中取消打开密码，保存后重试。"
            raise UnreadableBook(reason, book=str(package.book))
        if package.entry(_CONTENT).size > _MOST_BYTES:
            reason = f"部件 {_CONTENT} 解压后超过 {_MOST_BYTES >> 20} MB，不予读取。请删去无关的工作表后重试。"
            raise UnreadableBook(reason, book=str(package.book))
        reading = _Reading()
        reading.read(as_utf8(package.read(_CONTENT)).data)
        self._found = reading.found
        self.sheets = {name: ListedSheet(sheet.state, 0) for name, sheet in self._found.items()}

    def cells(self, sheet: str, facts: SheetFacts) -> Iterator[CellAt]:
        """The cells of a worksheet that hold something; see `ForeignReader`."""
        found = self._found[sheet]
        facts.merges = found.facts.merges
        facts.hidden_rows = found.facts.hidden_rows
        facts.hidden_columns = found.facts.hidden_columns
        return iter(found.cells)

    def texts(self, sheet: str) -> Iterator[str]:
        """The texts that stand in a worksheet's cells."""
        return (cell.value for _, _, cell in self._found[sheet].cells if isinstance(cell.value, str))


class _Sheet:
    def __init__(self, state: SheetState) -> None:
        self.state = state
        self.facts = SheetFacts()
        self.cells: list[CellAt] = []


class _Reading:
    """What was read of the content so far: `found` are the sheets."""

    def __init__(self) -> None:
        self.found: dict[str, _Sheet] = {}
        self._total = 0
        self._open: list[str] = []  # the elements that the parser is in
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._sheet: _Sheet | None = None
        self._row = self._column = 1
        self._row_attributes: dict[str, str] = {}
        self._cells: list[tuple[int, int, Cell]] = []  # of the row: first column, how many, what
        self._cell: dict[str, str] | None = None
        self._cell_depth = 0
        self._paragraphs: list[str] = []

    def read(self, data: bytes) -> None:
        """Read the content.

        Raises:
            ValueError: it is not well-formed, or holds a DTD or more cells than fit into memory.
        """
        parser = new_parser(" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parse(parser, data)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        outer = self._open[-1] if self._open else ""
        self._open.append(name)
        if self._cell is not None:
            self._start_in_cell(name, attributes)
        elif self._sheet is None:
            if name == _SHEET and outer == _SPREADSHEET:
                self._start_sheet(attributes)
            elif name == _STYLE + "style":
                self._style = attributes.get(_STYLE + "name", "")
            elif name == _STYLE + "table-properties" and attributes.get(_TABLE + "display") == "false":
                self._hidden_styles.add(self._style)
        elif name == _ROW:
            self._row_attributes = attributes
            self._column = 1
            self._cells.clear()
        elif name == _CELL:
            self._cell = attributes
            self._cell_depth = len(self._open)
            self._paragraphs.clear()
        elif name == _COVERED:
            self._column += _count(attributes, "number-columns-repeated")
        elif name == _COLUMN:
            count = _count(attributes, "number-columns-repeated")
            if _is_hidden(attributes):
                last = min(self._column + count, _LAST_COLUMN + 1)
                self._sheet.facts.hidden_columns.update(range(self._column, last))
            self._column += count

    def _start_sheet(self, attributes: dict[str, str]) -> None:
        hidden = attributes.get(_TABLE + "style-name") in self._hidden_styles
        self._sheet = _Sheet(SheetState.HIDDEN if hidden else SheetState.VISIBLE)
        self._row = self._column = 1
        name = attributes.get(_TABLE + "name", "")
        if not name.startswith(_OUTSIDE):
            self.found.setdefault(name, self._sheet)

    def _start_in_cell(self, name: str, attributes: dict[str, str]) -> None:
        """Only paragraphs right in the cell are its text: notes and pictures have their own."""
        depth = len(self._open) - self._cell_depth
        if depth == 1 and name in _PARAGRAPHS:
            self._paragraphs.append("")
        elif name in (_SPACES, _TAB, _BREAK):
            count = min(_count(attributes, "c", _TEXT), _MOST_SPACES) if name == _SPACES else 1
            self._characters({_SPACES: " " * count, _TAB: "\t", _BREAK: "\n"}[name])

    def _characters(self, text: str) -> None:
        at = self._cell_depth
        if self._cell is not None and len(self._open) > at and self._open[at] in _PARAGRAPHS:
            self._paragraphs[-1] += text

    def _end(self, name: str) -> None:
        self._open.pop()
        if self._cell is not None:
            if len(self._open) < self._cell_depth:
                self._end_cell(self._cell)
                self._cell = None
        elif self._sheet is not None:
            if name == _ROW:
                self._end_row(self._sheet)
            elif name == _SHEET and self._open[-1] == _SPREADSHEET:
                self._sheet = None

    def _end_cell(self, attributes: dict[str, str]) -> None:
        count = min(_count(attributes, "number-columns-repeated"), _LAST_COLUMN)
        cell = _cell(attributes, "\n".join(self._paragraphs))
        if cell is not None:
            if self._column + count > _LAST_COLUMN + 1:
                raise ValueError("a cell lies outside the sheet")
            self._cells.append((self._column, count, cell))
        width, height = (_count(attributes, f"number-{what}-spanned") for what in ("columns", "rows"))
        if self._sheet is not None and width * height > 1:
            top, left = self._row - 1, self._column - 1
            self._sheet.facts.merges.append(area(top, left, top + height - 1, left + width - 1))
        self._column += count

    def _end_row(self, sheet: _Sheet) -> None:
        count = _count(self._row_attributes, "number-rows-repeated")
        rows = range(self._row, min(self._row + count, _LAST_ROW + 1))
        self._row += count
        if not self._cells:
            return
        self._total += len(rows) * sum(repeated for _, repeated, _ in self._cells)
        if self._total > MOST_CELLS:
            raise Refused(f"有超过 {MOST_CELLS:,} 个有内容的单元格，不予读取")
        if _is_hidden(self._row_attributes):
            sheet.facts.hidden_rows.update(rows)
        for row, (first, repeated, cell) in product(rows, self._cells):
            sheet.cells += [(row, column, cell) for column in range(first, first + repeated)]


_MOST_SPACES = 32_767


def _count(attributes: dict[str, str], name: str, namespace: str = _TABLE) -> int:
    """A count that is 1 where it is not written."""
    text = attributes.get(namespace + name)
    return max(1, int(text)) if text and len(text) < 10 else 1


def _is_hidden(attributes: dict[str, str]) -> bool:
    return attributes.get(_TABLE + "visibility") in ("collapse", "filter")


def _cell(attributes: dict[str, str], text: str) -> Cell | None:
    """A cell by its attributes and its text as shown, None where it holds nothing."""
    kind = attributes.get(_OFFICE + "value-type", "string")
    value: CellValue = text
    code = "General"
    if attributes.get(_CALC_TYPE) == "error":
        value = CellError(text)
    elif kind in ("float", "currency", "percentage"):
        value = number(attributes.get(_OFFICE + "value", text))
        code = UNKNOWN_PERCENTAGE if kind == "percentage" else UNKNOWN
    elif kind == "boolean":
        value = attributes.get(_OFFICE + "boolean-value") == "true"
    elif kind == "string":
        value = attributes.get(_OFFICE + "string-value", text)
    elif not text:  # a date or a time, of which the shown text says most
        value = attributes.get(f"{_OFFICE}{kind}-value", "")
    if attributes.get(_TABLE + "formula") is not None:
        return result(value, code)
    return None if value == "" else Cell(value, code)
