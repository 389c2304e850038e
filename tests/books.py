"""Writes the pictures of `tests.form.drawing` as workbooks, by openpyxl, so that perfxl reads what another program wrote."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from tests.form.drawing import draw

GOOD_FORM = """
项目支出绩效自评表 | < | < | < | < | < | < | < | <
(2022年度) | < | < | < | < | < | < | < | <
项目名称 | 河堤加固 | < | < | < | < | < | < | <
主管部门 | 青川市水务局 | < | < | < | 实施单位 | 青川市河道所 | < | <
项目资金(万元) | | < | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | < | 32.4 | 32.4 | 31.69 | 10 | 97.81% | 9.78
^ | 其中:当年财政拨款 | < | 32.4 | 32.4 | 31.69 | — | | —
^ | 其他资金 | < | | | | — | | —
年度总体目标 | 预期目标 | < | < | < | 实际完成情况 | < | < | <
^ | 加固河堤两公里 | < | < | < | 已加固，尾款质保期满后支付 | < | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
^ | 产出指标 50分 | 数量指标 | 加固长度 | ≥2公里 | 2.1公里 | 20 | 20 |
^ | ^ | 质量指标 | 验收合格率 | 100% | 95% | 20 | 19 | 一处护坡返工，已整改
^ | ^ | 时效指标 | 完工时间 | 2022年11月底前 | 2022年10月 | 10 | 10 |
^ | 效益指标 30分 | 社会效益指标 | 沿岸防洪能力 | 明显提高 | 达成预期指标 | 30 | 28 | 上游支流未纳入本期，汛期仍有积水点
^ | 满意度指标 10分 | 服务对象满意度指标 | 沿岸居民满意度 | ≥90% | 95% | 10 | 10 |
总分 | < | < | < | < | < | 100 | 96.78 |
"""
"""A form of 2020 without a fault: 31.69 ÷ 32.4 = 97.81 %, 9.78 + 20 + 19 + 10 + 28 + 10 = 96.78."""


def write_book(path: Path, sheets: Mapping[str, str | Mapping[str, Any]]) -> Path:
    """A workbook of these sheets: a picture, or cells by address (a text that begins with = is a formula)."""
    book: Any = Workbook()
    book.remove(book.active)
    for name, content in sheets.items():
        sheet = book.create_sheet(name)
        if isinstance(content, str):
            grid = draw(content)
            for row, cells in grid.rows.items():
                for column, cell in cells.items():
                    value = float(cell.value) if isinstance(cell.value, Decimal) and cell.value % 1 else cell.value
                    sheet.cell(
                        row, column, int(value) if isinstance(value, Decimal) else value
                    ).number_format = cell.format
            for area in grid.merges:
                sheet.merge_cells(
                    start_row=area.top, start_column=area.left, end_row=area.bottom, end_column=area.right
                )
        else:
            for address, value in content.items():
                sheet[address] = value
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def change_book(path: Path, sheet: str = "自评表", /, **cells: Any) -> Path:
    """Other values in these cells of a workbook, as in `change_book(path, H6="100%")`."""
    book: Any = load_workbook(path)
    for address, value in cells.items():
        book[sheet][address] = value
    book.save(path)
    return path


def contents(path: Path) -> dict[str, tuple[object, str]]:
    """Every cell that holds something, as openpyxl reads it: value (a formula as its text) and number format, by `sheet!cell`.

    The results sheet is left out: `tests/marks` is about it.
    """
    book: Any = load_workbook(path)
    return {
        f"{sheet.title}!{cell.coordinate}": (cell.value, cell.number_format)
        for sheet in book
        if sheet["A1"].value != "绩效自评检查结果"
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
