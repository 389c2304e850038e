"""What the add-ins are built from: the folder `macros`, inside the installed package or beside it in the source tree."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from perfxl.data import load_toml, shipped_folder

_RIBBON_2010 = "http://schemas.microsoft.com/office/2009/07/customui"
_RIBBON_2007 = "http://schemas.microsoft.com/office/2006/01/customui"
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)


class FormButton(NamedTuple):
    """A button on a form's sheet: what stands on it, and the macro that it runs."""

    caption: str
    macro: str


class Texts(NamedTuple):
    """The words of the buttons. `missing` is said where the launcher is not found, `help` by the button 帮助; `guide` and `lines` tell
    of a form's buttons."""

    title: str
    missing: str
    help: str
    addin_sheet: str
    addin_title: str
    form_buttons: tuple[FormButton, ...]
    guide: str
    lines: tuple[str, ...]


@cache
def texts() -> Texts:
    """The Chinese words, from `texts.toml`."""
    table = load_toml(shipped_folder("macros") / "texts.toml")
    addin, form = table["addin"], table["form"]
    return Texts(
        title=table["title"],
        missing=table["missing"].strip(),
        help=table["help"].strip(),
        addin_sheet=addin["sheet"],
        addin_title=addin["title"],
        form_buttons=tuple(FormButton(*each) for each in form["buttons"]),
        guide=form["guide"],
        lines=tuple(form["lines"]),
    )


def compiled(project: str) -> bytes:
    """A compiled VBA project: `addin` or `form`."""
    return (shipped_folder("macros") / "compiled" / f"{project}.bin").read_bytes()


def ribbon() -> dict[str, bytes]:
    """The ribbon tab by the name of its part: for Excel 2010 and later, and in the words of Excel 2007, which WPS reads too."""
    text = _COMMENT.sub("", (shipped_folder("macros") / "ribbon.xml").read_text(encoding="utf-8"))
    return {
        "customUI/customUI14.xml": text.encode(),
        "customUI/customUI.xml": text.replace(_RIBBON_2010, _RIBBON_2007).encode(),
    }
