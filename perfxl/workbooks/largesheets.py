"""Large worksheets are searched before they are read: two million figures without a telling word need no cells in memory."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

LARGE = 4 << 20
"""A part of more bytes is searched first; a smaller one is read just as fast."""

# Text that stands in the sheet itself, as it is or as the result of a formula; quotes that no known program writes.
_OWN_TEXT = (b"inlineStr", b't="str"', b"t='")
_OVERLAP = 512  # bytes of a chunk that are searched again with the next: no cell's tag is longer


def may_hold_text(chunks: Iterable[bytes], strings: Collection[int]) -> bool:
    """Whether a worksheet's part has cells with one of these shared strings, or with text of its own, or is in UTF-16."""
    numbers = b"|".join([str(index).encode() for index in sorted(strings)])
    cell = re.compile(rb't="s"[^<>]*>\s*<(?:[\w.-]+:)?v>(?:%b)<' % numbers) if strings else None
    before = b""
    for chunk in chunks:
        searched = before + chunk
        if any(own in searched for own in _OWN_TEXT) or b"\x00" in chunk[:4]:
            return True
        if cell is not None and cell.search(searched):
            return True
        before = searched[-_OVERLAP:]
    return False
