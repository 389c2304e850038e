"""A worksheet's part with only some of its rows: what an edit need not look at is not parsed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from perfxl.workbooks.splice import Splice

_NUMBER = re.compile(rb"""\sr\s*=\s*["']([0-9]{1,7})["']""")
_WIDE = (b"array", b"dataTable")  # a formula over several cells says one of these


class SomeRows(NamedTuple):
    """`data` is the part without the rows that were left out; `rest` puts them back where they were."""

    data: bytes
    rest: list[Splice]


def some_rows(data: bytes, wanted: set[int]) -> SomeRows:
    """The part, UTF-8, with the wanted rows, the row after each of them, and rows with formulas over several cells.

    Without comments, CDATA sections and processing instructions every `<` begins a tag, so that tags can be found by their
    bytes; with them, and where a row does not say its number, all rows are kept.
    """
    everything = SomeRows(data, [])
    if b"<!" in data or data.find(b"<?", 2) >= 0:
        return everything
    name_at = data.rfind(b"sheetData>")
    end = data.rfind(b"</", 0, name_at)
    prefix = data[end + 2 : name_at]
    if name_at < 0 or not (prefix == b"" or prefix.endswith(b":")):
        return everything
    wide = any(word in data for word in _WIDE)
    kept: list[bytes] = []
    rest: list[Splice] = []
    length = 0  # of what is kept
    done = 0  # up to where all is settled
    awaited = sorted(wanted, reverse=True)
    tags = list(_row_tag(prefix).finditer(data, 0, end))
    ends = [*[tag.start() for tag in tags[1:]], end]
    for tag, following in zip(tags, ends, strict=False):
        given = _NUMBER.search(tag[0])
        if given is None:
            return everything
        number = int(given[1])
        keep = number in wanted
        while awaited and awaited[-1] < number:
            awaited.pop()
            keep = True
        content = data[tag.start() : following]
        if keep or (wide and any(word in content for word in _WIDE)):
            continue
        kept.append(data[done : tag.start()])
        length += tag.start() - done
        if rest and rest[-1].start == length:
            rest[-1] = Splice(length, length, rest[-1].new + content)
        else:
            rest.append(Splice(length, length, content))
        done = following
    kept.append(data[done:])
    return SomeRows(b"".join(kept), rest)


@lru_cache(maxsize=8)
def _row_tag(prefix: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"""<%brow(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""" % re.escape(prefix))
