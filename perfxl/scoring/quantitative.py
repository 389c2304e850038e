"""Points of a quantitative indicator: target A, actual B, weight w.

| target | points |
|---|---|
| ≥, >, = and a plain number where more is better | B ≥ A: w; else w·B÷A |
| ≤, < | B ≤ A: w; else w·A÷B (`ratio`) or w·(1 − (B−A)÷A) (`deviation`) |
| 0 | B ≤ 0: w; else 0 |
| a plain number under cost or time, or of which less is better | B = A: w; else no known direction |

Sources: 财预〔2020〕10号; the notes under the Hubei form (湖北备注); the budget system's scoring rules (一体化).
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from perfxl.form.values import Comparator, Quantity, Reading, leading_quantity
from perfxl.rules.profile import Profile
from perfxl.scoring.rounding import divided, plain, rounded

_UPPER = (Comparator.AT_MOST, Comparator.LESS)


class Points(NamedTuple):
    """Points, and the sum that shows them ("10 × 28 ÷ 30 = 9.33")."""

    points: Decimal
    basis: str


def comparable(target: Quantity, actual: Reading, text: str) -> Decimal | None:
    """The actual value in the target's unit, None where the two cannot be compared.

    `text` is the actual value as printed. A percentage and a bare number may mean the same: of 95 and 0.95 the one nearer to the
    target counts.
    """
    quantity = actual if isinstance(actual, Quantity) else leading_quantity(text)
    if quantity is None or quantity.high is not None or quantity.comparator is not Comparator.PLAIN:
        return None
    number, unit = quantity.number, quantity.unit
    if quantity.rest and not unit:
        if not target.unit or not quantity.rest.startswith(target.unit):
            return None
        unit = target.unit
    if unit == target.unit or (not unit and target.unit != "%"):
        return number
    if not unit:
        return _nearer(number, target.number)
    return number if not target.unit else None


def _nearer(bare: Decimal, target: Decimal) -> Decimal:
    """A bare number against a percentage: as it stands (0.95), or as percent (95), whichever lies nearer to the target."""
    as_percent = bare / 100
    if bare == 0 or target == 0:
        return as_percent

    def distance(value: Decimal) -> Decimal:
        return max(divided(value, target), divided(target, value))

    return bare if distance(abs(bare)) < distance(abs(as_percent)) else as_percent


def quantitative_points(
    target: Quantity, actual: Decimal, weight: Decimal, fewer_is_better: bool, profile: Profile
) -> Points | None:
    """The points that the rule gives, None where it gives none (a plain number without a known direction, a negative target).

    `actual` is in the target's unit. Points never exceed the weight and never fall under 0.
    """
    goal = target.number
    comparator = target.comparator
    if comparator is Comparator.PLAIN and fewer_is_better and goal != 0:
        return Points(weight, f"实际值与目标值相同，得满分 {plain(weight)}") if actual == goal else None
    if goal == 0:
        met = actual <= 0 if comparator not in (Comparator.AT_LEAST, Comparator.MORE) else actual >= 0
        points = weight if met else Decimal(0)
        return Points(points, f"目标为 0，{'未发生' if met else '已发生'}，得 {plain(points)} 分")
    if goal < 0 or target.high is not None:
        return None
    if comparator in _UPPER:
        return _at_most(goal, actual, weight, profile)
    if actual >= goal:
        return Points(weight, f"已达到目标值，得满分 {plain(weight)}")
    points = _bounded(weight * divided(actual, goal), weight, profile)
    return Points(points, f"{plain(weight)} × {_shown(target, actual)} ÷ {_shown(target, goal)} = {plain(points)}")


def _at_most(goal: Decimal, actual: Decimal, weight: Decimal, profile: Profile) -> Points:
    if actual <= goal:
        return Points(weight, f"未超过目标值，得满分 {plain(weight)}")
    if profile.at_most == "ratio":
        points = _bounded(weight * divided(goal, actual), weight, profile)
        return Points(points, f"{plain(weight)} × {plain(goal)} ÷ {plain(actual)} = {plain(points)}")
    points = _bounded(weight * (1 - divided(actual - goal, goal)), weight, profile)
    return Points(
        points, f"{plain(weight)} × (1 − ({plain(actual)} − {plain(goal)}) ÷ {plain(goal)}) = {plain(points)}"
    )


def _bounded(points: Decimal, weight: Decimal, profile: Profile) -> Decimal:
    return rounded(max(min(points, weight), Decimal(0)), profile.indicator_score_decimals)


def _shown(target: Quantity, value: Decimal) -> str:
    return f"{plain(value * 100)}%" if target.unit == "%" else plain(value)
