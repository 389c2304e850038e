"""A worksheet's part after rows were inserted, into it or into another sheet that it names."""

from __future__ import annotations

from collections.abc import Mapping

from perfxl.grid.address import Ref
from perfxl.workbooks.insertion.anchors import anchor_splices
from perfxl.workbooks.insertion.cells import moved_cells
from perfxl.workbooks.insertion.formulas import SheetRows
from perfxl.workbooks.insertion.merges import Merges, written
from perfxl.workbooks.insertion.places import Change, Places, place_splices, rewritten
from perfxl.workbooks.insertion.rowmap import CannotShift, RowMap, shifted_areas
from perfxl.workbooks.outline import tail
from perfxl.workbooks.sheetmap import map_sheet
from perfxl.workbooks.splice import Splice, spliced, start_tag, with_attributes

_FORMULAS = ("f", "formula", "formula1", "formula2")
_LINKS = ("linkedCell", "listFillRange", "cellRange", "textlink", "fmlaLink", "fmlaRange", "fmlaTxbx", "fmlaGroup")
_FROZEN = ("frozen", "frozenSplit")


def formula_places(sheet: SheetRows, *, on_sheet: bool) -> Places:
    """What of a part are formulas, wherever it lies; `on_sheet`: references in it without a sheet's name mean this sheet."""

    def formula(text: str, _: Mapping[str, str]) -> str:
        return sheet.shifted(text, on_sheet=on_sheet)

    def location(text: str, attrs: Mapping[str, str]) -> str:
        if any(key.rpartition(":")[2] == "id" for key in attrs):
            return text  # a place in another file
        try:
            return sheet.shifted(text, on_sheet=on_sheet)
        except CannotShift:
            return text  # not every link leads to a cell

    def gathered(text: str, attrs: Mapping[str, str]) -> str:
        here = attrs.get("sheet", "").casefold() == sheet.sheet.casefold()
        return shifted_areas(text, "grown", sheet.rows) if here else text

    def property_of_control(text: str, attrs: Mapping[str, str]) -> str:
        names = [value for key, value in attrs.items() if key.rpartition(":")[2] == "name"]
        return sheet.shifted(text, on_sheet=on_sheet) if names and names[0] in ("LinkedCell", "ListFillRange") else text

    attributes: dict[str, Change | None] = {f"@{name}": formula for name in _LINKS}
    attributes |= {
        "cfvo@val": formula,
        "hyperlink@location": location,
        "dataRef@ref": gathered,
        "ocxPr@value": property_of_control,
    }
    return Places(attributes, dict.fromkeys(_FORMULAS, formula))


def shifted_elsewhere(data: bytes, sheet: SheetRows) -> bytes:
    """Another worksheet's part, with its references to the sheet moved along.

    Raises:
        ValueError: the part is not well-formed.
        CannotShift: a formula cannot be rewritten.
    """
    return rewritten(data, formula_places(sheet, on_sheet=False)) if b"!" in data else data


def shifted_sheet(data: bytes, sheet: SheetRows) -> tuple[bytes, list[Ref]]:
    """The part of the worksheet that rows are inserted into, and the cells of the formulas that came in with them.

    Raises:
        ValueError: the part is not well-formed.
        CannotShift: something would be cut, or a formula cannot be rewritten.
    """
    found = map_sheet(data, ())
    merges = Merges(found.merges, sheet.rows)
    cells = moved_cells(data, sheet)
    # What comes in before a row stands before that row's own change.
    splices = [*cells.splices, *place_splices(data, _places(sheet, merges)), *anchor_splices(data, sheet.rows)]
    if merges.new and found.merges:
        splices += _more_merges(data, found.prefix, merges, len(found.merges))
    return spliced(data, splices), cells.formulas


def _places(sheet: SheetRows, merges: Merges) -> Places:
    rows = sheet.rows
    formulas = formula_places(sheet, on_sheet=True)
    attributes: dict[str, Change | None] = {
        "@ref": _areas("moved", rows),
        "@activeCell": _areas("moved", rows),
        "@topLeftCell": _areas("moved", rows),
        "@sourceRef": _areas("grown", rows),
        "@sqref": _areas("moved", rows),
        # Checks, colours and permissions of the last row hold for the rows below it, too.
        **{
            f"{element}@sqref": _areas("spread", rows)
            for element in ("conditionalFormatting", "dataValidation", "protectedRange", "ignoredError")
        },
        "dimension@ref": _areas("spread", rows),
        **{f"{element}@ref": _areas("grown", rows) for element in ("autoFilter", "sortState", "sortCondition")},
        "inputCells@r": _areas("moved", rows),
        "cellWatch@r": _areas("moved", rows),
        "cellSmartTags@r": _areas("moved", rows),
        "mergeCell@ref": lambda text, _: merges.now(text),
        "rowBreaks/brk@id": lambda text, _: str(rows.above(int(text))),
        "pane@ySplit": lambda text, attrs: _frozen(text, attrs, rows),
        "f@ref": None,  # of an array formula: the cells' own
    }
    texts: dict[str, Change | None] = {
        "c/f": None,
        "sqref": _areas("spread", rows),
        "sparkline/sqref": _areas("moved", rows),
    }
    attributes["dataRef@ref"] = formulas.attributes["dataRef@ref"]
    return Places({**formulas.attributes, **attributes}, {**formulas.texts, **texts})


def _areas(move: str, rows: RowMap) -> Change:
    return lambda text, _: shifted_areas(text, move, rows)


def _frozen(text: str, attrs: Mapping[str, str], rows: RowMap) -> str:
    """How many rows are frozen; of a pane that is split the height in points, which no row moves."""
    if attrs.get("state") not in _FROZEN:
        return text
    count = int(float(text))
    now = rows.above(count)
    return text if now == count else str(now)


def _more_merges(data: bytes, prefix: str, merges: Merges, count: int) -> list[Splice]:
    elements, moved_by = tail(data)
    place = next(element.place for element in elements if element.name == "mergeCells")
    start, close = place.start + moved_by, place.close + moved_by
    tag = start_tag(data, start)
    new = "".join([f'<{prefix}mergeCell ref="{written(area)}"/>' for area in merges.new])
    counted = {"count": str(count + len(merges.new))} if b"count" in tag else {}
    return [Splice(start, start + len(tag), with_attributes(tag, counted)), Splice(close, close, new.encode())]
