"""What a store is handed on as: each output is a function of the store's connection that says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Kind(Enum):
    """What a file is, by its name in JSON; FORMS are the forms as they look, in workbooks beside the summary."""

    SUMMARY = "summary"
    FORMS = "forms"
    PAGE = "page"
    LETTER = "letter"


class State(Enum):
    """What became of a file; OUTDATED is one of an earlier run that nothing stands behind any more, and that a person may have worked on."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    OUTDATED = "outdated"


class OutputFile(NamedTuple):
    """One file of an output."""

    kind: Kind
    path: Path
    state: State


class Written(NamedTuple):
    """A file or folder that was to be written: what it is called in messages (汇总表), where it is, whether it was written (else it was
    up to date), its files and those that go with it, what a user should know of it, and what to do with it next."""

    title: str
    path: Path
    changed: bool
    files: list[OutputFile]
    notes: list[str]
    next_step: str = ""


Output = Callable[["DuckDBPyConnection"], Written]


def written_or_not(kind: Kind, path: Path, changed: bool) -> OutputFile:
    """A file that stands there now."""
    return OutputFile(kind, path, State.WRITTEN if changed else State.UNCHANGED)
