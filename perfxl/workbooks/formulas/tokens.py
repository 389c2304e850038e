"""Cuts a formula's text into tokens."""

import re
from typing import NamedTuple

from perfxl.grid.address import column_number
from perfxl.workbooks.formulas.syntax import LAST_COLUMN, LAST_ROW
from perfxl.workbooks.formulas.values import CannotCompute


class Token(NamedTuple):
    """A piece of a formula; `spaced` tells that a space stands before it, `start` where it begins in the text.

    `kind` is one of text, error, sheet (with `!`), area, structured, function (with its bracket), name, number, sign,
    end.
    """

    kind: str
    text: str
    start: int
    spaced: bool


_CELL = r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}"
_COLUMN = r"\$?[A-Za-z]{1,3}"
_ROW = r"\$?[0-9]{1,7}"
_PLAIN_SHEET = r"[^\s'!\"#%&()*+,\-/:;<=>?@\[\]^{|}]+"
_NAMED = r"(?P<name>[^\W\d][\w.?\\]*|\\[\w.?\\]*)(?P<bracket>[(\[]?)"
_WORD_END = r"(?![\w.(\[!?\\])"

_TOKEN = re.compile(
    rf"""
      "(?P<text>(?:[^"]|"")*)"
    | (?P<sheet>(?:'(?:[^']|'')+'|(?!{_CELL}:)(?:\[[^\]]*\])?{_PLAIN_SHEET}(?::{_PLAIN_SHEET})?|\[[^\]]*\])!)
    | (?P<error>\#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!))
    | (?P<area>(?:{_CELL}:{_CELL}|{_COLUMN}:{_COLUMN}|{_ROW}:{_ROW}|{_CELL}){_WORD_END})
    | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?)
    | {_NAMED}
    | (?P<table>\[)
    | (?P<sign><>|<=|>=|[-+*/^&=<>%(),;{{}}:@#])
    """,
    re.VERBOSE,
)
_NAME = re.compile(_NAMED)
_SPACE = re.compile(r"[ \t\r\n\u3000]*")
_CORNER = re.compile(r"(\$?)([A-Za-z]{0,3})(\$?)([0-9]{0,7})")

LONGEST = 8192  # what a cell can hold


def tokens(text: str) -> list[Token]:
    """The tokens of a formula without its `=`, closed by an end token.

    Raises:
        CannotCompute: a piece is none that formulas have.
    """
    if len(text) > LONGEST:
        raise CannotCompute("公式太长")
    found = []
    position = 0
    while True:
        space = _SPACE.match(text, position)
        start = space.end() if space else position
        spaced = start > position
        if start >= len(text):
            found.append(Token("end", "", start, spaced))
            return found
        token = _token_at(text, start, spaced)
        found.append(token)
        position = start + len(token.text)


def _token_at(text: str, start: int, spaced: bool) -> Token:
    match = _TOKEN.match(text, start)
    if match is None:
        raise CannotCompute(f"公式的写法无法识别：“{text[start : start + 20]}”")
    kind = match.lastgroup or ""
    if kind == "area" and not _on_sheet(match[0]):
        match = _NAME.match(text, start)  # 'TAX9999999' is a name
        if match is None:
            raise CannotCompute(f"公式的写法无法识别：“{text[start : start + 20]}”")
        kind = "bracket"
    if kind == "bracket":
        if match["bracket"] == "[":
            return Token("structured", text[start : _closing(text, match.end() - 1)], start, spaced)
        return Token("function" if match["bracket"] else "name", match[0], start, spaced)
    if kind == "table":
        return Token("structured", text[start : _closing(text, start)], start, spaced)
    return Token(kind, match[0], start, spaced)


def _closing(text: str, opening: int) -> int:
    """The place behind the bracket that closes the one at `opening`; an apostrophe takes a bracket its meaning."""
    depth = 0
    position = opening
    while position < len(text):
        character = text[position]
        if character == "'":
            position += 1
        elif character == "[":
            depth += 1
        elif character == "]":
            depth -= 1
            if not depth:
                return position + 1
        position += 1
    raise CannotCompute("公式中的方括号不成对")


def corner(text: str) -> tuple[bool, int, bool, int]:
    """`$B2` gives (column fixed, column, row fixed, row); 0 for a row or column that is not named."""
    match = _CORNER.fullmatch(text)
    if match is None:
        raise CannotCompute(f"“{text}”不是单元格地址")
    if not match[2]:  # a row alone: `$2`
        return False, 0, match[1] == "$" or match[3] == "$", int(match[4])
    return match[1] == "$", column_number(match[2]), match[3] == "$", int(match[4] or 0)


def _on_sheet(area: str) -> bool:
    for end in area.split(":"):
        _, column, _, row = corner(end)
        numbered = any("0" <= character <= "9" for character in end)
        if column > LAST_COLUMN or row > LAST_ROW or (numbered and not row):
            return False
    return True
