"""Works out one formula: walks its tree, applies operators, calls functions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import DivisionByZero, InvalidOperation, Overflow
from functools import partial
from typing import Protocol

from perfxl.grid.cells import CellError
from perfxl.workbooks.formulas.functions import FUNCTIONS, VOLATILE
from perfxl.workbooks.formulas.operators import OPERATORS, negative, percent, positive
from perfxl.workbooks.formulas.ranges import Array, Range, Reader, Value, spread
from perfxl.workbooks.formulas.references import Areas, Names, Place, intersection, span
from perfxl.workbooks.formulas.syntax import (
    ArrayLiteral,
    Binary,
    Call,
    Cells,
    Common,
    External,
    Joined,
    Literal,
    Name,
    Node,
    Percent,
    Prefix,
    Span,
    Structured,
)
from perfxl.workbooks.formulas.values import (
    NULL,
    NUM,
    VALUE,
    CannotCompute,
    Failed,
    Scalar,
    bool_of,
    number_of,
    text_of,
)

CONVERT: dict[str, Callable[[Scalar], Scalar]] = {"n": number_of, "t": text_of, "b": bool_of}


_READS_A_NAME = 50  # cells that could be read in the time: names that stand for ten names each have an end so


class Book(Reader, Protocol):
    """What an evaluation needs of the workbook around it."""

    @property
    def names(self) -> Names:
        """Sheets, tables and names."""
        ...

    @property
    def date1904(self) -> bool:
        """Whether days are counted from 1904."""
        ...

    def hidden(self, sheet: str, row: int) -> bool:
        """Whether a row is hidden."""
        ...

    def is_subtotal(self, sheet: str, row: int, column: int) -> bool:
        """Whether the cell holds a SUBTOTAL, which other SUBTOTALs leave out."""
        ...

    def deeper(self) -> None:
        """Say that the walk goes one step deeper."""
        ...

    def higher(self) -> None:
        """Say that it came back."""
        ...


class Evaluation:
    """One formula at its place.

    `array` tells how ranges meet operators and functions of single values: 0 by the cell in the formula's own row or column, 1 as
    arrays because a function such as SUMPRODUCT asks for it, 2 as arrays because the formula is an array formula.
    """

    def __init__(self, book: Book, place: Place, array: int = 0) -> None:
        self.book = book
        self.place = place
        self.array = array

    def result(self, node: Node) -> Scalar | Array:
        """What a whole formula gives to its cell, or to the cells of its array.

        Raises:
            CannotCompute: it is not understood or cannot be told.
        """
        try:
            return self.operand(node)
        except Failed as failed:
            return failed.error

    def value(self, node: Node) -> Value:
        """What an expression gives; errors are values.

        Raises:
            CannotCompute: it is not understood or cannot be told.
        """
        self.book.deeper()
        try:
            return self._value(node)
        except Failed as failed:
            return failed.error
        except DivisionByZero:
            return CellError("#DIV/0!")
        except (Overflow, InvalidOperation):
            return NUM
        finally:
            self.book.higher()

    def _value(self, node: Node) -> Value:
        match node:
            case Literal():
                return node.value
            case Cells() | Structured() | Joined() | Common() | Span():
                return Range(self.areas(node), self.book)
            case Binary():
                return self._binary(node)
            case Call():
                return self._call(node)
            case Prefix():
                return spread(negative if node.operator == "-" else positive, [self.operand(node.operand)])
            case Percent():
                return spread(percent, [self.operand(node.operand)])
            case ArrayLiteral():
                return Array([list(row) for row in node.rows])
            case Name():
                self.book.reads(_READS_A_NAME)
                meaning = self.book.names.meaning(node.name, node.sheet, self.place)
                return Evaluation(self.book, self.place.within_name(), self.array).value(meaning)
            case External():
                raise CannotCompute(f"公式引用了其他工作簿：{node.text}")

    def areas(self, node: Node) -> Areas:
        """The rectangles that a reference stands for.

        Raises:
            Failed: it refers to nothing.
        """
        names = self.book.names
        match node:
            case Cells():
                return names.cells(node, self.place)
            case Structured():
                return names.structured(node, self.place)
            case Joined():
                return [area for part in node.parts for area in self.areas(part)]
            case Common():
                common = intersection(self.areas(node.left), self.areas(node.right))
                if not common:
                    raise Failed(NULL)
                return common
            case Span():
                return span(self.areas(node.left), self.areas(node.right))
        value = self.value(node)
        if isinstance(value, Range):
            return value.areas
        raise Failed(value if isinstance(value, CellError) else VALUE)

    def _binary(self, node: Binary) -> Value:
        # A sum of hundreds of terms is a tree that leans to the left: walk down its spine without recursion.
        spine: list[Binary] = [node]
        while isinstance(spine[-1].left, Binary):
            spine.append(spine[-1].left)
        left = self.operand(spine[-1].left)
        for step in reversed(spine):
            right = self.operand(step.right)
            try:
                left = spread(OPERATORS[step.operator], [left, right])
            except Failed as failed:
                left = failed.error
            except (Overflow, InvalidOperation):
                left = NUM
        return left

    def operand(self, node: Node) -> Scalar | Array:
        """What an expression gives to an operator: one value, or an array."""
        return self.single(self.value(node))

    def single(self, value: Value) -> Scalar | Array:
        """A range as the one value that counts here, or as an array where arrays are worked with."""
        if not isinstance(value, Range):
            return value
        if value.size == 1:
            return value.at(0, 0)
        if self.array:
            return value.array()
        sheet, area = value.only
        if area.left == area.right and area.top <= self.place.row <= area.bottom:
            return self.book.read(sheet, self.place.row, area.left)
        if area.top == area.bottom and area.left <= self.place.column <= area.right:
            return self.book.read(sheet, area.top, self.place.column)
        return VALUE

    def _call(self, node: Call) -> Value:
        function = FUNCTIONS.get(node.name)
        if function is None:
            if node.name in VOLATILE:
                raise CannotCompute(f"函数 {node.name} 的值随时会变，或随内容指向别的单元格")
            raise CannotCompute(f"函数 {node.name} 不在能计算的函数之列")
        if not function.accepts(len(node.arguments)):
            raise CannotCompute(f"函数 {node.name} 的参数个数不对")
        if function.lazy:
            return function.run(self, node.arguments)
        run = partial(function.run, self) if function.placed else function.run
        arguments: list[Value] = [None] * len(node.arguments)
        singles: dict[int, Scalar | Array] = {}
        for index, argument in enumerate(node.arguments):
            kind = function.kind(index)
            if kind in ("r", "a"):
                arguments[index] = self._whole(kind, argument)
            else:
                singles[index] = self.operand(argument)

        def run_with(*values: Scalar) -> Value:
            for index, value in zip(singles, values, strict=True):
                convert = CONVERT.get(function.kind(index))
                arguments[index] = convert(value) if convert else value
            return run(*arguments)

        given = list(singles.values())
        if any(isinstance(value, Array) for value in given):
            return spread(lambda *values: _only(run_with(*values)), given)
        return run_with(*[value for value in given if not isinstance(value, Array)])

    def _whole(self, kind: str, node: Node) -> Value:
        """An argument that is taken as a range or array."""
        if kind == "r":
            return self.value(node)
        outside, self.array = self.array, self.array or 1
        try:
            return self.value(node)
        finally:
            self.array = outside


def _only(result: Value) -> Scalar:
    if isinstance(result, Range) and result.size == 1:
        return result.at(0, 0)
    if isinstance(result, Range | Array):
        raise CannotCompute("函数在数组运算中给出了多个值")
    return result
