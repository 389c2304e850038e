"""A writer of zip files that tells lies: every field of a header can be set by itself."""

from __future__ import annotations

import bz2
import lzma
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

STORED, DEFLATED, DEFLATE64, BZIP2, LZMA, AES = 0, 8, 9, 12, 14, 99
UTF8, DESCRIPTOR, ENCRYPTED = 0x800, 0x8, 0x1


class Member(NamedTuple):
    """An entry. `local` and `central` are fields that say otherwise than the truth (`crc`, `packed`, `size`, `method`, `flags`,
    `name`, `start`); `packed` the packed bytes where they are not what the method makes of the content."""

    name: bytes
    content: bytes = b""
    method: int = DEFLATED
    flags: int = 0
    extra: bytes = b""
    local: Mapping[str, int | bytes] = {}
    central: Mapping[str, int | bytes] = {}
    packed: bytes | None = None
    descriptor: bytes = b""
    before: bytes = b""
    listed: bool = True


def deflate(content: bytes) -> bytes:
    """Raw deflated bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def _lzma(content: bytes) -> bytes:
    filters = [{"id": lzma.FILTER_LZMA1, "preset": 1}]
    packed = lzma.compress(content, lzma.FORMAT_ALONE, filters=filters)
    return b"\x09\x14\x05\x00" + packed[:5] + packed[13:]


_PACKERS: dict[int, Callable[[bytes], bytes]] = {DEFLATED: deflate, BZIP2: bz2.compress, LZMA: _lzma}


def members(parts: Mapping[str, bytes]) -> list[Member]:
    """An entry for each part."""
    return [Member(name.encode(), content) for name, content in parts.items()]


def changed(parts: Mapping[str, bytes], part: str, **fields: object) -> list[Member]:
    """An entry for each part, that of one of them with other fields."""
    return [
        each._replace(**fields) if each.name == part.encode() else each  # type: ignore[arg-type]
        for each in members(parts)
    ]


def assemble(entries: Iterable[Member], *, comment: bytes = b"", end: Mapping[str, int] | None = None) -> bytes:
    """The file: entries, directory, end record (`end` says `count`, `size`, `offset` otherwise than they are)."""
    body = bytearray()
    records = []
    for entry in entries:
        body += entry.before
        start = len(body)
        packed = entry.packed
        if packed is None:
            packed = _PACKERS.get(entry.method, bytes)(entry.content)
        truth: dict[str, int | bytes] = {
            "flags": entry.flags, "method": entry.method, "crc": zlib.crc32(entry.content), "packed": len(packed),
            "size": len(entry.content), "name": entry.name, "start": start,
        }  # fmt: skip
        local, central = {**truth, **entry.local}, {**truth, **entry.central}
        name = local["name"]
        assert isinstance(name, bytes)
        body += struct.pack(
            "<4s5H3L2H", b"PK\x03\x04", 20, local["flags"], local["method"], 0, 0x21, local["crc"], local["packed"],
            local["size"], len(name), len(entry.extra),
        )  # fmt: skip
        body += name + entry.extra + packed + entry.descriptor
        name = central["name"]
        assert isinstance(name, bytes)
        if entry.listed:
            records.append(
                struct.pack(
                    "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, central["flags"], central["method"], 0, 0x21, central["crc"],
                    central["packed"], central["size"], len(name), 0, 0, 0, 0, 0, central["start"],
                )
                + name
            )  # fmt: skip
    told = {"count": len(records), "size": len(b"".join(records)), "offset": len(body), **(end or {})}
    body += b"".join(records)
    count = told["count"]
    if count > 0xFFFF:
        place = len(body)
        fields = (44, 45, 45, 0, 0, count, count, told["size"], told["offset"])
        body += struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", *fields) + struct.pack("<4sLQL", b"PK\x06\x07", 0, place, 1)
        count = 0xFFFF
    body += struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, told["size"], told["offset"], len(comment))
    return bytes(body) + comment


def pack(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a plain zip."""
    return assemble(members(parts))
