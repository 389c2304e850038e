"""Parts that come and go: their content types, and the relationships that lead to them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from itertools import pairwise

from perfxl.workbooks.bookparts import BookParts
from perfxl.workbooks.markup import attribute
from perfxl.workbooks.outline import appended_to_root, outline, without
from perfxl.workbooks.relationships import Relationship, relationships

_CONTENT_TYPES = "[Content_Types].xml"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_TRANSITIONAL_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"

_EXTENSION = re.compile(rb"""\sExtension\s*=\s*["']([^"']*)["']""")
_ID = re.compile(rb"""\sId\s*=\s*["']rId([0-9]{1,6})["']""")


class PartLinks:
    """Adds parts to a workbook and takes them away, with all that the package must be told of them."""

    def __init__(self, parts: BookParts) -> None:
        self._parts = parts
        strict = b"purl.oclc.org/ooxml" in parts.utf8(parts.part).data[:2000]
        self.main = _STRICT_MAIN if strict else _TRANSITIONAL_MAIN
        self.relationships = _STRICT if strict else _TRANSITIONAL

    def free_name(self, pattern: str) -> str:
        """A part name that is not taken, `{}` in the pattern replaced by a number."""
        taken = {name.lower() for name in self._parts.part_names()}
        number = 1
        while pattern.format(number).lower() in taken:
            number += 1
        return pattern.format(number)

    def add(self, part: str, content: bytes, content_type: str, *, by_extension: bool = False) -> None:
        """A new part, and its content type (`by_extension`: that of all parts that end alike)."""
        self._parts.put(part, content)
        markup = self._parts.utf8(_CONTENT_TYPES)
        extension = part.rpartition(".")[2].lower()
        if not by_extension:
            entry = f'<Override PartName="/{attribute(part)}" ContentType="{content_type}"/>'
        elif extension not in [found.lower().decode() for found in _EXTENSION.findall(markup.data)]:
            entry = f'<Default Extension="{extension}" ContentType="{content_type}"/>'
        else:
            return
        self._put(_CONTENT_TYPES, self._appended(_CONTENT_TYPES, markup.data, entry))

    def remove(self, part: str) -> None:
        """Take a part away with its relationships and its content type."""
        self._parts.put(part, None)
        rels = rels_part(part)
        if rels in self._parts:
            self._parts.put(rels, None)
        markup = self._parts.utf8(_CONTENT_TYPES)
        named = f"/{part}".lower()
        found = outline(markup.data, 1)
        gone = [e for e in found if e.attrs.get("PartName", "").lower() == named]
        # The type of an extension goes with the last such part if it was added later, behind the types of single parts.
        extension = part.rpartition(".")[2].lower()
        for before, element in pairwise(found):
            if element.attrs.get("Extension", "").lower() == extension and before.name == "Override":
                gone += [] if self._ends_any(f".{extension}") else [element]
        if gone:
            self._put(_CONTENT_TYPES, without(markup.data, gone))

    def _ends_any(self, ending: str) -> bool:
        return any(name in self._parts for name in self._parts.part_names() if name.lower().endswith(ending))

    def relate(self, owner: str, kind: str, part: str) -> str:
        """A relationship from one part to another; gives its id."""
        rels = rels_part(owner)
        if rels not in self._parts:
            head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            self._parts.put(rels, f'{head}<Relationships xmlns="{_RELATIONSHIPS}"/>'.encode())
        data = self._parts.utf8(rels).data
        new = f"rId{max([int(number) for number in _ID.findall(data)], default=0) + 1}"
        target = posixpath.relpath(part, posixpath.dirname(owner) or ".")
        entry = f'<Relationship Id="{new}" Type="{self.relationships}/{kind}" Target="{attribute(target)}"/>'
        self._put(rels, self._appended(rels, data, entry))
        return new

    def unrelate(self, owner: str, ids: set[str]) -> None:
        """Take relationships of a part away; with the last one their part goes."""
        rels = rels_part(owner)
        data = self._parts.utf8(rels).data
        found = outline(data, 1)[1:]
        gone = [e for e in found if e.attrs.get("Id") in ids]
        if len(gone) == len(found):
            self._parts.put(rels, None)
        elif gone:
            self._put(rels, without(data, gone))

    def of(self, owner: str) -> Sequence[Relationship]:
        """The relationships of a part as the file has them."""
        return relationships(self._parts.package, owner)

    def _appended(self, part: str, data: bytes, entry: str) -> bytes:
        return self._parts.parsed(part, lambda: appended_to_root(data, entry))

    def _put(self, part: str, data: bytes) -> None:
        self._parts.put(part, self._parts.utf8(part).written(data))


def rels_part(owner: str) -> str:
    """The part that holds a part's relationships."""
    folder, name = posixpath.split(owner)
    return posixpath.join(folder, "_rels", f"{name}.rels")
