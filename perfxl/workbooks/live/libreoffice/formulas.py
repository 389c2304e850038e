"""Formulas between LibreOffice's notation and Excel's, worked out by the office's own parser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfxl.grid.address import Ref
from perfxl.patterns import pattern
from perfxl.workbooks.live.libreoffice.bridge import struct

if TYPE_CHECKING:
    from perfxl.workbooks.live.libreoffice.documents import Book, Sheet

_EXCEL_FILES = 3  # com.sun.star.sheet.AddressConvention.XL_OOX
# What both write alike: names, areas of the same sheet, numbers, and functions of one argument. The rest is for the parser.
_ALIKE = pattern(r"=[A-Z0-9$:()+*/^%&<>= -]*")


def to_excel(book: Book, at: Ref, sheet: Sheet, formula: str) -> str:
    """A cell's formula as Excel writes it; `formula` is as the office does."""
    if _ALIKE.fullmatch(formula):
        return formula
    cell = sheet.api.getCellByPosition(at.column - 1, at.row - 1)
    return "=" + str(_parser(book).printFormula(cell.getTokens(), cell.getCellAddress()))


def from_excel(book: Book, at: Ref, sheet: Sheet, formula: str) -> Any:
    """The office's tokens for a formula as Excel writes it, for a cell of a sheet."""
    place = struct("com.sun.star.table.CellAddress", sheet.index - 1, at.column - 1, at.row - 1)
    return _parser(book).parseFormula(formula.removeprefix("="), place)


def _parser(book: Book) -> Any:
    parser = book.api.createInstance("com.sun.star.sheet.FormulaParser")
    parser.CompileEnglish = True
    parser.FormulaConvention = _EXCEL_FILES
    return parser
