"""Reads a worksheet's part in one pass: what its cells hold, its merged areas, what is hidden.

This is where a run over a province's books spends its time. So rows as programs write them are read by one expression (`plainrows`),
and the parser sees the rest. Where it must read rows, its calls only note what comes, a row at a time, and one loop over local names
makes the cells of the row. Ends of elements are asked for only where white space between elements could
be taken for text; programs write none.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from perfxl.grid.address import LAST_COLUMN, LAST_ROW, Area, Ref, column_letters, known_area
from perfxl.grid.cells import Cell, CellValue, Trust
from perfxl.workbooks.cellvalues import other_value, string_index
from perfxl.workbooks.columns import COLUMNS
from perfxl.workbooks.markup import has_space_between, new_parser, parse, prefix_of_root, unescaped
from perfxl.workbooks.numbers import number
from perfxl.workbooks.partfaults import Refused
from perfxl.workbooks.plainrows import plain_rows

MOST_CELLS = 1_000_000
"""Cells with content in one sheet past which a workbook would not fit into the memory that perfxl promises to stay in."""

# Blank cells with a number format matter where a value may be written, on the form; a column formatted to the sheet's end
# does not.
_MOST_BLANK_FORMATS = 200_000

_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$"
_YES = ("1", "true")

# What the parser notes of a row: a dict opens a cell, a list a formula (both hold the attributes), a string is text, and these
# tell whose text follows.
_NOTHING, _VALUE, _TEXT, _PHONETIC, _FORMULA = range(5)
_Event = dict[str, str] | list[dict[str, str]] | str | int


class SheetData(NamedTuple):
    """A worksheet's part as read.

    `rows` and `blank_formats` are as in `Grid`; formula cells carry their stored value, with `Trust.CACHED` or
    `Trust.UNKNOWN`. `formulas` are the formula cells, with those that only show a part of an array formula's result; `arrays`
    gives for each cell of an array formula or data table the whole range.
    """

    rows: dict[int, dict[int, Cell]]
    blank_formats: dict[Ref, str]
    merges: list[Area]
    hidden_rows: set[int]
    hidden_columns: set[int]
    formulas: list[Ref]
    arrays: dict[Ref, Area]


def read_sheet(
    data: bytes, strings: Sequence[str] | Mapping[int, str], formats: Mapping[str, str], *, date1904: bool
) -> SheetData:
    """Read a worksheet's part, given as UTF-8; `formats` are number format codes by a cell's `s`.

    Raises:
        ValueError: the part is not well-formed, or a cell points at what is not there.
    """
    try:
        plain = plain_rows(data, strings, formats)
        if plain is None:
            return _parsed(data, strings, formats, date1904=date1904)
        outside = _outside if len(plain.rest) <= _SMALL else _outside.__wrapped__
        merges, hidden_columns = outside(plain.rest)
    except (IndexError, KeyError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    _, rows, blank_formats, hidden_rows, plain_merges = plain
    return SheetData(rows, blank_formats, [*plain_merges, *merges], hidden_rows, set(hidden_columns), [], {})


_SMALL = 1 << 13  # bytes around the rows of a sheet; those of a department's sheets are often the same


@lru_cache(maxsize=256)
def _outside(rest: bytes) -> tuple[tuple[Area, ...], frozenset[int]]:
    """The merged areas and hidden columns that stand around the rows of a worksheet.

    Raises:
        ValueError: the rest is not well-formed.
        KeyError: a tag lacks what it must say.
    """
    found = _parsed(rest, (), {}, date1904=False)
    return tuple(found.merges), frozenset(found.hidden_columns)


def _parsed(
    data: bytes, strings: Sequence[str] | Mapping[int, str], formats: Mapping[str, str], *, date1904: bool
) -> SheetData:
    reading = _Reading(strings, formats, date1904)
    merges: list[Area] = []
    hidden_columns: set[int] = set()
    row: list[_Event] = []
    note = row.append
    C = V = F = ROW = T = RPH = COL = SHEET_DATA = MERGE = ""

    def root(name: str, attrs: dict[str, str]) -> None:
        nonlocal C, V, F, ROW, T, RPH, COL, SHEET_DATA, MERGE
        prefix = prefix_of_root(name, "worksheet")
        C, V, F, ROW, T, RPH, COL, SHEET_DATA, MERGE = [
            prefix + local for local in ("c", "v", "f", "row", "t", "rPh", "col", "sheetData", "mergeCell")
        ]
        parser.StartElementHandler = start_outside

    def start_outside(name: str, attrs: dict[str, str]) -> None:
        if name == SHEET_DATA:
            parser.StartElementHandler = start
            parser.CharacterDataHandler = note
            if has_space_between(data):
                parser.EndElementHandler = end
        elif name == COL and attrs.get("hidden") in _YES:
            columns = range(int(attrs["min"]), min(int(attrs["max"]), LAST_COLUMN) + 1)
            if not hidden_columns.isdisjoint(columns):
                raise Refused("的列定义互相重叠")
            hidden_columns.update(columns)

    def start(name: str, attrs: dict[str, str]) -> None:
        if name == C:
            note(attrs)
        elif name == V:
            note(_VALUE)
        elif name == ROW:
            reading.take(row)
            row.clear()
            reading.begin(attrs)
        elif name == F:
            note([attrs])
        elif name == T:
            note(_TEXT)
        elif name == RPH:
            note(_PHONETIC)
        elif name == MERGE:
            merges.append(known_area(attrs["ref"]))
        else:
            note(_NOTHING)

    def end(name: str) -> None:
        if name in (V, F, T):
            note(_NOTHING)

    parser = new_parser()
    parser.StartElementHandler = root
    parse(parser, data)
    reading.take(row)
    rows = reading.rows if reading.in_order else dict(sorted(reading.rows.items()))
    arrays = _array_cells(rows, reading.ranges, reading.formulas)
    return SheetData(rows, reading.blank_formats, merges, reading.hidden_rows, hidden_columns, reading.formulas, arrays)


class _Reading:
    """What was read of a sheet's rows so far."""

    __slots__ = (
        "blank_formats",
        "date1904",
        "dressed",
        "formats",
        "formulas",
        "general",
        "hidden_rows",
        "in_order",
        "masters",
        "ranges",
        "row",
        "row_given",
        "rows",
        "strings",
        "total",
    )

    def __init__(self, strings: Sequence[str] | Mapping[int, str], formats: Mapping[str, str], date1904: bool) -> None:
        self.strings = strings
        self.formats = formats
        self.dressed = {key: code for key, code in formats.items() if code != "General"}
        self.general = formats.get("0", "General")
        self.date1904 = date1904
        self.rows: dict[int, dict[int, Cell]] = {}
        self.blank_formats: dict[Ref, str] = {}
        self.hidden_rows: set[int] = set()
        self.formulas: list[Ref] = []
        self.ranges: list[tuple[Ref, Area]] = []
        self.masters: dict[str, tuple[str, Ref]] = {}
        self.row = self.total = 0
        self.row_given = self.in_order = True

    def begin(self, attrs: dict[str, str]) -> None:
        """A row opens."""
        given = attrs.get("r")
        row = self.row + 1 if given is None else int(given)
        if not 0 < row <= LAST_ROW:
            raise Refused(f"有第 {row} 行，工作表只有 1 到 {LAST_ROW:,} 行")
        self.row_given = given is not None
        self.in_order = self.in_order and row > self.row
        self.row = row
        if attrs.get("hidden") in _YES:
            self.hidden_rows.add(row)

    def take(self, events: list[_Event]) -> None:
        """Make the cells of a row from what was noted of it."""
        events.append({})  # a cell is made when the next one opens
        strings, formats, dressed, general = self.strings, self.formats, self.dressed, self.general
        columns, value_follows, text_follows, formula_follows = COLUMNS, _VALUE, _TEXT, _FORMULA
        cells: dict[int, Cell] = {}
        cell: dict[str, str] | None = None
        ref: str | None = None  # the address of the last cell, as long as nobody asked for its column
        column = highest = 0
        in_order = True
        value: str | None = None
        inline: str | None = None
        formula: list[dict[str, str]] | None = None
        formula_text = ""
        following = _NOTHING
        row_text = str(self.row)
        for event in events:
            if isinstance(event, dict):
                if cell is not None:
                    at = cell.get("r")
                    if at is None:
                        column = (columns[ref.rstrip(_DIGITS)] if ref else column) + 1
                    ref = at
                    style = cell.get("s")
                    if value is None and inline is None and formula is None:
                        if style in dressed:
                            self._blank(dressed[style], ref, column)
                    else:
                        if ref is not None:
                            letters = ref.rstrip(_DIGITS)
                            column = columns[letters]
                            if ref[len(letters) :] != row_text:
                                row_text = self._row_of(ref, bool(cells))
                        if column <= highest:
                            in_order = False
                            if column in cells:
                                raise Refused(f"有两个单元格 {column_letters(column)}{self.row}")
                        highest = column
                        code = general if style is None else formats.get(style, "General")
                        kind = cell.get("t", "n")
                        found: CellValue
                        if kind == "s":
                            found = strings[string_index(value)] if value else None
                        elif kind == "n":
                            found = number(value) if value else None
                        else:
                            found = other_value(kind, value, inline, self.date1904)
                        if formula is not None:
                            cells[column] = self._formula(formula[0], formula_text, found, code, column)
                        elif found is None or found == "":
                            if code != "General":
                                self._blank(code, ref, column)
                        else:
                            cells[column] = _new(Cell, (found, code, None, _TYPED))
                        value = inline = formula = None
                cell = event
                following = _NOTHING
            elif isinstance(event, str):
                if following == value_follows:
                    value = value + event if value else event
                elif following == text_follows:
                    inline = inline + event if inline else event
                elif following == formula_follows:
                    formula_text += event
            elif isinstance(event, int):
                if event == value_follows:
                    value = ""
                elif event == _TEXT and following == _PHONETIC:
                    event = _NOTHING  # how the text is spoken is no part of it
                following = event
            else:
                formula = event
                formula_text = ""
                following = _FORMULA
        if cells:
            self.total += len(cells)
            if self.total > MOST_CELLS:
                raise Refused(f"有超过 {MOST_CELLS:,} 个有内容的单元格，不予读取")
            if self.row in self.rows:
                raise Refused(f"有两个第 {self.row} 行")
            self.rows[self.row] = cells if in_order else dict(sorted(cells.items()))

    def _row_of(self, ref: str, begun: bool) -> str:
        """The row that a cell's address names, as text; of a row without number its first cell tells it.

        Raises:
            Refused: it is not the row in which the cell stands.
        """
        row = int(ref.lstrip(_LETTERS))
        if not self.row_given and not begun and 0 < row <= LAST_ROW:
            self.row = row
        elif row != self.row:
            raise Refused(f"的第 {self.row} 行里有单元格 {ref}")
        return ref.lstrip(_LETTERS)

    def _blank(self, code: str, ref: str | None, column: int) -> None:
        if len(self.blank_formats) < _MOST_BLANK_FORMATS:
            self.blank_formats[Ref(self.row, COLUMNS[ref.rstrip(_DIGITS)] if ref else column)] = code

    def _formula(self, attrs: dict[str, str], text: str, value: CellValue, code: str, column: int) -> Cell:
        """A formula cell, with its stored value; a shared formula is written out."""
        at = Ref(self.row, column)
        self.formulas.append(at)
        text = unescaped(text)
        kind = attrs.get("t")
        if kind in ("array", "dataTable") and "ref" in attrs:
            self.ranges.append((at, known_area(attrs["ref"])))
        elif kind == "shared":
            index = attrs.get("si", "")
            if text:
                self.masters[index] = (text, at)
            elif index in self.masters:
                text, first = self.masters[index]
                text = _shifted(text, at.row - first.row, at.column - first.column)
        return Cell(value, code, text, Trust.UNKNOWN if value is None else Trust.CACHED)


_new = tuple.__new__
_TYPED = Trust.TYPED


_MOST_LOOKS = 5_000_000  # at rows, for all array formulas of a sheet


def _array_cells(
    rows: dict[int, dict[int, Cell]], ranges: list[tuple[Ref, Area]], formulas: list[Ref]
) -> dict[Ref, Area]:
    """Makes formula cells of those that show a part of an array's result, and gives the range for each cell of an array."""
    arrays: dict[Ref, Area] = {}
    looks = 0
    for first, area in ranges:
        arrays[first] = area
        formula = rows[first.row][first.column].formula
        looks += min(area.bottom - area.top, len(rows))
        if looks > _MOST_LOOKS:
            raise Refused("的数组公式区域过多、过大，或互相重叠，不予读取")
        for row in range(area.top, area.bottom + 1) if area.bottom - area.top < len(rows) else rows:
            if not area.top <= row <= area.bottom:
                continue
            cells = rows.get(row, {})
            for column in [column for column in cells if area.left <= column <= area.right]:
                at = Ref(row, column)
                if at not in arrays and cells[column].formula is None:
                    cells[column] = cells[column]._replace(formula=formula, trust=Trust.CACHED)
                    formulas.append(at)
                    arrays[at] = area
    return arrays


def _shifted(text: str, rows: int, columns: int) -> str:
    """A shared formula as it reads `rows` and `columns` away; "" where it is not understood."""
    from perfxl.workbooks.formulas.shift import shift_formula  # only a workbook with shared formulas needs it
    from perfxl.workbooks.formulas.values import CannotCompute

    try:
        return shift_formula(text, rows, columns)
    except CannotCompute:
        return ""
