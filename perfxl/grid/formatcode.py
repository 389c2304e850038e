"""Reads number format codes such as `0.00_ ;[Red]-0.00` into sections that can be printed."""

import re
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import NamedTuple

from perfxl.patterns import pattern


class Kind(Enum):
    """What a section prints."""

    LITERAL = "literal"  # nothing of the value, only what the code says
    GENERAL = "general"
    NUMBER = "number"
    SCIENTIFIC = "scientific"
    DATE = "date"
    TEXT = "text"


class Section(NamedTuple):
    """One of the parts between the semicolons of a code.

    `parts` are (what, text) in order: "literal" with its text, "value" where the value goes, or the letters of a
    date. For numbers `whole` and `fraction` are the digit placeholders (`0`, `#`, `?`) before and after the point.
    """

    kind: Kind
    parts: tuple[tuple[str, str], ...] = ()
    whole: str = ""
    fraction: str = ""
    point: bool = False
    grouped: bool = False
    percents: int = 0
    exponent: str = ""
    condition: tuple[Callable[[Decimal, Decimal], bool], Decimal] | None = None


class FormatCode(NamedTuple):
    """A code as read: up to three sections for numbers (None where perfxl cannot print one) and one for text."""

    numbers: tuple[Section | None, ...]
    text: Section | None


_TOKEN = pattern(
    r"""
      "(?P<quoted>[^"]*)"?
    | [\\!](?P<escaped>.)
    | _(?P<space>.)
    | \*(?P<fill>.)
    | \[(?P<bracket>[^\]]*)\]
    | (?P<general>General|G/通用格式)
    | (?P<ampm>AM/PM|A/P|上午/下午)
    | (?P<exponent>E[+-](?P<exponent_digits>0+))
    | (?P<digits>[0#?][0#?,]*)
    | (?P<date>y+|m+|d+|h+|s+|e+|a{3,4}|g+|b+)
    | (?P<mark>[.,%@])
    | (?P<plain>[^A-Za-z])
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_COLOUR = pattern(
    r"black|blue|cyan|green|magenta|red|white|yellow|colou?r *\d+|(?:[黑蓝青绿红白黄]|洋红)色?|颜色 *\d+", re.IGNORECASE
)
_CONDITION = pattern(r"(<=|>=|<>|[<>=])\s*(-?[0-9.]+(?:E[+-]?\d+)?)", re.IGNORECASE)
_CURRENCY = pattern(r"\$([^-]*)(?:-([0-9A-Fa-f]{1,4}))?")
_SYSTEM_DATES = frozenset(["F800", "F400"])  # "as the computer is set": not known from the file
_COMPARE = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}
_PRINTABLE_DATES = frozenset(["y", "yy", "yyy", "yyyy", "m", "mm", "d", "dd", "h", "hh", "s", "ss", "e"])


_LONGEST = 1_000  # signs; Excel takes 255, and what reading a longer one costs is not worth it


class _NotKnown(Exception):
    """The section holds something that perfxl does not print."""


@lru_cache(maxsize=512)
def read_code(code: str) -> FormatCode:
    """The sections of a format code."""
    if len(code) > _LONGEST:
        return FormatCode((None,), None)
    texts = _split(code)
    text_section = None
    if len(texts) > 3 or (len(texts) > 1 and "@" in texts[-1]):
        text_section = _read_or_none(texts[min(len(texts), 4) - 1])
        texts = texts[: min(len(texts), 4) - 1]
    elif len(texts) == 1 and "@" in texts[0]:
        text_section = _read_or_none(texts[0])
    return FormatCode(tuple(_read_or_none(text) for text in texts), text_section)


def _split(code: str) -> list[str]:
    """The texts between semicolons that are not quoted, escaped or in brackets."""
    sections = [""]
    position = 0
    while position < len(code):
        match = _TOKEN.match(code, position)
        token = match[0] if match else code[position]
        if token == ";":
            sections.append("")
        else:
            sections[-1] += token
        position += len(token)
    return sections


def _read_or_none(text: str) -> Section | None:
    try:
        return _read_section(text)
    except _NotKnown:
        return None


class _Reader:
    """What has been seen of a section so far."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, str]] = []
        self.digits = ["", ""]  # before and after the point, commas kept
        self.point = False
        self.percents = 0
        self.exponent = ""
        self.condition: tuple[Callable[[Decimal, Decimal], bool], Decimal] | None = None
        self.kinds: set[Kind] = set()

    def value_here(self, kind: Kind) -> None:
        """The value, or the next piece of it, goes here. Pieces with something between them are not known."""
        if ("value", "") not in self.parts:
            self.parts.append(("value", ""))
        elif self.parts[-1] != ("value", ""):
            raise _NotKnown
        self.kinds.add(kind)


def _read_section(text: str) -> Section:
    reader = _Reader()
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _NotKnown
        _take(reader, match)
        position = match.end()
    return _finish(reader)


def _take(reader: _Reader, match: re.Match[str]) -> None:
    kind = match.lastgroup
    text = match[kind] if kind else ""
    if kind in ("quoted", "escaped", "plain"):
        reader.parts.append(("literal", text))
    elif kind == "space":
        reader.parts.append(("literal", " "))
    elif kind == "bracket":
        _take_bracket(reader, text)
    elif kind == "general":
        reader.value_here(Kind.GENERAL)
    elif kind == "ampm":
        reader.parts.append(("ampm", text))
        reader.kinds.add(Kind.DATE)
    elif kind == "date":
        letters = text.lower()
        if letters not in _PRINTABLE_DATES:
            raise _NotKnown
        reader.parts.append((letters, ""))
        reader.kinds.add(Kind.DATE)
    elif kind in ("exponent", "exponent_digits"):
        reader.value_here(Kind.NUMBER)
        reader.exponent = match[0].upper()
    elif kind == "digits":
        reader.value_here(Kind.NUMBER)
        reader.digits[reader.point] += text
    elif kind == "mark":
        _take_mark(reader, text)


def _take_mark(reader: _Reader, mark: str) -> None:
    if mark == "%":
        reader.percents += 1
        reader.parts.append(("literal", "%"))
    elif mark == "@":
        reader.value_here(Kind.TEXT)
    elif mark == "." and Kind.DATE in reader.kinds:
        reader.parts.append(("literal", "."))
    elif mark == "." and not reader.point:
        reader.value_here(Kind.NUMBER)
        reader.point = True
    elif mark == ",":
        if reader.digits[0]:
            raise _NotKnown  # behind the digits it divides by a thousand
        reader.parts.append(("literal", ","))
    else:
        raise _NotKnown


def _take_bracket(reader: _Reader, text: str) -> None:
    if _COLOUR.fullmatch(text):
        return
    condition = _CONDITION.fullmatch(text)
    if condition:
        reader.condition = (_COMPARE[condition[1]], Decimal(condition[2]))
        return
    currency = _CURRENCY.fullmatch(text)
    if currency is None or (currency[2] or "").upper() in _SYSTEM_DATES:
        raise _NotKnown  # other digits ([DBNum1]), elapsed time ([h]), dates as the computer is set
    if currency[1]:
        reader.parts.append(("literal", currency[1]))


def _finish(reader: _Reader) -> Section:
    whole, fraction = reader.digits
    if fraction.count(",") or whole.endswith(","):
        raise _NotKnown  # shown in thousands: what is printed is not the value
    kinds = reader.kinds or {Kind.LITERAL}
    if len(kinds) > 1 or (Kind.DATE in kinds and reader.percents):
        raise _NotKnown
    kind = kinds.pop()
    grouped = "," in whole
    whole = whole.replace(",", "")
    if kind is Kind.NUMBER and reader.exponent:
        if len(whole) != 1 or reader.percents:
            raise _NotKnown
        kind = Kind.SCIENTIFIC
    elif kind is Kind.NUMBER and any(part == ("literal", "/") for part in reader.parts):
        raise _NotKnown  # a fraction such as # ?/?
    parts = _with_minutes(reader.parts) if kind is Kind.DATE else reader.parts
    return Section(
        kind,
        tuple(parts),
        whole,
        fraction,
        reader.point,
        grouped,
        reader.percents,
        reader.exponent,
        reader.condition,
    )


def _with_minutes(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """`m` behind hours or before seconds means minutes: they are called `n` and `nn` from here on."""
    letters = [index for index, (what, _) in enumerate(parts) if what not in ("literal", "ampm")]
    changed = list(parts)
    for place, index in enumerate(letters):
        what = parts[index][0]
        if what in ("m", "mm"):
            before = parts[letters[place - 1]][0] if place else ""
            after = parts[letters[place + 1]][0] if place + 1 < len(letters) else ""
            if before in ("h", "hh") or after in ("s", "ss"):
                changed[index] = ("n" * len(what), "")
    return changed
