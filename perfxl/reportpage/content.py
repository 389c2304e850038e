"""What the report page shows, asked of a store: figures by year and department, and projects with their findings, worst first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from perfxl.checks.finding import Severity
from perfxl.checks.texts import load_text
from perfxl.marking import problem_and_todo
from perfxl.report.terminal import one_line
from perfxl.reportpage.links import BookLinks
from perfxl.scoring.rounding import plain, rounded
from perfxl.signs import OBEYED

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

GRADES = ("优", "良", "中", "差")
SCORE_EDGES = (60, 70, 80, 90, 95)
"""Where one column of the scores' distribution ends and the next begins, which holds the edge itself."""

_SEVERITIES = [severity.value for severity in Severity]
_ROWS_AHEAD = 1000
_FORM_KEY = 'source, book, sheet, "index"'
_LISTED = 1000  # failures and missing ones that are named
_DEPARTMENTS_SHARE = 3  # of the room, departments may take a third
_COUNTS = ", ".join(f"count(*) FILTER (severity = '{name}') AS {name}s" for name in _SEVERITIES)
# Findings belong to the year and the department of their form, and count by places, as in the summary workbook: those of a form that a
# newer one replaces do not.
_FINDINGS = f"findings JOIN counted USING ({_FORM_KEY})"

Row = list[Any]


class PageFigures(NamedTuple):
    """What the page says whatever room there is for projects.

    `years` hold the figures of each year, the latest first, the one that is not known (None) last; `departments` and `kinds` are rows for
    each of them. `missing` and `failures` name the first of so many.
    """

    years: list[dict[str, Any]]
    departments: list[Row]
    departments_left_out: int
    kinds: list[Row]
    codes: dict[str, str]
    missing: list[Row]
    missing_count: int
    failures: list[Row]
    failure_count: int
    dated: str


class PageProjects(NamedTuple):
    """The projects as JSON texts, worst first; the books that they name by number; how many projects did not fit."""

    projects: list[str]
    books: list[Row]
    left_out: int


def read_figures(sql: DuckDBPyConnection, room: int) -> PageFigures:
    """The figures of a store; departments take a part of so many bytes, the largest budgets first."""
    departments, left_out = _as_fits(_departments(sql), room // _DEPARTMENTS_SHARE)
    return PageFigures(
        years=_years(sql),
        departments=departments,
        departments_left_out=left_out,
        kinds=[list(row) for row in sql.execute(_KINDS).fetchall()],
        codes={code: load_text(code).title for (code,) in sql.execute(_CODES).fetchall()},
        missing=[_shown(*row) for row in sql.execute(_MISSING).fetchmany(_LISTED)],
        missing_count=_one(sql, f"SELECT count(*) FROM ({_MISSING})"),
        failures=[_shown(*row) for row in sql.execute(_FAILURES).fetchmany(_LISTED)],
        failure_count=_one(sql, "SELECT count(*) FROM failures"),
        dated=_one(sql, "SELECT coalesce(strftime(max(dated), '%Y-%m-%d'), '') FROM books"),
    )


def read_projects(sql: DuckDBPyConnection, room: int, links: BookLinks) -> PageProjects:
    """The projects of a store, those with most findings first, as far as they go into so many bytes of UTF-8."""
    packer = _Packer(room, links)
    for row in _rows(sql, _PROJECTS):
        if not packer.take(row):
            break
    return PageProjects(packer.projects, packer.books, _one(sql, "SELECT count(*) FROM forms") - len(packer.projects))


def _one(sql: DuckDBPyConnection, query: str) -> Any:
    return sql.execute(query).fetchall()[0][0]


def json_text(value: Any) -> str:
    """JSON that may stand in a script element: nothing in it ends the element or begins a comment, no sign turns the page's text round."""
    text = _ENCODER.encode(value)
    text = OBEYED.sub(lambda sign: f"\\\\u{ord(sign[0]):04x}", text)  # its own backslash escaped: it is to be seen
    for sign in "<>&\u2028\u2029":
        if sign in text:
            text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def percent(rate: Decimal | None) -> float | None:
    """A rate in percent at two decimals, as it is shown."""
    return None if rate is None else float(rounded(rate * 100, 2))


def money(amount: Decimal | None) -> float | None:
    """An amount in 万元 at two decimals, as it is shown."""
    return None if amount is None else float(rounded(amount, 2))


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value) if value % 1 else int(value)
    raise TypeError(type(value))


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_number)

_YEARS = f"""SELECT year, count(DISTINCT coalesce(counted_under, '')) AS departments, count(*) AS projects,
    sum(initial_budget_10k) AS initial, sum(budget_10k) AS budget, sum(executed_10k) AS executed,
    {", ".join(f"count(*) FILTER (total_grade = '{grade}')" for grade in GRADES)},
    count(*) FILTER (total_computed < {SCORE_EDGES[0]}),
    {
    ", ".join(
        f"count(*) FILTER (total_computed >= {low} AND total_computed < {high})"
        for low, high in zip(SCORE_EDGES, (*SCORE_EDGES[1:], 1_000_000), strict=True)
    )
}
FROM counted GROUP BY year ORDER BY year DESC NULLS LAST"""
_YEAR_FINDINGS = f"SELECT year, {_COUNTS} FROM {_FINDINGS} GROUP BY year"


def _years(sql: DuckDBPyConnection) -> list[dict[str, Any]]:
    found = {year: counts for year, *counts in sql.execute(_YEAR_FINDINGS).fetchall()}
    years = []
    grades = len(GRADES)
    for year, departments, projects, initial, budget, executed, *counts in sql.execute(_YEARS).fetchall():
        years.append(
            {
                "year": year,
                "departments": departments,
                "projects": projects,
                "initial": money(initial),
                "budget": money(budget),
                "executed": money(executed),
                "rate": percent(executed / budget if budget and executed is not None else None),
                "grades": counts[:grades],
                "scores": counts[grades:],
                "findings": found.get(year, [0] * len(_SEVERITIES)),
            }
        )
    return years


_DEPARTMENT_FINDINGS = f"SELECT counted_under, year, {_COUNTS} FROM {_FINDINGS} GROUP BY counted_under, year"
_DEPARTMENTS = f"""SELECT d.department, d.year, d.projects, d.budget, d.executed, d.execution_rate,
    d.excellent, d.good, d.fair, d.poor, coalesce(f.errors, 0), coalesce(f.warnings, 0), coalesce(f.advices, 0)
FROM department_figures d LEFT JOIN ({_DEPARTMENT_FINDINGS}) f
    ON f.counted_under IS NOT DISTINCT FROM d.department AND f.year IS NOT DISTINCT FROM d.year
ORDER BY d.budget DESC NULLS LAST, d.department, d.year"""


def _departments(sql: DuckDBPyConnection) -> Iterator[Row]:
    for name, year, projects, budget, executed, rate, *counts in _rows(sql, _DEPARTMENTS):
        yield [*_shown(name), year, projects, money(budget), money(executed), percent(rate), *counts]


_KINDS = f"""SELECT code, severity, year, count(*) FROM {_FINDINGS}
GROUP BY code, severity, year ORDER BY count(*) DESC, code"""
_CODES = "SELECT DISTINCT code FROM findings ORDER BY code"
_MISSING = """SELECT DISTINCT concat_ws(' · ', e.department, e.unit, e.project), f.message
FROM expected e JOIN findings f ON f.across = e.missing AND f.book IS NULL ORDER BY ALL"""
_FAILURES = "SELECT source, book, error FROM failures ORDER BY ALL"
_PROJECTS = f"""SELECT {", ".join(f"f.{name}" for name in _FORM_KEY.split(", "))}, b.path,
    coalesce(f.department_meant, f.department), f.year, f.project, f.implementing_unit, c.budget_10k, c.executed_10k,
    f.total_computed, f.total_grade, f.superseded_by, coalesce(n.errors, 0), coalesce(n.warnings, 0), coalesce(n.advices, 0), n.found
FROM forms f
LEFT JOIN counted c USING ({_FORM_KEY})
LEFT JOIN books b USING (source, book)
LEFT JOIN (SELECT {_FORM_KEY}, {_COUNTS},
    list([code, severity, cell, coalesce(found, ''), coalesce(expected, ''), message]
        ORDER BY list_position({_SEVERITIES}, severity), code, cell) AS found
    FROM findings WHERE book IS NOT NULL GROUP BY {_FORM_KEY}) n USING ({_FORM_KEY})
ORDER BY coalesce(n.errors, 0) DESC, coalesce(n.warnings, 0) DESC, coalesce(n.advices, 0) DESC, c.budget_10k DESC NULLS LAST, {_FORM_KEY}"""


class _Packer:
    """Takes in projects as long as there is room.

    Attributes:
        projects: those taken in, as JSON.
        books: the workbooks that they name by number: source, book, address.
    """

    def __init__(self, room: int, links: BookLinks) -> None:
        """`room` is in bytes of UTF-8."""
        self._room = room
        self._links = links
        self._numbers: dict[tuple[str, str], int] = {}
        self.books: list[Row] = []
        self.projects: list[str] = []

    def take(self, row: Sequence[Any]) -> bool:
        """Takes in a row of `_PROJECTS`; False where there is no room for it."""
        source, book, sheet, index, path, *form, budget, executed, total, grade, superseded = row[:-4]
        *counts, found = row[-4:]
        number = self._numbers.get((source, book), len(self.books))
        is_new = number == len(self.books)
        named = [*_shown(source, book), self._links.to(path)] if is_new else None
        rate = percent(executed / budget) if budget and executed is not None else None
        figures = [money(budget), money(executed), rate, None if total is None else plain(total), grade]
        findings = [_finding(*each) for each in found or ()]
        text = json_text([*_shown(*form, *figures, number, sheet, index, superseded), *counts, findings])
        size = len(text.encode()) + 1 + (len(json_text(named).encode()) + 1 if named else 0)
        if size > self._room:
            return False
        self._room -= size
        self.projects.append(text)
        if named:
            self._numbers[source, book] = number
            self.books.append(named)
        return True


def _finding(code: str, severity: str, cell: str, found: str, expected: str, message: str) -> Row:
    return [code, _SEVERITIES.index(severity), *_shown(cell, found, expected, *problem_and_todo(message))]


def _shown(*values: Any) -> Row:
    """Texts on one line, with what would turn or hide the text around them written out."""
    return [one_line(value) if isinstance(value, str) else value for value in values]


def _as_fits(rows: Iterator[Row], room: int) -> tuple[list[Row], int]:
    """The first rows that go into so many bytes, and how many others there are."""
    taken: list[Row] = []
    left_out = 0
    for row in rows:
        room -= len(json_text(row).encode()) + 1
        if room < 0:
            left_out += 1
        else:
            taken.append(row)
    return taken, left_out


def _rows(sql: DuckDBPyConnection, query: str) -> Iterator[Sequence[Any]]:
    result = sql.cursor().execute(query)
    while rows := result.fetchmany(_ROWS_AHEAD):
        yield from rows
