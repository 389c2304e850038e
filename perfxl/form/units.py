"""Units compared as units: 公里 and 千米 are the same, 公顷 and 平方米 can be turned into one another, 天 and 工作日 cannot."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from perfxl.data import load_toml


@cache
def grammar() -> dict[str, Any]:
    """The words of values and their units, as data."""
    return load_toml(Path(__file__).parent / "grammar.toml")


@cache
def _measures() -> dict[str, tuple[str, Decimal]]:
    return {unit: (kind, Decimal(times)) for kind, units in grammar()["units"].items() for unit, times in units.items()}


@cache
def counting_units() -> frozenset[str]:
    """Units known by name, those of measures and those of counting."""
    return frozenset(grammar()["counting"]["units"]) | _measures().keys()


def times_between(unit: str, other: str) -> Decimal | None:
    """What a number in `unit` must be multiplied with to be in `other`, None where the two do not measure the same."""
    if unit == other:
        return Decimal(1)
    measures = _measures()
    if unit in measures and other in measures:
        (kind, times), (other_kind, other_times) = measures[unit], measures[other]
        return times / other_times if kind == other_kind else None
    return Decimal(1) if unit.removeprefix("个") == other.removeprefix("个") != "" else None
