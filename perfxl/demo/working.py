"""What the demo does with the workbooks handed in: copies, checks, scores, undoes, consolidates."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from perfxl.consolidate.executors import run_here
from perfxl.consolidate.outputs import Written
from perfxl.consolidate.run import Report, consolidate
from perfxl.consolidate.summary.writing import write_summary
from perfxl.demo.places import Places, date, write
from perfxl.letters.writing import write_letters
from perfxl.outcome import Outcome
from perfxl.reportpage.page import write_page
from perfxl.sources import Book, find_books
from perfxl.workflows import Options, check_books, score_books, undo_book

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from perfxl.consolidate.submissions import Source

UNDONE = Path("卫生健康局/2024年度自评表.xlsx")
"""The workbook that is put back and done again, below the folder of its step."""


class Undone(NamedTuple):
    """What `undo` said of a workbook, and whether its bytes were those that were handed in."""

    message: str
    same: bool


def score_copies(places: Places) -> tuple[Outcome, Outcome]:
    """Copies what was handed in, checks and scores the copies; gives what the check found, and what scoring gave."""
    books = []
    for book in find_books([str(places.handed_in)]).books:
        name = book.path.relative_to(places.handed_in)
        write(places.scored / name, book.path.read_bytes())
        books.append(Book(places.scored / name, str(name)))
    found = check_books(books, Options())
    done = score_books(books, Options())
    _keep_dates(places)
    return found, done


def undo_and_redo(places: Places) -> Undone:
    """Puts one workbook back as it was handed in, looks whether it is, and scores it again."""
    path = places.scored / UNDONE
    message = undo_book(path).notes[0][1]
    same = path.read_bytes() == (places.handed_in / UNDONE).read_bytes()
    score_books([Book(path, str(UNDONE))], Options())
    _keep_dates(places)
    return Undone(message, same)


def consolidate_scored(places: Places) -> tuple[Report, list[Written]]:
    """The scored workbooks into a store, and from there summary, page and letters."""
    written: list[Written] = []
    outputs = (partial(write_summary, out=places.summary), partial(write_page, out=places.page))

    def finish(sql: DuckDBPyConnection, sources: list[Source]) -> None:
        written.extend(output(sql) for output in outputs)
        written.append(write_letters(sql, places.letters, [source.name for source in sources]))

    places.results.mkdir(parents=True, exist_ok=True)
    report = consolidate([str(places.scored)], places.store, run_here, expected=places.expected, finish=finish)
    return report, written


def _keep_dates(places: Places) -> None:
    """The copies bear the dates of what was handed in: of two drafts the later one stays the later one."""
    for path in places.scored.rglob("*.xls[xm]"):
        handed_in = places.handed_in / path.relative_to(places.scored)
        if handed_in.exists():
            date(path, int(handed_in.stat().st_mtime))
