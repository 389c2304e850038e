"""What a source tells of a project: the plan of its year, and what was paid."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from perfxl.grid.address import parse_a1
from perfxl.templates.content import FormContent, FundContent, IndicatorContent, PartyContent


class Place(NamedTuple):
    """A cell of a source: the workbook as it was named, the sheet, the address."""

    book: str
    sheet: str
    cell: str

    @property
    def row(self) -> int:
        """The cell's row."""
        return parse_a1(self.cell).row

    def __str__(self) -> str:
        return f"工作表“{self.sheet}”单元格 {self.cell}"


class Fault(NamedTuple):
    """Something in a source that does not fit: nothing is written as long as it stands."""

    place: Place
    message: str


class PlannedIndicator(NamedTuple):
    """An indicator and where its row stands."""

    content: IndicatorContent
    place: Place


@dataclass(slots=True)
class Project:
    """A project as its sources tell it. Amounts are in 万元, `paid` too (None: no ledger speaks of it); `paid_at` is the
    first line of a ledger that counts in it.

    `carried` tells that it is last year's form: amounts and dates are not this year's. `whole` tells that it is no project but the
    whole spending of its department.
    """

    place: Place
    name: str
    code: str | None = None
    department: PartyContent | None = None
    unit: PartyContent | None = None
    year: int | None = None
    funds: dict[str, FundContent] = field(default_factory=dict)
    goal: str = ""
    indicators: list[PlannedIndicator] = field(default_factory=list)
    paid: Decimal | None = None
    paid_at: Place | None = None
    carried: bool = False
    whole: bool = False

    @property
    def content(self) -> FormContent:
        """What a form is filled with: rows of one level stand together, in the order in which the levels come first."""
        return FormContent(
            None if self.whole else PartyContent(self.name, self.code),
            self.department,
            self.unit,
            self.year,
            _with_total(self.funds),
            self.goal,
            tuple(_grouped([each.content for each in self.indicators])),
        )


_SPENT = ("basic", "projects")


def _with_total(funds: dict[str, FundContent]) -> dict[str, FundContent]:
    """The amounts with their total, added up from the parts where the source names none."""
    # What a department spends in whole is told by what it is spent on; where that money comes from is told besides.
    spent = [amounts for source, amounts in funds.items() if source in _SPENT]
    parts = spent or [amounts for source, amounts in funds.items() if source != "total"]
    if "total" in funds or not parts:
        return funds
    initial = [part.initial_budget for part in parts if part.initial_budget is not None]
    budget = [part.budget for part in parts if part.budget is not None]
    total = FundContent(sum(initial, Decimal(0)) if initial else None, sum(budget, Decimal(0)) if budget else None)
    return {"total": total, **funds}


def _grouped(rows: list[IndicatorContent]) -> list[IndicatorContent]:
    order1 = {level: number for number, level in enumerate(dict.fromkeys(row.level1 for row in rows))}
    order2 = {level: number for number, level in enumerate(dict.fromkeys((row.level1, row.level2) for row in rows))}
    return sorted(rows, key=lambda row: (order1[row.level1], order2[row.level1, row.level2]))
