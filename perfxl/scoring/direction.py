"""Whether less may be better of an indicator: a plain number as its target has no known direction then."""

from __future__ import annotations

from perfxl.form.model import Indicator

_FEWER_LEVELS = ("成本", "时效")
_FEWER_WORDS = (
    "下降",
    "降低",
    "减少",
    "事故",
    "投诉",
    "成本",
    "天数",
    "时限",
    "时长",
    "差错",
    "超支",
    "违规",
    "违法",
    "信访",
    "缺陷",
    "死亡",
    "损失",
)


def fewer_is_better(row: Indicator) -> bool:
    """The row stands under cost or time, or its name speaks of what should fall: saving must not be punished."""
    levels = row.level1 + row.level2
    return any(word in levels for word in _FEWER_LEVELS) or any(word in row.name.text for word in _FEWER_WORDS)
