"""What .xls, .xlsb and .ods hold is read as it would be from .xlsx: the same forms, figures and findings.

LibreOffice writes the .xls and .ods; the .xlsb is written by hand, and LibreOffice and python-calamine say whether it is one.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from perfxl.grid.address import Area
from perfxl.grid.cells import Cell, CellError, Grid, SheetState, Trust
from perfxl.grid.numberformat import UNKNOWN, UNKNOWN_PERCENTAGE
from perfxl.judging import Judgement, judge
from perfxl.report.json import form_record
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.foreign.workbook import ForeignWorkbook
from perfxl.workbooks.opening import open_to_read
from tests.books import GOOD_FORM, write_book
from tests.foreign.binary import write_xlsb
from tests.form.drawing import draw
from tests.form.test_layouts import LAYOUTS, RULE
from tests.libreoffice import convert


def pictures() -> Iterator[tuple[str, str]]:
    """Forms of many layouts; a text that begins with = is left out, which openpyxl would write as a formula."""
    for path in LAYOUTS:
        picture = path.read_text(encoding="utf-8").split(RULE)[0]
        yield path.stem[:31], picture.replace("| = |", "| ≥ |").replace("| =", "| ")
    yield "自评表", GOOD_FORM


PICTURES = dict(pictures())
FORMULA: dict[str, Any] = {"formula": "", "trust": Trust.CACHED}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same forms, one a sheet, in each format."""
    folder = tmp_path_factory.mktemp("books")
    xlsx = write_book(folder / "各表.xlsx", PICTURES)
    converted = {suffix: convert(xlsx, suffix, folder) for suffix in ("xls", "ods")}
    et = Path(shutil.copy(converted["xls"], folder / "金山.et"))
    xlsb = write_xlsb(folder / "各表.xlsb", [draw(picture, sheet) for sheet, picture in PICTURES.items()])
    return {"xlsx": xlsx, **converted, "et": et, "xlsb": xlsb}


def judged(path: Path) -> list[dict[str, Any]]:
    """The forms of a workbook as the JSON tells them, without the workbook's name."""
    workbook = open_to_read(path)
    forms = judge(workbook, "", Judgement.of(path))
    return [form_record(form) for form in forms]


@pytest.mark.parametrize("suffix", ["xls", "et", "xlsb"])
def test_forms_are_those_of_the_xlsx(books: dict[str, Path], suffix: str) -> None:
    expected = judged(books["xlsx"])
    assert len(expected) >= len(PICTURES)
    assert judged(books[suffix]) == expected


def test_forms_of_an_ods_have_the_same_figures(books: dict[str, Path]) -> None:
    """Texts of numbers differ, since their formats are not known; what they say does not."""

    def figures(record: dict[str, Any]) -> Any:
        rows = [
            {key: row[key] for key in ("level1", "level2", "name", "weight", "score")} for row in record["indicators"]
        ]
        funds = [
            {key: value for key, value in line.items() if not key.startswith("expected")} for line in record["funds"]
        ]
        findings = [(finding["code"], finding["cell"]) for finding in record["findings"]]
        return record["sheet"], record["project"], record["year"], rows, funds, record["total"], findings

    assert [figures(form) for form in judged(books["ods"])] == [figures(form) for form in judged(books["xlsx"])]


@pytest.mark.parametrize("suffix", ["xls", "xlsb", "ods"])
def test_cells_are_those_that_another_reader_sees(books: dict[str, Path], suffix: str) -> None:
    other = CalamineWorkbook.from_path(str(books[suffix]))
    workbook = open_to_read(books[suffix])
    assert workbook.sheet_names == other.sheet_names
    for sheet in workbook.sheet_names:
        grid = workbook.grid(sheet)
        there = {
            (row, column): Decimal(repr(value)) if isinstance(value, float) else value
            for row, line in enumerate(other.get_sheet_by_name(sheet).to_python(skip_empty_area=False), 1)
            for column, value in enumerate(line, 1)
            if value != ""
        }
        assert {
            (row, column): cell.value for row, cells in grid.rows.items() for column, cell in cells.items()
        } == there


def odd_grids() -> list[Grid]:
    cells: list[dict[int, Cell]] = [
        {1: Cell(CellError("#DIV/0!"), **FORMULA), 2: Cell(Decimal(2), **FORMULA), 3: Cell("文\n字", **FORMULA)},
        {1: Cell(True), 2: Cell(False, **FORMULA), 4: Cell(CellError("#N/A"))},
        {1: Cell(Decimal("0.9781"), "0.00%"), 2: Cell(Decimal(44895), 'yyyy"年"m"月"d"日"')},
        {
            1: Cell(Decimal("-12.34")),
            2: Cell(Decimal("1234567890123.45")),
            3: Cell(Decimal("1E-7")),
            4: Cell(Decimal(-7)),
        },
        {1: Cell("😀𠀀 <&> =1+1"), 2: Cell(" 两端有空格 "), 16384: Cell("末列")},
    ]
    rows = dict(enumerate(cells, 1)) | {1048576: {1: Cell("末行")}}
    merges = [Area(7, 1, 8, 3)]
    return [
        Grid("甲", rows, merges, hidden_rows={3}, hidden_columns={3}),
        Grid("藏", {2: {2: Cell("x")}}, state=SheetState.HIDDEN),
        Grid("深藏", {2: {2: Cell("x")}}, state=SheetState.VERY_HIDDEN),
    ]


def test_every_kind_of_cell_of_an_xlsb(tmp_path: Path) -> None:
    grids = odd_grids()
    workbook = open_to_read(write_xlsb(tmp_path / "a.xlsb", grids))
    assert [workbook.grid(grid.sheet) for grid in grids] == grids
    assert workbook.remarks == ["工作表“甲”有 4 个公式，perfxl 没有重新计算，用的是文件中存放的结果。"]


def test_libreoffice_takes_the_xlsb_for_one(tmp_path: Path) -> None:
    path = write_xlsb(tmp_path / "a.xlsb", [draw(GOOD_FORM, "自评表")])
    sheet: Any = load_workbook(convert(path, "xlsx", tmp_path / "out"))["自评表"]
    assert (sheet["H6"].value, sheet["H6"].number_format, sheet["B3"].value) == (0.9781, "0.00%", "河堤加固")
    assert "A1:I1" in {str(area) for area in sheet.merged_cells.ranges}


@pytest.fixture(scope="module")
def odd_books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ForeignWorkbook]:
    """Formulas, errors, dates, hidden things, long texts and far corners, as LibreOffice writes them."""
    folder = tmp_path_factory.mktemp("odd")
    cells = {
        "A1": "=1/0", "B1": "=1+1", "C1": '="文"&"字"', "A2": True, "A3": 0.9781, "B3": 44895, "A4": "#N/A",
        "A5": "长" * 20000, "B5": "x" * 9000, "A6": "两行\n内容", "IV65536": "角上", "A8": 1e300, "B8": -0.05,
    }  # fmt: skip
    path = write_book(folder / "奇.xlsx", {"甲": cells, "藏": {"B2": "x"}, "空": {}})
    book: Any = load_workbook(path)
    sheet = book["甲"]
    sheet["A3"].number_format, sheet["B3"].number_format, sheet["B8"].number_format = "0.0%", 'yyyy"年"m"月"', "0.00%"
    sheet.row_dimensions[6].hidden = sheet.column_dimensions["D"].hidden = True
    sheet.merge_cells("C6:D7")
    book["藏"].sheet_state = "hidden"
    book.create_chartsheet("图")
    book.save(path)
    found = {suffix: open_to_read(convert(path, suffix, folder)) for suffix in ("xls", "ods")}
    assert all(isinstance(workbook, ForeignWorkbook) for workbook in found.values())
    return {suffix: workbook for suffix, workbook in found.items() if isinstance(workbook, ForeignWorkbook)}


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_every_kind_of_cell(odd_books: dict[str, ForeignWorkbook], suffix: str) -> None:
    workbook = odd_books[suffix]
    grid = workbook.grid("甲")
    code, percentage = ("General", "0.0%") if suffix == "xls" else (UNKNOWN, UNKNOWN_PERCENTAGE)
    found = {(row, column): cell for row, cells in grid.rows.items() for column, cell in cells.items()}
    date = found.pop((3, 2))
    if suffix == "xls":
        assert (date.value, "年" in date.format) == (Decimal(44895), True)
    else:
        assert date == Cell("2022年11月")
    assert found.pop((2, 1)).value == (
        True if suffix == "xls" else Decimal(1)
    )  # LibreOffice writes 1 into its own format
    assert found.pop((8, 2)).value == Decimal("-0.05")
    assert found == {
        (1, 1): Cell(CellError("#DIV/0!"), **FORMULA),
        (1, 2): Cell(Decimal(2), code, **FORMULA),
        (1, 3): Cell("文字", **FORMULA),
        (3, 1): Cell(Decimal("0.9781"), percentage),
        (4, 1): Cell(CellError("#N/A"), **FORMULA),
        (5, 1): Cell("长" * 20000),
        (5, 2): Cell("x" * 9000),
        (6, 1): Cell("两行\n内容"),
        (8, 1): Cell(Decimal(10) ** 300, code),
        (65536, 256): Cell("角上"),
    }
    assert (grid.merges, grid.hidden_rows, grid.hidden_columns) == ([Area(6, 3, 7, 4)], {6}, {4})
    assert [workbook.grid(sheet).state for sheet in ("甲", "藏")] == [SheetState.VISIBLE, SheetState.HIDDEN]
    assert any("公式，perfxl 没有重新计算" in remark for remark in workbook.remarks)


def test_an_xlsx_by_another_name_is_read_as_what_it_is(books: dict[str, Path], tmp_path: Path) -> None:
    for name in ("a.xls", "a.ods", "a.et", "没有扩展名"):
        path = Path(shutil.copy(books["xlsx"], tmp_path / name))
        assert isinstance(open_to_read(path), ClosedWorkbook)
    path = Path(shutil.copy(books["xls"], tmp_path / "a.xlsx"))
    workbook = open_to_read(path)
    assert isinstance(workbook, ForeignWorkbook)
    assert len(workbook.sheet_names) == len(PICTURES)
