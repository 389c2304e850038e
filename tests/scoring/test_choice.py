"""Which rules a form is scored by: the features of its layout first, then cost as a level, then its year."""

import pytest

from perfxl.form.reader import read_forms
from perfxl.scoring.choice import choose_profile
from tests.form.drawing import draw

TOP = "项目支出绩效自评表 | < | < | < | < | < | <\n({year}年度) | < | < | < | < | < | <\n项目名称 | 堤防 | < | < | < | < | <\n"
SCORED = " | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |\n年度资金总额 | 10 | 10 | 10 | 100% | 10 |\n"
UNSCORED = " | 全年预算数 | 全年执行数 | 执行率 | | |\n年度资金总额 | 10 | 10 | 100% | | |\n"
HUBEI = " | 预算数 | 执行数 | 执行率 | 得分(20分*执行率) | |\n年度财政资金总额 | 10 | 10 | 100% | 20 | |\n"
HEAD = "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分\n"
ROWS = "产出指标 | 数量指标 | 甲项 | 1个 | 1个 | 60 | 60\n效益指标 | 社会效益指标 | 乙项 | 2个 | 2个 | 30 | 30\n"
COST = (
    "成本指标 | 经济成本指标 | 甲项 | ≤1万元 | 1万元 | 60 | 60\n效益指标 | 社会效益指标 | 乙项 | 2个 | 2个 | 30 | 30\n"
)
NINGXIA = "产出指标 | 数量指标 | 甲 | 1个 | 1个 | 40 | 40\n效益指标 | 社会效益指标 | 乙 | 2个 | 2个 | 40 | 40\n"
NINGXIA += "满意度指标 | 满意度指标 | 丙 | 90% | 90% | 20 | 20\n"
YINCHUAN = "决策 | 立项 | 甲项 | 有 | 有 | 10 | 10\n管理 | 资金 | 乙项 | 有 | 有 | 25 | 25\n"
SICHUAN = "一级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 权重 | 得分\n产出指标 | 甲项 | ≥ | 5 | 个 | 5 | 90 | 90\n"


@pytest.mark.parametrize(
    ("year", "money", "table", "profile"),
    [
        (2019, SCORED, HEAD + ROWS, "national-2019"),
        (2018, SCORED, HEAD + ROWS, "national-2019"),
        (2020, SCORED, HEAD + ROWS, "national-2020"),
        (2023, SCORED, HEAD + ROWS, "national-2020"),
        (2023, SCORED, HEAD + COST, "national-2021"),
        (2022, HUBEI, HEAD.replace(" | 分值", " | ") + ROWS, "hubei"),
        (2022, UNSCORED, HEAD + NINGXIA, "ningxia"),
        (2022, SCORED, HEAD + NINGXIA, "national-2020"),
        (2022, UNSCORED, HEAD + NINGXIA.replace("20", "10").replace("40", "45"), "national-2020"),
        (2021, UNSCORED, HEAD + YINCHUAN, "yinchuan-2021"),
        (2022, SCORED, SICHUAN, "sichuan"),
        (2022, SCORED, SICHUAN.replace("度量单位", "计量单位").replace("权重", "指标权重(分)"), "national-2020"),
        (2022, SCORED, SICHUAN.replace("度量单位", "计量单位"), "national-2020"),
        (2022, SCORED, SICHUAN.replace("权重", "分值"), "national-2020"),
    ],
)
def test_profile_is_chosen_by_what_the_form_is(year: int, money: str, table: str, profile: str) -> None:
    [form] = read_forms(draw(TOP.format(year=year) + money + table + "总分 | | | | | 100 | 100"))
    chosen, reason = choose_profile(form)
    assert chosen.name == profile, reason
    assert profile in reason


def test_the_reason_says_the_weights_that_the_profile_itself_has() -> None:
    [form] = read_forms(draw(TOP.format(year=2022) + UNSCORED + HEAD + NINGXIA + "总分 | | | | | 100 | 100"))
    assert choose_profile(form)[1] == "表样符合 ningxia（预算执行不计分，产出、效益、满意度为 40、40、20）"


def test_named_profile_wins_and_a_form_without_a_year_takes_the_default() -> None:
    picture = TOP.replace("({year}年度) | < | < | < | < | < | <\n", "") + SCORED + HEAD + ROWS
    [form] = read_forms(draw(picture))
    chosen, reason = choose_profile(form)
    assert (chosen.name, "未见年度" in reason) == ("national-2020", True)
    chosen, reason = choose_profile(form, "hubei")
    assert (chosen.name, "hubei" in reason) == ("hubei", True)
