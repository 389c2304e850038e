"""Rewrites what a part says of places: some attributes, some elements' texts; every other byte stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from perfxl.workbooks.markup import escaped, new_parser, parse, unescaped
from perfxl.workbooks.splice import Splice, spliced, start_tag, with_attributes

# From what stands there, and the element's attributes, to what is to stand there.
Change = Callable[[str, Mapping[str, str]], str]


class Places(NamedTuple):
    """What is to be rewritten, by local names.

    `attributes` by `parent/element@attribute`, `element@attribute` or, of any element, `@attribute`; `texts` by `parent/element` or
    `element`. The longest key counts; None there leaves the place alone.
    """

    attributes: Mapping[str, Change | None] = {}
    texts: Mapping[str, Change | None] = {}


def rewritten(data: bytes, places: Places) -> bytes:
    """The part, UTF-8, with its places rewritten.

    Raises:
        ValueError: it is not well-formed, or says nonsense where a place should stand.
    """
    return spliced(data, place_splices(data, places))


def place_splices(data: bytes, places: Places) -> list[Splice]:
    """The changes that rewrite the places of a part, UTF-8.

    Raises:
        ValueError: it is not well-formed, or says nonsense where a place should stand.
    """
    walk = _Walk(data, places)
    parser = new_parser()
    parser.StartElementHandler = lambda name, attrs: walk.start(parser.CurrentByteIndex, name, attrs)
    parser.EndElementHandler = lambda name: walk.end(parser.CurrentByteIndex)
    parser.CharacterDataHandler = walk.pieces.append
    parse(parser, data)
    return walk.splices


class _Walk:
    """What a walk over a part has found so far; `start` and `end` are told of each element."""

    def __init__(self, data: bytes, places: Places) -> None:
        self.splices: list[Splice] = []
        self.pieces: list[str] = []
        self._data = data
        self._places = places
        self._names = [""]
        self._open: tuple[Change, Mapping[str, str], int, int] | None = (
            None  # change, attributes, depth, where the text begins
        )
        self._known = {key.rpartition("@")[2] for key in places.attributes}

    def start(self, at: int, name: str, attrs: Mapping[str, str]) -> None:
        """An element begins at an offset."""
        local = name.rpartition(":")[2]
        changes: dict[str, str | None] = {}
        for key, value in attrs.items():
            attribute = key.rpartition(":")[2]
            if attribute in self._known:
                names = (f"{self._names[-1]}/{local}@{attribute}", f"{local}@{attribute}", f"@{attribute}")
                change = _found(self._places.attributes, names)
                old = unescaped(value)
                new = old if change is None else change(old, attrs)
                if new != old:
                    changes[key] = new
        if changes:
            tag = start_tag(self._data, at)
            self.splices.append(Splice(at, at + len(tag), with_attributes(tag, changes)))
        change = _found(self._places.texts, (f"{self._names[-1]}/{local}", local))
        self._names.append(local)
        if change is not None:
            self.pieces.clear()
            self._open = (change, attrs, len(self._names), at + len(start_tag(self._data, at)))

    def end(self, at: int) -> None:
        """The element that began last and is still open ends."""
        if self._open is not None and self._open[2] == len(self._names):
            change, attrs, _, begins = self._open
            self._open = None
            old = unescaped("".join(self.pieces))
            new = change(old, attrs)
            if new != old:
                self.splices.append(Splice(begins, at, escaped(new).encode()))
        self._names.pop()


def _found(changes: Mapping[str, Change | None], names: tuple[str, ...]) -> Change | None:
    return next((changes[name] for name in names if name in changes), None)
