"""Checks of single scores against the rules, and of totals against a cap (SCR005, SCR006, SCR011, SCR012)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from perfxl.checks.registry import Fault, check
from perfxl.form.model import Form, Indicator, Value
from perfxl.scoring.quantitative import completion
from perfxl.scoring.results import IndicatorScore, ScoredForm
from perfxl.scoring.rounding import percentage, plain, rounded


class _Scored(NamedTuple):
    """A row whose weight and score are numbers within bounds (SCR003 tells of the others), with what the rules say."""

    row: Indicator
    given: IndicatorScore
    score: Value
    points: Decimal
    weight: Decimal


def _scored_rows(scored: ScoredForm) -> Iterator[_Scored]:
    for row, given in zip(scored.form.indicators, scored.scores.indicators, strict=True):
        if row.score is None or row.weight is None:
            continue
        points, weight = row.score.number, row.weight.number
        if points is not None and weight is not None and 0 <= points <= weight and not row.score.percent:
            yield _Scored(row, given, row.score, points, weight)


@check("SCR005")
def score_not_proportional(scored: ScoredForm) -> Iterator[Fault]:
    """A score that the rule for numbers and dates does not give.

    Rule: target met, full points; else in proportion (湖北备注, 一体化; `indicators` of the profile). Compared at the
    decimals that the score prints, but full points for a target that was missed are told however they are rounded.
    Points off are open to a person from `indicators.open_to_cut_from` times the target on. Cannot tell a local rule with
    steps.
    """
    for row, given, score, points, weight in _scored_rows(scored):
        right = given.expected
        if right is None or points == right:
            continue
        missed_in_full = points == weight and right < weight
        if not missed_in_full and rounded(right, score.decimals) == rounded(points, score.decimals):
            continue
        share = completion(row)
        over = share is not None and share >= scored.profile.open_to_cut_from
        if over and right == weight:
            continue
        variant = "cut" if over else "full" if missed_in_full else "met" if right == weight else "default"
        yield Fault(
            score.at,
            score.text,
            plain(right),
            variant=variant,
            name=row.name.text,
            target=row.target_text,
            actual="" if row.actual is None else row.actual.text,
            basis=given.basis,
        )


@check("SCR006")
def score_outside_tier(scored: ScoredForm) -> Iterator[Fault]:
    """A qualitative score outside the interval of the tier that the actual value names.

    Rule: each tier earns a share of the weight (一体化, 湖北备注; `tiers` of the profile). Silent where the actual value
    says anything but a tier's words. Cannot tell whether the tier or the score is wrong.
    """
    for row, given, score, points, weight in _scored_rows(scored):
        tier, low, high = given.tier, given.low, given.high
        if tier is None or low is None or high is None:
            continue
        if low <= points < high or (points == high and tier.high_included):
            continue
        yield Fault(
            score.at,
            score.text,
            name=row.name.text,
            tier=tier.name,
            weight=plain(weight),
            low=plain(low),
            high=plain(high),
            included="含" if tier.high_included else "不含",
        )


@check("SCR011")
def total_above_cap(scored: ScoredForm) -> Iterator[Fault]:
    """The total is above what a low execution rate allows.

    Rule: `options.rate_caps` of the profile (操作手册): an option that is off unless a bureau's own rules turn it on.
    Silent without an execution rate. Cannot tell whether a cap is waived for the project.
    """
    form, total, profile = scored.form, scored.form.total, scored.profile
    if not profile.rate_caps or total is None or total.score is None:
        return
    points = total.score.number if total.score.number is not None else scored.scores.computed
    line = form.fund_total
    rate = next((s.rate for each, s in zip(form.funds, scored.scores.funds, strict=True) if each is line), None)
    if points is None or rate is None:
        return
    cap = next((cap for cap in sorted(profile.rate_caps) if rate < cap.below), None)
    if cap is not None and points > cap.cap:
        yield Fault(
            total.score.at,
            total.score.text or plain(points),
            plain(cap.cap),
            rate=percentage(rate, 2),
            below=percentage(cap.below, 0),
            profile=profile.name,
        )


@check("SCR012")
def not_a_score(scored: ScoredForm) -> Iterator[Fault]:
    """A score or a weight is a text, a date or a percentage.

    Rule: weights and points are numbers of a scale of 100 (annex of 财预〔2020〕10号; 一体化). "/" and other signs for
    nothing are silent. Cannot tell which number was meant.
    """
    for name, what, value in _points_of(scored.form):
        if value is None or value.unknown or value.blank_like:
            continue
        if value.number is None or value.percent:
            yield Fault(value.at, value.text, variant="percent" if value.percent else "default", name=name, what=what)


def _points_of(form: Form) -> Iterator[tuple[str, str, Value | None]]:
    """Every cell that should hold points: whose they are, what they are, the cell."""
    for row in form.indicators:
        yield row.name.text, "分值", row.weight
        yield row.name.text, "得分", row.score
    line = form.fund_total
    if line is not None:
        yield "预算执行率", "分值", line.weight
        yield "预算执行率", "得分", line.score
    if form.total is not None:
        yield "总分", "分值", form.total.weight
        yield "总分", "得分", form.total.score
