"""What the demo tells: form by form what was wrong, what was put right and what is left for a person; then where to look.

No line is wider than 80 columns, wide characters counted as two, but for a command that does not fit: it stays whole.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from perfxl.checks.finding import Finding, Severity
from perfxl.checks.texts import load_text
from perfxl.demo import ORIGINALS, SCORED
from perfxl.form.model import Form
from perfxl.outcome import Change, JudgedForm, Outcome
from perfxl.report.terminal import WIDTH, Palette, cut, emit, pad, shown, width, wrap

_SEVERITIES = tuple(Severity)
_HEADS = ("单位 · 工作表", "错误", "警告", "建议", "改正", "总分")
_COLUMNS = (30, 8, 8, 8, 6, 16)
_INDENT = "  "


def tell(folder: Path, found: Outcome, done: Outcome, stream: TextIO) -> None:
    """Write the story of one run: `found` is what the check said before, `done` what scoring gave."""
    palette = Palette(stream)
    for line in _story(folder, found, done, palette):
        emit(stream, line)


def _story(folder: Path, found: Outcome, done: Outcome, palette: Palette) -> Iterator[str]:
    befores = {_place(judged.scored.form): judged for judged in found.forms}
    pairs = [(befores[_place(after.scored.form)], after) for after in done.forms]
    yield palette.paint(f"样例：{done.books} 个单位的 {done.books} 本工作簿，{len(pairs)} 张自评表", "title")
    yield from wrap(f"原件在“{ORIGINALS}”，没有改动；检查、计算的是“{SCORED}”里的副本。", WIDTH)
    yield ""
    for failure in done.failures:
        yield from wrap(f"未能处理 {failure.book}：{failure.error}", WIDTH)
        yield ""
    yield palette.paint(_row(_HEADS), "title")
    yield "─" * sum(_COLUMNS)
    for before, after in pairs:
        yield _row(_summary(before, after, done.changes))
    yield ""
    yield from wrap("“2 → 1”是计算前后的条数；“改正”是更新的单元格数，连同随之重算的公式。", WIDTH)
    for before, after in pairs:
        yield ""
        yield from _told(before, after, done.changes, palette)
    yield ""
    yield from _where_to_look(folder, done, palette)


def _place(form: Form) -> tuple[str, str, int]:
    return form.book, form.sheet, form.index


def _row(cells: Iterable[str]) -> str:
    return "".join(pad(cut(cell, columns - 1), columns) for cell, columns in zip(cells, _COLUMNS, strict=True)).rstrip()


def _summary(before: JudgedForm, after: JudgedForm, changes: list[Change]) -> list[str]:
    form = before.scored.form
    counts = [Counter(finding.severity for finding in judged.findings) for judged in (before, after)]
    return [
        f"{Path(form.book).parent} · {form.sheet}",
        *(_turned(*(str(count[severity]) for count in counts)) for severity in _SEVERITIES),
        str(len(_of(form, changes))),
        _turned(_total(before), _total(after)),
    ]


def _turned(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _total(judged: JudgedForm) -> str:
    total = judged.scored.form.total
    return (total.score.text if total and total.score else "") or "空"


def _of(form: Form, changes: list[Change]) -> list[Change]:
    """The changes on the form's sheet, and those elsewhere in its book that follow from them."""
    return [
        change
        for change in changes
        if change.book == form.book and (change.sheet == form.sheet or change.why == _RECALCULATED)
    ]


_RECALCULATED = "recalculated"


def _told(before: JudgedForm, after: JudgedForm, changes: list[Change], palette: Palette) -> Iterator[str]:
    form = before.scored.form
    project = f"（{form.project.name}）" if form.project else ""
    for line in wrap(f"{form.book} · {form.sheet}{project}", WIDTH):
        yield palette.paint(line, "title")
    mended = _of(form, changes)
    if not mended and not after.findings:
        yield f"{_INDENT}没有差错，没有改动"
    if mended:
        yield _INDENT + palette.paint("改正", "done")
        yield from _changes(form, mended)
    if after.findings:
        yield f"{_INDENT}留给人核对"
        yield from _left(after.findings, palette)


def _changes(form: Form, changes: list[Change]) -> Iterator[str]:
    rows = [
        (
            change.cell if change.sheet == form.sheet else f"{change.sheet}!{change.cell}",
            f"{change.before or '空'} → {change.after or '打开时重新计算'}",
            _why(change),
        )
        for change in sorted(changes, key=lambda change: change.why == _RECALCULATED)
    ]
    places, values = (max(width(row[column]) for row in rows) for column in (0, 1))
    for place, value, why in rows:
        yield f"{_INDENT * 2}{pad(place, places)}  {pad(value, values)}  {why}"


def _why(change: Change) -> str:
    if change.why == _RECALCULATED:
        return "公式随之重算"
    return load_text(change.why).title if change.before else "按规则填上"


def _left(findings: tuple[Finding, ...], palette: Palette) -> Iterator[str]:
    """Findings of one kind on one line, with all their cells."""
    cells: dict[tuple[Severity, str], list[str]] = {}
    for finding in sorted(
        findings, key=lambda finding: (_SEVERITIES.index(finding.severity), finding.code, finding.at)
    ):
        cells.setdefault((finding.severity, finding.code), []).append(finding.at.a1)
    for (severity, code), places in cells.items():
        sign = palette.paint(severity.label, severity.value)
        yield f"{_INDENT * 2}{sign}  {code}  {load_text(code).title}  {'、'.join(places)}"


def _where_to_look(folder: Path, done: Outcome, palette: Palette) -> Iterator[str]:
    first = next((change for change in done.changes if change.why != _RECALCULATED), None)
    yield palette.paint("到哪里看", "title")
    yield from _indented(f"文件夹：{shown(str(folder.absolute()))}")
    if first is not None:
        book = Path(first.book)
        yield from _indented(
            f"打开 {SCORED}{os.sep}{book}，看工作表“{first.sheet}”的 {first.cell}：{first.before or '空'} 已改为 {first.after}；"
            f"与 {ORIGINALS}{os.sep}{book} 对照。"
        )
    yield ""
    yield palette.paint("接着可以试", "title")
    yield f"{_INDENT}先进入样例所在的文件夹："
    yield from _command("cd", shown(str(folder)))
    if first is not None:
        yield f"{_INDENT}撤销对一本的改动（逐字节还原）："
        yield from _command(*_program(), "undo", os.path.join(SCORED, first.book))
    worst = next((finding for form in done.forms for finding in form.findings), None)
    if worst is not None:
        yield f"{_INDENT}某一条的依据和改法："
        yield from _command(*_program(), "explain", worst.code)
    yield f"{_INDENT}自己的文件，先看会改什么，再计算："
    yield from _command(*_program(), "score", "--dry-run", "自评表.xlsx")
    yield from _command(*_program(), "score", "自评表.xlsx")


def _indented(text: str) -> Iterator[str]:
    return (_INDENT + line for line in wrap(text, WIDTH - len(_INDENT)))


def _program() -> list[str]:
    """How this user calls perfxl: by name where the shell finds it, else as it was called now."""
    called = Path(sys.argv[0])
    if shutil.which("perfxl") or not called.exists():
        return ["perfxl"]
    return [sys.executable, "-m", "perfxl"] if called.name == "__main__.py" else [str(called.resolve())]


def _command(*words: str) -> Iterator[str]:
    r"""A command to copy; one that is too wide goes on in a second line after `\`, where the shell knows that."""
    windows = os.name == "nt"
    quoted = [_quoted(word, windows=windows) for word in words]
    line = _INDENT * 2 + " ".join(quoted)
    if width(line) <= WIDTH or windows or len(quoted) == 1:
        yield line
    else:
        yield f"{_INDENT * 2}{quoted[0]} \\"
        yield _INDENT * 4 + " ".join(quoted[1:])


def _quoted(word: str, *, windows: bool) -> str:
    if re.fullmatch(r"[\w./:\\-]+" if windows else r"[\w./-]+", word):
        return word
    return f'"{word}"' if windows else shlex.quote(word)
