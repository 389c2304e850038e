"""`perfxl populate`: fills the empty cells of forms that exist, in place; what people typed stays, and is compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from perfxl.outcome import Outcome
from perfxl.populate.books import failures_of
from perfxl.populate.reading import read_plan
from perfxl.populate.workbook import WHY, fill_workbook
from perfxl.sources import Book
from perfxl.workflows import Progress, each_book, save_book


def populate_books(
    books: Sequence[Book],
    sources: Iterable[Book],
    *,
    last_year: Iterable[Book] = (),
    dry_run: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Fills the forms of `books` from plans, declarations and ledgers (`sources`) and from forms of the year before (`last_year`).

    Where a form has too few rows for its indicators, rows are inserted. The outcome's changes are the cells filled, its disagreements
    what differs, what is only near and what was not found. Where a source holds something that does not fit, nothing is written; where
    rows cannot be inserted, that book is left alone: its failures say why.

    Raises:
        UnreadableBook: a source cannot be read.
    """
    from perfxl.files import hold
    from perfxl.workbooks.opening import open_to_write

    plan = read_plan(sources, last_year=last_year)
    failures = failures_of(plan.faults, "没有填写任何表，来源里")
    if failures:
        return Outcome(dry_run=dry_run, failures=failures, disagreements=[])

    def populate(book: Book) -> Outcome:
        with hold(book.path):
            workbook = open_to_write(book.path)
            filled = fill_workbook(workbook, book.name, plan.projects, rows=workbook)
            if filled.changes and not dry_run:
                save_book(workbook, force, WHY)
        notes = [(book.name, note) for note in (*filled.notes, *workbook.remarks)]
        return Outcome(changes=filled.changes, disagreements=filled.disagreements, notes=notes, dry_run=dry_run)

    outcome = each_book(books, populate, progress)
    outcome.dry_run = dry_run
    outcome.disagreements = outcome.disagreements or []
    return outcome
