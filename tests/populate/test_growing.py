"""A row more in every layout that perfxl reads: under its levels, with all else read as before."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from perfxl.form.layout import find_forms
from perfxl.form.model import Form
from perfxl.form.reader import read_forms
from perfxl.form.view import SheetView
from perfxl.grid.address import Ref
from perfxl.populate.growing import NoPlace, growths_of, refuse_beside
from perfxl.templates.content import IndicatorContent
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.port import Edit
from tests.books import write_book

LAYOUTS = Path(__file__).parents[1] / "form" / "layouts"
REFUSED = {
    "four-levels": "与上下行合并",
    "import-sheet": "每一行都写明属于哪个项目",
    "side-by-side": "旁边还有另一张表",
    "weights-of-each-level": "与上下行合并",
}
NEW = "新添的指标"


def rows_of(form: Form) -> list[tuple[str, str, str]]:
    return [(row.level1, row.level2, row.name.text) for row in form.indicators]


def with_one_more(path: Path, index: int) -> Form:
    """The form after a row came in for another indicator of the same levels as the one in its middle."""
    book = ClosedWorkbook.open(path)
    view = SheetView(book.grid("表"))
    blocks = find_forms(view)
    block, form = blocks[index], read_forms(view.grid)[index]
    middle = form.indicators[len(form.indicators) // 2]
    growths = growths_of(view, block, form, [IndicatorContent(middle.level1, middle.level2, NEW, "", None)])
    refuse_beside(block, blocks, growths)
    (growth,) = growths
    (new,) = book.insert_rows("表", [growth.insertion])
    cells: dict[Ref, str | Decimal] = dict(growth.name_cells(new))
    for role, value in (("name", NEW), ("target", "≥1个"), ("weight", Decimal(1)), ("score", Decimal(1))):
        column = block.head.column(role)
        if column is not None:
            cells[Ref(new[0], column)] = value
    book.apply([Edit("表", at, value) for at, value in cells.items()])
    book.save(fsync=False)
    return read_forms(ClosedWorkbook.open(path).grid("表"))[index]


@pytest.mark.parametrize("layout", sorted(LAYOUTS.glob("*.txt")), ids=lambda path: path.stem)
def test_a_row_more_stands_under_its_levels_or_is_refused(layout: Path, tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"表": layout.read_text(encoding="utf-8").partition("\n=====")[0]})
    before = read_forms(ClosedWorkbook.open(path).grid("表"))
    if layout.stem in REFUSED:
        with pytest.raises(NoPlace, match=REFUSED[layout.stem]):
            with_one_more(path, 0)
        return
    for form in before:
        index = before.index(form)
        middle = form.indicators[len(form.indicators) // 2]
        rows = rows_of(with_one_more(path, index))
        assert [row for row in rows if row[2] != NEW] == rows_of(form)
        assert [row for row in rows if row[2] == NEW] == [(middle.level1, middle.level2, NEW)]
