"""Reads the money block: its rows, which of them is the total, the unit of its amounts."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from perfxl.form.labels import label_of, money_unit_in, role_of
from perfxl.form.heads import Head
from perfxl.form.layout import FormBlock
from perfxl.form.model import FundKind, FundLine, Value
from perfxl.form.view import SheetView

_AMOUNTS = ("initial_budget", "budget", "executed")
_TIMES = {"元": Decimal(1), "万": Decimal(10**4), "万元": Decimal(10**4), "亿": Decimal(10**8), "亿元": Decimal(10**8)}
_WEIGHT = re.compile(r"(\d+(?:\.\d+)?)分")
# A rate printed without a percent sign: above this it can only be meant in percent (99.9), below it as a fraction (0.958).
_PERCENT_FROM = Decimal("1.5")


def read_funds(view: SheetView, block: FormBlock, money_unit: str | None) -> tuple[FundLine, ...]:
    """The rows of the money block, in their order; amounts in the block's unit."""
    head = block.money
    if head is None:
        return ()
    out: list[FundLine] = []
    for row in block.fund_rows:
        label = _label(view, row, head)
        cells = {role: view.value(row, span[0]) for role, span in head.columns.items()}
        for role in _AMOUNTS:
            if role in cells:
                cells[role] = _in_unit(cells[role], money_unit)
        if "execution_rate" in cells:
            cells["execution_rate"] = _rate(cells["execution_rate"])
        out.append(FundLine(label, _kind(label, out), hidden=view.hidden(row), **cells))
    if out and not any(line.kind is FundKind.TOTAL for line in out):
        out[0] = replace(out[0], kind=FundKind.TOTAL)
    return tuple(out)


def money_unit_of(view: SheetView, block: FormBlock) -> str | None:
    """The unit printed with the money block: in its label, its heads, or in a line 单位：万元 above it."""
    rows = [block.money.top, *block.fund_rows] if block.money else []
    for row in [*rows, *block.preamble]:
        for _, text in view.texts(row):
            unit = money_unit_in(text)
            if unit:
                return unit
    return None


def money_weight_of(view: SheetView, block: FormBlock) -> Decimal | None:
    """The weight printed with the money block: 预算执行情况(20分), 得分(20分*执行率)."""
    if block.money is None:
        return None
    for column, text in view.texts(block.money.top):
        if role_of("block", text) or role_of("money", text) == "score":
            match = next((m for aside in label_of(text).asides if (m := _WEIGHT.match(aside))), None)
            if match and view.origin(block.money.top, column).row == block.money.top:
                return Decimal(match[1])
    return None


def _label(view: SheetView, row: int, head: Head) -> Value:
    first = min(span[0] for span in head.columns.values())
    labels = [
        c for c, text in view.texts(row) if c < first and (role_of("fund", text) or role_of("block", text) is None)
    ]
    return view.value(row, labels[-1] if labels else first - 1)


def _kind(label: Value, above: list[FundLine]) -> FundKind:
    words = label_of(label.text).words
    if role_of("fund", label.text) == "total" and not any(line.kind is FundKind.TOTAL for line in above):
        return FundKind.TOTAL
    if words.startswith("其中") and above and above[-1].kind is not FundKind.TOTAL:
        return FundKind.SUBPART
    return FundKind.PART


def _in_unit(value: Value, money_unit: str | None) -> Value:
    """An amount with its own unit glued on, brought to the block's unit."""
    if value.number is None or value.unit not in _TIMES:
        return value
    number = (
        value.number * _TIMES[value.unit] / _TIMES[money_unit or "元"] if value.unit != money_unit else value.number
    )
    return value._replace(number=number)


def _rate(value: Value) -> Value:
    """A rate as a fraction, however it is printed."""
    if value.number is None or value.percent or abs(value.number) < _PERCENT_FROM:
        return value
    return value._replace(number=value.number / 100, scale=Decimal("0.01"))
