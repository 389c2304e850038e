"""The figures of the page 汇总: departments by year, grades, distribution of scores, findings by kind.

Amounts are sums in 万元, rates are weighted by money. No score is averaged: how the scores are distributed is shown instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

GRADES = ("优", "良", "中", "差")
BANDS = ((0, 60), (60, 70), (70, 80), (80, 85), (85, 90), (90, 95), (95, 98), (98, None))
"""The bands of scores that are counted: from, below; the last one has no end."""


class Sums(NamedTuple):
    """Sums over forms: how many there are, amounts in 万元, forms by grade, findings of severity error and warning."""

    forms: int
    initial_budget: Decimal
    budget: Decimal
    executed: Decimal
    excellent: int
    good: int
    fair: int
    poor: int
    errors: int
    warnings: int

    @property
    def rate(self) -> Decimal | None:
        """The execution rate, weighted by money; None where there is no budget."""
        return self.executed / self.budget if self.budget else None

    @property
    def grades(self) -> tuple[int, ...]:
        """How many forms have each of `GRADES`."""
        return self.excellent, self.good, self.fair, self.poor


NOTHING = Sums(0, Decimal(0), Decimal(0), Decimal(0), 0, 0, 0, 0, 0, 0)


def added(many: Iterable[Sums]) -> Sums:
    """Sums of sums."""
    return Sums._make(map(sum, zip(NOTHING, *many, strict=True)))


class Department(NamedTuple):
    """A department in a year; None where the forms do not say it."""

    name: str | None
    sums: Sums


class Year(NamedTuple):
    """The departments of a year, by budget; `year` is None for forms that name none, or where all belong together."""

    year: int | None
    departments: list[Department]

    @property
    def sums(self) -> Sums:
        """Over all departments."""
        return added(department.sums for department in self.departments)


class Kind(NamedTuple):
    """Findings of one kind: code and severity, and at how many places of the forms that count they are."""

    code: str
    severity: str
    times: int


class Overview(NamedTuple):
    """What the page 汇总 shows.

    `years` begins with the one that the charts are about; where only one year is named, forms without a year belong to it and `year`
    is None. `named` are the years named, the last one first. `bands`, `kinds` and `replaced`, the forms that a newer one replaces, are of
    the year shown. `expected` and `missing` count submissions, `failures` files, `without_unit` the forms that name no unit of money.
    `dated` is the day (2026-03-05) of the newest book, "" where there is none.
    """

    years: list[Year]
    named: list[int]
    bands: list[int]
    kinds: list[Kind]
    dated: str
    expected: int
    missing: int
    failures: int
    without_unit: int
    replaced: int


def overview_of(sql: DuckDBPyConnection) -> Overview:
    """The figures of a store."""
    named = [
        year
        for (year,) in sql.execute(
            "SELECT DISTINCT year FROM counted WHERE year IS NOT NULL ORDER BY 1 DESC"
        ).fetchall()
    ]
    years = _years(sql, apart=len(named) > 1) or [Year(None, [])]
    first = years[0].year
    counts = sql.execute(
        """SELECT (SELECT coalesce(strftime(max(dated), '%Y-%m-%d'), '') FROM books WHERE forms > 0),
        (SELECT count(*) FROM expected), (SELECT count(*) FROM expected WHERE missing IS NOT NULL), (SELECT count(*) FROM failures),
        (SELECT count(*) FROM counted WHERE money_unit IS NULL),
        (SELECT count(superseded_by) FROM forms WHERE ?::INTEGER IS NULL OR year = ?)""",
        [first, first],
    ).fetchall()[0]
    return Overview(years, named, _bands(sql, first), _kinds(sql, first), *counts)


def _years(sql: DuckDBPyConnection, *, apart: bool) -> list[Year]:
    year = "c.year" if apart else "NULL"
    rows = sql.execute(
        f"""SELECT {year} AS of_year, counted_under, count(*), coalesce(sum(initial_budget_10k), 0), coalesce(sum(budget_10k), 0) AS budget,
            coalesce(sum(executed_10k), 0), {", ".join(f"count(*) FILTER (total_grade = '{grade}')" for grade in GRADES)},
            coalesce(sum(n.errors), 0)::BIGINT, coalesce(sum(n.warnings), 0)::BIGINT
        FROM counted c LEFT JOIN (SELECT source, book, sheet, "index", count(*) FILTER (severity = 'error') AS errors,
                count(*) FILTER (severity = 'warning') AS warnings FROM findings GROUP BY ALL) n USING (source, book, sheet, "index")
        GROUP BY ALL ORDER BY of_year DESC NULLS LAST, budget DESC, counted_under NULLS LAST"""
    ).fetchall()
    years = []
    for number, group in groupby(rows, lambda row: row[0]):
        departments = [Department(row[1], Sums(*row[2:])) for row in group]
        years.append(Year(number, departments))
    return years


def _bands(sql: DuckDBPyConnection, year: int | None) -> list[int]:
    counts = ", ".join(
        f"count(*) FILTER (total_computed >= {low}" + (f" AND total_computed < {high})" if high else ")")
        for low, high in BANDS
    )
    return list(
        sql.execute(f"SELECT {counts} FROM counted WHERE ?::INTEGER IS NULL OR year = ?", [year, year]).fetchall()[0]
    )


def _kinds(sql: DuckDBPyConnection, year: int | None) -> list[Kind]:
    rows = sql.execute(
        """SELECT code, severity, count(*) AS times
        FROM findings JOIN counted USING (source, book, sheet, "index") WHERE ?::INTEGER IS NULL OR year = ?
        GROUP BY code, severity ORDER BY times DESC, code, severity""",
        [year, year],
    ).fetchall()
    return [Kind(*row) for row in rows]
