"""Forms from a plan against openpyxl that fills a copy of the template for each project: `python -m benchmarks.templates [PROJECTS]`.

Prints both rates, their ratio, and how far memory grows from half of the projects to all of them.
"""

from __future__ import annotations

import sys
import tempfile
import tracemalloc
from pathlib import Path
from time import perf_counter
from typing import Any

from openpyxl import load_workbook

from perfxl.data import shipped_folder
from perfxl.populate.books import arranged, drawn, new_from_plan
from perfxl.populate.reading import read_plan
from perfxl.sources import Book
from perfxl.templates.catalogue import form_template
from perfxl.workbooks.closed import ClosedWorkbook
from tests.populate.plans import INDICATORS, project, write_plan

_PROJECTS = 1000
_IN_A_DEPARTMENT = 10
_COPIES = 30


def main(projects: int = _PROJECTS) -> None:
    """Measures, and prints what was measured."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plans = {count: _plan(folder, count) for count in (projects // 2, projects)}
        start = perf_counter()
        new_from_plan(folder / "out", [Book(plans[projects], "plan")])
        ours = (perf_counter() - start) / projects
        theirs = _openpyxl(folder)
        print(f"perfxl {ours * 1000:.1f} ms a form, openpyxl {theirs * 1000:.1f} ms a form: {theirs / ours:.1f} times")
        peaks = [_peak(plan) for plan in plans.values()]
        print(
            f"memory above the plan itself: {peaks[0]:.1f} MB for {projects // 2}, {peaks[1]:.1f} MB for {projects} projects"
        )


def _plan(folder: Path, count: int) -> Path:
    rows = [
        project(
            project_code=f"P{n:05}",
            project=f"第{n}号项目",
            department=f"第{n // _IN_A_DEPARTMENT}局",
            department_code=None,
        )
        for n in range(count)
    ]
    return write_plan(folder / f"plan{count}.xlsx", rows)


def _openpyxl(folder: Path) -> float:
    """Seconds a project for loading the template, filling its cells and saving it under another name."""
    template = shipped_folder("workbook_templates") / form_template("2020").file
    book = ClosedWorkbook.open(template)
    head = next(
        row for row, cells in book.grid("自评表").rows.items() if any(c.value == "三级指标" for c in cells.values())
    )
    start = perf_counter()
    for number in range(_COPIES):
        copy: Any = load_workbook(template)
        sheet = copy["自评表"]
        sheet["A2"], sheet["C3"], sheet["C4"] = "（2025年度）", f"第{number}号项目", "第1局"
        sheet["D6"], sheet["E6"], sheet["B11"] = 32.4, 32.4, project()["goal"]
        for row, (_, _, name, sign, target, unit, weight) in enumerate(INDICATORS, head + 1):
            sheet.cell(row, 4, name)
            sheet.cell(row, 5, f"{sign}{target}{unit}")
            sheet.cell(row, 7, weight)
        copy.save(folder / f"copy{number}.xlsx")
    return (perf_counter() - start) / _COPIES


def _peak(plan: Path) -> float:
    """MB that drawing takes at most, what reading the plan takes left out."""
    projects = read_plan([Book(plan, "plan")]).projects
    tracemalloc.start()
    for book in arranged(Path("out"), projects, per_project=False):
        drawn(book)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else _PROJECTS)
