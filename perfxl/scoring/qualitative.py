"""Qualitative indicators: a person scores; the tier named by the actual value gives the interval of the weight.

Sources: 一体化 (three tiers), 财预〔2020〕10号.
"""

from __future__ import annotations

from perfxl.form.values import normal
from perfxl.rules.profile import Profile, Tier


def named_tier(actual: str, profile: Profile) -> Tier | None:
    """The tier that the actual value names and nothing else ("部分达成"), None where it names none.

    Only a text that is the tier's words is taken: "1000件达成预期指标" speaks of a number, not of a tier.
    """
    words = normal(actual).rstrip("。.;；")
    return next((tier for tier in profile.tiers if words == tier.name or words in tier.words), None)
