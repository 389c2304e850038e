"""Files that are no workbook, or none that is read, are told by their content, with what to do, and stay as they are."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from perfxl.errors import PerfxlError, UnreadableBook
from perfxl.grid.cells import Grid
from perfxl.judging import Judgement, judge
from perfxl.workbooks.foreign.compound import SIGNATURE
from perfxl.workbooks.opening import open_to_read, opened
from tests.books import GOOD_FORM, write_book
from tests.foreign.binary import write_xlsb
from tests.form.drawing import draw
from tests.libreoffice import convert

HTML = (
    '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><table><tr><td>项目</td></tr></table></body></html>'
)
XML_2003 = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'


def zipped(**parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_rels", ".rels"), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "文件是空的"),
        (bytes(4096), "全部为空字节"),
        ("项目,得分\n修缮,90\n".encode(), "文本"),
        ("项目\t得分\r\n修缮\t90\r\n".encode("gb18030"), "文本"),
        (("项目,得分\n" * 2000).encode("gb18030")[:4097], "文本"),
        (b"\xff\xfe" + "项目\t得分\n".encode("utf-16-le"), "文本"),
        (HTML.encode(), "HTML"),
        (b"\xef\xbb\xbf\r\n<!-- x --><TABLE border=1>" + HTML.encode("gb18030"), "HTML"),
        (b"\xff\xfe" + HTML.encode("utf-16-le"), "HTML"),
        (XML_2003.encode(), "Excel 2003 XML"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", ".mht"),
        (b"%PDF-1.7\n", "PDF"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"\x09\x04\x06\x00\x00\x04\x10\x00", "Excel 5.0/95 或更早"),
        (SIGNATURE + bytes(600), "已损坏"),
        (random.Random(7).randbytes(5000), "这不是 Excel 工作簿"),
    ],
)
def test_a_file_is_told_by_its_content(tmp_path: Path, raw: bytes, what: str) -> None:
    for name in ("自评表.xls", "自评表.xlsx"):
        path = tmp_path / name
        path.write_bytes(raw)
        with pytest.raises(UnreadableBook) as refusal:
            open_to_read(path)
        assert what in refusal.value.message
        assert "请" in refusal.value.message
        assert refusal.value.book == str(path)
        assert path.read_bytes() == raw


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file with these streams, each of 4096 bytes or more, in sectors of 512."""
    sectors: list[bytes] = []
    table: list[int] = []

    def put(data: bytes) -> int:
        start = len(table)
        pieces = [data[at : at + 512].ljust(512, b"\0") for at in range(0, len(data), 512)]
        sectors.extend(pieces)
        table.extend([*range(start + 1, start + len(pieces)), 0xFFFFFFFE])
        return start

    places = {name: (put(data), len(data)) for name, data in streams.items()}
    entries = [_directory_entry("Root Entry", 5, child=1)]
    for at, (name, (start, size)) in enumerate(places.items(), 1):
        right = at + 1 if at < len(places) else 0xFFFFFFFF
        entries.append(_directory_entry(name, 2, right=right, start=start, size=size))
    directory = put(b"".join(entries))
    first_table = len(table)
    table.append(0xFFFFFFFD)
    sectors.append(struct.pack("<128L", *(table + [0xFFFFFFFF] * 128)[:128]))
    head = SIGNATURE + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9L", 0, 1, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109L", first_table, *[0xFFFFFFFF] * 108)
    return head + b"".join(sectors)


def _directory_entry(
    name: str, kind: int, *, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF, start: int = 0xFFFFFFFE, size: int = 0
) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    fields = struct.pack("<HBB3L", len(raw), kind, 1, 0xFFFFFFFF, right, child)
    return raw.ljust(64, b"\0") + fields + bytes(36) + struct.pack("<LQ", start, size)


@pytest.mark.parametrize(
    ("stream", "what"),
    [
        ("EncryptedPackage", "设有打开密码"),
        ("WordDocument", "Word 文档"),
        ("PowerPoint Document", "演示文稿"),
        ("Book", "5.0/95"),
        ("别的", "其他程序"),
    ],
)
def test_a_compound_file_is_told_by_its_streams(stream: str, what: str) -> None:
    with pytest.raises(UnreadableBook, match=what):
        opened(compound({stream: bytes(4096)}), Path("a.xls"))


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<2H", kind, len(data)) + data


BEGIN, END = record(0x0809, struct.pack("<2H12x", 0x0600, 5)), record(0x000A)


def test_an_xls_with_a_password_says_so() -> None:
    stream = BEGIN + record(0x002F, bytes(54)) + END
    with pytest.raises(UnreadableBook, match="设有打开密码"):
        opened(compound({"Workbook": stream.ljust(4096, b"\0")}), Path("a.xls"))


def test_an_ods_with_a_password_says_so(tmp_path: Path) -> None:
    manifest = '<manifest:manifest xmlns:manifest="m"><manifest:encryption-data/></manifest:manifest>'
    with pytest.raises(UnreadableBook, match="设有打开密码"):
        opened(zipped(content_xml="?", **{"META-INF__manifest_xml": manifest}), tmp_path / "a.ods")


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({"mimetype": "application/vnd.oasis.opendocument.text", "content_xml": "<x/>"}, "文字文档"),
        ({"content_xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "DTD"),
        ({"content_xml": "<a>"}, "已损坏"),
        ({"a.txt": "x"}, "这不是 Excel 工作簿"),
    ],
)
def test_zip_files_of_other_kinds(tmp_path: Path, parts: dict[str, str], what: str) -> None:
    with pytest.raises(UnreadableBook, match=what):
        opened(zipped(**parts), tmp_path / "a.ods")


OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


def ods(rows: str) -> bytes:
    """An .ods whose names have other prefixes than usual."""
    content = (
        f'<o:document-content xmlns:o="{OFFICE}" xmlns:b="{TABLE}" xmlns:x="{TEXT}"><o:body><o:spreadsheet>'
        f'<b:table b:name="表">{rows}</b:table></o:spreadsheet></o:body></o:document-content>'
    )
    return zipped(content_xml=content)


def test_an_ods_that_repeats_its_rows_without_end_is_refused() -> None:
    cell = '<b:table-cell o:value-type="string" b:number-columns-repeated="16384"><x:p>满</x:p></b:table-cell>'
    row = f'<b:table-row b:number-rows-repeated="1048576">{cell}</b:table-row>'
    with pytest.raises(UnreadableBook, match="400,000 个有内容的单元格"):
        opened(ods(row), Path("a.ods"))


def test_empty_rows_of_an_ods_cost_nothing_and_text_boxes_are_no_text() -> None:
    note = "<o:annotation><x:p>批注</x:p></o:annotation>"
    frame = '<d:frame xmlns:d="d"><d:text-box><x:p>文本框</x:p></d:text-box></d:frame>'
    text = f'<b:table-cell o:value-type="string">{note}{frame}<x:p>甲<x:s x:c="2"/><x:span>乙</x:span></x:p><x:p>丙</x:p></b:table-cell>'
    rows = f'<b:table-row b:number-rows-repeated="1048575"/><b:table-row><b:covered-table-cell b:number-columns-repeated="2"/>{text}</b:table-row>'
    grid = opened(ods(rows), Path("a.ods")).grid("表")
    assert {row: {column: cell.value for column, cell in cells.items()} for row, cells in grid.rows.items()} == {
        1048576: {3: "甲  乙\n丙"}
    }


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("seeds")
    xlsx = write_book(folder / "表.xlsx", {"自评表": GOOD_FORM, "空": {}})
    paths = [convert(xlsx, suffix, folder) for suffix in ("xls", "ods")]
    paths.append(write_xlsb(folder / "表.xlsb", [draw(GOOD_FORM)]))
    return {path.suffix: path.read_bytes() for path in paths}


def damage(raw: bytes, dice: random.Random) -> bytes:
    data = bytearray(raw)
    for _ in range(dice.choice([1, 1, 2, 5, 20])):
        at = dice.randrange(len(data) - 8)
        how = dice.randrange(5)
        if how == 0:
            data[at] ^= 1 << dice.randrange(8)
        elif how == 1:
            data[at : at + 4] = dice.choice([b"\xff\xff\xff\xff", bytes(4), b"\xff\xff\xff\x7f", b"\xfe\xff\xff\xff"])
        elif how == 2:
            del data[at : at + dice.randrange(1, 64)]
        elif how == 3:
            data[at:at] = data[at : at + dice.randrange(1, 64)]
        else:
            data[at] = dice.choice([0, 1, 127, 128, 255])
        if len(data) < 64:
            break
    return bytes(data)


def damage_part(raw: bytes, dice: random.Random) -> bytes:
    """A package with one part damaged and all checksums right."""
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    victim = dice.choice([name for name, data in parts.items() if len(data) > 64])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, data in parts.items():
            package.writestr(name, damage(data, dice) if name == victim else data)
    return stream.getvalue()


@pytest.mark.parametrize(("suffix", "spoil"), [(".xls", damage), (".ods", damage_part), (".xlsb", damage_part)])
def test_damaged_files_are_read_or_refused(
    seeds: dict[str, bytes], suffix: str, spoil: Callable[[bytes, random.Random], bytes]
) -> None:
    dice = random.Random(suffix)
    refused = 0
    path = Path(f"自评表{suffix}")
    for _ in range(400):
        try:
            judge(opened(spoil(seeds[suffix], dice), path), "", Judgement.of(path))
        except PerfxlError as error:
            refused += 1
            assert error.book == str(path)
    assert 0 < refused < 400


def test_a_file_cut_anywhere_is_refused_or_whole(seeds: dict[str, bytes]) -> None:
    """What lies behind the last cell of an .xls may be gone: nothing that is read may."""

    def grids(raw: bytes) -> list[Grid]:
        book = opened(raw, Path("a"))
        return [book.grid(sheet) for sheet in book.sheet_names]

    for raw in seeds.values():
        whole = grids(raw)
        refused = 0
        for share in range(1, 40):
            try:
                assert grids(raw[: len(raw) * share // 40]) == whole
            except UnreadableBook:
                refused += 1
        assert refused > 20


def test_a_sheet_of_too_many_cells_is_refused_and_a_long_ledger_without_a_form_is_not() -> None:
    """The ledger is searched, not read: no cell of it is kept."""

    def book(first: bytes) -> bytes:
        row = record(0x00BD, struct.pack("<2H", 7, 0) + struct.pack("<HL", 0, 6) * 250 + struct.pack("<H", 249))
        strings = record(0x00FC, struct.pack("<2L", 1, 1) + struct.pack("<HB", 4, 1) + "三级指标".encode("utf-16-le"))
        shared = BEGIN + record(0x00E0, bytes(20)) + strings
        start = len(shared) + 4 + 8 + 2 + len(END)
        listed = record(0x0085, struct.pack("<LBBBB", start, 0, 0, 2, 0) + b"ab")
        return shared + listed + END + BEGIN + first + row * 1700 + END

    label = record(0x00FD, struct.pack("<3HL", 0, 0, 0, 0))
    path = Path("台账.xls")
    with pytest.raises(UnreadableBook, match="400,000 个有内容的单元格"):
        judge(opened(book(label), path), "", Judgement.of(path))
    padding = record(0x0200, bytes(8000)) * 500  # so that the sheet counts as large
    assert judge(opened(book(padding), path), "", Judgement.of(path)) == []
