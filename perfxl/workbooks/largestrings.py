"""Large lists of shared strings: kept packed, by pieces, since a form needs a hundred of a million texts.

A million texts as Python strings take more memory than all else of a run. Here the part is streamed once, cut between two items
into pieces that are packed again at once; a piece is read when one of its texts is asked for.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import overload

from perfxl.workbooks.markup import holds_only_tags
from perfxl.workbooks.partfaults import Refused

_PIECE = 1 << 19  # bytes of a piece, and those of its last item
_LONGEST = 1 << 22  # bytes without the end of an item: no text is so long
_END = b"</si>"
_FASTEST = 1
_PIECES_KNOWN = 4  # of these the texts stay in memory: those of a form stand together, or in two or three places

Read = Callable[[bytes], list[str]]
"""Gives the texts of a part of shared strings; raises ValueError where it is not well-formed."""


class LargeTexts(Sequence[str]):
    """The texts of a large part, as a list has them."""

    def __init__(self, head: bytes, pieces: list[bytes], starts: list[int], read: Read) -> None:
        """Takes the part up to its first item, the packed pieces, and the index of each piece's first text and of the one past the last."""
        self._head = head
        self._pieces = pieces
        self._starts = starts
        self._read = read
        self._texts = lru_cache(_PIECES_KNOWN)(self._read_piece)

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        piece = bisect_right(self._starts, index) - 1
        return self._texts(piece)[index - self._starts[piece]]

    def __iter__(self) -> Iterator[str]:
        for piece in range(len(self._pieces)):
            yield from self._read_piece(piece)

    def _read_piece(self, piece: int) -> list[str]:
        texts = self._read(self._head + zlib.decompress(self._pieces[piece]) + b"</sst>")
        if len(texts) != self._starts[piece + 1] - self._starts[piece]:
            raise Refused("中的文字不能逐项读出")
        return texts


def large_texts(chunks: Iterable[bytes], read: Read) -> LargeTexts | None:
    """The texts of a part that comes in chunks; None where it cannot be cut by its bytes: other prefixes and encodings, comments.

    Raises:
        ValueError: the part's end is not well-formed. What is wrong within a piece shows when that is read.
    """
    head = b""
    pieces: list[bytes] = []
    starts = [0]
    rest = b""  # what is not in a piece yet
    for chunk in chunks:
        rest += chunk
        if len(rest) < _PIECE:
            continue
        if not head:
            head = _head_of(rest)
            if not head:
                return None
            rest = rest[len(head) :]
        end = rest.rfind(_END) + len(_END)
        if end < len(_END):
            if len(rest) > _LONGEST:
                return None
            continue
        if not _add(rest[:end], pieces, starts):
            return None
        rest = rest[end:]
    end = rest.rfind(_END) + len(_END)
    if not head or (end >= len(_END) and not _add(rest[:end], pieces, starts)):
        return None
    if read(head + (rest[end:] if end >= len(_END) else rest)):
        return None
    return LargeTexts(head, pieces, starts, read)


def _add(piece: bytes, pieces: list[bytes], starts: list[int]) -> bool:
    """Takes a piece on; False where it holds what is no tag, or an item without a text of its own."""
    items = piece.count(_END)
    if b"<!" in piece or b"<?" in piece or piece.count(b"<si") != items:
        return False
    starts.append(starts[-1] + items)
    pieces.append(zlib.compress(piece, _FASTEST))
    return True


def _head_of(data: bytes) -> bytes:
    """The part up to and with the tag of its root, b"" where that is not written plainly."""
    begin = data.find(b"<sst")
    end = data.find(b">", begin) + 1
    if begin < 0 or not end or b"\x00" in data[:4] or data[end - 2 : end] == b"/>":
        return b""
    head = data[:end]
    declared = head[:begin].lower()
    return head if holds_only_tags(head) and (b"encoding" not in declared or b"utf-8" in declared) else b""
