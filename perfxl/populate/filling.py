"""What a project says of the cells of its form: what goes into empty ones, what differs from what people typed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import NamedTuple

from perfxl.form.layout import FormBlock
from perfxl.form.model import Form, FundLine, Indicator, Value
from perfxl.form.values import normal
from perfxl.form.view import SheetView
from perfxl.populate.amounts import converted
from perfxl.populate.blanks import TableRow, blank_beside, blank_year, level_key, table_rows
from perfxl.populate.matching import is_near
from perfxl.populate.plan import Place, PlannedIndicator, Project
from perfxl.populate.tables import source_of
from perfxl.scoring.rounding import plain
from perfxl.templates.content import IndicatorContent
from perfxl.templates.form import whole_target

_UNIT = "万元"


class Wish(NamedTuple):
    """A value for a cell: what stands there, what the source says, what the cell is called, and where the source says it."""

    cell: Value
    value: Decimal | str
    label: str
    source: Place


class Near(NamedTuple):
    """An indicator of a source whose name is near to one on the form: the form's cell, the source's name, where that stands."""

    cell: Value
    name: str
    source: Place


class Wishes(NamedTuple):
    """All that a project says of a form. `notes` are for the user; `homeless` are indicators for which the form has no row left."""

    wishes: list[Wish]
    near: list[Near]
    notes: list[str]
    homeless: list[IndicatorContent]


def wishes_of(
    view: SheetView, block: FormBlock, form: Form, project: Project, added: Collection[int] = frozenset()
) -> Wishes:
    """What a project says of its form. What it does not know it says nothing of. `added` are rows that were inserted for it."""
    out = Wishes([], [], [], [])
    out.wishes.extend(_info(view, block, form, project))
    _funds(form, project, out)
    goal = project.goal
    if goal and form.goal is not None:
        out.wishes.append(Wish(form.goal, goal, "预期目标", project.place))
    _indicators(view, block, form, project, added, out)
    return out


def _info(view: SheetView, block: FormBlock, form: Form, project: Project) -> Iterator[Wish]:
    for role, label, party, printed in (
        ("department", "主管部门", project.department, form.department),
        ("implementing_unit", "实施单位", project.unit, form.implementing_unit),
    ):
        if party is None or project.whole:  # a department's form was found by the name that it has
            continue
        if printed is None:
            blank = blank_beside(view, block, role)
            if blank is not None:
                yield Wish(blank, party.printed, label, project.place)
        elif normal(printed.name) != normal(party.name):
            yield Wish(printed.value, party.printed, label, project.place)
    if form.year is None and project.year is not None:
        line = blank_year(view, block)
        if line is not None:
            yield Wish(line._replace(text=""), f"（{project.year}年度）", "年度", project.place)


def _funds(form: Form, project: Project, out: Wishes) -> None:
    funds = project.content.funds
    if not funds and project.paid is None:
        return
    if form.money_unit is None:
        out.notes.append("表上没有写明金额单位，资金没有填。请在“项目资金”后写明，如（万元）。")
        return
    unit = form.money_unit
    told = set()
    for line in form.funds:
        source = source_of(line.label.text)
        amounts = funds.get(source) if source else None
        if amounts is None or source in told:
            continue
        told.add(source)
        for value, cell, label in (
            (amounts.initial_budget, line.initial_budget, "年初预算数"),
            (amounts.budget, line.budget, "全年预算数"),
        ):
            if value is not None and cell is not None:
                name = f"{line.label.text}的{label}"
                out.wishes.append(Wish(cell, converted(value, _UNIT, unit) / cell.scale, name, project.place))
    missing = [source for source, amounts in funds.items() if source not in told and amounts.budget]
    if missing and form.funds:
        out.notes.append("计划中的一项资金在表上没有自己的行，没有填。请核对资金各行。")
    if project.paid is not None:
        paid = converted(project.paid, _UNIT, unit)
        for line in _paid_lines(form, project):
            if line.executed is not None:
                out.wishes.append(
                    Wish(
                        line.executed,
                        paid / line.executed.scale,
                        f"{line.label.text}的全年执行数",
                        project.paid_at or project.place,
                    )
                )


def _paid_lines(form: Form, project: Project) -> Iterator[FundLine]:
    """The lines that the sum of a ledger belongs to: the total, and the one source of money where there is only one."""
    total = form.fund_total
    if total is None:
        return
    yield total
    planned = {source for source, amounts in project.funds.items() if source != "total" and amounts.budget}
    parts = [line for line in form.funds if line is not total]
    with_money = [
        line
        for line in parts
        if source_of(line.label.text) in planned or (line.budget is not None and line.budget.number)
    ]
    if len(with_money) == 1:
        yield with_money[0]


def _indicators(
    view: SheetView, block: FormBlock, form: Form, project: Project, added: Collection[int], out: Wishes
) -> None:
    rows = list(form.indicators)
    blanks = [row for row in table_rows(view, block, form, added) if row.blank]
    has_level2 = block.head.column("level2") is not None
    for each in project.indicators:
        content = each.content
        row = _row_of(content, rows)
        if row is not None:
            rows.remove(row)
            if not row.shifted:
                out.wishes.extend(_row_wishes(each, row))
            continue
        near = next((r for r in rows if is_near(r.name.text, content.name)), None)
        if near is not None:
            out.near.append(Near(near.name, content.name, each.place))
            continue
        level2 = content.level2 if has_level2 else None
        blank = next((b for b in blanks if b.is_of(content.level1, level2)), None)
        if blank is None:
            out.homeless.append(content)
            continue
        blanks.remove(blank)
        out.wishes.extend(_blank_wishes(each, blank))


def _row_of(content: IndicatorContent, rows: list[Indicator]) -> Indicator | None:
    same = [row for row in rows if normal(row.name.text) == normal(content.name)]
    return next(
        (row for row in same if level_key(row.level2) == level_key(content.level2)), same[0] if len(same) == 1 else None
    )


def _row_wishes(planned: PlannedIndicator, row: Indicator) -> Iterator[Wish]:
    content, source = planned
    name = row.name.text
    if content.weight is not None and row.weight is not None:
        yield Wish(row.weight, content.weight, f"“{name}”的分值", source)
    if not content.target or row.target is None:
        return
    if row.sign is None and row.unit is None:
        yield Wish(row.target, whole_target(content), f"“{name}”的年度指标值", source)
    elif row.target.empty:
        yield from (
            Wish(cell, text, f"“{name}”的{label}", source)
            for cell, text, label in (
                (row.sign, content.sign, "计算符号"),
                (row.target, content.target, "指标值"),
                (row.unit, content.unit, "计量单位"),
            )
            if cell is not None and text and cell.empty
        )
    elif normal(row.target_text) != normal(whole_target(content)):
        yield Wish(row.target, whole_target(content), f"“{name}”的年度指标值", source)


def _blank_wishes(planned: PlannedIndicator, blank: TableRow) -> Iterator[Wish]:
    content, source = planned
    cells = blank.cells
    split = "sign" in cells or "unit" in cells
    values = {
        "name": content.name,
        "sign": content.sign,
        "target": content.target if split else whole_target(content),
        "unit": content.unit,
    }
    for role, text in values.items():
        if text and role in cells:
            yield Wish(cells[role], text, f"“{content.name}”", source)
    if content.weight is not None and "weight" in cells:
        yield Wish(cells["weight"], content.weight, f"“{content.name}”的分值", source)


def differs(wish: Wish) -> bool:
    """What a person typed says something else than the source."""
    cell = wish.cell
    if isinstance(wish.value, Decimal):
        return cell.number is None or cell.number / cell.scale != wish.value
    return normal(cell.text) != normal(wish.value)


def shown(value: Decimal | str) -> str:
    """A value as messages print it."""
    return plain(value) if isinstance(value, Decimal) else value
