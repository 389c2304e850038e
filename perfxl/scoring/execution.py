"""Budget execution: rate = 全年执行数 ÷ 全年预算数, points = weight × rate, capped at the weight.

Source: the form's own heading "执行率(B/A)"; 财预〔2020〕10号. Points come from the unrounded rate and stand on the total row only.
"""

from __future__ import annotations

from decimal import Decimal

from perfxl.form.model import Form, FundKind, FundLine, Value
from perfxl.rules.profile import Profile
from perfxl.scoring.results import FundScore
from perfxl.scoring.rounding import divided, rounded


def execution_weight(form: Form, profile: Profile) -> Decimal | None:
    """The weight of the execution row: the one printed, else the profile's; None where the layout does not score execution."""
    line = form.fund_total
    if line is None or (line.weight is None and line.score is None):
        return None
    if line.weight is not None and not line.weight.empty:
        return line.weight.number
    return form.money_weight or profile.execution_weight or None


def execution_unread(form: Form, weights: Decimal | None, points: Decimal | None, profile: Profile) -> bool:
    """Whether one part that was not read, execution's weight and points, explains what is missing in the weights and in the total.

    `weights` and `points` are what was read and adds up. Without a printed total, only where the money block was not found.
    """
    if weights is None or points is None or weights >= profile.total_weight:
        return False
    printed = form.total.score if form.total is not None else None
    if printed is None or printed.number is None:
        return bool(form.missing) and not form.funds
    return 0 < printed.number - points <= profile.total_weight - weights


def execution_rate(line: FundLine) -> Decimal | None:
    """Executed ÷ budget, unrounded; None where there is no budget, or an amount is no number."""
    if line.budget is None or line.executed is None:
        return None
    budget, executed = line.budget.number, line.executed.number
    if budget is None or executed is None or budget <= 0:
        return None
    return divided(executed, budget)


def score_funds(form: Form, profile: Profile) -> tuple[FundScore, ...]:
    """What each fund row should say, in the order of `form.funds`."""
    weight = execution_weight(form, profile)
    out = []
    for line in form.funds:
        rate = execution_rate(line)
        if rate is None:
            out.append(FundScore())
            continue
        points = None
        if line.kind is FundKind.TOTAL and weight is not None:
            points = rounded(max(min(weight * rate, weight), Decimal(0)), profile.execution_score_decimals)
        out.append(FundScore(rate, _as_printed(rate, line.execution_rate, profile), points))
    return tuple(out)


def _as_printed(rate: Decimal, printed: Value | None, profile: Profile) -> Decimal:
    """The rate at the decimals that the form prints, at the profile's where it prints none."""
    if printed is None or printed.number is None:
        return rounded(rate, profile.rate_decimals + 2)
    return rounded(rate, rate_decimals(printed))


# Nobody knows what a cell shows whose format perfxl does not print: such a rate is compared as a percentage at two decimals.
_UNPRINTED_DECIMALS = 4


def rate_decimals(printed: Value) -> int:
    """The decimals of a printed rate taken as a fraction: 99.90% has four, a bare 0.958 three, a bare 99.9 three, a bare 1 two."""
    if not printed.format_known:
        return _UNPRINTED_DECIMALS
    if printed.percent or printed.scale != 1:
        return printed.decimals + 2
    return printed.decimals or 2
