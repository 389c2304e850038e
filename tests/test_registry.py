"""What every check must have: a text file that fits, sources, cases on both sides. Says what a new one lacks."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from string import Formatter

import pytest

from perfxl.checks import choose, codes, run_across_checks, run_checks, run_list_checks
from perfxl.checks.finding import Severity
from perfxl.checks.registry import AcrossFault, Fault, across_checks, form_checks, list_checks
from perfxl.checks.texts import FOLDER, load_text, short_line
from perfxl.rules import load_profile
from perfxl.rules.loader import profile_names
from tests.checks.across_cases import ACROSS_CASES
from tests.checks.case import AcrossCase, Case, ListCase
from tests.checks.cases import CASES
from tests.checks.list_cases import LIST_CASES

ALL = codes()
FUNCTIONS = [
    (code, function) for checks in (form_checks(), across_checks(), list_checks()) for code, function in checks.items()
]


def test_each_text_file_is_of_a_check_and_each_check_has_one() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.toml")) == sorted(ALL)


def test_codes_stand_in_the_order_in_which_people_read_them() -> None:
    families = [code[:3] for code in ALL]
    assert list(dict.fromkeys(families)) == [f for f in ("FRM", "FND", "IND", "SCR", "EXP", "XBK") if f in families]
    assert all(re.fullmatch(r"[A-Z]{3}[0-9]{3}", code) for code in ALL)
    assert len(set(ALL)) == len(ALL)


def test_no_name_is_taken_twice() -> None:
    names = [load_text(code).name for code in ALL]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("code", "function"), FUNCTIONS)
def test_the_function_has_the_name_of_its_check(code: str, function: Callable[..., object]) -> None:
    assert function.__name__ == load_text(code).name.replace("-", "_")


@pytest.mark.parametrize(("code", "function"), FUNCTIONS)
def test_the_docstring_says_the_rule_its_source_and_what_it_cannot_tell(
    code: str, function: Callable[..., object]
) -> None:
    doc = inspect.getdoc(function) or ""
    assert "Rule:" in doc
    assert any(source.id in doc for source in load_text(code).sources)
    assert "Cannot" in doc


@pytest.mark.parametrize(("code", "function"), FUNCTIONS)
def test_the_function_is_small(code: str, function: Callable[..., object]) -> None:
    tree = ast.parse(inspect.getsource(function))
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    body = definition.body[1:]  # without the docstring
    assert (body[-1].end_lineno or 0) - body[0].lineno < 40


@pytest.mark.parametrize("code", ALL)
def test_the_page_is_whole(code: str) -> None:
    text = load_text(code)
    assert isinstance(text.severity, Severity)
    for paragraph in (text.what, text.why, text.example, text.todo, text.limits):
        assert paragraph.endswith("。")
        assert "{" not in paragraph
    assert len(text.title) <= 12  # it stands in a table's column
    known = {source for name in profile_names() for source in load_profile(name).sources.values()}
    certainties = {source.id: source.certainty for source in known}
    for source in text.sources:
        assert source.certainty == certainties.get(source.id, source.certainty)  # as in the rule profiles


KINDS: list[tuple[str, list[Case] | list[AcrossCase] | list[ListCase]]] = [
    *((code, [case for case in CASES if case.code == code]) for code in form_checks()),
    *((code, [case for case in ACROSS_CASES if case.code == code]) for code in across_checks()),
    *((code, [case for case in LIST_CASES if case.code == code]) for code in list_checks()),
]


@pytest.mark.parametrize(("code", "own"), KINDS)
def test_three_cases_fire_and_two_near_misses_are_silent(
    code: str, own: list[Case] | list[AcrossCase] | list[ListCase]
) -> None:
    assert sum(case.fires for case in own) >= 3
    assert sum(not case.fires for case in own) >= 2
    assert len({case.name for case in own}) == len(own)


def test_each_case_is_of_a_check() -> None:
    assert {case.code for case in CASES} == set(form_checks())
    assert {case.code for case in ACROSS_CASES} == set(across_checks())
    assert {case.code for case in LIST_CASES} == set(list_checks())


def faults_of(code: str) -> Iterator[Fault | AcrossFault]:
    """Everything that the check yields in any case."""
    for case in CASES:
        if code in form_checks():
            yield from form_checks()[code](case.scored)
    for across in ACROSS_CASES:
        if code in across_checks():
            yield from across_checks()[code](across.facts)
    for listed in LIST_CASES:
        if code in list_checks():
            yield from list_checks()[code](listed.facts, listed.expected)


@pytest.mark.parametrize("code", ALL)
def test_each_message_is_reached_and_its_placeholders_are_given(code: str) -> None:
    messages = load_text(code).messages
    given: dict[str, set[str]] = {}
    for fault in faults_of(code):
        facts = {"found", "expected", "cell", *fault.facts}
        given[fault.variant] = given.get(fault.variant, facts) & facts
    assert set(given) == set(messages)
    for variant, message in messages.items():
        assert _placeholders(message) <= given[variant]
        assert "cell" in _placeholders(message)
        assert message.endswith("。")
        assert message.count("。") >= 3  # what was found and where; by which rule; what to do
    assert _placeholders(load_text(code).short) <= set.intersection(*given.values())


def _placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name is not None}


GAP = re.compile(r"[{}]|“”|None|为 (?:[。，；]|$)|应得 +分| {2}")


@pytest.mark.parametrize("code", ALL)
def test_what_is_said_has_no_gap(code: str) -> None:
    for case in CASES:
        for finding in run_checks(case.scored, choose([code])):
            assert not [said for said in (finding.message, short_line(finding)) if GAP.search(said)]
            assert finding.at.a1 in finding.message
    for across in ACROSS_CASES:
        for found in run_across_checks(across.facts, choose([code])):
            assert not [said for said in (found.message, short_line(found)) if GAP.search(said)]
            assert found.places[0].cell in found.message
    for listed in LIST_CASES:
        for found in run_list_checks(listed.facts, listed.expected, choose([code])):
            assert not [said for said in (found.message, short_line(found)) if GAP.search(said)]
            assert found.places[-1].cell in found.message
