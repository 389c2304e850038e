"""A workbook in which many things name places of one sheet: by XlsxWriter, and a shared formula that it cannot write put in by hand."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

SHEET = "自评表"
FIRST, LAST = 5, 10
"""The rows of the table's body; the total stands below."""


def write_insertion_book(path: Path) -> Path:
    """The form's table in A4:I11 with a total below, further things to its right and below, and a second sheet that leans on it."""
    with xlsxwriter.Workbook(str(path)) as book:
        cell = book.add_format({"border": 1, "text_wrap": True})
        rate = book.add_format({"border": 1, "num_format": "0.00%"})
        sheet, other = book.add_worksheet(SHEET), book.add_worksheet("汇'总")
        _write_table(sheet, cell, rate)
        _write_around(book, sheet)
        other.write_row("A1", ["满分", "得分合计", "最高", "末项"])
        other.write_formula("A2", f"={SHEET}!F11", None, 60)
        other.write_formula("B2", f"=SUM({SHEET}!$G$5:$G$10)", None, 57)
        other.write_formula("C2", f"=MAX('{SHEET}'!G:G)", None, 57)
        other.write_formula("D2", "=末项得分*2", None, 18)
        other.write_url("A4", f"internal:'{SHEET}'!A11", string="总分")
        other.add_sparkline("E2", {"range": f"{SHEET}!G5:G10"})
        other.data_validation("F2", {"validate": "list", "source": f"={SHEET}!$D$5:$D$10"})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"categories": [SHEET, 4, 3, 9, 3], "values": [SHEET, 4, 6, 9, 6]})
        other.insert_chart("H2", chart)
        book.define_name("末项得分", f"={SHEET}!$G$10")
        book.define_name("全部得分", f"={SHEET}!$G$5:$G$10")
    _share(path)
    return path


def _write_table(sheet: Any, cell: Any, rate: Any) -> None:
    sheet.merge_range("A1:I1", "项目支出绩效自评表", cell)
    sheet.write_row("A4", ["指标", "一级", "二级", "三级", "目标", "分值", "得分", "率", "累计"], cell)
    sheet.merge_range("A5:A10", "绩效指标", cell)
    sheet.merge_range("B5:B8", "产出指标", cell)
    sheet.merge_range("C5:C6", "数量指标", cell)
    sheet.write("C7", "质量指标", cell)
    sheet.write("C8", "时效指标", cell)
    sheet.merge_range("B9:B10", "效益指标", cell)
    sheet.merge_range("C9:C10", "社会效益指标", cell)
    total = 0
    for row in range(FIRST, LAST + 1):
        sheet.write(f"D{row}", f"第{row}项", cell)
        sheet.write(f"E{row}", f"≥{row}个", cell)
        sheet.write_number(f"F{row}", 10, cell)
        score = 10 if row < LAST - 2 else 9
        total += score
        sheet.write_number(f"G{row}", score, cell)
        sheet.write_formula(f"H{row}", f"=G{row}/F{row}", rate, score / 10)
        sheet.write_formula(f"I{row}", f"=I{row - 1}+G{row}" if row > FIRST else f"=G{row}", cell, total)
    sheet.merge_range("A11:E11", "总分", cell)
    sheet.write_formula("F11", "=SUM(F5:F10)", cell, 60)
    sheet.write_formula("G11", "=SUM(G5:G10)", cell, total)
    sheet.write_formula("H11", "=G11/F11", rate, total / 60)
    sheet.write_formula("I11", "=G5+G6+G7+G8+G9+G10", cell, total)


def _write_around(book: Any, sheet: Any) -> None:
    sheet.write_array_formula("K13:K14", "{=G9:G10*F9:F10}", None, 90)
    sheet.write_number("K14", 90)
    sheet.add_table(
        "D16:F18", {"columns": [{"header": "部门"}, {"header": "预算"}, {"header": "执行"}], "name": "台账"}
    )
    sheet.write_row("D17", ["甲", 10, 9])
    sheet.write_row("D18", ["乙", 20, 18])
    sheet.write_formula("G18", "=SUM(台账[执行])", None, 27)
    sheet.write_comment("G6", "请核对", {"author": "财务科"})
    sheet.write_comment("G10", "请补依据", {"author": "财务科"})
    sheet.insert_image("K8", "seal.png", {"image_data": BytesIO(_png()), "object_position": 2})
    sheet.insert_image("K2", "logo.png", {"image_data": BytesIO(_png())})
    sheet.insert_button("M9", {"macro": "Score", "caption": "计算"})
    sheet.write_url("A20", "internal:A11", string="总分")
    sheet.conditional_format(
        "G5:G10", {"type": "formula", "criteria": "=$G5<$F5", "format": book.add_format({"bg_color": "red"})}
    )
    sheet.conditional_format(
        "F10", {"type": "cell", "criteria": ">", "value": "$F$11", "format": book.add_format({"bold": 1})}
    )
    sheet.data_validation("G5:G10", {"validate": "custom", "value": "=G5<=F5"})
    sheet.data_validation("G11", {"validate": "decimal", "criteria": "<=", "value": "=$F$11"})
    sheet.ignore_errors({"number_stored_as_text": "D5:D10"})
    sheet.print_area("A1:I11")
    sheet.repeat_rows(0, 3)
    sheet.set_h_pagebreaks([8])
    sheet.freeze_panes(4, 0)
    sheet.set_selection("G9")
    sheet.set_row(9, 33)


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 20, 20, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\xc8\x1e\x1e" * 20) * 20
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def _share(path: Path) -> None:
    """Makes one shared formula of H5:H10, each of its own row, and one of I6:I10, each with the row above."""

    def shared(text: str) -> str:
        for column, first, number in (("H", FIRST, 0), ("I", FIRST + 1, 1)):
            for row in range(first, LAST + 1):
                formula = f"<f>G{row}/F{row}</f>" if column == "H" else f"<f>I{row - 1}+G{row}</f>"
                assert formula in text
                ref = f' ref="{column}{first}:{column}{LAST}"' if row == first else ""
                own = formula.removeprefix("<f>") if row == first else ""
                head = f'<f t="shared"{ref} si="{number}"'
                text = text.replace(formula, f"{head}>{own}" if own else f"{head}/>")
        return text

    rewrite(path, "xl/worksheets/sheet1.xml", shared)


def rewrite(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """Changes one part of a workbook."""
    with ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[part] = change(parts[part].decode()).encode()
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path
