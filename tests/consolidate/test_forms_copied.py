"""`--with-forms`: each form stands in the summary as it looks in its book, and what could not be copied is said."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.colors import Color
from PIL import Image as Drawing

from perfxl.cli import main
from perfxl.consolidate.outputs import State, Written
from perfxl.consolidate.store import read_store
from perfxl.consolidate.summary.writing import write_summary
from tests.consolidate.inbox import form, hand_in
from tests.libreoffice import convert


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "报送"
    hand_in(folder, "水务局/水库.xlsx", form("水库除险"), form("渠道清淤"))
    hand_in(folder, "教育局.xlsx", form("课桌/更换", "青川市教育局"))
    monkeypatch.chdir(tmp_path)
    return folder


def dress(path: Path) -> None:
    """Looks, a picture, a note, a formula and a rule on a form."""
    book = load_workbook(path)
    sheet: Any = book["自评表1"]
    cell = sheet["B3"]
    cell.font = Font("楷体", 16, bold=True, italic=True, underline="double", color="FF9C0006")
    cell.fill = PatternFill("solid", fgColor=Color(theme=4, tint=0.6))
    cell.border = Border(bottom=Side("double", "FF00B050"), left=Side("mediumDashed"))
    cell.alignment = Alignment("right", "top", wrap_text=True, text_rotation=45)
    sheet["E6"].number_format = "0.0000"
    sheet["I18"] = "=1+2"
    sheet["J2"] = True
    sheet["B3"].comment = Comment("请核对", "某人")
    sheet.column_dimensions["C"].width = 33.7109375
    sheet.column_dimensions["J"].hidden = True
    sheet.row_dimensions[3].height = 51
    rule: Any = CellIsRule
    pink = PatternFill("solid", bgColor="FFFFC7CE")
    sheet.conditional_formatting.add("G6", rule("lessThan", ["0.9"], fill=pink))
    sheet.page_setup.orientation = "landscape"
    sheet.oddFooter.center.text = "第 &P 页"
    picture = BytesIO()
    Drawing.new("RGB", (40, 20), "red").save(picture, "png")
    sheet.add_image(Image(picture), "K4")
    book.save(path)


def test_a_form_stands_in_the_summary_as_it_looks(inbox: Path) -> None:
    dress(inbox / "教育局.xlsx")
    assert main(["consolidate", "报送", "-o", "汇总.xlsx", "--with-forms", "--jobs", "1"]) == 0
    book: Any = load_workbook("汇总.xlsx")
    assert book.sheetnames[-4:] == ["附表目录", "1.课桌 更换", "2.水库除险", "3.渠道清淤"]
    copy, original = book["1.课桌 更换"], load_workbook(inbox / "教育局.xlsx")["自评表1"]
    values = {cell.coordinate: cell.value for row in original.iter_rows() for cell in row if cell.value is not None}
    assert {
        cell.coordinate: cell.value for row in copy.iter_rows() for cell in row if cell.value is not None
    } == values | {"I18": 3}
    assert {str(area) for area in copy.merged_cells.ranges} == {str(area) for area in original.merged_cells.ranges}
    cell = copy["B3"]
    font = cell.font
    assert (font.name, font.sz, font.b, font.i, font.u, font.color.rgb) == (
        "楷体",
        16,
        True,
        True,
        "double",
        "FF9C0006",
    )
    assert cell.fill.fgColor.rgb == "FFB9CDE5"  # accent 1, three fifths of the way to white
    assert (cell.border.bottom.style, cell.border.bottom.color.rgb, cell.border.left.style) == (
        "double",
        "FF00B050",
        "mediumDashed",
    )
    aligned = cell.alignment
    assert (aligned.horizontal, aligned.vertical, aligned.wrap_text, aligned.textRotation) == ("right", "top", True, 45)
    assert copy["E6"].number_format == "0.0000"
    assert copy.column_dimensions["C"].width == pytest.approx(33.71, abs=0.1)
    assert copy.column_dimensions["J"].hidden
    assert copy.row_dimensions[3].height == 51
    assert copy["B3"].comment.text == "请核对"
    assert copy.page_setup.orientation == "landscape"
    assert copy.oddFooter.center.text == "第 &P 页"
    (picture,) = copy._images
    assert (picture.anchor._from.row, picture.anchor._from.col, picture.width, picture.height) == (3, 10, 40, 20)
    contents = list(book["附表目录"].iter_rows(min_row=2, values_only=True))
    assert [row[5] for row in contents] == ["公式 1 个（只有数值）、条件格式", "", ""]
    assert book["附表目录"]["D2"].hyperlink.location == "'1.课桌 更换'!A1"


def test_many_forms_go_by_department_to_workbooks_beside_the_summary(inbox: Path, tmp_path: Path) -> None:
    main(["consolidate", "报送", "--store", "a.duckdb", "--jobs", "1"])
    with read_store(Path("a.duckdb")) as sql:
        written = write_summary(sql, tmp_path / "汇总.xlsx", with_forms=True, most_forms=1)
        files = sorted(Path("汇总-附表").iterdir())
        bytes_before = [path.read_bytes() for path in files]
        files[0].unlink()
        again = write_summary(sql, tmp_path / "汇总.xlsx", with_forms=True, most_forms=1)
    assert written.notes == ["自评表超过 1 张，按部门附在文件夹“汇总-附表”中。"]
    assert not again.changed
    assert "附表目录" not in load_workbook("汇总.xlsx").sheetnames
    assert [path.name for path in files] == ["青川市教育局.xlsx", "青川市水务局（1）.xlsx", "青川市水务局（2）.xlsx"]
    assert [path.read_bytes() for path in files] == bytes_before
    assert load_workbook(files[1]).sheetnames == ["附表目录", "1.水库除险"]
    assert main(["check", "汇总-附表"]) == 2  # copies are no forms that were handed in


def test_annexes_of_departments_that_are_gone_go_too(inbox: Path, tmp_path: Path) -> None:
    def again(*, most: int = 1, with_forms: bool = True) -> Written:
        main(["consolidate", "报送", "--store", "a.duckdb", "--jobs", "1"])
        with read_store(Path("a.duckdb")) as sql:
            return write_summary(sql, tmp_path / "汇总.xlsx", with_forms=with_forms, most_forms=most)

    def named(written: Written, state: State) -> list[str]:
        return [file.path.name for file in written.files if file.state is state]

    again()
    folder = Path("汇总-附表")
    own = Path(shutil.copy(inbox / "教育局.xlsx", folder / "自己的.xlsx"))
    (inbox / "教育局.xlsx").unlink()
    open_elsewhere = folder / "~$青川市教育局.xlsx"
    open_elsewhere.write_bytes(b"\x02li" + bytes(162))
    told = again()
    assert named(told, State.OUTDATED) == ["青川市教育局.xlsx"]
    assert told.notes[-1] == "以前的附表，现在已不再有，因为正被打开或不能删除而留着：青川市教育局.xlsx。"
    open_elsewhere.unlink()
    told = again()
    assert told.notes[-1] == "删去了不再有的附表：青川市教育局.xlsx。"
    assert (named(told, State.REMOVED), named(told, State.UNCHANGED)) == (
        ["青川市教育局.xlsx"],
        ["汇总.xlsx", "青川市水务局（1）.xlsx", "青川市水务局（2）.xlsx"],
    )
    told = again(with_forms=False)
    assert told.notes == ["文件夹“汇总-附表”里是以前附的自评表，这次没有写 --with-forms，没有更新。"]
    told = again(most=200)  # they stand in the summary now
    assert named(told, State.REMOVED) == ["青川市水务局（1）.xlsx", "青川市水务局（2）.xlsx"]
    assert sorted(folder.iterdir()) == [own]
    own.unlink()
    again(most=200)
    assert not folder.exists()


def test_of_another_format_the_values_are_copied(inbox: Path, tmp_path: Path) -> None:
    convert(inbox / "教育局.xlsx", "xls", inbox)
    (inbox / "教育局.xlsx").unlink()
    main(["consolidate", "报送", "-o", "汇总.xlsx", "--with-forms", "--jobs", "1"])
    book = load_workbook("汇总.xlsx")
    copy = book["1.课桌 更换"]
    assert [copy[at].value for at in ("A1", "B3", "F6")] == ["项目支出绩效自评表", "课桌/更换", 31.69]
    assert "A1:I1" in {str(area) for area in copy.merged_cells.ranges}
    assert book["附表目录"]["F2"].value == "样式（只有数值、数字格式和合并单元格）"


def test_a_book_that_is_gone_is_told(inbox: Path, tmp_path: Path) -> None:
    main(["consolidate", "报送", "--store", "a.duckdb", "--jobs", "1"])
    (inbox / "教育局.xlsx").unlink()
    with read_store(Path("a.duckdb")) as sql:
        written = write_summary(sql, tmp_path / "汇总.xlsx", with_forms=True)
    assert written.notes == ["有 1 张表没能附上，原因见工作表“附表目录”。"]
    book = load_workbook("汇总.xlsx")
    assert str(book["附表目录"]["F2"].value).startswith("文件不存在")
    assert "2.水库除险" in book.sheetnames


def test_forms_need_a_summary_to_stand_in(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["consolidate", "报送", "--store", "a.duckdb", "--with-forms"]) == 2
    assert "请同时用 -o 给出汇总表" in capsys.readouterr().err
