"""Checks of the money block: rates, overruns, sums, budgets that are not there (FND)."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from perfxl.checks.finding import Severity
from perfxl.checks.fundtree import breakdown, readings
from perfxl.checks.registry import Fault, check
from perfxl.form.model import Form, FundKind, FundLine, Value
from perfxl.scoring.execution import rate_decimals
from perfxl.scoring.results import ScoredForm
from perfxl.scoring.rounding import percentage, plain, rounded


@check("FND001")
def execution_rate_wrong(scored: ScoredForm) -> Iterator[Fault]:
    """The printed execution rate of a fund row is not executed ÷ budget, compared at the decimals printed.

    Rule: the form's own heading 执行率(B/A), 财预〔2020〕10号. One unit in the last place (97.80 for 97.81) is a
    warning: truncated rather than rounded. A blank rate and 0/0 are silent. Cannot tell whether the rate or an amount
    is mistyped.
    """
    for line, score in zip(scored.form.funds, scored.scores.funds, strict=True):
        printed = line.execution_rate
        if printed is None or printed.number is None or score.rate is None:
            continue
        decimals = rate_decimals(printed) or 2  # a bare 1 means 100%
        right = rounded(score.rate, decimals)
        off = abs(rounded(printed.number, decimals) - right)
        if not off:
            continue
        last_place = off <= Decimal(1).scaleb(-decimals)
        yield Fault(
            printed.at,
            printed.text,
            _rate_like(printed, right, decimals),
            variant=_rate_variant(printed, score.rate, last_place),
            severity=Severity.WARNING if last_place else None,
            row=line.label.text,
            executed=_text(line.executed),
            budget=_text(line.budget),
            compared="" if printed.format_known else _AT_TWO_DECIMALS,
        )


_AT_TWO_DECIMALS = "，读不到单元格的数字格式，按两位小数比对"


def _rate_variant(printed: Value, rate: Decimal, last_place: bool) -> str:
    if rate > 1:
        return "overrun"  # the amounts come first
    if printed.formula:
        return "formula"
    return "last_place" if last_place else "default"


def _text(value: Value | None) -> str:
    return "" if value is None else value.text


def _rate_like(printed: Value, rate: Decimal, decimals: int) -> str:
    """A rate as the cell prints it: 99.90%, 99.9 under 执行率(%), or a bare 0.999."""
    if printed.percent:
        return percentage(rate, decimals - 2)
    return format(rounded(rate / printed.scale, decimals - 2 if printed.scale != 1 else decimals), "f")


@check("FND002")
def executed_exceeds_budget(scored: ScoredForm) -> Iterator[Fault]:
    """More was executed than the budget allows, on any fund row.

    Rule: execution over 100 % is refused by 一体化. A budget of 0 is FND004 only. Cannot tell an adjusted budget that
    was not entered from real overspending.
    """
    for line in scored.form.funds:
        if line.budget is None or line.executed is None or line.budget.number is None or line.executed.number is None:
            continue
        over = line.executed.number - line.budget.number
        if line.budget.number > 0 and over > 0:
            yield Fault(
                line.executed.at,
                line.executed.text,
                row=line.label.text,
                budget=line.budget.text,
                over=_with_unit(_amount(over, line.executed, line.budget), scored.form),
            )


_AMOUNTS = {"initial_budget": "年初预算数", "budget": "全年预算数", "executed": "全年执行数"}


@check("FND003")
def fund_lines_do_not_add_up(scored: ScoredForm) -> Iterator[Fault]:
    """The parts of an amount column are not its total.

    Rule: 年度资金总额 is the sum of the rows under it (form-2019, save check of 一体化). Print does not show which
    rows are parts of parts, so a fault stands only where no reading adds up (see `fundtree`). A difference that
    rounding the parts can make is a warning. A column without any part is not compared. Cannot tell which of the figures is the wrong one.
    """
    total, parts = scored.form.fund_total, [line for line in scored.form.funds if line.kind is not FundKind.TOTAL]
    if total is None:
        return
    for column, label in _AMOUNTS.items():
        printed: Value | None = getattr(total, column)
        amounts: list[Value | None] = [getattr(line, column) for line in parts]
        if printed is None or printed.number is None or not _all_read(amounts):
            continue
        target = printed.number
        sums: list[_Sum] = []
        for reading in _readings(total, parts, column):
            added = _add_up([amounts[n] for n in reading])
            if added.parts:
                sums.append(added)
                if added.amount == target:
                    break
        if not sums:
            continue
        nearest = min(sums, key=lambda added: abs(added.amount - target))
        difference = abs(nearest.amount - target)
        if not difference:
            continue
        by_rounding = difference <= nearest.rounding
        yield Fault(
            printed.at,
            printed.text,
            variant="rounding" if by_rounding else "default",
            severity=Severity.WARNING if by_rounding else None,
            row=total.label.text,
            column=label,
            sum=_amount(nearest.amount, printed, *nearest.parts),
            difference=_with_unit(_amount(difference, printed, *nearest.parts), scored.form),
        )


def _readings(total: FundLine, parts: list[FundLine], column: str) -> Iterator[list[int]]:
    """The rows that may count, by what is printed, then by what adds up in this column or in another."""
    yield from readings(parts)
    for each in (column, *_AMOUNTS):
        whole: Value | None = getattr(total, each)
        amounts: list[Value | None] = [getattr(line, each) for line in parts]
        if whole is not None and whole.number is not None:
            rows = breakdown(parts, [None if amount is None else amount.number for amount in amounts], whole.number)
            if rows is not None:
                yield rows


class _Sum(NamedTuple):
    """Parts added up."""

    parts: tuple[Value, ...]
    amount: Decimal

    @property
    def rounding(self) -> Decimal:
        """How far half a unit in each part's last printed place can move the sum."""
        return sum((Decimal("0.5").scaleb(-part.decimals) for part in self.parts), Decimal(0))


def _add_up(amounts: Iterable[Value | None]) -> _Sum:
    filled = [(amount, amount.number) for amount in amounts if amount is not None and amount.number is not None]
    return _Sum(
        parts=tuple(amount for amount, _ in filled),
        amount=sum((number for _, number in filled), Decimal(0)),
    )


def _all_read(amounts: list[Value | None]) -> bool:
    """No amount is hidden from us: a text that is no number (FND005), or a formula whose value nobody knows."""
    return all(amount is None or amount.number is not None or amount.blank_like for amount in amounts)


def _amount(number: Decimal, *like: Value) -> str:
    """An amount at the decimals that the form prints; exact where those would hide it."""
    shown = rounded(number, max(value.decimals for value in like))
    return format(shown, "f") if shown or not number else plain(number)


def _with_unit(amount: str, form: Form) -> str:
    return f"{amount} {form.money_unit}" if form.money_unit else amount


@check("FND004")
def zero_budget(scored: ScoredForm) -> Iterator[Fault]:
    """Money was executed, or a rate is printed, where the budget is 0 or blank.

    Rule: without a budget there is no execution rate (form-2019, heading 执行率; 一体化 refuses it). 0 of 0 with 0,
    100 %, a dash or nothing printed is not applicable rather than wrong. Cannot tell which budget was meant.
    """
    for line in scored.form.funds:
        budget, executed, rate = line.budget, line.executed, line.execution_rate
        if budget is None or budget.number or not (budget.number == 0 or budget.blank_like):
            continue
        row, stands = line.label.text, f"为 {budget.text}" if budget.number == 0 else "没有填"
        if executed is not None and executed.number:
            what = f"全年执行数 {_with_unit(executed.text, scored.form)}"
            yield Fault(budget.at, budget.text, row=row, stands=stands, what=what)
        elif rate is not None and rate.number is not None and rate.number not in (0, 1):
            yield Fault(budget.at, budget.text, variant="rate", row=row, stands=stands, what=f"执行率 {rate.text}")
