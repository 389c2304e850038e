"""Checks of weights, points, total and grade (SCR)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from perfxl.checks.registry import Fault, check
from perfxl.form.model import Form, FundKind, FundLine, Value
from perfxl.grid.address import Ref
from perfxl.patterns import pattern
from perfxl.rules.profile import Profile
from perfxl.scoring.execution import rate_decimals
from perfxl.scoring.results import FundScore, ScoredForm
from perfxl.scoring.rounding import plain, rounded

_EXECUTION = "预算执行率"  # what the execution points are called; the row itself is labelled 年度资金总额


@check("SCR001")
def weights_do_not_sum(scored: ScoredForm) -> Iterator[Fault]:
    """All weights together are not 100, or not the total weight that the form prints.

    Rule: weights total 100 (annex of 财预〔2020〕10号; `weights.total` of the profile). Rows with "/" and unscored
    execution do not count. Silent for a layout without weights, for a weight that cannot be read, and where the money
    block is missing or the total shows that execution's weight was not found (FRM001). Cannot tell which weight is
    wrong; nothing is rescaled.
    """
    form, weights, full = scored.form, scored.scores.weight_sum, scored.profile.total_weight
    without_execution = scored.scores.execution_unread or (bool(form.missing) and not form.funds)
    if weights is None or without_execution or any(_unread(row.weight) for row in form.indicators):
        return
    printed = None if form.total is None else form.total.weight
    at = _place_of_total_weight(form)
    if weights != full:
        more = "多" if weights > full else "少"
        yield Fault(at, plain(weights), plain(full), difference=plain(abs(weights - full)), more=more)
    elif printed is not None and printed.number is not None and printed.number != weights:
        yield Fault(at, printed.text, plain(weights), variant="printed")


def _unread(value: Value | None) -> bool:
    """A cell that says something which is no number of points (SCR012), or a formula whose value nobody knows."""
    return value is not None and (value.percent or value.number is None) and not value.blank_like


def _place_of_total_weight(form: Form) -> Ref:
    if form.total is None:
        return form.head
    return form.total.label.at if form.total.weight is None else form.total.weight.at


@check("SCR002")
def section_weight_mismatch(scored: ScoredForm) -> Iterator[Fault]:
    """The weights of a level-one section are not the weight printed with its name, as in "产出指标 50分".

    Rule: a weight printed in the form binds (form-2019; annex of 财预〔2020〕10号). Silent where a row's weight cannot
    be read and where the layout has no weights. Cannot tell whether the heading or a row is wrong.
    """
    for section in scored.form.sections:
        weights = [scored.form.indicators[n].weight for n in section.rows]
        numbers = [weight.number for weight in weights if weight is not None and weight.number is not None]
        if section.weight is None or not numbers or any(map(_unread, weights)):
            continue
        added = sum(numbers, Decimal(0))
        if added != section.weight:
            yield Fault(section.label.at, plain(added), plain(section.weight), section=section.name)


@check("SCR003")
def score_exceeds_weight(scored: ScoredForm) -> Iterator[Fault]:
    """A score is above its weight, or below 0.

    Rule: points lie between 0 and the weight (财预〔2020〕10号; save check of 一体化). The execution row is judged
    here only where its points cannot be worked out; else it is SCR007's. Cannot tell whether the score or the weight
    is mistyped. Silent beside a weight that is no number of points (SCR012).
    """
    for row in scored.form.indicators:
        if row.score is not None:
            yield from _out_of_bounds(row.score, row.weight, row.name.text)
    line = scored.form.fund_total
    if line is not None and line.score is not None and _execution(scored) is None:
        yield from _out_of_bounds(line.score, line.weight, _EXECUTION)


def _out_of_bounds(score: Value, weight: Value | None, name: str) -> Iterator[Fault]:
    if score.number is None:
        return
    if score.number < 0:
        yield Fault(score.at, score.text, variant="negative", name=name)
    elif weight is not None and weight.number is not None and not weight.percent and score.number > weight.number:
        yield Fault(score.at, score.text, name=name, weight=weight.text)


@check("SCR004")
def score_missing(scored: ScoredForm) -> Iterator[Fault]:
    """A weighted row has an actual value but no score; the execution row, a rate but no points.

    Rule: each weighted indicator is scored (annex of 财预〔2020〕10号). Where the rule settles the points, they are
    named. Cannot tell what a person would give for a qualitative row.
    """
    for row, given in zip(scored.form.indicators, scored.scores.indicators, strict=True):
        if row.weighted and row.actual is not None and not row.actual.blank_like:
            yield from _no_score(row.score, row.name.text, given.expected, shifted=row.shifted)
    execution = _execution(scored)
    if execution is not None:
        line, points = execution
        yield from _no_score(line.score, _EXECUTION, points.score)


def _no_score(score: Value | None, name: str, points: Decimal | None, *, shifted: bool = False) -> Iterator[Fault]:
    if score is None or not score.blank_like:
        return
    if points is None:
        yield Fault(score.at, score.text, variant="judged", name=name)
        return
    variant = "shifted" if shifted else "default" if score.empty else "sign"
    yield Fault(score.at, score.text, plain(points), variant=variant, name=name)


def _execution(scored: ScoredForm) -> tuple[FundLine, FundScore] | None:
    """The total fund row with its points, None where execution is not scored or its points cannot be worked out."""
    for line, points in zip(scored.form.funds, scored.scores.funds, strict=True):
        if line.kind is FundKind.TOTAL and points.score is not None:
            return line, points
    return None


@check("SCR007")
def execution_score_wrong(scored: ScoredForm) -> Iterator[Fault]:
    """The execution points are not weight × rate at the decimals printed.

    Rule: points = weight × execution rate, at most the weight (annex of 财预〔2020〕10号; form heading
    得分(20分*执行率)). Silent also where the rate as printed gives the points as printed: then FND001 tells of the
    rate. Points repeated on part rows count for nothing. Cannot tell a local rule with steps.
    """
    execution = _execution(scored)
    weight = scored.scores.execution_weight
    if execution is None or weight is None:
        return
    line, points = execution
    score = line.score
    if score is None or score.number is None or points.rate is None or points.score is None:
        return
    printed = rounded(score.number, score.decimals)
    right = printed == rounded(_capped(weight * points.rate, weight), score.decimals)
    if not right and not _fits_printed_rate(line, printed, weight, score.decimals):
        yield Fault(
            score.at,
            score.text,
            plain(points.score),
            variant="formula" if score.formula else "default",
            weight=plain(weight),
            executed=line.executed.text if line.executed else "",
            budget=line.budget.text if line.budget else "",
        )


def _fits_printed_rate(line: FundLine, printed: Decimal, weight: Decimal, decimals: int) -> bool:
    """The rate as printed gives the points as printed; a half that only the rounding of the rate made counts for neither."""
    rate = line.execution_rate
    if rate is None or rate.number is None:
        return False
    points = _capped(weight * rounded(rate.number, rate_decimals(rate)), weight)
    return abs(points - printed) < Decimal("0.5").scaleb(-decimals)


def _capped(points: Decimal, weight: Decimal) -> Decimal:
    return max(Decimal(0), min(points, weight))


@check("SCR008")
def total_wrong(scored: ScoredForm) -> Iterator[Fault]:
    """The printed total is not the sum of the execution points and all indicator points.

    Rule: 总分 is the sum (form-2019). A blank total is silent, and so is one whose parts are not all known or which
    exceeds them by points that execution could have (FRM001). Cannot tell whether the total or one of its parts is wrong.
    """
    for total, computed in _totals(scored):
        if not _same_when_rounded(total, computed):
            yield _not_the_sum(total, computed, scored)


@check("SCR009")
def total_rounded(scored: ScoredForm) -> Iterator[Fault]:
    """The printed total is the sum of its parts, rounded (97 for 96.99).

    Rule: as SCR008; published-totals, many of which are rounded. A cell that holds the exact sum and only shows it
    rounded is silent. Cannot tell a local rule that asks for whole points.
    """
    for total, computed in _totals(scored):
        if _same_when_rounded(total, computed):
            yield _not_the_sum(total, computed, scored)


def _not_the_sum(total: Value, computed: Decimal, scored: ScoredForm) -> Fault:
    variant = "formula" if total.formula else "default"
    return Fault(total.at, total.text, plain(computed), variant=variant, basis=_sum_shown(scored, computed))


def _totals(scored: ScoredForm) -> Iterator[tuple[Value, Decimal]]:
    """The printed total beside the computed one, where both are there and differ."""
    total, computed = scored.form.total, scored.scores.computed
    printed = None if total is None else total.score
    if printed is not None and printed.number is not None and computed is not None and printed.number != computed:
        yield printed, computed


def _same_when_rounded(total: Value, computed: Decimal) -> bool:
    return total.number is not None and rounded(total.number, total.decimals) == rounded(computed, total.decimals)


def _sum_shown(scored: ScoredForm, computed: Decimal) -> str:
    """The sum in two figures: execution points, and all indicator points together."""
    rows = zip(scored.form.indicators, scored.scores.indicators, strict=True)
    given = [row for row, rule in rows if rule.expected is not None and row.score is not None and row.score.blank_like]
    note = f"（含 {len(given)} 项未填、按规则应得的得分）" if given else ""
    execution = _execution(scored)
    if execution is None:
        return f"各项指标得分合计 {plain(computed)}{note}"
    line, rule = execution
    stands = line.score.number if line.score is not None else None
    points = rule.score if stands is None else stands
    assert points is not None  # _execution gives only rows with points
    return f"执行得分 {plain(points)} + 各项指标得分合计 {plain(computed - points)}{note} = {plain(computed)}"


_TICKED = pattern(r"[☑☒√✓✔■●]\s*(\S)")


@check("SCR010")
def grade_wrong(scored: ScoredForm) -> Iterator[Fault]:
    """The printed grade is not that of the total as printed, or of the computed one where none is printed.

    Rule: 优 from 90, 良 from 80, 中 from 60, 差 below (财预〔2020〕10号; `grades` of the profile). A grade that names
    none or several of these without a tick is silent. Cannot tell a system that uses other bounds.
    """
    line = scored.form.total
    if line is None or line.grade is None:
        return
    printed = _grade_named(line.grade.text, scored.profile)
    total = line.score.number if line.score is not None and line.score.number is not None else scored.scores.computed
    if printed is None or total is None or total < 0:
        return
    right = scored.profile.grade_of(total)
    if printed != right:
        *upper, lowest = scored.profile.grades
        bounds = (
            "".join(f"{plain(grade.at_least)} 分及以上为{grade.name}，" for grade in upper) + f"其余为{lowest.name}"
        )
        yield Fault(line.grade.at, line.grade.text, right, total=plain(total), bounds=bounds)


def _grade_named(text: str, profile: Profile) -> str | None:
    """The grade that a cell names: 优, 优秀, or the ticked one of "□优 ☑良"; None where it is none or not one."""
    names = {grade.name for grade in profile.grades}
    ticked = [name for name in _TICKED.findall(text) if name in names]
    named = ticked or [name for name in names if name in text]
    return named[0] if len(named) == 1 else None
