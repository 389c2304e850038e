"""The one message that a button closes with: short enough for a box, in the order of what a person wants to know."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.checks.finding import Severity
from perfxl.checks.texts import load_text
from perfxl.outcome import JudgedForm, Outcome
from perfxl.report.text import counts, figures

_SIGNS = {Severity.ERROR: "●", Severity.WARNING: "▲", Severity.ADVICE: "○"}
_WORST_FIRST = {severity: order for order, severity in enumerate(Severity)}
_FORMS_TOLD = 3
_FINDINGS_TOLD = 5


def closing_message(outcome: Outcome) -> str:
    """What was changed, the figures and gravest findings of the forms, what a user should know, what to do now."""
    return "\n".join(_lines(outcome))


def _lines(outcome: Outcome) -> Iterator[str]:
    if outcome.changes:
        yield f"已更新 {len(outcome.changes)} 个单元格。"
    for judged in outcome.forms[:_FORMS_TOLD]:
        yield from _form_lines(judged, named=len(outcome.forms) > 1)
    if len(outcome.forms) > _FORMS_TOLD:
        yield f"共 {len(outcome.forms)} 张自评表：{counts(outcome.severities())}。"
    for _, note in outcome.notes:
        yield note
    for failure in outcome.failures:
        yield failure.error
    if any(judged.findings for judged in outcome.forms):
        yield "全部问题列在工作表“检查结果”中，点“位置”可以跳到单元格。"
    if outcome.changes:
        yield "要退回，请点“撤销”。"


def _form_lines(judged: JudgedForm, *, named: bool) -> Iterator[str]:
    form = judged.scored.form
    place = [form.project.name if form.project else f"{form.sheet} 第 {form.index} 张"] if named else []
    yield " · ".join([*place, *figures(judged), counts(finding.severity for finding in judged.findings)])
    worst = sorted(judged.findings, key=lambda finding: (_WORST_FIRST[finding.severity], finding.at))
    for finding in worst[:_FINDINGS_TOLD]:
        yield f"{_SIGNS[finding.severity]} {finding.at.a1}　{load_text(finding.code).title}"
    if len(worst) > _FINDINGS_TOLD:
        yield f"…… 还有 {len(worst) - _FINDINGS_TOLD} 条"
