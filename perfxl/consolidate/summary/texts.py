"""The texts of the detail sheets, which most rows have in common: each stands once in the workbook's table of texts.

The table is in memory until the rows are written, so that only so many texts go into it; further ones stand in their cells.
"""

from __future__ import annotations

import re

from perfxl.signs import CONTROLS, OBEYED_SIGNS, in_cell

PART = "xl/sharedStrings.xml"

_MOST = 65_536
_LONGEST = 32_000  # Excel takes 32,767 signs in a cell
_CUT = "……（全文见汇总库）"
_ODD = re.compile(f"[&<>\r{CONTROLS}{OBEYED_SIGNS}\ufffe\uffff]|_x[0-9A-Fa-f]{{4}}_")
_MARKUP = re.compile("[&<>\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_COUNTS = re.compile(rb' count="\d+" uniqueCount="(\d+)"')


class Texts:
    """The table of texts: what XlsxWriter put into it, and what the rows add."""

    def __init__(self, drawn: bytes) -> None:
        """`drawn` is the part as XlsxWriter wrote it."""
        counts = _COUNTS.search(drawn)
        assert counts is not None, drawn[:300]
        self._drawn = drawn
        self._first = int(counts[1])
        self._numbers: dict[str, int] = {}
        self._added = bytearray()

    def cell(self, text: str) -> str:
        """What a cell holds that shows a text, from the type on."""
        number = self._numbers.get(text)
        if number is None:
            item = _item(text)
            if len(self._numbers) >= _MOST:
                return f' t="inlineStr"><is>{item}</is></c>'
            number = self._numbers[text] = self._first + len(self._numbers)
            self._added += f"<si>{item}</si>".encode()
        return f' t="s"><v>{number}</v></c>'

    @property
    def part(self) -> bytes:
        """The table as it is now. How often the texts are used is left out: programs count for themselves."""
        whole = self._first + len(self._numbers)
        before, end, _ = self._drawn.rpartition(b"</sst>")
        return _COUNTS.sub(b' uniqueCount="%d"' % whole, before, count=1) + bytes(self._added) + end


def _item(text: str) -> str:
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + _CUT
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<t{space}>{escaped(text)}</t>"


def escaped(value: str) -> str:
    """A text, as cells hold it, for XML; what XML cannot hold as Excel writes it, `_xFFFF_`."""
    return _MARKUP.sub(_escape, in_cell(value)) if _ODD.search(value) else value


def _escape(match: re.Match[str]) -> str:
    found = match[0]
    if found in _ESCAPES:
        return _ESCAPES[found]
    return f"_x005F{found}" if len(found) > 1 else f"_x{ord(found):04X}_"
