"""The elements of a small XML part with their places, for parts that are changed by adding and removing whole elements."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from perfxl.patterns import pattern
from perfxl.workbooks.markup import new_parser, parse
from perfxl.workbooks.splice import Extent, Splice, extent, opened, spliced, start_tag


class Element(NamedTuple):
    """An element: local name, attributes as written, how deep it lies (0: the root), its place."""

    name: str
    attrs: dict[str, str]
    depth: int
    place: Extent

    def attribute(self, local: str) -> str | None:
        """An attribute by its local name, whatever its prefix."""
        return next((value for key, value in self.attrs.items() if key.rpartition(":")[2] == local), None)


_new = tuple.__new__


def outline(data: bytes, deepest: int = 3) -> Sequence[Element]:
    """The elements of a part, UTF-8, down to a depth, in the order in which they begin.

    Raises:
        ValueError: it is not well-formed.
    """
    return _remembered(data, deepest) if len(data) <= _SMALL else _outline(data, deepest)


def _outline(data: bytes, deepest: int) -> Sequence[Element]:
    found: list[Element] = []
    stack: list[int] = []
    depth = 0

    def start(name: str, attrs: dict[str, str]) -> None:
        nonlocal depth
        if depth <= deepest:
            at = parser.CurrentByteIndex
            stack.append(len(found))
            found.append(_new(Element, (name.rpartition(":")[2], attrs, depth, at)))  # its place is known at its end
        depth += 1

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if depth <= deepest:
            number = stack.pop()
            local, attrs, level, at = found[number]
            found[number] = _new(Element, (local, attrs, level, extent(data, at, parser.CurrentByteIndex)))  # type: ignore[arg-type]

    parser = new_parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parse(parser, data)
    return tuple(found)


_SMALL = 1 << 14
# The books of a folder come from the same form: what tells of their sheets and properties is the same bytes, before and after a change.
_remembered = lru_cache(maxsize=64)(_outline)


def tail(sheet: bytes) -> tuple[Sequence[Element], int]:
    """The root of a worksheet's part and its children behind the cells, and by how much their places are to be moved.

    Raises:
        ValueError: the part holds no cells' element.
    """
    match = _CELLS_END.search(sheet, max(sheet.rfind(b"sheetData") - 16, 0))
    root = _ROOT.search(sheet)
    if match is None or root is None:
        raise ValueError("no sheetData")
    return outline(sheet[: root.end()] + sheet[match.end() :], 1), match.end() - root.end()


_CELLS_END = pattern(rb"<(?:/(?:[\w.-]+:)?sheetData\s*|(?:[\w.-]+:)?sheetData\s*/)>")
_ROOT = pattern(rb"<(?:[\w.-]+:)?worksheet\b[^>]*>")


def prefix_of(data: bytes, element: Element) -> str:
    """The prefix that an element is written with, its colon included."""
    name = start_tag(data, element.place.start)[1:].split()[0].rstrip(b"/>").decode()
    return name[: -len(element.name)]


def appended(data: bytes, element: Element, content: bytes) -> Splice:
    """The change that puts content at the end of an element."""
    place = element.place
    if not place.is_empty_tag:
        return Splice(place.close, place.close, content)
    name = f"{prefix_of(data, element)}{element.name}".encode()
    return Splice(place.start, place.end, opened(start_tag(data, place.start)) + content + b"</%b>" % name)


def appended_to_root(data: bytes, content: str) -> bytes:
    """The part with elements, written without prefix, at the end of its root.

    Raises:
        ValueError: it is not well-formed.
    """
    end = _LAST_END.search(data, max(len(data) - 200, 0))
    if end is not None:  # the common case needs no parsing
        prefix, at = (end[1] or b"").decode(), end.start()
        return data[:at] + _prefixed(content, prefix).encode() + data[at:]
    root = outline(data, 0)[0]
    return spliced(data, [appended(data, root, _prefixed(content, prefix_of(data, root)).encode())])


_LAST_END = pattern(rb"</([\w.-]+:)?[\w.-]+>\s*\Z")


def _prefixed(content: str, prefix: str) -> str:
    return content.replace("<", f"<{prefix}") if prefix else content


def without(data: bytes, elements: Iterable[Element]) -> bytes:
    """The part without some elements."""
    return spliced(data, [Splice(element.place.start, element.place.end, b"") for element in elements])
