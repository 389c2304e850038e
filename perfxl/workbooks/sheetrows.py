"""A worksheet's part with only some of its rows: what an edit need not look at is not parsed."""

import re
from functools import lru_cache
from typing import NamedTuple

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
    if b"<!" in data or data.find(b"<?", 2) >= 0:
        return everything
    name_at = data.rfind(b"sheetData>")
    end = data.rfind(b"</", 0, name_at)
    prefix = data[end + 2 : name_at]
    if name_at < 0 or not (prefix == b"" or prefix.endswith(b":")):
        return everything
    tags = list(_row_tag(prefix).finditer(data, 0, end))
    if len(tags) != data.count(b"<%brow" % prefix, 0, end):
        return everything
    wide = any(word in data for word in _WIDE)
    kept: list[bytes] = []
    rest: list[Splice] = []
    length = done = 0  # of what is kept, and up to where all is settled
    run = -1  # where the rows to be left out began
    seen: set[int] = set()
    awaited = sorted(wanted, reverse=True)
    for tag in tags:
        number = int(tag[1])
        keep = number in wanted
        while awaited and awaited[-1] < number:
            keep = keep or awaited[-1] not in seen
            awaited.pop()
        if keep:
            seen.add(number)
        start = tag.start()
        if wide and not keep:
            close = data.find(b"<%brow" % prefix, start + 1, end)
            keep = any(data.find(word, start, close if close > 0 else end) >= 0 for word in _WIDE)
        if keep and run >= 0:
            kept.append(data[done:run])
            length += run - done
            rest.append(Splice(length, length, data[run:start]))
            done, run = start, -1
        elif not keep and run < 0:
            run = start
    if run >= 0:
        kept.append(data[done:run])
        length += run - done
        rest.append(Splice(length, length, data[run:end]))
        done = end
    kept.append(data[done:])
    return SomeRows(b"".join(kept), rest)


@lru_cache(maxsize=8)
def _row_tag(prefix: bytes) -> re.Pattern[bytes]:
    """The start of a row that says its number first, as programs write it."""
    return re.compile(rb"""<%brow\s+r=["']([0-9]{1,7})["']""" % re.escape(prefix))
