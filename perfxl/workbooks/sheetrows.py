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
    tags = list(_row_tag(prefix).finditer(data, 0, end))
    if len(tags) != data.count(b"<%brow" % prefix, 0, end):
        return everything
    numbers = [int(tag[1]) for tag in tags]
    bounds = [*[tag.start() for tag in tags], end]
    keep = {index for index, number in enumerate(numbers) if number in wanted}
    for missing in wanted.difference(numbers):
        keep.update([index for index, number in enumerate(numbers) if number > missing][:1])
    if any(word in data for word in _WIDE):
        for index, start in enumerate(bounds[:-1]):
            if any(data.find(word, start, bounds[index + 1]) >= 0 for word in _WIDE):
                keep.add(index)
    at = length = bounds[0]  # up to where all is settled, and how much of it is kept
    kept = [data[:at]]
    rest: list[Splice] = []
    for index in sorted(keep):
        start = bounds[index]
        if start > at:
            rest.append(Splice(length, length, data[at:start]))
        at = bounds[index + 1]
        kept.append(data[start:at])
        length += at - start
    if end > at:
        rest.append(Splice(length, length, data[at:end]))
    kept.append(data[end:])
    return SomeRows(b"".join(kept), rest)


@lru_cache(maxsize=8)
def _row_tag(prefix: bytes) -> re.Pattern[bytes]:
    """The start of a row that says its number first, as programs write it."""
    return re.compile(rb"""<%brow\s+r=["']([0-9]{1,7})["']""" % re.escape(prefix))
