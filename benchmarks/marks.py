"""What a marked write costs, beside a raw copy of the zip: `python benchmarks/marks.py`.

Copy: the plainest there is (`rawcopy`). Marked write: open, put two values right, mark the findings
(fills, notes, results sheet), keep the copy for `undo`, read back, replace; what is to be marked is known before. Neither waits for
the disk. Medians over many small forms, the two taken in turn, in one process.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from forms import write_form
from rawcopy import copy

from perfxl.checks import run_checks
from perfxl.form.reader import read_forms
from perfxl.grid.address import parse_a1
from perfxl.history import History, digest
from perfxl.marking import marks_of, results_of
from perfxl.outcome import JudgedForm
from perfxl.scoring import score_form
from perfxl.scoring.choice import choose_profile
from perfxl.scoring.results import ScoredForm
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.marks.model import CellMark, Results
from perfxl.workbooks.port import Edit

GOAL = 12.0
BOOKS = 110
NOW = datetime(2026, 3, 5, 10, 21)  # noqa: DTZ001 - as people read it


class Wanted(NamedTuple):
    """A book and what it is to carry."""

    path: Path
    sheet: str
    marks: list[CellMark]
    results: Results


def wanted(path: Path, number: int) -> Wanted:
    """A form with its findings, judged beforehand."""
    write_form(path, number)
    workbook = ClosedWorkbook.open(path)
    sheet = workbook.sheet_names[0]
    judged = []
    for form in read_forms(workbook.grid(sheet), path.name):
        profile, reason = choose_profile(form)
        scored = ScoredForm(form, profile, reason, score_form(form, profile))
        judged.append(JudgedForm(scored, run_checks(scored)))
    return Wanted(path, sheet, marks_of(judged), results_of(judged, [], None, NOW))


def mark(book: Wanted, history: History) -> None:
    """The whole marked write."""

    def keep(original: bytes, new: bytes) -> None:
        history.keep(book.path, original, new_digest=digest(new), action="score")

    workbook = ClosedWorkbook.open(book.path)
    values = {"H6": Decimal("0.999"), "I6": Decimal("9.99")}
    workbook.apply([Edit(book.sheet, parse_a1(cell), value) for cell, value in values.items()])
    workbook.set_marks(book.marks, book.results, None)
    workbook.save(keep, fsync=False)


def seconds(work: Callable[[], None]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> int:
    """Print the medians and their ratio; 1 where it is above the goal."""
    os.fsync = lambda fd: None
    copies: list[float] = []
    writes: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        books = [wanted(Path(folder, f"{number}.xlsx"), number) for number in range(BOOKS)]
        history = History(Path(folder, "history"))
        size = statistics.median([book.path.stat().st_size for book in books])
        marked = statistics.median([len(book.marks) for book in books])
        for book in books:
            copies.append(seconds(lambda book=book: copy(book.path)))  # type: ignore[misc]
            writes.append(seconds(lambda book=book: mark(book, history)))  # type: ignore[misc]
    copied, written = statistics.median(copies), statistics.median(writes)
    ratio = written / copied
    print(
        f"{BOOKS} forms of {size:,.0f} bytes, {marked:.0f} marks each: copy {copied * 1000:.2f} ms, "
        f"marked write {written * 1000:.2f} ms, ratio {ratio:.1f}"
    )
    return int(ratio > GOAL)


if __name__ == "__main__":
    sys.exit(main())
