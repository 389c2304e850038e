"""Types into the forms what accountants type at the year's end, faults included."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

from perfxl.demo.plan import PlannedProject, planned_projects
from perfxl.form.model import Form, FundKind, Value
from perfxl.form.reader import read_forms
from perfxl.form.view import SheetView
from perfxl.populate.fitting import fitted_heights
from perfxl.populate.populating import populate_books
from perfxl.sources import Book
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.port import Edit

# The rows of the money block below the total, in the order of the templates.
_SOURCES = ("fiscal", "carryover", "other")


def enter_values(book: Path, ledger: Path) -> None:
    """Fills the forms of a workbook made from the plan: what was paid from the ledger, the rest as it is typed."""
    populate_books([Book(book, book.name)], [Book(ledger, ledger.name)])
    by_name = {project.name: project for project in planned_projects()}
    workbook = ClosedWorkbook.open(book)
    for sheet in workbook.sheet_names:
        edits: list[Edit] = []
        for form in read_forms(workbook.grid(sheet), book.name):
            if form.project is not None:
                edits += _edits(form, by_name[form.project.name])
        workbook.apply(edits)
        workbook.set_heights(
            sheet,
            fitted_heights(SheetView(workbook.grid(sheet)), workbook.measures(sheet), [edit.at for edit in edits]),
        )
    workbook.save()


def _edits(form: Form, project: PlannedProject) -> Iterator[Edit]:
    def typed(cell: Value | None, text: str) -> Iterator[Edit]:
        if cell is not None and text:
            yield Edit(form.sheet, cell.at, _as_typed(text))

    parts = [line for line in form.funds if line.kind is FundKind.PART]
    for source, line in zip(_SOURCES, parts, strict=False):
        yield from typed(line.executed, project.executed.get(source, ""))
    yield from typed(form.goal_result, project.result)
    yield from typed(form.department.value if form.department else None, project.spelled)
    rows = {row.name.text: row for row in form.indicators}
    for indicator in project.indicators:
        row = rows[indicator.name]
        yield from typed(row.actual, indicator.actual)
        yield from typed(row.score, indicator.score)
        yield from typed(row.reason, indicator.reason)


def _as_typed(text: str) -> Decimal | str:
    """A number where a spreadsheet program would make one of it."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
