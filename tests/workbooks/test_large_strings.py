"""A large list of shared strings stays packed: it says what the small reader says of the same bytes, and is never written anew."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from xlsxwriter import Workbook

from perfxl.grid.address import parse_a1
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.largesheets import LARGE
from perfxl.workbooks.largestrings import large_texts
from perfxl.workbooks.port import Edit
from perfxl.workbooks.sharedstrings import _read

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="9">'
ODD = (
    "<si><t>甲 &amp; 乙</t></si>",
    '<si><t xml:space="preserve"> 两端有空格 </t></si>',
    "<si><r><rPr><b/></rPr><t>一半</t></r><r><t>另一半</t></r></si>",
    '<si><t>东京</t><rPh sb="0" eb="2"><t>とうきょう</t></rPh></si>',
    "<si><t/></si>",
    "<si></si>",
    "<si><t>a_x000D_b</t></si>",
    "<si><t>&#26631;</t></si>",
)
TEXTS = ["甲 & 乙", " 两端有空格 ", "一半另一半", "东京", "", "", "a\rb", "标"]
FILLING = "".join([f"<si><t>第{number}号凭证</t></si>" for number in range(30_000)])


def chunks(text: str, size: int = 1 << 18) -> list[bytes]:
    data = text.encode()
    return [data[at : at + size] for at in range(0, len(data), size)]


def test_texts_are_those_that_the_small_reader_gives() -> None:
    whole = HEAD + FILLING + "".join(ODD) + FILLING + "".join(ODD) + "</sst>"
    texts = large_texts(chunks(whole), _read)
    assert texts is not None
    assert list(texts) == _read(whole.encode())
    assert texts[30_000:30_008] == TEXTS
    assert [texts[at] for at in (0, 29_999, 60_008, 60_015)] == ["第0号凭证", "第29999号凭证", TEXTS[0], TEXTS[7]]
    assert len(texts) == 60_016
    with pytest.raises(IndexError):
        texts[60_016]
    with pytest.raises(IndexError):
        texts[-1]


@pytest.mark.parametrize(
    ("found", "put"),
    [
        ("</si>", "<!-- </si> --></si>"),
        ("<si>", "<x:si>"),
        ("<sst ", "<x:sst "),
        ("<si></si>", "<si/>"),
        ("UTF-8", "GBK"),
    ],
)
def test_what_cannot_be_cut_by_its_bytes_is_left_to_the_small_reader(found: str, put: str) -> None:
    whole = HEAD + FILLING + FILLING + "".join(ODD) + "</sst>"
    assert large_texts(chunks(whole), _read) is not None
    assert large_texts(chunks(whole.replace(found, put)), _read) is None


@pytest.mark.parametrize("end", ["", "</sst", "<extLst></sst>", "</sst><si>"])
def test_an_end_that_is_none(end: str) -> None:
    with pytest.raises(ValueError):
        large_texts(chunks(HEAD + FILLING + FILLING + end), _read)


def test_a_piece_that_is_not_well_formed_shows_when_it_is_read() -> None:
    texts = large_texts(chunks(HEAD + FILLING + "<si><t>甲</b></si>" + FILLING + "</sst>"), _read)
    assert texts is not None
    with pytest.raises(ValueError):
        list(texts)


def test_a_text_goes_into_its_cell_and_the_list_keeps_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "一.xlsx"
    with Workbook(path) as book:
        sheet = book.add_worksheet("自评表")
        sheet.write_row("A1", ["执行率", "100.00%", 3])
        details = book.add_worksheet("明细")
        for row in range(LARGE // 40):
            details.write_string(row, 0, f"第 {row} 号凭证，支付办公用品、印刷费")
    part = "xl/sharedStrings.xml"
    with zipfile.ZipFile(path) as package:
        before = package.read(part)
    assert len(before) > LARGE
    workbook = ClosedWorkbook.open(path)
    workbook.apply(
        [Edit("自评表", parse_a1("B1"), "99.90%"), Edit("自评表", parse_a1("C1"), Decimal("2.5"))],
    )
    workbook.save()
    with zipfile.ZipFile(path) as package:
        assert package.read(part) == before
    saved: Any = load_workbook(path)
    assert [cell.value for cell in saved["自评表"][1]] == ["执行率", "99.90%", 2.5]
    again = ClosedWorkbook.open(path).grid("自评表").rows[1]
    assert [cell.value for cell in again.values()] == ["执行率", "99.90%", Decimal("2.5")]
