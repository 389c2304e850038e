"""What a workbook is to carry: marks on cells, and the results sheet as text, whichever backend puts them there."""

from typing import NamedTuple

from perfxl.checks.finding import Severity
from perfxl.grid.address import Ref

SHEET_NAME = "检查结果"
TITLE = "绩效自评检查结果"
NOTE_TITLE = "绩效自评检查"
"""How the first line of perfxl's note begins; a check's code follows."""

HEADS = (
    "序号",
    "级别",
    "代码",
    "项目",
    "位置",
    "问题",
    "现值",
    "应为",
    "依据",
    "处理建议",
    "处理情况",
    "对象",
    "原格式",
)
"""The heads of the results sheet's columns; the last two are hidden: what a line is about, and what a fill covered."""

STATES = ("待处理", "已更正", "已核实")
"""What a person may choose as 处理情况; other words are welcome."""

CHANGES_TITLE = "本次更改"
CHANGE_HEADS = ("序号", "位置", "原值", "新值", "原因")


class Look(NamedTuple):
    """The colours of a severity, as RRGGBB."""

    fill: str
    text: str


LOOKS = {
    Severity.ERROR: Look("FFC7CE", "9C0006"),
    Severity.WARNING: Look("FFEB9C", "7F6000"),
    Severity.ADVICE: Look("DDEBF7", "1F4E78"),
}


class CellMark(NamedTuple):
    """A mark: the cell, of a merged area its first one; the worst severity; the note's lines, the first one tells it is perfxl's."""

    sheet: str
    at: Ref
    severity: Severity
    lines: tuple[str, ...]


class FindingRow(NamedTuple):
    """A line of the results sheet. `target` is where its link goes; `subject` tells which indicator or row it is about."""

    severity: Severity
    code: str
    project: str
    sheet: str
    at: Ref
    place: str
    problem: str
    found: str
    expected: str
    source: str
    todo: str
    state: str
    subject: str


class ChangeRow(NamedTuple):
    """A changed value: `place` as shown; `sheet` and `cell` (A1) where the link goes."""

    sheet: str
    cell: str
    place: str
    before: str
    after: str
    why: str


class Results(NamedTuple):
    """The results sheet: its line of figures, findings and changes; `checked` says what was checked where nothing was found."""

    figures: str
    findings: tuple[FindingRow, ...]
    changes: tuple[ChangeRow, ...]
    checked: str = ""
