"""FRM: the form itself."""

from __future__ import annotations

from dataclasses import replace

from perfxl.form.model import Form, Missing, TotalLine
from perfxl.grid.address import parse_a1
from tests.checks.case import Case, error, warning
from tests.forms import change, change_row, change_rows, good_form, value

GOOD = good_form()
A1 = parse_a1("A1")


def _without_executed() -> Form:
    return replace(
        GOOD,
        funds=tuple(replace(line, executed=None) for line in GOOD.funds),
        missing=(Missing("全年执行数", A1),),
    )


def _shifted(form: Form, row: int, actual: str, weight: str, score: str) -> Form:
    """The row's actual value, weight and score stand in these columns."""
    return change_row(
        form,
        row,
        shifted=True,
        actual=value(f"{actual}{row}", "98.5%"),
        weight=value(f"{weight}{row}", "15"),
        score=value(f"{score}{row}", "15"),
        reason=value(f"J{row}"),
    )


CASES = [
    Case(
        "FRM001",
        "no total",
        replace(GOOD, total=None, missing=(Missing("总分", A1),)),
        (error("FRM001", "A1"),),
    ),
    Case("FRM001", "no column of executed amounts", _without_executed(), (error("FRM001", "A1"),)),
    Case(
        "FRM001",
        "no money block and no goal, each told",
        replace(GOOD, funds=(), total=None, goal=None, missing=(Missing("项目资金", A1), Missing("总分", A1))),
        (error("FRM001", "A1"), error("FRM001", "A1")),
    ),
    Case(
        "FRM001",
        "a filled column whose head is not understood",
        replace(GOOD, missing=(Missing("得分", parse_a1("H13"), "评议"),)),
        (error("FRM001", "H13"),),
    ),
    Case("FRM001", "a layout without a reason column", replace(change_rows(GOOD, reason=None), reason_column=False)),
    Case(
        "FRM001",
        "a total without weight and grade",
        replace(GOOD, total=TotalLine(value("A20", "总分"), score=value("H20", "97.99"))),
    ),
    Case(
        "FRM002",
        "actual, weight and score one column on",
        _shifted(GOOD, 15, "G", "H", "I"),
        (warning("FRM002", "C15"),),
    ),
    Case(
        "FRM002",
        "actual, weight and score one column back",
        _shifted(GOOD, 15, "E", "F", "G"),
        (warning("FRM002", "C15"),),
    ),
    Case(
        "FRM002",
        "no row stands right to compare with",
        change_rows(GOOD, shifted=True),
        tuple(warning("FRM002", f"C{row}") for row in range(14, 20)),
    ),
    Case(
        "FRM002", "a row that begins later because its levels are merged", change_row(GOOD, 15, first=parse_a1("D15"))
    ),
    Case(
        "FRM002",
        "a reason merged over rows stands in the row above",
        change_row(GOOD, 18, reason=value("I17", "窗口改造推迟")),
    ),
    Case(
        "FRM004",
        "a paragraph around the goal",
        change(GOOD, B12="<p>更换老旧设备30台，保障平台稳定运行。</p>"),
        (warning("FRM004", "B12"),),
    ),
    Case(
        "FRM004", "a hard space in a reason", change(GOOD, I17="窗口改造&nbsp;推迟两个月"), (warning("FRM004", "I17"),)
    ),
    Case(
        "FRM004",
        "line breaks and a styled span in an actual value",
        change(GOOD, F18='已印发<BR/>运维<span style="color:red">制度'),
        (warning("FRM004", "F18"),),
    ),
    Case("FRM004", "a link", change(GOOD, F18='已印发<a href="x.html">运维制度</a>'), (warning("FRM004", "F18"),)),
    Case("FRM004", "less than five days", change(GOOD, F16="<5天"), (warning("IND004", "F16"),)),
    Case("FRM004", "letters compared", change(GOOD, F18="确保a<b且b>c，R&D投入&增长")),
    Case("FRM004", "a name in angle brackets", change(GOOD, F18="<运维制度>已印发")),
]
