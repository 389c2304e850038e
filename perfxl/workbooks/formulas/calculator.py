"""The values of formula cells, each worked out once."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, localcontext

from perfxl.grid.address import Area
from perfxl.grid.cells import CellValue
from perfxl.workbooks.formulas.dependencies import dependents
from perfxl.workbooks.formulas.evaluation import Evaluation
from perfxl.workbooks.formulas.parser import parse
from perfxl.workbooks.formulas.ranges import Array, element
from perfxl.workbooks.formulas.references import Names, Place
from perfxl.workbooks.formulas.source import CellKey, CellSource, NotComputable
from perfxl.workbooks.formulas.syntax import Call
from perfxl.workbooks.formulas.values import ARITHMETIC, ONE, ZERO, CannotCompute, Scalar, shown

DEEPEST_WALK = 40  # steps through formulas that lead to formulas, before the walk starts anew from the cell it came to
MOST_READS = 10_000_000  # cells read in the life of a calculator


class _TooDeep(Exception):
    """The walk must start anew from this cell, so that long chains of formulas need no deep recursion."""

    def __init__(self, cell: CellKey) -> None:
        super().__init__(cell)
        self.cell = cell


class Calculator:
    """Works out the formula cells of one workbook; each once, until it is told to forget."""

    def __init__(self, source: CellSource) -> None:
        self._source = source
        self.names = Names(source)
        self.date1904 = source.date1904
        self._known: dict[CellKey, Scalar | Array | NotComputable] = {}
        self._open: set[CellKey] = set()  # formulas that the walk is inside of
        self._used: dict[str, Area | None] = {}
        self._depth = 0
        self._reads = 0

    def value(self, sheet: str, row: int, column: int) -> CellValue | NotComputable:
        """What the cell is worth: a typed value as it is, a formula worked out, numbers at 15 significant digits.

        None only for a cell that holds nothing; a formula that points at an empty cell gives 0, as it does in a
        spreadsheet.
        """
        self._depth = 0
        waiting: list[CellKey] = [(sheet, row, column)]
        with localcontext(ARITHMETIC):
            while True:
                self._open = set(waiting[:-1])
                try:
                    found = self.read(*waiting[-1])
                except _TooDeep as deeper:
                    waiting.append(deeper.cell)
                    continue
                except CannotCompute as reason:
                    if len(waiting) == 1:
                        return NotComputable(reason.reason)
                    found = None  # known now; whoever needs it will meet the reason
                except RecursionError:  # the caller stands deep in calls already
                    return NotComputable("公式嵌套太深")
                waiting.pop()
                if not waiting:
                    return _settled(found)

    def dependents(self, edited: set[CellKey], formula_cells: Iterable[CellKey]) -> list[CellKey]:
        """Those of `formula_cells` that lean, directly or through others, on an edited cell, ordered by sheet, row
        and column.

        `formula_cells` are all formula cells of the workbook; of an array formula either its first cell or all. What
        cannot be told (a formula that is not understood, OFFSET, INDIRECT and other volatile functions) counts as
        leaning on all.
        """
        return dependents(self._source, self.names, edited, formula_cells)

    def forget(self, cells: Iterable[CellKey]) -> None:
        """Drop the values worked out for these cells: those that `dependents` gave, after the edit."""
        self._used.clear()
        for sheet, row, column in cells:
            cell = self._source.cell(sheet, row, column)
            area = cell.array if cell else None
            self._known.pop((sheet, area.top, area.left) if area else (sheet, row, column), None)

    def read(self, sheet: str, row: int, column: int) -> Scalar:
        """The value of a cell with all its digits, worked out where it is a formula.

        Raises:
            CannotCompute: it cannot be worked out.
        """
        cell = self._source.cell(sheet, row, column)
        if cell is None:
            return None
        if cell.array is not None:
            first = (sheet, cell.array.top, cell.array.left)
            whole = self._formula_value(first, cell.array)
            if isinstance(whole, Array):
                return _filled(element(whole, row - first[1], column - first[2]))
            return whole
        if cell.formula is None:
            return cell.value
        value = self._formula_value((sheet, row, column), None)
        return _filled(value.rows[0][0]) if isinstance(value, Array) else value

    def _formula_value(self, key: CellKey, array: Area | None) -> Scalar | Array:
        if key not in self._known:
            if key in self._open:
                raise CannotCompute("公式循环引用")
            if self._depth > DEEPEST_WALK:
                raise _TooDeep(key)
            self._open.add(key)
            try:
                self._known[key] = self._work_out(key, array)
            except CannotCompute as reason:
                self._known[key] = NotComputable(reason.reason)
            finally:
                self._open.discard(key)
        value = self._known[key]
        if isinstance(value, NotComputable):
            raise CannotCompute(value.reason)
        return value

    def _work_out(self, key: CellKey, array: Area | None) -> Scalar | Array:
        cell = self._source.cell(*key)
        if cell is None or cell.formula is None:
            raise CannotCompute("数组公式的首个单元格没有公式")
        evaluation = Evaluation(self, Place(*key), array=2 if array else 0)
        value = evaluation.result(parse(cell.formula))
        return value if isinstance(value, Array) else _filled(value)

    # What an evaluation asks of the workbook around it.

    def reads(self, count: int) -> None:
        """Say that so many cells will be read; refuses what would take too long."""
        if self._reads + count > MOST_READS:
            raise CannotCompute("公式引用的单元格太多")
        self._reads += count

    def used(self, sheet: str) -> Area | None:
        """A rectangle outside which the sheet is empty."""
        if sheet not in self._used:
            self._used[sheet] = self._source.used_area(sheet)
        return self._used[sheet]

    def hidden(self, sheet: str, row: int) -> bool:
        """Whether a row is hidden."""
        return row in self._source.hidden_rows(sheet)

    def is_subtotal(self, sheet: str, row: int, column: int) -> bool:
        """Whether the cell holds a SUBTOTAL, which other SUBTOTALs leave out."""
        cell = self._source.cell(sheet, row, column)
        if cell is None or cell.formula is None or "SUBTOTAL" not in cell.formula.upper():
            return False
        tree = parse(cell.formula)
        if isinstance(tree, Call) and tree.name == "SUBTOTAL":
            return True
        raise CannotCompute("区域中有夹在别的运算里的 SUBTOTAL，是否计入无法确定")

    def deeper(self) -> None:
        """Say that the walk goes one step deeper."""
        self._depth += 1

    def higher(self) -> None:
        """Say that it came back."""
        self._depth -= 1


def _filled(value: Scalar) -> Scalar:
    return ZERO if value is None else value


def _settled(value: Scalar) -> Scalar:
    """The value at 15 digits, without zeros behind the point that only the way it was worked out put there."""
    if not isinstance(value, Decimal):
        return value
    number = shown(value).normalize()
    exponent = number.as_tuple().exponent
    return number.quantize(ONE) if isinstance(exponent, int) and 0 < exponent < 15 else number
