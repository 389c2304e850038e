"""Reads the sources of a plan: tables of projects and indicators, declaration forms, last year's forms, execution ledgers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from perfxl.form.labels import level_of, split_weight
from perfxl.form.model import Form, Party, Value
from perfxl.form.parties import party_of
from perfxl.form.reader import read_forms
from perfxl.form.values import Period, normal, read_value
from perfxl.form.view import SheetView
from perfxl.grid.address import Ref
from perfxl.populate.amounts import converted
from perfxl.populate.declaration import declared_amounts, declared_goal
from perfxl.populate.plan import Fault, Place, PlannedIndicator, Project
from perfxl.populate.tables import Table, find_table, is_whole, source_of
from perfxl.sources import Book
from perfxl.templates.content import FundContent, IndicatorContent, PartyContent

_UNIT = "万元"
_WHOLE = "部门整体支出"
_SECOND = 2
_PARTS = ("total", "fiscal", "carryover", "other", "basic", "projects")
_YEARS = range(1990, 2100)


@dataclass(slots=True)
class Plan:
    """All projects of the sources, and what in them does not fit."""

    projects: list[Project] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_plan(books: Iterable[Book], *, last_year: Iterable[Book] = ()) -> Plan:
    """The projects that the workbooks tell of; those of `last_year` are forms of the year before.

    Raises:
        UnreadableBook: a workbook cannot be read.
    """
    reader = _Reader()
    for book in books:
        reader.read(book)
    reader.take_payments()
    for book in last_year:
        reader.read(book, carried=True)
    return reader.plan


class _Reader:
    """Gathers projects over all sheets; indicators and payments go to the project that they name."""

    def __init__(self) -> None:
        self.plan = Plan()
        self._by_code: dict[str, Project] = {}
        self._by_name: dict[str, list[Project]] = {}
        self._ledgers: list[tuple[Table, str]] = []

    def read(self, book: Book, *, carried: bool = False) -> None:
        from perfxl.workbooks.opening import open_to_read

        workbook = open_to_read(Path(book.path))
        views = [SheetView(workbook.grid(sheet)) for sheet in workbook.sheet_names]
        tables: list[Table] = []
        before = len(self.plan.projects)
        for view in views:
            table = find_table(view)
            if table is not None:
                tables.append(table)
                continue
            for form in read_forms(view.grid, book.name):
                self._take_form(view, form, carried=carried)
        # What lists projects comes before what belongs to them, wherever its sheet stands.
        for table in sorted(tables, key=lambda table: "name" in table.columns):
            if table.lists_payments:
                self._ledgers.append((table, book.name))
            else:
                self._take_table(table, book.name)
        if not tables and len(self.plan.projects) == before:
            at = Place(book.name, views[0].grid.sheet if views else "", "A1")
            self._fault(at, "没有找到项目：没有一行表头同时写有项目名称和指标、预算或支付金额，也不是申报表或自评表。")

    def take_payments(self) -> None:
        """Adds the payments up: after all books are read, so that it is no matter in which order they are named."""
        for table, book in self._ledgers:
            self._take_table(table, book)

    # ---- tables

    def _take_table(self, table: Table, book: str) -> None:
        listed = "name" in table.columns and any(p.place.book == book for p in self.plan.projects)
        above: dict[str, str] = {}
        for row, cells in table.rows():
            place = Place(book, table.view.grid.sheet, Ref(row, min(table.columns.values())).a1)
            texts = {role: value.text for role, value in cells.items()}
            project = party_of(cells.get("project"), "project")
            if project is not None:
                texts |= {"project": project.name, "project_code": texts.get("project_code") or project.code or ""}
            if "name" in table.columns:
                if texts.get("project") not in ("", None, above.get("project")):
                    above = {role: text for role, text in above.items() if role != "project_code"}
                for role in ("project_code", "project", "level1", "level2"):
                    texts[role] = texts.get(role) or (
                        above.get(role, "")
                        if role != "level2" or texts.get("level1") in ("", above.get("level1"))
                        else ""
                    )
                if (texts["project_code"], texts["project"]) != (above.get("project_code"), above.get("project")):
                    texts |= {role: cells[role].text if role in cells else "" for role in ("level1", "level2")}
                above = texts
            if table.lists_payments:
                self._take_payment(table, place, cells, texts)
            else:
                self._take_row(table, place, cells, texts, listed=listed)

    def _take_row(
        self, table: Table, place: Place, cells: dict[str, Value], texts: dict[str, str], *, listed: bool
    ) -> None:
        of_indicators = "name" in table.columns
        if not texts.get("project") and not (texts.get("project_code") and of_indicators):
            self._fault(place, "没有写项目名称。请补上，或删除这一行。")
            return
        project = self._named(place, texts, cells) if of_indicators else None
        if project is None:
            if listed:
                shown = texts.get("project") or texts.get("project_code")
                self._fault(place, f"“项目”表里没有“{shown}”。请核对项目代码和名称，两表要一致。")
                return
            project = self._new_project(table, place, cells, texts)
            if project is None:
                return
        if of_indicators:
            self._take_indicator(project, table, place, cells, texts)

    def _new_project(
        self, table: Table, place: Place, cells: dict[str, Value], texts: dict[str, str]
    ) -> Project | None:
        code = texts.get("project_code") or None
        if code is not None and code in self._by_code:
            other = self._by_code[code].place
            self._fault(place, f"项目代码 {code} 已用于{other}的项目。请核对代码。")
            return None
        project = Project(place, texts["project"], code)
        project.department = _party(cells.get("department"), cells.get("department_code"))
        project.unit = _party(cells.get("implementing_unit"), cells.get("unit_code"))
        project.whole = is_whole(project.name)
        if project.whole:
            project.department = project.department or project.unit
            if project.department is None:
                self._fault(place, "没有写是哪个部门的整体支出。请补上主管部门。")
                return None
        project.year = self._year(cells.get("year"), place)
        project.goal = texts.get("goal", "")
        for role in _PARTS:
            amount = self._amount(table, role, cells, place)
            if amount is not None:
                project.funds[role] = FundContent(amount, amount)
        initial, budget = (self._amount(table, role, cells, place) for role in ("initial_budget", "budget"))
        if initial is not None or budget is not None:
            project.funds["total"] = _amounts(initial, budget)
        self._keep(project)
        return project

    def _keep(self, project: Project) -> None:
        self.plan.projects.append(project)
        if project.code:
            self._by_code[project.code] = project
        self._by_name.setdefault(normal(project.name), []).append(project)

    def _named(self, place: Place, texts: dict[str, str], cells: dict[str, Value]) -> Project | None:
        """The project that a row names: by its code, else by its name, and its department and unit where the name stands twice."""
        department, unit = party_of(cells.get("department")), party_of(cells.get("implementing_unit"))
        code = texts.get("project_code")
        if code:
            return self._by_code.get(code)
        found = self._by_name.get(normal(texts.get("project", "")), [])
        if department is not None:
            found = [p for p in found if p.department is None or normal(p.department.name) == normal(department.name)]
        if unit is not None:
            found = [p for p in found if p.unit is None or normal(p.unit.name) == normal(unit.name)]
        return found[0] if len(found) == 1 else self._ambiguous(place, texts, found)

    def _ambiguous(self, place: Place, texts: dict[str, str], found: list[Project]) -> Project | None:
        if found:
            self._fault(
                place, f"有 {len(found)} 个项目叫“{texts.get('project')}”，分不清是哪一个。请在两处都写上项目代码。"
            )
            return found[0]
        return None

    def _take_indicator(
        self, project: Project, table: Table, place: Place, cells: dict[str, Value], texts: dict[str, str]
    ) -> None:
        def at(role: str) -> Place:
            return place._replace(cell=cells[role].at.a1)

        if not texts["name"]:
            self._fault(at("name"), "没有写三级指标的名称。请补上，或删除这一行。")
            return
        self._check_levels(texts, place, table)
        weight = None
        if "weight" in cells and not cells["weight"].empty:
            weight = cells["weight"].number
            if weight is None or not 0 <= weight <= 100:
                self._fault(at("weight"), f"分值“{cells['weight'].text}”不是 0 到 100 之间的数。请改为数字。")
        sign, target, unit = (texts.get(role, "") for role in ("sign", "target", "unit"))
        level1, level2 = (split_weight(texts.get(role, ""))[0] for role in ("level1", "level2"))
        content = IndicatorContent(level1, level2, texts["name"], target, weight, sign, unit)
        project.indicators.append(PlannedIndicator(content, place))

    def _check_levels(self, texts: dict[str, str], place: Place, table: Table) -> None:
        for role, number, label in (("level1", 1, "一级指标"), ("level2", 2, "二级指标")):
            text = texts.get(role, "")
            level = level_of(text) if text else None
            if (text or number == 1) and (level is None or level.level not in (0, number)):
                cell = Ref(place.row, table.columns.get(role, 1)).a1
                what = f"不认识{label}“{text}”" if text else f"没有写{label}"
                self._fault(place._replace(cell=cell), f"{what}。请写规定的名称，如{_EXAMPLES[role]}。")

    def _take_payment(self, table: Table, place: Place, cells: dict[str, Value], texts: dict[str, str]) -> None:
        amount = self._amount(table, "paid", cells, place)
        if amount is None:
            return
        if not texts.get("project") and not texts.get("project_code"):
            self._fault(place, "这笔支出没有写项目名称或代码。请补上。")
            return
        project = self._named(place, texts, cells)
        if project is None:
            project = Project(place, texts.get("project", ""), texts.get("project_code") or None)
            self._keep(project)
        project.paid = (project.paid or Decimal(0)) + amount
        project.paid_at = project.paid_at or place._replace(cell=cells["paid"].at.a1)

    # ---- cells

    def _amount(self, table: Table, role: str, cells: dict[str, Value], place: Place) -> Decimal | None:
        value = cells.get(role)
        if value is None or value.blank_like:
            return None
        at = place._replace(cell=value.at.a1)
        unit = value.unit or table.unit_of(role)
        if value.number is None or value.percent:
            self._fault(at, f"金额“{value.text}”不是数字。请只写数字。")
            return None
        if unit is None:
            head = place._replace(cell=Ref(table.head, table.columns[role]).a1)
            self._fault(head, f"“{table.labels[role]}”没有写明金额单位。请在栏名中写明，如（万元）或（元）。")
            return None
        return converted(value.number, {"万": "万元", "亿": "亿元"}.get(unit, unit), _UNIT)

    def _year(self, value: Value | None, place: Place) -> int | None:
        if value is None or value.empty:
            return None
        digits = value.text.removesuffix("度").removesuffix("年")
        if not digits.isdigit() or int(digits) not in _YEARS:
            self._fault(place._replace(cell=value.at.a1), f"年度“{value.text}”不是四位数的年份。请改正。")
            return None
        return int(digits)

    def _fault(self, place: Place, message: str) -> None:
        fault = Fault(place, message)
        if fault not in self.plan.faults:
            self.plan.faults.append(fault)

    # ---- forms

    def _take_form(self, view: SheetView, form: Form, *, carried: bool) -> None:
        """A declaration, or last year's form: of that only what may hold this year too."""
        place = Place(form.book, form.sheet, form.anchor.a1)
        if form.subject is None:
            self._fault(place, f"没有写{'部门' if form.whole_department else '项目'}名称。请补上。")
            return
        if form.whole_department:
            project = Project(place, _WHOLE, carried=carried, whole=True, department=party_content(form.subject))
        else:
            project = Project(place, form.subject.name, form.subject.code, carried=carried)
            project.department, project.unit = party_content(form.department), party_content(form.implementing_unit)
        if not carried:
            project.year = form.year
            project.goal = form.goal.text if form.goal else declared_goal(view, form)
            self._take_funds(project, view, form)
        for row in form.indicators:
            if row.shifted:
                continue
            target = row.target.text if row.target else ""
            if carried and isinstance(read_value(row.target_text), Period):
                target = ""
            level = level_of(row.level1)
            if not carried and (level is None or level.level == _SECOND):
                message = f"不认识一级指标“{row.level1}”。请写规定的名称，如{_EXAMPLES['level1']}。"
                self._fault(place._replace(cell=row.first.a1), message)
            weight = row.weight.number if row.weight else None
            sign, unit = (value.text if value else "" for value in (row.sign, row.unit))
            content = IndicatorContent(row.level1, row.level2, row.name.text, target, weight, sign, unit)
            project.indicators.append(PlannedIndicator(content, place._replace(cell=row.name.at.a1)))
        self._keep(project)

    def _take_funds(self, project: Project, view: SheetView, form: Form) -> None:
        rows = [(source_of(line.label.text), _number(line.initial_budget), _number(line.budget)) for line in form.funds]
        rows += [(source, amount, amount) for source, amount in declared_amounts(view, form).items() if not rows]
        unit = form.money_unit
        for source, initial, budget in rows:
            if source is None or source in project.funds or (initial is None and budget is None):
                continue
            if unit is None:
                self._fault(project.place, "资金没有写明金额单位。请在“项目资金”后写明，如（万元）或（元）。")
                return
            project.funds[source] = _amounts(
                *(None if n is None else converted(n, unit, _UNIT) for n in (initial, budget))
            )


def _number(value: Value | None) -> Decimal | None:
    return value.number if value is not None else None


def _amounts(initial: Decimal | None, budget: Decimal | None) -> FundContent:
    """What is named once holds for both: a plan is made before a budget is changed."""
    return FundContent(budget if initial is None else initial, initial if budget is None else budget)


_EXAMPLES = {"level1": "产出指标、效益指标、满意度指标", "level2": "数量指标、质量指标、社会效益指标"}


def party_content(party: Party | None) -> PartyContent | None:
    """A party of a form as content."""
    return PartyContent(party.name, party.code) if party else None


def _party(name: Value | None, code: Value | None) -> PartyContent | None:
    """A name that may bring its code with it, or has it in a column of its own."""
    party = party_of(name)
    return PartyContent(party.name, (code.text if code else "") or party.code) if party else None
