"""How forms were read, for people: a table of cells, and a page that shows each sheet with its cells coloured by what they were taken for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import TextIO

from perfxl.form.model import Form
from perfxl.form.taken import Taken, taken
from perfxl.form.view import SheetView
from perfxl.grid.address import Ref
from perfxl.grid.cells import Grid
from perfxl.report.terminal import WIDTH, cut, emit, one_line, pad, width
from perfxl.signs import shown, shown_lines

_BLOCKS = {
    "form": ("基本信息", "#dbe9f6"),
    "money": ("资金", "#fdebc8"),
    "goal": ("目标", "#e7e3f4"),
    "indicators": ("指标", "#dcefdc"),
    "total": ("总分", "#f8d7d7"),
    "remarks": ("表下文字", "#ececec"),
}
_CELL, _LABEL, _TEXT = 7, 12, 30
# A page with more rows or columns than this helps nobody and stops a browser.
_MOST_ROWS, _MOST_COLUMNS = 3000, 60


def write_reading(forms: Iterable[Form], stream: TextIO) -> None:
    """Write, for each form, which cell was taken for what: cell, role, text as printed, what was understood."""
    for form in forms:
        for line in _lines(form):
            emit(stream, line)


def reading_records(form: Form) -> list[dict[str, str | int | None]]:
    """The same as records for JSON."""
    return [
        {
            "block": item.block,
            "role": item.role,
            "row": item.row,
            "cell": item.value.at.a1,
            "text": item.value.text,
            "understood": item.understood,
        }
        for item in taken(form)
    ]


def _lines(form: Form) -> Iterator[str]:
    yield shown(f"{form.book} · {one_line(form.sheet)} · 第 {form.index} 张：各单元格读作什么")
    yield f"表样 {form.layout}，金额单位 {form.money_unit or '未见'}"
    block = row = None
    for item in taken(form):
        if item.block != block:
            yield f"  【{_BLOCKS[item.block][0]}】"
        elif item.row != row and item.row is not None:
            yield ""
        block, row = item.block, item.row
        text = cut(one_line(item.value.text) or "（空）", _TEXT)
        start = f"  {pad(item.value.at.a1, _CELL)}{pad(cut(item.label, _LABEL - 1), _LABEL)}{pad(text, _TEXT + 1)}"
        yield (start + cut(item.understood, WIDTH - width(start))).rstrip()
    if form.missing:
        yield "  没有找到：" + "、".join(missing.label for missing in form.missing)
    yield ""


def reading_page(sheets: Iterable[tuple[str, Grid, list[Form]]]) -> Iterator[str]:
    """An HTML page, in pieces: each sheet as a table, its cells coloured by what they were taken for. All text is escaped."""
    colours = "\n".join(f".{name} {{ background: {colour}; }}" for name, (_, colour) in _BLOCKS.items())
    legend = " ".join(f'<span class="{name}">{label}</span>' for name, (label, _) in _BLOCKS.items())
    yield f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>自评表读作什么</title>
<style>
body {{ font-family: sans-serif; }}
table {{ border-collapse: collapse; margin: 1em 0; }}
td, th {{ border: 1px solid #999; padding: 2px 6px; white-space: pre-wrap; vertical-align: top; }}
th {{ color: #666; font-weight: normal; }}
small {{ display: block; color: #00529b; }}
span {{ padding: 2px 8px; }}
{colours}
</style>
</head>
<body>
<p>颜色表示单元格被读作哪一部分，小字是它被当作什么、读出了什么；没有颜色的单元格没有用到。{legend}</p>
"""
    for book, grid, forms in sheets:
        yield f"<h2>{escape(shown(book))} · {escape(one_line(grid.sheet))}</h2>\n"
        yield "<p>没有找到自评表。</p>\n" if not forms else ""
        yield from _table(grid, _by_cell(forms))
    yield "</body>\n</html>\n"


def _by_cell(forms: list[Form]) -> dict[Ref, list[Taken]]:
    out: dict[Ref, list[Taken]] = {}
    for form in forms:
        for item in taken(form):
            out.setdefault(item.value.at, []).append(item)
    return out


def _table(grid: Grid, found: dict[Ref, list[Taken]]) -> Iterator[str]:
    view = SheetView(grid)
    rows = view.row_numbers[:_MOST_ROWS]
    places = [ref.column for ref in found] + [column for row in rows for column in grid.rows[row]]
    if not rows:
        return
    first = min(places)
    columns = range(first, min(max(places), first + _MOST_COLUMNS) + 1)
    yield "<table>\n"
    for row in range(rows[0], rows[-1] + 1):
        if row - rows[0] >= _MOST_ROWS:
            break
        cells = "".join(_cell(view, Ref(row, column), found, columns[-1]) for column in columns)
        yield f"<tr><th>{row}</th>{cells}</tr>\n"
    yield "</table>\n"


def _cell(view: SheetView, at: Ref, found: dict[Ref, list[Taken]], last: int) -> str:
    area = view.area(at.row, at.column)
    if area is not None and area.first != at:
        return ""
    items = found.get(at, [])
    span = ""
    if area is not None:
        span = f' colspan="{min(area.right, last) - area.left + 1}" rowspan="{area.bottom - area.top + 1}"'
    kind = f' class="{items[0].block}"' if items else ""
    notes = "".join(f"<small>{escape(_note(item))}</small>" for item in items)
    return f'<td{span}{kind} title="{at.a1}">{escape(shown_lines(view.value(at.row, at.column).text))}{notes}</td>'


def _note(item: Taken) -> str:
    return f"{item.label}：{shown(item.understood)}" if item.understood else item.label
