"""`perfxl populate`: fills the empty cells of forms that exist, in place; what people typed stays, and is compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from perfxl.errors import PerfxlError
from perfxl.outcome import Failure, Outcome
from perfxl.populate.books import failures_of
from perfxl.populate.plan import Project
from perfxl.populate.reading import read_plan
from perfxl.populate.workbook import WHY, fill_workbook
from perfxl.sources import Book


def populate_books(
    books: Sequence[Book],
    sources: Iterable[Book],
    *,
    last_year: Iterable[Book] = (),
    dry_run: bool = False,
    force: bool = False,
) -> Outcome:
    """Fills the forms of `books` from plans, declarations and ledgers (`sources`) and from forms of the year before (`last_year`).

    Where a form has too few rows for its indicators, rows are inserted. The outcome's changes are the cells filled, its disagreements
    what differs, what is only near and what was not found. Where a source holds something that does not fit, nothing is written; where
    rows cannot be inserted, that book is left alone: its failures say why.

    Raises:
        UnreadableBook: a source cannot be read.
    """
    from perfxl.files import hold

    plan = read_plan(sources, last_year=last_year)
    failures = failures_of(plan.faults, "没有填写任何表，来源里")
    outcome = Outcome(dry_run=dry_run, failures=failures, disagreements=[])
    if outcome.failures:
        return outcome
    for book in books:
        outcome.books += 1
        try:
            with hold(book.path):
                _populate(book, plan.projects, outcome, force=force)
        except PerfxlError as error:
            outcome.failures.append(Failure(book.name, error.reason))
    return outcome


def _populate(book: Book, projects: Sequence[Project], outcome: Outcome, *, force: bool) -> None:
    from perfxl.workbooks.opening import open_to_write
    from perfxl.workflows import save_book

    workbook = open_to_write(book.path)
    filled = fill_workbook(workbook, book.name, projects, rows=workbook)
    if filled.changes and not outcome.dry_run:
        save_book(workbook, force, WHY)
    outcome.changes += filled.changes
    outcome.disagreements = [*(outcome.disagreements or ()), *filled.disagreements]
    outcome.notes += [(book.name, note) for note in (*filled.notes, *workbook.remarks)]
