"""What every backend of the workbook port must do. A backend's tests take the class over and say how it opens a file."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from perfxl.errors import UnwritableBook
from perfxl.grid.address import Area, parse_a1
from perfxl.grid.cells import Cell, Grid, SheetState, Trust
from perfxl.workbooks.port import Edit, Recalculated, Workbook

Open = Callable[[Path], Workbook]


def edit(sheet: str, at: str, value: Decimal | str, number_format: str | None = None) -> Edit:
    """An edit with its place in A1 form."""
    return Edit(sheet, parse_a1(at), value, number_format)


def at(grid: Grid, place: str) -> Cell | None:
    """A cell by its A1 form."""
    return grid.cell(*parse_a1(place))


def write_book(path: Path) -> Path:
    """A form in small: texts, figures, a rate, a total as formula, a second sheet that leans on it, and a hidden one."""
    with xlsxwriter.Workbook(path) as book:
        rate = book.add_format({"num_format": "0.00%"})
        form, ledger, hidden = (book.add_worksheet(name) for name in ("自评表", "台账", "代码"))
        form.merge_range("A1:D1", "项目支出绩效自评表")
        form.write("A2", "年度资金总额")
        form.write("B2", 30)
        form.write("C2", 30.299999999999997)
        form.write("D2", 1, rate)
        form.write_blank("E2", None, rate)
        form.write("A3", True)
        form.write("A4", "分值")
        form.write("B4", 10)
        form.write("B5", 20)
        form.write_formula("B6", "=SUM(B4:B5)", None, 0)  # another program's cache: not to be believed
        form.write_comment("B2", "以决算数为准")
        form.set_row(6, None, None, {"hidden": True})
        form.set_column("H:I", None, None, {"hidden": True})
        ledger.write_formula("A1", "=自评表!B6*2", None, 0)
        ledger.write_formula("A2", "=1+1", None, 2)
        hidden.hide()
    return path


class WorkbookContract:
    """The tests; `open_book` is the backend's fixture.

    `formats_of_texts` are the number formats that texts have once the file is read back.
    """

    formats_of_texts: frozenset[str] = frozenset(["General"])

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return write_book(tmp_path / "自评.xlsx")

    def test_sheets_come_in_order(self, path: Path, open_book: Open) -> None:
        assert list(open_book(path).sheet_names) == ["自评表", "台账", "代码"]

    def test_a_grid_holds_values_formats_and_what_is_around_them(self, path: Path, open_book: Open) -> None:
        book = open_book(path)
        grid = book.grid("自评表")
        assert grid.rows[1] == {1: Cell("项目支出绩效自评表")}
        assert grid.rows[2] == {
            1: Cell("年度资金总额"),
            2: Cell(Decimal(30)),
            3: Cell(Decimal("30.3")),
            4: Cell(Decimal(1), "0.00%"),
        }
        assert at(grid, "A3") == Cell(True)
        assert grid.format_at(2, 5) == "0.00%"
        assert grid.merges == [Area(1, 1, 1, 4)]
        assert [text for place, text in grid.notes.items() if place == parse_a1("B2")] == ["以决算数为准"]
        assert 7 in grid.hidden_rows
        assert {8, 9} <= grid.hidden_columns
        assert grid.state is SheetState.VISIBLE
        assert book.grid("代码").state is SheetState.HIDDEN

    def test_formulas_are_worked_out_not_believed(self, path: Path, open_book: Open) -> None:
        book = open_book(path)
        assert at(book.grid("自评表"), "B6") == Cell(Decimal(30), "General", "SUM(B4:B5)", Trust.COMPUTED)
        assert at(book.grid("台账"), "A1") == Cell(Decimal(60), "General", "自评表!B6*2", Trust.COMPUTED)

    def test_edits_show_before_they_are_saved_and_after(self, path: Path, open_book: Open) -> None:
        book = open_book(path)
        edits = [
            edit("自评表", "D2", Decimal("0.999")),
            edit("自评表", "E2", Decimal("0.5")),
            edit("自评表", "A4", "分 值\n"),
            edit("自评表", "F9", "新的说明"),
            edit("代码", "C3", Decimal("-1.50")),
        ]
        assert book.apply(edits) == []
        for reader in (book, self.saved(book, path, open_book)):
            form = reader.grid("自评表")
            assert at(form, "D2") == Cell(Decimal("0.999"), "0.00%")
            assert at(form, "E2") == Cell(Decimal("0.5"), "0.00%")
            assert at(form, "A4") == Cell("分 值\n")
            assert at(form, "F9") == Cell("新的说明")
            assert at(form, "A2") == Cell("年度资金总额")
            assert at(reader.grid("代码"), "C3") == Cell(Decimal("-1.5"))

    def test_text_never_becomes_a_formula(self, path: Path, open_book: Open) -> None:
        book = open_book(path)
        texts = ["=1+1", "+1", "-1", "@SUM(A1)", "100.00%", "<b>&amp;", "_x000D_"]
        book.apply([edit("代码", f"A{row}", text) for row, text in enumerate(texts, 1)])
        grid = self.saved(book, path, open_book).grid("代码")
        cells = [at(grid, f"A{row}") for row in range(1, len(texts) + 1)]
        assert [cell and (cell.value, cell.formula) for cell in cells] == [(text, None) for text in texts]
        assert {cell.format for cell in cells if cell} <= self.formats_of_texts

    def test_a_number_format_can_go_with_a_value(self, path: Path, open_book: Open) -> None:
        book = open_book(path)
        book.apply([edit("自评表", "D2", Decimal("0.9995"), "0.000%"), edit("自评表", "B5", Decimal("20.5"), "0.0")])
        grid = self.saved(book, path, open_book).grid("自评表")
        assert at(grid, "D2") == Cell(Decimal("0.9995"), "0.000%")
        assert at(grid, "B5") == Cell(Decimal("20.5"), "0.0")
        assert grid.format_at(2, 5) == "0.00%"

    def test_formulas_that_lean_on_an_edit_are_told_and_written(self, path: Path, open_book: Open) -> None:
        book = open_book(path)
        book.grid("台账")
        told = book.apply([edit("自评表", "B5", Decimal(21))])
        assert {(r.sheet, r.at.a1, r.after) for r in told} == {("自评表", "B6", "31"), ("台账", "A1", "62")}
        assert all(isinstance(r, Recalculated) for r in told)
        after = self.saved(book, path, open_book)
        assert at(after.grid("台账"), "A1") == Cell(Decimal(62), "General", "自评表!B6*2", Trust.COMPUTED)

    @pytest.mark.parametrize("place", ["B6", "B1"])
    def test_formulas_and_merged_cells_are_refused(self, path: Path, open_book: Open, place: str) -> None:
        book = open_book(path)
        with pytest.raises(UnwritableBook) as refusal:
            book.apply([edit("自评表", "A2", "改"), edit("自评表", place, Decimal(1))])
        assert (refusal.value.sheet, refusal.value.cell) == ("自评表", place)
        assert at(book.grid("自评表"), "A2") == Cell("年度资金总额")  # all edits or none

    def test_nothing_changed_writes_nothing(self, path: Path, open_book: Open) -> None:
        before = path.stat()
        book = open_book(path)
        book.apply([])
        book.save()
        assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)

    def saved(self, book: Workbook, path: Path, open_book: Open) -> Workbook:
        """The workbook opened anew after a save."""
        book.save()
        return open_book(path)
