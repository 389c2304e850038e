"""Prints of many places: what the checks of form, money and points find in each, which is mostly nothing.

The tables of indicators are short, so that sections are missing (IND009) everywhere.
"""

from pathlib import Path

import pytest

from perfxl.checks import run_checks
from perfxl.edits import Overwrite, plan_edits
from perfxl.form.reader import read_forms
from perfxl.grid.cells import Grid
from perfxl.scoring import score_form
from perfxl.scoring.choice import choose_profile
from perfxl.scoring.results import ScoredForm
from tests.form.drawing import draw

LAYOUTS = Path(__file__).parents[1] / "form" / "layouts"
FOUND: dict[str, list[list[str]]] = {
    "amounts-in-units-of-their-columns": [["FND005 D7"]],
    "amounts-that-count": [[], ["FND005 C11"]],
    "blocks-below-the-money": [[], []],
    "changes-of-the-budget": [
        ["FND007 D4", "FND006 G4"],
        ["FND007 E13", "FND006 G13"],
        ["FND006 G21"],
        ["FND007 D29"],
        ["FND006 G37"],
    ],
    "money-divided-by-source": [[], []],
    "points-beside-the-amounts": [
        ["FND005 C3", "FND005 E3"],
        [],
        ["FND005 B23", "FND005 F23", "FND005 B24", "FND005 F24", "FND005 B25", "FND005 F25"],
    ],
    "unit-above-the-title": [[], []],
    "points-of-execution-elsewhere": [["FRM001 A1"], ["FRM001 A8"], ["SCR001 F20"]],
    "money-row-without-label": [["FND006 F5"], []],
}


@pytest.mark.parametrize("name", FOUND)
def test_what_is_found_in_a_print(name: str) -> None:
    picture = (LAYOUTS / f"{name}.txt").read_text(encoding="utf-8").partition("\n=====\n")[0]
    assert [found_in(picture, n) for n in range(len(FOUND[name]))] == FOUND[name]


def found_in(picture: str, number: int) -> list[str]:
    return found_on(draw(picture), number)


def found_on(grid: Grid, number: int) -> list[str]:
    form = read_forms(grid)[number]
    rules, reason = choose_profile(form)
    findings = run_checks(ScoredForm(form, rules, reason, score_form(form, rules)))
    return [f"{finding.code} {finding.at.a1}" for finding in findings if finding.code != "IND009"]


def test_a_total_is_left_alone_that_lacks_just_the_points_of_execution() -> None:
    picture = (LAYOUTS / "points-of-execution-elsewhere.txt").read_text(encoding="utf-8").partition("\n=====\n")[0]
    for form in read_forms(draw(picture)):
        rules, reason = choose_profile(form)
        scored = ScoredForm(form, rules, reason, score_form(form, rules))
        assert plan_edits(scored, tuple(run_checks(scored)), Overwrite.ALL) == []
