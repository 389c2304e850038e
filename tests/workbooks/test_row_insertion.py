"""Rows inserted into a closed workbook: what named a place names the same thing after it, as LibreOffice and openpyxl see it."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from perfxl.errors import UnwritableBook
from perfxl.grid.address import Area, parse_area
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.insertion.formulas import SheetRows
from perfxl.workbooks.insertion.rowmap import Insertion, RowMap
from tests.libreoffice import CSV_AS_STORED, convert
from tests.workbooks.insertion_book import SHEET, rewrite, write_insertion_book

# Two rows below 数量指标 (rows 5 and 6) and one below 社会效益指标 (rows 9 and 10), the last of the table.
INSERTIONS = [Insertion(6, 2, frozenset({2, 3})), Insertion(10, 1, frozenset({2, 3}))]
NEW = [7, 8, 13]


def insert(path: Path, insertions: Sequence[Insertion] = INSERTIONS, sheet: str = SHEET) -> ClosedWorkbook:
    book = ClosedWorkbook.open(path)
    book.insert_rows(sheet, insertions)
    book.save()
    return book


def values(path: Path, out: Path) -> dict[str, list[list[str]]]:
    """What LibreOffice works out anew, by the sheets' names."""
    convert(path, CSV_AS_STORED, out, recalculate=True)
    files = sorted(out.glob("*.csv"))
    read = {}
    for file in files:
        with file.open(encoding="utf-8", newline="") as stream:
            read[file.stem.partition("-")[2]] = list(csv.reader(stream))
    return read


def parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def opened(path: Path, *, data_only: bool = False) -> Any:
    """The workbook as openpyxl sees it; it says that it leaves sparklines out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return load_workbook(path, data_only=data_only)


def test_libreoffice_works_out_the_same_as_before(tmp_path: Path) -> None:
    path = write_insertion_book(tmp_path / "a.xlsx")
    before = values(path, tmp_path / "before")
    insert(path)
    after = values(path, tmp_path / "after")
    form = after[SHEET]
    new = [form[row - 1] for row in NEW]
    # Nothing stands in the new rows but the rate, copied from the row above: 0 ÷ 0.
    assert [[cell for cell in row if cell] for row in new] == [["#DIV/0!"]] * 3
    after[SHEET] = [row for number, row in enumerate(form, 1) if number not in NEW]
    assert after == before


def test_every_place_is_the_one_that_it_was(tmp_path: Path) -> None:
    path = write_insertion_book(tmp_path / "a.xlsx")
    insert(path)
    book = opened(path)
    sheet, other = book.worksheets
    assert {str(area) for area in sheet.merged_cells.ranges} == {
        *("A1:I1", "A5:A13", "B5:B10", "C5:C8", "B11:B13", "C11:C13", "A14:E14"),
    }
    assert sheet["F14"].value == "=SUM(F5:F13)"
    assert sheet["I14"].value == "=G5+G6+G9+G10+G11+G12"
    assert other["A2"].value == f"={SHEET}!F14"
    assert other["B2"].value == f"=SUM({SHEET}!$G$5:$G$13)"
    assert other["C2"].value == f"=MAX('{SHEET}'!G:G)"
    assert {name: item.attr_text for name, item in book.defined_names.items()} == {
        "末项得分": f"{SHEET}!$G$12",
        "全部得分": f"{SHEET}!$G$5:$G$13",
    }
    assert sheet.print_area == f"'{SHEET}'!$A$1:$I$14"
    assert sheet.print_title_rows == "$1:$4"
    assert [line.id for line in sheet.row_breaks.brk] == [10]
    assert sheet.auto_filter.ref is None
    assert {
        str(area.sqref): [rule.formula for rule in rules]
        for area, rules in sheet.conditional_formatting._cf_rules.items()
    } == {
        "G5:G13": [["$G5<$F5"]],
        "F12:F13": [["$F$14"]],
    }
    assert {str(check.sqref): check.formula1 for check in sheet.data_validations.dataValidation} == {
        "G5:G13": "G5<=F5",
        "G14": "$F$14",
    }
    assert [check.formula1 for check in other.data_validations.dataValidation] == [f"{SHEET}!$D$5:$D$13"]
    assert {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment} == {
        "G6": "请核对",
        "G12": "请补依据",
    }
    assert {cell.coordinate: cell.hyperlink.location for cell in (sheet["A23"], other["A4"])} == {
        "A23": "A14",
        "A4": f"'{SHEET}'!A14",
    }
    assert sheet.tables["台账"].ref == "D19:F21"
    assert (sheet["K16"].value.ref, sheet["K16"].value.text) == ("K16:K17", "=G11:G13*F11:F13")
    assert (sheet.sheet_view.pane.ySplit, sheet.sheet_view.selection[-1].sqref) == (4, "G11")
    assert [sheet.row_dimensions[row].height for row in (12, 13)] == [33, 33]
    assert sheet.dimensions == "A1:K23"


def test_drawings_notes_and_charts_go_along(tmp_path: Path) -> None:
    path = write_insertion_book(tmp_path / "a.xlsx")
    insert(path)
    book = opened(path)
    seal, logo = sorted(book.worksheets[0]._images, key=lambda image: -image.anchor._from.row)
    # The seal stood in row 8, counted from 0 in row 7, and moves with it; the logo stands above the new rows.
    assert (seal.anchor._from.row, logo.anchor._from.row) == (9, 1)
    chart = parts(path)["xl/charts/chart1.xml"].decode()
    assert f"<c:f>{SHEET}!$D$5:$D$13</c:f>" in chart
    assert f"<c:f>{SHEET}!$G$5:$G$13</c:f>" in chart
    assert f"<xm:f>{SHEET}!G5:G13</xm:f><xm:sqref>E2</xm:sqref>" in parts(path)["xl/worksheets/sheet2.xml"].decode()
    vml = parts(path)["xl/drawings/vmlDrawing1.vml"].decode()
    assert [int(row.partition("<")[0]) for row in vml.split("<x:Row>")[1:]] == [5, 11]
    # The button stood in row 9 and moves with it.
    button = vml.partition('ObjectType="Button"')[2].partition("<x:Anchor>")[2].partition("<")[0]
    assert button.split(", ")[2] == "10"


def test_parts_that_name_no_place_below_stay_as_they_are(tmp_path: Path) -> None:
    path = write_insertion_book(tmp_path / "a.xlsx")
    before = parts(path)
    insert(path)
    after = parts(path)
    assert list(after) == list(before)
    assert {name for name in before if before[name] != after[name]} == {
        *("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/charts/chart1.xml"),
        *("xl/drawings/drawing1.xml", "xl/drawings/vmlDrawing1.vml", "xl/comments1.xml", "xl/tables/table1.xml"),
    }


def test_a_shared_formula_stays_shared_only_where_it_still_reads_alike(tmp_path: Path) -> None:
    path = write_insertion_book(tmp_path / "a.xlsx")
    insert(path)
    sheet = parts(path)["xl/worksheets/sheet1.xml"].decode()
    # Each rate is of its own row; each sum leans on the row above, which for the row below the new ones is further away now.
    assert '<f t="shared" ref="H5:H12" si="0">G5/F5</f>' in sheet
    assert 't="shared" si="1"' not in sheet
    assert "<f>I6+G9</f>" in sheet


def test_a_new_row_looks_as_its_neighbour_and_gets_its_formulas(tmp_path: Path) -> None:
    path = write_insertion_book(tmp_path / "a.xlsx")
    insert(path)
    sheet = opened(path)[SHEET]
    for row in (7, 8):
        assert sheet.cell(row, 8).value == f"=G{row}/F{row}"
        assert sheet.cell(row, 9).value is None  # it leans on the row above: whose sum is this?
        assert [cell._style for cell in sheet[row][3:9]] == [cell._style for cell in sheet[6][3:9]]


def test_a_new_second_level_stands_apart_under_its_first(tmp_path: Path) -> None:
    path = write_insertion_book(tmp_path / "a.xlsx")
    insert(path, [Insertion(8, 2, frozenset({2}), frozenset({3}))])
    sheet = opened(path)[SHEET]
    assert {"A5:A12", "B5:B10", "C9:C10", "C11:C12"} < {str(area) for area in sheet.merged_cells.ranges}


def test_formulas_that_name_their_row_are_worked_out_again(tmp_path: Path) -> None:
    path = rewrite(
        write_insertion_book(tmp_path / "a.xlsx"),
        "xl/worksheets/sheet1.xml",
        lambda text: text.replace("<f>SUM(F5:F10)</f><v>60</v>", "<f>ROW()+ROWS(F5:F10)</f><v>17</v>"),
    )
    book = ClosedWorkbook.open(path)
    told = book.insert_rows(SHEET, INSERTIONS).recalculated
    before_and_after = {each.at.a1: (each.before, each.after) for each in told if each.sheet == SHEET}
    # Row 11 and 6 rows before, row 14 and 9 rows now; a rate in a new row is 0 ÷ 0.
    assert (before_and_after["F14"], before_and_after["H7"]) == (("17", "23"), ("", "#DIV/0!"))
    book.save()
    cached = opened(path, data_only=True)[SHEET]
    assert cached["F14"].value == 14 + 9


@pytest.mark.parametrize(
    ("insertions", "change", "reason"),
    [
        ([Insertion(17, 1)], None, "要插入的行会切开表格“台账”"),
        ([Insertion(13, 1)], None, "要插入的行会切开单元格 K13 的数组公式（K13:K14）"),
        (
            [Insertion(6, 1)],
            ("<f>SUM(G5:G10)</f>", f"<f>SUM('{SHEET}:汇''总'!G5:G10)</f>"),
            "从一张到另一张的多张工作表",
        ),
        ([Insertion(6, 1)], ("<f>SUM(G5:G10)</f>", "<f>SUM(G5:G10)`</f>"), "单元格 G11：公式的写法无法识别"),
        (
            [Insertion(6, 1)],
            ("<mergeCells", '<sheetProtection password="83AF" sheet="1"/><mergeCells'),
            "工作表设有保护密码，不允许插入行",
        ),
    ],
)
def test_what_cannot_be_moved_safely_is_refused(
    tmp_path: Path, insertions: list[Insertion], change: tuple[str, str] | None, reason: str
) -> None:
    path = write_insertion_book(tmp_path / "a.xlsx")
    if change is not None:
        rewrite(path, "xl/worksheets/sheet1.xml", lambda text: text.replace(*change))
    before = path.read_bytes()
    book = ClosedWorkbook.open(path)
    with pytest.raises(UnwritableBook, match="没有写入") as refused:
        book.insert_rows(SHEET, insertions)
    assert reason in str(refused.value)
    assert not book.is_changed
    assert path.read_bytes() == before


def test_what_the_user_must_look_at_is_told(tmp_path: Path) -> None:
    path = rewrite(
        write_insertion_book(tmp_path / "a.xlsx"),
        "xl/worksheets/sheet1.xml",
        lambda text: text.replace("<f>SUM(G5:G10)</f>", '<f>INDIRECT("G5")*6</f>').replace(
            "<mergeCells", '<sheetProtection sheet="1"/><mergeCells'
        ),
    )
    assert insert(path).remarks == [
        f"工作表“{SHEET}”设有保护，已按文件直接插入行，保护设置不变。",
        f"工作表“{SHEET}”单元格 I14 的公式逐格相加，没有把插入的行算进去，请改为对区域求和。",
        f"工作表“{SHEET}”里有用文字指明地址的公式（INDIRECT），不会随插入的行移动，请核对。",
    ]


@pytest.mark.parametrize(
    ("formula", "on_sheet", "shifted"),
    [
        # Two rows come in below row 6.
        ("G6", True, "G6"),
        ("G7", True, "G9"),
        ("$G$7*$F7-F$6", True, "$G$9*$F9-F$6"),
        ("SUM(G5:G6)", True, "SUM(G5:G8)"),
        ("SUM(G6:G6)", True, "SUM(G6:G6)"),
        ("SUM(G7:G5)", True, "SUM(G9:G5)"),
        ("SUM(5:6,G:G,$1:$6)", True, "SUM(5:8,G:G,$1:$8)"),
        ('"G7"&G7&LOG10(G7)', True, '"G7"&G9&LOG10(G9)'),
        ("汇总!G7+自评表!G7", True, "汇总!G7+自评表!G9"),
        ("汇总!G7+自评表!G7", False, "汇总!G7+自评表!G9"),
        ("G7+'自评表'!G7", False, "G7+'自评表'!G9"),
        ("[1]自评表!G7+'[1]自评表'!G7", False, "[1]自评表!G7+'[1]自评表'!G7"),
        ("台账[[#This Row],[执行]]/G7", True, "台账[[#This Row],[执行]]/G9"),
        ("G1048576", True, "G1048578"),
        ("#REF!+G7", True, "#REF!+G9"),
    ],
)
def test_formulas_follow_their_cells(formula: str, on_sheet: bool, shifted: str) -> None:
    rows = SheetRows("自评表", ["自评表", "汇总"], RowMap([Insertion(6, 2)]))
    assert rows.shifted(formula, on_sheet=on_sheet) == shifted


def test_areas_move_grow_or_are_cut() -> None:
    rows = RowMap([Insertion(6, 2), Insertion(10, 1)])
    assert [rows.row(row) for row in (6, 7, 10, 11)] == [6, 9, 12, 14]
    assert rows.grown(parse_area("A1:B6")) == Area(1, 1, 8, 2)
    assert rows.grown(parse_area("A6:B6")) == Area(6, 1, 6, 2)
    assert rows.grown(parse_area("A6:B6"), single=True) == Area(6, 1, 8, 2)
    assert rows.moved(parse_area("A1:B10")) == Area(1, 1, 12, 2)
    assert rows.cuts(parse_area("A6:A7"))
    assert not rows.cuts(parse_area("A7:A10"))
    assert rows.ranges() == [range(7, 9), range(13, 14)]
