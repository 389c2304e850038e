"""Changes to XML as it is written: the bytes between two changes stay what they are."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from perfxl.patterns import pattern
from perfxl.workbooks.markup import attribute

_START_TAG = pattern(rb"""<[^\s/>"']+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")
_ATTRIBUTE = pattern(rb"""\s+([^\s=]+)\s*=\s*("[^"]*"|'[^']*')""")


class Splice(NamedTuple):
    """Bytes `start` to `end` become `new`; an insertion has `start == end`."""

    start: int
    end: int
    new: bytes


def spliced(data: bytes, splices: Iterable[Splice]) -> bytes:
    """The bytes with all changes made. Changes do not overlap; insertions at one place keep the order in which they come."""
    pieces: list[bytes] = []
    at = 0
    for start, end, new in sorted(splices, key=lambda splice: splice.start):
        pieces.append(data[at:start])
        pieces.append(new)
        at = end
    pieces.append(data[at:])
    return b"".join(pieces)


def start_tag(data: bytes, at: int) -> bytes:
    """The start tag (or empty-element tag) that begins at an offset.

    Raises:
        ValueError: none begins there.
    """
    match = _START_TAG.match(data, at)
    if not match:
        raise ValueError(f"no start tag at byte {at}")
    return match[0]


class Extent(NamedTuple):
    """Where an element lies: its start tag, its end tag (at `end` for an empty-element tag), and what comes after it."""

    start: int
    close: int
    end: int

    @property
    def is_empty_tag(self) -> bool:
        """Whether the element is one tag, such as `<c/>`."""
        return self.close == self.end


def extent(data: bytes, start: int, at: int) -> Extent:
    """The extent of an element from the offsets that expat reports at its start and at its end.

    For an empty-element tag expat reports the offset behind it, where just as well the end tag of another element may stand.
    """
    if data[at - 2 : at] == b"/>" and start + len(start_tag(data, start)) == at:
        return Extent(start, at, at)
    return Extent(start, at, data.index(b">", at) + 1)


def with_attributes(tag: bytes, changes: Mapping[str, str | None]) -> bytes:
    """A start tag with attributes set, or (None) taken away; the others stay as they are written, new ones come last."""
    pending = dict(changes)

    def changed(match: re.Match[bytes]) -> bytes:
        name = match[1].decode()
        if name not in pending:
            return match[0]
        value = pending.pop(name)
        return b"" if value is None else f' {name}="{attribute(value)}"'.encode()

    tag = _ATTRIBUTE.sub(changed, tag)
    added = "".join([f' {name}="{attribute(value)}"' for name, value in pending.items() if value is not None])
    close = len(tag) - 2 if tag.endswith(b"/>") else len(tag) - 1
    head = tag[:close].rstrip() if added else tag[:close]
    return head + added.encode() + tag[close:]


def opened(tag: bytes) -> bytes:
    """A start tag that is not an empty element any more."""
    return tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag
