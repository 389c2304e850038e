"""Inflates the entries of a zip file, by chunks or whole, and verifies them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from perfxl.errors import UnreadableBook
from perfxl.workbooks.markup import has_dtd
from perfxl.workbooks.zipformat import DEFLATED, ENCRYPTED, STORED, Entry

MAX_PART = 200 << 20
"""The largest part that is inflated, in bytes: past it a workbook would not fit into the memory that perfxl promises to stay in."""

_CHUNK = 1 << 18
_SMALL = 1 << 14  # packed bytes of an entry that is looked through once for all files that have the same
_MARKUP = (".xml", ".rels", ".vml")


def damaged(what: str, book: Path | str) -> UnreadableBook:
    """The error for a package that contradicts itself."""
    return UnreadableBook(f"工作簿已损坏（{what}），没有读取。请用 Excel 或 WPS 打开并另存为 .xlsx 后重试。", book=book)


def readable(entry: Entry, book: Path | str) -> Entry:
    """The entry, if its content may be read.

    Raises:
        UnreadableBook: it is encrypted, packed by another method, or too large.
    """
    if entry.flags & ENCRYPTED:
        raise UnreadableBook("压缩包内的部件已加密，无法读取。请用 Excel 或 WPS 打开后另存，再重试。", book=book)
    if entry.method not in (STORED, DEFLATED):
        raise damaged(f"部件 {entry.name} 的压缩方法不受支持", book)
    if entry.size > MAX_PART:
        message = f"部件 {entry.name} 解压后超过 {MAX_PART >> 20} MB，不予读取。请删去多余的行列和格式后重试。"
        raise UnreadableBook(message, book=book)
    return entry


def content_of(raw: bytes, entry: Entry, book: Path | str) -> bytes:
    """The content of an entry of the file's bytes.

    Raises:
        UnreadableBook: it is not what the directory says, or must not be read.
    """
    readable(entry, book)
    try:
        return _unpacked(raw[entry.data : entry.data + entry.packed_size], entry.method, entry.crc, entry.size)
    except ValueError as error:
        raise damaged(f"部件 {entry.name} {error}", book) from error


def _unpacked(packed: bytes, method: int, crc: int, size: int) -> bytes:
    """The content of packed bytes.

    Raises:
        ValueError: it is not what was told; the text says what is wrong, in Chinese.
    """
    content = packed
    if method == DEFLATED:
        inflater = zlib.decompressobj(-15)
        try:
            content = inflater.decompress(packed, size + 1)
        except zlib.error as error:
            raise ValueError("无法解压") from error
        if not inflater.eof and len(content) <= size:
            raise ValueError("不完整")
    if len(content) != size or zlib.crc32(content) != crc:
        raise ValueError("校验不符")
    return content


def chunks_of(raw: bytes, entry: Entry, book: Path | str) -> Iterator[bytes]:
    """The content of an entry in chunks, so that a large one is never in memory as a whole.

    Raises:
        UnreadableBook: as `content_of`; a wrong checksum shows only after the last chunk.
    """
    readable(entry, book)
    packed = memoryview(raw)[entry.data : entry.data + entry.packed_size]
    crc = size = 0
    for chunk in _inflated(packed, entry, book) if entry.method == DEFLATED else _sliced(packed):
        crc = zlib.crc32(chunk, crc)
        size += len(chunk)
        if size > entry.size:
            break
        yield chunk
    if size != entry.size or crc != entry.crc:
        raise damaged(f"部件 {entry.name} 校验不符", book)


def _inflated(packed: memoryview, entry: Entry, book: Path | str) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-15)
    for piece in _sliced(packed):
        rest: bytes | memoryview = piece
        while rest:
            try:
                yield inflater.decompress(rest, _CHUNK)
            except zlib.error as error:
                raise damaged(f"部件 {entry.name} 无法解压", book) from error
            rest = inflater.unconsumed_tail
    yield inflater.flush()


def _sliced(data: memoryview) -> Iterator[bytes]:
    for at in range(0, len(data), _CHUNK):
        yield bytes(data[at : at + _CHUNK])


def verify(raw: bytes, entry: Entry, book: Path | str) -> None:
    """Look through an entry that nobody reads: it must be what the directory says, and hold no DTD.

    One that is encrypted or packed by other methods is passed over.

    Raises:
        UnreadableBook: it is damaged, too large, or holds a DTD.
    """
    if entry.method not in (STORED, DEFLATED) or entry.flags & ENCRYPTED:
        return
    is_markup = entry.name.lower().endswith(_MARKUP)
    if entry.packed_size <= _SMALL and entry.size <= _SMALL << 5:
        packed = raw[entry.data : entry.data + entry.packed_size]
        if _is_sound(packed, entry.method, entry.crc, entry.size, is_markup):
            return
    suspect = False
    tail = b""
    for chunk in chunks_of(raw, entry, book):
        if is_markup:
            searched = tail + chunk
            suspect = suspect or b"<!D" in searched or b"!\x00D" in searched
            tail = chunk[-5:]
    if suspect and has_dtd(content_of(raw, entry, book)):
        what = f"工作簿的部件 {entry.name} 含有文档类型声明（DTD），出于安全不予读取。"
        raise UnreadableBook(f"{what}请用 Excel 或 WPS 打开并另存为 .xlsx 后重试。", book=book)


@lru_cache(maxsize=256)  # the books of a folder come from the same form: most of these parts are the same bytes
def _is_sound(packed: bytes, method: int, crc: int, size: int, is_markup: bool) -> bool:
    """Whether there is nothing to say against a small entry."""
    try:
        return not (has_dtd(_unpacked(packed, method, crc, size)) and is_markup)
    except ValueError:
        return False
