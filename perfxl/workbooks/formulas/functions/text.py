"""Texts: joined, cut, searched, and numbers made into texts and back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from perfxl.grid.cells import CellError
from perfxl.grid.numberformat import printed
from perfxl.workbooks.formulas.criteria import wildcard
from perfxl.workbooks.formulas.functions.registry import function
from perfxl.workbooks.formulas.ranges import Value, scalars
from perfxl.workbooks.formulas.values import (
    LONGEST_TEXT,
    ONE,
    VALUE,
    CannotCompute,
    Failed,
    Scalar,
    bool_of,
    fold,
    integer_of,
    joined,
    number_of,
    shown,
    text_number,
    text_of,
)

if TYPE_CHECKING:
    from perfxl.workbooks.formulas.evaluation import Evaluation


@function("CONCATENATE", "* t")
def _concatenate(*texts: str) -> str:
    return joined(texts)


@function("CONCAT", "* r")
def _concat(*values: Value) -> str:
    return joined(text_of(item) for value in values for item in scalars(value))


@function("TEXTJOIN", "t v * r")
def _textjoin(separator: str, skip_empty: Scalar, *values: Value) -> str:
    texts = (text_of(item) for value in values for item in scalars(value))
    return joined((text for text in texts if text or not bool_of(skip_empty)), separator)


def _count(number: Decimal) -> int:
    count = integer_of(number)
    if count < 0:
        raise Failed(VALUE)
    return count


def _countable(text: str) -> str:
    """The text, if its characters are counted alike everywhere."""
    if any(character > "\uffff" for character in text):
        raise CannotCompute("生僻字或表情符号算一个还是两个字符，各软件不同")
    return text


@function("LEN", "t")
def _len(text: str) -> Decimal:
    return Decimal(len(_countable(text)))


@function("LEFT", "t n?")
def _left(text: str, count: Decimal = ONE) -> str:
    return _countable(text)[: _count(count)]


@function("RIGHT", "t n?")
def _right(text: str, count: Decimal = ONE) -> str:
    text = _countable(text)
    return text[max(0, len(text) - _count(count)) :]


@function("MID", "t n n")
def _mid(text: str, start: Decimal, count: Decimal) -> str:
    first = integer_of(start)
    if first < 1:
        raise Failed(VALUE)
    return _countable(text)[first - 1 : first - 1 + _count(count)]


@function("REPLACE", "t n n t")
def _replace(text: str, start: Decimal, count: Decimal, new: str) -> str:
    first = integer_of(start)
    if first < 1:
        raise Failed(VALUE)
    text = _countable(text)
    return joined((text[: first - 1], new, text[first - 1 + _count(count) :]))


@function("TRIM", "t")
def _trim(text: str) -> str:
    return " ".join(piece for piece in text.split(" ") if piece)


@function("UPPER", "t")
def _upper(text: str) -> str:
    return text.upper()


@function("LOWER", "t")
def _lower(text: str) -> str:
    return text.lower()


@function("REPT", "t n")
def _rept(text: str, times: Decimal) -> str:
    count = _count(times)
    if len(text) * count > LONGEST_TEXT:
        raise Failed(VALUE)
    return text * count


@function("EXACT", "t t")
def _exact(one: str, other: str) -> bool:
    return one == other


@function("SUBSTITUTE", "t t t n?")
def _substitute(text: str, old: str, new: str, which: Decimal | None = None) -> str:
    if which is None:
        return joined(text.split(old), new) if old else text
    count = integer_of(which)
    if count < 1:
        raise Failed(VALUE)
    pieces = text.split(old) if old else [text]
    if count >= len(pieces):
        return text
    return joined((old.join(pieces[:count]), new, old.join(pieces[count:])))


@function("FIND", "t t n?")
def _find(wanted: str, text: str, start: Decimal = ONE) -> Decimal:
    first = _start(text, start)
    place = _countable(text).find(wanted, first)
    if place < 0:
        raise Failed(VALUE)
    return Decimal(place + 1)


@function("SEARCH", "t t n?")
def _search(wanted: str, text: str, start: Decimal = ONE) -> Decimal:
    first = _start(text, start)
    match = wildcard(wanted).search(fold(_countable(text)), first)
    if match is None:
        raise Failed(VALUE)
    return Decimal(match.start() + 1)


def _start(text: str, start: Decimal) -> int:
    first = integer_of(start)
    if not 1 <= first <= len(text) + 1:
        raise Failed(VALUE)
    return first - 1


@function("VALUE", "v")
def _value(value: Scalar) -> Decimal:
    if isinstance(value, bool):
        raise Failed(VALUE)
    return number_of(value)


@function("T", "v")
def _t(value: Scalar) -> Scalar:
    return value if isinstance(value, str) else ""


@function("TEXT", "v t", placed=True)
def _text(evaluation: Evaluation, value: Scalar, code: str) -> str:
    if isinstance(value, CellError):
        raise Failed(value)
    if isinstance(value, str):
        number = text_number(value)
        value = value if number is None else number
    if not code:
        return ""
    if isinstance(value, Decimal):
        value = shown(value)
    result = printed(Decimal(0) if value is None else value, code, evaluation.book.date1904)
    if not result.known:
        raise CannotCompute(f"TEXT 的格式“{code}”不在能计算之列")
    return result.text
