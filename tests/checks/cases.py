"""The cases of all checks."""

from __future__ import annotations

from tests.checks import form_cases, fund_cases, reason_cases, score_cases

CASES = [*form_cases.CASES, *fund_cases.CASES, *score_cases.CASES, *reason_cases.CASES]
