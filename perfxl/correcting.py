"""Puts right in a workbook what the rules settle, round by round: a formula may lean on a cell that was put right."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from perfxl.checks import Choice
from perfxl.edits import Overwrite, PlannedEdit, plan_edits
from perfxl.form.view import value_of
from perfxl.judging import Judgement, judge
from perfxl.outcome import Change, JudgedForm
from perfxl.workbooks.numbers import plain
from perfxl.workbooks.port import Edit, Workbook

if TYPE_CHECKING:
    from perfxl.grid.cells import Grid

# A formula may lean on a cell that was put right, and another cell on the formula; each round settles one such step.
_ROUNDS = 6


def put_right(
    workbook: Workbook, name: str, how: Judgement, overwrite: Overwrite
) -> tuple[list[JudgedForm], list[Change]]:
    """Takes on all edits that the rules settle, until none is left; gives the forms after it, and each changed cell once.

    A cell that the form's own formulas lean on in a circle, so that each run would give it another value, stays as it was.
    """
    befores: dict[tuple[str, str], tuple[str, str]] = {}
    afters: dict[tuple[str, str], str | None] = {}
    originals: dict[tuple[str, str], Edit] = {}
    counts: Counter[tuple[str, str]] = Counter()
    settled = False
    for turn in range(_ROUNDS + 1):
        judged = judge(workbook, name, how, all_checks=True)  # what is put right does not hang on what is shown
        planned = _unsettled(workbook, judged, overwrite)
        settled = not planned
        if settled:
            break
        edits = [p.edit for p in planned]
        if turn == _ROUNDS:  # no end: what was put down again and again leans on itself
            edits = [originals[place] for place, times in counts.items() if times > 1]
        for original in _as_they_are(workbook, edits):
            originals.setdefault(_place(original), original)
            counts[_place(original)] += 1
        for recalculated in workbook.apply(edits):
            place = (recalculated.sheet, recalculated.at.a1)
            befores.setdefault(place, (recalculated.before, "recalculated"))
            afters[place] = recalculated.after
        for edit, text in _texts_after(workbook, edits):
            afters[_place(edit)] = text
        if turn == _ROUNDS:
            for edit in edits:
                befores.pop(_place(edit), None)
            break
        for p in planned:
            befores.setdefault(_place(p.edit), (p.before.text, p.why))
    changes = [
        Change(name, sheet, cell, before, afters[sheet, cell], why)
        for (sheet, cell), (before, why) in befores.items()
        if before != afters[sheet, cell] or why != "recalculated"
    ]
    # Nothing changed since the last look, so it need not be taken again where it showed what was asked for.
    return (judged if settled and how.checks == Choice() else judge(workbook, name, how)), changes


# Grids live within these functions only: while a large sheet is read anew, its former one must not be in memory besides.


def _unsettled(workbook: Workbook, judged: list[JudgedForm], overwrite: Overwrite) -> list[PlannedEdit]:
    """What the rules settle and does not stand yet."""
    planned = [p for form in judged for p in plan_edits(form.scored, form.findings, overwrite)]
    grids = {sheet: workbook.grid(sheet) for sheet in {p.edit.sheet for p in planned}}
    return [p for p in planned if not _stands_already(grids[p.edit.sheet], p.edit)]


def _texts_after(workbook: Workbook, edits: list[Edit]) -> list[tuple[Edit, str]]:
    """What the cells of edits show now."""
    grids = {sheet: workbook.grid(sheet) for sheet in {edit.sheet for edit in edits}}
    return [(edit, value_of(grids[edit.sheet], edit.at).text) for edit in edits]


def _place(edit: Edit) -> tuple[str, str]:
    return edit.sheet, edit.at.a1


def _as_they_are(workbook: Workbook, edits: list[Edit]) -> list[Edit]:
    """The edits that would put the cells back as they stand now."""
    grids = {sheet: workbook.grid(sheet) for sheet in {edit.sheet for edit in edits}}
    return [_as_it_is(grids[edit.sheet], edit) for edit in edits]


def _as_it_is(grid: Grid, edit: Edit) -> Edit:
    cell = grid.cell(*edit.at)
    value = cell.value if cell is not None and isinstance(cell.value, str | Decimal) else ""
    return Edit(edit.sheet, edit.at, value, None if edit.number_format is None else grid.format_at(*edit.at))


def _stands_already(grid: Grid, edit: Edit) -> bool:
    """Whether a number that an edit puts down is, at the 15 digits that a workbook keeps, the one that stands there."""
    if edit.number_format is not None or not isinstance(edit.value, Decimal):
        return False
    cell = grid.cell(*edit.at)
    return cell is not None and cell.formula is None and cell.value == plain(edit.value)
