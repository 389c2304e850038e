"""The cases of all checks."""

from __future__ import annotations

from tests.checks import (
    amount_cases,
    form_cases,
    fund_cases,
    indicator_cases,
    point_cases,
    reason_cases,
    score_cases,
    wording_cases,
)

CASES = [
    *form_cases.CASES,
    *wording_cases.CASES,
    *fund_cases.CASES,
    *amount_cases.CASES,
    *indicator_cases.CASES,
    *score_cases.CASES,
    *point_cases.CASES,
    *reason_cases.CASES,
]
