"""The zip container of a closed workbook: read once, written again with its untouched entries copied raw.

The standard library's `zipfile` would inflate and deflate what nobody touched, and forgives entries that contradict each other.
Here every entry is a slice of the file's bytes; a new file is the old slices, the few new ones, and a directory with new offsets.
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Container, Iterator, Mapping
from pathlib import Path

from perfxl.errors import UnreadableBook
from perfxl.filefaults import why_unreadable
from perfxl.files import file_bytes
from perfxl.workbooks.filekinds import why_no_workbook
from perfxl.workbooks.zipcontent import chunks_of, content_of, damaged, verify
from perfxl.workbooks.zipdirectory import read_directory
from perfxl.workbooks.zipformat import Entry, moved_record, new_entry, packed_entry

MAX_FILE = 160 << 20
"""The largest file that is read, in bytes."""

_LARGE = 1 << 20  # bytes


class Package:
    """The parts of one workbook file.

    Part names are matched without regard to case, as the packaging standard says. Sizes are limited before anything is inflated.
    """

    def __init__(self, raw: bytes, book: Path | str) -> None:
        """Takes the file's bytes; `book` names the file in errors.

        Raises:
            UnreadableBook: the bytes are no zip, or one that contradicts itself.
        """
        self.raw = raw
        self.book = book
        directory = read_directory(raw, book)
        self.entries, self._by_name, self._ends, self._end, self._end64 = directory

    @classmethod
    def open(cls, path: Path) -> Package:
        """Read a file.

        Raises:
            UnreadableBook: there is no such file, it cannot be read, or it is no package.
        """
        return cls.checked(read_file(path), path)

    @classmethod
    def checked(cls, raw: bytes, book: Path | str) -> Package:
        """The package that a file's bytes are; says what they are where they are none.

        Raises:
            UnreadableBook: they are no package.
        """
        if raw[:4] != b"PK\x03\x04":
            raise UnreadableBook(why_no_workbook(raw), book=book)
        return cls(raw, book)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._by_name

    def names(self) -> list[str]:
        """The names of all parts, as written."""
        return [entry.name for entry in self.entries]

    def entry(self, name: str) -> Entry:
        """The entry of a part.

        Raises:
            UnreadableBook: there is no such part.
        """
        try:
            return self._by_name[name.lower()]
        except KeyError:
            raise damaged(f"缺少部件 {name}", self.book) from None

    def read(self, name: str) -> bytes:
        """The inflated bytes of a part, their checksum verified.

        Raises:
            UnreadableBook: the part is missing, damaged, encrypted or too large.
        """
        return content_of(self.raw, self.entry(name), self.book)

    def stream(self, name: str) -> Iterator[bytes]:
        """The inflated bytes of a part in chunks, so that a large one is never in memory as a whole.

        Raises:
            UnreadableBook: as `read`; a wrong checksum shows only after the last chunk.
        """
        return chunks_of(self.raw, self.entry(name), self.book)

    def verify(self, apart: Container[str]) -> None:
        """Look through all parts but those `apart` (names in small letters): each must be what the directory says, and no XML part may
        hold a DTD, whether anybody reads it or not.

        Raises:
            UnreadableBook: a part is damaged, too large, or holds a DTD.
        """
        for entry in self.entries:
            if entry.name.lower() not in apart:
                verify(self.raw, entry, self.book)

    def raw_entry(self, entry: Entry) -> bytes | memoryview:
        """An entry as it stands in the file: header, packed bytes, data descriptor; a large one is not copied for that."""
        start, end = entry.start, self._ends[entry.start]
        return self.raw[start:end] if end - start < _LARGE else memoryview(self.raw)[start:end]

    def rewritten(self, changed: Mapping[str, bytes | None]) -> Iterator[bytes | memoryview]:
        """The file with other content in the named parts, as pieces to be written one after the other.

        A part that is not there yet comes last, one whose content is None is left out. Untouched entries keep their bytes, all
        entries their order, the zip its comment.
        """
        new = {name.lower(): content for name, content in changed.items()}
        records: dict[int, bytes] = {}
        position = 0
        # Pieces go in the order of the file, records in the order of the directory: the two need not agree.
        for entry in sorted(self.entries, key=lambda e: e.start):
            if entry.name.lower() not in new:
                records[entry.start] = moved_record(entry.record, position)
                piece: bytes | memoryview = self.raw_entry(entry)
            else:
                content = new[entry.name.lower()]
                if content is None:
                    continue
                piece, records[entry.start] = packed_entry(self.raw, entry, content, position)
            yield piece
            position += len(piece)
        listed = [records[entry.start] for entry in self.entries if entry.start in records]
        for name, content in changed.items():
            if content is not None and name not in self:
                piece, record = new_entry(name, content, position)
                listed.append(record)
                yield piece
                position += len(piece)
        directory = b"".join(listed)
        yield directory
        yield self._end_record(position, len(directory), len(listed))

    def _end_record(self, offset: int, size: int, count: int) -> bytes:
        """The end of the directory as it was, with its new place, size and count."""
        end = bytearray(self.raw[self._end :])
        for at, number in ((12, size), (16, offset)):
            if end[at : at + 4] != b"\xff\xff\xff\xff":  # else the zip64 record says it
                struct.pack_into("<L", end, at, number)
        if count != len(self.entries) and end[8:10] != b"\xff\xff":
            struct.pack_into("<2H", end, 8, count, count)
        if self._end64 < 0:
            return bytes(end)
        end64 = bytearray(self.raw[self._end64 : self._end - 20])
        struct.pack_into("<4Q", end64, 24, count, count, size, offset)
        locator = bytearray(self.raw[self._end - 20 : self._end])
        struct.pack_into("<Q", locator, 8, offset + size)
        return bytes(end64 + locator + end)


def read_file(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        UnreadableBook: there is no such file, it cannot be read, or it is too large.
    """
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):  # opening a pipe would wait for ever
            raise UnreadableBook("不是普通文件，无法读取。请检查路径。", book=path)
        if found.st_size > MAX_FILE:
            raise UnreadableBook(f"文件超过 {MAX_FILE >> 20} MB，不予读取。请删去无关的工作表后重试。", book=path)
        return file_bytes(path)
    except (OSError, ValueError) as error:
        raise UnreadableBook(why_unreadable(path, error), book=path) from error
