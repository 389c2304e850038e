"""How cells of LibreOffice Calc look, as xlwings' engine interface has it: formats, colours, heights and widths, what is hidden."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from perfxl.workbooks.live.libreoffice.bridge import enum
from perfxl.workbooks.live.libreoffice.looks import Borders, Color, Font, color_of, rgb_of

if TYPE_CHECKING:
    from perfxl.workbooks.live.libreoffice.documents import Sheet

_POINTS = 2540 / 72  # hundredths of a millimetre in a point
_LETTER = 2540 / 96 * 7  # hundredths of a millimetre in a column's unit: a digit of seven pixels
_PADDING = 5 / 7  # of such a unit, on top of each column
_HORIZONTAL = {"left": "LEFT", "center": "CENTER", "right": "RIGHT", "general": "STANDARD"}
_VERTICAL = {"top": 1, "center": 2, "bottom": 3}


class Formatted(ABC):
    """The looks of a rectangle of cells; `Range` says which cells they are and what they hold."""

    sheet: Sheet

    @property
    @abstractmethod
    def api(self) -> Any:
        """The office's own range."""

    @property
    @abstractmethod
    def shape(self) -> tuple[int, int]:
        """The numbers of rows and columns."""

    @property
    def number_format(self) -> str | None:
        if self.shape != (1, 1) and self.api.getPropertyState("NumberFormat").value == "AMBIGUOUS_VALUE":
            return None
        return self.sheet.book.format_code(self.api.NumberFormat)

    @number_format.setter
    def number_format(self, code: str) -> None:
        self.api.NumberFormat = self.sheet.book.format_key(code)

    @property
    def color(self) -> Color | None:
        return rgb_of(self.api.CellBackColor)

    @color.setter
    def color(self, value: Color | str | None) -> None:
        self.api.CellBackColor = color_of(value)

    @property
    def font(self) -> Font:
        return Font(self.api)

    @property
    def borders(self) -> Borders:
        return Borders(self.api)

    @property
    def wrap_text(self) -> bool:
        return bool(self.api.IsTextWrapped)

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self.api.IsTextWrapped = value

    @property
    def horizontal_alignment(self) -> str:
        found = self.api.HoriJustify.value
        return next((name for name, value in _HORIZONTAL.items() if value == found), "general")

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        self.api.HoriJustify = enum("com.sun.star.table.CellHoriJustify", _HORIZONTAL[value])

    @property
    def vertical_alignment(self) -> str:
        found = int(self.api.VertJustify)
        return next((name for name, value in _VERTICAL.items() if value == found), "bottom")

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        self.api.VertJustify = _VERTICAL[value]

    @property
    def row_hidden(self) -> bool | None:
        return _all_or_none(not row.IsVisible for row in self._lines(self.api.Rows, self.shape[0]))

    @property
    def column_hidden(self) -> bool | None:
        return _all_or_none(not column.IsVisible for column in self._lines(self.api.Columns, self.shape[1]))

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        self.api.Columns.IsVisible = not value

    def _lines(self, lines: Any, count: int) -> Iterator[Any]:
        return (lines.getByIndex(index) for index in range(count))

    @property
    def row_height(self) -> float:
        return float(self.api.Rows.getByIndex(0).Height) / _POINTS

    @row_height.setter
    def row_height(self, value: float) -> None:
        self.api.Rows.Height = round(value * _POINTS)

    @property
    def column_width(self) -> float:
        return max(0.0, float(self.api.Columns.getByIndex(0).Width) / _LETTER - _PADDING)

    @column_width.setter
    def column_width(self, value: float) -> None:
        self.api.Columns.Width = round((value + _PADDING) * _LETTER)


def _all_or_none(values: Iterator[bool]) -> bool | None:
    found = set(values)
    return found.pop() if len(found) == 1 else None
