"""Large worksheets are searched before they are read: two million cells without a telling word need not be in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from perfxl.patterns import pattern
from perfxl.workbooks.markup import resolved, unescaped

LARGE = 4 << 20
"""A part of more bytes is searched first; a smaller one is read just as fast."""

# The text of a formula's result, which may be out of date; quotes that no known program writes.
_UNSURE = (b't="str"', b"t='")
_OWN = b'"inlineStr"'
_PLAIN = pattern(rb't="inlineStr"[^<>]*><is><t(?: xml:space="preserve")?>([^<]*)</t></is></c>')
_OVERLAP = 512  # bytes of a chunk that are searched again with the next where no cell begins: no cell's tag is longer
_LONGEST = 1 << 20  # bytes in which a cell begins, where they begin as programs write them


def may_hold_text(chunks: Iterable[bytes], strings: Collection[int], tells: Callable[[str], bool]) -> bool:
    """Whether a worksheet's part has cells with one of these shared strings, or with text of its own that tells.

    Also where that cannot be known without reading it: text in several runs, results of formulas, UTF-16.
    """
    numbers = b"|".join([str(index).encode() for index in sorted(strings)])
    shared = re.compile(rb't="s"[^<>]*>\s*<(?:[\w.-]+:)?v>(?:%b)<' % numbers) if strings else None

    def may(cells: bytes) -> bool:
        if any(unsure in cells for unsure in _UNSURE) or (shared is not None and shared.search(cells)):
            return True
        if _OWN not in cells:
            return False
        found = _PLAIN.findall(cells)
        texts = b"\x00".join(found).decode("utf-8", "replace")
        if len(found) != cells.count(_OWN) or "&#" in texts:
            return True
        return any(map(tells, unescaped(resolved(texts)).split("\x00")))

    rest = b""
    for chunk in chunks:
        if b"\x00" in chunk[:4]:
            return True
        searched = rest + chunk
        cut = searched.rfind(b"<c ")  # whole cells are searched, the last one comes with the next chunk
        if cut <= 0 and len(searched) < _LONGEST:
            rest = searched
            continue
        if may(searched[: cut if cut > 0 else None]):
            return True
        rest = searched[cut if cut > 0 else -_OVERLAP :]
    return may(rest)
