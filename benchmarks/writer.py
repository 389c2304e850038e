"""What the edit in place costs beside a copy of the same file: `python benchmarks/writer.py`.

Copy: read the file, write every entry raw into a new zip, replace it as safely as the edit does. Edit: open, change three values
(two numbers, one text), read back, replace. Neither waits for the disk. Medians over many small forms, the two taken in turn, in one process.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from forms import write_form

from perfxl.files import replace_file
from perfxl.grid.address import parse_a1
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.package import Package
from perfxl.workbooks.port import Edit

GOAL = 3.0
BOOKS = 110
ROUNDS = 5


def copy(path: Path) -> None:
    """Write the file anew, every entry raw."""
    replace_file(path, Package.open(path).rewritten({}), fsync=False)


def edit(path: Path, turn: int) -> None:
    """Change three values: the execution rate, its points, and a reason."""
    book = ClosedWorkbook.open(path)
    sheet = book.sheet_names[0]
    rate = Decimal(900 + turn) / 1000
    book.apply(
        [
            Edit(sheet, parse_a1("H6"), rate),
            Edit(sheet, parse_a1("I6"), rate * 10),
            Edit(sheet, parse_a1("I19"), f"第 {turn} 次核对后补充说明原因。"),
        ]
    )
    book.save(fsync=False)


def seconds(work: Callable[[], None]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> int:
    """Print the medians and their ratio; 1 where it is above the goal."""
    copies: list[float] = []
    edits: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        books = [Path(folder) / f"{number}.xlsx" for number in range(BOOKS)]
        for number, path in enumerate(books):
            write_form(path, number)
        size = statistics.median(path.stat().st_size for path in books)
        for turn in range(ROUNDS):
            for path in books:
                copies.append(seconds(lambda path=path: copy(path)))  # type: ignore[misc]
                edits.append(seconds(lambda path=path, turn=turn: edit(path, turn)))  # type: ignore[misc]
    copied, edited = statistics.median(copies), statistics.median(edits)
    ratio = edited / copied
    print(
        f"{BOOKS} forms of {size:,.0f} bytes: copy {copied * 1000:.2f} ms, edit {edited * 1000:.2f} ms, ratio {ratio:.2f}"
    )
    return int(ratio > GOAL)


if __name__ == "__main__":
    sys.exit(main())
