"""The colours of a workbook's theme: what `theme 4, a bit lighter` is as RRGGBB, for the day the theme is gone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from perfxl.workbooks.bookparts import BookParts
from perfxl.workbooks.relationships import one_target, relationships

# By the order in which formats count them; the scheme itself has each dark colour before its light one.
_ORDER = (
    "lt1",
    "dk1",
    "lt2",
    "dk2",
    "accent1",
    "accent2",
    "accent3",
    "accent4",
    "accent5",
    "accent6",
    "hlink",
    "folHlink",
)


def theme_colors(parts: BookParts) -> list[str]:
    """The colours of the theme, as RRGGBB, by the numbers that formats give them; an empty list where there is no theme."""
    part = one_target(parts.package, relationships(parts.package, parts.part), "theme")
    if part is None or part not in parts.package:
        return []
    return _colors(parts.utf8(part).data)


@lru_cache(maxsize=8)  # hardly a workbook has another theme than the next
def _colors(data: bytes) -> list[str]:
    scheme = data[data.find(b"clrScheme") : data.rfind(b"clrScheme")]
    named = {
        name.decode(): (_ATTRIBUTE[kind].search(attrs) or _BLACK)[1].decode().upper()
        for name, kind, attrs in _COLOR.findall(scheme)
    }
    return [named.get(name, "000000") for name in _ORDER]


_COLOR = re.compile(rb"<(?:\w+:)?(\w+)>\s*<(?:\w+:)?(srgb|sys)Clr\s([^>]*)>")
_ATTRIBUTE = {
    b"srgb": re.compile(rb"""\bval\s*=\s*["']([0-9A-Fa-f]{6})["']"""),
    b"sys": re.compile(rb"""\blastClr\s*=\s*["']([0-9A-Fa-f]{6})["']"""),
}
_BLACK = (b"", b"000000")


def tinted(color: str, tint: float) -> str:
    """A colour made lighter (`tint` up to 1) or darker (down to -1) as formats do it: by its lightness."""
    if not tint:
        return color
    from colorsys import hls_to_rgb, rgb_to_hls

    hue, lightness, saturation = rgb_to_hls(*[int(color[at : at + 2], 16) / 255 for at in (0, 2, 4)])
    lightness = lightness * (1 + tint) if tint < 0 else lightness * (1 - tint) + tint
    return "".join([f"{round(part * 255):02X}" for part in hls_to_rgb(hue, lightness, saturation)])


def as_rgb(colors: Sequence[str], number: int, tint: float) -> str:
    """A theme's colour by its number, as RRGGBB; black where there is none."""
    return tinted(colors[number], tint) if number < len(colors) else "000000"
