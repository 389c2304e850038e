"""Makes the demo's workbooks: the plan, the forms from it, what departments typed, and what they sent in forms of their own."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from perfxl.addin.forms import form_book
from perfxl.demo.entries import enter_values
from perfxl.demo.own import drafts, own_books
from perfxl.demo.places import PROPERTIES, Places, date, write
from perfxl.demo.plan import city, expected_book, ledger_book, plan_book, planned_projects
from perfxl.errors import PerfxlError
from perfxl.populate.books import DEFAULT_TEMPLATE, arranged, new_from_plan
from perfxl.populate.reading import read_plan
from perfxl.sources import Book
from perfxl.templates.catalogue import form_template
from perfxl.templates.painter import paint_book

BROKEN = Path("体育局/全民健身场地开放（传输中断）.xlsx")
"""A workbook of which half is missing, below the folder of its step."""

# Who should hand in besides those of the plan: one does not, one sends the broken book.
_ALSO_EXPECTED = [
    ("云岭市教育局", "小学课后服务补助", 2024),
    ("云岭市应急管理局", "应急物资储备", 2024),
    ("云岭市生态环境局", "大气自动监测站运行维护", 2024),
    ("云岭市体育局", "全民健身场地开放", 2024),
    ("云岭市科学技术局", "科普场馆运行经费", 2024),
]
_HANDED_IN, _DRAFTED = 1_741_140_000, 1_740_535_200  # 2025-03-05 and a week before, in seconds


class Made(NamedTuple):
    """How much was made: projects and indicators of the plan, workbooks from it, workbooks handed in (the broken one included)."""

    projects: int
    indicators: int
    forms: list[Path]
    handed_in: list[Path]


def make_books(places: Places) -> Made:
    """Makes all workbooks of the first three steps, those of an earlier demo anew.

    Raises:
        UnwritableBook: see `Places.clear`, or the system refuses.
    """
    places.clear(BROKEN)
    write(places.plan, plan_book(PROPERTIES))
    write(places.ledger, ledger_book(PROPERTIES))
    write(places.expected, expected_book(_ALSO_EXPECTED, PROPERTIES))
    forms = _make_forms(places)
    handed_in = [*_fill_in(places, forms), *_draw_own(places)]
    broken = places.handed_in / BROKEN
    whole = handed_in[0].read_bytes()
    write(broken, whole[: len(whole) // 2])
    handed_in.append(broken)
    drafted = {places.handed_in / path for path in drafts()}
    for path in handed_in:
        date(path, _DRAFTED if path in drafted else _HANDED_IN)
    projects = planned_projects()
    return Made(len(projects), sum(len(each.indicators) for each in projects), forms, handed_in)


def _make_forms(places: Places) -> list[Path]:
    """The forms from the plan, as `perfxl new` makes them; some departments get theirs with buttons instead."""
    plan = [Book(places.plan, places.plan.name)]
    outcome = new_from_plan(places.forms, plan, properties=PROPERTIES)
    if outcome.failures:
        raise PerfxlError(outcome.failures[0].error)
    with_buttons = {project.name for project in planned_projects() if project.buttons}
    paths = []
    for book in arranged(places.forms, read_plan(plan).projects, per_project=False):
        path = book.path
        if book.projects[0].name in with_buttons:
            path.unlink()
            path = path.with_suffix(".xlsm")
            write(path, form_book(form_template(DEFAULT_TEMPLATE), book.projects[0].content, PROPERTIES))
        paths.append(path)
    return paths


def _fill_in(places: Places, forms: list[Path]) -> list[Path]:
    """The forms as the departments send them back."""
    filled = []
    for form in forms:
        department, _, rest = form.name.removeprefix(city()).partition("2024")
        path = places.handed_in / department / f"2024{rest}"
        write(path, form.read_bytes())
        enter_values(path, places.ledger)
        filled.append(path)
    return filled


def _draw_own(places: Places) -> list[Path]:
    """What departments made themselves."""
    paths = []
    for name, sheets in own_books().items():
        path = places.handed_in / name
        write(path, paint_book(sheets, path.stem, properties=PROPERTIES))
        paths.append(path)
    return paths
