"""Zip files that are cut off, that contradict themselves, or that are odd and nevertheless right."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache

from tests.hostile import base, container
from tests.hostile.base import CORE, SHEET, STRINGS, STYLES, THEME, WORKBOOK
from tests.hostile.case import read, refused
from tests.hostile.container import BZIP2, DEFLATE64, DESCRIPTOR, ENCRYPTED, LZMA, STORED, UTF8, Member, changed

MEGABYTE = 1 << 20


def _pack() -> bytes:
    return container.pack(base.parts())


# ---- cut off


@refused("0 字节")
def empty_file() -> bytes:
    return b""


@refused("不是 Excel 工作簿")
def one_byte() -> bytes:
    return _pack()[:1]


@refused("没有下载完整")
def only_the_signature() -> bytes:
    return _pack()[:4]


@refused("没有下载完整")
def cut_within_the_first_header() -> bytes:
    return _pack()[:20]


@refused("没有下载完整")
def cut_within_an_entry() -> bytes:
    return _pack()[: _pack().index(b"PK\x01\x02") // 2]


@refused("没有下载完整")
def cut_before_the_directory() -> bytes:
    return _pack()[: _pack().index(b"PK\x01\x02")]


@refused("没有下载完整")
def cut_within_the_directory() -> bytes:
    return _pack()[: _pack().index(b"PK\x05\x06") - 20]


@refused("没有下载完整")
def cut_before_the_end_record() -> bytes:
    return _pack()[: _pack().index(b"PK\x05\x06")]


@refused("没有下载完整")
def cut_by_one_byte() -> bytes:
    return _pack()[:-1]


@refused("目录")
def a_piece_in_the_middle_is_missing() -> bytes:
    return _pack()[:300] + _pack()[400:]


@refused("已损坏")
def zeros_in_the_middle() -> bytes:
    data = bytearray(_pack())
    data[400:900] = bytes(500)
    return bytes(data)


@refused("目录")
def bytes_behind_the_end() -> bytes:
    return _pack() + b"\r\n"


@refused("目录")
def text_mode_transfer() -> bytes:
    return _pack().replace(b"\n", b"\r\n").replace(b"PK\x03\x04", b"PK\x03\x04", 1)


@refused("不是 Excel 工作簿")
def zeros_only() -> bytes:
    return bytes(20_000)


@refused("不是 Excel 工作簿")
def something_before_the_zip() -> bytes:
    return b"\r\n" + _pack()


@refused("不是 Excel 工作簿")
def only_an_end_record() -> bytes:
    return b"PK\x05\x06" + bytes(18)


# ---- entries that lie


@refused("校验不符")
def wrong_crc_in_the_sheet() -> bytes:
    return container.assemble(changed(base.parts(), SHEET, local={"crc": 1}, central={"crc": 1}))


@refused("校验不符")
def wrong_crc_in_a_part_that_is_not_needed() -> bytes:
    return container.assemble(changed(base.parts(), THEME, local={"crc": 1}, central={"crc": 1}))


@refused("校验不符")
def one_bit_flipped_in_a_stored_sheet() -> bytes:
    content = base.parts()[SHEET]
    flipped = content.replace(b"96.87", b"16.87")
    return container.assemble(changed(base.parts(), SHEET, method=STORED, packed=flipped))


@refused("不一致")
def crc_only_wrong_in_the_local_header() -> bytes:
    return container.assemble(changed(base.parts(), SHEET, local={"crc": 1}))


@refused("不一致")
def size_only_wrong_in_the_local_header() -> bytes:
    return container.assemble(changed(base.parts(), SHEET, local={"size": 17}))


@refused("不一致")
def method_differs_in_the_local_header() -> bytes:
    return container.assemble(changed(base.parts(), SHEET, local={"method": STORED}))


@refused("不一致")
def name_differs_in_the_local_header() -> bytes:
    return container.assemble(changed(base.parts(), SHEET, local={"name": b"xl/worksheets/sheet9.xml"}))


@refused("不一致")
def encrypted_only_in_the_local_header() -> bytes:
    return container.assemble(changed(base.parts(), SHEET, local={"flags": ENCRYPTED}))


@refused("校验不符")
def size_smaller_than_the_content() -> bytes:
    return container.assemble(changed(base.parts(), SHEET, local={"size": 100}, central={"size": 100}))


@refused("校验不符")
def size_larger_than_the_content() -> bytes:
    return container.assemble(changed(base.parts(), SHEET, local={"size": 90_000}, central={"size": 90_000}))


@refused("校验不符")
def stored_entry_whose_sizes_differ() -> bytes:
    return container.assemble(changed(base.parts(), SHEET, method=STORED, local={"size": 100}, central={"size": 100}))


@refused("重叠")
def packed_size_that_reaches_into_the_next_entry() -> bytes:
    return container.assemble(changed(base.parts(), SHEET, local={"packed": 60_000}, central={"packed": 60_000}))


@refused("不完整")
def packed_size_that_ends_too_early() -> bytes:
    return container.assemble(changed(base.parts(), SHEET, local={"packed": 100}, central={"packed": 100}))


@refused("重叠")
def two_entries_at_one_place() -> bytes:
    made = container.pack(base.parts())
    first = made.index(b"PK\x01\x02")
    second = made.index(b"PK\x01\x02", first + 4)
    return made.replace(made[second:], made[first:second] + made[second:])[:-22] + _end(made, second - first)


def _end(made: bytes, longer: int) -> bytes:
    """The end record of a zip whose directory got one entry more."""
    fields = list(struct.unpack("<4s4H2LH", made[-22:]))
    fields[3:6] = [fields[3] + 1, fields[4] + 1, fields[5] + longer]
    return struct.pack("<4s4H2LH", *fields)


@refused("无法解压")
def sheet_that_is_no_deflated_data() -> bytes:
    return container.assemble(changed(base.parts(), SHEET, packed=b"\xff" * 500))


@refused("已损坏")
def start_beyond_the_file() -> bytes:
    return container.assemble(changed(base.parts(), SHEET, central={"start": 0x7FFFFFF0}))


@refused("目录")
def more_entries_announced_than_there_are() -> bytes:
    return container.assemble(container.members(base.parts()), end={"count": 500})


@refused("目录")
def fewer_entries_announced_than_there_are() -> bytes:
    return container.assemble(container.members(base.parts()), end={"count": 3})


@refused("目录")
def directory_announced_elsewhere() -> bytes:
    return container.assemble(container.members(base.parts()), end={"offset": 4})


@refused("两个内容不同的")
def two_sheets_of_one_name() -> bytes:
    other = base.parts()[SHEET].replace(b"96.87", b"96.78")
    return container.assemble([*container.members(base.parts()), Member(SHEET.encode(), other)])


@refused("两个内容不同的")
def two_sheets_of_one_name_in_capitals() -> bytes:
    other = base.parts()[SHEET].replace(b"96.87", b"96.78")
    return container.assemble([*container.members(base.parts()), Member(SHEET.upper().encode(), other)])


@refused("两个内容不同的")
def two_sheets_of_one_name_by_a_backslash() -> bytes:
    other = base.parts()[SHEET].replace(b"96.87", b"96.78")
    return container.assemble([*container.members(base.parts()), Member(SHEET.replace("/", "\\").encode(), other)])


@refused("两个内容不同的")
def two_sheets_of_one_name_by_a_detour() -> bytes:
    other = base.parts()[SHEET].replace(b"96.87", b"96.78")
    return container.assemble([*container.members(base.parts()), Member(b"xl/x/../worksheets/./sheet1.xml", other)])


@refused("两个内容不同的")
def two_sheets_of_one_checksum() -> bytes:
    """Two contents of the same CRC and length: the last four bytes of a comment make up for the difference."""
    one = base.parts()[SHEET].replace(b"</worksheet>", b"<!--\0\0\0\0aaaa--></worksheet>").replace(b"\0", b"a")
    two = _with_crc(one.replace(b"96.87", b"96.78"), zlib.crc32(one), one.rindex(b"aaaaaaaa"))
    if len(two) != len(one) or zlib.crc32(two) != zlib.crc32(one):
        raise ValueError("the checksums differ")
    return container.assemble([*changed(base.parts(), SHEET, content=one), Member(SHEET.encode(), two)])


def _with_crc(data: bytes, wanted: int, at: int) -> bytes:
    """The data with eight letters at a place chosen so that its checksum is the wanted one."""

    # CRC-32 is linear over bits: 64 low bits of eight letters are more than enough to solve for 32.
    def state(letters: bytes) -> int:
        return zlib.crc32(data[:at] + letters + data[at + 8 :])

    nothing = state(b"@" * 8)
    rows = []
    for byte in range(8):
        for bit in range(5):
            letters = bytearray(b"@" * 8)
            letters[byte] ^= 1 << bit
            rows.append((state(bytes(letters)) ^ nothing, 1 << (byte * 5 + bit)))
    goal, chosen = wanted ^ nothing, 0
    for bit in range(32):
        pivot = next((row for row in rows if row[0] >> bit & 1), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows = [(r ^ pivot[0], c ^ pivot[1]) if r >> bit & 1 else (r, c) for r, c in rows]
        if goal >> bit & 1:
            goal, chosen = goal ^ pivot[0], chosen ^ pivot[1]
    solved = bytes(0x40 ^ (chosen >> (byte * 5) & 31) for byte in range(8))
    return data[:at] + solved + data[at + 8 :]


@refused("压缩方法")
def sheet_packed_by_lzma() -> bytes:
    return container.assemble(changed(base.parts(), SHEET, method=LZMA))


@refused("压缩方法")
def sheet_packed_by_bzip2() -> bytes:
    return container.assemble(changed(base.parts(), SHEET, method=BZIP2))


@refused("压缩方法")
def sheet_packed_by_deflate64() -> bytes:
    return container.assemble(changed(base.parts(), SHEET, method=DEFLATE64, packed=container.deflate(b"x")))


@refused("压缩方法")
def sheet_packed_by_nobody_knows_what() -> bytes:
    return container.assemble(changed(base.parts(), SHEET, method=777))


@refused("加密")
def sheet_encrypted_by_zip() -> bytes:
    return container.assemble(changed(base.parts(), SHEET, flags=ENCRYPTED))


@refused("加密")
def sheet_encrypted_by_aes() -> bytes:
    extra = struct.pack("<2HH2sBH", 0x9901, 7, 2, b"AE", 3, 8)
    return container.assemble(changed(base.parts(), SHEET, method=container.AES, flags=ENCRYPTED, extra=extra))


# ---- bombs


@refused("MB")
def sheet_of_two_gigabytes_of_blanks() -> bytes:
    """Told truly: 2 GB that pack to 2 MB."""
    return _bomb(SHEET, 2048)


@refused("校验不符")
def sheet_of_two_gigabytes_that_says_it_is_small() -> bytes:
    return _bomb(SHEET, 2048, told=5000)


@refused("MB")
def strings_of_two_gigabytes_of_blanks() -> bytes:
    return _bomb(STRINGS, 2048)


@refused("MB")
def style_sheet_of_two_gigabytes_of_blanks() -> bytes:
    return _bomb(STYLES, 2048)


@refused("MB")
def relationships_of_two_gigabytes_of_blanks() -> bytes:
    return _bomb(base.WORKBOOK_RELS, 2048)


@refused("MB")
def unused_part_of_four_gigabytes() -> bytes:
    return _bomb("xl/media/image1.png", 4095)


@refused("校验不符")
def unused_part_of_two_gigabytes_that_says_it_is_small() -> bytes:
    return _bomb("xl/media/image1.png", 2048, told=5000)


@refused("MB")
def fifty_unused_parts_of_100_megabytes() -> bytes:
    block = _blanks(100)
    bombs = [
        Member(f"xl/media/image{n}.png".encode(), packed=block[0], central=block[1], local=block[1]) for n in range(50)
    ]
    return container.assemble([*container.members(base.parts()), *bombs])


@cache
def _blanks(megabytes: int) -> tuple[bytes, Mapping[str, int]]:
    """So many megabytes of blanks, deflated a thousand to one, and what the headers say of them."""
    megabyte = b" " * MEGABYTE
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    one = packer.compress(megabyte) + packer.flush(zlib.Z_FULL_FLUSH)  # from here on nothing leans on what was before
    packed = one * megabytes + packer.flush()
    crc = 0
    for _ in range(megabytes):
        crc = zlib.crc32(megabyte, crc)
    return packed, {"size": megabytes * MEGABYTE, "crc": crc, "packed": len(packed)}


def _bomb(part: str, megabytes: int, told: int | None = None) -> bytes:
    packed, truth = _blanks(megabytes)
    says = {**truth, **({} if told is None else {"size": told})}
    made = base.parts() if part in base.parts() else base.parts({part: b""})
    return container.assemble(changed(made, part, packed=packed, local=says, central=says))


@refused("部件过多")
def two_hundred_thousand_entries() -> bytes:
    crowd = [Member(b"m/%d" % n, method=STORED) for n in range(200_000)]
    return container.assemble(container.members(base.parts()) + crowd)


# ---- odd but right


@read()
def as_it_is() -> bytes:
    return _pack()


@read()
def all_entries_stored() -> bytes:
    return container.assemble([m._replace(method=STORED) for m in container.members(base.parts())])


@read()
def data_descriptors() -> bytes:
    """The sizes stand behind the data, with and without the signature that need not be there."""
    entries = []
    for number, entry in enumerate(container.members(base.parts())):
        packed = container.deflate(entry.content)
        tail = struct.pack("<3L", zlib.crc32(entry.content), len(packed), len(entry.content))
        descriptor = (b"PK\x07\x08" if number % 2 else b"") + tail
        none = {"crc": 0, "packed": 0, "size": 0}
        entries.append(entry._replace(flags=DESCRIPTOR, local=none, descriptor=descriptor))
    return container.assemble(entries)


@read()
def local_headers_without_sizes() -> bytes:
    none = {"crc": 0, "packed": 0, "size": 0}
    return container.assemble([m._replace(local=none) for m in container.members(base.parts())])


@read()
def zip64_throughout() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in base.parts().items():
            with package.open(name, "w", force_zip64=True) as part:
                part.write(content)
    return stream.getvalue()


@read()
def content_types_last() -> bytes:
    made = base.parts()
    return container.pack({**{k: v for k, v in made.items() if k != base.TYPES}, base.TYPES: made[base.TYPES]})


@read()
def parts_in_reverse_order() -> bytes:
    return container.pack(dict(reversed(base.parts().items())))


@read()
def names_in_capitals() -> bytes:
    return container.pack({name.upper(): content for name, content in base.parts().items()})


@read()
def names_with_backslashes() -> bytes:
    return container.pack({name.replace("/", "\\"): content for name, content in base.parts().items()})


@read()
def names_with_a_slash_before() -> bytes:
    return container.pack({f"/{name}": content for name, content in base.parts().items()})


@read()
def names_that_climb_out_of_the_package() -> bytes:
    return container.pack({**base.parts(), "../../../../tmp/evil.xml": b"x", "C:\\Windows\\evil.dll": b"x"})


@read()
def an_entry_twice_with_the_same_content() -> bytes:
    return container.assemble([*container.members(base.parts()), Member(SHEET.encode(), base.parts()[SHEET])])


@read()
def entries_for_folders() -> bytes:
    folders = [Member(name, method=STORED) for name in (b"xl/", b"xl/worksheets/", b"_rels/", b"docProps/")]
    return container.assemble([*folders, *container.members(base.parts())])


@read()
def unused_entry_of_a_strange_method() -> bytes:
    return container.assemble([*container.members(base.parts()), Member(b"xl/media/image1.emf", b"x" * 500, LZMA)])


@read()
def unused_entry_that_is_encrypted() -> bytes:
    return container.assemble(
        [*container.members(base.parts()), Member(b"xl/media/a.bin", b"x" * 500, STORED, flags=ENCRYPTED)]
    )


@read()
def names_flagged_as_utf8() -> bytes:
    return container.assemble(
        [m._replace(flags=UTF8) for m in container.members({**base.parts(), "封面/图.bin": b"1"})]
    )


@read()
def name_in_a_code_page() -> bytes:
    return container.assemble([*container.members(base.parts()), Member("封面/图.bin".encode("gbk"), b"1")])


@read()
def extra_fields_and_a_comment() -> bytes:
    extra = struct.pack("<2H5s", 0x5455, 5, b"\1\0\0\0\0") + struct.pack("<2H4s", 0xA220, 4, bytes(4))
    return container.assemble(
        [m._replace(extra=extra) for m in container.members(base.parts())], comment="备注".encode() * 900
    )


@read()
def a_comment_that_looks_like_an_end_record() -> bytes:
    return container.assemble(container.members(base.parts()), comment=b"PK\x05\x06" + b"\xff" * 30)


@read()
def an_old_copy_between_the_entries() -> bytes:
    """An entry that the directory no longer lists, as an update in place leaves it."""
    entries = container.members(base.parts())
    entries.insert(3, Member(b"xl/old.xml", b"<old/>", listed=False))
    return container.assemble(entries)


@refused("不一致")
def a_namesake_that_the_directory_hides() -> bytes:
    """Readers of the stream see another sheet than readers of the directory."""
    entries = container.members(base.parts())
    other = base.parts()[SHEET].replace(b"96.87", b"96.78")
    entries.insert(3, Member(SHEET.encode(), other, listed=False))
    return container.assemble(entries)


@refused("缺少部件 [Content_Types].xml")
def without_content_types() -> bytes:
    return container.pack(base.parts({base.TYPES: None}))


@read()
def without_document_properties_and_theme() -> bytes:
    return container.pack({k: v for k, v in base.parts().items() if k not in (CORE, THEME)})


@read()
def unused_part_that_is_large_and_true() -> bytes:
    return _bomb("xl/media/image1.bmp", 60)


@refused("缺少部件")
def without_the_sheet() -> bytes:
    return container.pack(base.parts({SHEET: None}))


@refused("缺少部件")
def without_the_strings() -> bytes:
    return container.pack(base.parts({STRINGS: None}))


@refused("不是 Excel 工作簿")
def without_the_workbook() -> bytes:
    return container.pack(base.parts({WORKBOOK: None}))


@refused("不是 Excel 工作簿")
def without_root_relationships() -> bytes:
    return container.pack(base.parts({base.ROOT_RELS: None}))


@refused("没有指明")
def without_workbook_relationships() -> bytes:
    return container.pack(base.parts({base.WORKBOOK_RELS: None}))
