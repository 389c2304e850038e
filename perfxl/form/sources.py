"""Reads a money block whose amount columns are divided by source: 年初预算 over 财政资金 · 其他资金, one row of figures below.

Where no column is the sum of the others (总额 · 财政资金 · 其他资金), the total is the sum of the sources; the row's rate, weight and points
are the total's.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from perfxl.form.amounts import Line
from perfxl.form.heads import Head
from perfxl.form.labels import role_of
from perfxl.form.model import Value
from perfxl.form.view import SheetView

_AMOUNTS = ("initial_budget", "budget", "executed")


def by_source(view: SheetView, head: Head, line: Line, in_unit: Callable[[str, Value], Value]) -> list[Line]:
    """The line as a total and a line for each source; the line alone where its columns are not divided."""
    row = head.bottom + 1
    spans = {role: head.columns[role] for role in _AMOUNTS if role in head.columns}
    if line.row <= row or all(first == last for first, last in spans.values()):
        return [line]
    sources: dict[str, Line] = {}
    total = dict(line.cells)
    for role, (first, last) in spans.items():
        labels = [(column, text) for column, text in view.texts(row) if first <= column <= last]
        has_total = bool(labels) and labels[0][0] == first and role_of("fund", labels[0][1]) == "total"
        parts = labels[has_total:]
        if len(parts) < 2 or any(role_of("fund", text) != "part" for _, text in parts):
            return [line]
        values = [in_unit(role, view.value(line.row, column)) for column, _ in parts]
        for (column, text), value in zip(parts, values, strict=True):
            source = sources.setdefault(text, Line(view.value(row, column), line.row, {}))
            source.cells[role] = value
        if not has_total:
            total[role] = _added(values)
    return [line._replace(cells=total), *sources.values()]


def _added(values: list[Value]) -> Value:
    """The sum of some amounts, which no cell holds; an amount that is no number stands for the whole."""
    unread = next((value for value in values if value.number is None and not value.blank_like), None)
    filled = [value for value in values if value.number is not None]
    if unread is not None or not filled:
        return unread or values[0]._replace(inside=True)
    number = sum((value.number for value in filled if value.number is not None), Decimal(0))
    return Value(values[0].at, f"{number:f}", number, max(value.decimals for value in filled), inside=True)
