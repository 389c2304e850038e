"""IF and its relatives, AND, OR, NOT, and what asks for the kind of a value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from perfxl.grid.cells import CellError
from perfxl.workbooks.formulas.functions.registry import function
from perfxl.workbooks.formulas.ranges import Array, Range, Value, scalars, spread
from perfxl.workbooks.formulas.syntax import Node
from perfxl.workbooks.formulas.values import (
    NA,
    VALUE,
    CannotCompute,
    Failed,
    Scalar,
    bool_of,
    equal,
    integer_of,
    number_of,
)

if TYPE_CHECKING:
    from perfxl.workbooks.formulas.evaluation import Evaluation


@function("IF", "b v v?", lazy=True)
def _if(evaluation: Evaluation, arguments: tuple[Node, ...]) -> Value:
    condition = evaluation.operand(arguments[0])
    if isinstance(condition, Array):
        return _if_by_place(evaluation, condition, arguments)
    if bool_of(condition):
        return evaluation.value(arguments[1])
    return evaluation.value(arguments[2]) if len(arguments) > 2 else False


def _if_by_place(evaluation: Evaluation, condition: Array, arguments: tuple[Node, ...]) -> Value:
    if evaluation.array == 1:
        # SUMPRODUCT(IF(…)): programs differ about it where the formula is not entered as an array formula
        raise CannotCompute("IF 用于数组运算，但公式不是数组公式")
    branches = [evaluation.operand(argument) for argument in arguments[1:]]
    yes = branches[0]
    no = branches[1] if len(branches) > 1 else False
    return spread(lambda test, one, other: one if bool_of(test) else other, [condition, yes, no])


@function("IFS", "* b v", lazy=True)
def _ifs(evaluation: Evaluation, arguments: tuple[Node, ...]) -> Value:
    for condition, result in zip(arguments[::2], arguments[1::2], strict=True):
        if bool_of(_one(evaluation, condition)):
            return evaluation.value(result)
    return NA


@function("SWITCH", "v v * v", lazy=True)
def _switch(evaluation: Evaluation, arguments: tuple[Node, ...]) -> Value:
    value = _one(evaluation, arguments[0])
    if isinstance(value, CellError):
        return value
    cases = arguments[1:]
    for case, result in zip(cases[::2], cases[1::2], strict=False):
        candidate = _one(evaluation, case)
        if isinstance(candidate, CellError):
            return candidate
        if equal(value, candidate):
            return evaluation.value(result)
    return evaluation.value(cases[-1]) if len(cases) % 2 else NA


@function("CHOOSE", "n * v", lazy=True)
def _choose(evaluation: Evaluation, arguments: tuple[Node, ...]) -> Value:
    index = integer_of(number_of(_one(evaluation, arguments[0])))
    return evaluation.value(arguments[index]) if 1 <= index < len(arguments) else VALUE


def _one(evaluation: Evaluation, node: Node) -> Scalar:
    value = evaluation.operand(node)
    if isinstance(value, Array):
        raise CannotCompute("条件是数组，无法确定取哪一个值")
    return value


@function("IFERROR", "v v", lazy=True)
def _iferror(evaluation: Evaluation, arguments: tuple[Node, ...]) -> Value:
    return _unless(evaluation, arguments, lambda value: isinstance(value, CellError))


@function("IFNA", "v v", lazy=True)
def _ifna(evaluation: Evaluation, arguments: tuple[Node, ...]) -> Value:
    return _unless(evaluation, arguments, lambda value: value == NA and isinstance(value, CellError))


def _unless(evaluation: Evaluation, arguments: tuple[Node, ...], wrong: Callable[[Scalar], bool]) -> Value:
    value = evaluation.operand(arguments[0])
    if isinstance(value, Array):
        instead = evaluation.operand(arguments[1])
        return spread(lambda item, other: other if wrong(item) else item, [value, instead])
    return evaluation.value(arguments[1]) if wrong(value) else value


@function("AND", "* r")
def _and(*values: Value) -> bool:
    return all(list(_logicals(values)))


@function("OR", "* r")
def _or(*values: Value) -> bool:
    return any(list(_logicals(values)))


def _logicals(values: tuple[Value, ...]) -> Iterator[bool]:
    """The logical values that AND and OR look at: of ranges not the texts; at least one."""
    found = False
    for value in values:
        single = not isinstance(value, Range | Array)
        for item in scalars(value):
            if isinstance(item, CellError):
                raise Failed(item)
            if single or isinstance(item, bool | Decimal):
                found = True
                yield bool_of(item)
    if not found:
        raise Failed(VALUE)


@function("NOT", "b")
def _not(value: bool) -> bool:
    return not value


@function("TRUE")
def _true() -> bool:
    return True


@function("FALSE")
def _false() -> bool:
    return False


@function("NA")
def _na() -> CellError:
    return NA


@function("ISBLANK", "v")
def _isblank(value: Scalar) -> bool:
    return value is None


@function("ISNUMBER", "v")
def _isnumber(value: Scalar) -> bool:
    return isinstance(value, Decimal)


@function("ISTEXT", "v")
def _istext(value: Scalar) -> bool:
    return isinstance(value, str) and not isinstance(value, CellError)


@function("ISNONTEXT", "v")
def _isnontext(value: Scalar) -> bool:
    return not _istext(value)


@function("ISLOGICAL", "v")
def _islogical(value: Scalar) -> bool:
    return isinstance(value, bool)


@function("ISERROR", "v")
def _iserror(value: Scalar) -> bool:
    return isinstance(value, CellError)


@function("ISERR", "v")
def _iserr(value: Scalar) -> bool:
    return isinstance(value, CellError) and value != NA


@function("ISNA", "v")
def _isna(value: Scalar) -> bool:
    return isinstance(value, CellError) and value == NA


@function("N", "v")
def _n(value: Scalar) -> Scalar:
    if isinstance(value, CellError):
        return value
    return Decimal(0) if isinstance(value, str) else number_of(value)


@function("SINGLE", "v")
def _single(value: Scalar) -> Scalar:
    return value
