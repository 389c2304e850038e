"""Weights printed as shares of 100 %: the points of a hundred that they are, so that nothing is said of a form that adds up."""

from decimal import Decimal

from perfxl.checks import run_checks
from perfxl.form.model import Form
from perfxl.form.reader import read_forms
from tests.form.drawing import draw
from tests.forms import scored

PICTURE = """
项目支出绩效自评表 | < | < | < | < | < | < | <
（2023年度） | < | < | < | < | < | < | <
项目名称 | 河道保洁 | < | < | 主管部门 | 安远县水利局 | < | <
项目资金（万元） | 资金来源 | 年初预算数 | 全年预算数 | 全年执行数 | 权重 | 执行率 | 得分
^ | 年度资金总额 | 40 | 40 | 38 | 10% | 95.00% | 9.5
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 权重 | 得分 | 未完成原因分析
产出指标 | 数量指标 | 保洁河段 | ≥12条 | 12条 | 50% | 50 |
效益指标 | 生态效益指标 | 水质达标率 | ≥90% | 90% | 30% | 30 |
满意度指标 | 服务对象满意度指标 | 居民满意度 | ≥95% | 95% | {last} | 10 |
总分 | < | < | < | < | 100% | 99.5 |
"""


def _form(last: str) -> Form:
    (form,) = read_forms(draw(PICTURE.format(last=last)))
    return form


def test_shares_are_points_of_a_hundred() -> None:
    form = _form("10%")
    total, line = form.total, form.fund_total
    assert total is not None and line is not None
    weights = [row.weight for row in form.indicators] + [line.weight, total.weight]
    assert [weight.number for weight in weights if weight is not None] == [Decimal(n) for n in (50, 30, 10, 10, 100)]
    assert [weight.text for weight in weights if weight is not None] == ["50%", "30%", "10%", "10%", "100%"]
    assert run_checks(scored(form)) == ()


def test_shares_that_do_not_add_up_are_told_in_points() -> None:
    (finding,) = (found for found in run_checks(scored(_form("20%"))) if found.code == "SCR001")
    assert (finding.found, finding.expected) == ("110", "100")


def test_one_share_among_points_is_a_slip() -> None:
    picture = (
        PICTURE.replace("50%", "50").replace("30%", "30").replace("100%", "100").replace("| 10% | 95", "| 10 | 95")
    )
    (form,) = read_forms(draw(picture.format(last="10%")))
    assert [(found.code, found.at.a1) for found in run_checks(scored(form))] == [("SCR012", "F9")]
