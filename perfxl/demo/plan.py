"""The plan of the demo, its execution ledger and the list of those who should hand in, as workbooks of the templates."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from perfxl.data import load_toml
from perfxl.demo.own import sheet_of
from perfxl.templates.catalogue import TableSheet, TableTemplate, table_templates
from perfxl.templates.drawing import Look, SheetDrawing
from perfxl.templates.guide import lay_out_guide
from perfxl.templates.painter import paint_book
from perfxl.templates.tables import lay_out_table

_LIST_WIDTHS = (30, 30, 10)
Cells = dict[str, Decimal | str]


class PlannedIndicator(NamedTuple):
    """An indicator of the plan, and what an accountant types at the year's end ("" for nothing)."""

    level1: str
    level2: str
    name: str
    sign: str
    target: str
    unit: str
    weight: str
    actual: str
    score: str
    reason: str


class PlannedProject(NamedTuple):
    """A project: its plan, its payments (date, summary, 元), and what is typed at the year's end.

    `executed` are amounts by source of money (`fiscal`, `carryover`) where there is more than one; `spelled` is another spelling of the
    department that comes to stand in the form; `buttons` tells that the form is filled in on a blank one with buttons.
    """

    code: str
    name: str
    department: str
    unit: str
    year: int
    funds: dict[str, str]
    goal: str
    payments: tuple[tuple[str, str, str], ...]
    executed: dict[str, str]
    result: str
    spelled: str
    buttons: bool
    indicators: tuple[PlannedIndicator, ...]


@cache
def planned_projects() -> tuple[PlannedProject, ...]:
    """The projects in the order of the plan."""
    data = load_toml(Path(__file__).with_name("plan.toml"))
    return tuple(_project(entry, data["year"]) for entry in data["projects"])


def city() -> str:
    """The city whose departments these are: what their names begin with."""
    return str(load_toml(Path(__file__).with_name("plan.toml"))["city"])


def plan_book(properties: dict[str, str]) -> bytes:
    """The plan: a row a project, a row an indicator."""
    template = table_templates()["plan"]
    projects: list[Cells] = []
    indicators: list[Cells] = []
    for project in planned_projects():
        whole = {"project_code": project.code, "project": project.name}
        amounts = {source: Decimal(amount) for source, amount in project.funds.items()}
        weights = sum((Decimal(each.weight) for each in project.indicators), Decimal(0))
        row: Cells = {
            **whole,
            "department": project.department,
            "implementing_unit": project.unit,
            "goal": project.goal,
        }
        row |= {
            "year": Decimal(project.year),
            **amounts,
            "total": sum(amounts.values(), Decimal(0)),
            "weight_sum": weights,
        }
        projects.append(row)
        for each in project.indicators:
            row = {**whole, "level1": each.level1, "level2": each.level2, "name": each.name, "sign": each.sign}
            indicators.append(row | {"target": each.target, "unit": each.unit, "weight": Decimal(each.weight)})
    return _table_book(template, [projects, indicators], properties)


def ledger_book(properties: dict[str, str]) -> bytes:
    """The execution ledger: a row a payment."""
    rows: list[Cells] = []
    for project in planned_projects():
        for date, summary, amount in project.payments:
            row: Cells = {"project_code": project.code, "project": project.name, "date": date, "summary": summary}
            rows.append(row | {"paid": Decimal(amount)})
    return _table_book(table_templates()["ledger"], [rows], properties)


def expected_book(others: list[tuple[str, str, int]], properties: dict[str, str]) -> bytes:
    """The list of those who should hand in: the plan's projects, and others (department, project, year)."""
    lines = [(each.department, each.name, each.year) for each in planned_projects()]
    rows = [" | ".join(map(str, line)) for line in (("主管部门", "项目名称", "年度"), *lines, *others)]
    return paint_book([sheet_of("应报", "\n".join(rows), _LIST_WIDTHS)], "应报清单", properties=properties)


def _table_book(template: TableTemplate, tables: list[list[Cells]], properties: dict[str, str]) -> bytes:
    sheets = [_filled(template, sheet, rows) for sheet, rows in zip(template.sheets, tables, strict=True)]
    guide = lay_out_guide(template.guide, template.title, template.profile)
    return paint_book([*sheets, guide], template.title, properties=properties)


def _filled(template: TableTemplate, sheet: TableSheet, rows: list[Cells]) -> SheetDrawing:
    """A table with these rows, as if they were typed; what its formulas give stands beside them."""
    drawing = lay_out_table(template, sheet)
    first = drawing.growing.start
    for number, box in enumerate(drawing.boxes):
        role = sheet.columns[box.left - 1].role
        at = box.top - first
        if 0 <= at < len(rows) and rows[at].get(role, "") != "":
            look = Look.CENTRED if box.look is Look.DATE else box.look  # dates are typed as text here
            drawing.boxes[number] = box._replace(value=rows[at][role], look=look)
        elif box.formula and role == "paid":
            drawing.boxes[number] = box._replace(value=sum((Decimal(row["paid"]) for row in rows), Decimal(0)))
    return drawing


def _project(entry: dict[str, Any], year: int) -> PlannedProject:
    return PlannedProject(
        entry["code"],
        entry["name"],
        entry["department"],
        entry["unit"],
        year,
        {source: entry[source] for source in ("fiscal", "carryover", "other") if source in entry},
        entry["goal"],
        tuple(map(tuple, entry["paid"])),
        entry.get("executed", {}),
        entry["result"],
        entry.get("spelled", ""),
        entry.get("buttons", False),
        tuple(map(_indicator, entry["table"].strip().splitlines())),
    )


def _indicator(line: str) -> PlannedIndicator:
    planned, _, typed = line.partition("‖")
    return PlannedIndicator(*(cell.strip() for part in (planned, typed) for cell in part.split("|")))
