"""SCR: weights, points, total, grade. In the good form execution gives 9.99, the indicators 88, together 97.99, 优."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from perfxl.form.model import Form
from tests.checks.case import Case, error, warning
from tests.forms import change, change_row, change_rows, good_form, value

GOOD = good_form()
BARE = replace(GOOD, sections=tuple(replace(each, weight=None) for each in GOOD.sections))  # 产出指标 without "50分"
UNSCORED = change_rows(change(BARE, F8="", G20="", H20=""), weight=None, score=None)  # as for transfer payments


def _section(n: int, weight: str) -> Form:
    sections = list(GOOD.sections)
    sections[n] = replace(sections[n], weight=Decimal(weight))
    return replace(GOOD, sections=tuple(sections))


def _without_total_weight() -> Form:
    assert GOOD.total
    return replace(BARE, total=replace(GOOD.total, weight=None))


CASES = [
    Case("SCR001", "two points more", change(BARE, G14="22", H14="22", H20="99.99"), (error("SCR001", "G20"),)),
    Case(
        "SCR001",
        "two points less, and the printed total says so",
        change(BARE, G14="18", H14="18", G20="98", H20="95.99"),
        (error("SCR001", "G20"),),
    ),
    Case("SCR001", "100 together, 90 printed", change(GOOD, G20="90"), (error("SCR001", "G20"),)),
    Case(
        "SCR001",
        "no cell for the total weight",
        change(_without_total_weight(), G14="22", H14="22", H20="99.99"),
        (error("SCR001", "A20"),),
    ),
    Case(
        "SCR001",
        "no total row",
        change(replace(BARE, total=None), G14="22", H14="22"),
        (error("SCR001", "B13"),),
    ),
    Case("SCR001", "a row that does not apply", change(BARE, G18="/", H18="/", G19="20", H19="20")),
    Case("SCR001", "a layout without weights", UNSCORED),
    Case("SCR001", "no total weight printed", change(GOOD, G20="")),
    Case("SCR002", "the heading says 45", _section(0, "45"), (error("SCR002", "B14"),)),
    Case(
        "SCR002",
        "five points moved from one section to another",
        change(GOOD, G15="10", H15="10", G18="15", H18="15"),
        (error("SCR002", "B14"), error("SCR002", "B17")),
    ),
    Case("SCR002", "a section of one row", _section(2, "20"), (error("SCR002", "B19"),)),
    Case("SCR002", "no weight in the headings", BARE),
    Case("SCR002", "five points moved within a section", change(GOOD, G15="10", H15="10", G16="20", H16="20")),
    Case(
        "SCR002",
        "a row that does not apply",
        change(GOOD, G17="30", G18="/", H17="28", H18="/"),
    ),
    Case(
        "SCR002",
        "a weight that cannot be read",
        change(GOOD, G18="十分", H20="", I20=""),
        (error("SCR012", "G18"),),
    ),
    Case("SCR003", "one more than the weight", change(GOOD, H14="21", H20="98.99"), (error("SCR003", "H14"),)),
    Case("SCR003", "half a point more", change(GOOD, H19="10.5", H20="98.49"), (error("SCR003", "H19"),)),
    Case(
        "SCR003",
        "below zero",
        change(GOOD, H19="-1", H20="86.99", I19="回访时逾半数群众不满意", I20="良"),
        (error("SCR003", "H19"),),
    ),
    Case(
        "SCR003",
        "execution points that cannot be worked out",
        change(GOOD, D8=value("D8", unknown=True, formula=True), H8="12", H20="100"),
        (error("SCR003", "H8"),),
    ),
    Case("SCR003", "over-completion at full points", change(GOOD, F14="60台"), (warning("IND006", "F14"),)),
    Case(
        "SCR003",
        "a score of 0",
        change(GOOD, H19="0", H20="87.99", I19="未开展回访", I20="良"),
        (warning("SCR005", "H19"),),
    ),
    Case(
        "SCR003",
        "execution points above the weight are SCR007",
        change(GOOD, H8="10.5", H20="98.5"),
        (error("SCR007", "H8"),),
    ),
    Case("SCR004", "the rule settles it", change(GOOD, H14=""), (error("SCR004", "H14"),)),
    Case("SCR004", "a person must", change(GOOD, H17=""), (error("SCR004", "H17"),)),
    Case("SCR004", "a dash is no score", change(GOOD, H15="—"), (error("SCR004", "H15"),)),
    Case("SCR004", "the execution row", change(GOOD, H8=""), (error("SCR004", "H8"),)),
    Case(
        "SCR004",
        "in a row that stands shifted",
        change_row(GOOD, 15, shifted=True, score=value("J15")),
        (warning("FRM002", "C15"), error("SCR004", "J15")),
    ),
    Case("SCR004", "nothing done yet", change(GOOD, F17="", H17=""), (error("IND001", "F17"),)),
    Case("SCR004", "a row that does not apply", change(BARE, G18="/", H18="", G19="20", H19="20")),
    Case(
        "SCR004",
        "a score of 0 is a score",
        change(GOOD, H14="0", H20="77.99", I14="设备未到货", I20="中"),
        (warning("SCR005", "H14"),),
    ),
    Case("SCR004", "a score whose formula nobody knows", change(GOOD, H17=value("H17", unknown=True, formula=True))),
    Case("SCR007", "a point too few", change(GOOD, H8="9", H20="97"), (error("SCR007", "H8"),)),
    Case("SCR007", "a tenth too few", change(GOOD, H8="9.89", H20="97.89"), (error("SCR007", "H8"),)),
    Case(
        "SCR007",
        "full points for half the money",
        change(GOOD, E8="15", E9="10", G8="50%", H8="10", H20="98"),
        (error("SCR007", "H8"),),
    ),
    Case(
        "SCR007",
        "beyond the weight for an overrun",
        change(GOOD, E8="31", E9="26", G8="103.33%", H8="10.33", H20="98.33"),
        (error("FND002", "E8"), error("SCR007", "H8"), error("FND002", "E9")),
    ),
    Case(
        "SCR007",
        "a formula without the rate",
        change(GOOD, H8=value("H8", "9", formula=True), H20="97"),
        (error("SCR007", "H8"),),
    ),
    Case("SCR007", "rounded to whole points", change(GOOD, H8="10", H20="98")),
    Case(
        "SCR007",
        "right by the rate as printed",
        change(GOOD, G8="98.00%", H8="9.80", H20="97.80"),
        (error("FND001", "G8"),),
    ),
    Case("SCR007", "points repeated on a part", change(GOOD, F9="10", H9="9")),
    Case(
        "SCR007",
        "the unrounded rate counts",
        change(GOOD, E8="29.985", E9="24.985", G8="99.95%", H8="9.995", H20="97.995"),
    ),
    Case("SCR008", "one point too few", change(GOOD, H20="96.99"), (error("SCR008", "H20"),)),
    Case("SCR008", "truncated, not rounded", change(GOOD, H20="97.9"), (error("SCR008", "H20"),)),
    Case(
        "SCR008",
        "the sum of what is filled, without what the rule gives",
        change(GOOD, H14="", H20="77.99", I20="中"),
        (error("SCR004", "H14"), error("SCR008", "H20")),
    ),
    Case(
        "SCR008",
        "a layout without execution points",
        change(replace(BARE, funds=()), G14="30", H14="30", H20="97"),
        (error("SCR008", "H20"),),
    ),
    Case(
        "SCR008",
        "a formula that leaves the last row out",
        change(GOOD, H20=value("H20", "87.99", formula=True), I20="良"),
        (error("SCR008", "H20"),),
    ),
    Case("SCR008", "a blank total", change(GOOD, H20="")),
    Case(
        "SCR008",
        "a part that only a person can give",
        change(GOOD, H17="", H20="79.99", I20="中"),
        (error("SCR004", "H17"),),
    ),
    Case("SCR008", "trailing zeros", change(GOOD, H20="97.990")),
    Case("SCR009", "a whole number", change(GOOD, H20="98"), (warning("SCR009", "H20"),)),
    Case("SCR009", "one decimal", change(GOOD, H20="98.0"), (warning("SCR009", "H20"),)),
    Case(
        "SCR009",
        "two decimals for three",
        change(GOOD, H15="14.995", H20="97.99", I15="一台设备复验"),
        (warning("SCR005", "H15"), warning("SCR009", "H20")),
    ),
    Case(
        "SCR009",
        "a formula that rounds",
        change(GOOD, H20=value("H20", "98", formula=True)),
        (warning("SCR009", "H20"),),
    ),
    Case("SCR009", "the sum itself", GOOD),
    Case("SCR009", "a format that hides the decimals", change(GOOD, H20=value("H20", "98", number=Decimal("97.99")))),
    Case("SCR009", "rounded the wrong way is SCR008", change(GOOD, H20="97"), (error("SCR008", "H20"),)),
    Case("SCR010", "one grade too low", change(GOOD, I20="良"), (error("SCR010", "I20"),)),
    Case(
        "SCR010",
        "one grade too high",
        change(GOOD, H17="8", H20="87.99"),
        (error("SCR010", "I20"),),
    ),
    Case("SCR010", "ticked in a row of boxes", change(GOOD, I20="□优 □良 ☑中 □差"), (error("SCR010", "I20"),)),
    Case("SCR010", "no total printed: the computed one's", change(GOOD, H20="", I20="差"), (error("SCR010", "I20"),)),
    Case("SCR010", "in other words", change(GOOD, I20="优秀")),
    Case("SCR010", "the right box ticked", change(GOOD, I20="☑优 □良 □中 □差")),
    Case("SCR010", "boxes without a tick", change(GOOD, I20="优/良/中/差")),
    Case("SCR010", "right for the total as printed", change(GOOD, H20="88", I20="良"), (error("SCR008", "H20"),)),
    Case("SCR010", "exactly 90", change(GOOD, H8="10", E8="30", E9="25", G8="100%", H17="10", H20="90")),
]
