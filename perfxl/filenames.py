"""Names of files made of names that people wrote: safe on every system, and each once."""

from __future__ import annotations

import re
from itertools import count

_LONGEST = 60  # signs
_LONGEST_BYTES = 180  # of the 255 that most file systems take, so that an ending fits
_NOT_IN_FILES = str.maketrans(
    dict.fromkeys('<>:"/\\|?*', "_") | dict.fromkeys(map(chr, (*range(32), 0x2028, 0x2029)), "_")
)
# Names that Windows keeps for devices, whatever follows a dot.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\Z)", re.IGNORECASE)


def file_name(name: str) -> str:
    """A name as a file or folder may bear it: without what a system refuses, of at most 60 signs."""
    text = "".join(sign for sign in name.translate(_NOT_IN_FILES) if sign.isprintable()).strip(" .")[:_LONGEST]
    while len(text.encode()) > _LONGEST_BYTES:
        text = text[:-1]
    text = text.rstrip(" .") or "未命名"
    return f"_{text}" if _DEVICES.match(text) else text


def unique_name(name: str, taken: set[str], longest: int = 200) -> str:
    """The name, numbered where it is taken in any case of letters; it is then taken too."""
    for number in count(1):
        ending = "" if number == 1 else f"({number})"
        candidate = name[: longest - len(ending)] + ending
        if candidate.casefold() not in taken:
            taken.add(candidate.casefold())
            return candidate
    raise AssertionError(name)
