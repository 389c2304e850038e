"""Colours of open cells in the short notation in which notes keep them: `FFFF99`, `t4+0.6/B8CCE4`, `i43`, `无`, `自动`."""

from __future__ import annotations

from perfxl.patterns import pattern
from perfxl.workbooks.marks.looks import AUTOMATIC, NO_FILL

__all__ = ["AUTOMATIC", "NO_FILL", "rgb_text", "shown_rgb", "theme_of"]

Rgb = tuple[int, int, int]

_RGB = pattern(r"[0-9A-F]{6}")
_THEME = pattern(r"t([0-9]{1,2})([+-][0-9.eE+-]+)?")
_FOREGROUND = pattern(r"<(?:\w+:)?fgColor\b[^>]*\brgb=\"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})\"")
# The palette that every workbook has unless it brings its own, from number 8 on.
_PALETTE = (
    "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF 800000 008000 000080 808000 800080 008080 C0C0C0 808080 "
    "9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF 000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF "
    "00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696 "
    "003366 339966 003300 333300 993300 993366 333399 333333"
)
_FIRST = 8


def rgb_text(color: Rgb) -> str:
    """A colour as six digits."""
    return "".join(f"{part:02X}" for part in color)


def shown_rgb(text: str) -> Rgb | None:
    """The colour that a short text shows; None for no fill and for the automatic colour."""
    if text.startswith("<"):  # a pattern: its colour is the nearest to it that a plain fill can be
        found = _FOREGROUND.search(text)
        return None if found is None else _rgb(found[1].upper())
    code = text.rpartition("/")[2]
    if _RGB.fullmatch(code):
        return _rgb(code)
    if code.startswith("i") and code[1:].isdecimal():
        start = (int(code[1:]) - _FIRST) * 7
        if 0 <= start < len(_PALETTE):
            return _rgb(_PALETTE[start : start + 6])
    return None


def theme_of(text: str) -> tuple[int, float] | None:
    """A theme's colour as number and tint; None where the text is no such."""
    found = _THEME.fullmatch(text.partition("/")[0])
    return None if found is None else (int(found[1]), float(found[2] or 0))


def _rgb(code: str) -> Rgb:
    return int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16)
