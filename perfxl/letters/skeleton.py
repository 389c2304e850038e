"""The Word document that every letter is put into: A4, numbered pages, and the property that says it is a letter of perfxl's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from typing import NamedTuple
from zipfile import ZipFile

from perfxl.letters.packing import completed, packed
from perfxl.workbooks.ownbooks import PART

_BODY = "word/document.xml"
_TYPES, _RELATIONSHIPS = "[Content_Types].xml", "_rels/.rels"
_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_PROPERTIES_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_SIDE, _TOP = 1.8, 2.0  # cm


def document(body: str, properties: Mapping[str, str]) -> bytes:
    """A document with this body (WordprocessingML) and these custom properties; the same give the same bytes."""
    skeleton = _skeleton()
    return completed(skeleton.package, {_BODY: f"{skeleton.head}{body}{skeleton.tail}"}, properties)


class _Skeleton(NamedTuple):
    """A blank document: its body's part before and behind what it shows, and the package of all other parts but the properties."""

    head: str
    tail: str
    package: bytes


@cache
def _skeleton() -> _Skeleton:
    """Made once by python-docx, and packed once: most of a letter's bytes are what all letters have in common."""
    from docx.shared import Cm

    from perfxl.export.word import blank_document, number_pages

    blank = blank_document()
    section = blank.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(_SIDE)
    section.top_margin = section.bottom_margin = Cm(_TOP)
    number_pages(section.footer.paragraphs[0])
    stream = BytesIO()
    blank.save(stream)
    with ZipFile(stream) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[_TYPES] = _before(
        parts[_TYPES], "</Types>", f'<Override PartName="/{PART}" ContentType="{_PROPERTIES_TYPE}"/>'
    )
    parts[_RELATIONSHIPS] = _before(
        parts[_RELATIONSHIPS],
        "</Relationships>",
        f'<Relationship Id="rIdProperties" Type="{_PROPERTIES_KIND}" Target="{PART}"/>',
    )
    body = parts.pop(_BODY).decode()
    start, end = body.index("<w:body>") + len("<w:body>"), body.index("<w:sectPr")
    return _Skeleton(body[:start], body[end:], packed(parts))


def _before(part: bytes, end: str, addition: str) -> bytes:
    return part.replace(end.encode(), (addition + end).encode())
