"""An edit changes the cells it must and not one byte besides."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.errors import UnwritableBook
from perfxl.grid.address import Ref
from perfxl.grid.cells import Cell
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.port import Edit
from tests.workbooks import handmade
from tests.workbooks.contract import edit

PART = "xl/worksheets/sheet1.xml"


def edited(tmp_path: Path, made: dict[str, str | bytes], *edits: Edit) -> dict[str, bytes]:
    """The parts after the edits; only those are given that changed."""
    path = handmade.write(tmp_path / "b.xlsx", made)
    before = handmade.read(path)
    book = ClosedWorkbook.open(path)
    book.apply(edits)
    book.save()
    after = handmade.read(path)
    assert list(after) == list(before)
    return {name: content for name, content in after.items() if content != before[name]}


def rows_after(tmp_path: Path, rows: str, *edits: Edit, **around: str) -> str:
    """The markup of the rows after the edits, in a workbook without shared strings."""
    made = handmade.parts(handmade.sheet(rows, **around))
    changed = edited(tmp_path, made, *edits)
    assert set(changed) <= {PART}
    part = changed.get(PART, str(made[PART]).encode()).decode()
    head, _, rest = part.partition("<sheetData>")
    inner, _, tail = rest.partition("</sheetData>")
    assert (head, tail) == tuple(handmade.sheet("|", **around).split("<sheetData>|</sheetData>"))
    return inner


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        # a value in place of another: r, s and what else the cell says stay
        ('<c r="A1" s="1"><v>1</v></c>', edit("表", "A1", Decimal("0.999")), '<c r="A1" s="1"><v>0.999</v></c>'),
        (
            '<c s="1" ph="1" r="A1" t="s"><v>0</v></c>',
            edit("表", "A1", Decimal(2)),
            '<c s="1" ph="1" r="A1"><v>2</v></c>',
        ),
        ("<c r='A1' t = 'str' ><v>x</v></c >", edit("表", "A1", Decimal(2)), "<c r='A1' ><v>2</v></c>"),
        ('<c r="A1" t="e" vm="1" cm="2"><v>#VALUE!</v></c>', edit("表", "A1", Decimal(2)), '<c r="A1"><v>2</v></c>'),
        (
            '<c r="A1" t="inlineStr"><is><t>旧</t></is><extLst><ext uri="u"/></extLst></c>',
            edit("表", "A1", Decimal(2)),
            '<c r="A1"><v>2</v><extLst><ext uri="u"/></extLst></c>',
        ),
        # text goes in inline where there are no shared strings
        ('<c r="A1"/>', edit("表", "A1", "=甲&<乙>"), '<c r="A1" t="inlineStr"><is><t>=甲&amp;&lt;乙&gt;</t></is></c>'),
        (
            '<c r="A1"><v>1</v></c>',
            edit("表", "A1", " 两端 "),
            '<c r="A1" t="inlineStr"><is><t xml:space="preserve"> 两端 </t></is></c>',
        ),
        (
            '<c r="A1"/>',
            edit("表", "A1", "a_x000D_\x01"),
            '<c r="A1" t="inlineStr"><is><t>a_x005F_x000D__x0001_</t></is></c>',
        ),
        # empty text empties the cell and keeps its format
        ('<c r="A1" s="1"><v>1</v></c>', edit("表", "A1", ""), '<c r="A1" s="1"/>'),
        # cells come in between, before and behind
        ('<c r="B1"><v>1</v></c>', edit("表", "A1", Decimal(0)), '<c r="A1"><v>0</v></c><c r="B1"><v>1</v></c>'),
        ('<c r="B1"><v>1</v></c>', edit("表", "D1", Decimal(3)), '<c r="B1"><v>1</v></c><c r="D1"><v>3</v></c>'),
        ("<c><v>1</v></c><c/>", edit("表", "C1", Decimal(3)), '<c><v>1</v></c><c/><c r="C1"><v>3</v></c>'),
        ("<c><v>1</v></c><c/>", edit("表", "B1", Decimal(3)), "<c><v>1</v></c><c><v>3</v></c>"),
    ],
)
def test_one_cell(tmp_path: Path, before: str, change: Edit, after: str) -> None:
    assert rows_after(tmp_path, f'<row r="1">{before}</row>', change) == f'<row r="1">{after}</row>'


def test_missing_rows_come_where_they_belong_with_the_column_format(tmp_path: Path) -> None:
    rows = '<row r="2" spans="1:2" s="2" customFormat="1"/><row><c><v>3</v></c></row><row r="9"/>'
    before = '<dimension ref="A2:A9"/><cols><col min="2" max="3" style="1"/></cols>'
    edits = [edit("表", place, Decimal(1)) for place in ("B1", "C2", "E2", "B5", "D12")]
    part = edited(tmp_path, handmade.parts(handmade.sheet(rows, before=before)), *edits)[PART].decode()
    assert '<dimension ref="A1:E12"/>' in part
    assert re.search("<sheetData>(.*)</sheetData>", part)[1] == (  # type: ignore[index]
        '<row r="1"><c r="B1" s="1"><v>1</v></c></row>'
        '<row r="2" spans="1:5" s="2" customFormat="1"><c r="C2" s="2"><v>1</v></c><c r="E2" s="2"><v>1</v></c></row>'
        '<row><c><v>3</v></c></row><row r="5"><c r="B5" s="1"><v>1</v></c></row><row r="9"/>'
        '<row r="12"><c r="D12"><v>1</v></c></row>'
    )


def test_an_empty_sheet_can_be_written_to(tmp_path: Path) -> None:
    part = handmade.sheet("").replace("<sheetData></sheetData>", '<x/><sheetData a="1"/><y/>')
    changed = edited(tmp_path, handmade.parts(part), edit("表", "B2", Decimal(1)), edit("表", "A1", Decimal(2)))
    expected = '<x/><sheetData a="1"><row r="1"><c r="A1"><v>2</v></c></row><row r="2"><c r="B2"><v>1</v></c></row></sheetData><y/>'
    assert expected in changed[PART].decode()


def test_look_alikes_in_comments_and_cdata_are_left_alone(tmp_path: Path) -> None:
    odd = '<!-- <row r="1"><c r="A1"><v>0</v></c></row> -->'
    cdata = '<row r="1"><c r="A1" t="str"><v><![CDATA[<c r="B1"><v>1</v></c>]]></v></c><!-- <c r="B1"/> -->'
    assert (
        rows_after(tmp_path, f'{odd}{cdata}<c r="B1"><v>1</v></c></row>{odd}', edit("表", "B1", Decimal(2)))
        == f'{odd}{cdata}<c r="B1"><v>2</v></c></row>{odd}'
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "gb18030"])
def test_a_part_keeps_its_encoding(tmp_path: Path, encoding: str) -> None:
    declared = {"utf-8-sig": "UTF-8", "utf-16-be": "UTF-16"}.get(encoding, encoding)
    part = handmade.sheet('<row r="1"><c r="A1" t="str"><v>绩效</v></c></row>').replace("UTF-8", declared)
    changed = edited(tmp_path, handmade.parts(part.encode(encoding)), edit("表", "A1", "改动"))
    assert changed[PART].decode(encoding) == part.replace('t="str"><v>绩效</v>', 't="inlineStr"><is><t>改动</t></is>')


def test_a_part_keeps_its_prefix(tmp_path: Path) -> None:
    part = handmade.sheet('<row r="1"><c r="B1"/></row>')
    for name in ("worksheet", "sheetData", "row", "c"):
        part = part.replace(f"<{name}", f"<x:{name}").replace(f"</{name}>", f"</x:{name}>")
    part = part.replace("xmlns=", "xmlns:x=")
    edits = [edit("表", "A1", "甲"), edit("表", "B1", Decimal(1)), edit("表", "A2", Decimal(2))]
    assert (
        '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c><x:c r="B1"><x:v>1</x:v></x:c></x:row>'
        '<x:row r="2"><x:c r="A2"><x:v>2</x:v></x:c></x:row>'
    ) in edited(tmp_path, handmade.parts(part), *edits)[PART].decode()


@pytest.mark.parametrize(
    ("strings", "after"),
    [
        (
            handmade.shared_strings("<t>甲</t>"),
            'count="3" uniqueCount="3"><si><t>甲</t></si><si><t>乙</t></si><si><t>丙</t></si></sst>',
        ),
        (f'<x:sst xmlns:x="{handmade.MAIN}"/>', "><x:si><x:t>乙</x:t></x:si><x:si><x:t>丙</x:t></x:si></x:sst>"),
        (
            f'<sst xmlns="{handmade.MAIN}"><si><t>甲</t></si><!-- <si/> --><extLst/></sst >',
            "<si><t>甲</t></si><!-- <si/> --><extLst/><si><t>乙</t></si><si><t>丙</t></si></sst >",
        ),
    ],
)
def test_texts_are_appended_to_shared_strings(tmp_path: Path, strings: str, after: str) -> None:
    items = strings.count("<si>")
    made = handmade.parts(handmade.sheet('<row r="1"><c r="A1"/></row>'), strings=strings)
    changed = edited(tmp_path, made, edit("表", "A1", "乙"), edit("表", "B1", "丙"))
    assert changed["xl/sharedStrings.xml"].decode().endswith(after)
    assert f'<c r="A1" t="s"><v>{items}</v></c><c r="B1" t="s"><v>{items + 1}</v></c>' in changed[PART].decode()


def test_a_text_that_others_use_is_not_changed_for_them(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>0</v></c></row>'
    made = handmade.parts(handmade.sheet(rows), strings=handmade.shared_strings("<t>100.00%</t>"))
    edited(tmp_path, made, edit("表", "A1", "99.90%"))
    assert ClosedWorkbook.open(tmp_path / "b.xlsx").grid("表").rows[1] == {1: Cell("99.90%"), 2: Cell("100.00%")}


def test_a_format_is_the_old_one_with_another_code(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" s="2"/><c r="B1" s="2"/><c r="C1" s="1"/><c r="D1" s="2"/></row>'
    changed = edited(
        tmp_path,
        handmade.parts(handmade.sheet(rows)),
        edit("表", "A1", Decimal(1), "0.000%"),
        edit("表", "B1", Decimal(1), "0.000%"),
        edit("表", "C1", Decimal(1), "0.00"),
        edit("表", "D1", Decimal(1), "0.0%"),
    )
    assert [re.search(f'r="{c}1" s="([0-9]+)"', changed[PART].decode())[1] for c in "ABCD"] == ["4", "4", "5", "2"]  # type: ignore[index]
    old = handmade.STYLES
    assert changed["xl/styles.xml"].decode() == old.replace(
        '<numFmts count="1"><numFmt numFmtId="164" formatCode="0.0%"/>',
        '<numFmts count="2"><numFmt numFmtId="164" formatCode="0.0%"/><numFmt numFmtId="165" formatCode="0.000%"/>',
    ).replace('<cellXfs count="4">', '<cellXfs count="6">').replace(
        "</cellXfs>",
        '<xf numFmtId="165" fontId="0" applyNumberFormat="1"><alignment horizontal="center"/></xf>'
        '<xf numFmtId="2" fontId="0" applyNumberFormat="1"/></cellXfs>',
    )


def test_a_style_sheet_without_number_formats_gets_some(tmp_path: Path) -> None:
    styles = re.sub("<numFmts.*</numFmts>", "", handmade.STYLES)
    made = handmade.parts(handmade.sheet('<row r="1"><c r="A1"/></row>'), styles=styles)
    changed = edited(tmp_path, made, edit("表", "A1", Decimal(1), '0"分"'))
    assert (
        f'<styleSheet xmlns="{handmade.MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="0&quot;分&quot;"/></numFmts>'
        in changed["xl/styles.xml"].decode()
    )


FORMULAS = (
    '<row r="1"><c r="A1"><v>1</v></c><c r="B1" cm="1"><f>A1*2</f><v>2</v></c><c r="C1" t="str"><f>"共"&amp;B1</f><v>共2</v></c></row>'
    '<row r="2"><c r="A2"><f>FUTURE(A1)</f><v>7</v></c><c r="B2"><f>A5+1</f><v>99</v></c><c r="C2" t="str"><f>IF(A1&gt;1,TRUE)</f>'
    "<v>旧</v></c></row>"
)


def test_formulas_that_lean_on_an_edit_get_their_value_or_none(tmp_path: Path) -> None:
    changed = edited(tmp_path, handmade.parts(handmade.sheet(FORMULAS)), edit("表", "A1", Decimal(3)))
    assert set(changed) == {PART, "xl/workbook.xml"}
    assert (
        FORMULAS.replace("<v>1</v>", "<v>3</v>")
        .replace("<v>2</v>", "<v>6</v>")
        .replace("共2", "共6")
        .replace("<f>FUTURE(A1)</f><v>7</v>", "<f>FUTURE(A1)</f>")
        .replace('<c r="C2" t="str">', '<c r="C2" t="b">')
        .replace("<v>旧</v>", "<v>1</v>")
        in changed[PART].decode()
    )
    assert '</sheets><calcPr fullCalcOnLoad="1"/></workbook>' in changed["xl/workbook.xml"].decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<calcPr calcId="1"/>', '<calcPr calcId="1" fullCalcOnLoad="1"/>'),
        ('<calcPr fullCalcOnLoad="0" calcId="1"></calcPr>', '<calcPr fullCalcOnLoad="1" calcId="1"></calcPr>'),
        ("<definedNames/><oleSize/>", '<definedNames/><calcPr fullCalcOnLoad="1"/><oleSize/>'),
        ("<extLst><calcPr/></extLst>", '<calcPr fullCalcOnLoad="1"/><extLst><calcPr/></extLst>'),
    ],
)
def test_the_workbook_asks_to_be_calculated(tmp_path: Path, before: str, after: str) -> None:
    sheets = f'<sheets><sheet name="表" sheetId="1" r:id="rId1" xmlns:r="{handmade.RELATIONS}"/></sheets>'
    made = handmade.parts(handmade.sheet(FORMULAS), workbook=sheets + before)
    changed = edited(tmp_path, made, edit("表", "A1", Decimal(3)))
    assert changed["xl/workbook.xml"].decode() == str(made["xl/workbook.xml"]).replace(before, after)


def test_an_edit_that_no_formula_leans_on_leaves_all_of_them_alone(tmp_path: Path) -> None:
    changed = edited(tmp_path, handmade.parts(handmade.sheet(FORMULAS)), edit("表", "D1", Decimal(3)))
    assert set(changed) == {PART}
    assert changed[PART].decode() == handmade.sheet(
        FORMULAS.replace("共2</v></c>", '共2</v></c><c r="D1"><v>3</v></c>')
    )


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("A1", "公式"),
        ("A2", "公式"),
        ("B4", "数组"),
        ("D4", "数组"),
        ("C1", "合并区域内，只有第一格 B1"),
        ("F1", "两次"),
    ],
)
def test_cells_that_must_not_be_set_are_refused(tmp_path: Path, place: str, reason: str) -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B9</f></c><c r="B1"/><c r="F1"/><c r="F1"/></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/></c></row>'
        '<row r="3"><c r="B3"><f t="array" ref="B3:B5">A1:A3</f></c><c r="D3"><f t="dataTable" ref="D3:D5"/></c></row>'
    )
    merges = '<mergeCells count="1"><mergeCell ref="B1:C1"/></mergeCells>'
    path = handmade.write(tmp_path / "b.xlsx", handmade.parts(handmade.sheet(rows, after=merges)))
    book = ClosedWorkbook.open(path)
    with pytest.raises(UnwritableBook, match=reason) as refusal:
        book.apply([edit("表", place, Decimal(1))])
    assert (refusal.value.book, refusal.value.sheet, refusal.value.cell) == (str(path), "表", place)


def test_a_tables_heading_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as made:
        made.add_worksheet("表").add_table("B2:C4", {"columns": [{"header": "预算"}, {"header": "执行"}]})
    book = ClosedWorkbook.open(path)
    with pytest.raises(UnwritableBook, match="列标题"):
        book.apply([edit("表", "C2", "决算")])
    book.apply([edit("表", "C3", Decimal(1)), edit("表", "D2", "旁注")])


def test_a_protected_sheet_is_edited_and_told_with_a_password_only_where_unlocked(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"/><c r="B1" s="3"/></row>'
    for protection, locked in (
        ('sheet="1"', True),
        ('sheet="1" password="E879"', False),
        ('hashValue="x" sheet="1"', False),
    ):
        made = handmade.parts(handmade.sheet(rows, after=f"<sheetProtection {protection}/>"))
        book = ClosedWorkbook.open(handmade.write(tmp_path / "b.xlsx", made))
        book.apply([edit("表", "B1", Decimal(1))])
        assert book.remarks == ["工作表“表”设有保护，已按文件直接修改其中的单元格，保护设置不变。"]
        if locked:
            book.apply([edit("表", "A1", Decimal(1))])
        else:
            with pytest.raises(UnwritableBook, match="密码"):
                book.apply([edit("表", "A1", Decimal(1))])


def test_edits_add_up_before_a_save_and_after_one(tmp_path: Path) -> None:
    path = handmade.write(tmp_path / "b.xlsx", handmade.parts(handmade.sheet(FORMULAS)))
    book = ClosedWorkbook.open(path)
    for number in range(1, 4):
        book.apply([edit("表", "A1", Decimal(number)), edit("表", f"F{number}", f"第 {number} 次")])
        if number == 2:
            book.save()
        assert book.grid("表").rows[1][2].value == number * 2
    book.save()
    grid = ClosedWorkbook.open(path).grid("表")
    assert [grid.cell(row, 6) for row in (1, 2, 3)] == [Cell(f"第 {row} 次") for row in (1, 2, 3)]
    assert grid.rows[1][3].value == "共6"


CELLS = st.builds(Ref, st.integers(1, 12), st.integers(1, 6))
VALUES = st.one_of(
    st.decimals(min_value=-(10**9), max_value=10**9, places=3),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(lambda text: text == text.replace("\r", "")),
)


@settings(max_examples=60, deadline=None)
@given(present=st.sets(CELLS), changes=st.dictionaries(CELLS, VALUES, min_size=1, max_size=8), bare=st.booleans())
def test_any_edits_give_those_values_and_leave_all_other_cells(
    tmp_path_factory: pytest.TempPathFactory, present: set[Ref], changes: dict[Ref, Decimal | str], bare: bool
) -> None:
    rows = ""
    for row in sorted({place.row for place in present}):
        columns = sorted(place.column for place in present if place.row == row)
        cells = ""
        for column in columns:
            given = "" if bare and (column == 1 or column - 1 in columns) else f' r="{Ref(row, column).a1}"'
            cells += f"<c{given} s='1'><v>{row * 100 + column}</v></c>"
        rows += f'<row r="{row}">{cells}</row>'
    path = handmade.write(tmp_path_factory.mktemp("any") / "b.xlsx", handmade.parts(handmade.sheet(rows)))
    book = ClosedWorkbook.open(path)
    book.apply([Edit("表", at, value) for at, value in changes.items()])
    book.save()
    grid = ClosedWorkbook.open(path).grid("表")
    expected: dict[Ref, Decimal | str] = {at: Decimal(at.row * 100 + at.column) for at in present}
    expected.update(changes)
    found = {Ref(row, column): cell.value for row, cells in grid.rows.items() for column, cell in cells.items()}
    assert found == expected
    assert all(grid.format_at(*at) == "0.00%" for at in present)
