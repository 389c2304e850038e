"""Reads .xlsb (MS-XLSB): the parts of an .xlsx with binary records in the place of XML.

Values, number formats, merged areas, hidden rows and columns are read; of formulas their last results.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from perfxl.errors import UnreadableBook
from perfxl.grid.cells import Cell, CellValue
from perfxl.workbooks.foreign.sheets import (
    CUT_OFF,
    STATES,
    CellAt,
    ListedSheet,
    SheetFacts,
    area,
    double,
    error_value,
    packed_number,
    result,
)
from perfxl.workbooks.package import Package
from perfxl.workbooks.relationships import inside, one_target, relationships
from perfxl.workbooks.styles import BUILT_IN

_MOST_BYTES = 64 << 20  # of a part, and of all sheets together; a cell takes a dozen, and some time

_ROW, _PACKED, _ERROR, _BOOL, _REAL, _TEXT, _SHARED, _RICH = 0, 2, 3, 4, 5, 6, 7, 62
_FORMULA_TEXT, _FORMULA_NUMBER, _FORMULA_BOOL, _FORMULA_ERROR = 8, 9, 10, 11
_STRING, _FORMAT, _CELL_FORMAT, _COLUMNS, _PROPERTIES, _SHEET, _MERGE = 19, 44, 47, 60, 153, 156, 176
_CELL_FORMATS, _CELL_FORMATS_END = 617, 618
_LAST_ROW, _LAST_COLUMN = 1_048_575, 16_383
_ROW_HIDDEN = 0x10

_LONG = struct.Struct("<L")
_TWO_LONGS = struct.Struct("<2L")
_SHORTS = struct.Struct("<2H")
_AREA = struct.Struct("<4L")


class XlsbReader:
    """One .xlsb workbook.

    Attributes:
        sheets: its worksheets by name, in order.
        date1904: whether it counts its days from 1904.
    """

    def __init__(self, package: Package, part: str) -> None:
        """Reads the workbook part and what its sheets share.

        Raises:
            UnreadableBook: a part is missing, damaged or too large, or lies outside the package.
            ValueError: a part is damaged.
        """
        self._package = package
        self.date1904 = False
        self.sheets: dict[str, ListedSheet] = {}
        self._parts: dict[str, str] = {}
        try:
            self._read_shared(part)
        except CUT_OFF as error:
            raise ValueError(str(error)) from error

    def _read_shared(self, part: str) -> None:
        found = relationships(self._package, part)
        by_id = {relationship.id: relationship for relationship in found}
        for kind, data in self._records(part):
            if kind == _PROPERTIES:
                self.date1904 = bool(data[0] & 1)
            elif kind == _SHEET:
                identifier, at = _text(data, 8)
                name, _ = _text(data, at)
                relationship = by_id.get(identifier)
                if relationship is not None and relationship.kind == "worksheet" and name not in self.sheets:
                    self._parts[name] = inside(self._package, relationship)
                    state = STATES[min(_LONG.unpack_from(data)[0], 2)]
                    self.sheets[name] = ListedSheet(state, self._package.entry(self._parts[name]).size)
        parts = list(self._parts.values())
        if len(set(parts)) < len(parts):
            raise ValueError("two sheets in one part")
        if sum(sheet.size for sheet in self.sheets.values()) > _MOST_BYTES:
            raise self._too_large("各工作表")
        strings, styles = (one_target(self._package, found, kind) for kind in ("sharedStrings", "styles"))
        self._strings = [_text(data, 1)[0] for kind, data in self._records(strings) if kind == _STRING]
        self._codes = self._read_codes(styles)

    def cells(self, sheet: str, facts: SheetFacts) -> Iterator[CellAt]:
        """The cells of a worksheet that hold something; see `ForeignReader`.

        Raises:
            UnreadableBook: its part is missing or damaged.
            ValueError: its records are damaged.
        """
        row = 0
        codes = self._codes
        try:
            for kind, data in self._records(self._parts[sheet]):
                if kind == _ROW:
                    row = _checked(_LONG.unpack_from(data)[0], _LAST_ROW) + 1
                    if data[11] & _ROW_HIDDEN:
                        facts.hidden_rows.add(row)
                elif kind in _VALUES:
                    column, style = _TWO_LONGS.unpack_from(data)
                    column = _checked(column, _LAST_COLUMN)
                    code = codes[style & 0xFFFFFF]
                    value = self._value(kind, data)
                    if kind in _FORMULAS:
                        yield row, column + 1, result(value, code)
                    elif value != "":
                        yield row, column + 1, Cell(value, code)
                elif kind == _MERGE:
                    top, bottom, left, right = _AREA.unpack_from(data)
                    facts.merges.append(area(top, left, bottom, right))
                elif kind == _COLUMNS and data[16] & 1:
                    first, last = _TWO_LONGS.unpack_from(data)
                    facts.hidden_columns.update(range(first + 1, min(last, _LAST_COLUMN) + 2))
        except CUT_OFF as error:
            raise ValueError(str(error)) from error

    def texts(self, sheet: str) -> Iterator[str]:
        """The texts that stand in a worksheet's cells.

        Raises:
            UnreadableBook, ValueError: as `cells`.
        """
        try:
            for kind, data in self._records(self._parts[sheet]):
                if kind in _TEXTS:
                    yield str(self._value(kind, data))
        except CUT_OFF as error:
            raise ValueError(str(error)) from error

    def _value(self, kind: int, data: bytes) -> CellValue:
        if kind == _SHARED:
            index: int = _LONG.unpack_from(data, 8)[0]
            return self._strings[index]
        if kind == _PACKED:
            return packed_number(_LONG.unpack_from(data, 8)[0])
        if kind in (_REAL, _FORMULA_NUMBER):
            return double(data, 8)
        if kind in (_TEXT, _FORMULA_TEXT):
            return _text(data, 8)[0]
        if kind == _RICH:
            return _text(data, 9)[0]
        if kind in (_BOOL, _FORMULA_BOOL):
            return data[8] == 1
        return error_value(data[8])

    def _too_large(self, what: str) -> UnreadableBook:
        reason = f"{what}解压后超过 {_MOST_BYTES >> 20} MB，不予读取。请删去无关的工作表后重试。"
        return UnreadableBook(reason, book=str(self._package.book))

    def _read_codes(self, part: str | None) -> list[str]:
        """Number format codes by cell format."""
        formats = dict(BUILT_IN)
        numbers: list[int] = []
        among_cells = False
        for kind, data in self._records(part):
            if kind == _FORMAT:
                formats[_SHORTS.unpack_from(data + b"\0\0")[0]] = _text(data, 2)[0]
            elif kind in (_CELL_FORMATS, _CELL_FORMATS_END):
                among_cells = kind == _CELL_FORMATS
            elif kind == _CELL_FORMAT and among_cells:
                numbers.append(_SHORTS.unpack_from(data)[1])
        return [formats.get(number, "General") for number in numbers] or ["General"]

    def _records(self, part: str | None) -> Iterator[tuple[int, bytes]]:
        """The records of a part, none where there is no part: kind and length are numbers of one to four bytes of seven bits."""
        if part is None:
            return
        if self._package.entry(part).size > _MOST_BYTES:
            raise self._too_large(f"部件 {part} ")
        data = self._package.read(part)
        at, end = 0, len(data)
        while at < end:
            kind, at = data[at], at + 1
            if kind & 0x80:
                kind, at = kind & 0x7F | (data[at] & 0x7F) << 7, at + 1
            size = shift = 0
            while True:
                more, at = data[at], at + 1
                size |= (more & 0x7F) << shift
                shift += 7
                if not more & 0x80 or shift == 28:
                    break
            if at + size > end:
                raise IndexError("a record is cut off")
            yield kind, data[at : at + size]
            at += size


_FORMULAS = frozenset([_FORMULA_TEXT, _FORMULA_NUMBER, _FORMULA_BOOL, _FORMULA_ERROR])
_TEXTS = frozenset([_TEXT, _SHARED, _RICH, _FORMULA_TEXT])
_VALUES = _FORMULAS | {_PACKED, _ERROR, _BOOL, _REAL, _TEXT, _SHARED, _RICH}


def _checked(number: int, last: int) -> int:
    if number > last:
        raise IndexError("a cell lies outside the sheet")
    return number


def _text(data: bytes, at: int) -> tuple[str, int]:
    """A text after the count of its characters, and where it ends."""
    start = at + 4
    end = start + 2 * _LONG.unpack_from(data, at)[0]
    if end > len(data):
        raise IndexError("a text is cut off")
    return data[start:end].decode("utf-16-le", "surrogatepass"), end
