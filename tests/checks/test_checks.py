"""Each check fires where it must and is silent where it must: the whole result is compared, false alarms too."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.checks import run_across_checks, run_checks, run_list_checks
from perfxl.checks.texts import load_text, short_line
from tests.checks.across_cases import ACROSS_CASES
from tests.checks.case import AcrossCase, Case, ListCase
from tests.checks.cases import CASES
from tests.checks.list_cases import LIST_CASES
from tests.forms import change, good_form, scored, values_of


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code} {case.name}")
def test_finds_what_is_wrong_and_nothing_else(case: Case) -> None:
    found = run_checks(case.scored)
    assert tuple((f.code, f.at.a1, f.severity.value) for f in found) == case.finds


@pytest.mark.parametrize("case", ACROSS_CASES, ids=lambda case: f"{case.code} {case.name}")
def test_finds_what_is_wrong_across_forms_and_nothing_else(case: AcrossCase) -> None:
    found = run_across_checks(case.facts)
    assert [(f.code, tuple(f"{p.book}!{p.cell}" for p in f.places)) for f in found] == list(case.finds)


CELLS = sorted({cell.at.a1 for cell in values_of(good_form())})
TEXTS = st.sampled_from(
    [
        "",
        "—",
        "/",
        "无",
        "0",
        "0.00",
        "-3",
        "100%",
        "0%",
        "97.8%",
        "1e9",
        "1,000.00",
        "9999999999999999",
        "十",
        "<p>",
        "=A1",
        "{",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(CELLS), TEXTS | st.text(max_size=8), max_size=6))
def test_whatever_is_typed_the_checks_speak_and_do_not_fail(cells: dict[str, str]) -> None:
    for finding in run_checks(scored(change(good_form(), **cells))):
        assert finding.at.a1 in finding.message
        assert short_line(finding)


def test_a_good_form_has_no_finding_and_no_text_is_read_for_it() -> None:
    load_text.cache_clear()
    assert run_checks(scored(good_form())) == ()
    assert load_text.cache_info().misses == 0  # a cold start reads the files of those that fire and no others


@pytest.mark.parametrize("case", LIST_CASES, ids=lambda case: f"{case.code} {case.name}")
def test_finds_what_is_missing_by_a_list_and_nothing_else(case: ListCase) -> None:
    found = run_list_checks(case.facts, case.expected)
    assert tuple(tuple(place.cell for place in finding.places) for finding in found) == case.finds
