"""What a form says in words about its money and its rows: reasons, notes, the goal's result."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from perfxl.form.model import Form, Value, is_blank_like
from perfxl.patterns import pattern

# Signs for nothing beyond the reader's own: a reason cell is the one place where these cannot be an answer.
_NO_REASON = frozenset(
    ["0", "0分", "无原因", "无偏差", "不适用", "不涉及", "未填", "同上", "n/a", "na", "none", "null", "x", "×", "*"]
)
# A number alone says how far a row missed its target, never why.
_ONLY_A_NUMBER = pattern(r"[-+−－]?[\d０-９][\d０-９,，.．]*\s*[%％‰]?")
_CLAUSES = pattern(r"[，,；;。！!\n\r]+")
# A clause with one of these tells how points are given or what is to be written, not what happened.
_RULE_WORDS = pattern(r"得分|分值|评分|计分|扣分|满分|公式|填写|填报|[×*÷/]\s*(?:100|分|执行率|预算)|执行率\s*[×*]")


def is_placeholder(text: str) -> bool:
    """The text is a sign for nothing where a reason is due: 无, 0, —, 暂无 …, or a bare number; False where nothing stands at all."""
    if not text:
        return False
    plain = text.strip(" \u3000.。")
    return is_blank_like(text) or plain.lower() in _NO_REASON or _ONLY_A_NUMBER.fullmatch(plain) is not None


def is_reason(value: Value | None) -> bool:
    """A reason stands there: more than nothing or a sign for nothing. What nobody knows counts as one."""
    return value is not None and (value.unknown or (bool(value.text) and not is_placeholder(value.text)))


def explained(form: Form, words: re.Pattern[str]) -> bool:
    """A reason, a note or the goal's result has a clause with these words that is more than the text of a rule."""
    return any(
        words.search(clause) and not _RULE_WORDS.search(clause)
        for text in _said(form)
        for clause in _CLAUSES.split(text)
    )


def _said(form: Form) -> Iterator[str]:
    reasons: Iterable[Value | None] = (
        *(line.reason for line in form.funds),
        *(row.reason for row in form.indicators),
        form.form_reason,
        form.goal_result,
        *(remark.value for remark in form.remarks),
    )
    for value in reasons:
        if value is not None and value.text and not is_placeholder(value.text):
            yield value.text
