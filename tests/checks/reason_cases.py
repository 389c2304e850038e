"""EXP: reasons for lost points. In the good form row 17 lost two points and says why."""

from __future__ import annotations

from dataclasses import replace

from tests.checks.case import Case, advice, error
from tests.forms import change, change_row, change_rows, good_form, value

GOOD = good_form()
LATE = GOOD.indicators[3].reason.text if GOOD.indicators[3].reason else ""

EMPTY_PHRASES = {
    "an eternal subject": "生态环境建设是一个永恒的主题，需不断完善和提升。",
    "always on the way": "生态建设无止境，永远在路上",
    "only to be improved": "平台及服务流程有待进一步梳理和优化。",
    "a wish after a filler": "下一步，我们将继续努力，不断提升服务水平！",
    "the future": "未来，影响力有待进一步提升",
}
REASONS = {
    "a cause before the wish": "窗口人员不足，今后将进一步提升办事效率。",
    "what was seen": "服务水平有待进一步提升。经回访，排队时间较长。",
    "a figure": "有3个乡镇仍需进一步完善",
    "words of the ordinary kind": "设备供应商交货晚",
    "a basis before the wish": "依据市场和受众的要求，不断优化",
}

CASES = [
    Case("EXP001", "an empty cell", change(GOOD, I17=""), (error("EXP001", "I17"),)),
    Case(
        "EXP001",
        "a hundredth lost",
        change(GOOD, F15="97.95%", H15="14.99", H20="97.98"),
        (error("EXP001", "I15"),),
    ),
    Case(
        "EXP001",
        "two rows",
        change(GOOD, F14="28台", H14="18.67", F19="85.5%", H19="9", H20="95.66"),
        (error("EXP001", "I14"), error("EXP001", "I19")),
    ),
    Case(
        "EXP001",
        "an empty cell merged over two rows that lost points",
        change(change_row(GOOD, 18, reason=value("I17")), I17="", H18="9", H20="96.99"),
        (error("EXP001", "I17"), error("EXP001", "I17")),
    ),
    Case("EXP001", "no cell for a reason", replace(change_rows(GOOD, reason=None), reason_column=False)),
    Case("EXP001", "a blank score is SCR004", change(GOOD, H17="", I17=""), (error("SCR004", "H17"),)),
    Case(
        "EXP001",
        "a merged reason holds for each row",
        change(change_row(GOOD, 18, reason=value("I17", "窗口改造推迟")), H18="9", H20="96.99"),
    ),
    Case("EXP001", "a reason whose formula nobody knows", change(GOOD, I17=value("I17", unknown=True, formula=True))),
    *(
        Case("EXP002", f"the reason is {sign}", change(GOOD, I17=sign), (error("EXP002", "I17"),))
        for sign in ("无", "0", "—", "/", "暂无。", "无偏差", "不适用", "-10%", "3.5")
    ),
    Case("EXP002", "无 where nothing was lost", change(GOOD, I14="无", I15="无", I18="—")),
    Case("EXP002", "a reason that begins with 无", change(GOOD, I17="无人机航线未获批")),
    *(Case("EXP003", name, change(GOOD, I17=text), (advice("EXP003", "I17"),)) for name, text in EMPTY_PHRASES.items()),
    *(Case("EXP003", name, change(GOOD, I17=text)) for name, text in REASONS.items()),
    Case("EXP003", "a wish where nothing was lost", change(GOOD, I14="不断完善")),
    Case("EXP004", "the same in two rows", change(GOOD, H18="9", H20="96.99", I18=LATE), (advice("EXP004", "I18"),)),
    Case(
        "EXP004",
        "but for blanks and the last stop",
        change(GOOD, H18="9", H20="96.99", I18=f" {LATE.rstrip('。')} "),
        (advice("EXP004", "I18"),),
    ),
    Case(
        "EXP004",
        "in three rows",
        change(GOOD, F14="27台", H14="18", I14=LATE, H18="9", H20="94.99", I18=LATE),
        (advice("EXP004", "I17"), advice("EXP004", "I18")),
    ),
    Case(
        "EXP004",
        "one cell merged over two rows",
        change_row(change(GOOD, H18="9", H20="96.99"), 18, reason=GOOD.indicators[3].reason),
    ),
    Case("EXP004", "where nothing was lost", change(GOOD, I18=LATE)),
    Case("EXP004", "a word that may well hold twice", change(GOOD, I17="天气", H18="9", H20="96.99", I18="天气")),
    Case("EXP004", "one has more to say", change(GOOD, H18="9", H20="96.99", I18=LATE + "另有一项待批。")),
]
