"""How foreign text is shown without being obeyed: by a terminal, a spreadsheet program, a browser, or the reader's eye."""

from __future__ import annotations

import re

from perfxl.patterns import pattern

# What a terminal would obey rather than show, or what would reorder or hide the text around it: control characters,
# line and paragraph separators, direction marks and overrides, other invisible format characters, halves of a pair.
_UNSHOWABLE = pattern(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
    r"\ufff9-\ufffb\U000e0000-\U000e007f]"
)

OBEYED_SIGNS = "\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Signs that steer a terminal or turn the text around them round, and that JSON leaves as they are: as a set within brackets."""
OBEYED = pattern(f"[{OBEYED_SIGNS}]")
CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f"
"""Control characters that are no white space, as a set within brackets."""

_NOT_IN_CELLS = pattern(f"[{CONTROLS}{OBEYED_SIGNS}]")
_BREAKS = pattern("\r\n?")
_HALVES = pattern("[\ud800-\udfff]")


def shown(text: str) -> str:
    r"""The text with what a terminal would obey written out: an escape as `\x1b`, a byte that is no UTF-8 as `\xff`."""
    return _UNSHOWABLE.sub(_written_out, text)


def in_cell(text: str) -> str:
    """The text as a cell of perfxl's own workbooks holds it: on its lines, with what steers or turns text round written out as `shown`;
    signs that are only not seen stay, so that a name still equals what it was copied from."""
    return _NOT_IN_CELLS.sub(_written_out, _BREAKS.sub("\n", text))


def storable(text: str) -> str:
    r"""The text as a file or a store can hold it: a byte of a file name that is no UTF-8 as `\xff`, half a character as `\ud800`."""
    return _HALVES.sub(_written_out, text)


def shown_lines(text: str) -> str:
    """The text as `shown`, its line breaks kept."""
    return "\n".join(map(shown, text.splitlines()))


def _written_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name that is no UTF-8
        code -= 0xDC00
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
