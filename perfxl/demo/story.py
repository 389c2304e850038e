"""What the demo tells, step by step: what was done, by which command, and what to open.

No line is wider than 80 columns, wide characters counted as two, but for a command that does not fit: it stays whole.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from perfxl.checks.finding import Finding, Severity
from perfxl.checks.texts import load_text
from perfxl.demo.making import Made
from perfxl.demo.places import Places
from perfxl.demo.working import UNDONE, Undone
from perfxl.form.model import Form
from perfxl.outcome import Change, JudgedForm, Outcome
from perfxl.report.terminal import WIDTH, Palette, cut, emit, pad, width, wrap
from perfxl.scoring.rounding import percentage
from perfxl.signs import shown

if TYPE_CHECKING:
    from perfxl.consolidate.outputs import Written
    from perfxl.consolidate.run import Report

_SEVERITIES = tuple(Severity)
_HEADS = ("单位 · 工作表", "错误", "警告", "建议", "改正", "总分")
_COLUMNS = (32, 8, 8, 8, 6, 16)
_INDENT = "  "
_TOLD = Path("教育局/2024年度自评表.xlsx")
"""The workbook of which everything is told."""
_RECALCULATED = "recalculated"


class Story:
    """Tells one run of the demo."""

    def __init__(self, places: Places, stream: TextIO) -> None:
        """`stream` is where it is told, in colours where that is a terminal that takes them."""
        self._places = places
        self._stream = stream
        self._palette = Palette(stream)

    def tell_plan(self, made: Made) -> None:
        """The first three steps: plan, forms, values."""
        places = self._places
        self._step("1 计划", f"{made.projects} 个项目、{made.indicators} 个指标；另有执行台账和应报清单。")
        self._open(places.plan, "工作表“项目”“指标”")
        self._step("2 生成自评表", f"一个部门一本，共 {len(made.forms)} 本：项目、预算、指标、分值都已填好。")
        self._ran("new", places.forms, "--plan", places.plan)
        self._open(
            places.forms / "云岭市交通运输局2024年度自评表.xlsx",
            "执行数、实际完成值、得分、原因空着；执行率、总分是公式",
        )
        self._step(
            "3 年底填报",
            f"各部门填好报来 {len(made.handed_in)} 本，执行数由台账填入；其中几本是自己的表样（2019 年度、四川、湖北、带台账的），"
            "带图片、批注、宏，有意留了差错，还有一本在传输中损坏。",
        )
        self._ran("populate", places.handed_in, "--from", places.ledger)
        self._open(places.handed_in / _TOLD, "工作表“自评表”“台账”")

    def tell_check(self, found: Outcome) -> None:
        """The check of what was handed in."""
        counts = Counter(finding.severity for form in found.forms for finding in form.findings)
        counted = "、".join(f"{counts[each]} {words}" for each, words in _COUNTED.items())
        self._step("4 检查", f"只读，不改文件：{len(found.forms)} 张表，{counted}。")
        self._ran("check", self._places.handed_in)
        for failure in found.failures:
            self._lines(f"未能读取 {shown(failure.book)}：{failure.error}")
        cells = {
            f"{form.scored.form.sheet}!{finding.at.a1}"
            for form in found.forms
            if Path(form.scored.form.book) == _TOLD
            for finding in form.findings
        }
        self._open(self._places.handed_in / _TOLD, f"报来的样子，没有标记；查出的错在 {'、'.join(sorted(cells))}")

    def tell_score(self, found: Outcome, done: Outcome) -> None:
        """What scoring put right, what is left to people."""
        self._step(
            "5 算分、标记",
            "就地更正算得出的，其余留给人核对：有问题的单元格加底色和批注，另加工作表“检查结果”。改的是副本，报来的原件不动。",
        )
        self._ran("score", self._places.scored)
        befores = {_place(judged.scored.form): judged for judged in found.forms}
        pairs = [(befores[_place(after.scored.form)], after) for after in done.forms]
        self._say("")
        self._say(self._palette.paint(_row(_HEADS), "title"))
        self._say("─" * sum(_COLUMNS))
        told: set[str] = set()
        for before, after in pairs:
            self._say(_row([_label(before.scored.form, told), *_summary(before, after, done.changes)]))
        self._say("")
        self._lines("“2 → 1”是计算前后的条数；“改正”是更新的单元格数，连同随之重算的公式。")
        for before, after in pairs:
            if Path(before.scored.form.book) == _TOLD:
                self._say("")
                for line in _told(before, after, done.changes, self._palette):
                    self._say(line)
        self._open(self._places.scored / _TOLD, "工作表“检查结果”，点“位置”到有问题的单元格")
        self._open(self._places.scored / "民政局/2024年度自评表.xlsm", "带按钮的表，宏原样还在")

    def tell_undo(self, undone: Undone) -> None:
        """A workbook put back, and done again."""
        same = "与报来的逐字节相同" if undone.same else "与报来的不同"
        self._step("6 撤销", f"{UNDONE}：{undone.message}{same}。然后重新算分。")
        self._ran("undo", self._places.scored / UNDONE)
        self._open(self._places.handed_in / UNDONE, "撤销之后就是这个样子")
        self._open(self._places.scored / UNDONE, "重新算分之后：数已算好，标记和“检查结果”又在")

    def tell_results(self, report: Report, written: Sequence[Written]) -> None:
        """Summary, page, letters."""
        figures = report.figures
        budget = sum(each.budget or 0 for each in figures.departments)
        executed = sum(each.executed or 0 for each in figures.departments)
        rate = f"，执行率 {percentage(executed / budget, 2)}" if budget else ""
        places = self._places
        self._step(
            "7 汇总",
            f"{figures.forms} 张表，{figures.replaced} 张已被更新的代替；{len(figures.departments)} 个部门，"
            f"全年预算 {budget:,.2f} 万元{rate}。",
        )
        self._ran(
            "consolidate", places.scored, "--store", places.store, "--expected", places.expected,
            "-o", places.summary, "--html", places.page, "--letters", places.letters,
        )  # fmt: skip
        for each in written:
            self._open(each.path, _RESULTS[each.title])
            self._lines("".join(each.notes))

    def tell_more(self, done: Outcome) -> None:
        """What to try next."""
        self._say("")
        self._say(self._palette.paint("接着可以试", "title"))
        self._say(f"{_INDENT}先进入演示的文件夹：")
        self._all(_command("cd", shown(str(self._places.folder))))
        worst = next(finding for form in done.forms for finding in form.findings)
        scored = self._places.scored.name
        for words, command in (
            ("清除一本的标记：", ("clear", os.path.join(scored, str(_TOLD)))),
            ("某一条的依据和改法：", ("explain", worst.code)),
            (
                "向汇总库提问：",
                ("query", os.path.join(self._places.results.name, self._places.store.name), "departments"),
            ),
            ("自己的文件，先看会改什么，再计算：", ("score", "--dry-run", "自评表.xlsx")),
        ):
            self._say(f"{_INDENT}{words}")
            self._all(_command(*_program(), *command))

    def _step(self, title: str, text: str) -> None:
        if title[0] != "1":
            self._say("")
        self._say(self._palette.paint(title, "title"))
        self._lines(text)

    def _ran(self, command: str, *words: Path | str) -> None:
        """The command that does the same, its paths as seen from the demo's folder."""
        parts = [str(word.relative_to(self._places.folder)) if isinstance(word, Path) else word for word in words]
        self._all(self._palette.paint(line, "quiet") for line in _command(*_program(), command, *parts))

    def _open(self, path: Path, where: str) -> None:
        name = shown(str(path.relative_to(self._places.folder)))
        self._lines(f"打开 {name}（{where}）" if where else f"打开 {name}")

    def _lines(self, text: str) -> None:
        self._all(_INDENT + line for line in wrap(text, WIDTH - len(_INDENT)))

    def _all(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._say(line)

    def _say(self, line: str) -> None:
        emit(self._stream, line)


_RESULTS = {
    "汇总表": "各部门的合计和图表，项目、指标、问题逐条，未报送的",
    "网页": "用浏览器打开：可以搜索、筛选，逐个部门展开",
    "退回修改意见": "每个有问题的部门一份",
}
_COUNTED = {Severity.ERROR: "处错误", Severity.WARNING: "处警告", Severity.ADVICE: "条建议"}


def _place(form: Form) -> tuple[str, str, int]:
    return form.book, form.sheet, form.index


def _row(cells: Iterable[str]) -> str:
    return "".join(pad(cut(cell, columns - 1), columns) for cell, columns in zip(cells, _COLUMNS, strict=True)).rstrip()


def _label(form: Form, told: set[str]) -> str:
    """The department and the sheet; of a further workbook with such a sheet its own name."""
    book = Path(form.book)
    label = f"{book.parent} · {form.sheet}"
    if label in told:
        label = f"{book.parent} · {book.stem}"
    told.add(label)
    return label


def _summary(before: JudgedForm, after: JudgedForm, changes: list[Change]) -> list[str]:
    form = before.scored.form
    counts = [Counter(finding.severity for finding in judged.findings) for judged in (before, after)]
    return [
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


def _program() -> list[str]:
    """How this user calls perfxl: by name where the shell finds it, else as it was called now."""
    called = Path(sys.argv[0])
    if shutil.which("perfxl") or not called.exists():
        return ["perfxl"]
    return [sys.executable, "-m", "perfxl"] if called.name == "__main__.py" else [str(called.resolve())]


def _command(*words: str) -> Iterator[str]:
    r"""A command to copy; one that is too wide goes on in further lines after `\`, where the shell knows that."""
    windows = os.name == "nt"
    parts: list[str] = []
    for word in (_quoted(word, windows=windows) for word in words):
        if parts and parts[-1].startswith("-") and " " not in parts[-1]:  # an option and its value stay together
            parts[-1] += f" {word}"
        else:
            parts.append(word)
    line = _INDENT * 2 + parts[0]
    for part in parts[1:]:
        if width(f"{line} {part} \\") > WIDTH and not windows:
            yield f"{line} \\"
            line = _INDENT * 4 + part
        else:
            line += f" {part}"
    yield line


def _quoted(word: str, *, windows: bool) -> str:
    if re.fullmatch(r"[\w./:\\-]+" if windows else r"[\w./-]+", word):
        return word
    return f'"{word}"' if windows else shlex.quote(word)
