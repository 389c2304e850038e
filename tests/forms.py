"""A good form, and ways to spoil it.

`good_form()` is complete and without a fault. A test changes what it is about and nothing else, so that a check that
fires without need is seen as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Any

from perfxl.form.model import Form, FundKind, FundLine, Indicator, Party, Section, TextRow, TotalLine, Value
from perfxl.grid.address import Ref, parse_a1
from perfxl.rules import load_profile
from perfxl.scoring import score_form
from perfxl.scoring.results import ScoredForm

_NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.([0-9]+))?(%?)")


def value(cell: str, text: str = "", **more: Any) -> Value:
    """A cell with this text; a plain number or percentage is read as one. `more` sets other attributes of the value."""
    match = _NUMBER.fullmatch(text)
    if not match:
        return Value(parse_a1(cell), text, **more)
    number = Decimal(text.strip("%").replace(",", ""))
    read = {
        "number": number / 100 if match[2] else number,
        "decimals": len(match[1] or ""),
        "percent": bool(match[2]),
    }
    return Value(parse_a1(cell), text, **{**read, **more})


def fund_line(row: int, kind: FundKind, label: str, *texts: str) -> FundLine:
    """A row of the money block from its printed cells: 年初, 全年, 执行, 分值, 执行率, 得分 in C to H."""
    initial, budget, executed, weight, rate, score = (
        value(f"{column}{row}", text) for column, text in zip("CDEFGH", texts, strict=True)
    )
    return FundLine(value(f"B{row}", label), kind, initial, budget, executed, weight, rate, score)


def indicator(row: int, level1: str, level2: str, *texts: str) -> Indicator:
    """A row of the indicator table from its printed cells: name, target, actual, weight, score, reason in D to I."""
    name, target, actual, weight, score, reason = (
        value(f"{column}{row}", text) for column, text in zip("DEFGHI", texts, strict=True)
    )
    return Indicator(row, parse_a1(f"C{row}"), level1, level2, name, target, actual, weight, score, reason)


def good_form() -> Form:
    """A form of 2019: money in rows 8–10, indicators in rows 14–19, the total of 97.99 points (优) in row 20."""
    funds = (
        fund_line(8, FundKind.TOTAL, "年度总金额", "30", "30", "29.97", "10", "99.90%", "9.99"),
        fund_line(9, FundKind.PART, "其中：财政拨款", "25", "25", "24.97", "—", "", "—"),
        fund_line(10, FundKind.PART, "其他资金", "5", "5", "5", "—", "", "—"),
    )
    late = "窗口改造推迟两个月，部分业务仍在线下办理；已商定次年三月完工。"
    indicators = (
        indicator(14, "产出指标", "数量指标", "设备更换数量", "≥30台", "30台", "20", "20", ""),
        indicator(15, "产出指标", "质量指标", "验收合格率", "≥98%", "98.5%", "15", "15", ""),
        indicator(16, "产出指标", "时效指标", "完成时间", "2019年12月底前", "2019年11月", "15", "15", ""),
        indicator(
            17, "效益指标", "社会效益指标", "办事效率", "办理时间明显缩短", "平均用时由三天减为两天", "20", "18", late
        ),
        indicator(18, "效益指标", "可持续影响指标", "制度健全性", "建立运维制度", "已印发运维制度", "10", "10", ""),
        indicator(19, "满意度指标", "服务对象满意度指标", "群众满意度", "≥95%", "96%", "10", "10", ""),
    )
    goal, result = value("B12", "更换老旧设备30台，保障平台稳定运行。"), value("F12", "设备已全部更换并通过验收。")
    body = [goal, result, *(cell for row in indicators for cell in values_of(row))]
    return Form(
        book="自评表.xlsx",
        sheet="自评表",
        index=1,
        layout="V1",
        anchor=parse_a1("A1"),
        title="项目支出绩效自评表",
        year=2019,
        project=Party("系统改造升级", None, value("B3", "系统改造升级")),
        department=Party("公共资源交易中心", "137", value("B4", "[137]公共资源交易中心")),
        implementing_unit=Party("公共资源交易中心", None, value("F4", "公共资源交易中心")),
        money_unit="万元",
        funds=funds,
        goal=goal,
        goal_result=result,
        head=parse_a1("B13"),
        indicators=indicators,
        sections=(
            Section("产出指标", value("B14", "产出指标 50分"), Decimal(50), (0, 1, 2)),
            Section("效益指标", value("B17", "效益指标 30分"), Decimal(30), (3, 4)),
            Section("满意度指标", value("B19", "满意度指标 10分"), Decimal(10), (5,)),
        ),
        total=TotalLine(value("A20", "总分"), value("G20", "100"), value("H20", "97.99"), value("I20", "优")),
        text_rows=text_rows((cell.at, cell.text) for cell in body if cell.text and cell.number is None),
    )


def text_rows(texts: Iterable[tuple[Ref, str]]) -> tuple[TextRow, ...]:
    """Texts by their cells as a form holds them."""
    rows = groupby(sorted(texts), lambda cell: cell[0].row)
    return tuple(TextRow(row, [(at.column, text) for at, text in cells]) for row, cells in rows)


def values_of(thing: object) -> Iterator[Value]:
    """Every value in a form or a part of it."""
    if isinstance(thing, Value):
        yield thing
    elif isinstance(thing, tuple):
        for part in thing:
            yield from values_of(part)
    elif is_dataclass(thing):
        for each in fields(thing):
            yield from values_of(getattr(thing, each.name))


def change(form: Form, /, **cells: str | Value) -> Form:
    """The form with other texts in these cells, as in `change(form, G8="100.00%")`.

    A `Value` goes in where a text does not say it all.
    """
    new = {parse_a1(cell): value(cell, new) if isinstance(new, str) else new for cell, new in cells.items()}
    missing = new.keys() - {old.at for old in values_of(form)}
    assert not missing, f"no value stands at {', '.join(at.a1 for at in missing)}"
    spoilt: Form = _swapped(form, new)
    return spoilt


def _swapped(thing: Any, new: dict[Ref, Value]) -> Any:
    if isinstance(thing, Value):
        return new.get(thing.at, thing)
    if isinstance(thing, TextRow):
        return text_rows(
            (at, new[at].text if at in new else text) for at, text in ((Ref(thing.row, c), t) for c, t in thing.cells)
        )[0]
    if type(thing) is tuple:  # not an address, which is a tuple too
        return tuple(_swapped(part, new) for part in thing)
    if is_dataclass(thing) and not isinstance(thing, type):
        return replace(thing, **{each.name: _swapped(getattr(thing, each.name), new) for each in fields(thing)})
    return thing


def change_row(form: Form, row: int, /, **attributes: Any) -> Form:
    """The form with other attributes of the indicator that stands in this row, such as `shifted=True`."""
    rows = tuple(replace(each, **attributes) if each.row == row else each for each in form.indicators)
    return replace(form, indicators=rows)


def change_rows(form: Form, /, **attributes: Any) -> Form:
    """The form with other attributes of every indicator, such as `reason=None` for a layout without reasons."""
    return replace(form, indicators=tuple(replace(each, **attributes) for each in form.indicators))


def change_fund(form: Form, row: int, /, **attributes: Any) -> Form:
    """The form with other attributes of the fund line that stands in this row, such as `kind=FundKind.SUBPART`."""
    lines = tuple(replace(each, **attributes) if each.label.at.row == row else each for each in form.funds)
    return replace(form, funds=lines)


def scored(form: Form, profile: str = "national-2019") -> ScoredForm:
    """The form with its scores by this profile."""
    rules = load_profile(profile)
    return ScoredForm(form, rules, "", score_form(form, rules))
