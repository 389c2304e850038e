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
    """Books and forms in the store, findings by severity, the departments of the whole store, and what of the run's sources could not
    be read (book, why) or needs a word (book, note)."""

    books: int
    forms: int
    replaced: int
    errors: int
    warnings: int
    advice: int
    departments: list[Department]
    failures: list[tuple[str, str]]
    notes: list[tuple[str, str]]


def figures_of(sql: DuckDBPyConnection, sources: list[str]) -> Figures:
    """The figures of a store; failures and notes are those of these sources and of what belongs to none."""
    books, forms, replaced = sql.execute(
        "SELECT (SELECT count(*) FROM books), count(*), count(superseded_by) FROM forms"
    ).fetchall()[0]
    # A finding across forms is one finding, however many places it has.
    severities = dict(
        sql.execute(
            "SELECT severity, count(*) FILTER (across IS NULL) + count(DISTINCT across) FROM findings GROUP BY severity"
        ).fetchall()
    )
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
        [Department(*row) for row in departments],
        failures,
        notes,
    )
