"""What is known of a project before the year ends: what a form is filled with."""

from decimal import Decimal
from typing import NamedTuple


class PartyContent(NamedTuple):
    """A project, department or unit: name, and its code where it has one."""

    name: str
    code: str | None = None

    @property
    def printed(self) -> str:
        """As forms print it: `[137]名称`."""
        return f"[{self.code}]{self.name}" if self.code else self.name


class FundContent(NamedTuple):
    """Amounts of one source of money, in 万元; None where none is known."""

    initial_budget: Decimal | None = None
    budget: Decimal | None = None


class IndicatorContent(NamedTuple):
    """An indicator of the plan. `target` is the whole text (≥50个), or a number or words beside `sign` and `unit`."""

    level1: str
    level2: str
    name: str
    target: str
    weight: Decimal | None
    sign: str = ""
    unit: str = ""


class FormContent(NamedTuple):
    """A project's plan. `funds` are its amounts by source (`total`, `fiscal`, `carryover`, `other`)."""

    project: PartyContent | None
    department: PartyContent | None
    implementing_unit: PartyContent | None
    year: int | None
    funds: dict[str, FundContent]
    goal: str
    indicators: tuple[IndicatorContent, ...]
