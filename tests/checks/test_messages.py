"""What findings say, word for word where a person acts on it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perfxl.checks import choose, run_checks
from perfxl.checks.finding import Finding, Severity
from perfxl.checks.texts import short_line
from perfxl.errors import BadSettings
from perfxl.form.model import Form
from tests.forms import change, change_fund, change_row, good_form, scored, value


def only(form: Form, code: str) -> Finding:
    (finding,) = run_checks(scored(form), choose([code]))
    return finding


def test_a_message_says_what_where_why_and_what_to_do() -> None:
    finding = only(change(good_form(), G8="100.00%"), "FND001")
    assert finding.message == (
        "“年度总金额”的执行率填写为 100.00%（G8）。"
        "按自评表“执行率”栏，全年执行数 29.97 ÷ 全年预算数 30 应为 99.90%。"
        "请核对两个金额后改为 99.90%，或用“计算得分”自动更正。"
    )
    assert short_line(finding) == "执行率 100.00% 应为 99.90%"
    assert (finding.name, finding.found, finding.expected) == ("execution-rate-wrong", "100.00%", "99.90%")


@pytest.mark.parametrize(
    ("printed", "right"),
    [("90%", "100%"), ("98.0%", "99.9%"), ("98.000%", "99.900%"), ("0.9", "1.0"), ("0.9580", "0.9990")],
)
def test_a_rate_is_expected_as_the_cell_prints_it(printed: str, right: str) -> None:
    assert only(change(good_form(), G8=printed), "FND001").expected == right


def test_amounts_are_told_in_the_decimals_and_the_unit_of_the_form() -> None:
    message = only(change(good_form(), E9="25"), "FND003").message
    assert "全年执行数为 29.97，各分项合计为 30.00，相差 0.03 万元（E8）" in message
    without_unit = replace(change(good_form(), E9="25"), money_unit=None)
    assert "相差 0.03（E8）" in only(without_unit, "FND003").message


def test_a_difference_that_the_decimals_hide_is_told_exactly() -> None:
    exact = value("D9", "25", number=value("D9", "25.0004").number)
    assert "相差 0.0004 万元" in only(change(good_form(), D9=exact), "FND003").message


@pytest.mark.parametrize(
    "form",
    [
        change_row(change(good_form(), H14="21"), 14, hidden=True),
        change_fund(change(good_form(), G8="95%"), 8, hidden=True),
    ],
)
def test_a_hidden_row_is_called_hidden(form: Form) -> None:
    finding = run_checks(scored(form), choose(["SCR003", "FND001"]))[0]
    assert f"（{finding.at.a1}，隐藏行）" in finding.message


def test_a_shifted_row_says_where_each_value_belongs() -> None:
    form = change_row(good_form(), 15, shifted=True, score=value("J15", "15"), reason=value("K15", "复验"))
    moves = only(form, "FRM002").facts["moves"]
    assert moves == "得分 J15→H15、原因 K15→I15"


def test_the_total_shows_its_sum_and_what_was_not_filled_in() -> None:
    message = only(change(good_form(), H14="", H20="77.99"), "SCR008").message
    assert "执行得分 9.99 + 各项指标得分合计 88（含 1 项未填、按规则应得的得分） = 97.99" in message


def test_findings_stand_by_row_column_and_code() -> None:
    form = change(good_form(), G8="50.00%", E9="20", H14="21", I17="")
    found = [(finding.at.a1, finding.code) for finding in run_checks(scored(form))]
    assert found == [("E8", "FND003"), ("G8", "FND001"), ("H14", "SCR003"), ("I17", "EXP001"), ("H20", "SCR008")]


def test_checks_are_selected_and_ignored_by_code() -> None:
    form = scored(change(good_form(), G8="50.00%", I17=""))
    assert [f.code for f in run_checks(form, choose(["exp001", "SCR001"]))] == ["EXP001"]
    assert [f.code for f in run_checks(form, choose(ignore=["EXP001"]))] == ["FND001"]


def test_an_unknown_code_is_refused_with_near_ones() -> None:
    with pytest.raises(BadSettings, match=r"没有代码为“FND01”的检查。是否想写 .*FND001") as caught:
        choose(ignore=["FND01"])
    assert caught.value.key == "FND01"


def test_a_severity_has_a_sign_and_a_word() -> None:
    assert [severity.label for severity in Severity] == ["● 错误", "▲ 警告", "○ 建议"]
