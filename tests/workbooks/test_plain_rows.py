"""Rows read by one expression say what the parser says of them; rows that are not plain are left to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.workbooks.plainrows import plain_rows
from perfxl.workbooks.sheetxml import SheetData, read_sheet

STRINGS = ["项目名称", "", " 两端空白 ", "≥95%"]
FORMATS = {"0": "General", "1": "0.00%", "2": "#,##0.00", "3": "General"}
CELLS = '<row r="2"><c r="A2" s="1"><v>0.999</v></c><c r="C2" t="s"><v>0</v></c></row>'


def part(rows: str, before: str = "", after: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>\n<worksheet xmlns="x">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'.encode()
    )


def read(data: bytes) -> SheetData:
    return read_sheet(data, STRINGS, FORMATS, date1904=False)


def by_parser(rows: str) -> SheetData:
    data = part(rows, before="<!-- a comment leaves the rows to the parser -->")
    assert plain_rows(data, STRINGS, FORMATS) is None
    return read(data)


@pytest.mark.parametrize(
    "rows",
    [
        CELLS,
        '<row r="1" spans="1:9" ht="30" customHeight="1" x14ac:dyDescent="0.25"><c r="A1"><v>1</v></c></row>',
        '<row r="1" hidden="1"/><row r="3" hidden="true"><c r="B3" s="2"/></row>',
        '<row r="1" hidden="0"><c r="A1" s="3" t="n"><v>-1.50E+2</v></c><c r="XFD1" s="1" /></row>',
        '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" s="1" t="s"><v>1</v></c><c r="C1" s="1"><v></v></c><c r="D1"><v/></c></row>',
        '<row r="1"><c r="A1" s="9"><v>7</v></c><c r="B1" s="9"/></row>',
        '<row r="1"><c r="A1"><v>30.299999999999997</v></c><c r="B1"><v>1e400</v></c><c r="C1"><v>1.2.3</v></c></row>',
        "",
    ],
)
def test_plain_rows_say_what_the_parser_says(rows: str) -> None:
    assert plain_rows(part(rows), STRINGS, FORMATS) is not None
    assert read(part(rows)) == by_parser(rows)


@pytest.mark.parametrize(
    "rows",
    [
        CELLS + "\n" + CELLS.replace("2", "3"),
        '<row><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c><v>1</v></c></row>',
        '<row r="1"><c s="1" r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>字</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t>字</t></is></c></row>',
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v><extLst/></c></row>',
        '<row r="1"><c r="A1"><v>&#49;</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        "<row r='1'><c r='A1'><v>1</v></c></row>",
    ],
)
def test_other_rows_are_left_to_the_parser(rows: str) -> None:
    assert plain_rows(part(rows), STRINGS, FORMATS) is None
    assert read(part(rows)) == by_parser(rows)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c>',
        '<c r="A1"><v>1</v></c>',
        '</row><row r="1">',
        '<row r="1"><row r="2"></row></row><c r="A3"/>',
        '<row r="1"><c r="A1"><v>1</v></row></c>',
        '<row r="1"><c r="A1"><v>\x01</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
    ],
)
def test_damage_is_told_as_before(rows: str) -> None:
    def said(read_it: object) -> bool:
        try:
            read_it()  # type: ignore[operator]
        except ValueError:
            return True
        return False

    assert said(lambda: read(part(rows))) == said(lambda: by_parser(rows))


def test_what_stands_around_the_rows_is_read_all_the_same() -> None:
    data = part(
        CELLS,
        before='<cols><col min="2" max="3" hidden="1"/></cols>',
        after='<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>',
    )
    found = read(data)
    assert found.hidden_columns == {2, 3}
    assert found.merges == [(1, 1, 1, 2)]
    assert found.rows == by_parser(CELLS).rows
    with pytest.raises(ValueError):
        read(data.replace(b"</mergeCells>", b""))


tokens = st.sampled_from(
    [
        '<row r="{n}">', "</row>", '<row r="{n}" hidden="1"/>', '<c r="A{n}" s="1"><v>{n}</v></c>', '<c r="B{n}" t="s"><v>3</v></c>',
        '<c r="C{n}" s="2"/>', '<c r="D{n}"/>', " ", "<v>1</v>", '<c r="E{n}">', "</c>", "字",
    ]
)  # fmt: skip


@given(st.lists(tokens, max_size=12))
def test_any_row_of_tokens_is_read_as_the_parser_reads_it(pieces: list[str]) -> None:
    rows = "".join([piece.replace("{n}", str(number)) for number, piece in enumerate(pieces, 1)])

    def outcome(read_it: object) -> SheetData | None:
        try:
            return read_it()  # type: ignore[operator, no-any-return]
        except ValueError:
            return None

    assert outcome(lambda: read(part(rows))) == outcome(lambda: by_parser(rows))
