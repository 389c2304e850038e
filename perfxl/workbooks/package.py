"""The zip container of a closed workbook: read once, written again with its untouched entries copied raw.

The standard library's `zipfile` would inflate and deflate what nobody touched, and forgives entries that contradict each other.
Here every entry is a slice of the file's bytes; a new file is the old slices, the few new ones, and a directory with new offsets.
"""

from __future__ import annotations

import os
import stat
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from perfxl.errors import UnreadableBook
from perfxl.files import file_bytes
from perfxl.workbooks.zipformat import (
    CENTRAL,
    DEFLATED,
    ENCRYPTED,
    END,
    END64,
    FULL32,
    LOCATOR64,
    STORED,
    TWO_SHORTS,
    Entry,
    extra_fields,
    find_end,
    moved_record,
    new_entry,
    packed_entry,
    part_name,
)

MAX_FILE = 160 << 20
"""The largest file that is read, in bytes."""

MAX_PART = 200 << 20
"""The largest part that is inflated, in bytes: past it a workbook would not fit into the memory that perfxl promises to stay in."""

_CHUNK = 1 << 18


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
        self.entries: list[Entry] = []
        self._ends: dict[int, int] = {}  # where the next entry, or the directory, begins, by an entry's start
        self._by_name: dict[str, Entry] = {}
        self._read_directory()

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
            raise UnreadableBook(_what_else(raw), book=book)
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
            raise self._damaged(f"缺少部件 {name}") from None

    def read(self, name: str) -> bytes:
        """The inflated bytes of a part, their checksum verified.

        Raises:
            UnreadableBook: the part is missing, damaged, encrypted or too large.
        """
        entry = self._readable(self.entry(name))
        packed = self.raw[entry.data : entry.data + entry.packed_size]
        if entry.method == STORED:
            content = packed
        else:
            inflater = zlib.decompressobj(-15)
            try:
                content = inflater.decompress(packed, entry.size + 1)
            except zlib.error as error:
                raise self._damaged(f"部件 {entry.name} 无法解压") from error
            if not inflater.eof and len(content) <= entry.size:
                raise self._damaged(f"部件 {entry.name} 不完整")
        if len(content) != entry.size or zlib.crc32(content) != entry.crc:
            raise self._damaged(f"部件 {entry.name} 校验不符")
        return content

    def stream(self, name: str) -> Iterator[bytes]:
        """The inflated bytes of a part in chunks, so that a large one is never in memory as a whole.

        Raises:
            UnreadableBook: as `read`; a wrong checksum shows only after the last chunk.
        """
        entry = self._readable(self.entry(name))
        packed = memoryview(self.raw)[entry.data : entry.data + entry.packed_size]
        crc = size = 0
        for chunk in self._inflated(packed, entry) if entry.method == DEFLATED else _sliced(packed):
            crc = zlib.crc32(chunk, crc)
            size += len(chunk)
            if size > entry.size:
                break
            yield chunk
        if size != entry.size or crc != entry.crc:
            raise self._damaged(f"部件 {entry.name} 校验不符")

    def raw_entry(self, entry: Entry) -> bytes:
        """An entry as it stands in the file: header, packed bytes, data descriptor."""
        return self.raw[entry.start : self._ends[entry.start]]

    def rewritten(self, changed: Mapping[str, bytes | None]) -> Iterator[bytes]:
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
                piece = self.raw_entry(entry)
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

    # ---- reading the directory

    def _read_directory(self) -> None:
        raw = self.raw
        self._end = find_end(raw)
        if self._end < 0:
            raise self._damaged("找不到压缩目录，可能没有下载完整")
        _, disk, first_disk, _, count, size, offset, _ = END.unpack_from(raw, self._end)
        self._end64 = -1
        directory_end = self._end
        if raw[self._end - 20 : self._end - 16] == b"PK\x06\x07":
            self._end64 = LOCATOR64.unpack_from(raw, self._end - 20)[2]
            if raw[self._end64 : self._end64 + 4] != b"PK\x06\x06" or self._end64 + 56 > self._end - 20:
                raise self._damaged("压缩目录位置不符")
            fields = END64.unpack_from(raw, self._end64)
            disk, first_disk, count, size, offset = fields[4], fields[5], fields[7], fields[8], fields[9]
            directory_end = self._end64
        if disk or first_disk or offset + size != directory_end:
            raise self._damaged("压缩目录位置不符")
        self._place(self._records(offset, directory_end, count), offset)

    def _records(self, position: int, end: int, count: int) -> list[Entry]:
        raw = self.raw
        found: list[Entry] = []
        while position < end:
            if position + 46 > end or not raw.startswith(b"PK\x01\x02", position):
                raise self._damaged("压缩目录损坏")
            _, _, _, flags, method, _, _, crc, packed, size, name_size, extra_size, comment_size, _, _, _, start = (
                CENTRAL.unpack_from(raw, position)
            )
            name_end = position + 46 + name_size
            raw_name = raw[position + 46 : name_end]
            name = part_name(raw_name)
            record = raw[position : name_end + extra_size + comment_size]
            if start == FULL32 or size == FULL32 or packed == FULL32:
                extra = raw[name_end : name_end + extra_size]
                size, packed, start = self._from_extra(extra, size, packed, start)
            if not raw.startswith(b"PK\x03\x04", start) or start + 30 > end:
                raise self._damaged(f"部件 {name} 的位置不符")
            local_name_size, local_extra_size = TWO_SHORTS.unpack_from(raw, start + 26)
            if local_name_size != name_size or not raw.startswith(raw_name, start + 30):
                raise self._damaged(f"部件 {name} 的两处名称不一致")
            data = start + 30 + name_size + local_extra_size
            found.append(Entry(name, flags, method, crc, packed, size, start, data, record))
            position += len(record)
        if len(found) != count or position != end:
            raise self._damaged("压缩目录损坏")
        return found

    def _from_extra(self, extra: bytes, size: int, packed: int, start: int) -> tuple[int, int, int]:
        """Zip64 sizes and offset: only those are in the extra field that do not fit into the record."""
        for kind, at, length in extra_fields(extra):
            if kind == 1:
                numbers = iter(struct.unpack_from(f"<{length // 8}Q", extra, at))
                try:
                    size = next(numbers) if size == FULL32 else size
                    packed = next(numbers) if packed == FULL32 else packed
                    start = next(numbers) if start == FULL32 else start
                except StopIteration:
                    break
                return size, packed, start
        raise self._damaged("压缩目录损坏")

    def _place(self, found: list[Entry], directory: int) -> None:
        """No entry may lie over another, none may differ from its namesake: else two readers see two workbooks."""
        self.entries = found
        placed = sorted([entry.start for entry in found])
        if placed and placed[0] != 0:
            raise self._damaged("文件开头有多余内容")
        self._ends = dict(zip(placed, [*placed[1:], directory], strict=True))
        if len(self._ends) != len(found):
            raise self._damaged("压缩包内的部件互相重叠")
        ends, by_name = self._ends, self._by_name
        for entry in found:
            if entry.data + entry.packed_size > ends[entry.start]:
                raise self._damaged(f"部件 {entry.name} 与其他部件重叠")
            other = by_name.setdefault(entry.name.lower(), entry)
            if other is not entry and (other.crc, other.size) != (entry.crc, entry.size):
                raise self._damaged(f"压缩包内有两个内容不同的 {entry.name}")

    def _readable(self, entry: Entry) -> Entry:
        if entry.flags & ENCRYPTED:
            raise UnreadableBook(
                "压缩包内的部件已加密，无法读取。请用 Excel 或 WPS 打开后另存，再重试。", book=self.book
            )
        if entry.method not in (STORED, DEFLATED):
            raise self._damaged(f"部件 {entry.name} 的压缩方法不受支持")
        if entry.size > MAX_PART:
            message = f"部件 {entry.name} 解压后超过 {MAX_PART >> 20} MB，不予读取。请删去多余的行列和格式后重试。"
            raise UnreadableBook(message, book=self.book)
        return entry

    def _inflated(self, packed: memoryview, entry: Entry) -> Iterator[bytes]:
        inflater = zlib.decompressobj(-15)
        for piece in _sliced(packed):
            rest: bytes | memoryview = piece
            while rest:
                try:
                    yield inflater.decompress(rest, _CHUNK)
                except zlib.error as error:
                    raise self._damaged(f"部件 {entry.name} 无法解压") from error
                rest = inflater.unconsumed_tail
        yield inflater.flush()

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

    def _damaged(self, what: str) -> UnreadableBook:
        return UnreadableBook(
            f"工作簿已损坏（{what}），没有读取。请用 Excel 或 WPS 打开并另存为 .xlsx 后重试。", book=self.book
        )


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
    except FileNotFoundError as error:
        raise UnreadableBook("文件不存在，无法读取。请检查路径。", book=path) from error
    except (OSError, ValueError) as error:  # a name may hold what no system takes
        raise UnreadableBook(f"无法读取文件（{error}）。请检查权限和路径。", book=path) from error


def _sliced(data: memoryview) -> Iterator[bytes]:
    for at in range(0, len(data), _CHUNK):
        yield bytes(data[at : at + _CHUNK])


def _what_else(raw: bytes) -> str:
    """What a file is that does not begin as a zip, and what to do."""
    if not raw:
        return "文件是空的（0 字节），可能没有下载完整。请重新取得文件。"
    if raw.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            return "工作簿设有打开密码，无法读取。请在 Excel 或 WPS 中取消打开密码，保存后重试。"
        return "这是旧版 .xls 格式（或由其他程序生成），不是 .xlsx。请用 Excel 或 WPS 另存为 .xlsx 后重试。"
    return "这不是 Excel 工作簿（.xlsx/.xlsm）。请用 Excel 或 WPS 打开，另存为 .xlsx 后重试。"
