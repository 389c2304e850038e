"""A judged form as rows of the store's tables, without the form's key."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.checks.facts import FormFacts, Named, facts_of
from perfxl.consolidate.schema import Item
from perfxl.form.model import Indicator, Kind, Party, Value
from perfxl.form.values import Quantity, read_value
from perfxl.outcome import JudgedForm
from perfxl.scoring.quantitative import comparable

Row = tuple[Item, ...]
Key = tuple[str, str, str, int]

# Parts of a fact's key that must not run together.
JOINT = "\x1f"


def form_row(position: int, judged: JudgedForm) -> Row:
    """The row of `forms`; what only the whole store can tell stays empty."""
    form, scores = judged.scored.form, judged.scored.scores
    weight = _number(form.total.weight) if form.total else None
    return (
        position,
        _unbroken(form.title),
        _name(form.project),
        form.project.code if form.project else None,
        _name(form.department),
        form.department.code if form.department else None,
        _name(form.implementing_unit),
        form.implementing_unit.code if form.implementing_unit else None,
        form.year,
        form.layout,
        judged.scored.profile.name,
        judged.scored.profile_reason,
        form.money_unit,
        weight if weight is not None else scores.weight_sum,
        _number(form.total.score) if form.total else None,
        scores.computed,
        scores.grade,
        form.anchor.a1,
        form.project.value.at.a1 if form.project else None,
        form.department.value.at.a1 if form.department else None,
        None,
        None,
    )


def fund_rows(judged: JudgedForm) -> Iterator[Row]:
    """The rows of `funds`: one for each row of the money block."""
    for line, score in zip(judged.scored.form.funds, judged.scored.scores.funds, strict=True):
        yield (
            line.label.at.row,
            _unbroken(line.label.text),
            line.kind.value,
            _number(line.initial_budget),
            _number(line.budget),
            _number(line.executed),
            _number(line.weight),
            _number(line.execution_rate),
            _number(line.score),
            score.rate_shown,
            score.score,
        )


def indicator_rows(judged: JudgedForm) -> Iterator[Row]:
    """The rows of `indicators`."""
    for row, score in zip(judged.scored.form.indicators, judged.scored.scores.indicators, strict=True):
        yield (
            row.row,
            _unbroken(row.level1),
            _unbroken(row.level2),
            _unbroken(row.name.text),
            _text(row.target),
            _text(row.actual),
            score.kind.value,
            _number(row.weight),
            _number(row.score),
            score.expected,
            _text(row.reason),
            _cell(row.actual),
            _cell(row.weight),
            _cell(row.score),
            _cell(row.reason),
            *_numbers(row, score.kind),
        )


def _numbers(row: Indicator, kind: Kind) -> tuple[Item, Item, Item, Item]:
    """Comparator, unit, target and actual value of a quantitative indicator, as far as they are numbers that can be compared."""
    target = read_value(row.target_text) if kind is Kind.QUANTITATIVE else None
    if not isinstance(target, Quantity) or target.high is not None:
        return None, None, None, None
    text = row.actual.text if row.actual else ""
    return target.comparator.value, target.unit, target.number, comparable(target, read_value(text), text)


def finding_rows(judged: JudgedForm) -> Iterator[Row]:
    """The rows of `findings` that one form shows by itself."""
    for finding in judged.findings:
        yield (
            finding.code,
            finding.name,
            finding.severity.value,
            finding.at.a1,
            finding.found,
            finding.expected,
            finding.message,
            None,
        )


def fact_rows(judged: JudgedForm) -> Iterator[Row]:
    """The rows of `facts`: names, reasons, achievements and figures, with what they are compared by."""
    facts: FormFacts = facts_of(judged.scored)
    for kind in ("project", "department", "unit"):
        named: Named | None = getattr(facts, kind)
        if named is not None:
            yield (kind, named.key, named.text, named.code, named.cell)
    for said in facts.reasons:
        yield ("reason", said.key, said.text, None, said.cell)
    for said in facts.achievements:
        yield ("achievement", said.key, said.text, None, said.cell)
    for figure in facts.figures:
        yield ("figure", JOINT.join((figure.number, figure.tie, figure.unit)), figure.figure, None, figure.cell)


def _unbroken(text: str) -> str:
    return text if text.isprintable() else "".join(text.splitlines())


def _name(party: Party | None) -> str | None:
    return _unbroken(party.name) or None if party else None


def _number(value: Value | None) -> Item:
    return value.number if value else None


def _text(value: Value | None) -> str | None:
    return value.text or None if value else None


def _cell(value: Value | None) -> str | None:
    return None if value is None else value.at.a1
