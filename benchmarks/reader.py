"""What reading costs beside python-calamine, which gives values only: `python benchmarks/reader.py`.

Both read every sheet of the same books in one process, in turn; CPU time. perfxl's grids hold number formats, merged areas, notes and
hidden rows besides.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from forms import write_form

from perfxl.workbooks.closed import ClosedWorkbook

GOAL = 4.0
BOOKS = 150
ROUNDS = 5


def with_calamine(path: Path) -> None:
    """Every sheet's values."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def with_perfxl(path: Path) -> None:
    """Every sheet's grid."""
    book = ClosedWorkbook.open(path)
    for name in book.sheet_names:
        book.grid(name)


def seconds(read: Callable[[Path], None], books: list[Path]) -> float:
    """The CPU time for all books."""
    start = time.process_time()
    for path in books:
        read(path)
    return time.process_time() - start


def main() -> int:
    """Print the medians and their ratio; 1 where it is above the goal."""
    with tempfile.TemporaryDirectory() as folder:
        books = [Path(folder) / f"{number}.xlsx" for number in range(BOOKS)]
        for number, path in enumerate(books):
            write_form(path, number, sheets=2 + number % 3)  # 3 forms a book, as in a department's folder
        with_calamine(books[0])
        rounds = [(seconds(with_calamine, books), seconds(with_perfxl, books)) for _ in range(ROUNDS)]
    theirs, ours = (statistics.median(column) / BOOKS * 1000 for column in zip(*rounds, strict=True))
    print(f"{BOOKS} books: calamine {theirs:.2f} ms, perfxl {ours:.2f} ms a book, ratio {ours / theirs:.2f}")
    return int(ours / theirs > GOAL)


if __name__ == "__main__":
    sys.exit(main())
