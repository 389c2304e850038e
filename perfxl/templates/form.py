"""Lays a form out on a sheet: the blank print, or one that is filled with a project's plan.

Rates, execution points and totals are formulas, so that the form is alive without perfxl. They reach from the head of the indicator
table to the row above the total, wherever that is, so that inserted rows count; rules and validations reach as far.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from math import ceil
from typing import NamedTuple

from perfxl.grid.address import column_letters
from perfxl.rules import Profile, load_profile
from perfxl.scoring.rounding import plain
from perfxl.templates.catalogue import Column, FormTemplate
from perfxl.templates.content import FormContent, FundContent, IndicatorContent
from perfxl.templates.drawing import Box, Look, Rule, SheetDrawing, Validation, a1, box, span
from perfxl.templates.fitting import HIGHEST, LEAST, text_height

# Room for a goal to be written, in points.
_GOAL_HEIGHT = 63.0
# So many rows with texts are a page; of more, names that hold for many rows stand at their head.
_ONE_PAGE = 12
_NOT_SCORED = "—"
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_SIGNS = ("≥", "≤", "＝", "＞", "＜", "定性")
_LOOKS = {"weight": Look.POINTS, "score": Look.POINTS, "sign": Look.CENTRED, "unit": Look.CENTRED}
_MONEY_LOOKS = {"weight": Look.POINTS, "score": Look.POINTS, "execution_rate": Look.RATE}
# Amounts and points of more digits than this are no amounts.
_MOST = "999999999999"


class _Rows(NamedTuple):
    """Where the blocks of a form stand."""

    money: int
    funds: int
    goals: int
    goal: int
    goal_end: int
    head: int
    first: int
    total: int


def lay_out_form(template: FormTemplate, content: FormContent | None = None, name: str = "") -> SheetDrawing:
    """The form of a project; without content the blank one. `name` is the sheet's, else the template's."""
    return _FormLayout(template, content).draw(name or template.sheet)


class _FormLayout:
    def __init__(self, template: FormTemplate, content: FormContent | None) -> None:
        self.template = template
        self.content = content
        self.profile: Profile = load_profile(template.profile)
        self.last = len(template.widths)
        self.indicators = content.indicators if content else _blank_rows(template)
        self.section_look = Look.SECTION if content and len(content.indicators) > _ONE_PAGE else Look.CENTRED
        info = max(template.info_lines) + 1
        headed = any(column.label for column in template.money_columns)
        goal_headed = any(column.label for column in template.goal_columns)
        money = 3 + info
        funds = money + headed
        goals = funds + len(template.fund_rows)
        goal = goals + goal_headed
        head = goal + self._goal_rows()
        first = head + 1
        self.rows = _Rows(money, funds, goals, goal, head - 1, head, first, first + len(self.indicators))

    def _goal_rows(self) -> int:
        """The rows that the goal needs: one cannot be higher than Excel's limit."""
        if self.content is None:
            return 1
        column = next(column for column in self.template.goal_columns if column.role == "goal")
        height = text_height(self.content.goal, self.template.widths[column.first - 1 : column.last])
        return ceil(height / HIGHEST)

    def draw(self, name: str) -> SheetDrawing:
        rows = self.rows
        boxes = [*self._heading(), *self._money(), *self._goals(), *self._table(), *self._total()]
        return SheetDrawing(
            name=name,
            widths=self.template.widths,
            boxes=boxes,
            rules=list(self._rules()),
            validations=list(self._validations()),
            repeated=(rows.head, rows.head),
            header=self._running_title(),
            last_printed=rows.total + 1,
            growing=range(rows.first, rows.total),
            least_heights=dict.fromkeys(range(rows.goal, rows.goal_end + 1), _GOAL_HEIGHT)
            | self._section_heights(boxes),
        )

    def _section_heights(self, boxes: list[Box]) -> dict[int, float]:
        """The first row under a name that stands at its head is as high as the name."""
        widths = self.template.widths
        named = [each for each in boxes if each.look is Look.SECTION]
        heights: dict[int, float] = {}
        for each in named:
            height = max(text_height(str(each.value), widths[each.left - 1 : each.right]), LEAST)
            heights[each.top] = max(height, heights.get(each.top, 0))
        return heights

    def _running_title(self) -> tuple[str, str]:
        content = self.content
        subject = content and (content.project or content.department)
        if content is None or subject is None:
            return self.template.title, ""
        year = "" if content.year is None else f"（{content.year}年度）"
        return self.template.title, f"{year}　{subject.name}".strip("　")

    # ---- above the table

    def _heading(self) -> Iterator[Box]:
        yield box(1, 1, self.template.title, Look.TITLE, right=self.last)
        year = self.content.year if self.content else None
        shown = self.template.blank_year if year is None else str(year)
        yield box(2, 1, f"（{shown}年度）", Look.YEAR, right=self.last, typed=True, prompt="year")
        for line, (label, value) in zip(self.template.info_lines, self.template.info, strict=True):
            yield box(3 + line, label.first, label.label, Look.LABEL, right=label.last)
            text = self._info(value.role)
            yield box(3 + line, value.first, text, Look.CENTRED, right=value.last, typed=True, prompt=value.role)

    def _info(self, role: str) -> str:
        if self.content is None:
            return ""
        party = getattr(self.content, role)
        return party.printed if party else ""

    def _money(self) -> Iterator[Box]:
        template, rows = self.template, self.rows
        yield box(rows.money, 1, template.money_label, Look.LABEL, bottom=rows.goals - 1)
        label_end = template.money_columns[0].first - 1
        if rows.funds > rows.money:
            yield box(rows.money, 2, "", Look.HEAD, right=label_end)
            for column in template.money_columns:
                yield box(rows.money, column.first, column.label, Look.HEAD, right=column.last)
        for row, fund in enumerate(template.fund_rows, rows.funds):
            yield box(row, 2, fund.label, Look.LABEL, right=label_end)
            amounts = self._amounts(fund.source)
            for column in template.money_columns:
                yield self._fund_cell(row, column, amounts, total=row == rows.funds)

    def _amounts(self, source: str) -> FundContent:
        """The money of a row; what has no row of its own (上年结转 before 2020) counts among the other money."""
        if self.content is None:
            return FundContent()
        funds = self.content.funds
        sources = {row.source for row in self.template.fund_rows}
        homeless = [amounts for key, amounts in funds.items() if key not in sources] if source == "other" else []
        parts = [amounts for amounts in (funds.get(source), *homeless) if amounts is not None]
        return FundContent(_sum(part.initial_budget for part in parts), _sum(part.budget for part in parts))

    def _fund_cell(self, row: int, column: Column, amounts: FundContent, *, total: bool) -> Box:
        role, at = column.role, {c.role: a1(row, c.first) for c in self.template.money_columns}
        look = _MONEY_LOOKS.get(role, Look.AMOUNT)
        if role == "execution_rate":
            budget, executed, decimals = at["budget"], at["executed"], self.profile.rate_decimals + 2
            formula = f'IF(AND(ISNUMBER({budget}),ISNUMBER({executed})),IF({budget}>0,ROUND({executed}/{budget},{decimals}),""),"")'
            return box(row, column.first, "", look, formula=formula)
        if role in ("weight", "score") and not total:
            return box(row, column.first, _NOT_SCORED, Look.CENTRED)
        if role == "score":
            rate, weight, decimals = at["execution_rate"], at["weight"], self.profile.execution_score_decimals
            share = f"{weight}*{at['executed']}/{at['budget']}"
            formula = f'IF(ISNUMBER({rate}),ROUND(MIN({weight},{share}),{decimals}),"")'
            return box(row, column.first, "", look, formula=formula)
        if role == "weight":
            return box(row, column.first, self.profile.execution_weight, look, typed=True, prompt="weight")
        known = getattr(amounts, role, None)
        value = "" if known is None else known
        if total and not self.template.evaluates:
            return self._declared_sum(row, column, value)
        return box(row, column.first, value, look, right=column.last, typed=True, prompt=role)

    def _declared_sum(self, row: int, column: Column, value: Decimal | str) -> Box:
        """A declaration's total adds up its parts, unless a plan names a total and no parts."""
        parts = [self._amounts(fund.source).initial_budget for fund in self.template.fund_rows[1:]]
        known = _sum(parts)
        if value != "" and known != value:
            return box(row, column.first, value, Look.AMOUNT, right=column.last, typed=True, prompt="initial_budget")
        area = span(row + 1, row + len(parts), column.first)
        formula = f'IF(COUNT({area})=0,"",SUM({area}))'
        return box(row, column.first, "" if known is None else known, Look.AMOUNT, right=column.last, formula=formula)

    def _goals(self) -> Iterator[Box]:
        rows, columns = self.rows, self.template.goal_columns
        yield box(rows.goals, 1, self.template.goals_label, Look.LABEL, bottom=rows.goal_end)
        for column in columns:
            if rows.goal > rows.goals:
                yield box(rows.goals, column.first, column.label, Look.HEAD, right=column.last)
            text = self.content.goal if self.content and column.role == "goal" else ""
            right, bottom = column.last, rows.goal_end
            yield box(
                rows.goal, column.first, text, Look.TEXT, right=right, bottom=bottom, typed=True, prompt=column.role
            )

    # ---- the table

    def _table(self) -> Iterator[Box]:
        rows = self.rows
        yield box(rows.head, 1, "绩效\n指标", self.section_look, bottom=rows.total - 1)
        for column in self.template.columns:
            yield box(rows.head, column.first, column.label, Look.HEAD)
        yield from self._levels()
        for row, indicator in enumerate(self.indicators, rows.first):
            for column in self.template.columns:
                if column.role not in ("level1", "level2"):
                    value = self._cell(indicator, column.role)
                    look = _LOOKS.get(column.role, Look.TEXT)
                    yield box(row, column.first, value, look, typed=True, prompt=column.role)

    def _levels(self) -> Iterator[Box]:
        """Level names, merged over the rows for which they hold."""
        row = self.rows.first
        first, second = self.template.column("level1"), self.template.column("level2")
        for level1, section in groupby(self.indicators, key=lambda each: each.level1):
            members = list(section)
            name = level1 + self._section_weight(level1, members)
            yield box(row, first, name, self.section_look, bottom=row + len(members) - 1, typed=True, prompt="level1")
            at = row
            for level2, group in groupby(members, key=lambda each: each.level2):
                count = len(list(group))
                yield box(at, second, level2, self.section_look, bottom=at + count - 1, typed=True, prompt="level2")
                at += count
            row += len(members)

    def _section_weight(self, level1: str, members: list[IndicatorContent]) -> str:
        """The weight that the form of 2019 prints with the name of a section: its own, in a blank form the official one."""
        if not self.template.weight_in_level1:
            return ""
        weight = _sum(row.weight for row in members) if self.content else self.profile.section_weights.get(level1)
        return "" if weight is None else f"\n{plain(weight)}分"

    def _cell(self, indicator: IndicatorContent, role: str) -> Decimal | str:
        if role == "weight":
            return "" if indicator.weight is None else indicator.weight
        if role == "target":
            split = any(column.role == "sign" for column in self.template.columns)
            text = indicator.target if split else whole_target(indicator)
            return Decimal(text) if _NUMBER.fullmatch(text) else text
        return str(getattr(indicator, role)) if role in ("name", "sign", "unit") else ""

    def _total(self) -> Iterator[Box]:
        template, row = self.template, self.rows.total
        weight = template.column("weight")
        label = "总分" if template.evaluates else "分值合计"
        yield box(row, 1, label, Look.LABEL, right=weight - 1)
        weights = self._column_to_total(weight)
        total = _sum(each.weight for each in self.indicators) or Decimal(0)
        if not template.evaluates:
            yield box(
                row,
                weight,
                total if total else "",
                Look.POINTS,
                formula=f'IF(COUNT({weights})=0,"",ROUND(SUM({weights}),2))',
            )
            yield self._note(row, total)
            return
        funds = {column.role: a1(self.rows.funds, column.first) for column in template.money_columns}
        total += self.profile.execution_weight
        yield box(row, weight, total, Look.POINTS, formula=f"ROUND(SUM({funds['weight']},{weights}),2)")
        score = template.column("score")
        scores = self._column_to_total(score)
        formula = (
            f'IF(OR(NOT(ISNUMBER({funds["score"]})),COUNT({scores})<COUNT({weights})),"",'
            f"ROUND(SUM({funds['score']},{scores}),2))"
        )
        yield box(row, score, "", Look.POINTS, formula=formula)
        yield box(row, template.column("reason"), "", Look.CENTRED)
        yield self._note(row, total)

    def _column_to_total(self, column: int, above: int = 1) -> str:
        """From the head of a column (words do not count) to the row `above` the formula's own."""
        letters = column_letters(column)
        return f"{letters}{self.rows.head}:INDEX({letters}:{letters},ROW()-{above})"

    @property
    def _expected_weight(self) -> Decimal:
        profile = self.profile
        return profile.total_weight if self.template.evaluates else profile.total_weight - profile.execution_weight

    def _note(self, row: int, total: Decimal) -> Box:
        """A line under the form that says so where the weights do not add up."""
        weight = self.template.column("weight")
        expected = plain(self._expected_weight)
        words = f" 分，应为 {expected} 分，请核对{'执行率和' if self.template.evaluates else ''}各行的分值。"
        here, weights = a1(row, weight), self._column_to_total(weight, 2)
        formula = f'IF(OR(COUNT({weights})=0,{here}={expected}),"","分值合计："&{here}&"{words}")'
        wrong = any(each.weight is not None for each in self.indicators) and total != self._expected_weight
        value = f"分值合计：{plain(total)}{words}" if wrong else ""
        return box(row + 1, 1, value, Look.NOTE, right=self.last, formula=formula)

    # ---- what colours and what refuses

    def _rules(self) -> Iterator[Rule]:
        template, rows = self.template, self.rows
        weight = template.column("weight")
        name = a1(rows.first, template.column("name"), fixed="column")
        total = a1(rows.total, weight)
        weights = span(rows.first, rows.total - 1, weight)
        expected = plain(self._expected_weight)
        yield Rule(rows.total, weight, rows.total, weight, f"AND(COUNT({weights})>0,{total}<>{expected})")
        if not template.evaluates:
            return
        score, reason = template.column("score"), template.column("reason")
        worth, given, why = (a1(rows.first, column, fixed="column") for column in (weight, score, reason))
        empty = "".join(f',TRIM({why})="{word}"' for word in ("", "无", "暂无", "略", "—", "-", "/"))
        short = f'AND(ISNUMBER({worth}),ISNUMBER({given}),{given}<{worth},{name}<>"",OR({empty[1:]}))'
        yield Rule(rows.first, reason, rows.total, reason, short)
        over = f'AND(ISNUMBER({given}),{name}<>"",OR({given}<0,{given}>{worth}))'
        yield Rule(rows.first, score, rows.total, score, over)
        at = {column.role: column.first for column in template.money_columns}
        last = rows.funds + len(template.fund_rows) - 1
        budget, executed = (a1(rows.funds, at[role], fixed="column") for role in ("budget", "executed"))
        overspent = f"AND(ISNUMBER({budget}),ISNUMBER({executed}),{executed}>{budget})"
        yield Rule(rows.funds, at["executed"], last, at["executed"], overspent)

    def _validations(self) -> Iterator[Validation]:
        template, rows = self.template, self.rows
        yield Validation(2, 1, 2, 1, "any", prompt="year")
        for line, (_, value) in zip(template.info_lines, template.info, strict=True):
            yield Validation(3 + line, value.first, 3 + line, value.first, "any", prompt=value.role)
        last = rows.funds + len(template.fund_rows) - 1
        for column in template.money_columns:
            if column.role == "weight":
                yield Validation(
                    rows.funds, column.first, rows.funds, column.first, "number", "weight", "weight", high="100"
                )
            elif column.role not in ("execution_rate", "score"):
                yield Validation(
                    rows.funds, column.first, last, column.first, "number", column.role, "amount", high=_MOST
                )
        for column in template.goal_columns:
            yield Validation(rows.goal, column.first, rows.goal, column.first, "any", prompt=column.role)
        for column in template.columns:
            yield self._column_validation(column)

    def _column_validation(self, column: Column) -> Validation:
        """What a column of the table takes; down to the total row, so that a row inserted above it is covered."""
        top, bottom = self.rows.first, self.rows.total
        area = (top, column.first, bottom, column.first)
        levels = self.template.rows
        match column.role:
            case "weight":
                return Validation(*area, "number", "weight", "weight", high="100")
            case "score":
                weight, score = a1(top, self.template.column("weight"), fixed="column"), a1(top, column.first)
                return Validation(
                    *area, "formula", "score", "score", formula=f"AND(ISNUMBER({score}),{score}>=0,{score}<={weight})"
                )
            case "level1":
                return Validation(*area, "offer", "level1", words=tuple(dict.fromkeys(row.level1 for row in levels)))
            case "level2":
                return Validation(*area, "offer", "level2", words=tuple(dict.fromkeys(row.level2 for row in levels)))
            case "sign":
                return Validation(*area, "offer", "sign", words=_SIGNS)
            case "actual":
                return Validation(*area, "offer", "actual", words=tuple(tier.name for tier in self.profile.tiers))
            case role:
                return Validation(*area, "any", prompt=role)


def whole_target(indicator: IndicatorContent) -> str:
    """The target as one text, its sign and unit included: 50 beside ≥ and 个 is ≥50个."""
    text = indicator.target
    sign = indicator.sign if indicator.sign != _SIGNS[-1] else ""
    if not text or not (sign or indicator.unit):
        return text
    unit = indicator.unit if text[-1].isdigit() else ""
    return (sign if not text.startswith(sign) else "") + text + unit


def _blank_rows(template: FormTemplate) -> tuple[IndicatorContent, ...]:
    return tuple(
        IndicatorContent(row.level1, row.level2, "", "", None) for row in template.rows for _ in range(row.blank)
    )


def _sum(values: Iterator[Decimal | None] | list[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None
