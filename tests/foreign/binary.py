"""Writes small .xlsb workbooks, record by record, as MS-XLSB describes them: LibreOffice 7.4 reads this format but does not write it."""

from __future__ import annotations

import struct
import zipfile
from decimal import Decimal
from pathlib import Path

from perfxl.grid.cells import CellError, Grid, SheetState
from tests.workbooks import handmade

_CODES = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}
_STATES = {SheetState.VISIBLE: 0, SheetState.HIDDEN: 1, SheetState.VERY_HIDDEN: 2}


def record(kind: int, data: bytes = b"") -> bytes:
    """A record: kind and length as numbers of seven bits a byte."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, rest = b"", len(data)
    while True:
        rest, low = rest >> 7, rest & 0x7F
        size += bytes([low | (0x80 if rest else 0)])
        if not rest:
            return head + size + data


def wide(text: str) -> bytes:
    """A text after the count of its characters."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return struct.pack("<L", len(raw) // 2) + raw


def write_xlsb(path: Path, grids: list[Grid]) -> Path:
    """A workbook of these sheets: shared strings, number formats, merged areas, hidden rows and columns, formulas as far as 1+1."""
    strings: dict[str, int] = {}
    codes: dict[str, int] = {"General": 0}
    sheets = [_sheet(grid, strings, codes) for grid in grids]
    entries = b"".join(
        record(156, struct.pack("<2L", _STATES[grid.state], at) + wide(f"rId{at}") + wide(grid.sheet))
        for at, grid in enumerate(grids, 1)
    )
    date_mode = record(153, struct.pack("<2L", int(grids[0].date1904), 0) + wide(""))
    workbook = record(131) + date_mode + record(143) + entries + record(144) + record(132)
    shared = record(159, struct.pack("<2L", len(strings), len(strings)))
    shared += b"".join(record(19, b"\0" + wide(text)) for text in strings) + record(160)
    targets = {f"worksheet__{at}": f"worksheets/sheet{at}.bin" for at in range(1, len(grids) + 1)}
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _content_types(len(grids)),
        "_rels/.rels": handmade.relationships(officeDocument="xl/workbook.bin"),
        "xl/workbook.bin": workbook,
        "xl/_rels/workbook.bin.rels": handmade.relationships(
            **targets, styles="styles.bin", sharedStrings="sharedStrings.bin"
        ),
        "xl/styles.bin": _styles(codes),
        "xl/sharedStrings.bin": shared,
        **{f"xl/worksheets/sheet{at}.bin": sheet for at, sheet in enumerate(sheets, 1)},
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def _content_types(sheets: int) -> str:
    kind = "application/vnd.ms-excel."
    parts = {"workbook": "sheet.binary.macroEnabled.main", "styles": "styles", "sharedStrings": "sharedStrings"}
    parts |= {f"worksheets/sheet{at}": "worksheet" for at in range(1, sheets + 1)}
    overrides = "".join(
        f'<Override PartName="/xl/{name}.bin" ContentType="{kind}{type_}"/>' for name, type_ in parts.items()
    )
    return (
        f'{handmade.DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="bin" ContentType="{kind}sheet.binary.macroEnabled.main"/>{overrides}</Types>'
    )


def _styles(codes: dict[str, int]) -> bytes:
    formats = b"".join(record(44, struct.pack("<H", 163 + at) + wide(code)) for code, at in codes.items() if at)
    font = record(
        43, struct.pack("<HHHHBBBB", 220, 0, 400, 0, 0, 0, 134, 0) + struct.pack("<8s", b"\1") + b"\0" + wide("宋体")
    )
    fill = record(45, struct.pack("<L", 0) + bytes(64))
    border = record(46, bytes(51))
    xfs = b"".join(_xf(163 + at if at else 0, 0) for at in codes.values())
    return (
        record(278)
        + record(615, struct.pack("<L", len(codes) - 1)) + formats + record(616)
        + record(611, struct.pack("<L", 1)) + font + record(612)
        + record(603, struct.pack("<L", 1)) + fill + record(604)
        + record(613, struct.pack("<L", 1)) + border + record(614)
        + record(626, struct.pack("<L", 1)) + _xf(0, 0xFFFF) + record(627)
        + record(617, struct.pack("<L", len(codes))) + xfs + record(618)
        + record(279)
    )  # fmt: skip


def _xf(number_format: int, parent: int) -> bytes:
    return record(
        47, struct.pack("<5H", parent, number_format, 0, 0, 0) + bytes([0, 0]) + struct.pack("<HH", 0x1000, 1)
    )


def _sheet(grid: Grid, strings: dict[str, int], codes: dict[str, int]) -> bytes:
    rows = b"".join(_row(grid, number, strings, codes) for number in sorted(grid.rows.keys() | grid.hidden_rows))
    merges = b"".join(
        record(176, struct.pack("<4L", area.top - 1, area.bottom - 1, area.left - 1, area.right - 1))
        for area in grid.merges
    )
    columns = b"".join(
        record(60, struct.pack("<4LH", column - 1, column - 1, 2048, 0, 1)) for column in sorted(grid.hidden_columns)
    )
    return (
        record(129)
        + record(148, struct.pack("<4L", 0, max(grid.rows, default=1) - 1, 0, 63))
        + (record(390) + columns + record(391) if columns else b"")
        + record(145) + rows + record(146)
        + (record(177, struct.pack("<L", len(grid.merges))) + merges + record(178) if merges else b"")
        + record(130)
    )  # fmt: skip


def _row(grid: Grid, number: int, strings: dict[str, int], codes: dict[str, int]) -> bytes:
    hidden = 0x10 if number in grid.hidden_rows else 0
    out = record(0, struct.pack("<2LH", number - 1, 0, 300) + bytes([0, hidden, 0]) + struct.pack("<3L", 1, 0, 63))
    for column, cell in grid.rows.get(number, {}).items():
        style = codes.setdefault(cell.format, len(codes))
        place = struct.pack("<2L", column - 1, style)
        formula = cell.formula is not None
        # flags, then the formula 1+1 as tokens, then nothing more
        tail = struct.pack("<HL", 0, 7) + b"\x1e\1\0\x1e\1\0\3" + struct.pack("<L", 0) if formula else b""
        value = cell.value
        if isinstance(value, bool):
            out += record(10 if formula else 4, place + bytes([value]) + tail)
        elif isinstance(value, CellError):
            out += record(11 if formula else 3, place + bytes([_CODES[value]]) + tail)
        elif isinstance(value, Decimal):
            out += _number(value, place, tail)
        elif isinstance(value, str) and formula:
            out += record(8, place + wide(value) + tail)
        elif isinstance(value, str):
            out += record(7, place + struct.pack("<L", strings.setdefault(value, len(strings))))
    return out


def _number(value: Decimal, place: bytes, tail: bytes) -> bytes:
    hundredths = value * 100
    if tail:
        return record(9, place + struct.pack("<d", float(value)) + tail)
    for number, flags in ((value, 2), (hundredths, 3)):
        if number == int(number) and abs(number) < 1 << 29:
            return record(2, place + struct.pack("<L", (int(number) << 2 | flags) & 0xFFFFFFFF))
    return record(5, place + struct.pack("<d", float(value)))
