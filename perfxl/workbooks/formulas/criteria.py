"""The conditions of COUNTIF, SUMIF and their relatives, and wildcards."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from perfxl.grid.cells import CellError
from perfxl.workbooks.formulas.values import CannotCompute, Scalar, fold, shown, text_number

Matches = Callable[[Scalar], bool]
_CRITERION = re.compile(r"(<=|>=|<>|[<>=])?(.*)", re.DOTALL)
_ORDER: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}


def criterion(value: Scalar) -> Matches:
    """What a condition such as `">=60"`, `"<>无"`, `"张*"`, `5` asks of a value.

    Raises:
        CannotCompute: it asks for the order of texts.
    """
    if value is None:
        value = Decimal(0)
    if isinstance(value, bool | Decimal):
        return _same_as(value)
    match = _CRITERION.fullmatch(str(value))
    operator, wanted = (match[1] or "", match[2]) if match else ("", str(value))
    target = _meant(wanted)
    if operator in _ORDER:
        return _ordered(operator, target)
    if wanted == "":
        return _empty(operator)
    matches = _same_as(target) if not isinstance(target, str) or isinstance(target, CellError) else _like(target)
    return (lambda item: not matches(item)) if operator == "<>" else matches


def _meant(text: str) -> Scalar:
    if text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE"
    number = text_number(text)
    if number is not None:
        return number
    return CellError(text.upper()) if re.fullmatch(r"#[A-Z0/!?]+", text.upper()) else text


def _same_as(target: Scalar) -> Matches:
    if isinstance(target, Decimal):
        number = shown(target)
        return lambda item: _number_in(item) == number
    kind = type(target)
    return lambda item: type(item) is kind and item == target


def _number_in(item: Scalar) -> Decimal | None:
    """A number, or the number that a text in a cell means: the conditions take one for the other."""
    if isinstance(item, Decimal):
        return shown(item)
    if isinstance(item, str) and not isinstance(item, CellError):
        return text_number(item)
    return None


def _ordered(operator: str, target: Scalar) -> Matches:
    if not isinstance(target, Decimal):
        raise CannotCompute("条件要比较文本的先后，次序取决于电脑的语言")
    number, compare = shown(target), _ORDER[operator]
    return lambda item: isinstance(item, Decimal) and compare(shown(item), number)


def _empty(operator: str) -> Matches:
    if operator == "=":
        return lambda item: item is None
    if operator == "<>":
        return lambda item: item is not None
    return lambda item: item is None or item == ""


def _like(text: str) -> Matches:
    pattern = wildcard(text)
    return lambda item: (
        isinstance(item, str) and not isinstance(item, CellError) and pattern.fullmatch(fold(item)) is not None
    )


@lru_cache(maxsize=256)
def wildcard(text: str) -> re.Pattern[str]:
    """The pattern for a text with `*`, `?` and `~` before what is meant as it stands; for folded texts."""
    pieces = [""]  # between the stars
    position = 0
    while position < len(text):
        character = text[position]
        if character == "~" and text[position + 1 : position + 2] in ("*", "?", "~"):
            position += 1
            pieces[-1] += re.escape(text[position])
        elif character == "*":
            pieces.append("")
        else:
            pieces[-1] += "." if character == "?" else re.escape(fold(character))
        position += 1
    first, *middle = pieces
    last = f".*{middle.pop()}" if middle else ""
    # A piece between two stars may stand at its first place for good: that keeps the search short on any text.
    return re.compile(first + "".join(f"(?>.*?{piece})" for piece in middle if piece) + last, re.DOTALL)
