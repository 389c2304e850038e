"""The zip of a letter: most of its parts are the same in all letters, and are compressed once."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from perfxl.documenttime import CREATED
from perfxl.workbooks.ownbooks import PART

_LEVEL = 3  # of zlib: half the time of the usual 6, and a letter is a tenth larger
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_PROPERTIES_SPACE = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES_SPACE = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A package of these parts, to be completed."""
    out = BytesIO()
    with ZipFile(out, "w") as package:
        for name, data in parts.items():
            package.writestr(_entry(name), data)
    return out.getvalue()


def completed(package: bytes, parts: Mapping[str, str], properties: Mapping[str, str]) -> bytes:
    """A package with these parts besides, and with custom properties; the same give the same bytes."""
    out = BytesIO(package)
    with ZipFile(out, "a") as completing:
        for name, text in {**parts, PART: _custom(properties)}.items():
            completing.writestr(_entry(name), text, compresslevel=_LEVEL)
    return out.getvalue()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, CREATED.timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    return entry


def _custom(properties: Mapping[str, str]) -> str:
    entries = "".join(
        f'<property fmtid="{_FORMAT}" pid="{number}" name="{escape(name)}"><vt:lpwstr>{escape(value)}</vt:lpwstr></property>'
        for number, (name, value) in enumerate(properties.items(), 2)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Properties xmlns="{_PROPERTIES_SPACE}" xmlns:vt="{_VALUES_SPACE}">{entries}</Properties>'
    )
