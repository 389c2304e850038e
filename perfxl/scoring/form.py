"""Scores a whole form: execution, each indicator, the total and the grade."""

from __future__ import annotations

from decimal import Decimal

from perfxl.form.model import Form, Indicator, Kind
from perfxl.form.values import Period, Quantity, Reading, normal, read_value
from perfxl.rules.profile import Profile
from perfxl.scoring.direction import fewer_is_better
from perfxl.scoring.execution import execution_unread, execution_weight, score_funds
from perfxl.scoring.qualitative import named_tier
from perfxl.scoring.quantitative import comparable, quantitative_points, with_cut
from perfxl.scoring.results import IndicatorScore, Scores
from perfxl.scoring.rounding import plain
from perfxl.scoring.total import computed_total, counts, weight_sum


def score_form(form: Form, profile: Profile) -> Scores:
    """What the rules of `profile` say of `form`; nothing is decided that only a person can."""
    funds = score_funds(form, profile)
    indicators = tuple(score_indicator(row, profile) for row in form.indicators)
    weight = execution_weight(form, profile)
    weights = weight_sum(form, weight)
    computed = computed_total(form, funds, indicators, weight)
    unread = weight is None and execution_unread(form, weights, computed, profile)
    if unread:
        computed = None
    return Scores(
        profile=profile,
        funds=funds,
        indicators=indicators,
        execution_weight=weight,
        weight_sum=weights,
        computed=computed,
        grade=None if computed is None or computed < 0 else profile.grade_of(computed),
        basis=_basis(form, computed),
        execution_unread=unread,
    )


def score_indicator(row: Indicator, profile: Profile) -> IndicatorScore:
    """What one row should say: its kind, the points where the rule settles them, the interval where a tier is named."""
    target = read_value(row.target_text)
    kind = _kind(row, target)
    if kind is Kind.UNSCORED or row.weight is None or row.weight.number is None or row.actual is None:
        return IndicatorScore(kind)
    weight, actual = row.weight.number, read_value(row.actual.text)
    if row.actual.unknown or row.actual.blank_like:
        return IndicatorScore(kind)
    if kind is Kind.QUANTITATIVE and isinstance(target, Quantity):
        number = comparable(target, actual, row.actual.text)
        points = None if number is None else quantitative_points(target, number, weight, fewer_is_better(row), profile)
        if points is not None:
            points = with_cut(points, row, weight, profile)
        return IndicatorScore(kind, points.points, basis=points.basis) if points else IndicatorScore(kind)
    if kind is Kind.DATED and isinstance(target, Period):
        return (
            IndicatorScore(kind, weight, basis=f"按期完成，得满分 {plain(weight)}")
            if _done_by(target, actual)
            else IndicatorScore(kind)
        )
    tier = named_tier(row.actual.text, profile)
    if tier is None:
        return IndicatorScore(kind)
    return IndicatorScore(kind, tier=tier, low=weight * tier.low, high=weight * tier.high)


def _kind(row: Indicator, target: Reading) -> Kind:
    if not row.weighted:
        return Kind.UNSCORED
    if isinstance(target, Quantity):
        return Kind.QUANTITATIVE
    return Kind.DATED if isinstance(target, Period) else Kind.QUALITATIVE


def _done_by(target: Period, actual: Reading) -> bool:
    """The actual period is the target's, or ends no later; True only where both say so plainly."""
    if not isinstance(actual, Period):
        return False
    if normal(actual.text) == normal(target.text):
        return True
    if target.end is None or actual.end is None:
        return False
    if target.end.year is None or actual.end.year is None:
        return target.end.year == actual.end.year and actual.end[1:] <= target.end[1:]
    return actual.end <= target.end


def _basis(form: Form, computed: Decimal | None) -> str:
    """The sum that shows the total, as the form's own figures."""
    if computed is None:
        return ""
    execution = form.fund_total.score.text if form.fund_total and form.fund_total.score else ""
    scores = [
        row.score.text for row in form.indicators if counts(row) and row.score is not None and not row.score.blank_like
    ]
    return (
        " + ".join([*([execution] if execution else []), *scores]) + f" = {plain(computed)}"
        if len(scores) <= 12
        else ""
    )
