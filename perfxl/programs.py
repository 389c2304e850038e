"""The spreadsheet programs on this machine: where they are, which version, without starting one that shows a window."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

OFFICE_HOME = "https://www.libreoffice.org/download/"

_LIBREOFFICE_NAMES = ("soffice", "libreoffice")
_LIBREOFFICE_PLACES = {
    "win32": (
        r"%ProgramFiles%\LibreOffice\program\soffice.exe",
        r"%ProgramFiles(x86)%\LibreOffice\program\soffice.exe",
    ),
    "darwin": ("/Applications/LibreOffice.app/Contents/MacOS/soffice",),
}
_EXCEL_PLACES = {"darwin": ("/Applications/Microsoft Excel.app",)}
_WPS_NAMES = ("et",)
_WPS_PLACES = {
    "darwin": ("/Applications/wpsoffice.app",),
    "linux": (
        "/opt/kingsoft/wps-office/office6/et",
        "/opt/apps/cn.wps.wps-office-pro/files/kingsoft/wps-office/office6/et",
    ),
}
_VERSION = re.compile(r"\d+(?:\.\d+)+")
_TIMEOUT = 60


class Program(NamedTuple):
    """A program that is here: `place` is its file, or the name under which Windows starts it; `version` is "" where it is not known."""

    place: str
    version: str


def find_office() -> str | None:
    """LibreOffice's program, None where it is not installed."""
    return _find(_LIBREOFFICE_NAMES, _LIBREOFFICE_PLACES)


def libreoffice() -> Program | None:
    """LibreOffice and its version, None where it is not installed."""
    place = find_office()
    if place is None:
        return None
    try:
        done = subprocess.run(
            [place, "--version"], capture_output=True, text=True, errors="replace", timeout=_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return Program(place, "")
    found = _VERSION.search(done.stdout)
    return Program(place, found[0] if found else "")


def excel() -> Program | None:
    """Excel, None where it is not installed; `version` is that of its settings, such as 16.0."""
    if sys.platform == "win32":
        return _registered("Excel.Application")
    place = _find((), _EXCEL_PLACES)
    return None if place is None else Program(place, "")


def wps() -> Program | None:
    """WPS's spreadsheet program, None where it is not installed."""
    if sys.platform == "win32":
        return _registered("Ket.Application") or _registered("ET.Application")
    place = _find(_WPS_NAMES, _WPS_PLACES)
    return None if place is None else Program(place, "")


def _find(names: tuple[str, ...], places: Mapping[str, tuple[str, ...]]) -> str | None:
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is not None:
        return found
    expanded = (os.path.expandvars(place) for place in places.get(sys.platform, ()))
    return next((place for place in expanded if Path(place).exists()), None)


def _registered(name: str) -> Program | None:
    """The program that Windows starts under a COM name, None where none is registered."""
    if sys.platform != "win32":
        return None
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, rf"{name}\CurVer") as key:
            current = str(winreg.QueryValue(key, None))
    except OSError:
        return None
    number = current.rpartition(".")[2]
    return Program(current, f"{number}.0" if number.isdigit() else "")
