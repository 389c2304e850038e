"""A row more in every layout that perfxl reads: under its levels, with all else read as before."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from perfxl.errors import UnwritableBook
from perfxl.form.model import Form
from perfxl.form.reader import read_forms
from perfxl.populate.plan import Place, PlannedIndicator, Project
from perfxl.populate.workbook import fill_workbook
from perfxl.templates.content import IndicatorContent
from perfxl.workbooks.closed import ClosedWorkbook
from tests.books import write_book

LAYOUTS = Path(__file__).parents[1] / "form" / "layouts"
# The positions where no row can be added, and why.
REFUSED = {
    "four-levels": ({0, 1}, "与上下行合并"),
    "import-sheet": ({0, 1, -1}, "每一行都写明属于哪个项目"),
    "side-by-side": ({0, 1, -1}, "旁边还有另一张表"),
}
NEW = "新添的指标"


def rows_of(form: Form) -> list[tuple[str, str, str]]:
    return [(row.level1, row.level2, row.name.text) for row in form.indicators]


def with_one_more(path: Path, index: int, position: int) -> Form:
    """The form filled from a plan with another indicator of the same levels as the one at this position."""
    book = ClosedWorkbook.open(path)
    form = read_forms(book.grid("表"))[index]
    middle = form.indicators[position]
    assert form.project is not None
    place = Place("计划.xlsx", "指标", "A3")
    content = IndicatorContent(middle.level1, middle.level2, NEW, "≥1个", Decimal(1))
    project = Project(place, form.project.name, form.project.code, indicators=[PlannedIndicator(content, place)])
    fill_workbook(book, "a.xlsx", [project], rows=book)
    book.save(fsync=False)
    return read_forms(ClosedWorkbook.open(path).grid("表"))[index]


@pytest.mark.parametrize("layout", sorted(LAYOUTS.glob("*.txt")), ids=lambda path: path.stem)
def test_a_row_more_stands_under_its_levels_or_is_refused(layout: Path, tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"表": layout.read_text(encoding="utf-8").partition("\n=====")[0]})
    original = path.read_bytes()
    for index, form in enumerate(read_forms(ClosedWorkbook.open(path).grid("表"))):
        if form.project is None:
            continue  # of a whole department: no plan speaks of it
        for position in (0, len(form.indicators) // 2, -1):
            path.write_bytes(original)
            refused, reason = REFUSED.get(layout.stem, (set(), ""))
            if position in refused:
                with pytest.raises(UnwritableBook, match=reason):
                    with_one_more(path, index, position)
                continue
            levels = (form.indicators[position].level1, form.indicators[position].level2)
            rows = rows_of(with_one_more(path, index, position))
            assert [row for row in rows if row[2] != NEW] == rows_of(form)
            assert [row for row in rows if row[2] == NEW] == [(*levels, NEW)]
