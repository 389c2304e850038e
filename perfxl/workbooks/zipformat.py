"""The records of a zip file: the fields that a reader and a writer of whole entries need."""

import posixpath
import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
END64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR64 = struct.Struct("<4sLQL")
STORED, DEFLATED = 0, 8
ENCRYPTED, DESCRIPTOR = 0x1, 0x8
FULL16, FULL32 = 0xFFFF, 0xFFFFFFFF


class Entry(NamedTuple):
    """One entry of the zip: what its directory record says, and where its bytes lie in the file."""

    name: str
    flags: int
    method: int
    crc: int
    packed_size: int
    size: int
    start: int  # of its local header
    data: int  # of its packed bytes
    record: bytes  # its record in the directory, as it stands


def find_end(raw: bytes) -> int:
    """Where the end record begins: the last one whose comment ends with the file; -1 where there is none."""
    at = len(raw)
    lowest = max(0, len(raw) - 22 - FULL16)
    while (at := raw.rfind(b"PK\x05\x06", lowest, at)) >= 0:
        if at + 22 <= len(raw) and at + 22 + int.from_bytes(raw[at + 20 : at + 22], "little") == len(raw):
            return at
        at += 3
    return -1


def part_name(raw: bytes) -> str:
    """A part's name; tools that forget to say so write UTF-8 all the same, and some write backslashes."""
    try:
        name = raw.decode()
    except UnicodeDecodeError:
        name = raw.decode("cp437")
    if "\\" in name or name[:1] == "/":
        name = name.replace("\\", "/").lstrip("/")
    return posixpath.normpath(name) if "./" in name or "//" in name else name


def extra_fields(extra: bytes) -> Iterator[tuple[int, int, int]]:
    """(kind, start, length) of the fields in an extra block."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if at + 4 + length > len(extra):
            return
        yield kind, at + 4, length
        at += 4 + length


def without_zip64(extra: bytes) -> bytes:
    if not extra:  # as most programs leave it
        return extra
    return b"".join([extra[at - 4 : at + length] for kind, at, length in extra_fields(extra) if kind != 1])


def moved_record(record: bytes, start: int) -> bytes:
    """A directory record with another place of its entry."""
    if record[42:46] != b"\xff\xff\xff\xff":
        return record[:42] + start.to_bytes(4, "little") + record[46:]
    name_size, extra_size = struct.unpack_from("<2H", record, 28)
    first = 46 + name_size
    for kind, at, _ in extra_fields(record[first : first + extra_size]):
        if kind == 1:
            # The offset comes after those sizes that are in the extra field too.
            before = (record[24:28] == b"\xff\xff\xff\xff") + (record[20:24] == b"\xff\xff\xff\xff")
            place = first + at + 8 * before
            return record[:place] + start.to_bytes(8, "little") + record[place + 8 :]
    return record


def packed_entry(raw: bytes, entry: Entry, content: bytes, start: int) -> tuple[bytes, bytes]:
    """Local header with packed content, and directory record, of an entry with new content."""
    method = entry.method
    packed = content
    if method == DEFLATED:
        packed = _deflated(content)
    crc = zlib.crc32(content)
    flags = entry.flags & ~DESCRIPTOR
    local = LOCAL.unpack_from(raw, entry.start)
    name = raw[entry.start + 30 : entry.start + 30 + local[9]]
    extra = without_zip64(raw[entry.start + 30 + local[9] : entry.data])
    sizes = (crc, len(packed), len(content))
    header = LOCAL.pack(*local[:2], flags, method, *local[4:6], *sizes, len(name), len(extra))
    old = CENTRAL.unpack_from(entry.record)
    first = 46 + old[10]
    own_extra = without_zip64(entry.record[first : first + old[11]])
    comment = entry.record[first + old[11] :]
    fields = (*old[:3], flags, method, *old[5:7], *sizes, old[10], len(own_extra), *old[12:16], start)
    record = CENTRAL.pack(*fields) + entry.record[46:first] + own_extra + comment
    return b"".join([header, name, extra, packed]), record


def _deflated(content: bytes) -> bytes:
    # Level 3 is twice as fast as zlib's own choice, and hardly larger (sheets by 7 %); Excel too writes at its fastest. The tables of
    # the usual memory level are so large that the system hands them out and takes them back for each part: 75 µs instead of 25.
    memory_level = 5 if len(content) < _SMALL else zlib.DEF_MEM_LEVEL
    deflater = zlib.compressobj(3, zlib.DEFLATED, -zlib.MAX_WBITS, memory_level)
    return deflater.compress(content) + deflater.flush()


_SMALL = 1 << 16
_NEW_FLAGS, _NEW_VERSION = 0x800, 20  # the name is UTF-8; deflated entries need version 2.0
_NEW_TIME, _NEW_DATE = 0, 0x21  # 1980-01-01: the same content gives the same bytes


def new_entry(name: str, content: bytes, start: int) -> tuple[bytes, bytes]:
    """Local header with packed content, and directory record, of an entry that was not there."""
    packed = _deflated(content)
    raw_name = name.encode()
    facts = (_NEW_VERSION, _NEW_FLAGS, DEFLATED, _NEW_TIME, _NEW_DATE, zlib.crc32(content), len(packed), len(content))
    header = LOCAL.pack(b"PK\x03\x04", *facts, len(raw_name), 0)
    record = CENTRAL.pack(b"PK\x01\x02", _NEW_VERSION, *facts, len(raw_name), 0, 0, 0, 0, 0, start)
    return b"".join([header, raw_name, packed]), record + raw_name
