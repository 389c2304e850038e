"""CPU of checking many workbooks beside what python-calamine needs merely to read them: `python benchmarks/check.py [FOLDER]`.

One process. Without a folder, small forms are made. The shares of the stages are taken in one more run, under the profiler.
"""

from __future__ import annotations

import cProfile
import gc
import pstats
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from forms import write_form
from python_calamine import CalamineWorkbook

from perfxl.sources import Book, find_books
from perfxl.workflows import Options, check_books

GOAL = 12.0
STAGES = {
    "unzip": ("package.py", "decompress"),
    "XML": (
        "sheetxml.py",
        "sheetrows.py",
        "sharedstrings.py",
        "styles.py",
        "workbookxml.py",
        "relationships.py",
        "Parse",
    ),
    "form": ("/form/", "numberformat.py", "formatcode.py"),
    "scoring": ("/scoring/", "/rules/"),
    "checks": ("/checks/",),
}


def cpu(work: Callable[[], object]) -> float:
    """The CPU seconds of a call."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def read_by_calamine(books: list[Book]) -> None:
    """Every value of every sheet."""
    for book in books:
        workbook = CalamineWorkbook.from_path(str(book.path))
        for name in workbook.sheet_names:
            workbook.get_sheet_by_name(name).to_python()


def shares(books: list[Book]) -> dict[str, float]:
    """The part of the time that each stage takes of itself, by the files in which it is spent."""
    profile = cProfile.Profile()
    profile.runcall(check_books, books, Options())
    spent = dict.fromkeys([*STAGES, "other"], 0.0)
    for (file, _, function), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        place = f"{file}:{function}"
        stage = next((name for name, parts in STAGES.items() if any(part in place for part in parts)), "other")
        spent[stage] += own
    whole = sum(spent.values())
    return {name: seconds / whole for name, seconds in spent.items()}


def measure(folder: Path) -> float:
    """Print what was measured and give the ratio."""
    books = find_books([str(folder)]).books
    check_books(books[:5], Options())  # what is read once is read before
    theirs = min(cpu(lambda: read_by_calamine(books)) for _ in range(3))
    ours = min(cpu(lambda: check_books(books, Options())) for _ in range(3))
    per_book = 1000 / len(books)
    print(
        f"{len(books)} books · calamine {theirs * per_book:.2f} ms a book · perfxl check {ours * per_book:.2f} ms a book"
    )
    print(" · ".join(f"{name} {share:.0%}" for name, share in shares(books).items()))
    print(f"ratio {ours / theirs:.1f} (goal: at most {GOAL:.0f})")
    return ours / theirs


def main() -> int:
    """1 where the ratio is above the goal."""
    if len(sys.argv) > 1:
        return 1 if measure(Path(sys.argv[1])) > GOAL else 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(200):
            write_form(Path(folder, f"{number:03}.xlsx"), number, sheets=number % 4 + 1)
        return 1 if measure(Path(folder)) > GOAL else 0


if __name__ == "__main__":
    sys.exit(main())
