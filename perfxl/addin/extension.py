"""Builds `perfxl.oxt`: LibreOffice's menu and toolbar 绩效自评, and the Basic behind them."""

from __future__ import annotations

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

from perfxl import __version__
from perfxl.addin.sources import texts
from perfxl.data import shipped_folder

NAME = "perfxl.oxt"
IDENTIFIER = "perfxl.addin"

_LIBRARY = "perfxl"
_DESCRIPTION = "description.xml"
_BASIC = "Buttons.bas"
_MADE = (1980, 1, 1, 0, 0, 0)  # the same bytes at each run


def extension() -> bytes:
    """The extension's bytes."""
    folder = shipped_folder("macros") / "oxt"
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _BASIC):
            name, data = path.relative_to(folder).as_posix(), path.read_bytes()
            if name == _DESCRIPTION:
                data = data.replace(b"{version}", __version__.encode())
            _add(archive, name, data)
        _add(archive, f"{_LIBRARY}/Buttons.xba", _module("Buttons", (folder / _BASIC).read_text(encoding="ascii")))
        _add(archive, f"{_LIBRARY}/Texts.xba", _module("Texts", _texts()))
    return stream.getvalue()


def _texts() -> str:
    """A Basic module of functions that give the words for the user."""
    words = texts()
    return f"{_giving('TitleText', words.title)}\n{_giving('MissingText', words.missing)}"


def _giving(function: str, text: str) -> str:
    lines = (line.replace('"', '""') for line in text.split("\n"))
    value = " & Chr(10) & ".join(f'"{line}"' for line in lines)
    return f"Function {function}() As String\n    {function} = {value}\nEnd Function\n"


def _module(name: str, source: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">\n'
        '<script:module xmlns:script="http://openoffice.org/2000/script" '
        f'script:name="{name}" script:language="StarBasic">{escape(source)}</script:module>\n'
    ).encode()


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _MADE), data, zipfile.ZIP_DEFLATED)
