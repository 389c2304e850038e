"""perfxl: checks and scores 项目支出绩效自评表 workbooks in place.

The public API is small: `find_books`, `check_books`, `score_books`, `clear_books` and `undo_book` do what the commands of the same
names do and give an `Outcome`, and so do `new_blank`, `new_from_plan`, `populate_books` and `export_books`; `read_forms`, `score_form`
and `run_checks` work on one grid or one form. Names are imported when first used.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False  # what `typing` says, without the ten milliseconds that it takes to load
if TYPE_CHECKING:
    from typing import Any

    from perfxl.checks import run_checks
    from perfxl.export.exporting import export_books
    from perfxl.form.reader import read_forms
    from perfxl.outcome import Outcome
    from perfxl.populate.books import new_blank, new_from_plan
    from perfxl.populate.populating import populate_books
    from perfxl.scoring import score_form
    from perfxl.sources import find_books
    from perfxl.workflows import Options, check_books, clear_books, score_books, undo_book

__all__ = [
    "Options",
    "Outcome",
    "check_books",
    "clear_books",
    "export_books",
    "find_books",
    "new_blank",
    "new_from_plan",
    "populate_books",
    "read_forms",
    "run_checks",
    "score_books",
    "score_form",
    "undo_book",
]

_HOMES = {
    "run_checks": "perfxl.checks",
    "export_books": "perfxl.export.exporting",
    "read_forms": "perfxl.form.reader",
    "Outcome": "perfxl.outcome",
    "new_blank": "perfxl.populate.books",
    "new_from_plan": "perfxl.populate.books",
    "populate_books": "perfxl.populate.populating",
    "score_form": "perfxl.scoring",
    "find_books": "perfxl.sources",
    "Options": "perfxl.workflows",
    "check_books": "perfxl.workflows",
    "clear_books": "perfxl.workflows",
    "score_books": "perfxl.workflows",
    "undo_book": "perfxl.workflows",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
