"""Points of a quantitative indicator: target A, actual B, weight w.

| target | points |
|---|---|
| ≥, >, = and a plain number where more is better | B ≥ A: w; else w·B÷A |
| ≤, < | B ≤ A: w; else w·A÷B (`ratio`) or w·(1 − (B−A)÷A) (`deviation`) |
| 0 | B ≤ 0: w; else 0 |
| a plain number under cost or time, or of which less is better | B = A: w; else no known direction |

An option that is off unless a profile turns it on takes points off for over-completion (操作手册).

Sources: 财预〔2020〕10号; the notes under the Hubei form (湖北备注); the budget system's scoring rules (一体化).
"""

from decimal import Decimal
from typing import NamedTuple

from perfxl.form.model import Indicator
from perfxl.form.units import times_between
from perfxl.form.values import Comparator, Quantity, Reading, leading_quantity, read_value
from perfxl.rules.profile import Profile
from perfxl.scoring.direction import fewer_is_better
from perfxl.scoring.rounding import divided, percentage, plain, rounded

_UPPER = (Comparator.AT_MOST, Comparator.LESS)
_LOWER = (Comparator.AT_LEAST, Comparator.MORE, Comparator.PLAIN)


class Points(NamedTuple):
    """Points, and the sum that shows them ("10 × 28 ÷ 30 = 9.33")."""

    points: Decimal
    basis: str


def comparable(target: Quantity, actual: Reading, text: str) -> Decimal | None:
    """The actual value in the target's unit, None where the two cannot be compared.

    `text` is the actual value as printed. A bare number may be meant in percent where the target is a percentage, or in
    万 where the target is: of 95 and 0.95, of 101 and 1010000, the one nearer to the target counts.
    """
    quantity = actual if isinstance(actual, Quantity) else leading_quantity(text)
    if quantity is None or quantity.high is not None or quantity.comparator is not Comparator.PLAIN:
        return None
    if target.lead != quantity.lead and "down" in (target.lead, quantity.lead):
        return None  # a fall against a rise, or against a level
    number, unit = quantity.number, quantity.unit
    if quantity.rest and not unit:
        if not target.unit or not quantity.rest.startswith(target.unit):
            return None
        unit = target.unit
    if unit and unit != target.unit:
        times = times_between(unit, target.unit) if target.unit else Decimal(1)
        return None if times is None else number * times
    if unit or quantity.times != 1:
        return number
    if target.unit == "%":
        return _nearer(number, number / 100, target.number)
    return number if target.times == 1 else _nearer(number, number * target.times, target.number)


def _nearer(bare: Decimal, scaled: Decimal, target: Decimal) -> Decimal:
    """A bare number as it stands, or in the target's scale, whichever lies nearer to the target by ratio."""
    if bare == 0 or target == 0:
        return scaled

    def distance(value: Decimal) -> Decimal:
        return max(divided(value, target), divided(target, value))

    return bare if distance(abs(bare)) < distance(abs(scaled)) else scaled


def completion(row: Indicator) -> Decimal | None:
    """Actual ÷ target, unrounded, where more is better (a ≥ or plain target above 0); None for any other row."""
    target = read_value(row.target_text)
    if not isinstance(target, Quantity) or row.actual is None or target.number <= 0 or target.high is not None:
        return None
    if target.comparator not in _LOWER or (target.comparator is Comparator.PLAIN and fewer_is_better(row)):
        return None
    actual = comparable(target, read_value(row.actual.text), row.actual.text)
    return None if actual is None else divided(actual, target.number)


def quantitative_points(
    target: Quantity, actual: Decimal, weight: Decimal, fewer_is_better: bool, profile: Profile
) -> Points | None:
    """The points that the rule gives, None where it gives none (a plain number without a known direction, a negative target).

    `actual` is in the target's unit. Points never exceed the weight and never fall under 0.
    """
    goal = target.number
    comparator = target.comparator
    if comparator is Comparator.PLAIN and (fewer_is_better or target.lead == "down") and goal != 0:
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


def with_cut(points: Points, row: Indicator, weight: Decimal, profile: Profile) -> Points:
    """The points with those taken off that over-completion costs, where the profile turns that option on; the basis says so."""
    cut = profile.over_completion_cut
    if cut is None or points.points < weight:
        return points
    share = completion(row)
    if share is None or share < cut.start:
        return points
    left = max(weight - cut.points, Decimal(0))
    off = f"实际为目标的 {percentage(share, 0)}，按规则 {profile.name} 的超额扣分项扣 {plain(cut.points)} 分"
    return Points(left, f"{off}：{plain(weight)} − {plain(cut.points)} = {plain(left)}")


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
    return f"{plain(value * 100)}%" if target.unit == "%" else plain(divided(value, target.times))
