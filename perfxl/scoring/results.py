"""What scoring says of a form. All points, rates and weights are `Decimal`; rates are fractions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from perfxl.form.model import Form, Kind
from perfxl.rules.profile import Profile, Tier


@dataclass(frozen=True, slots=True)
class FundScore:
    """What one fund row should say.

    `rate` is the unrounded executed ÷ budget, None where there is none (no budget, 0, an amount that is no number).
    `rate_shown` is that rate at the decimals printed in the form (at least the profile's where nothing is printed).
    `score` are the execution points of the total row, rounded, None on other rows and where the rate or the weight is missing.
    """

    rate: Decimal | None = None
    rate_shown: Decimal | None = None
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """What one indicator row should say.

    `expected` are the points that the rule gives, None where only a person can say. `low`, `high` are the interval of the tier named by a
    qualitative row's actual value, None where no tier is named. `basis` shows the sum ("10 × 28 ÷ 30 = 9.33").
    """

    kind: Kind
    expected: Decimal | None = None
    tier: Tier | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one form: `funds` and `indicators` stand in the order of the form's.

    `execution_weight` is the weight of the execution row, printed or the profile's, None where execution is not scored.
    `weight_sum` adds the weights as they stand (execution and indicators). `computed` is the total: the scores as they stand, a blank
    one counting what the rule gives; None where something is missing that only a person can give. `grade` is the computed total's.
    `execution_unread` tells that the execution points stand where they were not found: the total lacks just such a part.
    """

    profile: Profile
    funds: tuple[FundScore, ...]
    indicators: tuple[IndicatorScore, ...]
    execution_weight: Decimal | None
    weight_sum: Decimal | None
    computed: Decimal | None
    grade: str | None
    basis: str = ""
    execution_unread: bool = False


@dataclass(frozen=True, slots=True)
class ScoredForm:
    """A form with the profile chosen for it and its scores."""

    form: Form
    profile: Profile
    profile_reason: str
    scores: Scores
