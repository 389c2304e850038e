"""Puts rows and links into the workbook that XlsxWriter drew: the one is streamed into the other, so that neither is ever whole in memory."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from perfxl.consolidate.summary.links import Links
from perfxl.consolidate.summary.texts import PART as TEXTS
from perfxl.consolidate.summary.texts import Texts
from perfxl.files import replace_file, scratch_failure
from perfxl.workbooks.ownbooks import PART

# zlib's fast levels: 2 takes a third of the time of the usual 6, and files are a quarter larger.
_LEVEL = 2
_FIRST = ("[Content_Types].xml", PART)
_SHEET_DATA = re.compile(rb"<sheetData>(.*)</sheetData>", re.DOTALL)
_ROW = re.compile(rb"<row .*?</row>", re.DOTALL)
_AFTER_LINKS = re.compile(rb"<(?:printOptions|pageMargins)\b")
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')
_CHUNK = 1 << 18


class Filling(NamedTuple):
    """What goes into a sheet: `rows` gets the rows that were drawn, and the table for texts, and gives those to stand there; `links` are those
    of the rows, known once these are written; `area` is the range of all cells."""

    rows: Callable[[list[str], Texts], Iterator[bytes]]
    links: Links
    area: str


def fill(drawn: bytes, fillings: Mapping[int, Filling], out: IO[bytes]) -> None:
    """Writes the workbook `drawn` to `out`, its sheets (by their place, from 1) filled.

    Content types and properties come first, the properties as they are, so that even a piece of the file tells whose it was.
    """
    with ZipFile(BytesIO(drawn)) as skeleton, ZipFile(out, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as target:
        others = [name for name in skeleton.namelist() if name not in (*_FIRST, TEXTS)]
        sheets = {f"xl/worksheets/sheet{place}.xml": filling for place, filling in fillings.items()}
        texts = Texts(skeleton.read(TEXTS))
        for name in (*_FIRST, *others):
            if name in sheets:
                _fill_sheet(target, name, skeleton.read(name), sheets[name], texts)
            elif name == PART:
                target.writestr(ZipInfo(name), skeleton.read(name), ZIP_STORED)
            else:
                _write(target, name, skeleton.read(name))
        _write(target, TEXTS, texts.part)


def _fill_sheet(target: ZipFile, name: str, drawn: bytes, filling: Filling, texts: Texts) -> None:
    data = _SHEET_DATA.search(drawn)
    assert data is not None, name
    before = _DIMENSION.sub(f'<dimension ref="{filling.area}"/>'.encode(), drawn[: data.start(1)])
    after = drawn[data.end(1) :]
    with target.open(name, "w", force_zip64=True) as part:
        pieces, size = [before], 0
        for piece in filling.rows([row.decode() for row in _ROW.findall(data[1])], texts):
            pieces.append(piece)
            size += len(piece)
            if size > _CHUNK:
                part.write(b"".join(pieces))
                pieces, size = [], 0
        at = _AFTER_LINKS.search(after)
        assert at is not None, name
        part.write(b"".join([*pieces, after[: at.start()], filling.links.markup, after[at.start() :]]))
    if filling.links.markup:
        folder, _, file = name.rpartition("/")
        _write(target, f"{folder}/_rels/{file}.rels", filling.links.relationships)


def _write(target: ZipFile, name: str, content: bytes) -> None:
    with target.open(
        name, "w"
    ) as part:  # dated 1980, while `writestr` would say now: the same content gives the same bytes
        part.write(content)


@contextmanager
def replacing(out: Path) -> Iterator[IO[bytes]]:
    """A file to write to; what was written to it then takes the place of `out`, whole.

    Raises:
        UnwritableBook: there is no room for it, or `out` cannot be replaced.
    """
    try:
        with tempfile.TemporaryFile() as scratch:
            yield scratch
            scratch.seek(0)
            replace_file(out, iter(partial(scratch.read, _CHUNK), b""))
    except OSError as error:  # what concerns `out` itself has been told otherwise
        raise scratch_failure(error, out) from error
