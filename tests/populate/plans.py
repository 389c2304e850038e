"""Plans to make forms from, as people keep them: written by openpyxl, so that perfxl reads what another program saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from perfxl.data import shipped_folder
from perfxl.templates.catalogue import table_templates

INDICATORS = [
    ("产出指标", "数量指标", "加固长度", "≥", "2", "公里", 20),
    ("产出指标", "质量指标", "验收合格率", "", "100%", "", 20.5),
    ("产出指标", "时效指标", "完工时间", "", "2025年11月底前", "", 9.5),
    ("效益指标", "社会效益指标", "沿岸防洪能力", "定性", "明显提高", "", 30),
    ("满意度指标", "服务对象满意度指标", "沿岸居民满意度", "≥", "90", "%", 10),
]
"""Indicators whose weights add up to 90."""

PROJECT = {
    "project_code": "A102",
    "project": "河堤加固",
    "department_code": "317",
    "department": "青川市水务局",
    "implementing_unit": "青川市河道所",
    "year": 2025,
    "fiscal": 30,
    "carryover": 2.4,
    "goal": "加固河堤两公里，汛前完工。",
}


def project(**changes: Any) -> dict[str, Any]:
    """A project's row with other values; None leaves a cell empty."""
    return PROJECT | changes


def rows_of(project: Mapping[str, Any], indicators: Iterable[Sequence[Any]] = INDICATORS) -> list[list[Any]]:
    """A project's rows on the sheet of indicators."""
    return [[project.get("project_code"), project["project"], *row] for row in indicators]


def write_plan(
    path: Path, projects: Sequence[Mapping[str, Any]], indicators: Sequence[Sequence[Any]] | None = None
) -> Path:
    """Our own 计划表, filled in; without `indicators` each project has the usual ones."""
    template = table_templates()["plan"]
    book: Any = load_workbook(shipped_folder("workbook_templates") / template.file)
    roles = [column.role for column in template.sheets[0].columns]
    for row, each in enumerate(projects, 3):
        for column, role in enumerate(roles, 1):
            if each.get(role) is not None:
                book["项目"].cell(row, column, each[role])
    lines = [line for each in projects for line in rows_of(each)] if indicators is None else indicators
    for row, line in enumerate(lines, 3):
        for column, value in enumerate(line, 1):
            book["指标"].cell(row, column, value)
    book.save(path)
    return path


def write_sheet(path: Path, rows: Iterable[Sequence[Any]], title: str = "Sheet1") -> Path:
    """A workbook of one bare sheet."""
    book: Any = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


EXPORT_HEAD = [
    *("项目编码", "项目名称", "主管部门", "预算单位", "预算年度"),
    *("一级指标", "二级指标", "三级指标", "计算符号", "指标值", "计量单位", "*分值"),
    "全年预算数（元）",
]


def write_export(path: Path) -> Path:
    """A system's export: a row an indicator, two projects of one name in two units."""
    lines = [
        [code, "设备购置", "青川市教育局", unit, "2025", *row, 1234500]
        for code, unit in ((None, "第一小学"), (None, "第二小学"))
        for row in INDICATORS
    ]
    return write_sheet(path, [EXPORT_HEAD, *lines])
