"""What `score` writes into a form: the arithmetic that the checks find wrong or blank, and blank indicator scores.

Judgement stays with people: a score that a person typed is replaced only on request, a qualitative one never; a cell with a formula
and a row that stands shifted are left alone.
"""

from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from perfxl.checks.finding import Finding
from perfxl.form.model import Form, FundKind, Kind, Value
from perfxl.grid.address import Ref
from perfxl.patterns import pattern
from perfxl.scoring.execution import rate_decimals
from perfxl.scoring.results import ScoredForm, Scores
from perfxl.scoring.rounding import percentage, plain, rounded
from perfxl.workbooks.port import Edit


class Overwrite(Enum):
    """What may be replaced: nothing (only blanks are filled), arithmetic, or indicator scores as well."""

    NONE = "none"
    ARITHMETIC = "arithmetic"
    ALL = "all"


class PlannedEdit(NamedTuple):
    """An edit, the value that stands there now, and the code of the check that asks for it."""

    edit: Edit
    before: Value
    why: str


def plan_edits(scored: ScoredForm, findings: tuple[Finding, ...], overwrite: Overwrite) -> list[PlannedEdit]:
    """The next edits that put a form right as far as the rules settle it, at most one a cell; none when nothing is left to do."""
    planned: dict[Ref, PlannedEdit] = {}
    wrong = {(f.code, f.at) for f in findings} if overwrite is not Overwrite.NONE else set()
    parts = [
        wish for wish in (*_execution(scored, wrong), *_indicators(scored, overwrite)) if _may_be_written(wish.before)
    ]
    # The total is added up from what stands there, so its parts are put right first.
    for wish in parts or filter(lambda wish: _may_be_written(wish.before), _total(scored, wrong)):
        planned.setdefault(wish.edit.at, wish)
    return list(planned.values())


def _may_be_written(value: Value) -> bool:
    """A formula keeps its cell; a value that shares its cell with a label is a person's to change."""
    return not value.formula and not value.inside


def _execution(scored: ScoredForm, wrong: set[tuple[str, Ref]]) -> Iterator[PlannedEdit]:
    """Execution rates and points. A blank rate is filled on the total row only: sub-rows need not print one."""
    form = scored.form
    for line, score in zip(form.funds, scored.scores.funds, strict=True):
        total = line.kind is FundKind.TOTAL
        rate, points = line.execution_rate, line.score
        if rate is not None and score.rate is not None and score.rate <= 1:
            if ("FND001", rate.at) in wrong:
                yield _plan(form, rate, _rate_edit(form, rate, score.rate), "FND001")
            elif total and rate.empty:
                yield _plan(form, rate, _blank_rate_edit(form, rate, score.rate, scored), "FND001")
        if total and points is not None and score.score is not None:
            if ("SCR007", points.at) in wrong:
                yield _plan(form, points, _points_edit(form, points, score.score), "SCR007")
            elif points.empty:
                yield _plan(form, points, _points_edit(form, points, score.score), "SCR004")


def _indicators(scored: ScoredForm, overwrite: Overwrite) -> Iterator[PlannedEdit]:
    form = scored.form
    for row, score in zip(form.indicators, scored.scores.indicators, strict=True):
        if row.shifted or row.score is None or score.expected is None or score.kind is Kind.QUALITATIVE:
            continue
        if row.score.empty:
            yield _plan(form, row.score, _points_edit(form, row.score, score.expected), "SCR004")
        elif overwrite is Overwrite.ALL and row.score.number is not None and row.score.number != score.expected:
            yield _plan(form, row.score, _points_edit(form, row.score, score.expected), "SCR005")


def _total(scored: ScoredForm, wrong: set[tuple[str, Ref]]) -> Iterator[PlannedEdit]:
    form, scores = scored.form, scored.scores
    line = form.total
    if line is None or scores.computed is None:
        return
    if line.score is not None:
        code = next((code for code in ("SCR008", "SCR009") if (code, line.score.at) in wrong), None)
        if code is not None or line.score.empty:
            yield _plan(form, line.score, _points_edit(form, line.score, scores.computed), code or "SCR008")
    if line.grade is not None and scores.grade is not None and _grade_differs(line.grade, scores, wrong):
        yield _plan(form, line.grade, Edit(form.sheet, line.grade.at, scores.grade), "SCR010")


def _grade_differs(grade: Value, scores: Scores, wrong: set[tuple[str, Ref]]) -> bool:
    """The printed grade is replaced where it was found wrong, or where the total that is put right earns another."""
    asked = {code for code, _ in wrong}
    return bool(asked & {"SCR008", "SCR009", "SCR010"}) and grade.text.strip() != scores.grade


def _plan(form: Form, before: Value, edit: Edit, why: str) -> PlannedEdit:
    return PlannedEdit(edit, before, why)


# --- how a value is put down: kind, scale and decimals stay as they are


def _rate_edit(form: Form, printed: Value, rate: Decimal) -> Edit:
    """A rate in the place of a printed one: text stays text at its decimals, a number keeps its format and its scale."""
    if printed.as_text:
        return Edit(form.sheet, printed.at, _rate_text(printed, rate))
    decimals = max(rate_decimals(printed), 4)
    number = rounded(rate, decimals)
    if not printed.percent and printed.scale != 1:
        number = rounded(rate * 100, max(printed.decimals, 2))
    hidden = printed.percent and percentage(rate, printed.decimals) == printed.text
    return Edit(form.sheet, printed.at, number, with_decimals(printed.number_format, 2) if hidden else None)


def _rate_text(printed: Value, rate: Decimal) -> str:
    if printed.percent:
        return percentage(rate, printed.decimals)
    return str(rounded(rate / printed.scale, printed.decimals))


def _blank_rate_edit(form: Form, blank: Value, rate: Decimal, scored: ScoredForm) -> Edit:
    number_format = None if "%" in blank.number_format else "0.00%"
    return Edit(form.sheet, blank.at, rounded(rate, scored.profile.rate_decimals + 2), number_format)


def _points_edit(form: Form, before: Value, points: Decimal) -> Edit:
    """Points in the place of others or of a blank: never hidden by the cell's format."""
    if before.as_text and not before.empty:
        return Edit(form.sheet, before.at, plain(points))
    needed = len(plain(points).partition(".")[2])
    return Edit(form.sheet, before.at, points, _format_that_shows(before.number_format, needed))


_PLACES = pattern(r"0(?:\.[0#?]+)?(?![^\[]*\])")


def _format_that_shows(code: str, decimals: int) -> str | None:
    """The format with enough decimals, None where the cell's own has them."""
    if code in ("General", "@"):
        return None
    match = _PLACES.search(code)
    shown = len(match[0].partition(".")[2]) if match else 0
    if match is None or "%" in code:
        return "General"
    return with_decimals(code, decimals) if shown < decimals else None


def with_decimals(code: str, decimals: int) -> str:
    """A number format code with this many decimals in each of its sections: `0_ ` at two is `0.00_ `."""
    return ";".join(_PLACES.sub("0." + "0" * decimals, section, count=1) for section in code.split(";"))
