"""Reads a worksheet's part in one pass: what its cells hold, its merged areas, what is hidden.

This is the place where a run over a province's books spends its time, so one function holds the whole pass in local names, a
cell without content costs two calls, and texts are collected by a list's own `append`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from perfxl.grid.address import Area, Ref, column_number, parse_a1, parse_area
from perfxl.grid.cells import Cell, CellError, CellValue, Trust
from perfxl.workbooks.markup import new_parser, parse, unescaped
from perfxl.workbooks.numbers import number

MOST_CELLS = 1_000_000
"""Cells with content in one sheet past which a workbook would not fit into the memory that perfxl promises to stay in."""

# Blank cells with a number format matter where a value may be written, on the form; a column formatted to the sheet's end does not.
_MOST_BLANK_FORMATS = 200_000

_DIGITS = "0123456789"
_YES = ("1", "true")


class SheetData(NamedTuple):
    """A worksheet's part as read.

    `rows` and `blank_formats` are as in `Grid`; formula cells carry their stored value, with `Trust.CACHED` or `Trust.UNKNOWN`.
    `formulas` are the formula cells, with those that only show a part of an array formula's result; `arrays` gives for each cell
    of an array formula or data table the whole range.
    """

    rows: dict[int, dict[int, Cell]]
    blank_formats: dict[Ref, str]
    merges: list[Area]
    hidden_rows: set[int]
    hidden_columns: set[int]
    formulas: list[Ref]
    arrays: dict[Ref, Area]


class _Columns(dict[str, int]):
    """Column numbers by their letters, each worked out once."""

    def __missing__(self, letters: str) -> int:
        if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
            raise ValueError(f"cell address {letters!r}")
        column = self[letters] = column_number(letters)
        return column


_COLUMNS = _Columns()


def read_sheet(data: bytes, strings: Sequence[str], formats: dict[str, str], *, date1904: bool) -> SheetData:
    """Read a worksheet's part, given as UTF-8; `formats` are number format codes by a cell's `s`.

    Raises:
        ValueError: the part is not well-formed, or a cell points at what is not there.
    """
    rows: dict[int, dict[int, Cell]] = {}
    blank_formats: dict[Ref, str] = {}
    merges: list[Area] = []
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    formulas: list[Ref] = []
    ranges: list[tuple[Ref, Area]] = []
    masters: dict[str, tuple[str, int, int]] = {}

    row = column = highest = total = 0
    row_given = columns_in_order = True
    cells: dict[int, Cell] = {}
    ref: str | None = None  # the address of the last cell, where its column is not worked out yet
    cell: dict[str, str] = {}
    value: str | None = None
    inline: list[str] | None = None
    formula: tuple[dict[str, str], str] | None = None
    formula_attrs: dict[str, str] = {}
    phonetic = False
    in_order = True
    pieces: list[str] = []
    make = tuple.__new__
    general = formats.get("0", "General")
    plain = {key for key, code in formats.items() if code == "General"}
    C = V = F = ROW = IS = T = RPH = COL = SHEET_DATA = MERGE = ""

    def root(name: str, attrs: dict[str, str]) -> None:
        nonlocal C, V, F, ROW, IS, T, RPH, COL, SHEET_DATA, MERGE
        prefix = name[: -len("worksheet")]
        C, V, F, ROW, IS, T, RPH, COL, SHEET_DATA, MERGE = [
            prefix + local for local in ("c", "v", "f", "row", "is", "t", "rPh", "col", "sheetData", "mergeCell")
        ]
        parser.StartElementHandler = start_outside

    def start_outside(name: str, attrs: dict[str, str]) -> None:
        if name == MERGE:
            merges.append(parse_area(attrs["ref"]))
        elif name == COL:
            if attrs.get("hidden") in _YES:
                hidden_columns.update(range(int(attrs["min"]), min(int(attrs["max"]), 16384) + 1))
        elif name == SHEET_DATA:
            parser.StartElementHandler = start
            parser.EndElementHandler = end
            parser.CharacterDataHandler = pieces.append

    def start(name: str, attrs: dict[str, str]) -> None:
        nonlocal cell, value, inline, formula, formula_attrs, phonetic
        nonlocal row, row_given, column, cells, ref, in_order, highest, columns_in_order
        if name == C:
            cell = attrs
            value = inline = formula = None
        elif name == V:
            pieces.clear()
        elif name == ROW:
            given = attrs.get("r")
            row_given = given is not None
            before = row
            row = row + 1 if given is None else int(given)
            in_order = in_order and row > before
            column = highest = 0
            columns_in_order = True
            ref = None
            cells = {}
            if attrs.get("hidden") in _YES:
                hidden_rows.add(row)
        elif name == F:
            pieces.clear()
            formula_attrs = attrs
        elif name == T:
            pieces.clear()
        elif name == IS:
            inline = []
        elif name == RPH:
            phonetic = True

    def end(name: str) -> None:
        nonlocal value, formula, ref, column, row, phonetic, total, cells, highest, columns_in_order
        if name == C:
            at = cell.get("r")
            if at is None:
                column = (_COLUMNS[ref.rstrip(_DIGITS)] if ref else column) + 1
                ref = None
            else:
                ref = at
            style = cell.get("s")
            if value is None and inline is None and formula is None:
                if style is None or style in plain:
                    return
                take_blank(style)
                return
            if ref is not None:
                column = _COLUMNS[ref.rstrip(_DIGITS)]
                if not row_given and not cells:
                    row = parse_a1(ref).row
            if column <= highest:
                columns_in_order = False
            highest = column
            take_cell(style)
        elif name == V:
            value = "".join(pieces)
        elif name == ROW:
            if cells:
                if not columns_in_order:
                    cells = dict(sorted(cells.items()))
                total += len(cells)
                if total > MOST_CELLS:
                    raise ValueError(f"more than {MOST_CELLS} cells")
                rows.setdefault(row, cells)
        elif name == F:
            formula = (formula_attrs, "".join(pieces))
        elif name == T:
            if inline is not None and not phonetic:
                inline.extend(pieces)
        elif name == RPH:
            phonetic = False
        elif name == SHEET_DATA:
            parser.StartElementHandler = start_outside
            parser.EndElementHandler = None
            parser.CharacterDataHandler = None

    def take_blank(style: str) -> None:
        code = formats.get(style, "General")
        if code != "General" and len(blank_formats) < _MOST_BLANK_FORMATS:
            place = Ref(row, _COLUMNS[ref.rstrip(_DIGITS)] if ref else column)
            blank_formats[place] = code

    def take_cell(style: str | None) -> None:
        code = general if style is None else formats.get(style, "General")
        kind = cell.get("t", "n")
        found: CellValue
        if kind == "s":
            found = strings[int(value)] if value else None
        elif kind == "n":
            found = number(value) if value else None
        elif inline is not None and kind == "inlineStr":
            found = unescaped("".join(inline))
        else:
            found = _other(kind, value, date1904)
        if formula is None:
            if found is None or found == "":
                if code != "General":
                    blank_formats[Ref(row, column)] = code
                return
            cells[column] = make(Cell, (found, code, None, Trust.TYPED))
        else:
            trust = Trust.UNKNOWN if found is None else Trust.CACHED
            cells[column] = Cell(found, code, formula_text(*formula), trust)
            formulas.append(Ref(row, column))

    def formula_text(attrs: dict[str, str], text: str) -> str:
        text = unescaped(text)
        kind = attrs.get("t")
        if kind in ("array", "dataTable") and "ref" in attrs:
            ranges.append((Ref(row, column), parse_area(attrs["ref"])))
        elif kind == "shared":
            index = attrs.get("si", "")
            if text:
                masters[index] = (text, row, column)
            elif index in masters:
                text, first_row, first_column = masters[index]
                return _shifted(text, row - first_row, column - first_column)
        return text

    parser = new_parser()
    parser.StartElementHandler = root
    try:
        parse(parser, data)
    except (IndexError, KeyError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    if not in_order:
        rows = dict(sorted(rows.items()))
    arrays = _array_cells(rows, ranges, formulas)
    return SheetData(rows, blank_formats, merges, hidden_rows, hidden_columns, formulas, arrays)


def _array_cells(
    rows: dict[int, dict[int, Cell]], ranges: list[tuple[Ref, Area]], formulas: list[Ref]
) -> dict[Ref, Area]:
    """Makes formula cells of those that show a part of an array's result, and gives the range for each cell of an array."""
    arrays: dict[Ref, Area] = {}
    for first, area in ranges:
        arrays[first] = area
        formula = rows[first.row][first.column].formula
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


def _other(kind: str, value: str | None, date1904: bool) -> CellValue:
    """The value of a cell that is neither a number nor a shared or inline string."""
    if value is None:
        return None
    if kind == "b":
        return value.strip() in _YES
    if kind == "e":
        return CellError(value)
    if kind == "d":
        return _serial(value, date1904)
    return unescaped(value)


_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?)?Z?")


def _serial(text: str, date1904: bool) -> Decimal | str:
    """An ISO date as a serial day; what is none comes back as the text it is."""
    from datetime import date

    match = _ISO.fullmatch(text)
    if not match:
        return text
    try:
        day = date(int(match[1]), int(match[2]), int(match[3])).toordinal()
    except ValueError:
        return text
    epoch = date(1904, 1, 1).toordinal() if date1904 else date(1899, 12, 30).toordinal()
    seconds = Decimal(int(match[4] or 0) * 3600 + int(match[5] or 0) * 60) + Decimal(match[6] or 0)
    found = number(str(day - epoch + seconds / 86400))
    return found if isinstance(found, Decimal) else text
