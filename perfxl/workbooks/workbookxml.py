"""The workbook part: its sheets, its names, how it counts days, and the wish to be calculated anew."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from perfxl.grid.cells import SheetState
from perfxl.workbooks.markup import Markup, new_parser, parse, prefix_of_root
from perfxl.workbooks.splice import Splice, extent, spliced, start_tag, with_attributes

# The children of a workbook before which calculation settings never stand, by the order of the schema.
_BEFORE_CALCULATION = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames",
)  # fmt: skip


class SheetEntry(NamedTuple):
    """A sheet as the workbook lists it: name, relationship id, state."""

    name: str
    relationship: str
    state: SheetState


class WorkbookXml(NamedTuple):
    """What the workbook part says.

    `names` are defined names: (name in small letters, position of the sheet it belongs to or None) to its formula.
    """

    sheets: Sequence[SheetEntry]
    names: Mapping[tuple[str, int | None], str]
    date1904: bool


@lru_cache(maxsize=32)  # the books of a folder come from the same form: this part is often the same bytes
def read_workbook(data: bytes) -> WorkbookXml:
    """Read the workbook part, given as UTF-8; the same bytes give the same object.

    Raises:
        ValueError: it is not well-formed, or a sheet has no name.
    """
    sheets: list[SheetEntry] = []
    names: dict[tuple[str, int | None], str] = {}
    date1904 = False
    pieces: list[str] = []
    name_attrs: dict[str, str] = {}
    SHEET = NAME = PROPERTIES = ""

    def root(name: str, attrs: dict[str, str]) -> None:
        nonlocal SHEET, NAME, PROPERTIES
        prefix = prefix_of_root(name, "workbook")
        SHEET, NAME, PROPERTIES = f"{prefix}sheet", f"{prefix}definedName", f"{prefix}workbookPr"
        parser.StartElementHandler = start
        parser.EndElementHandler = end

    def start(name: str, attrs: dict[str, str]) -> None:
        nonlocal date1904, name_attrs
        if name == SHEET:
            relationship = next((value for key, value in attrs.items() if key.rpartition(":")[2] == "id"), "")
            state = attrs.get("state", "visible")
            known = state if state in ("hidden", "veryHidden") else "visible"
            sheets.append(SheetEntry(attrs["name"], relationship, SheetState(known)))
        elif name == NAME:
            name_attrs = attrs
            pieces.clear()
            parser.CharacterDataHandler = pieces.append
        elif name == PROPERTIES:
            date1904 = attrs.get("date1904") in ("1", "true")

    def end(name: str) -> None:
        if name == NAME:
            parser.CharacterDataHandler = None
            sheet = name_attrs.get("localSheetId")
            key = (name_attrs["name"].lower(), None if sheet is None else int(sheet))
            names[key] = "".join(pieces)

    parser = new_parser()
    parser.StartElementHandler = root
    parse(parser, data)
    return WorkbookXml(sheets, names, date1904)


def with_full_calculation(markup: Markup) -> bytes:
    """The workbook part, told that everything is to be calculated when the file is opened.

    Raises:
        ValueError: it is not well-formed.
    """
    data = markup.data
    depth = settings = behind = 0
    child_start = 0
    prefix = ""
    before: frozenset[str] = frozenset()

    def start(name: str, attrs: dict[str, str]) -> None:
        nonlocal depth, settings, prefix, before, child_start, behind
        if depth == 0:
            prefix = name[: -len("workbook")]
            before = frozenset(prefix + local for local in _BEFORE_CALCULATION)
            behind = parser.CurrentByteIndex + len(start_tag(data, parser.CurrentByteIndex))
        elif depth == 1:
            child_start = parser.CurrentByteIndex
            if name == f"{prefix}calcPr":
                settings = child_start
        depth += 1

    def end(name: str) -> None:
        nonlocal depth, behind
        depth -= 1
        if depth == 1 and name in before:
            behind = extent(data, child_start, parser.CurrentByteIndex).end

    parser = new_parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parse(parser, data)
    if settings:
        tag = start_tag(data, settings)
        change = Splice(settings, settings + len(tag), with_attributes(tag, {"fullCalcOnLoad": "1"}))
    else:
        change = Splice(behind, behind, f'<{prefix}calcPr fullCalcOnLoad="1"/>'.encode())
    return markup.written(spliced(data, [change]))
