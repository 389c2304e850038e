"""Reading worksheets: what other programs write, and what the format allows besides."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.errors import UnreadableBook
from perfxl.grid.address import Area, Ref, parse_a1
from perfxl.grid.cells import Cell, CellError, Grid, Trust
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.numbers import number, written
from tests.workbooks import handmade


def grid_of(tmp_path: Path, sheet_part: str | bytes, **others: str | bytes) -> Grid:
    path = handmade.write(tmp_path / "b.xlsx", handmade.parts(sheet_part, **others))
    return ClosedWorkbook.open(path).grid("表")


def test_another_reader_sees_the_same(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        money = book.add_format({"num_format": '#,##0.00"万元"'})
        for row in range(40):
            sheet.write_row(row, row % 5, [f"文 {row}", row * 1.1, row % 3 == 0, f" 前后空格 {row} ", ""])
            sheet.write(row, 12, row / 7, money)
        sheet.write_rich_string("J1", "常规", bold, "加粗", "常规")
        sheet.write("J2", 43895 + 1 / 3, book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write("J3", "#N/A 是文本")
        sheet.write_formula("J4", "=NA()", None, "#N/A")
        sheet.merge_range("A50:C52", "合并")
    grid = ClosedWorkbook.open(path).grid("Sheet1")
    theirs = openpyxl.load_workbook(path, data_only=True)["Sheet1"]
    seen = 0
    for line in theirs.iter_rows():
        for cell in line:
            if isinstance(cell, openpyxl.cell.MergedCell) or cell.value is None or cell.is_date:
                continue
            ours = grid.cell(*parse_a1(cell.coordinate))
            assert ours is not None, cell.coordinate
            assert ours.format == cell.number_format
            same = Decimal(f"{cell.value:.15g}") if isinstance(cell.value, float) else cell.value
            assert ours.value == same, cell.coordinate
            seen += 1
    assert seen == sum(len(cells) for cells in grid.rows.values()) - 1  # the date
    assert grid.cell(2, 10) == Cell(Decimal("43895.3333333333"), "yyyy-mm-dd")
    assert grid.merges == [Area(50, 1, 52, 3)]


def test_every_type_of_cell(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><r><t>内</t></r><r><t xml:space="preserve"> 联</t></r>'
        '<rPh sb="0" eb="1"><t>NEI</t></rPh></is></c><c r="C1" t="b"><v>1</v></c><c r="D1" t="e"><v>#DIV/0!</v></c>'
        '<c r="E1" t="d"><v>2020-03-05T12:00:00</v></c><c r="F1" t="n"><v>1E+3</v></c><c r="G1"><v>1e400</v></c>'
        '<c r="H1"><v>一</v></c><c r="I1" t="s"><v>1</v></c><c r="J1" s="1"/><c r="K1" t="s"><v></v></c></row>'
    )
    phonetic = '<t>单位</t><rPh sb="0" eb="2"><t>ダンイ</t></rPh><phoneticPr fontId="1"/>'
    grid = grid_of(
        tmp_path, handmade.sheet(rows), strings=handmade.shared_strings(phonetic, "<t>a_x000D_b_x005F_x000D_</t>")
    )
    assert list(grid.rows[1].values()) == [
        Cell("单位"),
        Cell("内 联"),
        Cell(True),
        Cell(CellError("#DIV/0!")),
        Cell(Decimal("43895.5")),
        Cell(Decimal(1000)),
        Cell(CellError("#NUM!")),
        Cell("一"),
        Cell("a\rb_x000D_"),
    ]
    assert isinstance(grid.rows[1][4].value, CellError)
    assert grid.blank_formats == {Ref(1, 10): "0.00%"}


def test_cells_and_rows_that_do_not_say_where_they_stand(tmp_path: Path) -> None:
    rows = "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row r='3'><c r='B3'><v>4</v></c><c><v>5</v></c></row><row><c r='A4'><v>6</v></c></row>"
    grid = grid_of(tmp_path, handmade.sheet(rows))
    assert {row: {column: cell.value for column, cell in cells.items()} for row, cells in grid.rows.items()} == {
        1: {1: 1, 3: 3},
        3: {2: 4, 3: 5},
        4: {1: 6},
    }


def test_white_space_between_elements_is_no_text(tmp_path: Path) -> None:
    rows = """
      <row r="1">
        <c r="A1" t="str"> <v>甲</v> </c>
        <c r="B1" t="inlineStr"> <is> <t> 乙 </t> </is> </c>
        <c r="C1" t="s"> <v>0</v>
        </c>
        <c r="D1"> <f>1+2</f> <v>3</v> </c>
      </row>"""
    strings = f'{handmade.DECLARATION}<sst xmlns="{handmade.MAIN}">\n <si>\n  <t>丙</t>\n </si>\n</sst>'
    grid = grid_of(tmp_path, handmade.sheet(rows, after="\n<pageMargins/>\n"), strings=strings)
    assert list(grid.rows[1].values()) == [
        Cell("甲"),
        Cell(" 乙 "),
        Cell("丙"),
        Cell(Decimal(3), "General", "1+2", Trust.COMPUTED),
    ]


def test_what_looks_like_cells_in_comments_and_cdata_is_none(tmp_path: Path) -> None:
    rows = (
        '<!-- <row r="1"><c r="A1"><v>9</v></c></row> --><row r="1"><c r="A1" t="str"><v><![CDATA[<c r="B1"><v>8</v></c>]]></v>'
        "</c></row>"
    )
    after = "<headerFooter><oddHeader>第 &amp;P 页</oddHeader></headerFooter>"
    grid = grid_of(tmp_path, handmade.sheet(rows, after=after))
    assert grid.rows == {1: {1: Cell('<c r="B1"><v>8</v></c>')}}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_other_encodings(tmp_path: Path, encoding: str) -> None:
    part = handmade.sheet('<row r="1"><c r="A1" t="str"><v>绩效</v></c></row>')
    if encoding == "gb18030":
        part = part.replace("UTF-8", "GB18030")
    elif encoding == "utf-16":
        part = part.replace("UTF-8", "UTF-16")
    assert grid_of(tmp_path, part.encode(encoding)).rows == {1: {1: Cell("绩效")}}


def test_prefixes_and_strict_names(tmp_path: Path) -> None:
    part = handmade.sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="B1"><f>1+1</f></c></row>')
    for name in ("worksheet", "sheetData", "row", "c", "is", "t", "f"):
        part = part.replace(f"<{name}", f"<x:{name}").replace(f"</{name}>", f"</x:{name}>")
    part = part.replace("xmlns=", "xmlns:x=").replace(handmade.MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
    made = handmade.parts(part)
    for name in ("_rels/.rels", "xl/_rels/workbook.xml.rels"):
        made[name] = str(made[name]).replace(
            handmade.RELATIONS, "http://purl.oclc.org/ooxml/officeDocument/relationships"
        )
    grid = ClosedWorkbook.open(handmade.write(tmp_path / "b.xlsx", made)).grid("表")
    assert grid.rows == {1: {1: Cell("甲"), 2: Cell(Decimal(2), "General", "1+1", Trust.COMPUTED)}}


def test_parts_are_found_by_relationships_wherever_they_lie(tmp_path: Path) -> None:
    made = handmade.parts(handmade.sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    made["别处/数 据.xml"] = made.pop("xl/worksheets/sheet1.xml")
    made["xl/_rels/workbook.xml.rels"] = handmade.relationships(
        worksheet="/%E5%88%AB%E5%A4%84/%E6%95%B0%20%E6%8D%AE.xml", styles="STYLES.xml"
    )
    assert ClosedWorkbook.open(handmade.write(tmp_path / "b.xlsx", made)).grid("表").rows == {1: {1: Cell(Decimal(1))}}


def test_formulas_shared_and_over_several_cells(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="C1"><f t="array" ref="C1:C2">A1:A2*2</f><v>0</v></c>'
        '<c r="D1"><f t="shared" ref="D1:D2" si="0">A1+$A$3</f><v>0</v></c><c r="E1"><f>UNKNOWNFUNCTION(A1)</f></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c><c r="C2"><v>9</v></c><c r="D2"><f t="shared" si="0"/><v>7</v></c></row>'
        '<row r="3"><c r="A3"><v>3</v></c><c r="E3" t="str"><f>UNKNOWNFUNCTION(A1)</f><v>旧</v></c></row>'
    )
    grid = grid_of(tmp_path, handmade.sheet(rows))
    assert grid.rows[1][3] == Cell(Decimal(2), "General", "A1:A2*2", Trust.COMPUTED)
    assert grid.rows[2][3] == Cell(Decimal(4), "General", "A1:A2*2", Trust.COMPUTED)
    assert grid.rows[1][4] == Cell(Decimal(4), "General", "A1+$A$3", Trust.COMPUTED)
    assert grid.rows[2][4] == Cell(Decimal(5), "General", "A2+$A$3", Trust.COMPUTED)
    assert grid.rows[1][5] == Cell(None, "General", "UNKNOWNFUNCTION(A1)", Trust.UNKNOWN)
    assert grid.rows[3][5] == Cell("旧", "General", "UNKNOWNFUNCTION(A1)", Trust.CACHED)


def test_rows_and_cells_out_of_order_are_put_in_order(tmp_path: Path) -> None:
    rows = '<row r="5"><c r="B5"><v>2</v></c><c r="A5"><v>1</v></c></row><row r="2"><c r="A2"><v>0</v></c></row>'
    grid = grid_of(tmp_path, handmade.sheet(rows))
    assert [(row, list(cells)) for row, cells in grid.rows.items()] == [(2, [1]), (5, [1, 2])]


def test_chart_sheets_are_left_out_and_states_told(tmp_path: Path) -> None:
    book = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(book, {"date_1904": True}) as made:
        made.add_worksheet("一")
        chart = made.add_chart({"type": "column"})
        chart.add_series({"values": "=一!$A$1:$A$2"})
        made.add_chartsheet("图").set_chart(chart)
        made.add_worksheet("三").very_hidden()
    found = ClosedWorkbook.open(book)
    assert list(found.sheet_names) == ["一", "三"]
    assert found.grid("三").state.value == "veryHidden"
    assert found.grid("一").date1904


@pytest.mark.parametrize(
    ("part", "what"),
    [
        (handmade.sheet('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), "无法解析"),
        (handmade.sheet('<row r="1"><c r="??1"><v>7</v></c></row>'), "无法解析"),
        (handmade.sheet('<row r="1">'), "无法解析"),
        ('<!DOCTYPE worksheet [<!ENTITY a "b">]>' + handmade.sheet("").removeprefix(handmade.DECLARATION), "DTD"),
        (handmade.sheet("").replace("UTF-8", "utf-7"), "编码是 utf-7"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_file_named(tmp_path: Path, part: str, what: str) -> None:
    with pytest.raises(UnreadableBook, match=what) as refusal:
        grid_of(tmp_path, part)
    assert refusal.value.book == str(tmp_path / "b.xlsx")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30.299999999999997", "30.3"),
        ("0.1", "0.1"),
        ("29.970000000000002", "29.97"),
        ("1.0", "1"),
        ("-0", "0"),
        (" 5 ", "5"),
        ("1E-7", "1E-7"),
        ("123456789012345678", "123456789012346000"),
        (".5", "0.5"),
    ],
)
def test_numbers_have_15_digits(text: str, value: str) -> None:
    assert str(number(text)) == value


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1_000", "１２", "0x10", "", "1e999999999"])
def test_what_is_no_number_stays_the_text_it_is(text: str) -> None:
    assert number(text) == text
    assert isinstance(number(text), str)


@settings(max_examples=200, deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**18), max_value=10**18, places=6))
def test_a_written_number_reads_back(value: Decimal) -> None:
    read = number(written(value))
    assert isinstance(read, Decimal)
    assert abs(read - value) <= abs(value) * Decimal("1e-14")
    assert number(written(read)) == read


def test_notes_are_read_by_their_cells(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表")
        sheet.write_comment("C3", "第一行\n第二行", {"author": "财务科"})
    assert list(ClosedWorkbook.open(path).grid("表").notes.items()) == [(parse_a1("C3"), "第一行\n第二行")]


@pytest.mark.parametrize(
    ("items", "texts"),
    [
        ("<si><t>甲</t></si><si><t></t></si>", ["甲", ""]),
        ('<si><t xml:space="preserve"> 前后 \n换行 </t></si><si><t>_x000D_</t></si>', [" 前后 \n换行 ", "\r"]),
        ("<si><t>甲&amp;乙</t></si><si><t>丙</t></si>", ["甲&乙", "丙"]),
        ("<si><t>甲</t></si>\n<si><t>乙</t></si>", ["甲", "乙"]),
        ("<si><r><t>甲</t></r><r><t>乙</t></r></si><si><t>丙</t><phoneticPr fontId='1'/></si>", ["甲乙", "丙"]),
        ("<si><t>甲</t></si><!-- <si> --><si><t>乙\r\n</t></si><si/>", ["甲", "乙\n", ""]),
    ],
)
def test_shared_strings_plain_and_otherwise(tmp_path: Path, items: str, texts: list[str]) -> None:
    cells = "".join(f'<c r="{"ABC"[n]}1" t="s"><v>{n}</v></c>' for n in range(len(texts)))
    part = f'<?xml version="1.0"?><sst xmlns="{handmade.MAIN}">{items}</sst>'
    grid = grid_of(tmp_path, handmade.sheet(f'<row r="1">{cells}</row>'), strings=part)
    assert {column: cell.value for column, cell in grid.rows.get(1, {}).items()} == {
        n: text for n, text in enumerate(texts, 1) if text
    }


@pytest.mark.parametrize(
    "part", ["<sst><si><t>甲</t></si>", "<sst a=><si><t>甲</t></si></sst>", "<sst><si><t>甲</si></t></sst>"]
)
def test_damaged_shared_strings_are_refused(tmp_path: Path, part: str) -> None:
    with pytest.raises(UnreadableBook):
        grid_of(tmp_path, handmade.sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), strings=part)
