"""The Word document that every letter is put into: its parts lie in the folder `blank`, A4 and numbered pages among them.

A blank document of python-docx holds the styles of a whole template, nine tenths of what a letter would have, and loading python-docx
takes as long as writing fifty letters.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Template
from typing import NamedTuple

from perfxl.documenttime import CREATED
from perfxl.letters.packing import completed, packed
from perfxl.workbooks.markup import escaped

_BLANK = Path(__file__).with_name("blank")
_COMMON = (
    "[Content_Types].xml",
    "_rels/.rels",
    "word/_rels/document.xml.rels",
    "word/styles.xml",
    "word/settings.xml",
    "word/footer1.xml",
)
_BODY, _CORE = "word/document.xml", "docProps/core.xml"


class _Skeleton(NamedTuple):
    """A blank document: the parts with a letter's own text and title, and the package of all others."""

    body: Template
    core: Template
    package: bytes


def document(body: str, title: str, properties: Mapping[str, str]) -> bytes:
    """A document with this body (WordprocessingML), title and custom properties; the same give the same bytes."""
    blank = _skeleton()
    core = blank.core.substitute(title=escaped(title), created=f"{CREATED.isoformat()}Z")
    return completed(blank.package, {_BODY: blank.body.substitute(body=body), _CORE: core}, properties)


@cache
def _skeleton() -> _Skeleton:
    body, core = (Template((_BLANK / part).read_text(encoding="utf-8")) for part in (_BODY, _CORE))
    return _Skeleton(body, core, packed({part: (_BLANK / part).read_bytes() for part in _COMMON}))
