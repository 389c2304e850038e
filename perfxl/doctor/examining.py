"""Examines everything, one after another."""

from __future__ import annotations

from perfxl.doctor import fonts, machine, spreadsheets
from perfxl.doctor.result import Result


def examine() -> list[Result]:
    """What works here. Nothing is changed, and no program is started that shows a window."""
    return [
        machine.python(),
        machine.packages(),
        machine.undo_folder(),
        spreadsheets.excel(),
        spreadsheets.wps(),
        spreadsheets.libreoffice(),
        *spreadsheets.addin(),
        fonts.fonts(),
    ]
