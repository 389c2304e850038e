"""The drawing part that makes notes visible: a VML shape for each, put behind those that are there.

VML is written by many programs and is not always well-formed XML: shapes are found and added by their bytes.
"""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from perfxl.grid.address import Ref
from perfxl.patterns import pattern
from perfxl.workbooks.markup import Markup, as_utf8

NEW_PART = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/>'
    "</o:shapelayout></xml>"
)

_SHAPE = pattern(rb"<(?:\w+:)?shape\s.*?</(?:\w+:)?shape\s*>", re.DOTALL)
_ROW = pattern(rb"<(?:\w+:)?Row>\s*(\d+)\s*</")
_COLUMN = pattern(rb"<(?:\w+:)?Column>\s*(\d+)\s*</")
_NOTE = pattern(rb"""ObjectType\s*=\s*["']Note["']""")
_IDS = pattern(rb"_x0000_s(\d{1,9})\b")
_BLOCKS = pattern(rb"""<(?:\w+:)?idmap\b[^>]*?\bdata\s*=\s*["']([0-9, ]+)["']""")
_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke '
    'joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_NAMESPACES = {
    b"v": b"urn:schemas-microsoft-com:vml",
    b"o": b"urn:schemas-microsoft-com:office:office",
    b"x": b"urn:schemas-microsoft-com:office:excel",
}
_PER_BLOCK = 1024  # shape ids come in blocks of this size, of which a sheet has one or more


class Box(NamedTuple):
    """Where a note stands: column, offset, row, offset of its two corners (counted from 0, pixels), and left, top, width, height in
    points."""

    anchor: tuple[int, int, int, int, int, int, int, int]
    points: tuple[float, float, float, float]


def blocks(data: bytes) -> list[int]:
    """The blocks of shape ids that a drawing part claims."""
    return [int(number) for found in _BLOCKS.findall(data) for number in found.replace(b" ", b"").split(b",") if number]


def note_cells(data: bytes) -> list[Ref]:
    """The cells that have a note's shape."""
    return [at for shape in _SHAPE.finditer(data) if (at := _cell(shape[0])) is not None]


def has_shapes(data: bytes) -> bool:
    """Whether any shape, of a note or not, is left."""
    return _SHAPE.search(data) is not None


def edited_shapes(markup: Markup, new: Mapping[Ref, Box], gone: Collection[Ref]) -> bytes:
    """The part, UTF-8, without the shapes of some notes and with those of others.

    Raises:
        ValueError: the part has no end.
    """
    data = markup.data
    if gone:
        data = _SHAPE.sub(lambda shape: b"" if _cell(shape[0]) in gone else shape[0], data)
    there = set(note_cells(data)) if new else set()
    missing = {at: box for at, box in new.items() if at not in there}
    if not missing:
        return data
    close = data.rfind(b"</")
    if close < 0:
        raise ValueError("no end tag")
    ids = _FreeIds(data)
    content = "" if b"_x0000_t202" in data else _TYPE
    for order, (at, box) in enumerate(missing.items(), 1):
        content += _shape(at, box, next(ids), order)
    added = content.encode()
    lacking = b"".join([b' xmlns:%b="%b"' % item for item in _NAMESPACES.items() if b"xmlns:%b=" % item[0] not in data])
    if lacking:
        added = re.sub(rb"(<v:shape(?:type)?)(?= )", lambda tag: tag[1] + lacking, added)
    return data[:close] + added + data[close:]


def _cell(shape: bytes) -> Ref | None:
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    if not _NOTE.search(shape) or row is None or column is None:
        return None
    return Ref(int(row[1]) + 1, int(column[1]) + 1)


class _FreeIds:
    """Shape ids of the part's blocks that are not taken; past them, those of blocks that follow."""

    def __init__(self, data: bytes) -> None:
        self._taken = {int(number) for number in _IDS.findall(data)}
        self._blocks = blocks(data) or [1]

    def __next__(self) -> int:
        block = self._blocks[0]
        while True:
            for number in range(block * _PER_BLOCK + 1, (block + 1) * _PER_BLOCK):
                if number not in self._taken:
                    self._taken.add(number)
                    return number
            later = [other for other in self._blocks if other > block]
            block = min(later) if later else block + 1


def _shape(at: Ref, box: Box, number: int, order: int) -> str:
    left, top, width, height = [f"{value:g}pt" for value in box.points]
    anchor = ", ".join([str(value) for value in box.anchor])
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:{left};margin-top:{top};'
        f'width:{width};height:{height};z-index:{order};visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
        '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{at.row - 1}</x:Row><x:Column>{at.column - 1}</x:Column>"
        "</x:ClientData></v:shape>"
    )


def new_part(block: int) -> Markup:
    """A drawing part without shapes, whose ids are of this block."""
    return as_utf8(NEW_PART.format(block=block).encode())
