"""Compound files (MS-CFB), the container of .xls and of workbooks with a password: their streams by name.

Every chain of sectors is bounded by the number of sectors there are, so that one that loops ends.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator
from typing import NamedTuple

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_SHIFTS = struct.Struct("<2H")  # of a sector's and of a small sector's size
_PLACES = struct.Struct("<8L")  # from the count of table sectors on
_HEADER = 512
_IN_HEADER = 109  # sectors of the table that the header itself lists
_ENTRY = 128  # bytes of a directory entry
_ENTRY_FIELDS = struct.Struct("<64sHBB3L36xLQ")
_STREAM, _ROOT = 2, 5
_END = 0xFFFFFFFA  # numbers from here on are signs, not sectors


class Damaged(ValueError):
    """What the bytes say of themselves does not hold."""


class _Entry(NamedTuple):
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class CompoundFile:
    """The streams at the top of a compound file; those of embedded objects, which may bear the same names, are left out."""

    def __init__(self, raw: bytes) -> None:
        """Reads the header, the table of sectors and the directory.

        Raises:
            Damaged: they contradict each other.
        """
        if not raw.startswith(SIGNATURE) or len(raw) < _HEADER:
            raise Damaged("header")
        self._raw = raw
        shift, self._mini_shift = _SHIFTS.unpack_from(raw, 30)
        if shift not in (9, 12) or self._mini_shift != 6:
            raise Damaged("sector size")
        self._sector = 1 << shift
        tables, directory, _, self._cutoff, mini, _, more, _ = _PLACES.unpack_from(raw, 44)
        self._table = self._read_table(tables, more)
        self._mini_table = _numbers(self._chain(mini))
        entries = [_entry(record) for record in _sliced(self._chain(directory), _ENTRY)]
        if not entries or entries[0].kind != _ROOT:
            raise Damaged("directory")
        self._mini_stream: bytes | None = None
        self._root = entries[0]
        self._streams = {entry.name.lower(): entry for entry in _children(entries) if entry.kind == _STREAM}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._streams

    def stream(self, name: str) -> bytes:
        """The bytes of a stream.

        Raises:
            Damaged: there is no such stream, or it is not whole.
        """
        entry = self._streams.get(name.lower())
        if entry is None:
            raise Damaged(f"no stream {name}")
        data = self._small(entry) if entry.size < self._cutoff else self._chain(entry.start)
        if len(data) < entry.size:
            raise Damaged(f"stream {name} is cut off")
        return data[: entry.size]

    def _at(self, number: int) -> bytes:
        start = (number + 1) * self._sector
        return self._raw[start : start + self._sector]

    def _read_table(self, count: int, more: int) -> array[int]:
        """The next sector of each sector. The header lists where the table lies, and where that list goes on."""
        listed = list(_numbers(self._raw[76 : 76 + 4 * _IN_HEADER]))
        seen: set[int] = set()
        while more < _END and len(listed) < count:
            if more in seen:
                raise Damaged("list of tables loops")
            seen.add(more)
            numbers = _numbers(self._at(more))
            if not numbers:
                raise Damaged("list of tables is cut off")
            more = numbers.pop()
            listed += numbers
        table = array("I")
        sectors = len(self._raw) // self._sector
        for number in listed[:count]:
            if number < _END and len(table) < sectors:  # a list may name one part of the table over and over
                table += _numbers(self._at(number))
        return table

    def _chain(self, first: int) -> bytes:
        return b"".join(self._at(number) for number in _followed(first, self._table))

    def _small(self, entry: _Entry) -> bytes:
        """A small stream: its little sectors lie in a stream of their own, which the root entry names."""
        if self._mini_stream is None:
            self._mini_stream = self._chain(self._root.start)
        size = 1 << self._mini_shift
        numbers = _followed(entry.start, self._mini_table)
        return b"".join(self._mini_stream[number * size : (number + 1) * size] for number in numbers)


def _followed(number: int, table: array[int]) -> Iterator[int]:
    for _ in range(len(table)):
        if number >= len(table):
            break
        yield number
        number = table[number]
    if number < _END:
        raise Damaged("a chain of sectors loops, or leads to none")


def _numbers(data: bytes) -> array[int]:
    numbers = array("I", data[: len(data) & ~3])
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _sliced(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data) - size + 1, size))


def _entry(record: bytes) -> _Entry:
    name, length, kind, _, left, right, child, start, size = _ENTRY_FIELDS.unpack_from(record)
    text = name[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
    return _Entry(text, kind, left, right, child, start, size & 0xFFFFFFFF)


def _children(entries: list[_Entry]) -> Iterator[_Entry]:
    """What lies at the top: the tree that begins at the root's child."""
    waiting, seen = [entries[0].child], {0}
    while waiting:
        number = waiting.pop()
        if number < len(entries) and number not in seen:
            seen.add(number)
            yield entries[number]
            waiting += [entries[number].left, entries[number].right]
