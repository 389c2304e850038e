"""FND003 on the trees that money blocks are: whole forms that differ in their fund rows."""

import pytest

from perfxl.grid.cells import Cell
from tests.checks.test_prints import found_in, found_on
from tests.form.drawing import draw

FORM = """
项目支出绩效自评表（2023年度） | < | < | < | < | < | <
项目名称 | 湿地保护 | < | 实施单位 | 保护站 | < | <
项目资金（万元） | 全年预算数 | 全年执行数 | 执行率 | 分值 | 得分 |
年度资金总额 | {total} | {total} | 100% | 10 | 10 |
{rows}
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | 数量指标 | 巡护次数 | 90次 | 90次 | 90 | 90
总分 | < | < | < | < | 100 | 100
"""

ADDS_UP = {
    "numbered in Chinese": "一、财政拨款 70 （一）一般公共预算 50 （二）政府性基金 20 二、其他资金 10",
    "numbered in figures": "1.财政拨款 70 （1）本年拨款 45 （2）上年结转 25 2.其他资金 10",
    "asides over figures": "(一)财政拨款 70 1.本年 60 2.结转 10 (二)基金 10 (三)其他 0",
    "numbered, the finer rows not all": "一、财政拨款 70 （一）专项转移支付 40 二、其他资金 10",
    "numbered, with a row that is not": "一、财政拨款 60 （一）中央 60 二、自筹 15 其他资金 5",
    "not marked at all": "财政拨款 70 中央财政 50 省级财政 20 其他资金 10",
    "not marked, two levels deep": "财政拨款 70 中央财政 50 重大项目 30 日常保护 20 省级财政 20 其他资金 10",
    "one finer row that is all of the row before": "财政拨款 70 一般公共预算 70 其他资金 10",
    "one source, itself of two": "财政拨款 80 中央财政 50 省级财政 30",
    "broken down twice": "财政性资金 65 其他资金 15 基本支出 30 项目支出 50",
    "broken down twice, the second time finer": "财政性资金 65 其他资金 15 基本支出 30 人员经费 18 公用经费 12 项目支出 50",
}
DOES_NOT = {
    "numbered, a part of the first level is wrong": "一、财政拨款 71 （一）一般公共预算 50 （二）政府性基金 20 二、其他资金 10",
    "flat, one too much": "财政拨款 70 省级财政 20 其他资金 10",
    "the same amount in each row": "财政拨款 80 其他资金 80",
    "broken down twice, the second time short": "财政性资金 65 其他资金 15 基本支出 30 项目支出 40",
}


@pytest.mark.parametrize("rows", ADDS_UP.values(), ids=ADDS_UP)
def test_a_tree_that_adds_up_is_no_finding(rows: str) -> None:
    assert found_in(form(rows), 0) == []


@pytest.mark.parametrize("rows", DOES_NOT.values(), ids=DOES_NOT)
def test_a_tree_that_cannot_be_read_so_that_it_adds_up_is_one(rows: str) -> None:
    assert found_in(form(rows), 0) == ["FND003 B4", "FND003 C4"]


def test_what_adds_up_in_one_column_is_compared_in_the_other() -> None:
    picture = form(ADDS_UP["not marked at all"]).replace("其他资金 | 10 | 10", "其他资金 | 10 | 9")
    assert found_in(picture, 0) == ["FND003 C4"]


def test_rows_that_are_set_in_are_parts_of_the_one_before() -> None:
    grid = draw(form("一般公共预算 70 中央 40 省级 25 自筹 10"))
    assert found_on(grid, 0) == ["FND003 B4", "FND003 C4"]
    for row, label in ((6, "　　中央"), (7, "　　省级")):
        grid.rows[row][1] = Cell(label)
    assert found_on(grid, 0) == []


def form(rows: str) -> str:
    words = rows.split()
    lines = [f"{label} | {amount} | {amount} | | | |" for label, amount in zip(words[::2], words[1::2], strict=True)]
    return FORM.format(total=80, rows="\n".join(lines))
