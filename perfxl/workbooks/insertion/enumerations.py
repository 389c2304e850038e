"""Formulas that add cells up one by one: new rows between them are not counted, and only their owner can mend that."""

from __future__ import annotations

from perfxl.grid.address import Ref
from perfxl.workbooks.formulas.tokens import corner, tokens
from perfxl.workbooks.formulas.values import CannotCompute
from perfxl.workbooks.insertion.rowmap import RowMap
from perfxl.workbooks.sheetxml import SheetData

_FEWEST = 3  # two cells of a column may be a difference


def enumerations(data: SheetData, rows: RowMap) -> list[Ref]:
    """The formula cells of the sheet, as it was before, that name a row that others come below, and the row above it, cell by cell."""
    return [
        at
        for at in data.formulas
        if _enumerates(data.rows[at.row][at.column].formula or "", rows) and at not in data.arrays
    ]


def _enumerates(text: str, rows: RowMap) -> bool:
    if text.count("+") < _FEWEST - 1:
        return False
    try:
        pieces = tokens(text)
    except CannotCompute:
        return False
    named: dict[int, set[int]] = {}
    for before, token in zip([None, *pieces], pieces, strict=False):
        if token.kind == "area" and ":" not in token.text and (before is None or before.kind != "sheet"):
            _, column, _, row = corner(token.text)
            named.setdefault(column, set()).add(row)
    return any(
        len(numbers) >= _FEWEST and {insertion.below, insertion.below - 1} <= numbers
        for numbers in named.values()
        for insertion in rows.insertions
    )
