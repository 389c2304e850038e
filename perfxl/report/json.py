"""The outcome of a run as JSON for other programs: a form a line, written one after the other.

Amounts, points and rates are decimal strings, rates as fractions however they are printed; what is missing is null.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TextIO

from perfxl import __version__
from perfxl.checks.finding import AcrossFinding, Finding
from perfxl.form.model import FundLine, Indicator, Party, Value
from perfxl.outcome import Change, JudgedForm, Outcome, SourceFinding
from perfxl.patterns import pattern
from perfxl.scoring.results import FundScore, IndicatorScore
from perfxl.scoring.rounding import plain

# JSON leaves these as they are, but a terminal that shows it would obey them.
_OBEYED = pattern(r"[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


def write_json(outcome: Outcome, stream: TextIO, *, reading: bool = False) -> None:
    """Write the whole outcome. With `reading`, each form tells its cells too."""
    compared = {} if outcome.disagreements is None else {"findings": map(_source_record, outcome.disagreements)}
    write_lists(
        {
            "forms": map(_with_reading if reading else form_record, outcome.forms),
            "across": map(_across_record, outcome.across),
            **compared,
            "changes": map(_change_record, outcome.changes),
            "failures": ({"book": failure.book, "error": failure.error} for failure in outcome.failures),
            "notes": ({"book": book, "note": note} for book, note in outcome.notes),
        },
        stream,
    )


def write_lists(lists: Mapping[str, Iterable[Any]], stream: TextIO) -> None:
    """Write lists under their keys, an item a line, as they come; escaped to ASCII where the stream is not UTF-8."""
    ascii_only = (stream.encoding or "utf-8").lower().replace("-", "").replace("_", "") != "utf8"

    def text_of(value: Any) -> str:
        text = json.dumps(value, ensure_ascii=ascii_only)
        if not text.isascii() and not _is_unicode(text):
            return json.dumps(value)  # half a surrogate pair: of a file name that is no UTF-8, or of a broken cell
        return _OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)

    stream.write(f'{{"perfxl": {text_of(__version__)}')
    for key, items in lists.items():
        stream.write(f',\n "{key}": [')
        separator = "\n  "
        for item in items:
            stream.write(separator + text_of(item))
            separator = ",\n  "
        stream.write("]")
    stream.write("}\n")


def form_record(judged: JudgedForm) -> dict[str, Any]:
    """One form as it stands in the JSON, ready for `json.dumps`."""
    form, scores = judged.scored.form, judged.scored.scores
    return {
        "book": form.book,
        "sheet": form.sheet,
        "index": form.index,
        "project": _name(form.project),
        "project_code": _code(form.project),
        "department": _name(form.department),
        "department_code": _code(form.department),
        "implementing_unit": _name(form.implementing_unit),
        "unit_code": _code(form.implementing_unit),
        "year": form.year,
        "profile": judged.scored.profile.name,
        "profile_reason": judged.scored.profile_reason,
        "money_unit": form.money_unit,
        "funds": [_fund_record(*pair) for pair in zip(form.funds, scores.funds, strict=True)],
        "indicators": [_indicator_record(*pair) for pair in zip(form.indicators, scores.indicators, strict=True)],
        "total": {
            "weight": _number(form.total.weight if form.total else None) or _decimal(scores.weight_sum),
            "printed": _number(form.total.score if form.total else None),
            "computed": _decimal(scores.computed),
            "grade": scores.grade,
        },
        "findings": [_finding_record(finding) for finding in judged.findings],
    }


def _with_reading(judged: JudgedForm) -> dict[str, Any]:
    from perfxl.report.reading import reading_records

    return form_record(judged) | {"reading": reading_records(judged.scored.form)}


def _fund_record(line: FundLine, score: FundScore) -> dict[str, Any]:
    return {
        "label": _unbroken(line.label.text),
        "initial_budget": _number(line.initial_budget),
        "budget": _number(line.budget),
        "executed": _number(line.executed),
        "weight": _number(line.weight),
        "execution_rate": _number(line.execution_rate),
        "score": _number(line.score),
        # At the decimals that the form prints, so that it can be put there.
        "expected_rate": None if score.rate_shown is None else format(score.rate_shown, "f"),
        "expected_score": _decimal(score.score),
    }


def _indicator_record(row: Indicator, score: IndicatorScore) -> dict[str, Any]:
    return {
        "level1": _unbroken(row.level1),
        "level2": _unbroken(row.level2),
        "name": _unbroken(row.name.text),
        "target": _text(row.target),
        "actual": _text(row.actual),
        "kind": score.kind.value,
        "weight": _number(row.weight),
        "score": _number(row.score),
        "expected_score": _decimal(score.expected),
        "reason": _text(row.reason),
        "cells": {
            "actual": _cell(row.actual),
            "weight": _cell(row.weight),
            "score": _cell(row.score),
            "reason": _cell(row.reason),
        },
    }


def _finding_record(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "cell": finding.at.a1,
        "found": finding.found,
        "expected": finding.expected,
        "message": finding.message,
    }


def _across_record(finding: AcrossFinding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "found": finding.found,
        "expected": finding.expected,
        "message": finding.message,
        "places": [
            {"book": place.book, "sheet": place.sheet, "index": place.form, "cell": place.cell}
            for place in finding.places
        ],
    }


def _source_record(finding: SourceFinding) -> dict[str, Any]:
    source = finding.source
    return {
        "name": finding.kind.value,
        "severity": finding.severity.value,
        "book": finding.book,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "found": finding.found,
        "expected": finding.expected,
        "source": {"book": source.book, "sheet": source.sheet, "cell": source.cell} if source else None,
        "message": finding.message,
    }


def _change_record(change: Change) -> dict[str, Any]:
    return {
        "book": change.book,
        "sheet": change.sheet,
        "cell": change.cell,
        "before": change.before,
        "after": change.after,
        "why": change.why,
    }


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unbroken(text: str) -> str:
    return "".join(text.splitlines())


def _name(party: Party | None) -> str | None:
    return _unbroken(party.name) or None if party else None


def _code(party: Party | None) -> str | None:
    return party.code if party else None


def _text(value: Value | None) -> str | None:
    return value.text or None if value else None


def _cell(value: Value | None) -> str | None:
    return value.at.a1 if value else None


def _number(value: Value | None) -> str | None:
    return _decimal(value.number) if value else None


def _decimal(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)
