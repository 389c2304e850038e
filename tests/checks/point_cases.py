"""SCR005, SCR006, SCR011, SCR012: single scores against the rules, and the total against a cap."""

from __future__ import annotations

from pathlib import Path

from perfxl.form.model import Form
from tests.checks.case import Case, error, warning
from tests.forms import change, good_form, value

GOOD = good_form()
# Rules of a bureau that turns both options on; `extends` takes the rest from national-2020.
STRICT = str(Path(__file__).with_name("strict.toml"))


def _scored(row: int, actual: str, score: str, total: str, reason: str = "流标一次", **more: str) -> Form:
    """The good form with this actual value, score and reason in a row, and the total that follows."""
    cells = {f"F{row}": actual, f"H{row}": score, f"I{row}": reason, "H20": total, **more}
    return change(GOOD, **cells)


def _executed(amount: str, part: str, rate: str, points: str, total: str, grade: str) -> Form:
    return change(GOOD, E8=amount, E9=part, G8=rate, H8=points, H20=total, I20=grade, F12="设备已更换，尾款次年支付。")


PARTLY = "部分达成年度指标并具有一定效果"

CASES = [
    Case("SCR005", "not in proportion", _scored(14, "27台", "17", "94.99"), (warning("SCR005", "H14"),)),
    Case("SCR005", "full points, target missed", _scored(14, "29台", "20", "97.99", ""), (warning("SCR005", "H14"),)),
    Case(
        "SCR005",
        "full points whose rounding hides it",
        _scored(15, "97.9%", "15", "97.99", ""),
        (warning("SCR005", "H15"),),
    ),
    Case("SCR005", "points off, target met", _scored(19, "95%", "9", "96.99"), (warning("SCR005", "H19"),)),
    Case(
        "SCR005",
        "points off, done in time",
        _scored(16, "2019年11月", "14", "96.99"),
        (warning("SCR005", "H16"),),
    ),
    Case(
        "SCR005",
        "far over, and the rules take points",
        _scored(14, "60台", "20", "97.99", "年中增加了任务"),
        (warning("SCR005", "H14"),),
        STRICT,
    ),
    Case("SCR005", "one decimal", _scored(14, "28台", "18.7", "96.69")),
    Case("SCR005", "a whole number", _scored(14, "28台", "19", "96.99")),
    Case("SCR005", "far over, a person took points", _scored(14, "60台", "18", "95.99", "年中增加了任务")),
    Case(
        "SCR005",
        "far over, the points are taken as the rules say",
        _scored(14, "60台", "18", "95.99", "年中增加了任务"),
        (),
        STRICT,
    ),
    Case("SCR005", "late, which a person judges", _scored(16, "2020年1月", "10", "92.99")),
    Case("SCR006", "too many points for the tier", _scored(18, PARTLY, "8", "95.99"), (warning("SCR006", "H18"),)),
    Case(
        "SCR006",
        "full points, nothing reached",
        _scored(18, "未达成年度指标", "10", "97.99", ""),
        (warning("SCR006", "H18"),),
    ),
    Case(
        "SCR006", "too few points for the tier", _scored(18, "达成年度指标", "7", "94.99"), (warning("SCR006", "H18"),)
    ),
    Case("SCR006", "the lower end", _scored(18, PARTLY, "6", "93.99")),
    Case("SCR006", "just below the upper end", _scored(18, PARTLY, "7.9", "95.89")),
    Case("SCR006", "more than a tier is said", _scored(18, "制度部分达成预期，已印发两项", "9", "96.99")),
    Case(
        "SCR006",
        "below the tier, at half of the points",
        _scored(18, PARTLY, "5", "92.99"),
        (warning("SCR006", "H18"),),
    ),
    Case("SCR006", "at half of the points, where the rules have it so", _scored(18, PARTLY, "5", "92.99"), (), "hubei"),
    Case("SCR006", "full points, tier reached", _scored(18, "达成预期指标", "10", "97.99", "")),
    Case(
        "SCR011",
        "just under 80 %",
        _executed("23.7", "18.7", "79.00%", "7.9", "95.9", "优"),
        (warning("SCR011", "H20"),),
        STRICT,
    ),
    Case(
        "SCR011", "under a half", _executed("12", "7", "40.00%", "4", "92", "优"), (warning("SCR011", "H20"),), STRICT
    ),
    Case(
        "SCR011",
        "a blank total counts as computed",
        _executed("20", "15", "66.67%", "6.67", "", "优"),
        (warning("SCR011", "H20"),),
        STRICT,
    ),
    Case("SCR011", "the option is off", _executed("12", "7", "40.00%", "4", "92", "优")),
    Case("SCR011", "exactly 80 %", _executed("24", "19", "80.00%", "8", "96", "优"), (), STRICT),
    Case(
        "SCR011",
        "below the cap",
        change(_executed("23.7", "18.7", "79.00%", "7.9", "85.9", "良"), H17="8", F17="用时未减"),
        (),
        STRICT,
    ),
    Case("SCR012", "points in words", change(GOOD, H17="十八分", H20="", I20=""), (error("SCR012", "H17"),)),
    Case(
        "SCR012", "a weight that became a date", change(GOOD, G18="10月1日", H20="", I20=""), (error("SCR012", "G18"),)
    ),
    Case("SCR012", "a percentage", change(GOOD, H17=value("H17", "90%"), H20="", I20=""), (error("SCR012", "H17"),)),
    Case("SCR012", "the total", change(GOOD, H20="见附件", I20=""), (error("SCR012", "H20"),)),
    Case("SCR012", "a row that does not apply", change(GOOD, G18="/", H18="/", G17="30", H17="28")),
    Case("SCR012", "a score whose formula nobody knows", change(GOOD, H17=value("H17", unknown=True, formula=True))),
    Case("SCR012", "thousandths", change(GOOD, H14="20.000")),
]
