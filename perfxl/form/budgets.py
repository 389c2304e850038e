"""Tells the year's budget among the columns that speak of one: 年初预算数 · 预算调整数 · 调整后预算数.

The budget that counts is the one after all changes. A change itself (追加, 预算调整数) is a difference, never a budget. A bare 调整数 may
mean either: the figures below it say which.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from perfxl.form.labels import label_of
from perfxl.form.model import Value
from perfxl.patterns import pattern

# Which of several budgets counts, the best first.
_COUNTS = ("后", "全年", "合计", "总计", "调整")
_DIFFERENCE = pattern(r"[追增减核]|预算.*调整")


def year_budget(labels: Mapping[int, str]) -> int:
    """The column, of those whose labels name a budget, that holds the one of the year."""

    def rank(column: int) -> int:
        words = label_of(labels[column]).words
        return next((n for n, word in enumerate(_COUNTS) if word in words), len(_COUNTS))

    return min(labels, key=lambda column: (rank(column), column))


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
    rate = rate if (figures.rate is not None and figures.rate.percent) or rate <= Decimal("1.5") else rate / 100
    return abs(executed - rate * (initial + change)) < abs(executed - rate * change)
