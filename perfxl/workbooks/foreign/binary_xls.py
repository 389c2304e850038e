"""Reads .xls (BIFF8, MS-XLS), which WPS also writes as .et: records of a kind, a length and at most 8,224 bytes.

Values, number formats, merged areas, hidden rows and columns are read; of formulas their last results. A cell is a record of its
own, so that a sheet with one cell in its last corner costs no more than one with one cell.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from perfxl.errors import UnreadableBook
from perfxl.grid.cells import Cell, CellValue, SheetState
from perfxl.workbooks.foreign.compound import CompoundFile, Damaged
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
from perfxl.workbooks.styles import BUILT_IN

_BOF, _EOF, _PASSWORD = 0x0809, 0x000A, 0x002F
_CONTINUE = b"\x3c\x00"
_BOUND_SHEET, _SST, _FORMAT, _XF, _DATE_MODE = 0x0085, 0x00FC, 0x041E, 0x00E0, 0x0022
_ROW, _COLUMNS, _MERGES = 0x0208, 0x007D, 0x00E5
_NUMBER, _RK, _SEVERAL_RK, _LABEL_SST, _LABEL, _RICH, _BOOL_OR_ERROR, _FORMULA, _STRING = (
    0x0203, 0x027E, 0x00BD, 0x00FD, 0x0204, 0x00D6, 0x0205, 0x0006, 0x0207,
)  # fmt: skip
_VERSION_8 = 0x0600
_ROW_HIDDEN = 0x20
_LAST_COLUMN = 255
_HAS_SOUNDS, _HAS_RUNS = 4, 8  # in the byte before a text's characters

_HEAD = struct.Struct("<2H")
_PLACE = struct.Struct("<3H")  # row, column, cell format
_LONG = struct.Struct("<L")
_SHORT = struct.Struct("<H")
_STYLED = struct.Struct("<HL")  # cell format, packed number
_AREA = struct.Struct("<4H")


Record = tuple[int, list[bytes]]
"""The kind of a record, its bytes, and those of the records that continue it."""


class XlsReader:
    """One .xls workbook.

    Attributes:
        sheets: its worksheets by name, in order.
        date1904: whether it counts its days from 1904.
    """

    def __init__(self, raw: bytes, book: object) -> None:
        """Reads the workbook's globals.

        Raises:
            UnreadableBook: it is protected with a password for opening.
            ValueError: it is damaged.
        """
        self._stream = raw if raw.startswith(b"\x09\x08") else CompoundFile(raw).stream("Workbook")
        self._book = book
        self.date1904 = False
        self._strings: list[str] = []
        self._codes: list[str] = []
        self._places: dict[str, tuple[int, int]] = {}
        self.sheets: dict[str, ListedSheet] = {}
        try:
            self._read_globals()
        except CUT_OFF as error:
            raise Damaged(str(error)) from error

    def cells(self, sheet: str, facts: SheetFacts) -> Iterator[CellAt]:
        """The cells of a worksheet that hold something; see `ForeignReader`.

        Raises:
            ValueError: the sheet is damaged.
        """
        try:
            yield from self._cells(*self._places[sheet], facts)
        except CUT_OFF as error:
            raise Damaged(str(error)) from error

    def texts(self, sheet: str) -> Iterator[str]:
        """The texts that stand in a worksheet's cells.

        Raises:
            ValueError: the sheet is damaged.
        """
        try:
            for kind, pieces in self._records(*self._places[sheet]):
                if kind == _LABEL_SST:
                    yield self._strings[_LONG.unpack_from(pieces[0], 6)[0]]
                elif kind in (_LABEL, _RICH):
                    yield _Texts(pieces, 6).text()
                elif kind == _STRING:
                    yield _Texts(pieces, 0).text()
        except CUT_OFF as error:
            raise Damaged(str(error)) from error

    def _read_globals(self) -> None:
        listed: dict[str, tuple[int, SheetState]] = {}
        formats = dict(BUILT_IN)
        numbers: list[int] = []  # of a format, by cell format
        for kind, pieces in self._records(0):
            data = pieces[0]
            if kind == _EOF:
                break
            if kind == _PASSWORD:
                reason = "工作簿设有打开密码，无法读取。请在 Excel 或 WPS 中取消打开密码，保存后重试。"
                raise UnreadableBook(reason, book=str(self._book))
            if kind == _BOUND_SHEET:
                if data[5] == 0:  # no chart, no macro sheet
                    state = STATES[min(data[4] & 3, 2)]
                    listed.setdefault(_Texts(pieces, 6).short_text(), (_LONG.unpack_from(data)[0], state))
            elif kind == _SST:
                self._strings = _shared_strings(pieces)
            elif kind == _FORMAT:
                formats[_SHORT.unpack_from(data)[0]] = _Texts(pieces, 2).text()
            elif kind == _XF:
                numbers.append(_SHORT.unpack_from(data, 2)[0])
            elif kind == _DATE_MODE:
                self.date1904 = data[:1] == b"\x01"
        else:
            raise Damaged("no end")
        self._codes = [formats.get(number, "General") for number in numbers]
        starts = sorted(start for start, _ in listed.values())
        ends = dict(zip(starts, [*starts[1:], len(self._stream)], strict=True))
        if len(ends) < len(listed):
            raise Damaged("two sheets in one place")
        for name, (start, state) in listed.items():
            self._places[name] = (start, ends[start])
            self.sheets[name] = ListedSheet(state, ends[start] - start)

    def _records(self, at: int, end: int | None = None) -> Iterator[Record]:
        """The records of a substream, each with those that continue it; of none that lies behind `end`."""
        stream = self._stream
        kind, size = _HEAD.unpack_from(stream, at)
        if kind != _BOF or _SHORT.unpack_from(stream, at + 4)[0] != _VERSION_8:
            raise Damaged("no BIFF8 records")
        last = (len(stream) if end is None else end) - 4
        while at <= last:
            kind, size = _HEAD.unpack_from(stream, at)
            pieces = [stream[at + 4 : at + 4 + size]]
            at += 4 + size
            while at <= last and stream.startswith(_CONTINUE, at):
                size = _SHORT.unpack_from(stream, at + 2)[0]
                pieces.append(stream[at + 4 : at + 4 + size])
                at += 4 + size
            yield kind, pieces

    def _cells(self, start: int, end: int, facts: SheetFacts) -> Iterator[CellAt]:
        depth = 0  # a chart in a sheet has records of its own
        awaiting: tuple[int, int, str] | None = None  # the formula whose text comes in the next record
        codes, strings = self._codes, self._strings
        for kind, pieces in self._records(start, end):
            data = pieces[0]
            if kind == _BOF:
                depth += 1
            elif kind == _EOF:
                depth -= 1
                if not depth:
                    return
            elif depth > 1:
                continue
            elif kind == _LABEL_SST:
                row, column, style = _PLACE.unpack_from(data)
                text = strings[_LONG.unpack_from(data, 6)[0]]
                if text:
                    yield row + 1, column + 1, Cell(text, codes[style])
            elif kind == _RK:
                row, column, style = _PLACE.unpack_from(data)
                yield row + 1, column + 1, Cell(packed_number(_LONG.unpack_from(data, 6)[0]), codes[style])
            elif kind == _NUMBER:
                row, column, style = _PLACE.unpack_from(data)
                yield row + 1, column + 1, Cell(double(data, 6), codes[style])
            elif kind == _SEVERAL_RK:
                row, column = _HEAD.unpack_from(data)
                for at in range(4, len(data) - 2, 6):
                    style, bits = _STYLED.unpack_from(data, at)
                    column += 1
                    yield row + 1, column, Cell(packed_number(bits), codes[style])
            elif kind == _FORMULA:
                row, column, style = _PLACE.unpack_from(data)
                value = _result(data)
                if value is None:
                    awaiting = (row + 1, column + 1, codes[style])
                else:
                    yield row + 1, column + 1, result(value, codes[style])
            elif kind == _STRING and awaiting is not None:
                row, column, code = awaiting
                awaiting = None
                yield row, column, result(_Texts(pieces, 0).text(), code)
            elif kind in (_LABEL, _RICH):
                row, column, style = _PLACE.unpack_from(data)
                yield row + 1, column + 1, Cell(_Texts(pieces, 6).text(), codes[style])
            elif kind == _BOOL_OR_ERROR:
                row, column, style = _PLACE.unpack_from(data)
                yield row + 1, column + 1, Cell(error_value(data[6]) if data[7] else data[6] != 0, codes[style])
            else:
                _take_fact(kind, data, facts)
        raise Damaged("no end")


def _result(data: bytes) -> CellValue:
    """The last result of a formula, None where it is a text that follows."""
    if data[12:14] != b"\xff\xff":
        return double(data, 6)
    kind, value = data[6], data[8]
    if kind == 0:
        return None
    if kind == 1:
        return value != 0
    return error_value(value) if kind == 2 else ""


def _take_fact(kind: int, data: bytes, facts: SheetFacts) -> None:
    if kind == _ROW:
        if _SHORT.unpack_from(data, 12)[0] & _ROW_HIDDEN:
            facts.hidden_rows.add(_SHORT.unpack_from(data)[0] + 1)
    elif kind == _COLUMNS:
        first, last = _HEAD.unpack_from(data)
        if data[8] & 1:
            facts.hidden_columns.update(range(first + 1, min(last, _LAST_COLUMN) + 2))
    elif kind == _MERGES:
        for at in range(2, min(len(data), 2 + 8 * _SHORT.unpack_from(data)[0]) - 7, 8):
            top, bottom, left, right = _AREA.unpack_from(data, at)
            facts.merges.append(area(top, left, bottom, right))


def _shared_strings(pieces: list[bytes]) -> list[str]:
    """The texts that cells point at."""
    texts = _Texts(pieces, 8)
    found: list[str] = []
    for _ in range(_LONG.unpack_from(pieces[0], 4)[0]):
        if texts.at_end:
            break  # some programs count wrongly; a cell that points behind the end is seen there
        found.append(texts.text())
    return found


class _Texts:
    """Texts in a record and those that continue it; where a text goes on in the next one, a byte tells anew how wide its characters are."""

    def __init__(self, pieces: list[bytes], at: int) -> None:
        self._pieces = pieces
        self._number = 0
        self._at = at

    @property
    def at_end(self) -> bool:
        """Nothing is left."""
        return self._number == len(self._pieces) - 1 and self._at >= len(self._pieces[-1])

    def short_text(self) -> str:
        """A text whose length is told in one byte."""
        return self._text(self._take(1)[0])

    def text(self) -> str:
        """A text whose length is told in two bytes; what says how it looks and sounds is passed over."""
        return self._text(_SHORT.unpack(self._take(2))[0])

    def _text(self, count: int) -> str:
        flags = self._take(1)[0]
        runs = _SHORT.unpack(self._take(2))[0] if flags & _HAS_RUNS else 0
        sounds = _LONG.unpack(self._take(4))[0] if flags & _HAS_SOUNDS else 0
        text = self._characters(count, flags & 1)
        if runs or sounds:
            self._skip(4 * runs + sounds)
        return text

    def _characters(self, count: int, wide: int) -> str:
        found = b""
        while count:
            piece = self._pieces[self._number]
            taken = min(count, (len(piece) - self._at) >> wide)
            if taken:
                part = piece[self._at : self._at + (taken << wide)]
                self._at += len(part)
                found += part if wide else part.decode("latin-1").encode("utf-16-le")
                count -= taken
            if count:
                self._number += 1
                wide = self._pieces[self._number][0] & 1
                self._at = 1
        return found.decode("utf-16-le", "surrogatepass")

    def _take(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            piece = self._pieces[self._number]
            part = piece[self._at : self._at + size - len(found)]
            self._at += len(part)
            found += part
            if len(found) < size:
                self._number += 1
                self._at = 0
        return found

    def _skip(self, size: int) -> None:
        while size > (left := len(self._pieces[self._number]) - self._at):
            size -= left
            self._number += 1
            self._at = 0
            if self._number == len(self._pieces):
                raise IndexError("a text is cut off")
        self._at += size
