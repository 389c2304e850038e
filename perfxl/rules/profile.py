"""What a rule profile says. The numbers themselves stand in `profiles/*.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Source:
    """A document that a number comes from: its id, title, where in it, how surely it is known (V, C or M), when last checked."""

    id: str
    title: str
    place: str
    certainty: str
    checked: str


@dataclass(frozen=True, slots=True)
class Tier:
    """A qualitative tier (档次): the words that name it and the share of the weight that it earns, [`low`, `high`] or [`low`, `high`)."""

    name: str
    words: tuple[str, ...]
    low: Decimal
    high: Decimal
    high_included: bool


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade (优良中差) and the lowest total that earns it."""

    name: str
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class Profile:
    """The rules by which one kind of form is scored.

    `rate_decimals` are those of the printed execution rate (of the percentage), `score_decimals` those of points.
    `execution_weight` is the weight of the execution row where the form prints none. `section_weights` are the weights of the level-one
    sections where the form prints none, by name.
    """

    name: str
    title: str
    first_year: int
    last_year: int | None
    total_weight: Decimal
    execution_weight: Decimal
    section_weights: dict[str, Decimal]
    rate_decimals: int
    score_decimals: int
    tiers: tuple[Tier, ...]
    grades: tuple[Grade, ...]
    sources: dict[str, Source]
    rules: dict[str, str]  # rule key -> id of its source
