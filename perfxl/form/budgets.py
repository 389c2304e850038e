"""Tells which amount counts where several labels name one: 年初预算数 · 预算调整数 · 调整后预算数.

The budget that counts is the one after all changes. A change itself (追加, 预算调整数) is a difference, never a budget. A bare 调整数 may
mean either: the figures below it say which.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from perfxl.form.labels import label_of
from perfxl.form.model import Value
from perfxl.patterns import pattern

# Which of several budgets counts, the best first.
_COUNTS = ("后", "全年", "合计", "总计", "调整")
_SPENT = pattern("执行|支出|支付|使用|实支|实付|决算")
_DIFFERENCE = pattern(r"[追增减核]|预算.*调整")
PERCENT_FROM = Decimal("1.5")
"""A rate printed without a percent sign: above this it can only be meant in percent (99.9), below it as a fraction (0.958)."""


@lru_cache(maxsize=512)
def rank(role: str, label: str) -> int:
    """How well a label names the amount of a role, 0 the best: the budget of the year before others, what was spent before what was
    only paid out to those who spend it (拨付数)."""
    words = label_of(label).words
    if role == "budget":
        return next((n for n, word in enumerate(_COUNTS) if word in words), len(_COUNTS))
    return 0 if role != "executed" or _SPENT.search(words) else 1


def is_of_year(label: str) -> bool:
    """Whether the label of a budget says that it is the one after all changes."""
    words = label_of(label).words
    return any(word in words for word in _COUNTS)


class Figures(NamedTuple):
    """The figures of one fund row that tell whether a change is one."""

    initial: Value
    change: Value
    executed: Value | None
    rate: Value | None


def is_difference(label: str, figures: Figures | None) -> bool:
    """Whether a column of changes holds differences, not the budget after them: its label says so, or the figures below it."""
    if _DIFFERENCE.search(label_of(label).words) or figures is None:
        return bool(_DIFFERENCE.search(label_of(label).words))
    initial, change = figures.initial.number, figures.change.number
    if initial is None or not change or change < 0:
        return True
    executed = figures.executed.number if figures.executed is not None else None
    rate = figures.rate.number if figures.rate is not None else None
    if executed is None:
        return False
    if rate is None:
        return executed > change
    rate = rate if (figures.rate is not None and figures.rate.percent) or rate < PERCENT_FROM else rate / 100
    return abs(executed - rate * (initial + change)) < abs(executed - rate * change)
