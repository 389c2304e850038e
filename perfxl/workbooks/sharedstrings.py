"""The shared strings of a workbook: read once when asked for, and appended to."""

from collections.abc import Sequence
from typing import NamedTuple

from perfxl.patterns import pattern
from perfxl.workbooks.largesheets import LARGE
from perfxl.workbooks.largestrings import large_texts
from perfxl.workbooks.markup import (
    Markup,
    as_utf8,
    has_space_between,
    holds_only_tags,
    new_parser,
    parse,
    prefix_of_root,
    resolved,
    text_element,
    unescaped,
)
from perfxl.workbooks.package import Package
from perfxl.workbooks.partfaults import unreadable
from perfxl.workbooks.splice import Extent, Splice, extent, opened, spliced, start_tag, with_attributes

_COUNTS = pattern(rb"""\s(count|uniqueCount)\s*=\s*["']([0-9]*)["']""")


class SharedStrings:
    """The list that cells point into. An item is never changed, since many cells may use it; new texts come last.

    Attributes:
        is_large: whether it is so large that new texts rather stand in their cells: to append means to write all of it anew.
    """

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self.part = part
        self.is_large = package.entry(part).size > LARGE if part in package else False
        self._texts: Sequence[str] | None = None
        self._added: dict[str, int] = {}
        self._markup: Markup | None = None
        self._list = _List("", {}, Extent(0, 0, 0), 0)
        self._uses = 0

    @property
    def texts(self) -> Sequence[str]:
        """The items' texts, without phonetic runs, appended ones included.

        Raises:
            UnreadableBook: the part is damaged.
        """
        if self._texts is None:
            try:
                large = large_texts(self._package.stream(self.part), _read) if self.is_large else None
                self._texts = [*_read(self._package.read(self.part)), *self._added] if large is None else large
            except ValueError as error:
                raise unreadable(self.part, self._package.book, error) from error
        return self._texts

    @property
    def appended(self) -> dict[int, str]:
        """The texts that were appended, by their index."""
        return {index: text for text, index in self._added.items()}

    def append(self, text: str) -> int:
        """The index of an item with this text that only perfxl's cells use; not for a list that `is_large`.

        Raises:
            UnreadableBook: the part is damaged.
        """
        if self._markup is None:
            try:
                self._markup = as_utf8(self._package.read(self.part))
                self._list = _find_list(self._markup.data)
            except ValueError as error:
                raise unreadable(self.part, self._package.book, error) from error
        self._uses += 1
        index = self._added.get(text)
        if index is None:
            index = self._added[text] = self._list.items + len(self._added)
            if isinstance(self._texts, list):
                self._texts.append(text)
        return index

    def written(self) -> bytes | None:
        """The part with what was appended, None where nothing was."""
        if self._markup is None or not self._added:
            return None
        found = self._list
        prefix = found.prefix
        items = "".join([f"<{prefix}si>{text_element(prefix, text)}</{prefix}si>" for text in self._added]).encode()
        data = self._markup.data
        tag = start_tag(data, found.extent.start)
        new_tag = with_attributes(tag, found.counts(self._uses, len(self._added)))
        head = Splice(found.extent.start, found.extent.start + len(tag), new_tag)
        if found.extent.is_empty_tag:
            splices = [head._replace(new=opened(new_tag) + items + f"</{prefix}sst>".encode())]
        else:
            splices = [head, Splice(found.extent.close, found.extent.close, items)]
        return self._markup.written(spliced(data, splices))


class _List(NamedTuple):
    """The list as it stands: its element, the attributes of that, and how many items it has."""

    prefix: str
    attrs: dict[str, str]
    extent: Extent
    items: int

    def counts(self, uses: int, added: int) -> dict[str, str | None]:
        """The counts that are there, after the addition; `uniqueCount` becomes right if it was not."""
        counts: dict[str, str | None] = {}
        if self.attrs.get("count", "").isdecimal():
            counts["count"] = str(int(self.attrs["count"]) + uses)
        if "uniqueCount" in self.attrs:
            counts["uniqueCount"] = str(self.items + added)
        return counts


def _find_list(data: bytes) -> _List:
    if not holds_only_tags(data):
        return _find_list_by_parser(data)
    # Without comments and the like every `<` begins a tag, so that items can be counted by their bytes.
    start = data.find(b"<", data.find(b"?>") + 1)
    tag = start_tag(data, start)
    name = tag[1:-1].split(None, 1)[0].rstrip(b"/")
    attrs = {key.decode(): value.decode() for key, value in _COUNTS.findall(tag)}
    prefix = name[: -len(b"sst")]
    items = data.count(b"<%bsi" % prefix)
    if items != data.count(b"<%bsi>" % prefix):
        items = sum(data.count(b"<%bsi" % prefix + after) for after in (b">", b" ", b"/", b"\n", b"\r", b"\t"))
    end = start + len(tag) if tag.endswith(b"/>") else data.rfind(b"</")
    return _List(prefix.decode(), attrs, extent(data, start, end), items)


def _find_list_by_parser(data: bytes) -> _List:
    parser = new_parser()
    prefix = item = ""
    root_attrs: dict[str, str] = {}
    start_at = end_at = items = 0

    def root(name: str, attrs: dict[str, str]) -> None:
        nonlocal prefix, item, root_attrs, start_at
        prefix = name[: -len("sst")]
        item = f"{prefix}si"
        root_attrs = attrs
        start_at = parser.CurrentByteIndex
        parser.StartElementHandler = start
        parser.EndElementHandler = end

    def start(name: str, attrs: dict[str, str]) -> None:
        nonlocal items
        if name == item:
            items += 1

    def end(name: str) -> None:
        nonlocal end_at
        end_at = parser.CurrentByteIndex  # the last end is that of the root

    parser.StartElementHandler = root
    parse(parser, data)
    return _List(prefix, root_attrs, extent(data, start_at, end_at), items)


# An item of one text, as nearly all are; from whatever else comes, the second group takes all to the end.
_TEXT = "[^<>&\x00-\x08\x0b-\x1f\ufffe\uffff]*"
_PLAIN_ITEM = pattern(
    rf'<si><t(?: xml:space="preserve")?>({_TEXT}(?:&(?:gt|lt|amp|quot|apos);{_TEXT})*)</t></si>|([\s\S]+)'
)
_LARGEST = 1 << 22  # bytes; the parser needs less memory besides


def _plain_texts(data: bytes) -> list[str] | None:
    """The texts where all items are plain, read by one expression in a third of the parser's time; None where they are not.

    Raises:
        ValueError: the part is not well-formed.
    """
    start, end = data.find(b">", data.find(b"<sst")) + 1, data.rfind(b"</sst>")
    if not 0 < start <= end < start + _LARGEST or b"<sst" not in data[:start] or not holds_only_tags(data):
        return None
    items = _PLAIN_ITEM.findall(data[start:end].decode())
    if items and items[-1][1]:
        return None
    parse(new_parser(), data[:start] + data[end:])
    return [resolved(text) if "&" in text else text for text, _ in items]


def _read(raw: bytes) -> list[str]:
    data = as_utf8(raw).data
    texts = _plain_texts(data)
    if texts is None:
        texts = _parsed_texts(data)
    return [unescaped(text) for text in texts] if b"_x" in data else texts


def _parsed_texts(data: bytes) -> list[str]:
    texts: list[str] = []
    parts: list[str] = []
    item = text = run = ""
    phonetic = False

    def root(name: str, attrs: dict[str, str]) -> None:
        nonlocal item, text, run
        prefix = prefix_of_root(name, "sst")
        item, text, run = f"{prefix}si", f"{prefix}t", f"{prefix}rPh"
        parser.StartElementHandler = start
        if has_space_between(data):
            parser.EndElementHandler = end

    def start(name: str, attrs: dict[str, str]) -> None:
        nonlocal phonetic
        if name == text:
            if not phonetic:
                parser.CharacterDataHandler = parts.append
        elif name == item:
            texts.append("".join(parts))
            parts.clear()
            phonetic = False
        elif name == run:  # how the text is spoken comes last in an item, and is no part of it
            phonetic = True
            parser.CharacterDataHandler = None

    def end(name: str) -> None:
        if name == text:
            parser.CharacterDataHandler = None

    parser = new_parser()
    parser.StartElementHandler = root
    parse(parser, data)
    texts.append("".join(parts))
    del texts[0]  # what stands before the first item
    return texts
