"""Builds `perfxl.xlam`: a workbook without forms that holds the ribbon tab and the macros behind it."""

from __future__ import annotations

import zipfile
from io import BytesIO

from perfxl.addin.sources import compiled, ribbon, texts
from perfxl.templates.drawing import Look, SheetDrawing, a1, box
from perfxl.templates.painter import Macros, paint_book

NAME = "perfxl.xlam"
# The name of the cell whose words a macro shows where the launcher is missing.
MISSING = "perfxl_missing"

_WIDTHS = (80.0,)
_MACRO_WORKBOOK = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_ADDIN = b"application/vnd.ms-excel.addin.macroEnabled.main+xml"
_RELATIONS = "_rels/.rels"
_RELATION_TYPES = {
    "customUI/customUI14.xml": "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility",
    "customUI/customUI.xml": "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility",
}
_CONTENT_TYPES = "[Content_Types].xml"
_MADE = (1980, 1, 1, 0, 0, 0)  # the same bytes at each run


def addin_book() -> bytes:
    """The add-in's bytes."""
    words = texts()
    sheet = SheetDrawing(words.addin_sheet, _WIDTHS)
    sheet.boxes.append(box(1, 1, words.addin_title, Look.HEADING))
    sheet.boxes.append(box(2, 1, words.missing, Look.PARAGRAPH))
    names = {MISSING: f"='{sheet.name}'!{a1(2, 1, fixed='both')}"}
    return _as_addin(paint_book([sheet], words.addin_title, Macros(compiled("addin"), names)))


def _as_addin(workbook: bytes) -> bytes:
    """A workbook with macros turned into an add-in with the ribbon tab."""
    parts = ribbon()
    relations = "".join(
        f'<Relationship Id="perfxl{number}" Type="{_RELATION_TYPES[part]}" Target="{part}"/>'
        for number, part in enumerate(parts, 1)
    )
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == _CONTENT_TYPES:
                data = data.replace(_MACRO_WORKBOOK, _ADDIN)
            elif entry.filename == _RELATIONS:
                data = data.replace(b"</Relationships>", f"{relations}</Relationships>".encode())
            _add(new, entry.filename, data)
        for part, data in parts.items():
            _add(new, part, data)
    return stream.getvalue()


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _MADE), data, zipfile.ZIP_DEFLATED)
