"""Finds the forms of a worksheet: where each begins, its money block, its indicator heads, the rows below them, its total row.

Nothing is found by address. A head is a row in which many labels meet; a form begins at the title above it; a title in the middle
of a table that repeats the same project is a page break, and what follows belongs to the same form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from perfxl.form.labels import label_of, role_of
from perfxl.form.values import normal
from perfxl.form.view import SheetView

# What an indicator head needs besides the name column: without one of these it is a code list, not a form.
_TELLING = frozenset(["target", "actual", "weight", "score", "reason"])
_MONEY_TELLING = frozenset(["initial_budget", "budget", "executed", "execution_rate"])


class Head(NamedTuple):
    """A row of column labels: the rows it stands on, and for each role the columns that its label covers (first, last) and the label."""

    top: int
    bottom: int
    columns: dict[str, tuple[int, int]]
    labels: dict[str, str]

    def column(self, role: str) -> int | None:
        """The first column of a role, None where the head does not have it."""
        span = self.columns.get(role)
        return span[0] if span else None


@dataclass(slots=True)
class Segment:
    """Rows that stand under one head; after a page break without a head of its own, `own_head` is False."""

    head: Head
    rows: list[int]
    own_head: bool = True


@dataclass(slots=True)
class FormBlock:
    """Where the parts of one form stand on its sheet (row numbers)."""

    start: int
    head: Head
    preamble: list[int]
    money: Head | None
    fund_rows: list[int]
    segments: list[Segment] = field(default_factory=list)
    total_row: int | None = None
    footers: list[int] = field(default_factory=list)
    end: int = 0


class _RowKind(Enum):
    HEAD = "head"
    MONEY = "money"
    TITLE = "title"
    INFO = "info"
    TOTAL = "total"
    FOOTER = "footer"
    BODY = "body"


def find_forms(view: SheetView) -> list[FormBlock]:
    """The forms of a sheet from top to bottom."""
    heads = indicator_heads(view)
    if not heads:
        return []
    return _Finder(view, heads).run()


def indicator_heads(view: SheetView) -> dict[int, Head]:
    """The indicator heads by their first row: three labels or more, the name's among them, and one that tells a form from a list."""
    out: dict[int, Head] = {}
    covered = 0
    for row, cells in view.grid.rows.items():
        if row <= covered:
            continue
        for column, cell in cells.items():
            if isinstance(cell.value, str) and role_of("indicator", cell.value) == "name":
                head = _head(view, row, column)
                if len(head.columns) >= 3 and _TELLING & head.columns.keys():
                    out[head.top] = head
                    covered = head.bottom
                    break
    return out


def _head(view: SheetView, row: int, name_column: int) -> Head:
    """The head to which the name label at this place belongs, labels of the row above and below included where merged cells tie them."""
    area = view.area(row, name_column)
    top, bottom = (area.top, area.bottom) if area else (row, row)
    labels: dict[int, tuple[str, str, int, int]] = {}  # column -> role, text, last column, row of the label
    for (_, column), merged in list(_merged_over(view, row).items()):
        text = view.value(merged.top, merged.left).text
        role = role_of("indicator", text) if merged.top < row else None
        if role:
            labels.setdefault(column, (role, text, merged.right, merged.top))
            top = min(top, merged.top)
    for at in range(row, bottom + 1):
        for column, text in view.texts(at):
            role = role_of("indicator", text)
            if role:
                own = view.area(at, column)
                labels[column] = (role, text, own.right if own else column, at)
    _drop_parents(labels)
    _drop_left_of_names(labels)
    return Head(top, bottom, *_by_role(labels))


def _merged_over(view: SheetView, row: int) -> dict[tuple[int, int], _Span]:
    """Merged areas that begin above a row and reach it, by their first cell's column."""
    return {
        (row, area.left): _Span(area.top, area.left, area.right)
        for area in view.grid.merges
        if area.top < row <= area.bottom
    }


class _Span(NamedTuple):
    top: int
    left: int
    right: int


def _drop_parents(labels: dict[int, tuple[str, str, int, int]]) -> None:
    """A label over several columns gives way to those that stand under it (年度指标值 over 指标性质 · 指标值 · 度量单位)."""
    for column, (_, _, last, row) in list(labels.items()):
        below = [c for c, (_, _, _, other) in labels.items() if column <= c <= last and other > row and c != column]
        if below:
            del labels[column]


def _drop_left_of_names(labels: dict[int, tuple[str, str, int, int]]) -> None:
    """What stands left of the level and name columns is the label of the whole block (年度绩效目标 beside the table), no column."""
    first = min(column for column, (role, *_) in labels.items() if role in _NAMING)
    for column in [c for c in labels if c < first]:
        del labels[column]


_NAMING = frozenset(["level1", "level2", "name"])


def _by_role(labels: dict[int, tuple[str, str, int, int]]) -> tuple[dict[str, tuple[int, int]], dict[str, str]]:
    """The columns of each role, first and last, and its label. Where a role stands twice, the word that says more wins."""
    out: dict[str, tuple[int, int]] = {}
    chosen: dict[str, str] = {}
    for column in sorted(labels):
        role, text, last, _ = labels[column]
        better = _BETTER.get(role, ())
        if role not in out or (any(w in text for w in better) and not any(w in chosen[role] for w in better)):
            out[role], chosen[role] = (column, last), text
    return out, chosen


# The adjusted budget and target count, not the initial ones beside them; a reason column is the one that says so.
_BETTER = {"target": ("调整",), "reason": ("原因",), "budget": ("调整", "全年")}


class _Finder:
    """Walks down the sheet once and cuts it into forms."""

    def __init__(self, view: SheetView, heads: dict[int, Head]) -> None:
        self.view, self.heads = view, heads
        self.rows = list(view.grid.rows)
        self.kinds: dict[int, _RowKind] = {}
        self.money: dict[int, Head] = {}

    def run(self) -> list[FormBlock]:
        blocks: list[FormBlock] = []
        free_from = self.rows[0] if self.rows else 1
        for top, head in self.heads.items():
            if top < free_from:
                continue  # a repeated head inside a form that was read already
            block = self._open(free_from, head)
            self._read_body(block)
            blocks.append(block)
            free_from = block.end + 1
        return blocks

    def kind(self, row: int) -> _RowKind:
        found = self.kinds.get(row)
        if found is None:
            found = self.kinds[row] = self._classify(row)
        return found

    def _classify(self, row: int) -> _RowKind:
        if row in self.heads:
            return _RowKind.HEAD
        texts = [(c, t) for c, t in self.view.texts(row) if role_of("block", t) is None or role_of("total", t)]
        if not texts:
            return _RowKind.BODY
        labels = {}
        for column, text in self.view.texts(row):
            role = role_of("money", text)
            if role:
                labels[column] = (role, text, self.view.right_of(row, column) - 1, row)
        roles, words = _by_role(labels)
        if len(roles) >= 2 and len(_MONEY_TELLING & roles.keys()) >= 2:
            self.money[row] = Head(row, row, roles, words)
            return _RowKind.MONEY
        if len(texts) <= 2 and (role_of("title", texts[0][1]) or is_year_line(texts[0][1])):
            return _RowKind.TITLE
        if any(role_of("info", t) in ("project", "department", "implementing_unit") for _, t in texts):
            return _RowKind.INFO
        if role_of("total", texts[0][1]):
            return _RowKind.TOTAL
        return _RowKind.FOOTER if role_of("footer", texts[0][1]) else _RowKind.BODY

    def _open(self, free_from: int, head: Head) -> FormBlock:
        """The form to which a head belongs: from its title down to the head."""
        above = [r for r in self.rows if free_from <= r < head.top]
        titles = [r for r in above if self.kind(r) is _RowKind.TITLE]
        start = above[0] if above else head.top
        if titles:
            start = titles[-1]
            for row in reversed([r for r in above if r < start]):  # lines of the same title, with blank lines between
                if row in titles:
                    start = row
                elif self.view.texts(row):
                    break
        preamble = [r for r in above if r >= start]
        money = next((self.money[r] for r in preamble if self.kind(r) is _RowKind.MONEY), None)
        funds = []
        for row in preamble:
            if money and row > money.bottom:
                if not self._is_fund_row(row, money):
                    break
                funds.append(row)
        return FormBlock(start, head, preamble, money, funds, [Segment(head, [])], end=head.bottom)

    def _is_fund_row(self, row: int, money: Head) -> bool:
        """A label stands left of the amounts, and the row is not the next block."""
        first = min(span[0] for span in money.columns.values())
        labels = [
            t for c, t in self.view.texts(row) if (c < first and role_of("block", t) is None) or role_of("fund", t)
        ]
        if not labels:
            return False
        return not any(role_of("info", t) in ("goal", "goal_result") or role_of("block", t) == "goal" for t in labels)

    def _read_body(self, block: FormBlock) -> None:
        below = [r for r in self.rows if r > block.head.bottom]
        project = self._project(block.preamble)
        position, ended = 0, False
        while position < len(below):
            row = below[position]
            kind = self.kind(row)
            if kind in (_RowKind.TITLE, _RowKind.INFO, _RowKind.MONEY, _RowKind.HEAD):
                stretch = self._stretch(below, position)
                if not self._continues(block, stretch, project):
                    break
                position += len(stretch)
                after = below[position] if position < len(below) else None
                if after is not None and after in self.heads:
                    head = self.heads[after]
                    block.segments.append(Segment(head, []))
                    position += sum(1 for r in below[position:] if r <= head.bottom)
                else:
                    block.segments.append(Segment(block.segments[-1].head, [], own_head=False))
                ended = False
                continue
            if kind is _RowKind.TOTAL and block.total_row is None:
                block.total_row, ended = row, True
            elif kind is _RowKind.FOOTER:
                block.footers.append(row)
                ended = True
            elif not ended:
                block.segments[-1].rows.append(row)
            if not ended or kind in (_RowKind.TOTAL, _RowKind.FOOTER):
                block.end = row
            position += 1

    def _stretch(self, below: list[int], position: int) -> list[int]:
        """The rows from here on that repeat title and head of a page."""
        out = []
        for row in below[position:]:
            if self.kind(row) not in (_RowKind.TITLE, _RowKind.INFO, _RowKind.MONEY):
                texts = self.view.texts(row)
                if texts or (self.view.grid.rows[row] and self.kind(row) is _RowKind.HEAD):
                    break
            out.append(row)
        return out

    def _continues(self, block: FormBlock, stretch: list[int], project: str) -> bool:
        """The stretch is a page break of the same form: no money block of its own, the same project, no total row before it."""
        if block.total_row is not None or any(self.kind(r) is _RowKind.MONEY for r in stretch):
            return False
        again = self._project(stretch)
        return bool(stretch) and (not again or again == project)

    def _project(self, rows: list[int]) -> str:
        for row in rows:
            for column, text in self.view.texts(row):
                if role_of("info", text) == "project":
                    value = self.view.value(row, self.view.right_of(row, column)).text
                    if not value:
                        value = next((t for c, t in self.view.texts(row) if c > column), "")
                    return normal(value)
        return ""


def is_year_line(text: str) -> bool:
    """A line that only names the year: (2019年度)."""
    words = normal(text).strip("()")
    return (
        len(words) <= 12
        and words.rstrip("度").endswith("年")
        and any(c.isdigit() or c in "〇一二" for c in words)
        and not label_of(words).words.startswith("项目")
    )
