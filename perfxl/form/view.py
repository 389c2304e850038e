"""A grid as a reader of forms sees it: merged areas resolved, texts as printed, values with their numbers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from perfxl.form.model import Value
from perfxl.form.values import normal
from perfxl.grid.address import Area, Ref
from perfxl.grid.cells import Cell, CellValue, Grid, Trust
from perfxl.grid.numberformat import UNKNOWN, UNKNOWN_PERCENTAGE, printed
from perfxl.patterns import pattern

_PLAIN_NUMBER = pattern(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?")
_AMOUNT = pattern(r"([-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?)(%|亿元|万元|元|亿|万|分)")


class SheetView:
    """One worksheet, looked at cell by cell."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.row_numbers = list(grid.rows)
        self._rows, self._date1904 = grid.rows, grid.date1904
        self._limit: int | None = None
        self._areas: dict[int, list[Area]] = {}
        for area in grid.merges:
            top, left, bottom, right = area
            if top == bottom:
                self._areas.setdefault(top, []).append(area)
            elif (bottom - top + 1) * (right - left + 1) <= _LARGEST_MERGE:
                for row in range(top, bottom + 1):
                    self._areas.setdefault(row, []).append(area)
        self._by_column: dict[int, dict[int, Area]] = {}
        self._values: dict[int, dict[int, Value]] = {}
        self._odd: set[Ref] = set()  # whose number format is not printed
        self._texts: dict[int, list[tuple[int, str]]] = {}
        self._texts_within: dict[int, list[tuple[int, str]]] = {}
        self._unprinted: list[Ref] = []

    @property
    def limit(self) -> int | None:
        """The last column in which labels are looked for: what stands right of the forms (instructions, code lists) is no part of them.

        None where everything counts.
        """
        return self._limit

    @limit.setter
    def limit(self, column: int | None) -> None:
        widest, self._limit = self._limit, column
        if widest is None and column is not None:  # most rows end within it
            self._texts_within = {row: t for row, t in self._texts_within.items() if not t or t[-1][0] <= column}
        else:
            self._texts_within.clear()

    def areas(self, row: int) -> list[Area]:
        """The merged areas that cover part of a row."""
        return self._areas.get(row, [])

    def area(self, row: int, column: int) -> Area | None:
        """The merged area that a cell belongs to."""
        areas = self._areas.get(row)
        if areas is None:
            return None
        if len(areas) <= _FEW:
            for area in areas:
                if area.left <= column <= area.right:
                    return area
            return None
        found = self._by_column.get(row)
        if found is None:
            found = self._by_column[row] = {c: area for area in areas for c in range(area.left, area.right + 1)}
        return found.get(column)

    def origin(self, row: int, column: int) -> Ref:
        """The cell that shows what this place shows: the first one of a merged area."""
        area = self.area(row, column)
        return Ref(area.top, area.left) if area else Ref(row, column)

    def right_of(self, row: int, column: int) -> int:
        """The first column to the right of a cell or its merged area."""
        area = self.area(row, column)
        return area.right + 1 if area else column + 1

    def rows_between(self, first: int, last: int) -> list[int]:
        """The rows that hold something, from `first` to `last`."""
        return self.row_numbers[bisect_left(self.row_numbers, first) : bisect_right(self.row_numbers, last)]

    def texts(self, row: int) -> list[tuple[int, str]]:
        """(column, text) of the cells of a row that hold text, blanks and what stands right of the limit left out."""
        found = self._texts_within.get(row)
        if found is None:
            found = self._texts.get(row)
            if found is None:
                found = self._texts[row] = [
                    (column, text)
                    for column, cell in self.grid.rows.get(row, {}).items()
                    if isinstance(cell.value, str) and (text := cell.value.strip())
                ]
            if self._limit is not None and found and found[-1][0] > self._limit:
                found = [(column, text) for column, text in found if column <= self._limit]
            self._texts_within[row] = found
        return found

    def value(self, row: int, column: int) -> Value:
        """What stands at a place; inside a merged area, what its first cell shows."""
        values = self._values.get(row)
        if values is None:
            values = self._values[row] = self._read(row)
        found = values.get(column)
        if found is None:
            found = values[column] = value_of(self.grid, Ref(row, column))
        if self._odd and found.at in self._odd:
            self._unprinted.append(found.at)
        return found

    def values(self, row: int, columns: Iterable[int]) -> list[Value]:
        """What stands at some places of a row."""
        known = self._values.get(row)
        if known is None:
            known = self._values[row] = self._read(row)
        if self._odd:
            return [self.value(row, column) for column in columns]
        return [known.get(column) or self.value(row, column) for column in columns]

    def _read(self, row: int) -> dict[int, Value]:
        """What the columns of a row show, those left out that hold nothing; of a merged area wider than a form is, its first columns."""
        values: dict[int, Value] = {}
        date1904 = self._date1904
        places = _places(row)
        for column, (value, code, formula, _) in self._rows.get(row, _NOTHING).items():
            at = places[column] if column <= _KEPT else Ref(row, column)
            found = (
                _new(Value, (at,) + _said(value, code, date1904))  # noqa: RUF005 - the other way makes a list first
                if formula is None  # as `value_of` does, without a call for each of a form's hundred cells
                else value_of(self.grid, at)
            )
            if not found.format_known and code not in (UNKNOWN, UNKNOWN_PERCENTAGE):
                self._odd.add(at)
            values[column] = found
        for top, left, _, right in self._areas.get(row, ()):
            above = self._values.get(top) if top < row else values
            if above is None:
                above = self._values[top] = self._read(top)
            first = above.get(left)
            if first is None:
                first = above[left] = value_of(self.grid, Ref(top, left))
            for column in range(left, min(right, left + _WIDEST_MERGE) + 1):
                values[column] = first
        return values

    def unprinted(self, first: int, last: int) -> tuple[Ref, ...]:
        """The cells between two rows, of those asked for, whose number format perfxl does not print."""
        return tuple(sorted({at for at in self._unprinted if first <= at.row <= last})) if self._unprinted else ()

    def hidden(self, row: int) -> bool:
        """The row is hidden."""
        return row in self.grid.hidden_rows


_KEPT = 31  # columns; hardly a form has more


@lru_cache(maxsize=512)
def _places(row: int) -> tuple[Ref, ...]:
    """The first cells of a row, by their columns: each form of a run stands on much the same cells."""
    return tuple([Ref(row, column) for column in range(_KEPT + 1)])


# A merged area of more cells holds no part of a form.
_LARGEST_MERGE = 4096
_WIDEST_MERGE = 256
_NOTHING: dict[int, Cell] = {}
# Up to so many merged areas in a row are looked through; more get a table.
_FEW = 12


# Values are made by the hundred for each form, and those of the next form say much the same: what a cell says is worked out once, and
# `tuple.__new__` puts its place before it in half the time that the class itself takes. Together they save an eighth of a check.
_new = tuple.__new__


def value_of(grid: Grid, at: Ref) -> Value:
    """A cell as a form's value: its text as printed, its number."""
    row, column = at
    cells = grid.rows.get(row)
    cell = cells.get(column) if cells else None
    if cell is None:
        return _new(Value, (at, *_nothing(grid.blank_formats.get(at, "General"))))
    value, code, formula, trust = cell
    if trust is Trust.UNKNOWN:
        return Value(at, formula=True, unknown=True, number_format=code)
    if formula is not None:
        # What was computed may be written otherwise than its equal (30.0 and 30): it is not taken from the kept ones.
        said = _said.__wrapped__(value, code, grid.date1904)
        return _new(Value, (at, *said))._replace(formula=True)
    return _new(Value, (at, *_said(value, code, grid.date1904)))


@lru_cache(maxsize=256)
def _nothing(code: str) -> tuple[object, ...]:
    """What an empty cell says: the fields of `Value` behind its place."""
    return Value(_NOWHERE, number_format=code)[1:]


@lru_cache(maxsize=4096, typed=True)
def _said(value: CellValue, code: str, date1904: bool) -> tuple[object, ...]:
    """What a cell says: the fields of `Value` behind its place."""
    if isinstance(value, Decimal):
        shown = printed(value, code, date1904)
        is_date = shown.known and not any(c in code for c in "0#?") and code not in ("General", "@")
        number = None if is_date else value
        return Value(
            _NOWHERE,
            shown.text.strip(),
            number,
            shown.decimals,
            shown.percent,
            format_known=shown.known,
            number_format=code,
        )[1:]
    text = str(value) if isinstance(value, str) else printed(value, code, date1904).text
    number, decimals, percent, unit = read_number(text)
    return Value(_NOWHERE, text.strip(), number, decimals, percent, as_text=True, unit=unit, number_format=code)[1:]


_NOWHERE = Ref(0, 0)


def value_inside(whole: Value, text: str) -> Value:
    """Part of a cell as a value of its own: the 29.97 of `执行数: 29.97`."""
    number, decimals, percent, unit = read_number(text)
    return whole._replace(
        text=text, number=number, decimals=decimals, percent=percent, as_text=True, unit=unit, inside=True
    )


@lru_cache(maxsize=4096)
def read_number(text: str) -> tuple[Decimal | None, int, bool, str]:
    """(number, decimals printed, percent, unit glued on) of a text; the number is None where the text is none.

    A percentage gives its fraction. A unit is told, not applied: `300万元` gives 300 and 万元.
    """
    if text.isalpha():  # words alone, as most texts are
        return None, 0, False, ""
    plain = normal(text)
    if not plain or len(plain) > 40:
        return None, 0, False, ""
    match = _PLAIN_NUMBER.fullmatch(plain)
    if match:
        return Decimal(plain.replace(",", "")), len(match[1] or ""), False, ""
    match = _AMOUNT.fullmatch(plain)
    if not match:
        return None, 0, False, ""
    number, decimals = Decimal(match[1].replace(",", "")), len(match[2] or "")
    if match[3] == "%":
        return number / 100, decimals, True, ""
    return number, decimals, False, match[3]
