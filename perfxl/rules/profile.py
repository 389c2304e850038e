"""What a rule profile says. The numbers themselves stand in `profiles/*.toml`."""

from decimal import Decimal
from typing import NamedTuple


class Source(NamedTuple):
    """A document that a number comes from; `certainty` is V (read), C (recomputed) or M (known, the article was not at hand)."""

    id: str
    title: str
    certainty: str


class Tier(NamedTuple):
    """A qualitative tier (档次): the words that name it and the share of the weight it earns, [low, high] or [low, high)."""

    name: str
    words: tuple[str, ...]
    low: Decimal
    high: Decimal
    high_included: bool


class Grade(NamedTuple):
    """A grade (优良中差) and the lowest total that earns it."""

    name: str
    at_least: Decimal


class RateCap(NamedTuple):
    """Below this execution rate (a fraction) the total may not be above `cap`."""

    below: Decimal
    cap: Decimal


class OverCompletionCut(NamedTuple):
    """From `start` times the target on, `points` are taken off."""

    start: Decimal
    points: Decimal


class Profile(NamedTuple):
    """The rules by which one kind of form is scored.

    `first_year`, `last_year` are the years of forms it is meant for (None: open). Weights count where the form prints none.
    `rate_decimals` are those of the printed execution rate (of the percentage), the `…score_decimals` those of points.
    `at_most` says how points fall above an upper bound: `ratio` (w·A÷B) or `deviation` (w·(1 − (B−A)÷A)).
    `explain_rate_below` is the execution rate under which a reason is due, `explain_from` the multiple of the target from which one is;
    `open_to_cut_from` the multiple from which a person may take points off;
    `adjustment_unexplained` is the severity of a budget adjustment without a reason. `rate_caps` and `over_completion_cut` are options
    that are off (empty, None) unless a profile turns them on. `order` and `features` say when the profile is chosen: the lowest order
    whose features the form has and whose years fit.
    `origin` names, for each rule, the id of the source it comes from, by dotted key (`weights.total`).
    """

    name: str
    title: str
    first_year: int
    last_year: int | None
    checked: str
    total_weight: Decimal
    execution_weight: Decimal
    section_weights: dict[str, Decimal]
    rate_decimals: int
    execution_score_decimals: int
    indicator_score_decimals: int
    at_most: str
    explain_rate_below: Decimal
    explain_from: Decimal
    open_to_cut_from: Decimal
    adjustment_unexplained: str
    rate_caps: tuple[RateCap, ...]
    over_completion_cut: OverCompletionCut | None
    order: int
    features: frozenset[str]
    tiers: tuple[Tier, ...]
    grades: tuple[Grade, ...]
    sources: dict[str, Source]
    origin: dict[str, str]

    def source_of(self, rule: str) -> Source:
        """The document that a rule comes from, by its dotted key such as `weights.total`."""
        return self.sources[self.origin[rule]]

    def grade_of(self, total: Decimal) -> str:
        """The grade that a total earns."""
        return next(grade.name for grade in self.grades if total >= grade.at_least)
