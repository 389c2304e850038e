"""Workbooks that lie closed on a disk (.xlsx, .xlsm): read by parts, changed in place without loss, replaced whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.errors import UnwritableBook
from perfxl.grid.address import Ref
from perfxl.grid.cells import Cell, Grid, Trust
from perfxl.workbooks.bookparts import BookParts, SheetPart
from perfxl.workbooks.marks.model import CellMark, Results
from perfxl.workbooks.numbers import plain
from perfxl.workbooks.package import Package
from perfxl.workbooks.partfaults import Refused
from perfxl.workbooks.port import Edit, NewRows, Recalculated
from perfxl.workbooks.protection import Protection, edited_all_the_same, protection_of
from perfxl.workbooks.sheetedit import CellContent, edited_sheet, obstacle, style_of
from perfxl.workbooks.sheetmap import map_sheet
from perfxl.workbooks.sheetplaces import SheetMap

if TYPE_CHECKING:  # the evaluator is loaded only for a workbook with formulas, rows are inserted rarely
    from perfxl.workbooks.formulas import CellKey
    from perfxl.workbooks.insertion.rowmap import Insertion
    from perfxl.workbooks.recalculation import Recalculation
    from perfxl.workbooks.rowheights import Measures, RowHeight


class ClosedWorkbook:
    """A workbook file. What `apply` takes on is in memory until `save` replaces the file.

    Attributes:
        path: the file as it was named.
        remarks: what a user should know about the changes, in Chinese sentences.
    """

    def __init__(self, path: Path, package: Package) -> None:
        """See `open`."""
        self.path = path
        self.remarks: list[str] = []
        self._package = package
        self._read_parts: BookParts | None = BookParts(package, path)
        self._recalculation: Recalculation | None = None

    @classmethod
    def open(cls, path: Path | str) -> ClosedWorkbook:
        """Read a file and its list of sheets; a sheet is read when it is asked for.

        Raises:
            UnreadableBook: it is no .xlsx or .xlsm, or is damaged, encrypted, hostile or too large.
        """
        if not isinstance(path, Path):  # a twentieth of an edit goes into making a path of a path
            path = Path(path)
        return cls.of_package(path, Package.open(path))

    @classmethod
    def of_bytes(cls, raw: bytes, path: Path) -> ClosedWorkbook:
        """The workbook that was read already, or that lies inside an archive; `path` is for messages.

        Raises:
            UnreadableBook: as `open`.
        """
        return cls.of_package(path, Package.checked(raw, path))

    @classmethod
    def of_package(cls, path: Path, package: Package) -> ClosedWorkbook:
        """The workbook whose package was opened already.

        Raises:
            UnreadableBook: as `open`.
        """
        workbook = cls(path, package)
        workbook._parts.verify()
        return workbook

    @property
    def sheet_names(self) -> Sequence[str]:
        """The names of the worksheets, in order; chart sheets are left out."""
        return list(self._parts.sheets)

    def may_hold(self, sheet: str, tells: Callable[[str], bool]) -> bool:
        """Whether a worksheet may have a text cell that satisfies `tells`: False only where a large one has none.

        Raises:
            UnreadableBook: the sheet's part is damaged, or there is no such sheet.
        """
        return self._parts.may_hold(sheet, tells)

    def grid(self, sheet: str) -> Grid:
        """The worksheet as it stands, edits included; formulas are worked out, not believed.

        Raises:
            UnreadableBook: the sheet's part is damaged, or there is no such sheet.
        """
        data = self._parts.data(sheet)
        rows = dict(data.rows)
        for at in data.formulas:
            if rows[at.row] is data.rows[at.row]:
                rows[at.row] = dict(rows[at.row])
            rows[at.row][at.column] = self._computed(sheet, at, rows[at.row][at.column])
        return Grid(
            sheet,
            rows,
            data.merges,
            self._parts.notes(sheet),
            data.hidden_rows,
            data.hidden_columns,
            data.blank_formats,
            self._parts.sheet(sheet).state,
            self._parts.date1904,
        )

    def apply(self, edits: Sequence[Edit]) -> list[Recalculated]:
        """Take edits on; nothing is written before `save`. Says which formula cells have another value now.

        Either all edits are taken on or none. A value `""` empties its cell.

        Raises:
            UnreadableBook: a part that must be looked at is damaged.
            UnwritableBook: an edit cannot be made there (a formula cell, inside an array, no first cell of a merged area, locked
                on a sheet that is protected with a password).
        """
        if not edits:
            return []
        by_sheet: dict[str, dict[Ref, Edit]] = {}
        for edit in edits:
            by_sheet.setdefault(edit.sheet, {})[edit.at] = edit
        maps = {name: self._checked(name, wanted) for name, wanted in by_sheet.items()}
        for name, wanted in by_sheet.items():
            contents = {at: self._content(edit) for at, edit in wanted.items()}
            shown = self._splice(name, maps[name], contents)
            self._verify(name, shown, contents)
        return self._recalculate({(edit.sheet, *edit.at) for edit in edits})

    def insert_rows(self, sheet: str, insertions: Sequence[Insertion]) -> NewRows:
        """Insert rows; all that names a place of the sheet, in any part, moves along. Nothing is written before `save`.

        Comes before marks and other edits.

        Raises:
            UnreadableBook: a part that must be looked at is damaged.
            UnwritableBook: something would be cut, cannot be moved along safely, or its owner forbids it.
        """
        from perfxl.workbooks.insertion.inserting import insert_rows
        from perfxl.workbooks.insertion.rowmap import CannotShift
        from perfxl.workbooks.recalculation import cells_to_renew

        protection = protection_of(self._map(self._parts.sheet(sheet), {}).protection)
        if protection is not None:
            if not protection.rows_may_be_inserted:
                reason = "工作表设有保护密码，不允许插入行。请向编制单位取得密码，撤销保护后重试。"
                raise UnwritableBook(f"没有写入：{reason}文件没有改动。", book=self.path, sheet=sheet)
            self._remark(f"工作表“{sheet}”设有保护，已按文件直接插入行，保护设置不变。")
        try:
            inserted = insert_rows(self._parts, sheet, insertions)
        except CannotShift as error:
            reason = f"需要插入行，但不能安全地插入：{error.reason}"
            raise UnwritableBook(f"没有写入：{reason}文件没有改动。", book=self.path, sheet=sheet) from error
        for remark in inserted.remarks:
            self._remark(remark)
        self._recalculation = None
        return NewRows(
            inserted.rows, self._recalculate(cells_to_renew(self._parts, sheet, inserted.rows), themselves=True)
        )

    def measures(self, sheet: str) -> Measures:
        """The widths of a worksheet's columns and the heights of its rows, as they stand.

        Raises:
            UnreadableBook: the sheet's part is damaged.
        """
        from perfxl.workbooks.rowheights import read_measures

        part = self._parts.sheet(sheet)
        return self._parts.parsed(part.part, partial(read_measures, self._parts.markup(part).data))

    def set_heights(self, sheet: str, heights: Mapping[int, RowHeight]) -> None:
        """Give rows other heights; one that is not fixed goes on to follow its texts.

        Raises:
            UnreadableBook: the sheet's part is damaged.
        """
        from perfxl.workbooks.rowheights import with_heights

        part = self._parts.sheet(sheet)
        data = self._parts.parsed(part.part, partial(with_heights, self._parts.markup(part).data, heights))
        if data != self._parts.markup(part).data:
            self._parts.change(part, data)

    def set_marks(self, marks: Sequence[CellMark], results: Results | None, results_sheet: str | None) -> None:
        """Make the workbook carry exactly these marks and this results sheet, and no others that perfxl made before.

        `results_sheet` is the sheet that holds the results now; what says already what it is to say stays untouched. Comes last
        before `save`.

        Raises:
            UnreadableBook: a part that must be looked at is damaged.
            UnwritableBook: the workbook cannot take more cell formats.
        """
        from perfxl.workbooks.marks.closedmarks import ClosedMarks

        marking = ClosedMarks(self._parts)
        try:
            marking.set(marks, results, results_sheet)
        except Refused as error:
            raise UnwritableBook(f"没有写入：工作簿的一个部件{error}。文件没有改动。", book=self.path) from error
        except ValueError as error:
            reason = "工作簿的单元格格式损坏，或数量已达上限，无法标记。请清理多余的格式后重试。"
            raise UnwritableBook(f"没有写入：{reason}文件没有改动。", book=self.path) from error
        self.remarks += [remark for remark in marking.remarks if remark not in self.remarks]

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to save."""
        return bool(self._parts.changed())

    def save(
        self,
        before_replace: Callable[[bytes, bytes], None] | None = None,
        *,
        force: bool = False,
        fsync: bool = True,
    ) -> None:
        """Write what `apply` took on; nothing is written where there is nothing.

        The new file is written beside the old one, read back, and takes its place only if the old one is still as it was read.
        `before_replace` is called just before that with the old and the new bytes of the file, and stops the replacement by
        raising. `force` goes on where the workbook is signed or open elsewhere. `fsync` waits until the bytes are on the disk.

        Raises:
            UnwritableBook: the workbook was changed meanwhile, is open elsewhere, read-only, signed, or the place is full.
        """
        changed = self._parts.changed()
        if not changed:
            return
        from perfxl.workbooks.saving import replace_book

        written, remarks = replace_book(
            self.path, self._package, changed, before_replace=before_replace, force=force, fsync=fsync
        )
        self.remarks += remarks
        self._package = written
        self._read_parts = self._recalculation = None

    @property
    def _parts(self) -> BookParts:
        if self._read_parts is None:
            self._read_parts = BookParts(self._package, self.path)
        return self._read_parts

    # ---- edits

    def _checked(self, name: str, wanted: Mapping[Ref, Edit]) -> SheetMap:
        """Where the cells lie; refuses those that must not be changed."""
        found = self._map(self._parts.sheet(name), wanted)
        for at in wanted:
            reason = obstacle(found, at)
            if reason:
                raise self._refusal(reason, name, at)
        for table in self._parts.tables_of(name):
            top, left, _, right = table.area
            for at in wanted:
                if top <= at.row < top + table.header_rows and left <= at.column <= right:
                    # The table's part repeats its headings: one that differs makes Excel call the file damaged.
                    raise self._refusal(f"单元格是表格“{table.name}”的列标题。请在 Excel 中修改列标题。", name, at)
        protection = protection_of(found.protection)
        if protection is not None:
            self._respect(protection, found, name, wanted)
        return found

    def _respect(self, protection: Protection, found: SheetMap, name: str, wanted: Mapping[Ref, Edit]) -> None:
        """A protected sheet is its owner's wish: with a password only unlocked cells are changed, without one it is told."""
        styles = self._parts.styles
        for at in wanted:
            if protection.with_password and (styles is None or styles.is_locked(style_of(found, at))):
                raise self._refusal(
                    "工作表设有保护密码，该单元格已锁定。请向编制单位取得密码，撤销保护后重试。", name, at
                )
        self._remark(edited_all_the_same(name))

    def _remark(self, remark: str) -> None:
        if remark not in self.remarks:
            self.remarks.append(remark)

    def _content(self, edit: Edit) -> CellContent:
        value: Decimal | str = edit.value
        restyled = None if edit.number_format is None else partial(self._restyled, edit)
        strings = self._parts.strings
        index = None
        if strings and not strings.is_large and isinstance(value, str) and value:
            index = strings.append(value)
        return CellContent(value, index, restyled=restyled)

    def _restyled(self, edit: Edit, old: int) -> int:
        styles, code = self._parts.styles, edit.number_format
        if styles is None or code is None:
            raise self._refusal(
                "工作簿没有样式表，无法设置数字格式。请用 Excel 或 WPS 打开并另存后重试。", edit.sheet, edit.at
            )
        try:
            return styles.with_number_format(old, code)
        except (ValueError, IndexError) as error:
            reason = "工作簿的单元格格式损坏，或数量已达上限，无法设置数字格式。请清理多余的格式后重试。"
            raise self._refusal(reason, edit.sheet, edit.at) from error

    def _map(self, sheet: SheetPart, targets: Mapping[Ref, object]) -> SheetMap:
        return self._parts.parsed(sheet.part, partial(map_sheet, self._parts.markup(sheet).data, targets))

    def _splice(self, name: str, found: SheetMap, contents: Mapping[Ref, CellContent]) -> bytes:
        """Changes a sheet, and gives its part as it is now with only the rows that matter."""
        sheet = self._parts.sheet(name)
        new, shown = self._parts.parsed(sheet.part, partial(edited_sheet, found, contents))
        if new != self._parts.markup(sheet).data:
            self._parts.change(sheet, new)
        return shown

    def _verify(self, name: str, shown: bytes, contents: Mapping[Ref, CellContent]) -> None:
        """Reads the changed rows again: each cell must say what was meant."""
        rows = self._parts.read_rows(name, shown)
        for at, content in contents.items():
            cell = rows.get(at.row, {}).get(at.column)
            meant = plain(content.value) if isinstance(content.value, Decimal) else content.value or None
            if (cell.value if cell else None) != meant:
                raise self._refusal("写入后读回的内容与要写的不一致，没有保存。请把该文件发给开发者。", name, at)

    def _refusal(self, reason: str, sheet: str, at: Ref) -> UnwritableBook:
        return UnwritableBook(f"没有写入：{reason}文件没有改动。", book=self.path, sheet=sheet, cell=at.a1)

    # ---- formulas

    def _formulas(self) -> Recalculation:
        if self._recalculation is None:
            from perfxl.workbooks.recalculation import Recalculation

            self._recalculation = Recalculation(self._parts)
        return self._recalculation

    def _computed(self, sheet: str, at: Ref, stored: Cell) -> Cell:
        result = self._formulas().value(sheet, at)
        if result is None:
            return stored
        return Cell(result, stored.format, stored.formula, Trust.COMPUTED)

    def _recalculate(self, edited: set[CellKey], *, themselves: bool = False) -> list[Recalculated]:
        """Gives the formulas that lean on edited cells their new value, or takes the old one away; with `themselves`, also those that
        are edited cells."""
        parts = self._parts
        if not any(parts.has_formulas(name) for name in parts.sheets):
            return []
        renewed = self._formulas().renew(edited, themselves=themselves)
        for name, values in renewed.values.items():
            contents = {at: CellContent(value, is_result=True) for at, value in values.items()}
            self._splice(name, self._map(parts.sheet(name), contents), contents)
        return renewed.told
