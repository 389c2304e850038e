"""Reads the directory of a zip file, and refuses one in which two readers would see two workbooks.

Nothing is inflated here: all that a file says of itself is compared first, and sizes past the limits end it.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from perfxl.errors import UnreadableBook
from perfxl.patterns import pattern
from perfxl.workbooks.zipcontent import chunks_of, damaged
from perfxl.workbooks.zipformat import (
    CENTRAL,
    DESCRIPTOR,
    ENCRYPTED,
    END,
    END64,
    FULL32,
    LOCAL,
    LOCATOR64,
    Entry,
    extra_fields,
    find_end,
    part_name,
)

MAX_INFLATED = 1 << 30
"""The most that all parts together may say to hold, in bytes: past it the time to look through them would not do."""

MAX_ENTRIES = 65_535
"""The most entries: 5,000 sheets with all that can belong to them are fewer."""

# A local header with its name's length; behind packed bytes stand at most the 24 bytes of a descriptor with its signature.
_HEADER = pattern(rb"PK\x03\x04[\s\S]{22}([\s\S]{2})[\s\S]{2}")
_DESCRIPTOR64 = 24


class Directory(NamedTuple):
    """What a zip file holds: `entries` in the order of the directory, `by_name` in small letters, `ends` tells where by an entry's
    start the next one, or the directory, begins; `end` and `end64` (-1 where there is none) are the places of the end records."""

    entries: Sequence[Entry]
    by_name: Mapping[str, Entry]
    ends: Mapping[int, int]
    end: int
    end64: int


def read_directory(raw: bytes, book: Path | str) -> Directory:
    """The directory of the file's bytes; `book` names the file in errors.

    Raises:
        UnreadableBook: the bytes are no zip, one that contradicts itself, or one past the limits.
    """
    end = find_end(raw)
    if end < 0:
        raise damaged("找不到压缩目录，可能没有下载完整", book)
    _, disk, first_disk, _, count, size, offset, _ = END.unpack_from(raw, end)
    end64 = -1
    directory_end = end
    if raw[end - 20 : end - 16] == b"PK\x06\x07":
        end64 = LOCATOR64.unpack_from(raw, end - 20)[2]
        if raw[end64 : end64 + 4] != b"PK\x06\x06" or end64 + 56 > end - 20:
            raise damaged("压缩目录位置不符", book)
        fields = END64.unpack_from(raw, end64)
        disk, first_disk, count, size, offset = fields[4], fields[5], fields[7], fields[8], fields[9]
        directory_end = end64
    if disk or first_disk or offset + size != directory_end:
        raise damaged("压缩目录位置不符", book)
    if count > MAX_ENTRIES:
        message = f"压缩包内的部件过多（{count:,} 个），不予读取。请用 Excel 或 WPS 打开并另存为 .xlsx 后重试。"
        raise UnreadableBook(message, book=book)
    entries = _entries(raw, offset, directory_end, count, book)
    if sum([entry.size for entry in entries]) > MAX_INFLATED:
        message = f"各部件解压后共超过 {MAX_INFLATED >> 20} MB，不予读取。请删去无关的工作表、图片和附件后重试。"
        raise UnreadableBook(message, book=book)
    ends = _ends(entries, offset, book)
    return Directory(entries, _by_name(raw, entries, ends, book), ends, end, end64)


def _entries(raw: bytes, position: int, end: int, count: int, book: Path | str) -> list[Entry]:
    found: list[Entry] = []
    while position < end:
        if position + 46 > end or not raw.startswith(b"PK\x01\x02", position) or len(found) == count:
            raise damaged("压缩目录损坏", book)
        _, _, _, flags, method, _, _, crc, packed, size, name_size, extra_size, comment_size, _, _, _, start = (
            CENTRAL.unpack_from(raw, position)
        )
        name_end = position + 46 + name_size
        raw_name = raw[position + 46 : name_end]
        name = part_name(raw_name)
        record = raw[position : name_end + extra_size + comment_size]
        if start == FULL32 or size == FULL32 or packed == FULL32:
            zip64 = _from_extra(raw[name_end : name_end + extra_size], size, packed, start)
            if zip64 is None:
                raise damaged("压缩目录损坏", book)
            size, packed, start = zip64
        if not raw.startswith(b"PK\x03\x04", start) or start + 30 > end:
            raise damaged(f"部件 {name} 的位置不符", book)
        (
            _,
            _,
            local_flags,
            local_method,
            _,
            _,
            local_crc,
            local_packed,
            local_size,
            local_name_size,
            local_extra_size,
        ) = LOCAL.unpack_from(raw, start)
        if local_name_size != name_size or not raw.startswith(raw_name, start + 30):
            raise damaged(f"部件 {name} 的两处名称不一致", book)
        if local_method != method or (local_flags ^ flags) & ENCRYPTED:
            raise damaged(f"部件 {name} 的两处压缩方法不一致", book)
        if (local_crc, local_packed, local_size) != (crc, packed, size) and not (
            # It may say nothing of them: they stand behind the data, in the extra field, or nowhere else.
            local_flags & DESCRIPTOR
            or not (local_crc or local_packed or local_size)
            or (local_crc == crc and local_packed in (packed, FULL32) and local_size in (size, FULL32))
        ):
            raise damaged(f"部件 {name} 的两处大小或校验和不一致", book)
        data = start + 30 + name_size + local_extra_size
        found.append(Entry(name, flags, method, crc, packed, size, start, data, record))
        position += len(record)
    if len(found) != count or position != end:
        raise damaged("压缩目录损坏", book)
    return found


def _from_extra(extra: bytes, size: int, packed: int, start: int) -> tuple[int, int, int] | None:
    """Zip64 sizes and offset: only those are in the extra field that do not fit into the record; None where one is missing."""
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
    return None


def _ends(entries: Sequence[Entry], directory: int, book: Path | str) -> dict[int, int]:
    """Where by an entry's start the next one, or the directory, begins; no entry may lie over another."""
    placed = sorted([entry.start for entry in entries])
    if placed and placed[0] != 0:
        raise damaged("文件开头有多余内容", book)
    ends = dict(zip(placed, [*placed[1:], directory], strict=True))
    if len(ends) != len(entries):
        raise damaged("压缩包内的部件互相重叠", book)
    for entry in entries:
        if entry.data + entry.packed_size > ends[entry.start]:
            raise damaged(f"部件 {entry.name} 与其他部件重叠", book)
    return ends


def _by_name(raw: bytes, entries: Sequence[Entry], ends: Mapping[int, int], book: Path | str) -> dict[str, Entry]:
    """The entries by their names in small letters; none may differ from its namesake, listed or not."""
    by_name: dict[str, Entry] = {}
    gaps: list[tuple[int, int]] = []
    for entry in entries:
        other = by_name.setdefault(entry.name.lower(), entry)
        if other is not entry and not _are_alike(raw, other, entry, book):
            raise damaged(f"压缩包内有两个内容不同的 {entry.name}", book)
        behind = entry.data + entry.packed_size
        if ends[entry.start] > behind + _DESCRIPTOR64:
            gaps.append((behind, ends[entry.start]))
    for (
        start,
        stop,
    ) in gaps:  # what the directory does not list, whoever reads the file as a stream reads it all the same
        for header in _HEADER.finditer(raw, start, stop):
            name = part_name(raw[header.end() : header.end() + int.from_bytes(header[1], "little")])
            if name.lower() in by_name:
                raise damaged(f"部件 {name} 另有一份没有列入压缩目录，两处不一致", book)
    return by_name


def _are_alike(raw: bytes, one: Entry, other: Entry, book: Path | str) -> bool:
    """Whether two entries of one name hold the same: a checksum alone can be forged."""
    if (one.crc, one.size) != (other.crc, other.size):
        return False
    from hashlib import blake2b  # loads OpenSSL, and hardly a file has such entries

    digests = [blake2b(), blake2b()]
    for digest, entry in zip(digests, (one, other), strict=True):
        for chunk in chunks_of(raw, entry, book):
            digest.update(chunk)
    return digests[0].digest() == digests[1].digest()
