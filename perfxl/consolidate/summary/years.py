"""The sheet 年度对比: the sums of each year, and each department's year against the one before.

The only place that imports pandas: it is loaded where a store has several years.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from perfxl.consolidate.summary.figures import Overview

if TYPE_CHECKING:
    from pandas import DataFrame  # type: ignore[import-untyped]

_FIGURES = ["forms", "initial_budget", "budget", "executed"]


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
    frame = _frame(overview)
    totals = frame.groupby("year")[_FIGURES].sum()
    totals = totals.join(totals.set_axis(totals.index + 1).add_suffix("_last"))
    totals.index = totals.index.map(str)
    year = overview.named[0]
    departments = list(_lines(_departments(frame, year))) if year - 1 in overview.named else []
    return Comparison(year, list(_lines(totals)), departments)


def _departments(frame: DataFrame, year: int) -> DataFrame:
    """The departments of a year beside those of the year before; those that only the latter has come last."""
    this, last = (frame[frame["year"] == of].set_index("department")[_FIGURES] for of in (year, year - 1))
    both = this.join(last.add_suffix("_last"), how="outer")
    return both.reindex([*this.index, *last.index.difference(this.index, sort=False)])


def _frame(overview: Overview) -> DataFrame:
    """A row for each department and year that is named, in the order of the overview; amounts stay decimal."""
    from pandas import DataFrame

    rows: Sequence[tuple[Any, ...]] = [
        (year.year, department.name or "", *department.sums[:4])
        for year in overview.years
        if year.year is not None
        for department in year.departments
    ]
    return DataFrame(rows, columns=["year", "department", *_FIGURES]).astype(dict.fromkeys(_FIGURES, object))


def _lines(frame: DataFrame) -> Iterator[Line]:
    known = frame.astype(object).where(frame.notna(), None)
    for name, row in zip(known.index, known.to_dict("records"), strict=True):
        pairs = [(row[figure], row[f"{figure}_last"]) for figure in ("forms", "budget", "executed")]
        yield Line(name or None, *pairs)
