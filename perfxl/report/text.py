"""The outcome of a run as text for people: by book and form, the findings, the changes, and what to do next.

No line is wider than 80 columns, wide characters counted as two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

from perfxl.checks.finding import AcrossFinding, Finding, Severity
from perfxl.checks.texts import load_text
from perfxl.outcome import Change, Disagreement, Failure, JudgedForm, Outcome, SourceFinding
from perfxl.patterns import pattern
from perfxl.report.terminal import WIDTH, Palette, cut, cut_front, emit, one_line, pad, width, wrap
from perfxl.scoring.rounding import percentage, plain
from perfxl.signs import shown

_SIGNS = {Severity.ERROR: "● 错误", Severity.WARNING: "▲ 警告", Severity.ADVICE: "○ 建议"}
_COUNTED = {Severity.ERROR: "处错误", Severity.WARNING: "处警告", Severity.ADVICE: "条建议"}
_WORST_FIRST = {severity: order for order, severity in enumerate(Severity)}
_CELL_COLUMNS = 6
_PLACE_COLUMNS = 24
_MESSAGE_INDENT = "    "
_VALUES_COLUMNS = 32
_FIRST_CLAUSE = pattern("[：。]")

_T = TypeVar("_T")


def write_text(outcome: Outcome, stream: TextIO) -> None:
    """Write the whole outcome; in colours where the stream is a terminal that takes them."""
    palette = Palette(stream)
    for line in _lines(outcome, palette):
        emit(stream, line)


def book_line(number: int, total: int, name: str, outcome: Outcome) -> str:
    """One line on the book that was just done, the `number`th of `total`."""
    place = f"[{number:{len(str(total))}}/{total}] "
    result = "未能处理" if outcome.failures else " · ".join(_results(outcome))
    room = WIDTH - width(place) - width(result) - 2
    return f"{place}{cut_front(shown(name), room)}  {result}"


def _results(outcome: Outcome) -> list[str]:
    """What was found in one book and what was done to it, a phrase each."""
    found = [f"{len(outcome.forms)} 张表", counts(outcome.severities())] if outcome.forms else []
    results = [*found, *_changed(outcome), *_differing(outcome)]
    if not results and outcome.notes:  # the last note says what came of it: no form, marks taken off
        results = [_FIRST_CLAUSE.split(one_line(outcome.notes[-1][1]), maxsplit=1)[0]]
    return results or ["没有改动"]


def _lines(outcome: Outcome, palette: Palette) -> Iterator[str]:
    changes = _by_book((change.book, change) for change in outcome.changes)
    notes = _by_book(outcome.notes)
    forms = _by_book((judged.scored.form.book, judged) for judged in outcome.forms)
    differing = _by_book((finding.book, finding) for finding in outcome.disagreements or ())
    for book in dict.fromkeys([*forms, *changes, *differing, *notes]):
        for judged in forms.get(book, ()):
            yield from _form_lines(judged, palette)
            yield ""
        if book not in forms:
            yield from _title_lines(shown(book), palette)
        for note in notes.get(book, ()):
            yield from _message_lines(note)
        for finding in differing.get(book, ()):
            yield from _source_lines(finding, palette)
        if book in changes:
            yield from _change_lines(changes[book], outcome.dry_run, palette)
        if book not in forms or book in changes or book in notes or book in differing:
            yield ""
    if outcome.across:
        yield from _across_lines(outcome.across, palette)
        yield ""
    for failure in outcome.failures:
        yield from _failure_lines(failure, palette)
        yield ""
    yield from wrap(_summary(outcome), WIDTH)
    yield from wrap(_next_step(outcome), WIDTH)


def _by_book(pairs: Iterable[tuple[str, _T]]) -> dict[str, list[_T]]:
    out: dict[str, list[_T]] = {}
    for book, item in pairs:
        out.setdefault(book, []).append(item)
    return out


def _form_lines(judged: JudgedForm, palette: Palette) -> Iterator[str]:
    form = judged.scored.form
    place = f"{shown(form.book)} · {one_line(form.sheet)}" + (f" · 第 {form.index} 张" if form.index > 1 else "")
    yield from _title_lines(place, palette)
    names = [party.name for party in (form.project, form.implementing_unit or form.department) if party]
    if names:
        yield from wrap(" · ".join(map(one_line, names)), WIDTH)
    yield from wrap(" · ".join([*figures(judged), counts(finding.severity for finding in judged.findings)]), WIDTH)
    for finding in sorted(
        judged.findings, key=lambda finding: (_WORST_FIRST[finding.severity], finding.at, finding.code)
    ):
        yield from _finding_lines(finding, palette)


def _title_lines(title: str, palette: Palette) -> Iterator[str]:
    for line in wrap(title, WIDTH):
        yield palette.paint(line, "title")


def figures(judged: JudgedForm) -> Iterator[str]:
    """A form's total and execution rate, a phrase each."""
    scores = judged.scored.scores
    if scores.computed is None:
        yield "总分暂不能算出"
    else:
        yield f"总分 {plain(scores.computed)}" + (f"（{scores.grade}）" if scores.grade else "")
    rates = [score.rate_shown for score in scores.funds if score.score is not None and score.rate_shown is not None]
    if rates:
        yield f"执行率 {percentage(rates[0], judged.scored.profile.rate_decimals)}"


def _head_line(finding: Finding | AcrossFinding | SourceFinding, title: str, between: str, palette: Palette) -> str:
    """How grave a finding is, what it is called, and the value found and the one expected as far as the line goes."""
    sign = _SIGNS[finding.severity]
    values = between.join(one_line(value) for value in (finding.found, finding.expected) if value)
    room = WIDTH - width(sign) - width(title) - 4
    return f"{palette.paint(sign, finding.severity.value)}  {title}" + (f"  {cut(values, room)}" if values else "")


def _finding_lines(finding: Finding, palette: Palette) -> Iterator[str]:
    title = f"{pad(finding.at.a1, _CELL_COLUMNS)}  {load_text(finding.code).title}"
    yield _head_line(finding, title, " → ", palette)
    yield from _message_lines(finding.message)


_DISAGREEMENTS = {
    Disagreement.VALUE_DIFFERS: "与来源不同",
    Disagreement.PROJECT_NAME_NEAR: "项目名称相近",
    Disagreement.INDICATOR_NAME_NEAR: "指标名称相近",
    Disagreement.YEAR_DIFFERS: "年度不同",
    Disagreement.NOT_IN_SOURCES: "来源里没有",
}


def _source_lines(finding: SourceFinding, palette: Palette) -> Iterator[str]:
    yield _head_line(finding, f"{pad(finding.cell, _CELL_COLUMNS)}  {_DISAGREEMENTS[finding.kind]}", " ≠ ", palette)
    yield from _message_lines(finding.message)


_PLACES_LISTED = 6


def _across_lines(findings: Iterable[AcrossFinding], palette: Palette) -> Iterator[str]:
    """What several forms show together: each finding with the cells to open."""
    yield from _title_lines("各表之间", palette)
    for finding in sorted(findings, key=lambda finding: (_WORST_FIRST[finding.severity], finding.code)):
        yield _head_line(finding, load_text(finding.code).title, " → ", palette)
        for place in finding.places[:_PLACES_LISTED]:
            cell = f"{one_line(place.sheet)}!{place.cell}"
            yield f"{_MESSAGE_INDENT}{cut_front(f'{shown(place.book)} · {cell}', WIDTH - len(_MESSAGE_INDENT))}"
        if len(finding.places) > _PLACES_LISTED:
            yield f"{_MESSAGE_INDENT}……共 {len(finding.places)} 处"
        yield from _message_lines(finding.message)


def _message_lines(message: str) -> Iterator[str]:
    for line in wrap(one_line(message), WIDTH - len(_MESSAGE_INDENT)):
        yield _MESSAGE_INDENT + line


def _change_lines(changes: list[Change], dry_run: bool, palette: Palette) -> Iterator[str]:
    head = f"将更新 {len(changes)} 个单元格（没有写入）" if dry_run else f"已更新 {len(changes)} 个单元格"
    yield palette.paint(head, "done")
    one_sheet = len({change.sheet for change in changes}) == 1
    rows = [
        (
            change.cell if one_sheet else cut_front(f"{one_line(change.sheet)}!{change.cell}", _PLACE_COLUMNS),
            cut(_before_and_after(change), _VALUES_COLUMNS),
            _why(change.why),
        )
        for change in changes
    ]
    place_columns, values_columns = (max(width(row[column]) for row in rows) for column in (0, 1))
    for place, values, why in rows:
        yield cut(f"  {pad(place, place_columns)}  {pad(values, values_columns)}  {why}", WIDTH)


def _before_and_after(change: Change) -> str:
    after = "打开时重新计算" if change.after is None else one_line(change.after) or "空"
    return f"{one_line(change.before) or '空'} → {after}"


def _why(why: str) -> str:
    return _NO_CHECK.get(why) or f"{why} {load_text(why).title}"


# Why a cell changed where no check asked for it.
_NO_CHECK = {"recalculated": "公式重新计算", "populate": "由来源填入"}


def _failure_lines(failure: Failure, palette: Palette) -> Iterator[str]:
    yield from _title_lines(shown(failure.book), palette)
    yield palette.paint("● 未能处理", "error")
    for line in failure.error.split("\n"):
        yield from _message_lines(line)


def counts(severities: Iterable[Severity]) -> str:
    """How many findings there are of each severity."""
    found = Counter(severities)
    return (
        " · ".join(f"{found[severity]} {_COUNTED[severity]}" for severity in Severity if found[severity])
        or "未发现问题"
    )


def _changed(outcome: Outcome) -> Iterator[str]:
    if outcome.changes:
        yield f"{'将' if outcome.dry_run else '已'}更新 {len(outcome.changes)} 个单元格"


def _differing(outcome: Outcome) -> Iterator[str]:
    if outcome.disagreements:
        yield f"{len(outcome.disagreements)} 处与来源不符"


def _summary(outcome: Outcome) -> str:
    failed = [f"{len(outcome.failures)} 个文件未能处理"] if outcome.failures else []
    found = [f"{len(outcome.forms)} 张自评表", counts(outcome.severities())] if outcome.forms else []
    return " · ".join([*found, *_changed(outcome), *_differing(outcome), *failed])


def _next_step(outcome: Outcome) -> str:
    """One sentence on what to do now, about the gravest thing."""
    findings = [(f.severity, f.code) for judged in outcome.forms for f in judged.findings]
    findings += [(f.severity, f.code) for f in outcome.across]
    worst = min(findings, key=lambda finding: _WORST_FIRST[finding[0]], default=None)
    undo = "perfxl live undo" if outcome.open_book else "perfxl undo 加文件名"
    if outcome.failures:
        return "下一步：请按上面的说明处理未能处理的文件，然后重新运行。"
    if worst is not None:
        return f"下一步：请逐条核对所列单元格；依据和改法可运行 perfxl explain {worst[1]} 查看。"
    if outcome.disagreements:
        return f"下一步：请逐条核对与来源不符的单元格，改正表或来源后可重新运行；如要撤销已填的，运行 {undo}。"
    if outcome.changes and outcome.dry_run:
        return "下一步：去掉 --dry-run 重新运行，即可写入这些改动。"
    if outcome.changes:
        told = "请在程序里核对改动，合适的就保存" if outcome.open_book else "请打开文件核对改动"
        return f"下一步：{told}；如要撤销，运行 {undo}。"
    return ""
