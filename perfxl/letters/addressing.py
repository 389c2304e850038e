"""Messages as the department that gets a letter can use them: it may not have this program."""

from __future__ import annotations

from perfxl.patterns import pattern

_OFFERED = pattern(r"[，；](?:或用“计算得分”自动|perfxl 不)[^，；。]*")
_USED = pattern(r"(?<=，再)用“计算得分”(?=算出)|(?<=，)perfxl (?=按内容)")


def without_program(message: str) -> str:
    """A finding's message without what the program could do about it; what is wrong and what to do stay."""
    return _USED.sub("", _OFFERED.sub("", message))
