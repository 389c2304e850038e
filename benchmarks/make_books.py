"""Fills a folder with department books: `python benchmarks/make_books.py FOLDER COUNT [FIRST]`. The same count, the same books."""

from __future__ import annotations

import sys
from pathlib import Path

from forms import write_form

DEPARTMENTS = 60


def make_books(folder: Path, count: int, first: int = 0) -> None:
    """Write books number `first` to `first + count - 1`, of one to four forms, into folders by department."""
    for number in range(first, first + count):
        write_book(folder, number)


def write_book(folder: Path, number: int, edition: int = 0) -> Path:
    """One book; another edition has other figures under the same name."""
    path = folder / f"{number % DEPARTMENTS:02}局" / f"自评表{number:05}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_form(path, number + 1_000_000 * edition, sheets=number % 4 + 1)
    return path


if __name__ == "__main__":
    make_books(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0)
