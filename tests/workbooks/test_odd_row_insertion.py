"""Rows inserted into workbooks put together by hand: each thing that names a place, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl.errors import UnwritableBook
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.insertion.rowmap import Insertion
from tests.workbooks import handmade

PART = "xl/worksheets/sheet1.xml"
ROWS = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row><row r="4"><c r="B4"><v>4</v></c></row>'
# Two rows come in below row 2, which look as it does.
NEW = '<row r="3"><c r="A3"/></row><row r="4"><c r="A4"/></row>'


def inserted(tmp_path: Path, made: dict[str, str | bytes], below: int = 2) -> dict[str, bytes]:
    """The parts after two rows came in."""
    path = handmade.write(tmp_path / "b.xlsx", made)
    book = ClosedWorkbook.open(path)
    book.insert_rows("表", [Insertion(below, 2)])
    book.save()
    return handmade.read(path)


def sheet_after(tmp_path: Path, part: str, below: int = 2) -> str:
    return inserted(tmp_path, handmade.parts(part), below)[PART].decode()


@pytest.mark.parametrize(
    ("rows", "after"),
    [
        (
            '<row r="1"><c r="A1"/></row><row r="2"><c r="A2"/></row><row r="4"><c r="B4"/></row>',
            f'<row r="1"><c r="A1"/></row><row r="2"><c r="A2"/></row>{NEW}<row r="6"><c r="B6"/></row>',
        ),
        # rows and cells that do not say where they stand count on
        (
            "<row><c/></row><row><c/></row><row><c/></row>",
            f"<row><c/></row><row><c/></row>{NEW}<row><c/></row>",
        ),
        # the look comes along, what hides or folds does not, and a height that follows the text is worked out anew
        (
            '<row r="2" spans="1:2" s="1" customFormat="1" ht="33" hidden="1" collapsed="1"><c r="A2" s="2" t="b"><v>1</v></c></row>',
            (
                '<row r="2" spans="1:2" s="1" customFormat="1" ht="33" hidden="1" collapsed="1"><c r="A2" s="2" t="b"><v>1</v></c></row>'
                '<row r="3" spans="1:2" s="1" customFormat="1"><c r="A3" s="2"/></row>'
                '<row r="4" spans="1:2" s="1" customFormat="1"><c r="A4" s="2"/></row>'
            ),
        ),
        (
            '<row r="2" ht="33" customHeight="1"/>',
            '<row r="2" ht="33" customHeight="1"/><row r="3" ht="33" customHeight="1"/><row r="4" ht="33" customHeight="1"/>',
        ),
        # nothing stands in the row above: nothing comes in, what is below moves
        ('<row r="1"/><row r="5"><c r="A5"/></row>', '<row r="1"/><row r="7"><c r="A7"/></row>'),
        # array formulas and data tables move whole; what perfxl cannot work out loses its stored value
        (
            '<row r="2"/><row r="3"><c r="A3"><f t="array" ref="A3:A4">B3:B4*2</f><v>0</v></c></row>',
            '<row r="2"/><row r="3"/><row r="4"/><row r="5"><c r="A5"><f t="array" ref="A5:A6">B5:B6*2</f><v>0</v></c></row>',
        ),
        (
            '<row r="2"/><row r="3"><c r="A3"><f t="dataTable" ref="A3:A4" dt2D="1" r1="B2" r2="B3"/><v>0</v></c></row>',
            (
                '<row r="2"/><row r="3"/><row r="4"/>'
                '<row r="5"><c r="A5"><f t="dataTable" ref="A5:A6" dt2D="1" r1="B2" r2="B5"/></c></row>'
            ),
        ),
    ],
)
def test_rows_and_cells(tmp_path: Path, rows: str, after: str) -> None:
    part = sheet_after(tmp_path, handmade.sheet(rows))
    inner = part.partition("<sheetData>")[2].partition("</sheetData>")[0]
    assert inner == after


X14 = 'xmlns:x14="urn:x14" xmlns:xm="urn:xm"'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<protectedRanges><protectedRange sqref="A2 C5:D9"/></protectedRanges>', "A2:A4 C7:D11"),
        (
            '<scenarios sqref="A5"><scenario><inputCells r="A4" val="1"/></scenario></scenarios>',
            '<scenarios sqref="A7"><scenario><inputCells r="A6" val="1"/>',
        ),
        (
            '<autoFilter ref="A1:B2"><sortState ref="A2:B2"><sortCondition ref="B1:B2"/></sortState></autoFilter>',
            '<autoFilter ref="A1:B4"><sortState ref="A2:B2"><sortCondition ref="B1:B4"/>',
        ),
        (
            '<dataConsolidate><dataRefs count="2"><dataRef ref="A1:B9" sheet="表"/><dataRef ref="A1:B9" sheet="外"/></dataRefs></dataConsolidate>',
            '<dataRef ref="A1:B11" sheet="表"/><dataRef ref="A1:B9" sheet="外"/>',
        ),
        (
            (
                '<customSheetViews><customSheetView guid="{0}"><pane ySplit="3" topLeftCell="A4" state="frozen"/>'
                '<selection activeCell="B3" sqref="B3:B4"/><rowBreaks><brk id="2"/><brk id="3"/></rowBreaks></customSheetView></customSheetViews>'
            ),
            (
                '<pane ySplit="5" topLeftCell="A6" state="frozen"/><selection activeCell="B5" sqref="B5:B6"/>'
                '<rowBreaks><brk id="4"/><brk id="5"/></rowBreaks>'
            ),
        ),
        ('<colBreaks><brk id="9" max="1048575"/></colBreaks>', '<brk id="9" max="1048575"/>'),
        (
            (
                '<conditionalFormatting sqref="A1:A2"><cfRule><formula>$B3&gt;1</formula><colorScale><cfvo type="num" val="$A$4"/>'
                '<cfvo type="num" val="10"/></colorScale></cfRule></conditionalFormatting>'
            ),
            'sqref="A1:A4"><cfRule><formula>$B5&gt;1</formula><colorScale><cfvo type="num" val="$A$6"/><cfvo type="num" val="10"/>',
        ),
        (
            '<hyperlinks><hyperlink ref="A4" location="表!A4"/><hyperlink ref="A5" r:id="rId9" location="表!A4"/></hyperlinks>',
            '<hyperlink ref="A6" location="表!A6"/><hyperlink ref="A7" r:id="rId9" location="表!A4"/>',
        ),
        ('<cellWatches><cellWatch r="A4"/></cellWatches>', '<cellWatch r="A6"/>'),
        (
            (
                '<controls><control><controlPr linkedCell="$A$4" listFillRange="$B$1:$B$2"><anchor moveWithCells="1"><from><row>3</row>'
                "</from><to><row>5</row></to></anchor></controlPr></control></controls>"
            ),
            'linkedCell="$A$6" listFillRange="$B$1:$B$4"><anchor moveWithCells="1"><from><row>5</row></from><to><row>7</row></to>',
        ),
        (
            (
                f"<extLst><ext {X14}><x14:conditionalFormatting><xm:f>表!$A$4</xm:f><xm:sqref>A2 B4</xm:sqref></x14:conditionalFormatting>"
                "<x14:sparkline><xm:f>表!A1:A2</xm:f><xm:sqref>B2</xm:sqref></x14:sparkline></ext></extLst>"
            ),
            (
                "<xm:f>表!$A$6</xm:f><xm:sqref>A2:A4 B6</xm:sqref></x14:conditionalFormatting>"
                "<x14:sparkline><xm:f>表!A1:A4</xm:f><xm:sqref>B2</xm:sqref>"
            ),
        ),
    ],
)
def test_what_belongs_to_the_sheet(tmp_path: Path, before: str, after: str) -> None:
    part = sheet_after(tmp_path, handmade.sheet(ROWS, after=before))
    assert after in part.partition("</sheetData>")[2]


RELATED = [
    ("comments", "comments1.xml", '<comments><commentList><comment ref="A4"/></commentList></comments>', 'ref="A6"'),
    ("threadedComment", "t.xml", '<ThreadedComments><threadedComment ref="A4"/></ThreadedComments>', 'ref="A6"'),
    ("tableSingleCells", "c.xml", '<singleXmlCells><singleXmlCell r="A4"/></singleXmlCells>', 'r="A6"'),
    (
        "ctrlProp",
        "p.xml",
        '<formControlPr fmlaLink="$A$4" fmlaRange="表!$A$1:$A$2"/>',
        'fmlaLink="$A$6" fmlaRange="表!$A$1:$A$4"',
    ),
    (
        "control",
        "x.xml",
        '<ax:ocx xmlns:ax="a"><ax:ocxPr ax:name="LinkedCell" ax:value="表!A4"/><ax:ocxPr ax:name="Size" ax:value="表!A4"/></ax:ocx>',
        'ax:name="LinkedCell" ax:value="表!A6"/><ax:ocxPr ax:name="Size" ax:value="表!A4"/>',
    ),
    (
        "drawing",
        "d.xml",
        (
            '<d><twoCellAnchor editAs="absolute"><from><row>3</row></from><to><row>5</row></to></twoCellAnchor>'
            "<twoCellAnchor><from><row>1</row></from><to><row>5</row></to></twoCellAnchor>"
            '<twoCellAnchor editAs="oneCell"><from><row>1</row></from><to><row>5</row><sp textlink="表!$A$4"/></to></twoCellAnchor>'
            "<oneCellAnchor><from><row>2</row></from></oneCellAnchor></d>"
        ),
        (
            '<d><twoCellAnchor editAs="absolute"><from><row>3</row></from><to><row>5</row></to></twoCellAnchor>'
            "<twoCellAnchor><from><row>1</row></from><to><row>7</row></to></twoCellAnchor>"
            '<twoCellAnchor editAs="oneCell"><from><row>1</row></from><to><row>5</row><sp textlink="表!$A$6"/></to></twoCellAnchor>'
            "<oneCellAnchor><from><row>4</row></from></oneCellAnchor></d>"
        ),
    ),
    (
        "vmlDrawing",
        "v.vml",
        (
            '<xml><v:shape id="a"><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:Anchor>1, 2, 2, 0, 3, 4, 6, 0</x:Anchor><x:Row>3</x:Row>'
            '</x:ClientData></v:shape><br><v:shape id="b"><x:ClientData ObjectType="Checkbox"><x:SizeWithCells/>'
            "<x:Anchor>1,0,1,0,2,0,5,0</x:Anchor><x:FmlaLink>$A$4</x:FmlaLink></x:ClientData></v:shape>"
        ),
        (
            "<x:Anchor>1, 2, 4, 0, 3, 4, 8, 0</x:Anchor><x:Row>5</x:Row></x:ClientData></v:shape><br>"
            '<v:shape id="b"><x:ClientData ObjectType="Checkbox"><x:SizeWithCells/>'
            "<x:Anchor>1,0,1,0,2,0,5,0</x:Anchor><x:FmlaLink>$A$6</x:FmlaLink>"
        ),
    ),
    ("pivotTable", "pt.xml", '<pivotTableDefinition><location ref="A4:B9"/></pivotTableDefinition>', 'ref="A6:B11"'),
]


@pytest.mark.parametrize(("kind", "name", "content", "after"), RELATED, ids=[each[0] for each in RELATED])
def test_what_hangs_on_the_sheet(tmp_path: Path, kind: str, name: str, content: str, after: str) -> None:
    made = handmade.parts(handmade.sheet(ROWS))
    made["xl/worksheets/_rels/sheet1.xml.rels"] = handmade.relationships(**{kind: f"../{name}"})
    made[f"xl/{name}"] = content
    assert after in inserted(tmp_path, made)[f"xl/{name}"].decode()


def test_links_of_shapes_lead_to_the_same_cells(tmp_path: Path) -> None:
    made = handmade.parts(handmade.sheet(ROWS))
    made["xl/worksheets/_rels/sheet1.xml.rels"] = handmade.relationships(drawing="../d.xml")
    made["xl/d.xml"] = "<d/>"
    link = handmade.relationships(hyperlink="#表!A4").replace("/>", ' TargetMode="External"/>')
    made["xl/_rels/d.xml.rels"] = link
    assert 'Target="#表!A6"' in inserted(tmp_path, made)["xl/_rels/d.xml.rels"].decode()


def test_the_calculation_chain_and_names(tmp_path: Path) -> None:
    workbook = (
        f'<sheets><sheet name="表" sheetId="7" r:id="rId1" xmlns:r="{handmade.RELATIONS}"/></sheets><definedNames>'
        '<definedName name="固定">表!$A$4</definedName><definedName name="相对">表!A4</definedName>'
        '<definedName name="_xlnm.Print_Titles" localSheetId="0">表!$A:$B,表!$1:$2</definedName></definedNames>'
    )
    rows = f'{ROWS[:-6]}<c r="C4"><f>B4</f><v>4</v></c></row>'
    made = handmade.parts(handmade.sheet(rows), workbook=workbook)
    rels = str(made["xl/_rels/workbook.xml.rels"])
    made["xl/_rels/workbook.xml.rels"] = rels.replace(
        "</Relationships>",
        handmade.relationships(calcChain="c.xml").partition('relationships">')[2].replace("rId1", "rId9"),
    )
    made["xl/c.xml"] = '<calcChain><c r="C4" i="7"/><c r="C5"/><c r="C4" i="8"/><c r="C5"/></calcChain>'
    parts = inserted(tmp_path, made)
    assert parts["xl/c.xml"] == b'<calcChain><c r="C6" i="7"/><c r="C7"/><c r="C4" i="8"/><c r="C5"/></calcChain>'
    names = parts["xl/workbook.xml"].decode()
    # A relative name counts from the cell that uses it: no row of it is meant.
    assert ">表!$A$6<" in names
    assert ">表!A4<" in names
    assert ">表!$A:$B,表!$1:$4<" in names


def test_a_part_keeps_its_prefix_and_its_encoding(tmp_path: Path) -> None:
    part = handmade.sheet(
        '<row r="2"><c r="A2"/></row><row r="3"><c r="A3"><f>A2</f></c></row>',
        after='<mergeCells count="1"><mergeCell ref="A2:B2"/></mergeCells>',
    )
    for name in ("worksheet", "sheetData", "row", "c", "f", "mergeCells", "mergeCell"):
        for begin in ("<", "</"):
            part = part.replace(f"{begin}{name} ", f"{begin}x:{name} ").replace(f"{begin}{name}>", f"{begin}x:{name}>")
    made = handmade.parts(part.replace("xmlns=", "xmlns:x=").replace("UTF-8", "UTF-16").encode("utf-16"))
    after = inserted(tmp_path, made)[PART].decode("utf-16")
    assert (
        '<x:row r="2"><x:c r="A2"/></x:row><x:row r="3"><x:c r="A3"/></x:row><x:row r="4"><x:c r="A4"/></x:row>'
        '<x:row r="5"><x:c r="A5"><x:f>A2</x:f>'
    ) in after
    assert (
        '<x:mergeCells count="3"><x:mergeCell ref="A2:B2"/><x:mergeCell ref="A3:B3"/><x:mergeCell ref="A4:B4"/></x:mergeCells>'
        in after
    )


@pytest.mark.parametrize(
    ("kind", "content", "reason"),
    [
        (
            "pivotTable",
            '<pivotTableDefinition><location ref="A2:B9"/></pivotTableDefinition>',
            "要插入的行会切开数据透视表",
        ),
        (
            "pivotCacheDefinition",
            '<pivotCacheDefinition><cacheSource><worksheetSource ref="A1:B9" sheet="表"/></cacheSource></pivotCacheDefinition>',
            "数据透视表的数据来自要插入行的区域（A1:B9）",
        ),
        ("revisionHeaders", "<headers/>", "工作簿是共享工作簿"),
        ("volatileDependencies", "<volTypes/>", "实时数据（RTD）"),
    ],
)
def test_what_hangs_on_the_rows_too_tightly_is_refused(tmp_path: Path, kind: str, content: str, reason: str) -> None:
    made = handmade.parts(handmade.sheet(ROWS))
    made["xl/worksheets/_rels/sheet1.xml.rels"] = handmade.relationships(**{kind: "../p.xml"})
    made["xl/p.xml"] = content
    with pytest.raises(UnwritableBook) as refused:
        inserted(tmp_path, made)
    assert reason in str(refused.value)


def test_a_sheet_without_room_at_its_end_is_refused(tmp_path: Path) -> None:
    rows = f'{ROWS}<row r="1048575"><c r="A1048575"><v>1</v></c></row>'
    with pytest.raises(UnwritableBook, match="放不下新的 2 行"):
        inserted(tmp_path, handmade.parts(handmade.sheet(rows)))
