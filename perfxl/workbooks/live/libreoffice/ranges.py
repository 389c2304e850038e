"""Ranges of LibreOffice Calc as xlwings' engine interface has them. A range becomes an object of the office only when it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfxl.grid.address import Area, Ref, column_letters, parse_area
from perfxl.workbooks.live.libreoffice.formatted import Formatted
from perfxl.workbooks.live.libreoffice.formulas import from_excel, to_excel

if TYPE_CHECKING:
    from perfxl.workbooks.live.libreoffice.documents import Sheet

_EMPTY = ("", None)


class Range(Formatted):
    """A rectangle of cells of one sheet."""

    options: dict[str, Any]

    def __init__(self, sheet: Sheet, area: Area) -> None:
        self.sheet = sheet
        self.area = area
        self._object: Any = None

    @classmethod
    def of(cls, sheet: Sheet, first: object, last: object = None) -> Range:
        """The range that xlwings' arguments name: A1 texts, (row, column) pairs, (row, column, rows, columns), or ranges."""
        start = _area(first)
        end = start if last is None else _area(last)
        return cls(sheet, Area(start.top, start.left, end.bottom, end.right))

    @property
    def api(self) -> Any:
        """The office's own range, or its cell where it is one."""
        self.sheet.book.before_change()
        if self._object is None:
            top, left, bottom, right = self.area
            table = self.sheet.api
            if (top, left) == (bottom, right):
                self._object = table.getCellByPosition(left - 1, top - 1)
            else:
                self._object = table.getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1)
        return self._object

    # ---- where it lies

    @property
    def row(self) -> int:
        return self.area.top

    @property
    def column(self) -> int:
        return self.area.left

    @property
    def shape(self) -> tuple[int, int]:
        top, left, bottom, right = self.area
        return bottom - top + 1, right - left + 1

    def __len__(self) -> int:
        rows, columns = self.shape
        return rows * columns

    def __call__(self, row_or_index: int, column: int | None = None) -> Range:
        if column is None:
            row_or_index, column = divmod(row_or_index - 1, self.shape[1])
            row_or_index, column = row_or_index + 1, column + 1
        at = Ref(self.row + row_or_index - 1, self.column + column - 1)
        return Range(self.sheet, Area(*at, *at))

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        del external  # other books are never named here
        down, across = "$" * row_absolute, "$" * col_absolute
        top, left, bottom, right = self.area
        first = f"{across}{column_letters(left)}{down}{top}"
        return first if len(self) == 1 else f"{first}:{across}{column_letters(right)}{down}{bottom}"

    @property
    def address(self) -> str:
        return self.get_address(True, True, False)

    # ---- what it holds

    max_cells_per_read = None
    max_cells_per_write = None

    @property
    def raw_value(self) -> tuple[tuple[object, ...], ...]:
        """The values: numbers, texts, "" for nothing; the text of an error as it is shown."""
        rows: tuple[tuple[object, ...], ...] = self.api.getDataArray()
        if not any(None in row for row in rows):
            return rows
        return tuple(
            tuple(
                self(r, c).api.getString() if value is None else value for c, value in enumerate(row, 1)
            )
            for r, row in enumerate(rows, 1)
        )  # fmt: skip

    @raw_value.setter
    def raw_value(self, data: object) -> None:
        """Cells with notes are written one by one: the office's write of a block takes notes away."""
        if not isinstance(data, (list, tuple)):
            data = [[data] * self.shape[1]] * self.shape[0]
        book = self.sheet.book
        one_by_one = (
            len(self) == 1 or book.is_kept_from_undo or any(self._holds(note.location) for note in self.sheet.notes)
        )
        if not one_by_one:
            self.api.setDataArray(tuple(tuple(_stored(value) for value in row) for row in data))
        for r, row in enumerate(data, 1):
            for c, value in enumerate(row, 1):
                if one_by_one or isinstance(value, bool) or (isinstance(value, str) and value.startswith("=")):
                    with book.content_change(self.sheet.api):
                        self(r, c)._put(value)

    def _holds(self, other: Range) -> bool:
        top, left, bottom, right = self.area
        return top <= other.row <= bottom and left <= other.column <= right

    def _put(self, value: object) -> None:
        """A value into this one cell, as Excel takes it: what begins with = is a formula, with an apostrophe text."""
        if isinstance(value, bool):
            self.api.setFormula("=TRUE()" if value else "=FALSE()")
        elif isinstance(value, str) and value.startswith("="):
            self.formula = value
        elif value in _EMPTY:
            self.api.setFormula("")
        elif isinstance(value, str):
            self.api.setString(value.removeprefix("'"))
        else:
            self.api.setValue(_stored(value))

    @property
    def formula(self) -> tuple[tuple[str, ...], ...]:
        """As Excel writes them, and for cells without a formula what they hold."""
        rows = self.api.getFormulaArray()
        values = None
        shown = []
        for r, row in enumerate(rows):
            if any(text.startswith(("=", "{=")) for text in row):
                values = self.api.getDataArray() if values is None else values
                row = tuple(
                    self._excel_formula(Ref(self.row + r, self.column + c), text, values[r][c])
                    for c, text in enumerate(row)
                )
            shown.append(row)
        return tuple(shown)

    @formula.setter
    def formula(self, data: object) -> None:
        rows = data if isinstance(data, (list, tuple)) else [[data]]
        for r, row in enumerate(rows, 1):
            for c, text in enumerate(row, 1):
                cell = self(r, c)
                cell.api.setTokens(from_excel(self.sheet.book, Ref(cell.row, cell.column), self.sheet, text))

    def _excel_formula(self, at: Ref, text: str, value: object) -> str:
        if not text.startswith(("=", "{=")) or value == text:
            return text
        bare = text.strip("{}")
        if bare in ("=TRUE()", "=FALSE()"):
            return bare[1:-2]  # how the office keeps a boolean that was typed
        return to_excel(self.sheet.book, at, self.sheet, bare)

    @property
    def has_array(self) -> bool:
        return bool(self.api.getArrayFormula())

    def clear(self) -> None:
        self.api.clearContents(1023)

    def clear_contents(self) -> None:
        self.api.clearContents(1 | 2 | 4 | 16)  # values, dates, texts, formulas

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:
        """Whole rows only; they take the look of the row above."""
        del shift, copy_origin
        self.sheet.api.Rows.insertByIndex(self.row - 1, self.shape[0])

    def delete(self, shift: str | None = None) -> None:
        """Whole rows only."""
        del shift
        self.sheet.api.Rows.removeByIndex(self.row - 1, self.shape[0])

    def select(self) -> None:
        self.sheet.book.controller.select(self.api)

    # ---- merged areas

    @property
    def merge_cells(self) -> bool | None:
        """Whether all cells lie in one merged area; None where some are merged."""
        cursor = self.sheet.api.createCursorByRange(self.api)
        cursor.collapseToMergedArea()
        found = Range(self.sheet, area_of(cursor.RangeAddress))
        if not found.api.getIsMerged():
            return False
        first = self.sheet.api.createCursorByRange(self(1, 1).api)
        first.collapseToMergedArea()
        whole = area_of(first.RangeAddress)
        inside = (
            whole.bottom >= self.area.bottom
            and whole.right >= self.area.right
            and whole != Area(*whole[:2], *whole[:2])
        )
        return True if inside else None

    @property
    def merge_area(self) -> Range:
        cursor = self.sheet.api.createCursorByRange(self.api)
        cursor.collapseToMergedArea()
        return Range(self.sheet, area_of(cursor.RangeAddress))

    def merge(self, across: bool) -> None:
        if not across:
            self.api.merge(True)
            return
        for row in range(self.area.top, self.area.bottom + 1):
            Range(self.sheet, Area(row, self.area.left, row, self.area.right)).api.merge(True)

    def unmerge(self) -> None:
        self.api.merge(False)

    # ---- notes and links

    @property
    def note(self) -> Note | None:
        note = Note(self.sheet, self.area.first, self.api.getAnnotation())
        return note if note.text else None

    def add_note(self, text: str) -> Note:
        at, place = self.area.first, self.api.CellAddress
        self.sheet.book.before_change()
        self.sheet.api.Annotations.insertNew(place, text)
        return Note(self.sheet, at, self.api.getAnnotation())

    def add_hyperlink(self, address: str, text_to_display: str, screen_tip: str | None) -> None:
        """A link within the book has the address `#'sheet'!A1`."""
        del screen_tip
        field = self.sheet.book.api.createInstance("com.sun.star.text.TextField.URL")
        field.URL = _office_address(address)
        field.Representation = text_to_display
        text = self.api.getText()
        text.setString("")
        text.insertTextContent(text.createTextCursor(), field, False)


class Note:
    """A cell's note."""

    def __init__(self, sheet: Sheet, at: Ref, api: Any) -> None:
        self._sheet = sheet
        self._at = at
        self.api = api

    @property
    def text(self) -> str:
        return str(self.api.getString())

    @text.setter
    def text(self, value: str) -> None:
        self._sheet.book.before_change()
        self.api.setString(value)

    @property
    def author(self) -> str:
        return str(self.api.getAuthor())

    @property
    def location(self) -> Range:
        return Range(self._sheet, Area(*self._at, *self._at))

    def delete(self) -> None:
        notes = self._sheet.api.Annotations
        for index in range(notes.Count):
            place = notes.getByIndex(index).getPosition()
            if (place.Row + 1, place.Column + 1) == self._at:
                self._sheet.book.before_change()
                notes.removeByIndex(index)
                return


def _area(argument: object) -> Area:
    if isinstance(argument, Range):
        return argument.area
    if isinstance(argument, str):
        return parse_area(argument)
    if isinstance(argument, tuple) and len(argument) == 4:
        row, column, rows, columns = argument
        return Area(row, column, row + rows - 1, column + columns - 1)
    if isinstance(argument, tuple) and len(argument) == 2:
        return Area(*argument, *argument)
    raise ValueError(argument)


def area_of(address: Any) -> Area:
    """A rectangle by the office's own address of it."""
    return Area(address.StartRow + 1, address.StartColumn + 1, address.EndRow + 1, address.EndColumn + 1)


def _stored(value: object) -> float | str:
    """A value as the office's arrays take it: what begins with an apostrophe is text without it, as in Excel."""
    if isinstance(value, str):
        return value.removeprefix("'")
    return "" if value is None else float(value)  # type: ignore[arg-type]


def _office_address(address: str) -> str:
    """`#'sheet'!A1` as the office writes it: `#'sheet'.A1`."""
    sheet, mark, cell = address.rpartition("!")
    return f"{sheet}.{cell}" if mark and address.startswith("#") else address
