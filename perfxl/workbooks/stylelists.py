"""The lists of a style sheet (fonts, fills, borders) with their items as they are written."""

from __future__ import annotations

from collections.abc import Collection

from perfxl.workbooks.markup import new_parser, parse
from perfxl.workbooks.splice import Extent, Splice, extent, opened, start_tag, with_attributes


class ListPlace:
    """A list element of the style sheet: its name, and where it lies."""

    __slots__ = ("extent", "name")

    def __init__(self, name: str, start: int) -> None:
        self.name = name
        self.extent = Extent(start, start, start)

    def grown(self, data: bytes, count: int, items: list[bytes]) -> list[Splice]:
        """The changes that append items and mend the count, if there is one."""
        start, close, _ = self.extent
        tag = start_tag(data, start)
        new_tag = with_attributes(tag, {"count": str(count + len(items))}) if b"count" in tag else tag
        head = Splice(start, start + len(tag), new_tag)
        content = b"".join(items)
        if self.extent.is_empty_tag:
            return [head._replace(new=opened(new_tag) + content + f"</{self.name}>".encode())]
        return [head, Splice(close, close, content)]


class ItemList:
    """A list whose items are kept as bytes; new ones are appended to `items`."""

    __slots__ = ("items", "original", "place")

    def __init__(self, place: ListPlace, items: list[bytes]) -> None:
        self.place = place
        self.items = items
        self.original = len(items)

    def splices(self, data: bytes) -> list[Splice]:
        """The changes that bring in the appended items."""
        added = self.items[self.original :]
        return self.place.grown(data, self.original, added) if added else []


def read_lists(data: bytes, names: Collection[str]) -> dict[str, ItemList]:
    """The lists of these names in a style sheet, given as UTF-8.

    Raises:
        ValueError: it is not well-formed.
    """
    found: dict[str, ItemList] = {}
    prefix = ""
    depth = list_start = item_start = 0
    items: list[bytes] = []
    wanted = False

    def start(name: str, attrs: dict[str, str]) -> None:
        nonlocal depth, prefix, list_start, item_start, wanted, items
        if depth == 0:
            prefix = name[: -len("styleSheet")]
        elif depth == 1:
            wanted = name[len(prefix) :] in names
            list_start, items = parser.CurrentByteIndex, []
        elif depth == 2:
            item_start = parser.CurrentByteIndex
        depth += 1

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if not wanted:
            return
        if depth == 2:
            place = extent(data, item_start, parser.CurrentByteIndex)
            items.append(data[place.start : place.end])
        elif depth == 1:
            place_of = ListPlace(name, list_start)
            place_of.extent = extent(data, list_start, parser.CurrentByteIndex)
            found[name[len(prefix) :]] = ItemList(place_of, items)
            if len(found) == len(names):  # no other list is of use here
                parser.StartElementHandler = parser.EndElementHandler = None

    parser = new_parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parse(parser, data)
    return found
