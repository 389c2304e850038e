"""What the edit in place costs beside a copy of the same file: `python benchmarks/writer.py`.

Copy: the plainest there is, which reads the file, writes every entry raw and the directory into a new one, and replaces it; it looks
at nothing and keeps nothing. Edit: open, change three values (two numbers, one text), read back, replace. Neither waits for the disk.
Medians over many small forms, the two taken in turn, in one process; by the clock and by CPU.
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
from rawcopy import copy

from perfxl.grid.address import parse_a1
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.port import Edit

GOAL = 3.0
BOOKS = 110
ROUNDS = 5


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


def seconds(work: Callable[[], None]) -> tuple[float, float]:
    """How long it takes, by the clock and by CPU."""
    start, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - cpu


def main() -> int:
    """Print the medians and their ratios; 1 where one is above the goal."""
    copies: list[tuple[float, float]] = []
    edits: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        books = [Path(folder) / f"{number}.xlsx" for number in range(BOOKS)]
        for number, path in enumerate(books):
            write_form(path, number)
        size = statistics.median(path.stat().st_size for path in books)
        for turn in range(ROUNDS):
            for path in books:
                copies.append(seconds(lambda path=path: copy(path)))  # type: ignore[misc]
                edits.append(seconds(lambda path=path, turn=turn: edit(path, turn)))  # type: ignore[misc]
    print(f"{BOOKS} forms of {size:,.0f} bytes")
    ratios = []
    for name, copied, edited in zip(("clock", "CPU"), zip(*copies, strict=True), zip(*edits, strict=True), strict=True):
        one, other = statistics.median(copied) * 1000, statistics.median(edited) * 1000
        ratios.append(other / one)
        print(f"{name}: copy {one:.2f} ms, edit {other:.2f} ms, ratio {other / one:.2f}")
    return int(max(ratios) > GOAL)


if __name__ == "__main__":
    sys.exit(main())
