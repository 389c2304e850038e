"""IND: what an indicator row says. In the good form rows 14–16 are 产出, 17–18 效益, 19 满意度."""

from __future__ import annotations

from dataclasses import replace

from perfxl.form.model import Form, Section
from tests.checks.case import Case, advice, error, warning
from tests.forms import change, change_row, change_rows, good_form, indicator, value

GOOD = good_form()
WITHOUT_REASONS = replace(change_rows(GOOD, reason=None), reason_column=False)


def _pair(row: int, target: str, actual: str, **more: str) -> Form:
    """The good form with this target and actual value in a row."""
    return change(GOOD, **{f"E{row}": target, f"F{row}": actual, **more})


def _with_row(*texts: str) -> Form:
    """The good form with one more row without weight, behind row 14."""
    added = indicator(21, "产出指标", "数量指标", *texts)
    return replace(GOOD, indicators=(GOOD.indicators[0], added, *GOOD.indicators[1:]), sections=())


def _without_section(name: str) -> Form:
    """The good form whose rows of a section stand under 产出指标."""
    rows = tuple(replace(row, level1="产出指标") if row.level1 == name else row for row in GOOD.indicators)
    sections = (Section("产出指标", GOOD.sections[0].label, None, tuple(range(6))),)
    return replace(GOOD, indicators=rows, sections=sections)


def _under(row: int, level1: str) -> Form:
    return change_row(GOOD, row, level1=level1)


UNSCORED_MONEY = replace(
    GOOD,
    funds=tuple(replace(line, weight=None, score=None) for line in GOOD.funds),
    total=None,
    sections=(),
)

CASES = [
    Case("IND001", "an empty cell", change(GOOD, F18=""), (error("IND001", "F18"),)),
    Case("IND001", "a sign for nothing", change(GOOD, F14="无"), (error("IND001", "F14"),)),
    Case(
        "IND001", "a row with a weight that is said not to apply", change(GOOD, F14="不涉及"), (error("IND001", "F14"),)
    ),
    Case("IND001", "two rows", change(GOOD, F16="—", F19="暂无"), (error("IND001", "F16"), error("IND001", "F19"))),
    Case("IND001", "a weight without a score", change(GOOD, F18="", H18="", H20=""), (error("IND001", "F18"),)),
    Case("IND001", "zero is a value", _pair(14, "0起", "0起")),
    Case("IND001", "a row that does not apply", change(GOOD, F18="", G18="/", H18="/", G17="30", H17="28")),
    Case(
        "IND001",
        "a row whose parts follow",
        change(_with_row("其中桌面设备", "20台", "20台", "", "", ""), F14=""),
    ),
    Case("IND001", "a formula that nobody knows", change(GOOD, F18=value("F18", unknown=True, formula=True))),
    Case("IND002", "an empty cell", change(GOOD, E18=""), (error("IND002", "E18"),)),
    Case("IND002", "a dash", change(GOOD, E14="—"), (error("IND002", "E14"),)),
    Case("IND002", "both are missing", change(GOOD, E15="", F15=""), (error("IND002", "E15"), error("IND001", "F15"))),
    Case("IND002", "决策 never has targets", change(_under(18, "决策"), E18="")),
    Case("IND002", "管理 never has targets", change(_under(18, "管理指标"), E18="/")),
    Case("IND002", "a row without a weight", change(_with_row("其中桌面设备", "", "20台", "", "", ""))),
    Case("IND003", "a quantity without a figure", _pair(14, "设备更换稳步推进", "30台"), (advice("IND003", "E14"),)),
    Case(
        "IND003",
        "a wish for a benefit",
        change(GOOD, E18="进一步优化运维行为，不断提升水平"),
        (advice("IND003", "E18"),),
    ),
    Case(
        "IND003",
        "a plain figure under cost",
        change_row(_pair(15, "500元", "480元"), 15, level2="成本指标"),
        (advice("IND003", "E15"),),
    ),
    Case(
        "IND003",
        "a plain figure of what should fall",
        _pair(14, "3起", "2起", D14="责任事故"),
        (advice("IND003", "E14"),),
    ),
    Case("IND003", "a degree in a word", change(GOOD, E18="持续改善", E17="有所提升")),
    Case("IND003", "a state that is reached or not", change(GOOD, E18="运维制度进一步完善并印发")),
    Case(
        "IND003", "a plain figure under cost, just met", change_row(_pair(15, "500元", "500元"), 15, level2="成本指标")
    ),
    Case("IND003", "an upper bound under cost", change_row(_pair(15, "≤500元", "480元"), 15, level2="成本指标")),
    Case("IND004", "the target's operator", change(GOOD, F19="≥95%"), (warning("IND004", "F19"),)),
    Case("IND004", "a bound in words", change(GOOD, F19="95%以上"), (warning("IND004", "F19"),)),
    Case("IND004", "the whole scale", _pair(18, "优良中低差", "优良中低差"), (warning("IND004", "F18"),)),
    Case("IND004", "the scale with signs", _pair(18, "高/中/低", "高/中/低"), (warning("IND004", "F18"),)),
    Case("IND004", "a sign alone", change(GOOD, F14="≥"), (warning("IND004", "F14"),)),
    Case("IND004", "a sign before the figure", change(GOOD, F19="：96%"), (warning("IND004", "F19"),)),
    Case("IND004", "words for a number", change(GOOD, F14="按计划更换"), (warning("IND004", "F14"),)),
    Case("IND004", "a tier beside the figure", change(GOOD, F14="30台达成预期指标"), (warning("IND004", "F14"),)),
    Case("IND004", "an operator where no figure was asked for", change(GOOD, F18="≥3项"), (warning("IND004", "F18"),)),
    Case("IND004", "about, and more than", change(GOOD, F14="约30台", F19="96%")),
    Case("IND004", "a figure with what came of it", change(GOOD, F14="30台，全部投入使用")),
    Case("IND004", "one of the scale", _pair(18, "优良中低差", "优")),
    Case("IND004", "nothing happened, for a target of 0", _pair(14, "0起", "未发生")),
    Case("IND004", "reached in words", change(GOOD, F19="达到96%")),
    Case("IND005", "pieces and percent", _pair(14, "≥30台", "98%"), (warning("IND005", "F14"),)),
    Case("IND005", "money and days", _pair(14, "≥30万元", "35天"), (warning("IND005", "F14"),)),
    Case("IND005", "percent and people", _pair(19, "≥95%", "96人"), (warning("IND005", "F19"),)),
    Case("IND005", "one way of counting and another", _pair(14, "≥30人", "30人次")),
    Case("IND005", "no unit printed", _pair(14, "≥30台", "30")),
    Case("IND005", "a rate behind a count", _pair(19, "≥95%", "96人满意，满意度96%")),
    Case("IND005", "an area, its sign in one letter", _pair(14, "≥5000㎡", "5200平方米")),
    Case("IND005", "a length for an area", _pair(14, "≥5000m²", "5200米"), (warning("IND005", "F14"),)),
    Case("IND005", "a compound unit", _pair(14, "≥30元/亩", "30元")),
    Case("IND006", "twice the target", change(GOOD, F14="60台"), (warning("IND006", "F14"),)),
    Case("IND006", "exactly 130 %", change(GOOD, F14="39台"), (warning("IND006", "F14"),)),
    Case(
        "IND006",
        "a plain target, and 无 for a reason",
        _pair(14, "30台", "45台", I14="无"),
        (warning("IND006", "F14"),),
    ),
    Case(
        "IND006",
        "one reason cell for the whole form",
        replace(change(WITHOUT_REASONS, F14="60台"), form_reason=value("C22", "无")),
        (warning("IND006", "F14"),),
    ),
    Case("IND006", "129 %", _pair(14, "≥100台", "129台")),
    Case("IND006", "a reason", change(GOOD, F14="60台", I14="年中增加了任务")),
    Case("IND006", "no cell for a reason", change(WITHOUT_REASONS, F14="60台")),
    Case("IND006", "an upper bound", _pair(14, "≤30台", "10台")),
    Case("IND006", "an exact target", _pair(14, "=30台", "60台")),
    Case("IND007", "the same name again", change(GOOD, D18="办事效率"), ()),
    Case(
        "IND007",
        "the same name under the same level two",
        change_row(change(GOOD, D18="办事效率"), 18, level2="社会效益指标"),
        (warning("IND007", "D18"),),
    ),
    Case(
        "IND007",
        "numbered",
        change_row(change(GOOD, D17="指标1：办事效率", D18="指标2:办事效率"), 18, level2="社会效益指标"),
        (warning("IND007", "D18"),),
    ),
    Case(
        "IND007",
        "with a mark and a line break",
        change_row(change(GOOD, D15="★设备\n更换数量"), 15, level2="数量指标"),
        (warning("IND007", "D15"),),
    ),
    Case(
        "IND007",
        "rows that do not apply",
        change_row(change(GOOD, D17="指标1:/", D18="指标1:/"), 18, level2="社会效益指标"),
    ),
    Case("IND008", "the execution rate", change(GOOD, D15="预算执行率"), (advice("IND008", "D15"),)),
    Case("IND008", "payments", change(GOOD, D16="资金支付率"), (advice("IND008", "D16"),)),
    Case("IND008", "in a longer name", change(GOOD, D15="指标1:年度资金支付完成率100%"), (advice("IND008", "D15"),)),
    Case("IND008", "money that arrived", change(GOOD, D15="资金到位率")),
    Case(
        "IND008", "the row carries the execution points", change(UNSCORED_MONEY, D15="预算执行率", G15="25", H15="25")
    ),
    Case("IND009", "no satisfaction", _without_section("满意度指标"), (warning("IND009", "B13"),)),
    Case("IND009", "no benefit", _without_section("效益指标"), (warning("IND009", "B13"),)),
    Case(
        "IND009",
        "only output",
        change_rows(_without_section("效益指标"), level1="产出指标"),
        (warning("IND009", "B13"), warning("IND009", "B13")),
    ),
    Case(
        "IND009",
        "cost, where the rules ask for it",
        replace(GOOD, year=2023, indicators=change(GOOD, E16="2023年12月", F16="2023年11月").indicators),
        (warning("IND009", "B13"),),
        "national-2021",
    ),
    Case("IND009", "another word for benefit", _under(17, "效果指标")),
    Case("IND009", "a layout without sections", replace(change_rows(GOOD, level1=""), sections=())),
    Case(
        "IND009",
        "a department judged by sections of its own",
        replace(change_rows(GOOD, level1="履职效能"), title="2019年度部门整体支出绩效自评表"),
    ),
    Case(
        "IND009",
        "a department with one of the sections that the rules ask for",
        replace(change_rows(GOOD, level1="产出指标"), title="2019年度部门整体支出绩效自评表"),
        (warning("IND009", "B13"), warning("IND009", "B13")),
    ),
    Case("IND009", "a profile that asks for fewer", _without_section("满意度指标"), (), "sichuan"),
]
