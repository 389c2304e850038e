"""Each check on each layout that has the cells for it: one fault put into the worksheet, read and judged as in a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from perfxl.checks import run_checks
from perfxl.checks.finding import Finding
from perfxl.checks.registry import form_checks
from perfxl.form.model import Form, Indicator, Value
from perfxl.form.reader import read_forms
from perfxl.grid.address import Ref
from perfxl.grid.cells import Grid
from perfxl.scoring import score_form
from perfxl.scoring.choice import choose_profile
from perfxl.scoring.results import ScoredForm
from tests.checks.layout_pictures import PICTURES
from tests.form.drawing import cell_of, draw

STRICT = str(Path(__file__).with_name("strict.toml"))
COUNT, VISITS, DATE, WORDS = "更换设备", "巡检次数", "完成时间", "办事便利程度"


class NotHere(Exception):
    """The layout has no cell for the fault."""


class Sheet:
    """A good form of a layout, its cells found by what they are and changed by hand."""

    def __init__(self, layout: str) -> None:
        self.grid = draw(PICTURES[layout])
        (self.form,) = read_forms(self.grid)

    def row(self, name: str) -> Indicator:
        return next(row for row in self.form.indicators if row.name.text.endswith(name))

    def type(self, value: Value | None, text: str) -> Ref:
        """Types a text into the cell of a value; "" empties it. Gives the cell."""
        if value is None:
            raise NotHere
        cells = {column: cell for column, cell in self.grid.rows[value.at.row].items() if column != value.at.column}
        if text:
            cells[value.at.column] = cell_of(text)
        self.grid.rows[value.at.row] = dict(sorted(cells.items()))
        return value.at

    def judged(self, profile: str | None = None) -> list[Finding]:
        return judge(self.grid, profile)


def judge(grid: Grid, profile: str | None = None) -> list[Finding]:
    (form,) = read_forms(grid)
    rules, reason = choose_profile(form, profile)
    return list(run_checks(ScoredForm(form, rules, reason, score_form(form, rules))))


def needed(value: Value | None) -> Value:
    if value is None:
        raise NotHere
    return value


def number(value: Value | None) -> int:
    amount = needed(value).number
    if amount is None:
        raise NotHere
    return int(amount)


def total_line(form: Form) -> tuple[Value | None, Value | None, Value | None]:
    """Weight, score and grade of the total."""
    line = form.total
    return (line.weight, line.score, line.grade) if line else (None, None, None)


# --- one fault for each check; each gives the cell at which it must be found


def label_missing(sheet: Sheet) -> Ref:
    label = sheet.form.labels.get("money.executed")
    for row, cells in sheet.grid.rows.items():
        for column, cell in cells.items():
            if cell.value == label and label:
                sheet.grid.rows[row][column] = cell_of("备用")
                return sheet.form.anchor
    raise NotHere


def row_shifted(sheet: Sheet) -> Ref:
    row = sheet.row(VISITS)
    cells = sheet.grid.rows[row.row]
    sheet.grid.rows[row.row] = {c + (c >= row.name.at.column): cell for c, cell in cells.items()}
    return Ref(row.row, row.name.at.column + 1)


def form_unfilled(sheet: Sheet) -> Ref:
    for row in sheet.form.indicators:
        for value in (row.actual, row.score):
            if value is not None:
                sheet.type(value, "")
    for line in sheet.form.funds:
        if line.score is not None:
            sheet.type(line.score, "")
    return sheet.form.anchor


def lose(sheet: Sheet, name: str, reason: str) -> Ref:
    """A row that fell short of its target loses points, with this reason; gives the reason's cell."""
    row = sheet.row(name)
    needed(row.weight)
    sheet.type(row.actual, {COUNT: "15", VISITS: "6"}[name] + ("" if row.sign else {COUNT: "台", VISITS: "次"}[name]))
    sheet.type(row.score, str(number(row.weight) // 2))
    return sheet.type(row.reason, reason)


def reason_repeated(sheet: Sheet) -> Ref:
    lose(sheet, COUNT, "供应商交货推迟")
    return lose(sheet, VISITS, "供应商交货推迟")


def section_missing(sheet: Sheet) -> Ref:
    last, first = sheet.form.sections[-1], sheet.form.sections[0]
    if sheet.form.layout == "hubei":
        raise NotHere  # its rules name no sections
    sheet.type(last.label, first.name)
    return sheet.form.head


def section_weight_mismatch(sheet: Sheet) -> Ref:
    section = sheet.form.sections[0]
    if section.weight is None:
        raise NotHere
    return sheet.type(section.label, section.label.text.replace("50", "45"))


def score_outside_tier(sheet: Sheet) -> Ref:
    row = sheet.row(WORDS)
    needed(row.weight)
    sheet.type(row.actual, "部分达成年度指标")
    return sheet.type(row.score, "29")


def low(sheet: Sheet) -> Ref:
    """Half of the money, nowhere explained: the rate's cell."""
    line = sheet.form.funds[0]
    sheet.type(line.executed, "25")
    for row in sheet.form.indicators:
        if row.reason is not None and row.reason.text:
            sheet.type(row.reason, "窗口人员不足")
    return sheet.type(line.execution_rate, "50.00%")


def total_above_cap(sheet: Sheet) -> Ref:
    low(sheet)
    return sheet.type(total_line(sheet.form)[1], "93")


def score_not_proportional(sheet: Sheet) -> Ref:
    row = sheet.row(COUNT)
    needed(row.weight)
    return sheet.type(row.score, "11")


def repeats_execution_rate(sheet: Sheet) -> Ref:
    needed(sheet.form.funds[0].score)
    return sheet.type(sheet.row(VISITS).name, "预算执行率")


def over_completion_unexplained(sheet: Sheet) -> Ref:
    row = sheet.row(COUNT)
    needed(row.reason or sheet.form.form_reason)
    return sheet.type(row.actual, "90" if row.sign else "90台")


def fund_lines_do_not_add_up(sheet: Sheet) -> Ref:
    total, *parts = sheet.form.funds
    if not parts:
        raise NotHere
    sheet.type(parts[0].budget, "41")
    return needed(total.budget).at


def adjustment_unexplained(sheet: Sheet) -> Ref:
    sheet.type(sheet.form.funds[0].initial_budget, "45")
    return needed(sheet.form.funds[0].budget).at


def weights_do_not_sum(sheet: Sheet) -> Ref:
    sheet.type(sheet.row(WORDS).weight, "35")
    weight, score, _ = total_line(sheet.form)
    return needed(weight or score).at


def actual(text: str, name: str = COUNT) -> Callable[[Sheet], Ref]:
    return lambda sheet: sheet.type(sheet.row(name).actual, text)


def judged_actual(text: str) -> Callable[[Sheet], Ref]:
    """In a row with a weight."""

    def fault(sheet: Sheet) -> Ref:
        row = sheet.row(VISITS)
        needed(row.weight)
        return sheet.type(row.actual, text)

    return fault


def target(text: str) -> Callable[[Sheet], Ref]:
    def fault(sheet: Sheet) -> Ref:
        row = sheet.row(VISITS)
        needed(row.weight)
        if row.sign is not None and text:
            sheet.type(row.sign, "定性")
        return sheet.type(row.target, text)

    return fault


def score(text: str) -> Callable[[Sheet], Ref]:
    def fault(sheet: Sheet) -> Ref:
        row = sheet.row(COUNT)
        needed(row.weight)
        return sheet.type(row.score, text)

    return fault


FAULTS: dict[str, Callable[[Sheet], Ref]] = {
    "FRM001": label_missing,
    "FRM002": row_shifted,
    "FRM003": actual("平均用时减少（100字以内）", WORDS),
    "FRM004": actual("平均用时<br/>减少", WORDS),
    "FRM005": form_unfilled,
    "FRM006": actual("2001年3月", DATE),
    "FRM007": actual("联系人13800138000", WORDS),
    "FND001": lambda sheet: sheet.type(sheet.form.funds[0].execution_rate, "90.00%"),
    "FND002": lambda sheet: sheet.type(sheet.form.funds[0].executed, "60"),
    "FND003": fund_lines_do_not_add_up,
    "FND004": lambda sheet: sheet.type(sheet.form.funds[0].budget, "0"),
    "FND005": lambda sheet: sheet.type(sheet.form.funds[0].budget, "五十左右"),
    "FND006": low,
    "FND007": adjustment_unexplained,
    "FND008": lambda sheet: sheet.type(sheet.form.funds[0].executed, "485000"),
    "IND001": judged_actual("无"),
    "IND002": target(""),
    "IND003": target("稳步推进"),
    "IND004": actual("≥30"),
    "IND005": actual("98%"),
    "IND006": over_completion_unexplained,
    "IND007": lambda sheet: sheet.type(sheet.row(VISITS).name, sheet.row(COUNT).name.text),
    "IND008": repeats_execution_rate,
    "IND009": section_missing,
    "SCR001": weights_do_not_sum,
    "SCR002": section_weight_mismatch,
    "SCR003": score("25"),
    "SCR004": score(""),
    "SCR005": score_not_proportional,
    "SCR006": score_outside_tier,
    "SCR007": lambda sheet: sheet.type(sheet.form.funds[0].score, "1"),
    "SCR008": lambda sheet: sheet.type(total_line(sheet.form)[1], "90"),
    "SCR009": lambda sheet: sheet.type(total_line(sheet.form)[1], "98" if sheet.form.layout != "hubei" else "99"),
    "SCR010": lambda sheet: sheet.type(total_line(sheet.form)[2], "差"),
    "SCR011": total_above_cap,
    "SCR012": lambda sheet: sheet.type(sheet.row(COUNT).score, "二十"),
    "EXP001": lambda sheet: lose(sheet, COUNT, ""),
    "EXP002": lambda sheet: lose(sheet, COUNT, "无"),
    "EXP003": lambda sheet: lose(sheet, COUNT, "需不断完善"),
    "EXP004": reason_repeated,
}
# What cannot go wrong for want of a cell: no weights, nothing scored, no section weights, no grade, no initial budget,
# no fund parts; a row that slips between columns of signs and units is not told from a right one.
NO_WEIGHTS = "IND001 IND002 IND003 SCR001 SCR002 SCR003 SCR004 SCR005 SCR006 EXP001 EXP002 EXP003 EXP004"
NOT_IN = {
    "form-2019": "",
    "form-2020": "",
    "sign-and-unit": "SCR002",
    "sichuan": "SCR002 SCR010",
    "hubei": f"{NO_WEIGHTS} FND003 FND007 IND009 SCR010",
    "total-in-head": "SCR010",
    "transfer-payment": f"{NO_WEIGHTS} FND007 IND008 SCR007 SCR008 SCR009 SCR010 SCR011 SCR012",
}


@pytest.mark.parametrize("layout", PICTURES)
def test_a_good_form_of_the_layout_has_no_finding(layout: str) -> None:
    sheet = Sheet(layout)
    assert sheet.form.layout == layout
    assert [(finding.code, finding.at.a1) for finding in sheet.judged()] == []


def test_there_is_a_fault_for_every_check_of_a_form() -> None:
    assert FAULTS.keys() == form_checks().keys()


@pytest.mark.parametrize("layout", PICTURES)
@pytest.mark.parametrize("code", FAULTS)
def test_the_check_finds_its_fault_where_the_layout_has_the_cell(code: str, layout: str) -> None:
    sheet = Sheet(layout)
    if code in NOT_IN[layout].split():
        with pytest.raises(NotHere):
            FAULTS[code](sheet)
        return
    at = FAULTS[code](sheet)
    found = sheet.judged(STRICT if code == "SCR011" else None)
    assert (code, at.a1) in [(finding.code, finding.at.a1) for finding in found]
