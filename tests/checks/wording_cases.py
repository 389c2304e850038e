"""FRM003, FRM005, FRM006, FRM007: what is left over, not filled in, of another year, or nobody else's business."""

from __future__ import annotations

from dataclasses import replace

from perfxl.form.model import Form, Remark
from perfxl.grid.address import parse_a1
from tests.checks.case import Case, error, warning
from tests.forms import change, change_fund, change_row, change_rows, good_form, text_rows, value

GOOD = good_form()
LATE = "雨季停工，2020年1月才完工"
IDENTITY = "110101199003078072"  # an invented person; the last digit is the check digit


def _with_text(cell: str, text: str) -> Form:
    """The good form with a text in a cell that holds no value of it."""
    return replace(GOOD, text_rows=text_rows([*GOOD.texts, (parse_a1(cell), text)]))


def _unfilled(form: Form) -> Form:
    """The form before anyone filled it in: no actual value, no score, no total."""
    out = change_fund(form, 8, score=value("H8"), execution_rate=value("G8"))
    for row in form.indicators:
        out = change_row(
            out, row.row, actual=value(f"F{row.row}"), score=value(f"H{row.row}"), reason=value(f"I{row.row}")
        )
    return change(out, H20="", I20="")


NOT_BEGUN = _unfilled(GOOD)
NO_POINTS = (error("SCR004", "H8"),)

CASES = [
    Case("FRM003", "a numbered row without contents", _with_text("D21", "指标2："), (warning("FRM003", "D21"),)),
    Case("FRM003", "dots where more rows could go", _with_text("D21", "……"), (warning("FRM003", "D21"),)),
    Case(
        "FRM003",
        "an instruction behind the text",
        change(GOOD, B12="更换老旧设备30台。（100字以内）"),
        (warning("FRM003", "B12"),),
    ),
    Case("FRM003", "an instruction alone", change(GOOD, F12="请简要填写完成情况"), (warning("FRM003", "F12"),)),
    Case("FRM003", "a numbered row that is an indicator", change(GOOD, D14="指标1:")),
    Case("FRM003", "a printed note under the form", _with_text("A22", "注：1.原因栏请填写具体原因（100字以内）。")),
    Case("FRM003", "a heading that prints its limit", _with_text("A11", "年度总体目标（100字以内）")),
    Case("FRM003", "dots in another column", _with_text("F21", "……")),
    Case("FRM003", "a figure of signs in a text", change(GOOD, F18="已印发800字的运维制度")),
    Case("FRM005", "nothing filled in", NOT_BEGUN, (error("FRM005", "A1"), *NO_POINTS)),
    Case(
        "FRM005",
        "signs for nothing everywhere",
        change(NOT_BEGUN, F14="—", F15="—", F16="无", F17="/", F18="暂无", F19="—", H14="/"),
        (error("FRM005", "A1"), *NO_POINTS),
    ),
    Case(
        "FRM005",
        "a layout that is not scored",
        replace(
            change_rows(NOT_BEGUN, weight=None, score=None),
            total=None,
            funds=tuple(replace(line, weight=None, score=None) for line in NOT_BEGUN.funds),
        ),
        (error("FRM005", "A1"),),
    ),
    Case(
        "FRM005",
        "one actual value",
        change(NOT_BEGUN, F14="30台"),
        (
            *NO_POINTS,
            error("SCR004", "H14"),
            *(error("IND001", f"F{row}") for row in range(15, 20)),
        ),
    ),
    Case("FRM005", "a form without rows", replace(GOOD, indicators=(), sections=(), total=None)),
    Case(
        "FRM005",
        "one score",
        change(NOT_BEGUN, H14="20"),
        (*NO_POINTS, *(error("IND001", f"F{row}") for row in range(14, 20))),
    ),
    Case("FRM006", "the year before in a target", change(GOOD, E16="2018年12月底前"), (warning("FRM006", "E16"),)),
    Case("FRM006", "the year after in an actual", change(GOOD, F16="2020年1月"), (warning("FRM006", "F16"),)),
    Case(
        "FRM006",
        "a year line under the title",
        replace(GOOD, text_rows=text_rows([(parse_a1("A1"), GOOD.title), (parse_a1("A2"), "(2018年度)"), *GOOD.texts])),
        (warning("FRM006", "A2"),),
    ),
    Case(
        "FRM006",
        "a date in figures",
        change(GOOD, F18="2018.6.30印发运维制度"),
        (warning("FRM006", "F18"),),
    ),
    Case("FRM006", "compared with the year before", change(GOOD, F17="较2018年平均用时由三天减为两天")),
    Case("FRM006", "a span that holds the year", change(GOOD, E16="2018年1月-2020年12月", F16="2018年1月-2020年12月")),
    Case(
        "FRM006", "a title and a document number", change(GOOD, F18="按《2018年规划》和财预〔2020〕10号已印发运维制度")
    ),
    Case("FRM006", "no year printed", replace(change(GOOD, F18="2018年6月印发运维制度"), year=None)),
    Case("FRM006", "late, and points lost for it", change(GOOD, F16="2020年1月", H16="12", H20="94.99", I16=LATE)),
    Case(
        "FRM007",
        "a mobile number in an actual value",
        change(GOOD, F18="已印发，联系人13800138000"),
        (warning("FRM007", "F18"),),
    ),
    Case("FRM007", "a mobile number in groups", change(GOOD, F18="已印发，138-0013-8000"), (warning("FRM007", "F18"),)),
    Case("FRM007", "an identity number", change(GOOD, F12=f"补助对象{IDENTITY}"), (warning("FRM007", "F12"),)),
    Case(
        "FRM007",
        "a number below the table, stored as a number",
        replace(GOOD, remarks=(Remark("联系电话", value("B22", "13800138000")),)),
        (warning("FRM007", "B22"),),
    ),
    Case("FRM007", "an office's telephone", change(GOOD, F18="已印发，咨询电话0472-5618888")),
    Case("FRM007", "an amount of eleven digits", change(GOOD, F18="累计投入13800138000元")),
    Case("FRM007", "a project code", change(GOOD, F18="项目51000021R000013800138000已印发")),
    Case("FRM007", "a wrong check digit", change(GOOD, F12=f"合同{IDENTITY[:-1]}3")),
]
