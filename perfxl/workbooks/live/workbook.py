"""A workbook that stands open in a spreadsheet program. What `apply` takes on shows there at once; saving is the user's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from perfxl.errors import UnwritableBook
from perfxl.grid.address import Ref
from perfxl.grid.cells import Cell, Grid
from perfxl.grid.numberformat import printed
from perfxl.workbooks.live.afterwards import Afterwards
from perfxl.workbooks.live.journal import CellState, Journal
from perfxl.workbooks.live.reading import Contents, grid_of, notes_of, read_contents, surveyed
from perfxl.workbooks.live.survey import Survey
from perfxl.workbooks.live.writing import read_back, same, write_values
from perfxl.workbooks.marks.model import CellMark, Results
from perfxl.workbooks.port import Edit, NewRows, Recalculated

if TYPE_CHECKING:
    import xlwings as xw

    from perfxl.workbooks.insertion.rowmap import Insertion
    from perfxl.workbooks.live.native import Native, Protection
    from perfxl.workbooks.rowheights import Measures, RowHeight


class LiveWorkbook:
    """An open workbook.

    Sheets are read when they are asked for, and kept: whoever types meanwhile is seen by the next `LiveWorkbook`.

    Attributes:
        book: xlwings' book.
        native: what its program can do beyond xlwings' interface.
        name: what it is called in messages.
        remarks: what a user should know about the changes, in Chinese sentences.
        journal: what was changed, for `undo`.
    """

    def __init__(self, book: xw.Book, native: Native) -> None:
        self.book = book
        self.native = native
        self.name: str = book.name
        self.remarks: list[str] = []
        self.journal = Journal()
        book.app.calculate()
        self._date1904 = native.counts_from_1904(book)
        self._names: list[str] = book.sheet_names
        self._sheets: dict[str, xw.Sheet] = {}
        self._protections: dict[str, Protection | None] = {}
        self._contents: dict[str, Contents] = {}
        self._surveys: dict[str, Survey] = {}
        self._notes: dict[str, dict[Ref, str]] = {}
        self._grids: dict[str, Grid] = {}

    @property
    def sheet_names(self) -> Sequence[str]:
        """The names of the worksheets, in order; chart sheets are left out."""
        return list(self._names)

    def sheet(self, name: str) -> xw.Sheet:
        """xlwings' sheet of this name."""
        if name not in self._sheets:
            self._sheets[name] = self.book.sheets[name]
        return self._sheets[name]

    def may_hold(self, sheet: str, tells: Callable[[str], bool]) -> bool:
        """Whether a worksheet has a text that satisfies `tells`: told by its values alone, which is the quickest to be had."""
        return any(isinstance(value, str) and tells(value) for row in self._read(sheet).values for value in row)

    def grid(self, sheet: str) -> Grid:
        """The worksheet as it stands; a formula's value is what the program worked out."""
        found = self._grids.get(sheet)
        if found is None:
            there, contents = self.sheet(sheet), self._read(sheet)
            if sheet not in self._surveys:
                self._surveys[sheet] = surveyed(there, contents, self.native)
            found = grid_of(there, contents, self._surveys[sheet], self.notes(sheet), self.native)
            self._grids[sheet] = found
        return found

    def notes(self, sheet: str) -> dict[Ref, str]:
        """The notes of a sheet by their cells."""
        if sheet not in self._notes:
            self._notes[sheet] = notes_of(self.sheet(sheet))
        return self._notes[sheet]

    def apply(self, edits: Sequence[Edit]) -> list[Recalculated]:
        """Put values into cells. Says which formula cells have another value now.

        Either all edits are taken on or none. A value `""` empties its cell.

        Raises:
            UnwritableBook: an edit cannot be made there (a formula cell, no first cell of a merged area, locked on a sheet that is
                protected with a password), or the program did not take a value.
        """
        if not edits:
            return []
        by_sheet: dict[str, dict[Ref, Edit]] = {}
        for edit in edits:
            by_sheet.setdefault(edit.sheet, {})[edit.at] = edit
        for name, wanted in by_sheet.items():
            self._check(name, wanted)
        before = dict(self._formula_cells())
        for name, wanted in by_sheet.items():
            with self.writable(name):
                self._write(name, wanted)
        return self._recalculated(before)

    def set_marks(self, marks: Sequence[CellMark], results: Results | None, results_sheet: str | None) -> None:
        """Make the workbook carry exactly these marks and this results sheet, and no others that perfxl made before.

        `results_sheet` is the sheet that holds the results now; what says already what it is to say stays untouched.
        """
        from perfxl.workbooks.live.marks import LiveMarks

        LiveMarks(self).set(marks, results, results_sheet)

    def insert_rows(self, sheet: str, insertions: Sequence[Insertion]) -> NewRows:
        """Insert rows; all that names a place of the sheet moves along. What the program works out anew shows in it, and is not listed.

        Raises:
            UnwritableBook: the sheet is protected with a password.
        """
        from perfxl.workbooks.live.rows import insert_rows

        return NewRows(insert_rows(self, sheet, insertions), [])

    def measures(self, sheet: str) -> Measures:
        """The widths of a worksheet's columns and the heights of its rows, as they stand."""
        from perfxl.workbooks.live.rows import measures_of

        return measures_of(self, sheet)

    def set_heights(self, sheet: str, heights: Mapping[int, RowHeight]) -> None:
        """Give rows other heights; one that is not fixed goes on to follow its texts."""
        with self.writable(sheet):
            for row, height in heights.items():
                there = self.sheet(sheet).range((row, 1))
                before = there.row_height
                if height.fixed:
                    there.row_height = height.points
                else:
                    there.rows.autofit()
                self.journal.heights.setdefault((sheet, row), before or 0.0)

    def save(self) -> None:
        """Save the file, where anything was changed.

        Raises:
            UnwritableBook: it was never saved under a name, or was opened for reading only.
        """
        if not self.journal.is_empty:
            if not self.native.has_file(self.book) or self.native.read_only(self.book):
                raise UnwritableBook(
                    "没有保存：工作簿还没有文件名，或是只读打开的。请在程序中另存到本机文件夹。", book=self.name
                )
            self.book.save()

    def remark(self, remark: str) -> None:
        """Tell the user something, once."""
        if remark not in self.remarks:
            self.remarks.append(remark)

    def changed(self, sheet: str | None = None) -> None:
        """Forget what was read of a sheet (None: which sheets there are), because it is otherwise now."""
        if sheet is None:
            self._names = self.book.sheet_names
            self._sheets.clear()
        else:
            for kept in (self._contents, self._surveys, self._notes, self._grids):
                kept.pop(sheet, None)

    def notes_changed(self, sheet: str) -> None:
        """Forget what was read of a sheet's notes."""
        for kept in (self._notes, self._grids):
            kept.pop(sheet, None)

    def is_closed_by_password(self, sheet: str) -> bool:
        """Whether the sheet's owner protected it with a password."""
        protection = self._protection(sheet)
        return protection is not None and not protection.open

    def is_barred(self, sheet: str, at: Ref) -> bool:
        """Whether the sheet's owner locked a cell with a password."""
        return self.is_closed_by_password(sheet) and self.native.is_locked(self.sheet(sheet).range(at))

    def writable(self, sheet: str) -> Afterwards:
        """Takes a sheet's protection without password off for a while."""
        protection = self._protection(sheet)
        if protection is None or not protection.open:
            return Afterwards()
        self.remark(f"工作表“{sheet}”设有保护（没有密码）：已临时撤销，写入后按原来的选项重新保护。")
        return self.native.unprotected(self.sheet(sheet))

    def _protection(self, sheet: str) -> Protection | None:
        if sheet not in self._protections:
            self._protections[sheet] = self.native.protection(self.sheet(sheet))
        return self._protections[sheet]

    # ---- reading

    def _read(self, sheet: str) -> Contents:
        if sheet not in self._contents:
            self._contents[sheet] = read_contents(self.sheet(sheet), self._date1904)
        return self._contents[sheet]

    def _formula_cells(self) -> Iterator[tuple[tuple[str, Ref], Cell]]:
        for name in self._names:
            if any(text.startswith("=") for row in self._read(name).formulas for text in row):
                for row, cells in self.grid(name).rows.items():
                    for column, cell in cells.items():
                        if cell.formula is not None:
                            yield (name, Ref(row, column)), cell

    # ---- writing

    def _check(self, name: str, wanted: Mapping[Ref, Edit]) -> None:
        grid = self.grid(name)
        hidden = {
            Ref(row, column)
            for top, left, bottom, right in grid.merges
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != (top, left)
        }
        for at in wanted:
            cell = grid.cell(*at)
            if cell is not None and cell.formula is not None:
                raise self._refusal("单元格中是公式，不能用数值替换。", name, at)
            if at in hidden:
                raise self._refusal("单元格在合并区域之内，只有左上角的单元格能写入。", name, at)
            if self.is_barred(name, at):
                raise self._refusal(
                    "工作表设有保护密码，该单元格已锁定。请向编制单位取得密码，撤销保护后重试。", name, at
                )

    def _write(self, name: str, wanted: Mapping[Ref, Edit]) -> None:
        there, grid = self.sheet(name), self.grid(name)
        for at in wanted:
            self.journal.touch(name, at, CellState.of_cell(grid.cell(*at), grid.format_at(*at)))
        for at, edit in wanted.items():
            if edit.number_format is not None:
                there.range(at).number_format = edit.number_format
        values: dict[Ref, Decimal | str | bool | None] = {at: edit.value for at, edit in wanted.items()}
        write_values(there, values)
        formats = {at: edit.number_format or grid.format_at(*at) for at, edit in wanted.items()}
        found = read_back(there, values, formats, self._date1904)
        for kept in (self._contents, self._grids):
            kept.pop(name, None)
        if any(edit.number_format is not None for edit in wanted.values()):
            self._surveys.pop(name, None)
        for at, value in values.items():
            cell = found.get(at)
            self.journal.left(name, at, CellState.of_cell(cell, formats[at]))
            if not same(value, cell):
                raise self._refusal(
                    "写入后读回的内容与要写的不一致（可能有数据验证、宏或其他人同时在改）。请用“撤销”恢复后重试。",
                    name,
                    at,
                )

    def _recalculated(self, before: Mapping[tuple[str, Ref], Cell]) -> list[Recalculated]:
        for name, _ in before:
            self._contents.pop(name, None)
            self._grids.pop(name, None)
        told = []
        after = dict(self._formula_cells()) if before else {}
        for (name, at), old in before.items():
            new = after.get((name, at))
            if new is not None and new.value != old.value:
                texts = [printed(cell.value, cell.format, self._date1904).text for cell in (old, new)]
                told.append(Recalculated(name, at, texts[0], texts[1]))
        return told

    def _refusal(self, reason: str, sheet: str, at: Ref) -> UnwritableBook:
        return UnwritableBook(f"没有写入：{reason}", book=self.name, sheet=sheet, cell=at.a1)
