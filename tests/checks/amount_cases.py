"""FND005–FND008: amounts as they are written, and what must be said about them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from perfxl.form.model import Form, Remark, TextRow
from tests.checks.case import Case, advice, error, warning
from tests.forms import change, change_fund, good_form, value

GOOD = good_form()
# Half of the money executed, and nothing said about it.
NO_DELAY = change(GOOD, I17="窗口人员不足，部分业务仍在线下办理。")
LOW = change(NO_DELAY, E8="15", E9="10", G8="50.00%", H8="5", H20="93")
RAISED = change(GOOD, C8="20", C9="15")


def _glued(cell: str, text: str, number: str) -> Form:
    form = change(GOOD, **{cell: value(cell, text, number=Decimal(number), unit="万元")})
    return replace(form, text_rows=(*form.text_rows, TextRow(7, [(1, "项目资金\n(万元)")])))


def _unprinted(form: Form) -> Form:
    return replace(form, text_rows=form.text_rows[:-1])


def _noted(form: Form, label: str, text: str) -> Form:
    return replace(form, remarks=(Remark(label, value("B22", text)),))


def _with_money_reasons(form: Form, text: str) -> Form:
    return change_fund(form, 8, reason=value("I8", text))


def _in_yuan(form: Form) -> Form:
    return replace(form, money_unit="元")


CASES = [
    Case("FND005", "the unit glued on", _glued("D8", "30万元", "30"), (warning("FND005", "D8"),)),
    Case("FND005", "the unit glued on a part", _glued("E10", "5 万元", "5"), (warning("FND005", "E10"),)),
    Case(
        "FND005",
        "the unit glued on, and printed nowhere",
        _unprinted(_glued("D8", "30万元", "30")),
        (warning("FND005", "D8"),),
    ),
    Case("FND005", "a text for a part", change(GOOD, C10="五万左右"), (warning("FND005", "C10"),)),
    Case(
        "FND005",
        "a text for the total",
        change(GOOD, E8="详见附件", G8="", H8="9.99"),
        (warning("FND005", "E8"),),
    ),
    Case("FND005", "a number typed as text", change(GOOD, D8=value("D8", "30", as_text=True))),
    Case("FND005", "signs for nothing", change(GOOD, C10="—", D10="/", E10="", C9="30", D9="30", E9="29.97")),
    Case(
        "FND005",
        "a source that is not for this project",
        change(GOOD, C10="不涉及", D10="不涉及", E10="不适用", C9="30", D9="30", E9="29.97"),
    ),
    Case("FND005", "a formula that nobody knows", change(GOOD, C9=value("C9", unknown=True, formula=True))),
    Case("FND006", "half of the money, no word", LOW, (warning("FND006", "G8"),)),
    Case(
        "FND006",
        "nothing executed",
        change(NO_DELAY, E8="0", E9="0", E10="0", G8="0.00%", H8="0", H20="88", I20="良"),
        (warning("FND006", "G8"),),
    ),
    Case(
        "FND006",
        "a layout without a rate",
        change_fund(LOW, 8, execution_rate=None),
        (warning("FND006", "E8"),),
    ),
    Case(
        "FND006",
        "the text of the scoring rule",
        _noted(LOW, "说明", "预算执行率得分=执行率×分值"),
        (warning("FND006", "G8"),),
    ),
    Case("FND006", "a reason that speaks of something else", change(LOW, I14="无"), (warning("FND006", "G8"),)),
    Case("FND006", "exactly nine tenths", change(GOOD, E8="27", E9="22", G8="90.00%", H8="9", H20="97")),
    Case("FND006", "said with the goal's result", change(LOW, F12="设备已更换，尾款次年支付。")),
    Case("FND006", "said in a note", _noted(LOW, "其他需要说明的事项", "项目推迟到次年实施")),
    Case("FND006", "said in the one reason of the form", replace(LOW, form_reason=value("C22", "部分资金年底才拨付"))),
    Case("FND007", "raised, no word", RAISED, (advice("FND007", "D8"),)),
    Case("FND007", "from nothing", change(GOOD, C8="0", C9="0", C10="0"), (advice("FND007", "D8"),)),
    Case("FND007", "lowered", change(GOOD, C8="40", C9="35"), (advice("FND007", "D8"),)),
    Case(
        "FND007",
        "an empty cell for it, where the rules ask",
        _with_money_reasons(RAISED, ""),
        (error("FND007", "D8"),),
        "sichuan",
    ),
    Case("FND007", "无 in the cell for it", _with_money_reasons(RAISED, "无"), (error("FND007", "D8"),), "sichuan"),
    Case("FND007", "said in the cell for it", _with_money_reasons(RAISED, "年中按批复追加"), (), "sichuan"),
    Case("FND007", "said in a note", _noted(RAISED, "说明", "预算调整为年中追加")),
    Case("FND007", "a blank initial budget", change(GOOD, C8="", C9="", C10="")),
    Case("FND007", "the same amount, other decimals", change(GOOD, C8="30.00")),
    Case(
        "FND008",
        "executed in 元",
        change(GOOD, E8="299700", E9="249700", E10="50000", G8="", H8="10", H20="98"),
        (
            error("FND002", "E8"),
            warning("FND008", "E8"),
            error("FND002", "E9"),
            warning("FND008", "E9"),
            error("FND002", "E10"),
            warning("FND008", "E10"),
        ),
    ),
    Case(
        "FND008",
        "the initial budget in 万元 in a form in 元",
        change(
            _in_yuan(GOOD),
            D8="300000",
            D9="250000",
            D10="50000",
            E8="299700",
            E9="249700",
            E10="50000",
            C9="",
            C10="",
        ),
        (warning("FND008", "C8"), advice("FND007", "D8")),
    ),
    Case(
        "FND008",
        "the total beside its parts",
        change(GOOD, C9="250000", C10="50000"),
        (error("FND003", "C8"), warning("FND008", "C9"), warning("FND008", "C10")),
    ),
    Case("FND008", "what the goal says", change(GOOD, B12="投入3000元更换老旧设备。"), ()),
    Case(
        "FND008",
        "exactly what the goal says, but for the unit",
        change(GOOD, B12="投入30元更换老旧设备。"),
        (warning("FND008", "D8"),),
    ),
    Case("FND008", "no unit printed", replace(GOOD, money_unit=None), (warning("FND008", "C8"),)),
    Case("FND008", "the goal names the budget", change(GOOD, B12="投入30万元更换老旧设备，单价30元。")),
    Case(
        "FND008",
        "a fund that is small indeed",
        change(GOOD, D9="29.997", D10="0.003", E9="29.967", E10="0.003", C9="29.997", C10="0.003"),
    ),
    Case(
        "FND008",
        "hardly anything executed, and the rate says so",
        change(GOOD, E8="0.003", E9="0.003", E10="0", G8="0.01%", H8="0", H20="88", I20="良", F12="资金未拨付"),
    ),
]
