"""Says which cell of a form was taken for what, so that a person can follow the reading."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from perfxl.form.model import Form, FundKind, Indicator, Value
from perfxl.form.values import Nothing, Period, Quantity, read_value

_FUND_COLUMNS = {
    "label": "资金名称",
    "initial_budget": "年初预算数",
    "budget": "全年预算数",
    "executed": "全年执行数",
    "weight": "分值",
    "execution_rate": "执行率",
    "score": "得分",
    "reason": "原因",
}
_FUND_KINDS = {FundKind.TOTAL: "合计行", FundKind.PART: "分项", FundKind.SUBPART: "分项的其中数"}
_INDICATOR_COLUMNS = {
    "name": "三级指标",
    "sign": "比较符",
    "target": "年度指标值",
    "unit": "计量单位",
    "actual": "实际完成值",
    "weight": "分值",
    "score": "得分",
    "reason": "原因",
}
_AMOUNTS = frozenset(["initial_budget", "budget", "executed"])
_GRAMMAR = frozenset(["target", "actual"])


class Taken(NamedTuple):
    """One cell: the block of the form (`form`, `money`, `goal`, `indicators`, `total`, `remarks`), what it was taken for, and what
    was understood, "" where the text is the value. `row` tells which fund line or indicator it belongs to, counted from 1."""

    block: str
    role: str
    label: str
    value: Value
    understood: str
    row: int | None = None


def taken(form: Form) -> Iterator[Taken]:
    """What every cell that was read was taken for, block by block, in the order of the form."""
    if form.title:
        yield Taken("form", "title", "表题", Value(form.anchor, form.title), f"年度 {form.year or '未见'}")
    for role, label, party in (
        ("project", "项目名称", form.project),
        ("department", "主管部门", form.department),
        ("implementing_unit", "实施单位", form.implementing_unit),
    ):
        if party is not None:
            code = f"代码 {party.code}，名称 {party.name}" if party.code else ""
            yield Taken("form", role, label, party.value, code)
    yield from _funds(form)
    for role, label, goal in (("goal", "年度目标", form.goal), ("goal_result", "目标完成情况", form.goal_result)):
        if goal is not None:
            yield Taken("goal", role, label, goal, "")
    yield from _indicators(form)
    if form.total is not None:
        yield Taken("total", "label", "总分行", form.total.label, "")
        for role, label in (("weight", "总分值"), ("score", "总得分"), ("grade", "等级")):
            value: Value | None = getattr(form.total, role)
            if value is not None and value.at != form.total.label.at:
                yield Taken("total", role, label, value, _number(value))
    for remark in form.remarks:
        yield Taken("remarks", "remark", remark.label, remark.value, "")


def _funds(form: Form) -> Iterator[Taken]:
    for number, line in enumerate(form.funds, 1):
        for role, label in _FUND_COLUMNS.items():
            value: Value | None = getattr(line, role)
            if value is None:
                continue
            understood = _FUND_KINDS[line.kind] if role == "label" else "" if role == "reason" else _number(value)
            if role == "execution_rate" and value.number is not None:
                understood = _percentage(value.number)
            if role in _AMOUNTS and value.number is not None:
                understood += form.money_unit or "（未见金额单位）"
            yield Taken("money", role, label, value, understood, number)


def _indicators(form: Form) -> Iterator[Taken]:
    sections = {index: section for section in form.sections for index in section.rows[:1]}
    for number, row in enumerate(form.indicators, 1):
        section = sections.get(number - 1)
        if section is not None:
            weight = f"，分值 {section.weight:f}" if section.weight is not None else ""
            yield Taken("indicators", "section", "一级指标", section.label, f"{section.name}{weight}", number)
        for role, label in _INDICATOR_COLUMNS.items():
            value: Value | None = getattr(row, role)
            if value is not None:
                yield Taken("indicators", role, label, value, _understood(row, role, value), number)


def _understood(row: Indicator, role: str, value: Value) -> str:
    if role == "name":
        place = " / ".join(part for part in (row.level1, row.level2) if part)
        return place + ("；本行错位，按内容读取" if row.shifted else "")
    if role in _GRAMMAR:
        return explained(row.target_text if role == "target" else value.text)
    return _number(value) if role in ("weight", "score") else ""


def _number(value: Value) -> str:
    if value.unknown:
        return "公式的值未知"
    if value.number is None:
        return "" if value.blank_like else "不是数"
    return f"{value.number.normalize():f}"


def _percentage(fraction: Decimal) -> str:
    return f"{(fraction * 100).normalize():f}%"


def explained(text: str) -> str:
    """What the grammar of values makes of a text, in words: `数量 ≥ 95%`, `日期，至 2023 年 12 月 31 日`, `文字`."""
    reading = read_value(text)
    if isinstance(reading, Quantity):
        ends = [reading.number] if reading.high is None else [reading.number, reading.high]
        number = " 至 ".join(_percentage(end) if reading.unit == "%" else f"{end.normalize():f}" for end in ends)
        unit = "" if reading.unit == "%" else reading.unit
        change = {"up": "增加", "down": "减少"}.get(reading.lead, "")
        return " ".join(part for part in ("数量", change, reading.comparator.value, number, unit) if part)
    if isinstance(reading, Period):
        if reading.end is None:
            return "时期，没有截止日"
        year = f"{reading.end.year} 年 " if reading.end.year else ""
        return f"日期，至 {year}{reading.end.month} 月" + (f" {reading.end.day} 日" if reading.end.day < 31 else "")
    return "空" if isinstance(reading, Nothing) else "文字"
