"""The zip around the parts: copied raw, and refused where two readers would see two workbooks."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from perfxl.errors import UnreadableBook
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.package import Package
from tests.workbooks import handmade

PARTS = handmade.parts(handmade.sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
PART = "xl/worksheets/sheet1.xml"


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in PARTS.items():
            package.writestr(name, content)
        package.comment = b"zip comment"
    return stream.getvalue()


class Unseekable(io.BytesIO):
    """A stream to which zipfile writes sizes behind the data."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: object) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


def with_descriptors() -> bytes:
    stream = Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in PARTS.items():
            package.writestr(name, content)
    return stream.getvalue()


def with_zip64_headers() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in PARTS.items():
            with package.open(name, "w", force_zip64=True) as part:
                part.write(content.encode() if isinstance(content, str) else content)
    return stream.getvalue()


def with_zip64_directory() -> bytes:
    """Every size and offset in the extra field, and a zip64 end record: what writers of endless streams do."""
    plain = zipped()
    package = Package(plain, "b.xlsx")
    directory = b""
    for entry in package.entries:
        name = entry.name.encode()
        extra = struct.pack("<2H3Q", 1, 24, entry.size, entry.packed_size, entry.start)
        record = bytearray(entry.record[:46])
        struct.pack_into("<2L", record, 20, 0xFFFFFFFF, 0xFFFFFFFF)
        struct.pack_into("<H", record, 30, len(extra))
        struct.pack_into("<L", record, 42, 0xFFFFFFFF)
        directory += bytes(record) + name + extra
    start = plain.index(b"PK\x01\x02")
    count = len(package.entries)
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(directory), start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, start + len(directory), 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return plain[:start] + directory + end64 + locator + end


@pytest.mark.parametrize("make", [zipped, with_descriptors, with_zip64_headers, with_zip64_directory])
@pytest.mark.parametrize("content", [b"", b"new " * 5000])
def test_only_the_changed_entry_is_packed_anew(make: Callable[[], bytes], content: bytes) -> None:
    raw = make()
    package = Package(raw, "b.xlsx")
    assert b"".join(package.rewritten({})) == raw
    new = b"".join(package.rewritten({PART.upper(): content}))
    with zipfile.ZipFile(io.BytesIO(new)) as theirs:
        assert theirs.testzip() is None
        assert theirs.read(PART) == content
        assert theirs.comment == (b"zip comment" if make is zipped else b"")
    ours = Package(new, "b.xlsx")
    for before, after in zip(package.entries, ours.entries, strict=True):
        assert before.name == after.name
        assert (before.name == PART) or package.raw_entry(before) == ours.raw_entry(after)
    assert ours.read(PART) == b"".join(ours.stream(PART)) == content


def test_entries_in_another_order_than_their_records_and_gaps_between_them_stay() -> None:
    raw = zipped()
    start, end = raw.index(b"PK\x01\x02"), raw.index(b"PK\x05\x06")
    package = Package(raw, "b.xlsx")
    gap = b"\0" * 7
    shifted = [
        entry.record[:42] + struct.pack("<L", entry.start + 7 * (entry.start > 0)) + entry.record[46:]
        for entry in package.entries
    ]
    first = bytes(package.raw_entry(package.entries[0]))
    directory = b"".join(reversed(shifted))
    tail = bytearray(raw[end:])
    struct.pack_into("<2L", tail, 12, len(directory), start + 7)
    odd = first + gap + raw[len(first) : start] + directory + bytes(tail)
    assert b"".join(Package(odd, "b.xlsx").rewritten({})) == odd


def refused(tmp_path: Path, raw: bytes) -> str:
    path = tmp_path / "工作簿.xlsx"
    path.write_bytes(raw)
    with pytest.raises(UnreadableBook) as refusal:
        ClosedWorkbook.open(path).grid("表")
    assert refusal.value.book == str(path)
    assert path.read_bytes() == raw
    return refusal.value.message


def test_other_files_are_refused_by_what_they_are(tmp_path: Path) -> None:
    cfb = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    assert "旧版 .xls" in refused(tmp_path, cfb + bytes(600))
    assert "打开密码" in refused(tmp_path, cfb + bytes(500) + "EncryptedPackage".encode("utf-16-le"))
    assert "空的" in refused(tmp_path, b"")
    assert "这不是 Excel 工作簿" in refused(tmp_path, "项目,得分\n".encode())
    for name, what in (("content.xml", ".ods"), ("任意.txt", "这不是 Excel 工作簿")):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as package:
            package.writestr(name, "x")
        assert what in refused(tmp_path, stream.getvalue())
    binary = {**PARTS, "_rels/.rels": handmade.relationships(officeDocument="xl/workbook.bin"), "xl/workbook.bin": "x"}
    assert ".xlsb" in refused(tmp_path, handmade.write(tmp_path / "b.xlsx", binary).read_bytes())


def test_places_that_are_no_files_are_refused(tmp_path: Path) -> None:
    fifo = tmp_path / "管道.xlsx"
    os.mkfifo(fifo)
    for path, what in ((tmp_path / "没有.xlsx", "不存在"), (tmp_path, "不是普通文件"), (fifo, "不是普通文件")):
        with pytest.raises(UnreadableBook, match=what):
            ClosedWorkbook.open(path)


def test_damaged_packages_are_refused(tmp_path: Path) -> None:
    raw = zipped()
    package = Package(raw, "b.xlsx")
    entry = package.entry(PART)
    flipped = bytearray(raw)
    flipped[entry.data + 9] ^= 0xFF
    refused(tmp_path, bytes(flipped))
    for cut in (len(raw) // 2, len(raw) - 3):
        refused(tmp_path, raw[:cut])
    assert "位置不符" in refused(tmp_path, b"PK\x03\x04" + raw)
    crc = bytearray(raw)
    at = raw.index(entry.record)
    crc[at + 16] ^= 1
    assert "校验和不一致" in refused(tmp_path, bytes(crc))
    crc[entry.start + 14] ^= 1
    assert "校验不符" in refused(tmp_path, bytes(crc))
    renamed = bytearray(raw)
    renamed[entry.start + 30] ^= 1
    assert "两处名称不一致" in refused(tmp_path, bytes(renamed))


def test_two_entries_of_one_name_are_refused_where_they_differ(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    handmade.write(path, PARTS)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr(PART.upper(), PARTS[PART])
    assert ClosedWorkbook.open(path).grid("表").rows
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("XL/Workbook.xml", "<workbook/>")
    with pytest.raises(UnreadableBook, match="两个内容不同"):
        ClosedWorkbook.open(path)


def test_overlapping_entries_are_refused(tmp_path: Path) -> None:
    raw = zipped()
    entries = Package(raw, "b.xlsx").entries
    doubled = bytearray(raw)
    at = raw.index(entries[1].record)
    struct.pack_into("<L", doubled, at + 42, entries[0].start)
    refused(tmp_path, bytes(doubled))
    long = bytearray(raw)
    struct.pack_into("<L", long, raw.index(entries[0].record) + 20, len(raw))
    struct.pack_into("<L", long, entries[0].start + 18, len(raw))
    assert "重叠" in refused(tmp_path, bytes(long))


def test_a_part_that_inflates_to_more_than_it_says_is_refused(tmp_path: Path) -> None:
    bomb = handmade.sheet("<row/>" * 300_000)
    path = handmade.write(tmp_path / "b.xlsx", {**PARTS, PART: bomb})
    raw = bytearray(path.read_bytes())
    entry = Package(bytes(raw), path).entry(PART)
    record = bytes(raw).index(entry.record)
    for at in (record + 24, entry.start + 22):
        struct.pack_into("<L", raw, at, 1000)
    assert "校验不符" in refused(tmp_path, bytes(raw))
    for at in (record + 24, entry.start + 22):
        struct.pack_into("<L", raw, at, 300 << 20)
    assert "超过" in refused(tmp_path, bytes(raw))


def test_encrypted_and_strangely_packed_parts_are_refused(tmp_path: Path) -> None:
    raw = zipped()
    entry = Package(raw, "b.xlsx").entry(PART)
    record = raw.index(entry.record)
    encrypted, strange = bytearray(raw), bytearray(raw)
    encrypted[record + 8] |= 1
    encrypted[entry.start + 6] |= 1
    assert "已加密" in refused(tmp_path, bytes(encrypted))
    strange[record + 10] = strange[entry.start + 8] = 12
    assert "压缩方法" in refused(tmp_path, bytes(strange))


def test_what_must_be_read_must_lie_inside(tmp_path: Path) -> None:
    outside = str(PARTS["xl/_rels/workbook.xml.rels"]).replace(
        'Target="styles.xml"', 'Target="http://x/" TargetMode="External"'
    )
    raw = handmade.write(tmp_path / "b.xlsx", {**PARTS, "xl/_rels/workbook.xml.rels": outside}).read_bytes()
    assert "指向文件之外" in refused(tmp_path, raw)
    missing = {name: content for name, content in PARTS.items() if name != PART}
    assert f"缺少部件 {PART}" in refused(tmp_path, handmade.write(tmp_path / "b.xlsx", missing).read_bytes())


@pytest.mark.parametrize("size", [0, 1, 70_000, 700_000])
def test_a_part_is_streamed_whole(size: int) -> None:
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", method) as package:
            package.writestr("a.xml", content)
        assert zlib.crc32(b"".join(Package(stream.getvalue(), "b").stream("a.xml"))) == zlib.crc32(content)
