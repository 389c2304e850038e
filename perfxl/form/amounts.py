"""Finds amounts that stand beside their labels instead of under a head, as older and shorter prints have them.

| print | example |
|---|---|
| pairs in a row, parts below | 预算数: · 30 · 执行数: · 29.97, then 其中：财政拨款 · 30 · 其中：财政拨款 · 29.97 |
| label and amount in one cell | 预算数: 30 万元 |
| pairs in a column | 预算数 · 30, below it 执行数 · 29.97 |
| transposed | a row 年度资金总额 · 财政拨款 · 其他资金 · 分值 · 得分, below it 全年预算数 · 30 · 25 · 5 |
| points at the end | 预算执行情况（10分） · 预算数 · 30 · 执行数 · 27 · 执行率 · 90% · 9 |
"""

from decimal import Decimal
from typing import NamedTuple

from perfxl.form.budgets import rank
from perfxl.form.heads import MONEY_TELLING, is_amount
from perfxl.form.labels import after_colon, before_colon, label_of, role_of
from perfxl.form.model import Value
from perfxl.form.view import SheetView, value_inside
from perfxl.patterns import pattern

_NO_VALUES = ("reason", "change")


class Line(NamedTuple):
    """One fund line: its label, the first row it stands on, its values by role."""

    label: Value
    row: int
    cells: dict[str, Value]


class Amounts(NamedTuple):
    """The lines of a money block without a head, and the printed labels by role."""

    lines: list[Line]
    labels: dict[str, str]


class _Hit(NamedTuple):
    role: str
    row: int
    column: int
    text: str


def amounts_beside_labels(view: SheetView, rows: list[int]) -> Amounts | None:
    """The money block in these rows, None where no budget and no executed amount is named with a number beside it."""
    hits = [
        _Hit(role, row, column, text)
        for row in rows
        for column, text in view.texts(row)
        if (role := role_of("money", before_colon(text))) and role not in _NO_VALUES
    ]
    roles = {hit.role for hit in hits}
    if "executed" not in roles or not roles & {"budget", "initial_budget"}:
        return None
    return _transposed(view, hits) or _pairs(view, rows, hits)


def _transposed(view: SheetView, hits: list[_Hit]) -> Amounts | None:
    """Roles down a column, fund labels across the row above them; weight and points of the whole in columns of their own."""
    column = next(hit.column for hit in hits if hit.role in MONEY_TELLING)
    down = [hit for hit in hits if hit.column == column]
    if len({hit.row for hit in down}) < 2 or sum(hit.role in MONEY_TELLING for hit in down) < 2:
        return None
    top = min(hit.row for hit in down)
    funds = [(c, text) for c, text in view.texts(top - 1) if c > column and role_of("fund", text)]
    if not funds:
        return None
    first: dict[str, _Hit] = {}
    for hit in down:
        first.setdefault(hit.role, hit)
    lines = [
        Line(view.value(top - 1, c), top - 1, {role: view.value(hit.row, c) for role, hit in first.items()})
        for c, _ in funds
    ]
    if not any(value.number is not None for line in lines for value in line.cells.values()):
        return None
    for hit in hits:
        if hit.row == top - 1 and hit.role in ("weight", "score") and hit.role not in first:
            values = [view.value(each.row, hit.column) for each in down]
            lines[0].cells[hit.role] = next((value for value in values if value.number is not None), values[-1])
            first[hit.role] = hit
    return Amounts(lines, {role: hit.text for role, hit in first.items()})


def _pairs(view: SheetView, rows: list[int], hits: list[_Hit]) -> Amounts | None:
    """Each label with its value in the next cell, or behind its colon; parts under the labels, each with its value beside it."""
    cells: dict[str, Value] = {}
    chosen: dict[str, _Hit] = {}
    for hit in hits:
        value = _value_of(view, hit)
        if value is not None and (
            hit.role not in cells or rank(hit.role, hit.text) < rank(hit.role, chosen[hit.role].text)
        ):
            cells[hit.role], chosen[hit.role] = value, hit
    if "budget" not in cells and "initial_budget" in cells:
        cells["budget"], chosen["budget"] = cells.pop("initial_budget"), chosen.pop("initial_budget")
    if not any(cells[role].number is not None for role in ("budget", "executed") if role in cells):
        return None
    if not {"budget", "executed"} <= cells.keys():
        return None
    if "score" not in cells and weight_beside(view, chosen["executed"].row) is not None:
        score = _points_at_end(view, max(chosen.values(), key=lambda hit: (hit.row, hit.column)))
        if score is not None:
            cells["score"] = score
    top = min(chosen["budget"].row, chosen["executed"].row)
    label = view.value(chosen["budget"].row, chosen["budget"].column)
    lines = [Line(label, top, cells)]
    if chosen["budget"].row == chosen["executed"].row:
        lines += _parts(view, [row for row in rows if row > top], chosen)
    return Amounts(lines, {role: hit.text for role, hit in chosen.items()})


def _value_of(view: SheetView, hit: _Hit) -> Value | None:
    """The value of a label: behind its colon, in the next cell, or in the cell below where nothing is beside it."""
    inside = after_colon(hit.text)
    if inside:
        return value_inside(view.value(hit.row, hit.column), inside)
    right = view.right_of(hit.row, hit.column)
    value = view.value(hit.row, right)
    if is_amount(view, value.at.row, value.at.column):
        return value
    area = view.area(hit.row, hit.column)
    below = view.value(area.bottom + 1 if area else hit.row + 1, hit.column)
    if value.empty and is_amount(view, below.at.row, below.at.column):
        return below
    return value if value.empty and (view.limit is None or right <= view.limit) else None


def _points_at_end(view: SheetView, last: _Hit) -> Value | None:
    """The points that stand without a label behind the last pair of a row whose label prints their weight."""
    value = _value_of(view, last)
    if value is None or value.at.row != last.row:
        return None
    score = view.value(last.row, view.right_of(last.row, value.at.column))
    return score if score.number is not None and not score.percent else None


_WEIGHT = pattern(r"(\d+(?:\.\d+)?)分")


def weight_beside(view: SheetView, row: int) -> Decimal | None:
    """The weight printed with the money block on this row: 预算执行情况(20分), 得分(20分*执行率)."""
    for column, text in view.texts(row):
        if role_of("block", text) or role_of("money", text) == "score":
            match = next((m for aside in label_of(text).asides if (m := _WEIGHT.match(aside))), None)
            if match and view.origin(row, column).row == row:
                return Decimal(match[1])
    return None


def _parts(view: SheetView, rows: list[int], chosen: dict[str, _Hit]) -> list[Line]:
    """The rows below in which fund labels stand under the amounts' labels."""
    out = []
    columns = {role: chosen[role].column for role in ("initial_budget", "budget", "executed") if role in chosen}
    for row in rows:
        found: dict[str, Value] = {}
        label = None
        for role, column in columns.items():
            value = view.value(row, column)
            if value.at != (row, column) or not _names_fund(value.text):
                continue
            amount = _value_of(view, _Hit(role, row, column, _as_pair(value.text)))
            if amount is not None:
                found[role], label = amount, label or value
        if label is None:
            break
        out.append(Line(label, row, found))
    return out


def _names_fund(text: str) -> bool:
    return role_of("fund", before_colon(text)) is not None or role_of("fund", after_colon(text)) is not None


def _as_pair(text: str) -> str:
    """其中：财政拨款 holds a label only; its colon parts no value."""
    inside = after_colon(text)
    return before_colon(text) if role_of("fund", inside) else text
