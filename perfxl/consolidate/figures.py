"""What the store says of some sources, in numbers and lists: for the report of a run."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Department(NamedTuple):
    """Figures of a department in a year: amounts in 万元 and the rate that their sums give (None where there is no budget)."""

    name: str | None
    year: int | None
    projects: int
    budget: Decimal | None
    executed: Decimal | None
    execution_rate: Decimal | None


class Figures(NamedTuple):
    """Books and forms in the store, places with findings by severity, expected submissions that are missing, whether any finding is an
    error, the departments of the whole store, and what of the run's sources could not be read (book, why) or needs a word (book, note)."""

    books: int
    forms: int
    replaced: int
    errors: int
    warnings: int
    advice: int
    missing: int
    has_errors: bool
    departments: list[Department]
    failures: list[tuple[str, str]]
    notes: list[tuple[str, str]]


def figures_of(sql: DuckDBPyConnection, sources: list[str]) -> Figures:
    """The figures of a store; failures and notes are those of these sources and of what belongs to none."""
    books, forms, replaced = sql.execute(
        "SELECT (SELECT count(*) FROM books), count(*), count(superseded_by) FROM forms"
    ).fetchall()[0]
    # As in the summary, on the page and in the letters: by places, in the forms that count.
    severities = dict(
        sql.execute(
            'SELECT severity, count(*) FROM findings JOIN counted USING (source, book, sheet, "index") GROUP BY severity'
        ).fetchall()
    )
    missing, has_errors = sql.execute(
        "SELECT (SELECT count(missing) FROM expected), EXISTS (FROM findings WHERE severity = 'error')"
    ).fetchall()[0]
    departments = sql.execute(
        "SELECT department, year, projects, budget, executed, execution_rate FROM department_figures "
        "ORDER BY budget DESC NULLS LAST, department, year"
    ).fetchall()
    failures = sql.execute(
        "SELECT book, error FROM failures WHERE list_contains(?, source) OR source = '' ORDER BY ALL", [sources]
    ).fetchall()
    notes = sql.execute(
        "SELECT book, note FROM books WHERE list_contains(?, source) AND note IS NOT NULL ORDER BY ALL", [sources]
    ).fetchall()
    return Figures(
        books,
        forms,
        replaced,
        severities.get("error", 0),
        severities.get("warning", 0),
        severities.get("advice", 0),
        missing,
        has_errors,
        [Department(*row) for row in departments],
        failures,
        notes,
    )
