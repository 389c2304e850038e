"""The formulas of the page 汇总: they count and add up the rows of 项目 and 问题, so that what is put right there shows here."""

from __future__ import annotations

from typing import NamedTuple

from perfxl.consolidate.summary.figures import BANDS
from perfxl.consolidate.summary.layout import SEVERITIES
from perfxl.consolidate.summary.sheets import DetailSheet

COUNTED = "是"
"""What stands under 计入合计 for a form that counts."""


class Scope(NamedTuple):
    """Which forms are meant: those of a year, or all (`apart` is false). A year of None means those that name none."""

    year: int | None
    apart: bool


class Formulas:
    """Formulas over the sheets 项目 and 问题 with this many rows; without their `=`."""

    def __init__(self, projects: DetailSheet, project_rows: int, findings: DetailSheet, finding_rows: int) -> None:
        self._projects, self._project_rows = projects, max(project_rows, 1)
        self._findings, self._finding_rows = findings, max(finding_rows, 1)

    def _project(self, heading: str) -> str:
        return _column(self._projects, heading, self._project_rows)

    def _finding(self, heading: str) -> str:
        return _column(self._findings, heading, self._finding_rows)

    def _those(self, scope: Scope, department: str) -> str:
        """Ones and zeros for the forms that are meant. EXACT: a name may hold what COUNTIFS takes for a pattern."""
        parts = [f"EXACT({self._project('主管部门')},{department})", f'({self._project("计入合计")}="{COUNTED}")']
        if scope.apart:
            parts.append(f"({self._project('年度')}={_year(scope)})")
        return "*".join(parts)

    def forms(self, scope: Scope, department: str) -> str:
        """How many forms of a department count; `department` is a cell, or a text in quotes."""
        return f"SUMPRODUCT({self._those(scope, department)})"

    def forms_graded(self, scope: Scope, department: str, grade: str) -> str:
        """How many of them have this grade."""
        return f'SUMPRODUCT({self._those(scope, department)}*({self._project("等级")}="{grade}"))'

    def summed(self, scope: Scope, department: str, heading: str) -> str:
        """The sum of a column of 项目 over them."""
        return f"SUMPRODUCT({self._those(scope, department)},{self._project(heading)})"

    def band(self, scope: Scope, number: int) -> str:
        """How many forms have scores in one of `BANDS`."""
        low, high = BANDS[number]
        tests = [self._project("计入合计"), f'"{COUNTED}"']
        tests += [self._project("总分"), f'">={low}"']
        if high is not None:
            tests += [self._project("总分"), f'"<{high}"']
        if scope.apart:
            tests += [self._project("年度"), _year(scope)]
        return f"COUNTIFS({','.join(tests)})"

    def findings(self, scope: Scope, severity: str, code: str | None = None) -> str:
        """How many findings of a severity, or of a kind, the forms that count have."""
        tests = [self._finding("计入合计"), f'"{COUNTED}"', self._finding("级别"), f'"{SEVERITIES[severity][0]}"']
        if code is not None:
            tests += [self._finding("代码"), f'"{code}"']
        if scope.apart:
            tests += [self._finding("年度"), _year(scope)]
        return f"COUNTIFS({','.join(tests)})"


def _column(sheet: DetailSheet, heading: str, rows: int) -> str:
    letter = sheet.letter(heading)
    return f"{sheet.name}!${letter}$2:${letter}${rows + 1}"


def _year(scope: Scope) -> str:
    return '""' if scope.year is None else str(scope.year)
