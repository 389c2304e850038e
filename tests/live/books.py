"""Books that are opened in the program and scored closed as well, and what is to be the same of both."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.demo.own import drafts, own_books
from perfxl.form.view import value_of
from perfxl.grid.address import Ref
from perfxl.grid.cells import Grid
from perfxl.marking import is_results
from perfxl.outcome import Outcome
from perfxl.report.json import write_json
from perfxl.templates.painter import paint_book
from perfxl.workbooks.live.libreoffice.bridge import property_value
from perfxl.workbooks.marks.notetext import find_ours
from perfxl.workbooks.port import Workbook
from tests.books import GOOD_FORM, change_book, write_book
from tests.checks.layout_pictures import PICTURES
from tests.marks.books import FAULTS, Look, faulty_book, looks

if TYPE_CHECKING:
    from perfxl.workbooks.live.application import OpenBook

SAMPLES: Mapping[str, bytes] = {
    path: paint_book(sheets, path) for path, sheets in own_books().items() if path not in drafts()
}
NAMES = [*sorted(SAMPLES), *sorted(PICTURES), "faulty", "formulas"]

_DATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")


def make_book(name: str, path: Path) -> Path:
    """The book of a name, at a path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if name in SAMPLES:
        path.write_bytes(SAMPLES[name])
    elif name in PICTURES:
        write_book(path, {"自评表": PICTURES[name]})
    elif name == "faulty":
        faulty_book(path)
    else:
        write_book(path, {"自评表": GOOD_FORM, "台账": {"A1": "=自评表!H17*2", "A2": '=IF(自评表!H6>0.9,"高","低")'}})
        change_book(path, **{**FAULTS, "H17": "=SUM(H12:H16)+I6", "H16": None})
    return path


def told(outcome: Outcome) -> Any:
    """An outcome as other programs read it, without the books' names."""
    stream = StringIO()
    write_json(outcome, stream)
    found = json.loads(stream.getvalue())
    for item in [*found["forms"], *found["changes"]]:
        item.pop("book")
    found["changes"].sort(key=lambda change: (change["sheet"], change["cell"]))
    return found


def shown(workbook: Workbook) -> dict[str, Any]:
    """What a person and perfxl see of a workbook: cells as printed, formulas, areas, what is hidden, perfxl's notes and the others."""
    return {name: _shown(workbook.grid(name)) for name in workbook.sheet_names}


def _shown(grid: Grid) -> dict[str, Any]:
    cells: dict[str, object] = {}
    for row, found in grid.rows.items():
        for column, cell in found.items():
            at = Ref(row, column)
            value = value_of(grid, at)
            text = _DATE.sub("date", value.text) if is_results(grid) else value.text
            cells[at.a1] = (text, value.number, cell.formula)
    ours = {at.a1: find_ours(text) for at, text in grid.notes.items()}
    return {
        "cells": cells,
        "merges": sorted(grid.merges),
        "hidden rows": grid.hidden_rows,
        "state": grid.state,
        "notes": {at: found.lines for at, found in ours.items() if found is not None},
        "notes of others": {at.a1: text for at, text in grid.notes.items() if ours[at.a1] is None},
    }


def looks_in(book: OpenBook, path: Path) -> dict[str, Look]:
    """All cells of an open book as they look in a copy that its program writes."""
    book.api.storeToURL(path.as_uri(), (property_value("FilterName", "Calc MS Excel 2007 XML"),))
    return looks(path)
