"""Reads a money block whose amount columns are divided by source: 年初预算 over 财政资金 · 其他资金, one row of figures below.

Such a print has no total: it is the sum of the sources, and the row's rate, weight and points are the total's.
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
    """The line as a total and a line for each source; the line alone where its columns are not divided, or a total is among them."""
    row = head.bottom + 1
    spans = {role: head.columns[role] for role in _AMOUNTS if role in head.columns}
    if line.row <= row or all(first == last for first, last in spans.values()):
        return [line]
    labels = {
        role: [(column, text) for column, text in view.texts(row) if first <= column <= last]
        for role, (first, last) in spans.items()
    }
    named = [role_of("fund", text) for found in labels.values() for _, text in found]
    if any(len(found) < 2 for found in labels.values()) or any(role != "part" for role in named):
        return [line]
    sources: dict[str, Line] = {}
    for role, found in labels.items():
        for column, text in found:
            source = sources.setdefault(text, Line(view.value(row, column), line.row, {}))
            source.cells[role] = in_unit(role, view.value(line.row, column))
    added = {
        role: _added([source.cells[role] for source in sources.values() if role in source.cells]) for role in spans
    }
    return [line._replace(cells=line.cells | added), *sources.values()]


def _added(values: list[Value]) -> Value:
    """The sum of some amounts, which no cell holds; an amount that is no number stands for the whole."""
    unread = next((value for value in values if value.number is None and not value.blank_like), None)
    filled = [value for value in values if value.number is not None]
    if unread is not None or not filled:
        return unread or values[0]._replace(inside=True)
    number = sum((value.number for value in filled if value.number is not None), Decimal(0))
    return Value(values[0].at, f"{number:f}", number, max(value.decimals for value in filled), inside=True)
