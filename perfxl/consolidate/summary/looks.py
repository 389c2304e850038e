"""The looks of cells that openpyxl read, in XlsxWriter's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from perfxl.consolidate.summary.layout import Formats

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.styles.borders import Side
    from openpyxl.styles.colors import Color
    from openpyxl.workbook.workbook import Workbook
    from xlsxwriter.format import Format

_BORDERS = {
    name: number
    for number, name in enumerate(
        (
            "thin", "medium", "dashed", "dotted", "thick", "double", "hair", "mediumDashed", "dashDot", "mediumDashDot", "dashDotDot",
            "mediumDashDotDot", "slantDashDot",
        ),
        1,
    )
}  # fmt: skip
_ACROSS = {
    "left": "left",
    "center": "center",
    "right": "right",
    "fill": "fill",
    "justify": "justify",
    "centerContinuous": "center_across",
    "distributed": "distributed",
}
_DOWN = {"top": "top", "center": "vcenter", "bottom": "bottom", "justify": "vjustify", "distributed": "vdistributed"}
_UNDERLINES = {"single": 1, "double": 2, "singleAccounting": 33, "doubleAccounting": 34}
_PATTERNS = {
    name: number
    for number, name in enumerate(
        (
            "solid", "mediumGray", "darkGray", "lightGray", "darkHorizontal", "darkVertical", "darkDown", "darkUp", "darkGrid",
            "darkTrellis", "lightHorizontal", "lightVertical", "lightDown", "lightUp", "lightGrid", "lightTrellis", "gray125", "gray0625",
        ),
        1,
    )
}  # fmt: skip
_THEME_COLOR = re.compile(
    r"<a:(lt1|dk1|lt2|dk2|accent[1-6]|hlink|folHlink)>.*?(?:lastClr|srgbClr val)=\"([0-9A-Fa-f]{6})\"", re.DOTALL
)
_THEME_ORDER = ("lt1", "dk1", "lt2", "dk2", *(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")


class Looks:
    """Gives the formats of one book's cells, each made once."""

    def __init__(self, book: Workbook, formats: Formats) -> None:
        """`formats` are those of the workbook that is written."""
        theme = book.loaded_theme or b""
        named = dict(_THEME_COLOR.findall(theme.decode("utf-8", "replace") if isinstance(theme, bytes) else theme))
        self._theme = [named.get(name) for name in _THEME_ORDER]
        self._formats = formats
        self._made: dict[int, Format] = {}

    def of(self, cell: Cell | MergedCell) -> Format:
        """The format that draws a cell as it was."""
        style = cell.style_id
        if style not in self._made:
            self._made[style] = self._formats(self._properties(cell))
        return self._made[style]

    def _properties(self, cell: Cell | MergedCell) -> dict[str, Any]:
        font, fill, alignment = cell.font, cell.fill, cell.alignment
        found: dict[str, Any] = {
            "font_name": font.name or "宋体",
            "font_size": font.sz or 11,
            "bold": bool(font.b),
            "italic": bool(font.i),
            "font_strikeout": bool(font.strike),
            "underline": _UNDERLINES.get(font.u or "", 0),
            "font_script": {"superscript": 1, "subscript": 2}.get(font.vertAlign or "", 0),
            "font_color": self._color(font.color),
            "num_format": cell.number_format,
            "align": _ACROSS.get(alignment.horizontal or ""),
            "valign": _DOWN.get(alignment.vertical or "bottom"),
            "text_wrap": bool(alignment.wrap_text),
            "shrink": bool(alignment.shrink_to_fit),
            "indent": int(alignment.indent or 0),
            "rotation": _rotation(int(alignment.textRotation or 0)),
        }
        pattern = _PATTERNS.get(getattr(fill, "patternType", None) or "", 0)
        if pattern:
            front, back = self._color(fill.fgColor), self._color(fill.bgColor)
            found |= {
                "pattern": pattern,
                "bg_color": front if pattern == 1 else back,
                "fg_color": None if pattern == 1 else front,
            }
        for side in ("left", "right", "top", "bottom"):
            found |= self._side(side, getattr(cell.border, side))
        return {name: value for name, value in found.items() if value not in (None, False, 0)}

    def _side(self, name: str, side: Side | None) -> dict[str, Any]:
        if side is None or side.style is None:
            return {}
        return {name: _BORDERS.get(side.style, 1), f"{name}_color": self._color(side.color)}

    def _color(self, color: Color | None) -> str | None:
        """As `#RRGGBB`; None for one that programs choose themselves."""
        from openpyxl.styles.colors import COLOR_INDEX

        if color is None:
            return None
        if color.type == "theme":
            base = self._theme[color.theme] if color.theme < len(self._theme) else None
        elif color.type == "indexed":
            base = COLOR_INDEX[color.indexed][-6:] if color.indexed < len(COLOR_INDEX) else None
        else:
            base = str(color.rgb)[-6:] if color.type == "rgb" else None
        return None if base is None else f"#{_tinted(base, color.tint or 0.0)}"


def _tinted(color: str, tint: float) -> str:
    """Lighter for a positive tint, darker for a negative one."""
    parts = [int(color[at : at + 2], 16) for at in (0, 2, 4)]
    return "".join(f"{round(part * (1 + tint) if tint < 0 else part + (255 - part) * tint):02X}" for part in parts)


def _rotation(stored: int) -> int:
    """Degrees as XlsxWriter takes them; 255 is stored for signs that stand upon each other."""
    if stored == 255:
        return 270
    return 90 - stored if stored > 90 else stored
