"""Forms longer than a page: where a name holds for rows on two pages, it stands on both, and no cell is torn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document

from perfxl.export.page import FormPage, PageCell, PageTable
from perfxl.export.paging import paginate
from perfxl.populate.books import new_from_plan
from perfxl.sources import Book
from tests.export.test_export import export, table_texts
from tests.libreoffice import pdf_pages
from tests.populate.plans import project, rows_of, write_plan

SHARES = (0.1, 0.2, 0.7)
HEAD = (PageCell(0, 0, 0, 0, "", True), PageCell(0, 1, 0, 1, "二级指标", True), PageCell(0, 2, 0, 2, "三级指标", True))


def long_form(folder: Path, indicators: int) -> Path:
    """A form with so many indicators of two levels, made from a plan."""
    half = indicators // 2
    lines = [("产出指标", "数量指标", f"标段{n}进度", "≥", n, "公里", 40 if n == 1 else 0) for n in range(1, half + 1)]
    lines += [
        ("效益指标", "社会效益指标", f"受益人口{n}", "≥", n, "人", 50 if n == 1 else 0) for n in range(1, half + 1)
    ]
    planned = project()
    plan = write_plan(folder / "计划.xlsx", [planned], rows_of(planned, lines))
    book = folder / "自评表.xlsx"
    assert not new_from_plan(book, [Book(plan, plan.name)], "2020").failures
    return book


def page(rows: int, *cells: PageCell, above: int = 0) -> FormPage:
    """A form with so many rows above the table; its rows of a line each."""
    filled = {
        (row, column)
        for cell in cells
        for row in range(cell.row, cell.last_row + 1)
        for column in range(cell.column, cell.last_column + 1)
    }
    plain = [PageCell(n, c, n, c, "x", True) for n in range(1, rows) for c in range(3) if (n, c) not in filled]
    table = PageTable(rows, (*HEAD, *cells, *plain), 1)
    tables = (PageTable(above, ()), table) if above else (table,)
    return FormPage("表", "", "表", SHARES, tables)


def lengths(made: FormPage) -> list[int]:
    return [table.rows - table.heads for table in made.tables if table.heads]


def test_a_form_of_one_page_is_left_as_it_is() -> None:
    short = page(20, PageCell(1, 1, 19, 1, "数量指标", True))
    assert paginate(short).tables == short.tables


def test_a_name_over_the_end_of_a_page_stands_on_both() -> None:
    made = paginate(page(50, PageCell(1, 1, 49, 1, "数量指标", True)))
    first, second = made.tables
    assert [first.new_page, second.new_page] == [False, True]
    assert sum(lengths(made)) == 49
    for table in made.tables:
        assert PageCell(0, 1, 0, 1, "二级指标", True) in table.cells
        assert PageCell(1, 1, table.rows - 1, 1, "数量指标", True) in table.cells


def test_a_long_text_over_several_rows_is_not_torn() -> None:
    reason = PageCell(26, 2, 34, 2, "资金到位晚，已经在年底前补足，下一年提前安排" * 2, False)
    before, after = lengths(paginate(page(50, reason)))
    assert (before, after) == (25, 24)


def test_a_text_longer_than_a_page_is_torn_and_not_said_twice() -> None:
    made = paginate(page(60, PageCell(1, 2, 59, 2, "资金到位晚，已经在年底前补足，下一年提前安排" * 2, False)))
    texts = [[cell.text for cell in table.cells if cell.column == 2 and cell.row] for table in made.tables]
    assert [bool(text) for (text,) in texts] == [True, *[False] * (len(texts) - 1)]


def test_the_total_does_not_stand_alone_on_a_page() -> None:
    counts = [lengths(paginate(page(rows))) for rows in range(20, 70)]
    assert {len(each) for each in counts} == {1, 2, 3}
    assert all(min(each) >= 2 for each in counts)


def test_a_table_without_room_below_what_stands_above_it_begins_on_a_page_of_its_own() -> None:
    made = paginate(page(10, above=29))
    assert [table.new_page for table in made.tables] == [False, True]
    assert lengths(made) == [9]


def test_libreoffice_ends_the_pages_where_they_were_reckoned_to_end(tmp_path: Path) -> None:
    book = long_form(tmp_path, 60)
    document: Any = export(tmp_path / "a.docx", book)
    above, *parts = document.tables
    export(tmp_path / "a.pdf", book)
    pages = pdf_pages(tmp_path / "a.pdf")
    assert len(pages) == len(parts) >= 2
    assert table_texts(above)[0] == ["项目名称", "[A102]河堤加固"]
    for text, part in zip(pages, parts, strict=True):
        assert "项目支出绩效自评表" in text
        for name in {row[3] for row in table_texts(part)[1:-1]}:
            assert "".join(name.split()) in "".join(text.split())
        levels = {row[1] for row in table_texts(part)[1:] if len(row) == 9}
        assert levels <= {"产出指标", "效益指标"}
        assert all(level in text for level in levels)


def test_a_document_of_several_long_forms_opens_as_written(tmp_path: Path) -> None:
    book = long_form(tmp_path, 60)
    export(tmp_path / "a.docx", book, book)
    document: Any = Document(str(tmp_path / "a.docx"))
    assert len(document.sections) == 2
    names = [row[3] for table in document.tables for row in table_texts(table) if len(row) == 9]
    assert names.count("受益人口30") == 2
