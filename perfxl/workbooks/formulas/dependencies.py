"""Which formula cells lean on which cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product

from perfxl.grid.address import Area
from perfxl.workbooks.formulas.functions.registry import VOLATILE
from perfxl.workbooks.formulas.parser import parse
from perfxl.workbooks.formulas.references import Areas, Names, Place, span
from perfxl.workbooks.formulas.source import CellKey, CellSource
from perfxl.workbooks.formulas.syntax import (
    Binary,
    Call,
    Cells,
    Common,
    Joined,
    Name,
    Node,
    Percent,
    Prefix,
    Span,
    Structured,
)
from perfxl.workbooks.formulas.values import CannotCompute, Failed

SMALL = 64  # cells: areas up to this size are noted cell by cell


class _Anywhere(Exception):
    """The formula may lean on any cell."""


def precedents(node: Node, names: Names, place: Place) -> Iterator[tuple[str, Area]]:
    """The rectangles that a formula may read, read or not.

    Raises:
        _Anywhere: it may read any cell.
    """
    stack: list[tuple[Node, Place]] = [(node, place)]
    met: set[tuple[Name, Place]] = set()  # a name that stands for ten names, each of them for ten … is looked into once
    while stack:
        part, at = stack.pop()
        match part:
            case Cells() | Structured():
                yield from _areas(part, names, at)
            case Span():
                yield from _spanned(part, names, at)
            case Name():
                if (part, at) not in met:
                    met.add((part, at))
                    stack += _meaning(part, names, at)
            case Binary() | Common():
                stack += [(part.left, at), (part.right, at)]
            case Prefix() | Percent():
                stack.append((part.operand, at))
            case Joined():
                stack += [(each, at) for each in part.parts]
            case Call():
                if part.name in VOLATILE:
                    raise _Anywhere
                if part.name in ("SUMIF", "AVERAGEIF") and len(part.arguments) == 3:
                    yield from _summed(part, names, at)
                stack += [(argument, at) for argument in part.arguments]


def _areas(node: Node, names: Names, place: Place) -> Areas:
    try:
        if isinstance(node, Cells):
            return names.cells(node, place)
        if isinstance(node, Structured):
            return names.structured(node, place)
    except Failed:
        return []  # refers to nothing, so nothing changes it
    if isinstance(node, Name):
        return [area for part, at in _meaning(node, names, place) for area in _areas(part, names, at)]
    raise _Anywhere


def _meaning(node: Name, names: Names, place: Place) -> list[tuple[Node, Place]]:
    try:
        return [(names.meaning(node.name, node.sheet, place), place.within_name())]
    except Failed:
        return []  # a name of a sheet that is not there


def _spanned(node: Span, names: Names, place: Place) -> Areas:
    left, right = _areas(node.left, names, place), _areas(node.right, names, place)
    try:
        return span(left, right)
    except Failed:
        return []


def _summed(call: Call, names: Names, place: Place) -> Areas:
    """What SUMIF adds up: an area as large as the first argument, whatever the size of the third."""
    tested, summed = _areas(call.arguments[0], names, place), _areas(call.arguments[2], names, place)
    if len(tested) != 1 or len(summed) != 1:
        return []
    (_, shape), (sheet, area) = tested[0], summed[0]
    bottom, right = area.top + shape.bottom - shape.top, area.left + shape.right - shape.left
    return [(sheet, Area(area.top, area.left, bottom, right))]


class _Index:
    """Finds the formulas that read a cell."""

    def __init__(self) -> None:
        self.by_cell: dict[CellKey, list[CellKey]] = defaultdict(list)
        self.by_area: dict[str, dict[Area, list[CellKey]]] = defaultdict(dict)

    def add(self, sheet: str, area: Area, formula: CellKey) -> None:
        """Note that a formula reads an area."""
        if (area.bottom - area.top + 1) * (area.right - area.left + 1) > SMALL:
            self.by_area[sheet].setdefault(area, []).append(formula)
            return
        for row, column in product(range(area.top, area.bottom + 1), range(area.left, area.right + 1)):
            self.by_cell[sheet, row, column].append(formula)

    def take(self, cell: CellKey) -> list[CellKey]:
        """The formulas that read a cell. Each large area is given once only: its formulas are known from then on."""
        sheet, row, column = cell
        found = self.by_cell.pop(cell, [])
        areas = self.by_area.get(sheet)
        if areas:
            hit = [area for area in areas if area.top <= row <= area.bottom and area.left <= column <= area.right]
            for area in hit:
                found = found + areas.pop(area)
        return found

    def take_area(self, sheet: str, area: Area) -> list[CellKey]:
        """The formulas that read a cell of an area; as `take`, without a look at each cell."""
        found: list[CellKey] = []
        for cell in [cell for cell in self.by_cell if cell[0] == sheet and _holds(area, *cell[1:])]:
            found += self.by_cell.pop(cell)
        areas = self.by_area.get(sheet, {})
        for other in [other for other in areas if _overlap(area, other)]:
            found += areas.pop(other)
        return found


def _holds(area: Area, row: int, column: int) -> bool:
    return area.top <= row <= area.bottom and area.left <= column <= area.right


def _overlap(one: Area, other: Area) -> bool:
    return one.top <= other.bottom and other.top <= one.bottom and one.left <= other.right and other.left <= one.right


def dependents(
    source: CellSource, names: Names, edited: set[CellKey], formula_cells: Iterable[CellKey]
) -> list[CellKey]:
    """Those of `formula_cells` that lean, directly or through others, on an edited cell; ordered by sheet, row, column."""
    if not edited:
        return []
    index = _Index()
    cells_of: dict[CellKey, list[CellKey]] = defaultdict(list)  # an array formula's first cell stands for all its cells
    arrays: dict[CellKey, Area] = {}
    for cell in formula_cells:
        raw = source.cell(*cell)
        area = raw.array if raw else None
        first = (cell[0], area.top, area.left) if area else cell
        if area:
            arrays[first] = area
        cells_of[first].append(cell)
    reached: set[CellKey] = set()
    for first in cells_of:
        if not _note(first, source, names, index):
            reached.add(first)
    frontier = [*edited, *reached]
    while frontier:
        cell = frontier.pop()
        array = arrays.get(cell)
        for formula in index.take(cell) if array is None else index.take_area(cell[0], array):
            if formula not in reached:
                reached.add(formula)
                frontier.append(formula)
    order = {name: number for number, name in enumerate(source.sheet_names)}
    return sorted(
        (cell for first in reached for cell in cells_of[first]),
        key=lambda cell: (order.get(cell[0], len(order)), cell[1], cell[2]),
    )


def _note(first: CellKey, source: CellSource, names: Names, index: _Index) -> bool:
    """Note what a formula reads; False where it may read anything."""
    raw = source.cell(*first)
    if raw is None or raw.formula is None:
        return False
    try:
        for sheet, area in precedents(parse(raw.formula), names, Place(*first)):
            index.add(sheet, area, first)
    except (CannotCompute, _Anywhere):
        return False
    return True
