"""FND: the money block. In the good form 29.97 of 30 is executed, 24.97 of 25 and 5 of 5 in its parts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from perfxl.form.model import Form, FundKind
from tests.checks.case import Case, advice, error, warning
from tests.forms import change, change_fund, fund_line, good_form, value

GOOD = good_form()

PART, SUBPART, TOTAL = FundKind.PART, FundKind.SUBPART, FundKind.TOTAL


def _parts(*lines: tuple[FundKind, str, str]) -> Form:
    """The good form with these parts under the total: kind, label and budget, all of it executed but for 0.03."""
    rows = [
        fund_line(9 + n, kind, label, "", budget, "", "—", "", "—") for n, (kind, label, budget) in enumerate(lines)
    ]
    return replace(GOOD, funds=(GOOD.funds[0], *rows))


CASES = [
    Case("FND001", "full execution claimed", change(GOOD, G8="100.00%"), (error("FND001", "G8"),)),
    Case(
        "FND001",
        "truncated, one unit in the last place",
        change(GOOD, E8="29.968", E9="24.968", G8="99.88%"),
        (warning("FND001", "G8"),),
    ),
    Case("FND001", "a part's own rate", change(GOOD, G9="95%"), (error("FND001", "G9"),)),
    Case(
        "FND001",
        "a bare 90 under 执行率(%)",
        change(GOOD, G8=value("G8", "90", number=Decimal("0.9"), scale=Decimal("0.01"))),
        (error("FND001", "G8"),),
    ),
    Case("FND001", "a bare fraction", change(GOOD, G8="0.958"), (error("FND001", "G8"),)),
    Case(
        "FND001",
        "a bare 1 means all of it",
        change(GOOD, E8="18", E9="13", G8="1", H8="6", H20="94"),
        (error("FND001", "G8"),),
    ),
    Case(
        "FND001",
        "a formula that gives something else",
        change(GOOD, G8=value("G8", "100.00%", formula=True)),
        (error("FND001", "G8"),),
    ),
    Case(
        "FND001",
        "more executed than budgeted",
        change(GOOD, E8="31", E9="26", H8="10", H20="98"),
        (error("FND002", "E8"), error("FND001", "G8"), error("FND002", "E9")),
    ),
    Case("FND001", "a rate rounded to whole percents", change(GOOD, G8="100%")),
    Case("FND001", "a bare fraction at its own decimals", change(GOOD, G8="0.999")),
    Case("FND001", "a blank rate", change(GOOD, G8="")),
    Case("FND001", "0 of 0 with 100%", change(GOOD, D9="30", E9="29.97", D10="0", E10="0", G10="100%")),
    Case(
        "FND002",
        "the total and the part that overran",
        change(GOOD, E8="31", E9="26", G8="103.33%", H8="10", H20="98"),
        (error("FND002", "E8"), error("FND002", "E9")),
    ),
    Case(
        "FND002", "one part overran, the total did not", change(GOOD, E9="25.47", E10="4.5"), (error("FND002", "E9"),)
    ),
    Case(
        "FND002",
        "by a cent, thousands signs",
        change(
            replace(GOOD, money_unit="元"),
            D8="1,000.00",
            D9="1,000.00",
            D10="0",
            E8="1,000.01",
            E9="1,000.01",
            E10="0",
            G8="100.00%",
            H8="10",
            C8="1,000.00",
            C9="1,000.00",
            C10="0",
            H20="98",
        ),
        (error("FND002", "E8"), error("FND002", "E9")),
    ),
    Case("FND002", "all of it and no more", change(GOOD, E8="30", E9="25", G8="100%", H8="10", H20="98")),
    Case(
        "FND002",
        "more than the initial budget, which was raised",
        change(GOOD, C8="20", C9="15"),
        (advice("FND007", "D8"),),
    ),
    Case(
        "FND003",
        "a part of the initial budget is left out",
        change(GOOD, C9="20"),
        (error("FND003", "C8"),),
    ),
    Case(
        "FND003",
        "a part in whole numbers, the total with decimals",
        change(GOOD, E9="25"),
        (warning("FND003", "E8"),),
    ),
    Case(
        "FND003",
        "three parts of a third each, rounded",
        _parts((PART, "其中：财政拨款", "9.99"), (PART, "上年结转资金", "9.99"), (PART, "其他资金", "10.01")),
        (warning("FND003", "D8"),),
    ),
    Case(
        "FND003",
        "neither flat nor with finer rows",
        _parts(
            (PART, "财政拨款", "20"), (SUBPART, "其中：中央", "12"), (SUBPART, "省级", "8"), (PART, "其他资金", "4")
        ),
        (error("FND003", "D8"),),
    ),
    Case(
        "FND003",
        "finer rows under two parts",
        _parts(
            (PART, "财政拨款", "20"),
            (SUBPART, "其中：中央", "12"),
            (PART, "单位资金", "10"),
            (SUBPART, "其中：自有", "9"),
        ),
    ),
    Case(
        "FND003",
        "finer rows that the reader took for parts",
        _parts((PART, "财政拨款", "25"), (PART, "其中：中央", "15"), (PART, "省级", "10"), (PART, "其他资金", "5")),
    ),
    Case(
        "FND003", "其中 that is a peer after all", _parts((PART, "财政拨款", "20"), (SUBPART, "其中：其他资金", "10"))
    ),
    Case("FND003", "the total below its parts", replace(GOOD, funds=(*GOOD.funds[1:], GOOD.funds[0]))),
    Case("FND003", "no part filled", _parts((PART, "其中：财政拨款", ""), (PART, "其他资金", "—"))),
    Case("FND003", "a part that cannot be read", change(GOOD, C9="二十五左右", C10="4"), (warning("FND005", "C9"),)),
    Case("FND003", "a part whose formula nobody knows", change(GOOD, C9=value("C9", unknown=True, formula=True))),
    Case("FND003", "no parts at all", replace(GOOD, funds=GOOD.funds[:1])),
    Case("FND004", "a blank budget on the total", change(GOOD, D8=""), (error("FND004", "D8"),)),
    Case("FND004", "a part spent what it did not have", change(GOOD, D9="30", D10="0"), (error("FND004", "D10"),)),
    Case(
        "FND004",
        "a rate without budget and money",
        change(GOOD, D9="30", E9="29.97", D10="—", E10="", G10="95%"),
        (error("FND004", "D10"),),
    ),
    Case("FND004", "0 of 0 with a dash", change(GOOD, D9="30", E9="29.97", D10="0", E10="0", G10="-")),
    Case("FND004", "0 of 0 with 0.00%", change(GOOD, D9="30", E9="29.97", D10="0.00", E10="0.00", G10="0.00%")),
    Case("FND004", "blank of blank with 100%", change(GOOD, D9="30", E9="29.97", D10="", E10="", G10="100%")),
    Case("FND004", "a layout without a budget column", change_fund(GOOD, 8, budget=None)),
]
