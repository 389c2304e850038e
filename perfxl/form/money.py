"""Reads the money block: its rows, which of them is the total, the unit of its amounts."""

from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from perfxl.form.amounts import Line, amounts_beside_labels, weight_beside
from perfxl.form.budgets import PERCENT_FROM
from perfxl.form.heads import Head
from perfxl.form.labels import before_colon, label_of, money_unit_in, role_of
from perfxl.form.layout import FormBlock
from perfxl.form.model import FundKind, FundLine, Value
from perfxl.form.sources import by_source
from perfxl.form.view import SheetView, read_number

_COLUMNS = frozenset(["initial_budget", "budget", "executed", "weight", "execution_rate", "score", "reason"])
_AMOUNTS = ("initial_budget", "budget", "executed")
_TIMES = {"元": Decimal(1), "万": Decimal(10**4), "万元": Decimal(10**4), "亿": Decimal(10**8), "亿元": Decimal(10**8)}


class Funds(NamedTuple):
    """The fund lines of a form, the printed labels of their columns by role, and the unit of the amounts where one is printed."""

    lines: tuple[FundLine, ...]
    labels: dict[str, str]
    unit: str | None


def read_funds(view: SheetView, block: FormBlock, money_unit: str | None) -> Funds:
    """The rows of the money block, in their order; amounts in the block's unit."""
    head = block.money
    units: dict[str, str] = {}
    if head is not None:
        roles = [role for role in head.columns if role in _COLUMNS]
        columns = [head.columns[role][0] for role in roles]
        lines = [
            Line(_label(view, row, head), row, dict(zip(roles, view.values(row, columns), strict=True)))
            for row in block.fund_rows
        ]
        labels = head.labels
        units = {role: unit for role in _AMOUNTS if (unit := money_unit_in(labels.get(role, "")))}
    else:
        amounts = amounts_beside_labels(view, block.preamble)
        if amounts is None:
            return Funds((), {}, money_unit)
        lines, labels = amounts
    if money_unit is None:
        money_unit = _glued_unit(lines)
    for line in lines:
        for role in _AMOUNTS:
            if role in line.cells:
                line.cells[role] = _in_unit(line.cells[role], units.get(role), money_unit)
    if head is not None and len(block.fund_rows) == 1:
        lines = by_source(view, head, lines[0], lambda role, value: _in_unit(value, units.get(role), money_unit))
    out: list[FundLine] = []
    for label, row, cells in lines:
        if "execution_rate" in cells:
            cells["execution_rate"] = _rate(cells["execution_rate"])
        kind = _kind(label, out if head is not None else out[1:])
        out.append(FundLine(label, kind, hidden=view.hidden(row), indent=_indent(view, label), **cells))
    _name_total(out, by_label=head is None)
    return Funds(tuple(out), labels, money_unit)


def _glued_unit(lines: list[Line]) -> str | None:
    """The unit that amounts carry themselves (30万元), where it is one and the same."""
    units = {
        value.unit for line in lines for role, value in line.cells.items() if role in _AMOUNTS and value.unit in _TIMES
    }
    units = {unit if unit.endswith("元") else unit + "元" for unit in units}
    return units.pop() if len(units) == 1 else None


def _name_total(lines: list[FundLine], *, by_label: bool) -> None:
    """Where no label says total: the only line, the one whose label names no source of money, or the one that the others add up to."""
    if not lines or any(line.kind is FundKind.TOTAL for line in lines):
        return
    first, *others = (role_of("fund", before_colon(line.label.text)) for line in lines)
    if not others or by_label or (first is None and any(others)) or _adds_up(lines):
        lines[0] = replace(lines[0], kind=FundKind.TOTAL)


def _adds_up(lines: list[FundLine]) -> bool:
    """Whether the first line is the sum of the others in the budget and executed columns."""
    for role in ("budget", "executed"):
        first, *others = (value.number if (value := getattr(line, role)) else None for line in lines)
        if first is None or sum((n for n in others if n is not None), Decimal(0)) != first:
            return False
    return True


def money_unit_of(view: SheetView, block: FormBlock) -> str | None:
    """The unit printed with the money block: in its label, its heads, or in a line 单位：万元 above it."""
    rows = [block.money.top, *block.fund_rows] if block.money else []
    for row in [*rows, *block.preamble]:
        for _, text in view.texts(row):
            unit = money_unit_in(text)
            if unit:
                return unit
    return None


def money_weight_of(view: SheetView, block: FormBlock, funds: Funds) -> Decimal | None:
    """The weight printed with the money block, which has a head or the labels of its amounts."""
    if block.money is not None:
        return weight_beside(view, block.money.top)
    executed = funds.lines[0].executed if funds.lines else None
    return weight_beside(view, executed.at.row) if executed is not None else None


def _label(view: SheetView, row: int, head: Head) -> Value:
    """What a fund row is called: the last text left of the amounts, no figure of a column that nobody knows and no word of how a task
    went (完成情况); a row without a label is the block's own."""
    first = min(span[0] for span in head.columns.values())
    labels = [
        c
        for c, text in view.texts(row)
        if c < first
        and (role_of("fund", text) or role_of("block", text) is None)
        and read_number(text)[0] is None
        and role_of("indicator", view.value(head.top, c).text) != "actual"
    ]
    if labels:
        return view.value(row, labels[-1])
    left = range(first - 1, 0, -1)
    beside = next((value for c in left if (value := view.value(row, c)).text and value.number is None), None)
    if beside is not None:
        return beside
    c, _ = view.texts(head.top)[0]
    return view.value(head.top, c)


def _indent(view: SheetView, label: Value) -> int:
    """How far a label is set in by blanks; one in full width counts for two."""
    cell = view.grid.cell(*label.at)
    text = cell.value if cell is not None and isinstance(cell.value, str) else ""
    blanks = text[: len(text) - len(text.lstrip())]
    return len(blanks) + blanks.count("\u3000")


def _kind(label: Value, above: list[FundLine]) -> FundKind:
    words = label_of(label.text).words
    if role_of("fund", label.text) == "total" and not any(line.kind is FundKind.TOTAL for line in above):
        return FundKind.TOTAL
    if words.startswith("其中") and above and above[-1].kind is not FundKind.TOTAL:
        return FundKind.SUBPART
    return FundKind.PART


def _in_unit(value: Value, column_unit: str | None, money_unit: str | None) -> Value:
    """An amount brought to the block's unit from the one glued to it, else from the one that its column names."""
    glued = value.unit in _TIMES
    unit = value.unit if glued else column_unit
    if unit is None or unit == money_unit:
        return value
    times = _TIMES[unit] / _TIMES[money_unit or "元"]
    number = None if value.number is None else value.number * times
    return value._replace(number=number, scale=value.scale if glued else times)


def _rate(value: Value) -> Value:
    """A rate as a fraction, however it is printed."""
    if value.number is None or value.percent or abs(value.number) < PERCENT_FROM:
        return value
    return value._replace(number=value.number / 100, scale=Decimal("0.01"))
