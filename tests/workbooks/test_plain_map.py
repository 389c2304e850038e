"""An edit by the bytes of plain rows is the edit that the parser's places give; rows that are not plain are left to the parser."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.grid.address import Ref, parse_a1
from perfxl.workbooks.plainmap import plain_map
from perfxl.workbooks.sheetedit import CellContent, edited_sheet, obstacle, style_of
from perfxl.workbooks.sheetmap import map_sheet
from perfxl.workbooks.sheetrows import some_rows

HEAD = '<dimension ref="A1:C9"/><cols><col min="2" max="4" width="9" style="7" customWidth="1"/></cols>'
TAIL = '<sheetProtection sheet="1" objects="1"/><mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="B4:B6"/></mergeCells>'
ROWS = {
    "values": '<row r="4" spans="1:3"><c r="A4" s="1" t="s"><v>0</v></c><c r="B4" s="2"/><c r="C4" cm="1"><v>9.5</v></c></row>',
    "empty row": '<row r="2"/><row r="4" ht="30"/><row r="9"><c r="A9"/></row>',
    "no such row": '<row r="2"><c r="A2"><v>1</v></c></row><row r="9"><c r="A9"/></row>',
    "nothing behind": '<row r="2"><c r="C2"><v>1</v></c></row>',
    "empty value": '<row r="4"><c r="B4" s="3" t="n"></c><c r="D4"><v></v></c></row>',
}
NOT_PLAIN = {
    "formula": '<row r="4"><c r="B4"><f>1+1</f><v>2</v></c></row>',
    "inline text": '<row r="4"><c r="B4" t="inlineStr"><is><t>字</t></is></c></row>',
    "extension": '<row r="4"><c r="B4"><v>2</v><extLst/></c></row>',
    "row without number": '<row><c r="B4"><v>2</v></c></row>',
    "cell without address": '<row r="4"><c><v>2</v></c></row>',
    "row twice": '<row r="4"><c r="B4"/></row><row r="4"><c r="C4"/></row>',
    "entity": '<row r="4"><c r="B4"><v>&#49;</v></c></row>',
}
TARGETS = (parse_a1("B4"), parse_a1("D4"), parse_a1("A7"))


def part(rows: str, mark: str = "") -> bytes:
    return f'<?xml version="1.0"?>\n<worksheet xmlns="x">{HEAD}<sheetData>{rows}</sheetData>{TAIL}{mark}</worksheet>'.encode()


def wanted(targets: tuple[Ref, ...]) -> dict[int, set[int]]:
    return {at.row: {other.column for other in targets if other.row == at.row} for at in targets}


def edited(data: bytes, targets: tuple[Ref, ...]) -> tuple[bytes, list[str | None], list[int]]:
    found = map_sheet(data, targets)
    contents = {at: CellContent(Decimal("9.99"), restyled=lambda old: old + 1) for at in targets}
    new, _ = edited_sheet(found, contents)
    return new, [obstacle(found, at) for at in targets], [style_of(found, at) for at in targets]


def is_plain(data: bytes, targets: tuple[Ref, ...]) -> bool:
    return plain_map(some_rows(data, {at.row for at in targets}), wanted(targets)) is not None


def same_by_both(rows: str, targets: tuple[Ref, ...]) -> bool:
    """Whether both ways give the same; the comment leaves the rows to the parser."""
    comment = "<!-- -->"
    by_parser, *told = edited(part(rows, comment), targets)
    by_bytes, *told_too = edited(part(rows), targets)
    assert not is_plain(part(rows, comment), targets)
    return by_bytes == by_parser.replace(comment.encode(), b"") and told == told_too


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_plain_rows_are_edited_as_by_the_parser(rows: str) -> None:
    assert is_plain(part(rows), TARGETS)
    assert same_by_both(rows, TARGETS)


@pytest.mark.parametrize("rows", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_other_rows_are_left_to_the_parser(rows: str) -> None:
    assert not is_plain(part(rows), TARGETS)
    assert same_by_both(rows, TARGETS)


@pytest.mark.parametrize("broken", ["<row r='4'>", '<row r="4"><c r="B4"></row>', '<row r="4"></row><x>'])
def test_what_is_not_well_formed_is_refused(broken: str) -> None:
    with pytest.raises(ValueError, match="第 "):
        map_sheet(part(broken), TARGETS)


cells = st.dictionaries(st.integers(1, 6), st.sampled_from(["", "<v>1</v>", "<v></v>"]), max_size=5)
sheets = st.dictionaries(st.integers(1, 12), cells, max_size=8)
places = st.sets(st.tuples(st.integers(1, 13), st.integers(1, 7)), min_size=1, max_size=6)


@given(sheets, places)
def test_any_plain_sheet_is_edited_as_by_the_parser(sheet: dict[int, dict[int, str]], at: set[tuple[int, int]]) -> None:
    rows = "".join(
        f'<row r="{number}">'
        + "".join(f'<c r="{Ref(number, column).a1}" s="{column}">{value}</c>' for column, value in sorted(row.items()))
        + "</row>"
        for number, row in sorted(sheet.items())
    )
    assert same_by_both(rows, tuple(Ref(*place) for place in sorted(at)))
