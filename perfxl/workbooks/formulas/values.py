"""Single values, and how one kind becomes another, as a spreadsheet does it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

from perfxl.grid.cells import CellError, CellValue
from perfxl.grid.numberformat import plain

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

DIV0 = CellError("#DIV/0!")
NA = CellError("#N/A")
NULL = CellError("#NULL!")
NUM = CellError("#NUM!")
REF = CellError("#REF!")
VALUE = CellError("#VALUE!")

LONGEST_TEXT = 32_767  # characters in a cell; a longer one is #VALUE!, as in Excel

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


def joined(texts: Iterable[str], separator: str = "") -> str:
    """The texts behind one another; no more than a cell can hold is ever put together.

    Raises:
        Failed: they are longer than a cell can hold.
    """
    pieces: list[str] = []
    length = -len(separator)
    for text in texts:
        length += len(separator) + len(text)
        if length > LONGEST_TEXT:
            raise Failed(VALUE)
        pieces.append(text)
    return separator.join(pieces)


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
