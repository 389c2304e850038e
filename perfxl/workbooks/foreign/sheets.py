"""What the readers of foreign formats give: the sheets of a workbook, and the cells of one as they come."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple, Protocol

from perfxl.grid.address import Area
from perfxl.grid.cells import Cell, CellError, CellValue, SheetState, Trust
from perfxl.workbooks.numbers import number

MOST_CELLS = 400_000
"""Cells with content in one sheet (of an .ods, in all) past which reading would take longer than perfxl promises."""

CellAt = tuple[int, int, Cell]
"""Row, column (both from 1), cell."""

NO_TEXT = ""
"""The formula of a cell whose format stores formulas in a form that perfxl does not take apart: that there is one is all it tells."""

STATES = (SheetState.VISIBLE, SheetState.HIDDEN, SheetState.VERY_HIDDEN)
"""How a sheet is shown, by the number that the binary formats store."""

CUT_OFF = (struct.error, IndexError)
"""What reading behind the end of a record raises."""

_ROWS, _COLUMNS = 1_048_576, 16_384
_DOUBLE = struct.Struct("<d")
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip


class ListedSheet(NamedTuple):
    """A worksheet as its workbook lists it; `size` is that of its stored bytes, unpacked."""

    state: SheetState
    size: int


class SheetFacts:
    """What a worksheet holds beside its cells; complete once these have all been read."""

    def __init__(self) -> None:
        self.merges: list[Area] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()


class ForeignReader(Protocol):
    """A reader of one format."""

    @property
    def sheets(self) -> Mapping[str, ListedSheet]:
        """The worksheets by name, in order."""
        ...

    @property
    def date1904(self) -> bool:
        """Whether the workbook counts its days from 1904."""
        ...

    def cells(self, sheet: str, facts: SheetFacts) -> Iterator[CellAt]:
        """The cells of a worksheet that hold something, in the order of the file; what else stands in the sheet goes into `facts`.

        Raises:
            ValueError: the sheet is damaged.
            Refused: it must not be read.
        """
        ...

    def texts(self, sheet: str) -> Iterator[str]:
        """The texts that stand in a worksheet's cells, in a fraction of the time that `cells` takes.

        Raises:
            ValueError: the sheet is damaged.
        """
        ...


def area(top: int, left: int, bottom: int, right: int) -> Area:
    """A merged area, its ends counted from 0 as the files do.

    Raises:
        ValueError: it is none, or lies outside every sheet.
    """
    if not (top <= bottom < _ROWS and left <= right < _COLUMNS):
        raise ValueError("a merged area that cannot be")
    return Area(top + 1, left + 1, bottom + 1, right + 1)


def result(value: CellValue, code: str) -> Cell:
    """The cell of a formula with its last result."""
    return Cell(value, code, NO_TEXT, Trust.CACHED)


def error_value(code: int) -> CellError:
    """The error value that a byte stands for."""
    return CellError(_ERRORS.get(code, "#VALUE!"))


def double(data: bytes, at: int) -> Decimal | CellError:
    """A number stored as a double, at 15 significant digits."""
    return _number(_DOUBLE.unpack_from(data, at)[0])


def packed_number(bits: int) -> Decimal | CellError:
    """A number stored as RK: the upper 30 bits of a double or a whole number, of hundredths where the lowest bit says so."""
    if bits & 2:
        whole = (bits >> 2) - ((bits >> 31) << 30)
        value = Decimal(whole) if not bits & 1 else Decimal(whole).scaleb(-2)
        return value.normalize() if bits & 1 and value else value
    found = _DOUBLE.unpack(struct.pack("<Q", (bits & 0xFFFFFFFC) << 32))[0]
    return _number(found / 100 if bits & 1 else found)


def _number(value: float) -> Decimal | CellError:
    if value - value:  # no number, or none that is finite
        return CellError("#NUM!")
    found = number(repr(value))
    return found if isinstance(found, (Decimal, CellError)) else CellError("#NUM!")
