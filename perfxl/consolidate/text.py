"""The report of a run for people: what was read, what the store now says, what could not be read, what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TextIO

from perfxl.consolidate.figures import Department
from perfxl.consolidate.outputs import Written
from perfxl.consolidate.run import Report
from perfxl.report.terminal import WIDTH, Palette, cut, emit, one_line, pad, width, wrap
from perfxl.scoring.rounding import percentage, rounded
from perfxl.signs import shown

_MOST = 20  # departments of a year, failures and notes that are listed; the rest stands in the store, or in what was written
_WHOLE = ("汇总表", "网页")  # what tells of all departments and failures
_NAME_COLUMNS = 34


def write_report(report: Report, store: str | None, written: Sequence[Written], stream: TextIO) -> None:
    """Write it, in colours where the stream is a terminal that takes them; `store` is the store as the user named it, None where it was
    not kept."""
    palette = Palette(stream)
    for line in _lines(report, store, written, palette):
        emit(stream, line)


def _lines(report: Report, store: str | None, written: Sequence[Written], palette: Palette) -> Iterator[str]:
    figures, kept = report.figures, "汇总库" if store is not None else ""
    whole = kept or next((each.title for each in written if each.title in _WHOLE), "")
    if figures.departments:
        yield palette.paint("各部门（金额：万元）", "title")
        yield _row("主管部门", "年度", "项目数", "全年预算", "全年执行", "执行率")
        for department in figures.departments[:_MOST]:
            yield _department(department)
        yield from _more(len(figures.departments), "行", whole)
        yield ""
    if figures.failures:
        yield palette.paint("未能读取", "error")
        yield from _listed(figures.failures)
        yield from _more(len(figures.failures), "个文件", whole)
        yield ""
    if figures.notes:
        yield palette.paint("说明", "title")
        yield from _listed(figures.notes)
        yield from _more(len(figures.notes), "个文件", kept)
        yield ""
    yield from wrap(" · ".join(_done(report)), WIDTH)
    yield from wrap(" · ".join(_stored(report, kept=store is not None)), WIDTH)
    for each in written:
        yield from wrap(_written(each), WIDTH)
        for note in each.notes:
            yield from wrap(note, WIDTH)
    yield from wrap(_next_step(report, store, written), WIDTH)


def _department(department: Department) -> str:
    rate = department.execution_rate
    return _row(
        "（没有填写）" if department.name is None else one_line(department.name),
        "" if department.year is None else str(department.year),
        str(department.projects),
        _money(department.budget),
        _money(department.executed),
        "—" if rate is None else percentage(rate, 2),
    )


def _money(amount: Decimal | None) -> str:
    return "—" if amount is None else f"{rounded(amount, 2):,}"


def _row(name: str, *values: str) -> str:
    columns = (6, 7, 13, 13, 8)
    cells = [" " * (size - width(value)) + value for value, size in zip(values, columns, strict=True)]
    return (pad(cut(name, _NAME_COLUMNS - 8), _NAME_COLUMNS - 8) + "".join(cells)).rstrip()


def _listed(pairs: list[tuple[str, str]]) -> Iterator[str]:
    for book, what in pairs[:_MOST]:
        yield from wrap(shown(book), WIDTH)
        for line in wrap(one_line(what), WIDTH - 4):
            yield f"    {line}"


def _more(count: int, what: str, seen_in: str) -> Iterator[str]:
    if count > _MOST:
        yield f"…… 另有 {count - _MOST} {what}" + (f"，见{seen_in}" if seen_in else "")


def _done(report: Report) -> Iterator[str]:
    yield f"读取 {report.read} 本工作簿"
    for number, what in ((report.unchanged, "未变"), (report.renamed, "改名"), (report.removed, "移走")):
        if number:
            yield f"{number} 本{what}"


def _stored(report: Report, *, kept: bool) -> Iterator[str]:
    figures = report.figures
    yield f"{'汇总库中' if kept else '共'}有 {figures.forms} 张自评表"
    if figures.replaced:
        yield f"{figures.replaced} 张已被更新的代替"
    for number, what in ((figures.errors, "处错误"), (figures.warnings, "处警告"), (figures.advice, "条建议")):
        if number:
            yield f"{number} {what}"
    if figures.missing:
        yield f"未报送 {figures.missing} 项"
    if figures.failures:
        yield f"{len(figures.failures)} 个文件未能读取"


def _written(each: Written) -> str:
    return f"{each.title}：{shown(str(each.path))}" + ("" if each.changed else "（没有变化，保持原样）")


def _next_step(report: Report, store: str | None, written: Sequence[Written]) -> str:
    if report.figures.failures and store is None:
        return "下一步：请按上面的说明处理未能读取的文件，然后重新运行；写上 --store，已读的就不会再读。"
    if report.figures.failures:
        return "下一步：请按上面的说明处理未能读取的文件，然后重新运行；已读的不会再读。"
    if written:
        return f"下一步：{written[0].next_step}"
    assert store is not None
    return f"下一步：perfxl query {shown(store)} --list 列出可以直接查询的问题。"
