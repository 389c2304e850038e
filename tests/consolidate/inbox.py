"""A small inbox of department books, and a store of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from perfxl.consolidate.executors import run_here
from perfxl.consolidate.run import Report, consolidate
from perfxl.consolidate.store import read_store
from tests.books import GOOD_FORM, write_book

LONG_AGO = 1_700_000_000  # seconds; a file so old is told unchanged by its time


def form(project: str = "河堤加固", department: str = "青川市水务局", **replaced: str) -> str:
    """A good form of a project, with other texts in place of some that it has."""
    picture = GOOD_FORM.replace("项目名称 | 河堤加固", f"项目名称 | {project}")
    picture = picture.replace("主管部门 | 青川市水务局", f"主管部门 | {department}")
    for old, new in replaced.items():
        picture = picture.replace(old, new)
    return picture


def hand_in(folder: Path, name: str, *forms: str, at: int = LONG_AGO) -> Path:
    """A book with a sheet a form, last changed at this second."""
    path = write_book(folder / name, {f"自评表{number}": picture for number, picture in enumerate(forms, 1)})
    os.utime(path, (at, at))
    return path


def keep(given: Sequence[str | Path], store: Path, **more: Any) -> Report:
    """A run in this process."""
    return consolidate(list(map(str, given)), store, more.pop("run", run_here), **more)


def ask(store: Path, query: str) -> list[tuple[Any, ...]]:
    """The rows that a store answers with."""
    with read_store(store) as sql:
        return sql.execute(query).fetchall()
