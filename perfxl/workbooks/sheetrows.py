"""A worksheet's part with only some of its rows: what an edit need not look at is not parsed."""

import re
from functools import lru_cache
from typing import NamedTuple

from perfxl.workbooks.markup import holds_only_tags
from perfxl.workbooks.splice import Splice

_WIDE = (b"array", b"dataTable")  # a formula over several cells says one of these


class SomeRows(NamedTuple):
    """`data` is the part without the rows that were left out; `rest` puts them back where they were."""

    data: bytes
    rest: list[Splice]


def some_rows(data: bytes, wanted: set[int]) -> SomeRows:
    """The part, UTF-8, with the wanted rows, the row before which a missing one belongs, and rows with formulas over several cells.

    Without comments, CDATA sections and processing instructions every `<` begins a tag, so that tags can be found by their
    bytes; with them, and where a row does not say its number first, all rows are kept.
    """
    everything = SomeRows(data, [])
    if not holds_only_tags(data):
        return everything
    name_at = data.rfind(b"sheetData>")
    end = data.rfind(b"</", 0, name_at)
    prefix = data[end + 2 : name_at]
    if name_at < 0 or not (prefix == b"" or prefix.endswith(b":")):
        return everything
    row = b"<%brow" % prefix
    first = data.find(row, 0, end)
    spans = _spans_of_rows_there(data, row, wanted, first, end)
    if spans is None:
        spans = _spans(data, row, wanted, end)
    if spans is None:
        return everything
    at = length = end if first < 0 else first  # up to where all is settled, and how much of it is kept
    kept = [data[:at]]
    rest: list[Splice] = []
    for start, stop in spans:
        if start > at:
            rest.append(Splice(length, length, data[at:start]))
        at = stop
        kept.append(data[start:at])
        length += at - start
    if end > at:
        rest.append(Splice(length, length, data[at:end]))
    kept.append(data[end:])
    return SomeRows(b"".join(kept), rest)


def _spans_of_rows_there(data: bytes, row: bytes, wanted: set[int], at: int, end: int) -> list[tuple[int, int]] | None:
    """Where the wanted rows lie if each is there once and in order, sought one by one; None where it takes a look at all rows."""
    if at < 0 or any(word in data for word in _WIDE):
        return None
    spans = []
    for number in sorted(wanted):
        tag = b'%b r="%d"' % (row, number)
        start = data.find(tag, at, end)
        at = data.find(row, start + 1, end)
        if at < 0:
            at = end
        if start < 0 or data.find(tag, at, end) >= 0:
            return None
        spans.append((start, at))
    return spans


def _spans(data: bytes, row: bytes, wanted: set[int], end: int) -> list[tuple[int, int]] | None:
    """Where the rows lie that are to be kept; None where one does not say its number first."""
    tags = list(_row_tag(row).finditer(data, 0, end))
    if len(tags) != data.count(row, 0, end):
        return None
    numbers = [int(tag[1]) for tag in tags]
    bounds = [*[tag.start() for tag in tags], end]
    keep = {index for index, number in enumerate(numbers) if number in wanted}
    for missing in wanted.difference(numbers):
        keep.update([index for index, number in enumerate(numbers) if number > missing][:1])
    if any(word in data for word in _WIDE):
        for index, start in enumerate(bounds[:-1]):
            if any(data.find(word, start, bounds[index + 1]) >= 0 for word in _WIDE):
                keep.add(index)
    return [(bounds[index], bounds[index + 1]) for index in sorted(keep)]


@lru_cache(maxsize=8)
def _row_tag(row: bytes) -> re.Pattern[bytes]:
    """The start of a row that says its number first, as programs write it."""
    return re.compile(rb"""%b\s+r=["']([0-9]{1,7})["']""" % re.escape(row))
