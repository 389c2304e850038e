"""The total: execution points and all indicator points, as they stand; a blank one counts what the rule gives.

Source: the form itself (总分 = 预算执行率得分 + 各项指标得分).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from perfxl.form.model import Form, Indicator, Value
from perfxl.scoring.results import FundScore, IndicatorScore


def weight_sum(form: Form, execution_weight: Decimal | None) -> Decimal | None:
    """All weights as they stand, execution's included; None where no row has one."""
    weights = [row.weight.number for row in form.indicators if row.weight is not None and row.weight.number is not None]
    if not weights:
        return None
    return sum(weights, execution_weight or Decimal(0))


def computed_total(
    form: Form, funds: Iterable[FundScore], indicators: Iterable[IndicatorScore], execution_weight: Decimal | None
) -> Decimal | None:
    """The total by the form's own figures, None where nothing is scored or something is missing that only a person can give."""
    parts: list[Decimal | None] = []
    if execution_weight is not None:
        line = form.fund_total
        given = next((score.score for score in funds if score.score is not None), None)
        parts.append(_as_it_stands(line.score if line else None, given))
    if any(
        row.weight is not None and row.weight.number is None and not row.weight.blank_like for row in form.indicators
    ):
        return None  # a weight that nobody can read may belong to points that count
    scored = [(row, score) for row, score in zip(form.indicators, indicators, strict=True) if counts(row)]
    parts += [_as_it_stands(row.score, score.expected) for row, score in scored]
    if not scored or any(part is None for part in parts):
        return None
    return sum((part for part in parts if part is not None), Decimal(0))


def counts(row: Indicator) -> bool:
    """The row's points belong to the total: it has a weight, or a score in a layout without weights."""
    if row.weighted:
        return True
    return row.weight is None and row.score is not None and row.score.number is not None


def _as_it_stands(printed: Value | None, given: Decimal | None) -> Decimal | None:
    if printed is None or printed.blank_like:
        return given
    return printed.number
