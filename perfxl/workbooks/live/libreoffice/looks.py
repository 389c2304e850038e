"""Letters, lines and colours of LibreOffice's cells as xlwings' engine interface has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from perfxl.workbooks.live.libreoffice.bridge import struct

Color = tuple[int, int, int]

_SIDES = {
    "edge_top": "TopLine",
    "edge_bottom": "BottomLine",
    "edge_left": "LeftLine",
    "edge_right": "RightLine",
    "inside_horizontal": "HorizontalLine",
    "inside_vertical": "VerticalLine",
}
_HAIRLINE = 26  # hundredths of a millimetre: the line that Excel calls thin


class Font:
    """The letters of a range; those of Chinese text are kept apart by the office, and set together with the others."""

    _KINDS = ("", "Asian")

    def __init__(self, api: Any) -> None:
        self.api = api

    def _set(self, name: str, value: object) -> None:
        for kind in self._KINDS:
            setattr(self.api, name + kind, value)

    @property
    def bold(self) -> bool:
        return float(self.api.CharWeight) > 100

    @bold.setter
    def bold(self, value: bool) -> None:
        self._set("CharWeight", 150.0 if value else 100.0)

    @property
    def size(self) -> float:
        return float(self.api.CharHeight)

    @size.setter
    def size(self, value: float) -> None:
        self._set("CharHeight", float(value))

    @property
    def name(self) -> str:
        return str(self.api.CharFontName)

    @name.setter
    def name(self, value: str) -> None:
        self._set("CharFontName", value)

    @property
    def color(self) -> Color | None:
        return rgb_of(self.api.CharColor)

    @color.setter
    def color(self, value: Color | str | None) -> None:
        self.api.CharColor = color_of(value)


class Borders:
    """The lines around each cell of a range."""

    def __init__(self, api: Any) -> None:
        self.api = api

    def set(self, sides: Sequence[str], line_style: object, weight: object, color: Color) -> None:
        """Thin lines of a colour at the sides named."""
        del line_style, weight
        line = struct("com.sun.star.table.BorderLine2", color_of(color), 0, _HAIRLINE, 0, 0, _HAIRLINE)
        border = struct("com.sun.star.table.TableBorder2")
        for side in sides:
            if side in _SIDES:
                setattr(border, _SIDES[side], line)
                setattr(border, f"Is{_SIDES[side]}Valid", True)
        self.api.TableBorder2 = border


def rgb_of(value: int) -> Color | None:
    """A colour of the office; None for the automatic one, or none."""
    return None if value < 0 else (value >> 16 & 255, value >> 8 & 255, value & 255)


def color_of(value: Color | str | None) -> int:
    """The office's number of a colour, given by its parts or as `#RRGGBB`."""
    if isinstance(value, str):
        return int(value.removeprefix("#"), 16)
    return -1 if value is None else value[0] << 16 | value[1] << 8 | value[2]
