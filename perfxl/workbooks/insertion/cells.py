"""The rows and formulas of the worksheet that rows are inserted into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from perfxl.grid.address import Ref, column_letters, parse_area
from perfxl.workbooks.formulas.shift import shift_formula
from perfxl.workbooks.formulas.tokens import corner, tokens
from perfxl.workbooks.formulas.values import CannotCompute
from perfxl.workbooks.insertion.formulas import SheetRows
from perfxl.workbooks.insertion.rowmap import CannotShift, Insertion, shifted_areas
from perfxl.workbooks.markup import escaped, new_parser, parse, unescaped
from perfxl.workbooks.sheetmap import column_of
from perfxl.workbooks.splice import Extent, Splice, extent, start_tag, with_attributes


@dataclass(slots=True)
class _Formula:
    """A formula as it stands: its cell, attributes, text, and its element."""

    at: Ref
    attrs: Mapping[str, str]
    text: str
    place: Extent


_NOWHERE = Extent(0, 0, 0)


@dataclass(slots=True)
class _Row:
    """A row below which others come in: its attributes, its element, and its cells' attributes."""

    attrs: Mapping[str, str]
    place: Extent = _NOWHERE
    cells: dict[int, Mapping[str, str]] = field(default_factory=dict)


class NewCells(NamedTuple):
    """The changes to the cells' part, and the formulas that came in with the new rows."""

    splices: list[Splice]
    formulas: list[Ref]


def moved_cells(data: bytes, sheet: SheetRows) -> NewCells:
    """The rows below an insertion with their new numbers, all formulas with the new places, and the new rows themselves.

    Raises:
        ValueError: the part is not well-formed.
        CannotShift: an array formula or a data table would be cut, or a formula cannot be rewritten.
    """
    found = _Reading(data, sheet)
    new: list[Splice] = []
    come: list[Ref] = []
    explicit = found.explicit()
    for insertion, numbers in sheet.rows.new_rows():
        row = found.neighbours.get(insertion.below)
        if row is None:
            continue  # nothing is written there, so nothing is to be taken over
        copied = {
            at.column: text
            for at, text in explicit.items()
            if at.row == insertion.below and _speaks_of_its_row(text, at.row)
        }
        come += [Ref(number, column) for number in numbers for column in copied]
        rows = [_new_row(data, found.prefix, row, insertion, number, copied) for number in numbers]
        new.append(Splice(row.place.end, row.place.end, b"".join(rows)))
    # What comes in before a row stands before that row's own change.
    return NewCells([*new, *found.splices, *_formula_splices(data, found, sheet)], come)


class _Reading:
    """One pass over the cells: the changes to rows' and cells' numbers, and what stands there."""

    def __init__(self, data: bytes, sheet: SheetRows) -> None:
        self.splices: list[Splice] = []
        self.formulas: list[_Formula] = []
        self.neighbours: dict[int, _Row] = {}
        self.prefix = ""
        self._data = data
        self._sheet = sheet
        self._read()

    def _read(self) -> None:
        data, rows = self._data, self._sheet.rows
        wanted = {insertion.below for insertion in rows.insertions}
        number = column = row_start = formula_start = depth = 0
        cell: Mapping[str, str] = {}
        formula: Mapping[str, str] = {}
        pieces: list[str] = []
        neighbour: _Row | None = None
        P = ""

        def start(name: str, attrs: dict[str, str]) -> None:
            nonlocal number, column, row_start, formula_start, depth, cell, formula, neighbour, P
            depth += 1
            if depth == 1:
                P = self.prefix = name[: -len("worksheet")]
            elif depth == 3 and name == f"{P}row":
                row_start, column = parser.CurrentByteIndex, 0
                number = int(attrs.get("r", number + 1))
                self._renumber(row_start, "r", attrs, str(rows.row(number)))
                neighbour = _Row(attrs) if number in wanted else None
            elif depth == 4 and name == f"{P}c":
                ref = attrs.get("r")
                column = column + 1 if ref is None else column_of(ref)
                cell = attrs
                if rows.row(number) != number:
                    new = f"{column_letters(column)}{rows.row(number)}"
                    self._renumber(parser.CurrentByteIndex, "r", attrs, new)
                if neighbour is not None:
                    neighbour.cells[column] = attrs
            elif depth == 5 and name == f"{P}f":
                formula, formula_start = attrs, parser.CurrentByteIndex
                pieces.clear()
                parser.CharacterDataHandler = pieces.append

        def end(name: str) -> None:
            nonlocal depth
            at = parser.CurrentByteIndex
            if depth == 5 and name == f"{P}f":
                parser.CharacterDataHandler = None
                place = extent(data, formula_start, at)
                self.formulas.append(_Formula(Ref(number, column), formula, unescaped("".join(pieces)), place))
            elif depth == 3 and name == f"{P}row" and neighbour is not None:
                neighbour.place = extent(data, row_start, at)
                self.neighbours[number] = neighbour
            depth -= 1

        parser = new_parser()
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parse(parser, data)

    def _renumber(self, at: int, attribute: str, attrs: Mapping[str, str], new: str) -> None:
        if attribute in attrs and attrs[attribute] != new:
            tag = start_tag(self._data, at)
            self.splices.append(Splice(at, at + len(tag), with_attributes(tag, {attribute: new})))

    def explicit(self) -> dict[Ref, str]:
        """The formulas of single cells, shared ones written out.

        Raises:
            CannotShift: a shared one is not understood.
        """
        masters = {f.attrs.get("si"): f for f in self.formulas if f.attrs.get("t") == "shared" and f.text}
        out: dict[Ref, str] = {}
        for formula in self.formulas:
            kind = formula.attrs.get("t", "normal")
            if kind == "normal":
                out[formula.at] = formula.text
            elif kind == "shared":
                master = masters.get(formula.attrs.get("si"))
                out[formula.at] = formula.text or ("" if master is None else _away(master, formula.at))
        return out


def _away(master: _Formula, at: Ref) -> str:
    try:
        return shift_formula(master.text, at.row - master.at.row, at.column - master.at.column)
    except CannotCompute as error:
        raise CannotShift(f"单元格 {at.a1} 的公式无法随行移动：{error.reason}。") from error


# --- formulas


def _formula_splices(data: bytes, found: _Reading, sheet: SheetRows) -> list[Splice]:
    splices: list[Splice] = []
    groups: dict[str, list[_Formula]] = {}
    for formula in found.formulas:
        kind = formula.attrs.get("t", "normal")
        if kind == "shared":
            groups.setdefault(formula.attrs.get("si", ""), []).append(formula)
            continue
        changes: dict[str, str | None] = {}
        if kind in ("array", "dataTable") and "ref" in formula.attrs:
            area = parse_area(formula.attrs["ref"])
            if sheet.rows.cuts(area):
                what = "数组公式" if kind == "array" else "模拟运算表"
                raise CannotShift(f"要插入的行会切开单元格 {formula.at.a1} 的{what}（{formula.attrs['ref']}）。")
            changes = {
                key: shifted_areas(formula.attrs[key], "moved", sheet.rows)
                for key in ("ref", "r1", "r2")
                if key in formula.attrs
            }
        splices += _changed(data, formula, changes, _shifted(sheet, formula.at, formula.text))
    for group in groups.values():
        splices += _shared(data, found, sheet, group)
    return splices


def _shifted(sheet: SheetRows, at: Ref, text: str) -> str:
    try:
        return sheet.shifted(text, on_sheet=True)
    except CannotShift as error:
        raise CannotShift(f"单元格 {at.a1}：{error.reason}") from error


def _shared(data: bytes, found: _Reading, sheet: SheetRows, group: list[_Formula]) -> list[Splice]:
    """A shared formula stays shared where its cells still read alike from its first one; else each cell gets its own text."""
    master = next((formula for formula in group if formula.text), None)
    if master is None:
        return []  # an orphan: it says nothing
    explicit = {formula.at: _shifted(sheet, formula.at, formula.text or _away(master, formula.at)) for formula in group}
    moved = _Formula(sheet.rows.ref(master.at), master.attrs, explicit[master.at], master.place)
    if all(_away(moved, sheet.rows.ref(at)) == text for at, text in explicit.items()):
        changes = {"ref": shifted_areas(master.attrs["ref"], "moved", sheet.rows)} if "ref" in master.attrs else {}
        return _changed(data, master, dict(changes), moved.text)
    plain: dict[str, str | None] = {"t": None, "si": None, "ref": None}
    return [splice for each in group for splice in _changed(data, each, plain, explicit[each.at], found.prefix)]


def _changed(
    data: bytes, formula: _Formula, changes: Mapping[str, str | None], text: str, prefix: str = ""
) -> list[Splice]:
    changes = {key: value for key, value in changes.items() if formula.attrs.get(key) != value}
    if not changes and text == formula.text:
        return []
    place = formula.place
    tag = start_tag(data, place.start)
    inner = data[place.start + len(tag) : place.close] if text == formula.text else escaped(text).encode()
    tag = with_attributes(tag, changes)
    if place.is_empty_tag:
        if not inner:
            return [Splice(place.start, place.end, tag)]
        return [Splice(place.start, place.end, tag[:-2].rstrip() + b">" + inner + f"</{prefix}f>".encode())]
    return [Splice(place.start, place.close, tag + inner)]


# --- new rows


def _new_row(
    data: bytes, prefix: str, row: _Row, insertion: Insertion, number: int, formulas: Mapping[int, str]
) -> bytes:
    """A row that looks as the one above it, with the formulas that speak of that row alone."""
    changes: dict[str, str | None] = {"r": str(number), "hidden": None, "collapsed": None}
    if row.attrs.get("customHeight") not in ("1", "true"):
        changes["ht"] = None  # it was worked out for the texts of that row
    tag = with_attributes(start_tag(data, row.place.start), changes)
    cells = []
    for column, attrs in sorted(row.cells.items()):
        style = f' s="{attrs["s"]}"' if "s" in attrs else ""
        head = f'<{prefix}c r="{column_letters(column)}{number}"{style}'
        if column in formulas:
            text = shift_formula(formulas[column], number - insertion.below, 0)
            cells.append(f"{head}><{prefix}f>{escaped(text)}</{prefix}f></{prefix}c>")
        else:
            cells.append(f"{head}/>")
    if row.place.is_empty_tag:
        return tag
    return tag + "".join(cells).encode() + f"</{prefix}row>".encode()


def _speaks_of_its_row(text: str, row: int) -> bool:
    """Whether a formula leans on cells of its own row only, so that it says the same of the next row."""
    try:
        pieces = tokens(text)
    except CannotCompute:
        return False
    areas = [token.text for token in pieces if token.kind == "area"]
    if not areas or any(token.kind == "sheet" for token in pieces):
        return False
    return all(corner(end)[2:] == (False, row) for area in areas for end in area.split(":"))
