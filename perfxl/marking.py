"""What marks say: from judged forms to the notes on cells and the results sheet. Pure; the workbooks put them there."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from perfxl.checks.finding import Finding, Severity
from perfxl.checks.registry import codes
from perfxl.checks.texts import load_text, short_line
from perfxl.form.model import Form
from perfxl.grid.address import Ref
from perfxl.grid.cells import Grid
from perfxl.outcome import Change, JudgedForm
from perfxl.patterns import pattern
from perfxl.scoring.rounding import plain
from perfxl.signs import shown
from perfxl.workbooks.marks.model import (
    CHANGE_HEADS,
    CHANGES_TITLE,
    HEADS,
    NOTE_TITLE,
    STATES,
    TITLE,
    CellMark,
    ChangeRow,
    FindingRow,
    Results,
)

_ORDER = {severity: order for order, severity in enumerate(Severity)}
_COUNTED = {Severity.ERROR: "处错误", Severity.WARNING: "处警告", Severity.ADVICE: "条建议"}
_OPEN, _CORRECTED, _VERIFIED = STATES
_DATE = pattern(r"\d{4}-\d\d-\d\d \d\d:\d\d\Z")
_PARTING = pattern("[“（”）。]")
_ADVICE_BEGINS = ("请", "建议")
_TITLE_ROWS = 10  # the title stands at the top, below what rows a person may have put above it


class Earlier(NamedTuple):
    """What a results sheet says already: the date, the changes, and what people wrote as 处理情况, by code, project and subject."""

    date: str
    changes: tuple[ChangeRow, ...]
    states: dict[tuple[str, str, str], list[str]]


def marks_of(forms: Iterable[JudgedForm]) -> list[CellMark]:
    """The marks of forms: one a cell, however many findings it has."""
    cells: dict[tuple[str, Ref], list[Finding]] = {}
    for judged in forms:
        for finding in judged.findings:
            cells.setdefault((judged.scored.form.sheet, finding.at), []).append(finding)
    marks = []
    for (sheet, at), findings in cells.items():
        findings.sort(key=lambda finding: (_ORDER[finding.severity], finding.code))
        marks.append(CellMark(sheet, at, findings[0].severity, tuple(_note_lines(findings))))
    return marks


def _note_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """The worst finding in full, each other in one line."""
    worst, *others = findings
    yield f"{NOTE_TITLE} {worst.code} {load_text(worst.code).title}"
    for number, sentence in enumerate(sentences(worst.message)):
        yield sentence if number else f"{worst.severity.label}：{sentence}"
    for other in others:
        yield f"{other.severity.label} {other.code}：{_one_line(short_line(other))}"


def sentences(message: str) -> list[str]:
    """A message's sentences; a full stop within quotation marks or brackets ends none."""
    found = []
    depth = start = 0
    text = _one_line(message)
    for match in _PARTING.finditer(text):
        char = match[0]
        if char in "“（":
            depth += 1
        elif char in "”）":
            depth = max(depth - 1, 0)
        elif not depth:
            found.append(text[start : match.end()])
            start = match.end()
    return [*found, *([text[start:]] if text[start:].strip() else [])]


def results_of(
    forms: Sequence[JudgedForm], changes: Sequence[Change], earlier: Earlier | None, now: datetime
) -> Results:
    """The results sheet of a workbook's forms.

    Date and changes are those of the last run that changed a value: of this one if it did, else those that stand there.
    """
    listed: Sequence[Change | ChangeRow] = changes if changes or earlier is None else earlier.changes
    sheets = {judged.scored.form.sheet for judged in forms} | {change.sheet for change in listed}
    many = len(sheets) > 1
    states = {key: list(values) for key, values in earlier.states.items()} if earlier else {}
    rows = tuple(
        _finding_row(judged, finding, many, states)
        for judged in forms
        for finding in sorted(judged.findings, key=lambda f: (_ORDER[f.severity], f.at, f.code))
    )
    date = now.strftime("%Y-%m-%d %H:%M") if changes or earlier is None else earlier.date
    rewritten = tuple(_change_row(change, many) if isinstance(change, Change) else change for change in listed)
    return Results(" · ".join([*_figures(forms, rows), date]), rows, rewritten, _checked(forms))


def _finding_row(
    judged: JudgedForm, finding: Finding, many: bool, states: dict[tuple[str, str, str], list[str]]
) -> FindingRow:
    form = judged.scored.form
    text = load_text(finding.code)
    problem, todo = problem_and_todo(finding.message)
    project = _one_line(form.project.name) if form.project else ""
    subject = _subject(form, finding)
    kept = states.get((finding.code, project, subject))
    return FindingRow(
        severity=finding.severity,
        code=finding.code,
        project=project,
        sheet=form.sheet,
        at=finding.at,
        place=f"{shown(form.sheet)}!{finding.at.a1}" if many else finding.at.a1,
        problem=problem,
        found=_one_line(finding.found),
        expected=_one_line(finding.expected or ""),
        source=text.sources[0].title,
        todo=todo,
        state=kept.pop(0) if kept else _OPEN,
        subject=subject,
    )


def problem_and_todo(message: str) -> tuple[str, str]:
    """A message in two: what is wrong, and what to do, which the last sentences say."""
    parts = sentences(message)
    at = next((number for number, sentence in enumerate(parts) if sentence.startswith(_ADVICE_BEGINS)), len(parts))
    return "".join(parts[:at]), "".join(parts[at:])


def _subject(form: Form, finding: Finding) -> str:
    """What a finding is about, by name: it stays the same when rows move."""
    row = finding.at.row
    for indicator in form.indicators:
        if indicator.row == row:
            return _one_line(indicator.name.text)
    for line in form.funds:
        if line.label.at.row == row:
            return _one_line(line.label.text)
    if form.total is not None and form.total.label.at.row == row:
        return _one_line(form.total.label.text)
    return _one_line(finding.facts.get("label", "") or finding.facts.get("section", "")) or finding.name


def _figures(forms: Sequence[JudgedForm], rows: Sequence[FindingRow]) -> Iterator[str]:
    """The counts, the total. What a person has verified is counted apart; an error stays one."""
    verified = [row for row in rows if row.state == _VERIFIED and row.severity is not Severity.ERROR]
    found = Counter(row.severity for row in rows) - Counter(row.severity for row in verified)
    counts = [f"{found[severity]} {_COUNTED[severity]}" for severity in Severity if found[severity]]
    if verified:
        counts.append(f"{len(verified)} 处{_VERIFIED}")
    yield from counts or ["未发现问题"]
    if len(forms) > 1:
        yield f"{len(forms)} 张自评表"
    else:
        for judged in forms:
            scores = judged.scored.scores
            if scores.computed is not None:
                yield f"总分 {plain(scores.computed)}" + (f"（{scores.grade}）" if scores.grade else "")


def _checked(forms: Sequence[JudgedForm]) -> str:
    """What was checked, where nothing was found."""
    named = [
        f"“{judged.scored.form.sheet}”"
        + (f"（{_one_line(judged.scored.form.project.name)}）" if judged.scored.form.project else "")
        for judged in forms[:3]
    ]
    more = f"等 {len(forms)} 张自评表" if len(forms) > 3 else ""
    rules = "、".join(dict.fromkeys(judged.scored.profile.name for judged in forms))
    return f"检查了{'、'.join(named)}{more}：按规则 {rules} 核对了栏目、资金、分值、得分、总分和原因说明，共 {len(codes())} 项检查。"


def _change_row(change: Change, many: bool) -> ChangeRow:
    return ChangeRow(
        sheet=change.sheet,
        cell=change.cell,
        place=f"{change.sheet}!{change.cell}" if many else change.cell,
        before=_one_line(change.before) or "空",
        after="打开时重新计算" if change.after is None else _one_line(change.after) or "空",
        why="公式重新计算" if change.why == "recalculated" else f"{change.why} {load_text(change.why).title}",
    )


def _one_line(text: str) -> str:
    return shown(" ".join(text.split()))


# --- what a results sheet says already


def is_results(grid: Grid) -> bool:
    """Whether a sheet is a results sheet, by what stands in it, whatever it is called."""
    return _title_row(grid) is not None


def is_title(text: str) -> bool:
    """Whether a text is the title of a results sheet."""
    return TITLE in text and text.strip() == TITLE


def read_results(grid: Grid, sheet: str) -> Earlier | None:
    """What a results sheet says, None where a sheet is none; a place without a sheet is on `sheet`."""
    title = _title_row(grid)
    if title is None:
        return None
    rows = {number: {c: str(cell.value) for c, cell in cells.items()} for number, cells in grid.rows.items()}
    match = _DATE.search(rows.get(title + 1, {}).get(1, "").strip())
    return Earlier(match[0] if match else "", tuple(_changes(rows, sheet)), _states(rows))


def _title_row(grid: Grid) -> int | None:
    for row in list(grid.rows)[:_TITLE_ROWS]:
        cell = grid.rows[row].get(1)
        if cell is not None and isinstance(cell.value, str) and is_title(cell.value):
            return row
    return None


def _states(rows: dict[int, dict[int, str]]) -> dict[tuple[str, str, str], list[str]]:
    states: dict[tuple[str, str, str], list[str]] = {}
    columns: dict[str, int] | None = None
    for cells in rows.values():
        if columns is None:
            heads = {text: column for column, text in cells.items()}
            columns = {head: heads[head] for head in HEADS if head in heads} if "处理情况" in heads else None
            continue
        code, project, subject, state = (
            cells.get(columns.get(head, 0), "").strip() for head in ("代码", "项目", "对象", "处理情况")
        )
        if cells.get(1) == CHANGES_TITLE:
            break
        if code:
            states.setdefault((code, project, subject), []).append(state or _OPEN)
    return states


def _changes(rows: dict[int, dict[int, str]], only: str) -> Iterator[ChangeRow]:
    columns: list[int] | None = None
    begun = False
    for cells in rows.values():
        if not begun:
            begun = cells.get(1) == CHANGES_TITLE
        elif columns is None:
            heads = {text: column for column, text in cells.items()}
            columns = [heads.get(head, 0) for head in CHANGE_HEADS]
        else:
            _, place, before, after, why = (cells.get(column, "") for column in columns)
            sheet, _, cell = place.rpartition("!")
            if place:
                yield ChangeRow(sheet or only, cell, place, before, after, why)
