"""What expressions give, and how one kind of value becomes another, as a spreadsheet does it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import NamedTuple, Protocol

from perfxl.grid.address import Area
from perfxl.grid.cells import CellError, CellValue
from perfxl.grid.numberformat import plain
from perfxl.workbooks.formulas.source import CellKey

# Doubles carry 17 digits between the cells of a spreadsheet and show 15 of them: 1/3*3 is 1. With 34 digits it is 1 at
# the 15 that count, too.
ARITHMETIC = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-400,
    Emax=308,
    traps=[Overflow, InvalidOperation, DivisionByZero],
)
SHOWN = Context(prec=15, rounding=ROUND_HALF_EVEN, Emin=-400, Emax=400, traps=[])

LARGEST_ARRAY = 100_000

DIV0 = CellError("#DIV/0!")
NA = CellError("#N/A")
NAME = CellError("#NAME?")
NULL = CellError("#NULL!")
NUM = CellError("#NUM!")
REF = CellError("#REF!")
VALUE = CellError("#VALUE!")

ZERO = Decimal(0)
ONE = Decimal(1)


class CannotCompute(Exception):
    """The formula is not understood, or its value cannot be told.

    Attributes:
        reason: why, in Chinese, for the user.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Failed(Exception):
    """The operation gives an error value.

    Attributes:
        error: such as `#VALUE!`.
    """

    def __init__(self, error: CellError) -> None:
        super().__init__(str(error))
        self.error = error


Scalar = CellValue
Rows = list[list[Scalar]]


class Array(NamedTuple):
    """A rectangle of values, at least one row and one column."""

    rows: Rows


class Reader(Protocol):
    """Where ranges get their values from."""

    def read(self, sheet: str, row: int, column: int) -> Scalar:
        """The value of a cell, worked out where it is a formula."""
        ...

    def reads(self, count: int) -> None:
        """Say that so many cells will be read; refuses what would take too long."""
        ...

    def used(self, sheet: str) -> Area | None:
        """A rectangle outside which the sheet is empty."""
        ...


class Range:
    """A reference: rectangles on sheets, one as a rule, several for a union or for several sheets."""

    __slots__ = ("areas", "reader")

    def __init__(self, areas: list[tuple[str, Area]], reader: Reader) -> None:
        self.areas = areas
        self.reader = reader

    @property
    def size(self) -> int:
        """How many cells it has, empty ones too."""
        return sum((area.bottom - area.top + 1) * (area.right - area.left + 1) for _, area in self.areas)

    @property
    def only(self) -> tuple[str, Area]:
        """The one rectangle, for functions that take no more."""
        if len(self.areas) != 1:
            raise Failed(VALUE)
        return self.areas[0]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the one rectangle."""
        area = self.only[1]
        return area.bottom - area.top + 1, area.right - area.left + 1

    @property
    def extent(self) -> tuple[int, int]:
        """Rows and columns, from the first cell, behind which the sheet is empty."""
        sheet, area = self.only
        used = self.reader.used(sheet)
        if used is None:
            return 0, 0
        return (
            max(0, min(area.bottom, used.bottom) - area.top + 1),
            max(0, min(area.right, used.right) - area.left + 1),
        )

    def at(self, row: int, column: int) -> Scalar:
        """The value at a place counted from 0 at the first cell; it may lie outside, as SUMIF wants it."""
        sheet, area = self.only
        return self.reader.read(sheet, area.top + row, area.left + column)

    def places(self) -> Iterator[CellKey]:
        """Its cells, row by row, without those that lie outside the used part of the sheet."""
        for sheet, area in self.areas:
            used = self.reader.used(sheet)
            if used is None:
                continue
            rows = range(max(area.top, used.top), min(area.bottom, used.bottom) + 1)
            columns = range(max(area.left, used.left), min(area.right, used.right) + 1)
            self.reader.reads(len(rows) * len(columns))
            for row in rows:
                for column in columns:
                    yield sheet, row, column

    def values(self) -> Iterator[Scalar]:
        """The values of its `places`."""
        read = self.reader.read
        return (read(sheet, row, column) for sheet, row, column in self.places())

    def array(self) -> Array:
        """All the values, empty cells too."""
        sheet, area = self.only
        if self.size > LARGEST_ARRAY:
            raise CannotCompute("数组运算的区域太大")
        self.reader.reads(self.size)
        return Array(
            [
                [self.reader.read(sheet, row, column) for column in range(area.left, area.right + 1)]
                for row in range(area.top, area.bottom + 1)
            ]
        )


Value = CellValue | Array | Range


def shown(number: Decimal) -> Decimal:
    """The number at the 15 digits that a spreadsheet shows."""
    return SHOWN.plus(number)


_NUMBER = re.compile(
    r"[ \u3000]*([+-]?)[ ]*(?:([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]*)?|(\.[0-9]+))(E[+-]?[0-9]{1,3})?[ ]*(%?)[ ]*",
    re.I,
)
# Digits with the signs of dates, times, money, fractions, brackets: the computer's settings say whether it is a number.
_MAYBE_NUMBER = re.compile(r"(?=.*\d)[\d\s.,:/\-+%()$¥￥€£年月日时分秒APMapm上下午]+", re.DOTALL)


def text_number(text: str) -> Decimal | None:
    """The number that a text means to a spreadsheet, None where it means none.

    Raises:
        CannotCompute: it may be a date, an amount of money and the like, which the computer's settings decide.
    """
    match = _NUMBER.fullmatch(text)
    if match:
        sign, whole, fraction, bare, exponent, percent = match.groups()
        number = SHOWN.create_decimal(
            f"{sign}{(whole or '0').replace(',', '')}{fraction or bare or ''}{exponent or ''}"
        )
        if number.is_infinite() or number.adjusted() > 307:
            return None
        return number.scaleb(-2) if percent else number
    if _MAYBE_NUMBER.fullmatch(text):
        raise CannotCompute(f"文本“{text.strip()}”是否算作数字，取决于电脑的设置")
    return None


def number_of(value: Scalar) -> Decimal:
    """The value as a number: nothing is 0, TRUE is 1, text must mean a number.

    Raises:
        Failed: it is an error value, or a text that means no number.
    """
    if isinstance(value, Decimal):
        return value
    if value is None:
        return ZERO
    if isinstance(value, bool):
        return ONE if value else ZERO
    if isinstance(value, CellError):
        raise Failed(value)
    number = text_number(value)
    if number is None:
        raise Failed(VALUE)
    return number


def text_of(value: Scalar) -> str:
    """The value as text; numbers with up to 15 digits.

    Raises:
        Failed: it is an error value.
    """
    if isinstance(value, CellError):
        raise Failed(value)
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    number = shown(value)
    if number and not -6 < number.adjusted() < 15:
        raise CannotCompute("很大或很小的数字转成文本的写法无法确定")
    return plain(number)


def bool_of(value: Scalar) -> bool:
    """The value as TRUE or FALSE.

    Raises:
        Failed: it is an error value, or a text that is neither TRUE nor FALSE.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, CellError):
        raise Failed(value)
    if isinstance(value, str):
        if value.upper() in ("TRUE", "FALSE"):
            return value.upper() == "TRUE"
        raise Failed(VALUE)
    return bool(value)


def integer_of(number: Decimal) -> int:
    """The whole part of a count or position, towards zero.

    Raises:
        Failed: it is larger than any count in a spreadsheet.
    """
    if number.adjusted() > 14:
        raise Failed(NUM)
    return int(shown(number))


def compare(left: Scalar, right: Scalar) -> int:
    """-1, 0 or 1: numbers before texts before FALSE and TRUE; nothing counts as the other side's 0, "" or FALSE.

    Raises:
        Failed: one of them is an error value.
        CannotCompute: the order of two texts depends on the language of the computer.
    """
    left, right = _met(left, right)
    if left is None or right is None:
        return 0
    if kind_of(left) != kind_of(right):
        return -1 if kind_of(left) < kind_of(right) else 1
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        a, b = shown(left), shown(right)
        return (a > b) - (a < b)
    if isinstance(left, bool) and isinstance(right, bool):
        return left - right
    return _compare_texts(str(left), str(right))


def same(left: Scalar, right: Scalar) -> bool:
    """What `=` says: nothing counts as the other side's 0, "" or FALSE; capitals count as small letters.

    Raises:
        Failed: one of them is an error value.
    """
    left, right = _met(left, right)
    return equal(left, right)


def _met(left: Scalar, right: Scalar) -> tuple[Scalar, Scalar]:
    """Both sides of a comparison, nothing made into what the other side is."""
    for value in (left, right):
        if isinstance(value, CellError):
            raise Failed(value)
    return (_nothing_like(right) if left is None else left), (_nothing_like(left) if right is None else right)


def kind_of(value: Scalar) -> int:
    """The rank of a value's kind in the spreadsheet's order: 0 nothing, 1 number, 2 text, 3 logical, 4 error."""
    if value is None:
        return 0
    if isinstance(value, Decimal):
        return 1
    if isinstance(value, bool):
        return 3
    return 4 if isinstance(value, CellError) else 2


def _nothing_like(value: Scalar) -> Scalar:
    if isinstance(value, bool):
        return False
    if isinstance(value, str):
        return ""
    return None if value is None else ZERO


def _compare_texts(left: str, right: str) -> int:
    a, b = fold(left), fold(right)
    if a == b:
        return 0
    if not a or not b:
        return -1 if not a else 1
    if not (a.isascii() and b.isascii() and a.isalnum() and b.isalnum()):
        raise CannotCompute("文本的先后次序取决于电脑的语言")
    return -1 if a < b else 1


def fold(text: str) -> str:
    """The text as it is compared: capitals count as small letters."""
    return text.lower()


def equal(left: Scalar, right: Scalar) -> bool:
    """Whether two values are the same to `=`; an error equals nothing, text of either case is equal."""
    if kind_of(left) != kind_of(right) or isinstance(left, CellError):
        return False
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return shown(left) == shown(right)
    if isinstance(left, str) and isinstance(right, str):
        return fold(left) == fold(right)
    return left == right


def scalars(value: Value) -> Iterable[Scalar]:
    """All the values of a range (its used part), an array, or the one value."""
    if isinstance(value, Range):
        return value.values()
    if isinstance(value, Array):
        return (item for row in value.rows for item in row)
    return (value,)


def numbers(values: Iterable[Value]) -> Iterator[Decimal]:
    """The numbers that SUM counts: of ranges and arrays the numbers alone, of single values all that means a number.

    Raises:
        Failed: an error value is among them.
    """
    for value in values:
        if isinstance(value, Range | Array):
            for item in scalars(value):
                if isinstance(item, Decimal):
                    yield item
                elif isinstance(item, CellError):
                    raise Failed(item)
        else:
            yield number_of(value)


def spread(run: Callable[..., Scalar], arguments: list[Scalar | Array]) -> Scalar | Array:
    """Run a function of single values over arrays, place by place; one row, column or value is repeated.

    Places that an array does not have give #N/A.
    """
    arrays = [argument for argument in arguments if isinstance(argument, Array)]
    if not arrays:
        return run(*arguments)
    height = max(len(array.rows) for array in arrays)
    width = max(len(array.rows[0]) for array in arrays)
    if height * width > LARGEST_ARRAY:
        raise CannotCompute("数组运算的区域太大")
    return Array(
        [
            [_run_at(run, [_pick(argument, row, column) for argument in arguments]) for column in range(width)]
            for row in range(height)
        ]
    )


def _run_at(run: Callable[..., Scalar], arguments: list[Scalar]) -> Scalar:
    try:
        return run(*arguments)
    except Failed as failed:
        return failed.error
    except (Overflow, InvalidOperation):
        return NUM


def element(array: Array, row: int, column: int) -> Scalar:
    """The value at a place counted from 0; one row or column is repeated; #N/A outside."""
    rows = array.rows
    row = 0 if len(rows) == 1 else row
    column = 0 if len(rows[0]) == 1 else column
    return rows[row][column] if row < len(rows) and column < len(rows[0]) else NA


def _pick(argument: Scalar | Array, row: int, column: int) -> Scalar:
    return element(argument, row, column) if isinstance(argument, Array) else argument
