"""Execution rate and points, as tables with the arithmetic visible (tests/cases/execution.toml)."""

import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from perfxl.form.model import FundKind, FundLine, Value
from perfxl.form.view import read_number
from perfxl.grid.address import Ref
from perfxl.rules import load_profile
from perfxl.scoring import score_form
from perfxl.scoring.rounding import percentage
from tests.forms import good_form

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "execution.toml").read_text(encoding="utf-8"))["case"]


def value(column: int, text: str) -> Value:
    number, decimals, percent, unit = read_number(text)
    return Value(Ref(6, column), text, number, decimals, percent, as_text=True, unit=unit)


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_execution(case: dict[str, str]) -> None:
    line = FundLine(
        value(2, "年度资金总额"),
        FundKind.TOTAL,
        value(4, case["budget"]),
        value(5, case["budget"]),
        value(6, case["executed"]),
        value(7, case["weight"]),
        value(8, ""),
        value(9, ""),
    )
    scores = score_form(replace(good_form(), funds=(line,)), load_profile("national-2020"))
    fund = scores.funds[0]
    assert ("" if fund.rate is None else percentage(fund.rate, 2)) == case["rate"]
    assert fund.score == (Decimal(case["score"]) if case["score"] else None)


def test_rate_is_rounded_at_the_decimals_printed() -> None:
    form = good_form()
    total = form.funds[0]
    assert total.budget is not None and total.execution_rate is not None
    for text, expected in {"98%": "0.98", "97.8%": "0.978", "97.81%": "0.9781", "": "0.9781"}.items():
        number, decimals, percent, unit = read_number(text)
        printed = Value(total.execution_rate.at, text, number, decimals, percent, as_text=True, unit=unit)
        line = replace(total, budget=value(5, "32.4"), executed=value(6, "31.69"), execution_rate=printed)
        scores = score_form(replace(form, funds=(line, *form.funds[1:])), load_profile("national-2020"))
        assert scores.funds[0].rate_shown == Decimal(expected), text
