"""Text on a terminal: its width in columns, its colours, and how foreign text is shown without being obeyed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from typing import TextIO
from unicodedata import category, combining, east_asian_width

from perfxl.patterns import pattern
from perfxl.signs import shown

WIDTH = 80

_BREAKS = pattern(r"[ \t\r\n\v\f\x85\u2028\u2029]*[\r\n\v\f\x85\u2028\u2029][ \t\r\n\v\f\x85\u2028\u2029]*")


def one_line(text: str) -> str:
    """The text of a cell on one line: a line break within it becomes a space; the rest as `shown`."""
    # What Python calls printable has neither breaks nor signs to be written out; most texts are, but for their wide spaces.
    return text.strip() if text.isprintable() else shown(_BREAKS.sub(" ", text.strip()))


@cache
def _columns(character: str) -> int:
    if combining(character) or category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


@cache
def _columns_at_most(character: str) -> int:
    """The columns on a Chinese console, which shows “ ” · → ● as wide; elsewhere they are narrow."""
    return 2 if east_asian_width(character) == "A" else _columns(character)


def width(text: str) -> int:
    """The columns that a text takes, wide characters counted as two."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def pad(text: str, columns: int) -> str:
    """The text with spaces after it up to this width."""
    return text + " " * (columns - width(text))


def cut(text: str, columns: int) -> str:
    """The text within this width; what is cut off leaves `…`."""
    return text if width(text) <= columns else _fitting(text, columns - 1, _columns) + "…"


def cut_front(text: str, columns: int) -> str:
    """The end of a text within this width, after `…`: of a path, its last part tells most."""
    return text if width(text) <= columns else "…" + _fitting(text[::-1], columns - 1, _columns)[::-1]


def _fitting(text: str, columns: int, columns_of: Callable[[str], int]) -> str:
    used = 0
    for position, character in enumerate(text):
        used += columns_of(character)
        if used > columns:
            return text[:position]
    return text


# Not at the start of a line, by Chinese typesetting; a word or number in Latin letters stays whole.
_NO_START = "，。、；：？！”’）》】〕…％"
_PIECES = pattern(rf"(?:[!-~]+|[^!-~ ])[{_NO_START}]*| +")


def wrap(text: str, columns: int) -> list[str]:
    """The text in lines of at most this width on any console, broken between Chinese characters and between words."""
    lines: list[str] = []
    line, used = "", 0
    for piece in _PIECES.findall(text):
        size = sum(map(_columns_at_most, piece))
        if used and used + size > columns:
            lines.append(line.rstrip())
            line, used = "", 0
        while size > columns:
            head = _fitting(piece, columns, _columns_at_most)
            lines.append(head)
            piece = piece[len(head) :]
            size = sum(map(_columns_at_most, piece))
        if used or not piece.isspace():
            line, used = line + piece, used + size
    return [*lines, line.rstrip()] if line else lines


class Palette:
    """Colours for a stream; none where it is no terminal, or where the user wants none (`NO_COLOR`)."""

    def __init__(self, stream: TextIO) -> None:
        self._on = _takes_colour(stream)

    def paint(self, text: str, style: str) -> str:
        """The text in a style of `STYLES`; its width stays."""
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self._on and text else text


STYLES = {"error": "31", "warning": "33", "advice": "34", "done": "32", "title": "1", "quiet": "2"}


def _takes_colour(stream: TextIO) -> bool:
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not stream.isatty():
        return False
    # An old Windows console would print the colour codes; the newer ones and other terminals there tell who they are.
    return sys.platform != "win32" or any(name in os.environ for name in ("WT_SESSION", "ANSICON", "TERM"))


def emit(stream: TextIO, text: str) -> None:
    r"""Write a text and a line break; what the stream's encoding does not have is written out, such as `\u25cf`."""
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
