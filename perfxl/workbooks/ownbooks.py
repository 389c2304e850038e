"""Tells perfxl's own summaries and letters from the books that people hand in, by a document property that every program keeps."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from perfxl.patterns import pattern
from perfxl.workbooks.zipformat import END, find_end

PROPERTY = "perfxl"
"""The custom property that says what perfxl made: one of `KINDS`."""
CONTENT = "perfxl-content"
"""The custom property that tells of which content it made it: the same, and it need not be written anew."""
SUMMARY, FORMS, LETTER = "summary", "forms", "letter"
KINDS = {SUMMARY: "汇总表", FORMS: "汇总表附册", LETTER: "退回修改意见"}
PART = "docProps/custom.xml"

_PROPERTIES = pattern(rb'<(?:\w+:)?property\b[^>]*\bname="([^"]*)"[^>]*>\s*<(?:\w+:)?lpwstr\b[^>]*>([^<]*)<')
_TAILS = (1 << 12, 22 + 0xFFFF)  # where most directories lie; the end record with the longest comment
_LARGEST = 1 << 20  # bytes of properties that are looked at


def own_kind(book: str | Path | bytes) -> str | None:
    """What perfxl made this file to be, by its path or content; None for any other file, and for what is no file."""
    return own_properties(book).get(PROPERTY)


def own_properties(book: str | Path | bytes) -> dict[str, str]:
    """The properties of a file that perfxl made; nothing of any other file.

    For other files little more than the zip's directory is read: it hardly costs to ask of each book in a folder.
    """
    with suppress(OSError, ValueError):  # what cannot be read is reported by those who read it
        if isinstance(book, bytes):
            return _properties(BytesIO(book))
        if stat.S_ISREG(os.stat(book).st_mode):  # noqa: PTH116 - a path may be a text; opening a pipe would wait for ever
            with Path(book).open("rb", buffering=0) as stream:
                return _properties(stream)
    return {}


def why_skipped(kind: str) -> str:
    """What to tell the user of such a file among the sources."""
    return f"这是 perfxl 写的{KINDS[kind]}，不是报送的自评表，已跳过。"


def _properties(stream: BinaryIO) -> dict[str, str]:
    if PART.encode() not in _directory(stream):
        return {}
    from zipfile import BadZipFile, ZipFile

    with suppress(BadZipFile, KeyError, RuntimeError, NotImplementedError, EOFError), ZipFile(stream) as package:
        if package.getinfo(PART).file_size <= _LARGEST:
            found = dict(_PROPERTIES.findall(package.read(PART)))
            if found.get(PROPERTY.encode(), b"").decode("ascii", "replace") in KINDS:
                return {
                    name.decode("utf-8", "replace"): value.decode("utf-8", "replace") for name, value in found.items()
                }
    return {}


def _directory(stream: BinaryIO) -> bytes:
    """The directory of a zip, nothing where there is none."""
    size = stream.seek(0, os.SEEK_END)
    for tail_size in _TAILS:
        tail_at = stream.seek(max(0, size - tail_size))
        tail = stream.read()
        end = find_end(tail)
        if end >= 0:
            break
    else:
        return b""
    *_, length, offset, _ = END.unpack_from(tail, end)
    if offset >= tail_at:
        return tail[offset - tail_at : end]
    stream.seek(offset)
    return stream.read(min(length, size))
