"""The self-evaluation form (项目支出绩效自评表) as read: frozen values, each of which knows its cell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from perfxl.grid.address import Ref
from perfxl.patterns import pattern


class Value(NamedTuple):
    """What stands in one cell of a form. (A tuple, not a dataclass: a form has hundreds.)

    `at` is the cell; of a merged area, its first one. `text` is what a reader sees, trimmed, "" where the cell is empty.
    `number` is the amount, rate or points meant (a rate as a fraction: 99.90 % is 0.999; an amount in the form's own unit), None
    where the text is no number. `decimals` counts the decimals printed, of the percentage for a percentage. `percent` tells that
    it is printed with a percent sign. `scale` is what the stored number must be multiplied with to give `number` (1; 0.01 for a
    rate stored as 99.9; 0.0001 for an amount in a column of 元 in a form of 万元). `as_text` tells that the cell stores text. `unit`
    is what is glued to the number ("万元"), "" mostly. `formula` tells that a formula stands there, `unknown` that its value is
    known to nobody. `format_known` is False where the number format is not one that perfxl prints: `text` is the stored value then.
    `inside` tells that the cell holds more than this value (总分：97), or that no cell holds it (a sum): it is read, never written.
    """

    at: Ref
    text: str = ""
    number: Decimal | None = None
    decimals: int = 0
    percent: bool = False
    scale: Decimal = Decimal(1)
    as_text: bool = False
    unit: str = ""
    formula: bool = False
    unknown: bool = False
    format_known: bool = True
    number_format: str = "General"
    inside: bool = False

    @property
    def empty(self) -> bool:
        """Nothing stands there."""
        return not self.text and not self.unknown

    @property
    def blank_like(self) -> bool:
        """Nothing, or a sign for nothing: 无, 暂无, —, -, / …"""
        return self.number is None and not self.unknown and is_blank_like(self.text)


_BLANK_LIKE = frozenset(
    [
        "",
        "无",
        "暂无",
        "没有",
        "不涉及",
        "未涉及",
        "不适用",
        "略",
        "-",
        "--",
        "—",
        "——",
        "–",
        "－",
        "一",
        "/",
        "／",
        "\\",
        "…",
        "……",
        "。",
        "、",
        "空",
    ]
)


# A unit that the template prints and that waits for its number.
_BARE_UNITS = frozenset(["元", "万元", "亿元", "%"])


@lru_cache(maxsize=4096)  # each check that looks at a value asks this first
def is_blank_like(text: str) -> bool:
    """Whether a text stands for nothing."""
    bare = text.strip(" \u3000\r\n\t.。")
    return bare in _BLANK_LIKE or bare in _BARE_UNITS


class FundKind(Enum):
    """A fund row's place in the money block."""

    TOTAL = "total"
    PART = "part"
    SUBPART = "subpart"  # 其中 under a part


@dataclass(frozen=True, slots=True)
class FundLine:
    """One row of the money block. A column that the layout does not have is None; an empty cell is an empty `Value`. `indent` is how
    far its label is set in, in half-width blanks."""

    label: Value
    kind: FundKind
    initial_budget: Value | None = None
    budget: Value | None = None
    executed: Value | None = None
    weight: Value | None = None
    execution_rate: Value | None = None
    score: Value | None = None
    reason: Value | None = None
    hidden: bool = False
    indent: int = 0


# What a column 指标性质 may say besides a comparator: 定量, 定性, 正向指标, 约束性 …
_NO_SIGNS = ("定量", "定性", "向", "指标", "约束性", "预期性")


class Kind(Enum):
    """How an indicator's points come about."""

    QUANTITATIVE = "quantitative"
    QUALITATIVE = "qualitative"
    DATED = "dated"
    UNSCORED = "unscored"  # no weight in this layout, or "/" as weight


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of the indicator table. A column that the layout does not have is None; an empty cell is an empty `Value`.

    `sign` and `unit` are the comparator and the unit of the target where the layout prints them in columns of their own. `level1`
    and `level2` are the names that hold for the row (merged, blank or repeated cells resolved), `level1` without its weight.
    `shifted` tells that the row's cells stand under the wrong headers and were read by their contents; `first` is the first cell of
    the row that holds something. `reason` is the reason that holds for the row (of a merged cell, or the one above for 同上).
    """

    row: int
    first: Ref
    level1: str
    level2: str
    name: Value
    target: Value | None
    actual: Value | None
    weight: Value | None
    score: Value | None
    reason: Value | None
    sign: Value | None = None
    unit: Value | None = None
    shifted: bool = False
    hidden: bool = False

    @property
    def weighted(self) -> bool:
        """The row has a weight that is a number."""
        return self.weight is not None and self.weight.number is not None

    @property
    def target_text(self) -> str:
        """The target as one text, its comparator and unit included where they stand in columns of their own."""
        if self.target is None:
            return ""
        text = self.target.text
        if (
            self.sign is not None
            and not self.sign.blank_like
            and not is_blank_like(text)
            and not self.sign.text.endswith(_NO_SIGNS)
        ):
            text = self.sign.text + text
        if (
            self.unit is not None
            and self.unit.text not in _BLANK_LIKE
            and self.target.number is not None
            and not self.target.percent
        ):
            text += self.unit.text
        return text


@dataclass(frozen=True, slots=True)
class Section:
    """A level-one section: its name without weight, the cell that names it, the weight printed with it, its rows in `Form.indicators`."""

    name: str
    label: Value
    weight: Decimal | None
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TotalLine:
    """The total row (总分, 合计). A cell that the layout does not have is None."""

    label: Value
    weight: Value | None = None
    score: Value | None = None
    grade: Value | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A department or unit: the name without its code, the code ("137" of "[137]名称") or None, the cell."""

    name: str
    code: str | None
    value: Value


class Remark(NamedTuple):
    """What is written below the table (说明, 存在问题, 改进措施 …): the printed label and the cell that belongs to it."""

    label: str
    value: Value


@dataclass(frozen=True, slots=True)
class Missing:
    """A block or column that the layout needs and the form does not have, by its printed label, such as 总分.

    `unread` is the text of a head's cell at this place that is not understood and stands over what may be that column.
    """

    label: str
    at: Ref
    unread: str = ""


# A title with one of these, and none of those that judge: 绩效目标自评表 judges.
_LOOKS_AHEAD = pattern(r"^(?!.*(?:自评|评价|评分)).*(?:申报|目标(?:批复|申请)?表|监控|监测)")


class TextRow(NamedTuple):
    """The texts of a row that holds any: (column, text) from left to right, trimmed."""

    row: int
    cells: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Form:
    """One self-evaluation form.

    `index` counts the forms of one sheet from 1. `anchor` is the title's cell, or the first cell of the form where there is no title.
    `money_unit` is 元, 万元 or 亿元 as printed with the money block, None where none is; `money_weight` is the weight printed with its
    label (预算执行情况(20分)). `labels` are the printed labels of the columns, by `indicator.weight`, `money.score` and the like.
    `text_rows` hold all text cells of the form. `unprinted` are the cells whose number format perfxl does not print: their stored
    value was taken.
    `reason_column` tells that the indicator table has a reason column; `form_reason` is the one reason cell for the whole form, where
    the layout has it, `remarks` is what else is written below the table.
    """

    book: str
    sheet: str
    index: int
    layout: str
    anchor: Ref
    title: str
    year: int | None
    project: Party | None
    department: Party | None
    implementing_unit: Party | None
    money_unit: str | None
    funds: tuple[FundLine, ...]
    goal: Value | None
    goal_result: Value | None
    head: Ref
    indicators: tuple[Indicator, ...]
    sections: tuple[Section, ...]
    total: TotalLine | None
    missing: tuple[Missing, ...] = ()
    labels: dict[str, str] = field(default_factory=dict, repr=False)
    money_weight: Decimal | None = None
    text_rows: tuple[TextRow, ...] = field(default=(), repr=False)
    unprinted: tuple[Ref, ...] = ()
    reason_column: bool = True
    form_reason: Value | None = None
    remarks: tuple[Remark, ...] = ()

    @property
    def texts(self) -> Iterator[tuple[Ref, str]]:
        """All text cells, row by row, each with what it says."""
        return ((Ref(row, column), text) for row, cells in self.text_rows for column, text in cells)

    @property
    def whole_department(self) -> bool:
        """The form is about a department's whole spending, not about a project."""
        return "整体支出" in self.title or "整体绩效" in self.title

    @property
    def looks_ahead(self) -> bool:
        """The form sets targets or watches how the year goes (申报表, 目标表, 监控表), with a column neither of what came of them nor of points."""
        columns = {"indicator.actual", "indicator.score"}
        return columns.isdisjoint(self.labels) and _LOOKS_AHEAD.search(self.title) is not None

    @property
    def subject(self) -> Party | None:
        """The project, or the department whose whole spending the form is about: layouts print it as department, unit or project."""
        if self.whole_department:
            return self.department or self.implementing_unit or self.project
        return self.project

    @property
    def fund_total(self) -> FundLine | None:
        """The total row of the money block, which carries the execution points."""
        return next((line for line in self.funds if line.kind is FundKind.TOTAL), None)
