"""A large sheet is read only where it may hold what is looked for."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.largesheets import LARGE, may_hold_text

FIGURES = b'<row r="1"><c r="A1" t="s"><v>12</v></c><c r="B1"><v>3</v></c></row>'


def chunks(data: bytes, size: int = 40) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def label(text: str) -> bool:
    return text == "三级指标"


@pytest.mark.parametrize("size", [7, 40, 1000])
def test_only_cells_with_such_a_string_count(size: int) -> None:
    assert may_hold_text(chunks(FIGURES, size), {12}, label)
    assert may_hold_text(chunks(FIGURES.replace(b"<", b"<x:").replace(b"<x:/", b"</x:"), size), {12}, label)
    assert not may_hold_text(chunks(FIGURES, size), {3, 1, 2, 121}, label)  # 3 is a figure, 12 another string
    assert not may_hold_text(chunks(FIGURES, size), set(), label)


def own(text: str) -> bytes:
    return f'<c r="C2" s="1" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


@pytest.mark.parametrize("size", [7, 40, 1000])
def test_text_of_its_own_counts_where_it_tells(size: int) -> None:
    def may_hold(text: str) -> bool:
        return may_hold_text(chunks(FIGURES + own("摘要 &amp; 凭证") + own(text) + FIGURES, size), set(), label)

    assert may_hold("三级指标")
    assert not may_hold("二级指标")
    assert not may_hold("三级" * 10_000)


@pytest.mark.parametrize(
    "unsure",
    [
        b'<c t="str"><f>A1</f><v>a</v></c>',
        b"<c t='s'><v>9</v></c>",
        own("&#19977;级指标"),
        b'<c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>',
        b'<c t="inlineStr"><is><t><![CDATA[a]]></t></is></c>',
        b'<x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c>',
    ],
)
def test_what_cannot_be_told_from_its_bytes_is_read(unsure: bytes) -> None:
    assert may_hold_text(chunks(FIGURES + unsure + FIGURES), set(), label)


def with_large_sheet(path: Path, cell: str) -> Path:
    """A sheet with two labels, and one that is large enough to be searched, whose cells are all like this one."""
    with Workbook(path) as book:
        book.add_worksheet("自评表").write_row("A1", ["序号", "三级指标"])
        book.add_worksheet("明细").write("A1", 1)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    head, _, tail = parts["xl/worksheets/sheet2.xml"].partition(b"<sheetData>")
    tail = tail.partition(b"</sheetData>")[2]
    rows = "".join([f'<row r="{number}">{cell.format(number)}</row>' for number in range(1, LARGE // 40)])
    parts["xl/worksheets/sheet2.xml"] = head + f"<sheetData>{rows}</sheetData>".encode() + tail
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def test_a_large_sheet_of_figures_is_not_read(tmp_path: Path) -> None:
    workbook = ClosedWorkbook.open(with_large_sheet(tmp_path / "一.xlsx", '<c r="A{0}"><v>{0}.25</v></c>'))
    assert workbook.may_hold("自评表", lambda _: False)  # a small sheet is not searched
    assert not workbook.may_hold("明细", lambda text: text == "三级指标")


def test_a_large_sheet_with_a_telling_text_is_read(tmp_path: Path) -> None:
    workbook = ClosedWorkbook.open(with_large_sheet(tmp_path / "一.xlsx", '<c r="A{0}" t="s"><v>1</v></c>'))
    assert workbook.may_hold("明细", lambda text: text == "三级指标")
    assert not workbook.may_hold("明细", lambda text: text == "序号")
