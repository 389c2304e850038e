"""What a store is handed on as: each output is a function of the store's connection that says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Written(NamedTuple):
    """A file or folder that was to be written: what it is called in messages (汇总表), where it is, whether it was written (else it was
    up to date), what a user should know of it, and what to do with it next."""

    title: str
    path: Path
    changed: bool
    notes: list[str]
    next_step: str = ""


Output = Callable[["DuckDBPyConnection"], Written]
