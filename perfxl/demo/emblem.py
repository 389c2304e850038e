"""A small picture for a sample workbook, made here so that no image file has to be shipped."""

from __future__ import annotations

import zlib
from struct import pack

_SIZE = 64
_BLUE, _WHITE, _CLEAR = b"\x1f\x4e\x78\xff", b"\xff\xff\xff\xff", b"\xff\xff\xff\x00"


def emblem() -> bytes:
    """A PNG of 64 × 64 pixels: a blue disc with three white bars that rise."""
    rows = b"".join(b"\0" + b"".join(_pixel(x, y) for x in range(_SIZE)) for y in range(_SIZE))
    parts = (
        (b"IHDR", pack(">IIBBBBB", _SIZE, _SIZE, 8, 6, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))


def _pixel(x: int, y: int) -> bytes:
    middle = _SIZE // 2
    if (x - middle) ** 2 + (y - middle) ** 2 > (middle - 2) ** 2:
        return _CLEAR
    bar, inside = divmod(x - 16, 12)
    in_bar = 0 <= bar <= 2 and inside < 8 and 46 - 9 * (bar + 1) <= y < 46
    return _WHITE if in_bar else _BLUE
