"""Weights printed as shares of the whole (权重 50%, 30% …), read as the points of a hundred that they are."""

from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from perfxl.form.model import FundLine, Indicator, TotalLine, Value

_Weighted = TypeVar("_Weighted", Indicator, FundLine, TotalLine)


def printed_as_shares(indicators: list[Indicator]) -> bool:
    """Each weight is a percentage; one among points is a slip of the pen (SCR012)."""
    first = next((row.weight for row in indicators if row.weight is not None and row.weight.number is not None), None)
    if first is None or not first.percent:
        return False
    weights = [row.weight for row in indicators if row.weight is not None and row.weight.number is not None]
    return len(weights) > 1 and all(weight.percent for weight in weights)


def with_points(line: _Weighted) -> _Weighted:
    """A row with its weight in points."""
    return replace(line, weight=_points(line.weight))


def _points(weight: Value | None) -> Value | None:
    if weight is None or weight.number is None or not weight.percent:
        return weight
    return weight._replace(number=weight.number * 100, scale=weight.scale * Decimal(100), percent=False)
