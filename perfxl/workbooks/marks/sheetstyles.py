"""How the cells of the results sheet look, by the names that its layout uses."""

from collections.abc import Mapping
from typing import NamedTuple

from perfxl.workbooks.marks.model import LOOKS

FONT = "宋体"
ACCENT = "2F5597"
EDGE = "BFBFBF"
"""The colour of the lines around cells, as RRGGBB like the others."""


class Style(NamedTuple):
    """A look: points, colours as RRGGBB ("" for no fill), whether lines run around the cell, where its text stands."""

    size: int
    bold: bool
    color: str
    fill: str
    boxed: bool
    side: str
    wrapped: bool
    underlined: bool = False


STYLES: Mapping[str, Style] = {
    "title": Style(14, True, "000000", "", False, "left", False),
    "subtitle": Style(12, True, "000000", "", False, "left", False),
    "figures": Style(10, False, "595959", "", False, "left", False),
    "head": Style(10, True, "000000", "F2F2F2", True, "center", True),
    "good": Style(11, True, "375623", "E2EFDA", True, "center", False),
    "wide": Style(10, False, "000000", "", True, "left", True),
    "text": Style(10, False, "000000", "", True, "left", True),
    "state": Style(10, False, "000000", "", True, "center", True),
    "center": Style(10, False, "000000", "", True, "center", True),
    "link": Style(10, False, ACCENT, "", True, "center", True, underlined=True),
    **{s.value: Style(10, True, look.text, look.fill, True, "center", False) for s, look in LOOKS.items()},
}
