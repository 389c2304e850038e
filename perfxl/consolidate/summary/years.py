"""The sheet 年度对比: the sums of each year, and each department's year against the one before."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from perfxl.consolidate.summary.figures import NOTHING, Overview, Sums, Year, added


class Line(NamedTuple):
    """A year's figures (of a department, or of all) beside those of the year before; None for what there is none of."""

    name: str | None
    forms: tuple[int | None, int | None]
    budget: tuple[Decimal | None, Decimal | None]
    executed: tuple[Decimal | None, Decimal | None]


class Comparison(NamedTuple):
    """`totals` are the years named, in their order, each beside the year before it; `departments` those of the last year, `year`, beside
    the year before; none where the store does not have that year."""

    year: int
    totals: list[Line]
    departments: list[Line]


def compare_years(overview: Overview) -> Comparison:
    """The figures of an overview with at least two years named."""
    years = {year.year: year for year in overview.years if year.year is not None}
    sums = {number: year.sums for number, year in sorted(years.items())}
    totals = [_line(str(number), sums[number], sums.get(number - 1)) for number in sums]
    latest = overview.named[0]
    last = years.get(latest - 1)
    return Comparison(latest, totals, [] if last is None else _departments(years[latest], last))


def _departments(year: Year, last: Year) -> list[Line]:
    """The departments of a year beside those of the year before; those that only the latter has come last."""
    this, before = _by_name(year), _by_name(last)
    return [_line(name or None, this.get(name), before.get(name)) for name in {**this, **before}]


def _by_name(year: Year) -> dict[str, Sums]:
    sums: dict[str, Sums] = {}
    for department in year.departments:
        name = department.name or ""
        sums[name] = added((sums.get(name, NOTHING), department.sums))
    return sums


def _line(name: str | None, this: Sums | None, last: Sums | None) -> Line:
    return Line(
        name,
        (this and this.forms, last and last.forms),
        (this and this.budget, last and last.budget),
        (this and this.executed, last and last.executed),
    )
