"""Each check fires where it must and is silent where it must: the whole result is compared, false alarms too."""

from __future__ import annotations

import pytest

from perfxl.checks import run_checks
from tests.checks.case import Case
from tests.checks.cases import CASES
from tests.forms import good_form, scored


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code} {case.name}")
def test_finds_what_is_wrong_and_nothing_else(case: Case) -> None:
    found = run_checks(scored(case.form))
    assert tuple((f.code, f.at.a1, f.severity.value) for f in found) == case.finds


def test_a_good_form_has_no_finding() -> None:
    assert run_checks(scored(good_form())) == ()
