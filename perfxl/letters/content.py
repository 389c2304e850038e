"""What the letters say, asked of a store: by department the forms that count and have findings."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from perfxl.checks.finding import Severity
from perfxl.checks.texts import load_text
from perfxl.letters.addressing import without_program
from perfxl.marking import problem_and_todo
from perfxl.report.terminal import one_line

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ORDER = [severity.value for severity in Severity]
_ROWS_AHEAD = 1000


class LetterFinding(NamedTuple):
    """A finding: what it is called, the cell to open, what is wrong, what stands there and should, what to do."""

    severity: Severity
    code: str
    title: str
    cell: str
    problem: str
    found: str
    expected: str
    todo: str


class LetterForm(NamedTuple):
    """A form with its findings, the worst first; amounts in 万元, None where they or their unit are not written."""

    project: str
    unit: str
    year: int | None
    book: str
    sheet: str
    number: int
    budget: Decimal | None
    executed: Decimal | None
    total: Decimal | None
    grade: str
    findings: tuple[LetterFinding, ...]

    @property
    def place(self) -> str:
        """Where the form is: file, sheet, and its number where it is not the first of the sheet."""
        return f"{self.book} · {self.sheet}" + (f" · 第 {self.number} 张表" if self.number > 1 else "")


class Letter(NamedTuple):
    """What one department is told: `handed_in` counts its forms, `forms` are those with findings."""

    department: str
    handed_in: int
    forms: tuple[LetterForm, ...]

    @property
    def years(self) -> str:
        """`2024 年度`, `2023、2024 年度`, or nothing where no form tells its year."""
        years = sorted({form.year for form in self.forms if form.year is not None})
        return f"{'、'.join(map(str, years))} 年度" if years else ""

    def count(self, severity: Severity) -> int:
        """How many findings of a severity there are."""
        return sum(finding.severity is severity for form in self.forms for finding in form.findings)


def read_letters(sql: DuckDBPyConnection, sources: list[str]) -> Iterator[Letter]:
    """The departments of some sources, by name, also those without findings; a form that a newer one replaces is left out.

    Where no department is written, the implementing unit stands for it.
    """
    result = sql.cursor().execute(_FORMS, [sources])
    rows = (row for rows in iter(lambda: result.fetchmany(_ROWS_AHEAD), []) for row in rows)
    for department, group in groupby(rows, lambda row: row[0]):
        of_it = list(group)
        yield Letter(one_line(department), len(of_it), tuple(_form(*row[1:]) for row in of_it if row[-1]))


_KEY = 'source, book, sheet, "index"'
_FORMS = f"""SELECT coalesce(c.counted_under, c.implementing_unit, '') AS department, coalesce(c.project, ''),
    coalesce(c.implementing_unit, ''), c.year, c.book, c.sheet, c."index", c.budget_10k, c.executed_10k, c.total_computed,
    coalesce(c.total_grade, ''), n.found
FROM counted c
LEFT JOIN (SELECT {_KEY},
    list([severity, code, coalesce(cell, ''), coalesce(found, ''), coalesce(expected, ''), message]
        ORDER BY list_position({_ORDER}, severity), cell, code) AS found
    FROM findings WHERE book IS NOT NULL GROUP BY {_KEY}) n USING ({_KEY})
WHERE list_contains(?, c.source)
ORDER BY department, c.source, c.book, c.position"""


def _form(
    project: str,
    unit: str,
    year: int | None,
    book: str,
    sheet: str,
    number: int,
    budget: Decimal | None,
    executed: Decimal | None,
    total: Decimal | None,
    grade: str,
    found: list[list[str]],
) -> LetterForm:
    findings = tuple(_finding(*each) for each in found)
    named = (one_line(project), one_line(unit), year, one_line(book), one_line(sheet), number)
    return LetterForm(*named, budget, executed, total, grade, findings)


def _finding(severity: str, code: str, cell: str, found: str, expected: str, message: str) -> LetterFinding:
    problem, todo = problem_and_todo(without_program(message))
    texts = map(one_line, (cell, problem, found, expected, todo))
    return LetterFinding(Severity(severity), code, load_text(code).title, *texts)
