"""Takes a run's changes back in an open workbook: cell by cell, and only where nobody has changed what the run left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from perfxl.grid.address import Ref
from perfxl.workbooks.live.journal import CellState, Journal, Touched
from perfxl.workbooks.live.marks import set_note
from perfxl.workbooks.live.results import LiveResults
from perfxl.workbooks.live.writing import write_values
from perfxl.workbooks.marks.notetext import find_ours
from perfxl.workbooks.marks.resultsreading import says
from perfxl.workbooks.marks.sizes import note_size

if TYPE_CHECKING:
    from perfxl.workbooks.live.workbook import LiveWorkbook


class Undone(NamedTuple):
    """How many cells were put back, and the places that were left because someone changed them since."""

    cells: int
    kept: tuple[str, ...]


def take_back(workbook: LiveWorkbook, journal: Journal, *, force: bool = False) -> Undone:
    """Put back what the run of `journal` changed. `force` puts back all the same where someone has changed it since.

    Raises:
        UnwritableBook: the sheet is locked.
    """
    by_sheet: dict[str, dict[Ref, Touched]] = {}
    for (sheet, at), touched in journal.cells.items():
        by_sheet.setdefault(sheet, {})[at] = touched
    kept: list[str] = []
    count = 0
    names = set(workbook.sheet_names)
    for name, cells in by_sheet.items():
        if name not in names:
            kept.append(f"工作表“{name}”（已不在）")
            continue
        with workbook.writable(name):
            done, left = _put_back(workbook, name, cells, force)
        count += done
        kept += [f"{name}!{at.a1}" for at in left]
        workbook.changed(name)
    for (name, row), height in journal.heights.items():
        if name in names:
            with workbook.writable(name):
                workbook.sheet(name).range((row, 1)).row_height = height
    rows = [each for each in journal.rows if each[0] in names]
    if rows and kept:
        kept += [f"{name}!{numbers[0]}:{numbers[-1]}（插入的行）" for name, numbers in rows]
    elif rows:
        from perfxl.workbooks.live.rows import take_out_rows

        take_out_rows(workbook, rows)
    if journal.results is not None and not _put_back_results(workbook, journal, force):
        kept.append("检查结果")
    return Undone(count, tuple(kept))


def _put_back(workbook: LiveWorkbook, name: str, cells: Mapping[Ref, Touched], force: bool) -> tuple[int, list[Ref]]:
    sheet, grid, notes = workbook.sheet(name), workbook.grid(name), workbook.notes(name)
    values: dict[Ref, CellState] = {}
    left: list[Ref] = []
    count = 0
    for at, (before, after) in cells.items():
        cell = sheet.range(at)
        content = CellState.of_cell(grid.cell(*at), grid.format_at(*at))
        colors = None if before.colors is None else workbook.native.colors(cell)
        now = content._replace(colors=colors, note=notes.get(at, ""))
        changed = [
            field
            for field, was, left_as, is_now in zip(CellState._fields, before, after, now, strict=True)
            if was is not None and was != is_now and is_now != left_as
        ]
        if changed and not force:
            left.append(at)
        todo = {
            field
            for field, was, is_now in zip(CellState._fields, before, now, strict=True)
            if was not in (None, is_now)
        }
        todo -= set() if force else set(changed)
        count += bool(todo)
        if "colors" in todo and before.colors is not None:
            workbook.native.paint(cell, before.colors)
        if "note" in todo:
            _put_back_note(workbook, name, at, before.note or "")
        if "number_format" in todo and before.number_format is not None:
            cell.number_format = before.number_format
        if "value" in todo:
            values[at] = before
    write_values(sheet, {at: state.content for at, state in values.items()})
    return count, left


def _put_back_note(workbook: LiveWorkbook, name: str, at: Ref, text: str) -> None:
    cell = workbook.sheet(name).range(at)
    set_note(cell, text)
    if find_ours(text) is not None:
        above, _, _ = text.rpartition("\n")
        width, height = note_size(above.split("\n"))
        workbook.native.size_note(cell, width, height, len(above) + 1)


def _put_back_results(workbook: LiveWorkbook, journal: Journal, force: bool) -> bool:
    """Puts the results sheet back; False where someone has changed it since."""
    assert journal.results is not None
    before, after = journal.results
    names = workbook.sheet_names
    if after is not None:
        if after.name not in names:
            return True  # someone has taken it away
        if not force and not says(workbook.grid(after.name), after.layout):
            return False
    results = LiveResults(workbook, None if after is None else after.name)
    if before is not None:
        results.put_layout(after if after is not None else before, before.layout)
    elif after is not None:
        results.drop(after.name)
    return True
