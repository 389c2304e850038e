"""Tells what a column of an indicator table is where its head is a word that is not known: by where it stands and what it holds.

Words for the same column are without number (目标, 绩效标准, 期望值). What stands beside the target and speaks of the same things is the
actual value; numbers that never pass the weights are the scores. Where that does not decide, nothing is taken for granted: the column
stays unread, and the form says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from perfxl.form.labels import is_name_label, is_numbering, label_of, level_of, role_of
from perfxl.form.model import Value
from perfxl.form.values import Nothing, Period, Quantity, Words, read_value
from perfxl.form.view import SheetView
from perfxl.patterns import pattern

WANTED = ("target", "actual", "weight", "score")
# Values of another time, rates, or words about a value: never the target or the actual value itself.
_NO_VALUE = pattern(
    r"率|比例|百分比|进度|上年|去年|往年|前年|历年|历史|基期|20\d\d|月|季|半年|预计|评[分价]|计分|分(?:值|数)?$|赋分|扣|权|系数|"
    r"单位|说明|依据|解释|方法|来源|材料|公式|是否|负责|责任|时间|时限|备注|原因|分析|偏|差|措施|编[号码]|代码|序号|"
    r"复[核评审]|审核|核定|抽查|财政|专家|第三方|排名"
)
_NO_LEVEL = pattern(r"解释|说明|定义|依据|权重|分值|单位|部门|处室|科室|负责|年度|编[号码]|代码")
_NO_POINTS = pattern(
    r"复[核评审]|审|核定|抽查|财政|专家|第三方|主管|系数|率|比例|扣|减|加分|上年|去年|往年|历|预|"
    r"单位|说明|依据|标准值|指标值|目标|偏|差|金额|编[号码]|代码|序号|排名"
)
# Rows that are looked at, and the longest words that may be a value: what is longer is a rule or a description.
_ROWS = 40
_LONGEST_VALUE = 20


class Cell(NamedTuple):
    """A cell of a head: what it says, its last column and its row."""

    text: str
    last: int
    row: int


def told_by_contents(
    view: SheetView, cells: Mapping[int, Cell], columns: Mapping[str, tuple[int, int]], bottom: int
) -> dict[str, int]:
    """For each role that no word of the head names, the column that must be it; roles for which none or several may be are left out.

    `cells` are the cells of the head by their columns, `columns` those whose word is known.
    """
    out: dict[str, int] = {}
    known = {role: span[0] for role, span in columns.items()}
    name = known["name"]
    rows = _rows_below(view, name, bottom)
    if not rows:
        return out
    table = _Table(view, rows, cells, known)
    points, point = [], ""
    if "score" not in known and "weight" in known:
        point, points = "score", [c for c in table.may_be("score") if c > known["weight"]]
    elif "weight" not in known and "score" in known:
        point, points = "weight", [c for c in table.may_be("weight") if c < known["score"]]
    values = [found for found in _values(table, known) if not set(found.values()) & set(points)]
    if len(values) == 1:
        out |= values[0]
    if len(points) == 1 and (values or not _values(table, known)):  # bare numbers may be both: then nobody can tell
        out[point] = points[0]
    return out


def _values(table: _Table, known: Mapping[str, int]) -> list[dict[str, int]]:
    """Where the target and the actual value may stand, as far as no word says so."""
    if "actual" in known and "target" in known:
        return []
    if "target" in known:
        right = [c for c in table.may_be("actual") if c > known["target"] and table.alike(c, known["target"])]
        return [{"actual": c} for c in right]
    if "weight" not in known and "score" not in known:  # two columns of figures without points are some other table
        return []
    if "actual" in known:
        left = [c for c in table.may_be("target") if c < known["actual"] and table.alike(c, known["actual"])]
        return [{"target": c} for c in left]
    both = table.may_be("target")
    return [{"target": a, "actual": b} for a, b in pairwise(both) if table.alike(a, b)]


def unread(
    view: SheetView, rows: list[int], cells: Mapping[int, Cell], columns: Mapping[str, tuple[int, int]], role: str
) -> list[int]:
    """The columns without a known word that may hold what no column of the table holds."""
    table = _Table(view, rows, cells, {role: span[0] for role, span in columns.items()}, words=True)
    beside = columns.get({"target": "actual", "actual": "target"}.get(role, ""))
    return [c for c in table.may_be(role) if beside is None or table.alike(c, beside[0])]


def levels_by_place(
    view: SheetView, cells: Mapping[int, Cell], columns: Mapping[str, tuple[int, int]], bottom: int
) -> dict[str, int]:
    """The columns of the level names left of the names, where their heads are no known words (一级 · 二级, 指标类别)."""
    known = {role: span[0] for role, span in columns.items()}
    name = known["name"]
    taken = set(known.values())
    free = [
        c
        for c, cell in cells.items()
        if c < name
        and c not in taken
        and cell.last < name
        and not is_numbering([cell.text])
        and role_of("info", cell.text) is None
        and role_of("block", cell.text) is None
        and role_of("indicator", cell.text) in (None, "level1", "level2")
        and not _NO_LEVEL.search(label_of(cell.text).words)
    ]
    if not free:
        return {}
    if "level1" in known:
        between = [c for c in free if known["level1"] < c]
        return {"level2": between[0]} if "level2" not in known and len(between) == 1 else {}
    if "level2" in known:
        before = [c for c in free if c < known["level2"]]
        return {"level1": before[-1]} if before and _holds_levels(view, before[-1], bottom) else {}
    first = next((n for n, c in enumerate(free) if _holds_levels(view, c, bottom)), None)
    if first is None:
        return {}
    return dict(zip(("level1", "level2"), free[first : first + 2], strict=False))


def _holds_levels(view: SheetView, column: int, bottom: int) -> bool:
    texts = (
        cell for row in view.rows_between(bottom + 1, bottom + _ROWS) for c, cell in view.texts(row) if c == column
    )
    return any(level_of(text) for text in texts)


def _rows_below(view: SheetView, name: int, bottom: int) -> list[int]:
    """The rows under a head that name something, down to the total, the next title or the next head."""
    out: list[int] = []
    for row in view.rows_between(bottom + 1, bottom + _ROWS):
        texts = view.texts(row)
        text = next((t for c, t in texts if c == name), "")
        if text and is_name_label(text):
            break
        if out and texts and not text and (role_of("total", texts[0][1]) or role_of("title", texts[0][1])):
            break
        if text and not is_numbering([text]):
            out.append(row)
    return out


class _Table:
    """What the columns of a table hold."""

    def __init__(
        self,
        view: SheetView,
        rows: Iterable[int],
        cells: Mapping[int, Cell],
        known: Mapping[str, int],
        *,
        words: bool = False,
    ) -> None:
        self.view, self.known, self.words = view, known, words
        self.rows = list(rows)
        taken = set(known.values())
        self.free = {c: cell for c, cell in cells.items() if c > known["name"] and c not in taken}

    def may_be(self, role: str) -> list[int]:
        """The columns whose head is no other known word and whose cells may be values of this role."""
        values = ("target", "actual")
        own = values if role in values else (role,)
        never, fits = (_NO_VALUE, self._holds_values) if role in values else (_NO_POINTS, self._holds_points)
        return [
            c
            for c, cell in self.free.items()
            if (word := role_of("indicator", cell.text)) is None or word in own
            if not never.search(label_of(cell.text).words) and fits(role, c)
        ]

    def alike(self, first: int, second: int) -> bool:
        """The two columns speak of the same things: the same units or words on more rows than others."""
        same = other = 0
        for row in self.rows:
            one, two = (read_value(self.view.value(row, c).text) for c in (first, second))
            if isinstance(one, Nothing) or isinstance(two, Nothing):
                continue
            if isinstance(one, Quantity) and isinstance(two, Quantity):
                agrees = one.unit == two.unit or not one.unit or not two.unit
            else:
                agrees = type(one) is type(two)
            same, other = same + agrees, other + (not agrees)
        return same > other

    def _holds_values(self, role: str, column: int) -> bool:
        """Half of the rows or more hold a value, one of them a figure unless words are enough, and none holds a sentence."""
        filled = told = 0
        for row in self.rows:
            value = self.view.value(row, column)
            reading = read_value(value.text)
            if isinstance(reading, Nothing):
                continue
            if isinstance(reading, Words) and len(value.text) > _LONGEST_VALUE:
                return False
            filled += 1
            told += isinstance(reading, Quantity | Period)
        return filled * 2 >= len(self.rows) and (self.words or told > 0)

    def _holds_points(self, role: str, column: int) -> bool:
        """Plain numbers that are never more than the weights, or never less than the scores."""
        beside = self.known.get("score" if role == "weight" else "weight")
        points = []
        for row in self.rows:
            value = self.view.value(row, column)
            if value.blank_like:
                continue
            if not _is_points(value):
                return False
            other = self.view.value(row, beside) if beside is not None else None
            if other is not None and other.number is not None and value.number is not None:
                more, less = (value, other) if role == "weight" else (other, value)
                if (more.number or 0) < (less.number or 0):
                    return False
            points.append(value.number or 0)
        return len(points) * 2 >= len(self.rows) and 0 < sum(points) <= _MOST_POINTS


_MOST_POINTS = 100


def _is_points(value: Value) -> bool:
    return value.number is not None and not value.percent and not value.unit
