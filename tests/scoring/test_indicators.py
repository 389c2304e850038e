"""Points of single indicators, as tables with the arithmetic visible (tests/cases/indicators.toml)."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from perfxl.form.model import Indicator, Value
from perfxl.form.view import read_number
from perfxl.grid.address import Ref
from perfxl.rules import load_profile
from perfxl.scoring.form import score_indicator

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "indicators.toml").read_text(encoding="utf-8"))["case"]


def value(column: int, text: str) -> Value:
    number, decimals, percent, unit = read_number(text)
    return Value(Ref(5, column), text, number, decimals, percent, as_text=True, unit=unit)


def indicator(case: dict[str, str]) -> Indicator:
    return Indicator(
        row=5,
        first=Ref(5, 1),
        level1=case.get("level1", "产出指标"),
        level2=case.get("level2", "数量指标"),
        name=value(3, case.get("name", "任务完成情况")),
        target=value(4, case["target"]),
        actual=value(5, case["actual"]),
        weight=value(6, case["weight"]),
        score=value(7, ""),
        reason=value(8, ""),
    )


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
@pytest.mark.parametrize("profile", ["national-2019", "national-2020"])
def test_points_of_an_indicator(case: dict[str, str], profile: str) -> None:
    result = score_indicator(indicator(case), load_profile(profile))
    expected = Decimal(case["expected"]) if case["expected"] else None
    interval = (Decimal(case["low"]), Decimal(case["high"])) if "low" in case else (None, None)
    assert (result.kind.value, result.expected) == (case["kind"], expected)
    assert (result.low, result.high) == interval


def test_deviation_rule_takes_the_excess_off() -> None:
    # 一体化: for A = 100, B = 120, w = 10 the points are 10 × (1 − 20 ÷ 100) = 8.00, by ratio they are 8.33
    profile = load_profile("national-2020")._replace(at_most="deviation")
    row = {"target": "≤100元", "actual": "120元", "weight": "10"}
    assert score_indicator(indicator(row), profile).expected == Decimal("8.00")
    row["actual"] = "200元"  # from twice the target on there are none
    assert score_indicator(indicator(row), profile).expected == Decimal(0)
    row["actual"] = "199元"
    assert score_indicator(indicator(row), profile).expected == Decimal("0.10")
