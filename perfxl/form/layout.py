"""Cuts a worksheet into forms: where each begins, its money block, the rows under its indicator heads, its total row.

Nothing is found by address. A form begins at the title above its head; a title in the middle of a table that repeats the same
project is a page break, and what follows belongs to the same form.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from perfxl.form.heads import MOST_BESIDE, Head, indicator_heads, money_head
from perfxl.form.labels import before_colon, is_numbering, label_of, money_unit_in, role_of
from perfxl.form.model import Value
from perfxl.form.values import normal
from perfxl.form.view import SheetView, read_number
from perfxl.grid.cells import Grid


@dataclass(slots=True)
class Segment:
    """Rows that stand under one head; after a page break without a head of its own, `own_head` is False."""

    head: Head
    rows: list[int]
    own_head: bool = True


@dataclass(slots=True)
class FormBlock:
    """Where the parts of one form stand on its sheet (row numbers). `view` shows the columns of this form only."""

    view: SheetView
    start: int
    head: Head
    preamble: list[int]
    money: Head | None
    fund_rows: list[int]
    segments: list[Segment] = field(default_factory=list)
    total_row: int | None = None
    footers: list[int] = field(default_factory=list)
    end: int = 0
    owner_row: int | None = None  # where the table itself says whose rows these are


AMOUNTS = ("initial_budget", "budget", "executed")


class _RowKind(Enum):
    HEAD = "head"
    MONEY = "money"
    TITLE = "title"
    INFO = "info"
    TOTAL = "total"
    FOOTER = "footer"
    LIST = "list"
    BODY = "body"


def find_forms(view: SheetView) -> list[FormBlock]:
    """The forms of a sheet, from top to bottom, side by side from left to right."""
    heads = indicator_heads(view)
    if not heads:
        return []
    cuts = sorted({right.left for left, right in pairwise(heads) if right.top <= left.bottom})[:MOST_BESIDE]
    if not cuts:
        return _Finder(view, heads).run()
    blocks: list[FormBlock] = []
    for grid in _bands(view.grid, cuts):
        band = SheetView(grid)
        found = indicator_heads(band)
        blocks += _Finder(band, found).run() if found else []
    return sorted(blocks, key=lambda block: (block.head.top, block.head.left))


def _bands(grid: Grid, cuts: list[int]) -> list[Grid]:
    """The sheet cut before these columns; every cell keeps its address."""
    bands = [replace(grid, rows={}, merges=[]) for _ in range(len(cuts) + 1)]
    for row, cells in grid.rows.items():
        for column, cell in cells.items():
            bands[bisect_right(cuts, column)].rows.setdefault(row, {})[column] = cell
    for area in grid.merges:
        band = bisect_right(cuts, area.left)
        right = min(area.right, cuts[band] - 1) if band < len(cuts) else area.right
        bands[band].merges.append(area._replace(right=right))
    return bands


class _Said(NamedTuple):
    """What a text says of the row that it stands in."""

    only_block: bool
    titles: bool
    informs: bool
    totals: bool
    foots: bool
    naming: str | None


@lru_cache(
    maxsize=4096
)  # a row's kind takes one look at each text; seven, a family of labels each, took a twentieth of a check
def _said(text: str) -> _Said:
    label = before_colon(text)
    role = role_of("indicator", text)
    return _Said(
        only_block=role_of("block", text) is not None and role_of("total", text) is None,
        titles=role_of("title", text) is not None or is_year_line(text),
        informs=role_of("info", label) in ("project", "department", "implementing_unit"),
        totals=role_of("total", label) is not None,
        foots=role_of("footer", label) is not None,
        naming=role if role in ("level1", "level2", "name") else None,
    )


class _Finder:
    """Walks down the sheet once and cuts it into forms."""

    def __init__(self, view: SheetView, heads: list[Head]) -> None:
        self.view = view
        self.rows = view.row_numbers
        self.heads = {head.top: head for head in heads}
        self.kinds: dict[int, _RowKind] = {}
        self.money: dict[int, Head] = {}
        view.limit = self._limit(heads)

    def _limit(self, heads: list[Head]) -> int:
        """The last column of the widest table on the sheet; merged areas that begin in it may reach further."""
        for row in self.view.rows_between(1, heads[-1].top):
            head = money_head(self.view, row)
            if head is not None and row not in self.heads:
                self.money[row] = head
        limit = max(head.right for head in (*heads, *self.money.values()))
        reach = [a.right for a in self.view.grid.merges if a.left <= limit < a.right]
        return max(limit, *reach) if reach else limit

    def run(self) -> list[FormBlock]:
        blocks: list[FormBlock] = []
        free_from = self.rows[0] if self.rows else 1
        for top, head in self.heads.items():
            if top < free_from:
                continue  # a repeated head inside a form that was read already
            block = self._open(free_from, head)
            self._read_body(block)
            blocks += _by_owner(block) if "project" in head.owners else [block]
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
        if row in self.money:
            return _RowKind.MONEY
        texts = [said for _, text in self.view.texts(row) if not (said := _said(text)).only_block]
        if not texts:
            return _RowKind.BODY
        first = texts[0]
        if len(texts) <= 2 and first.titles:
            return _RowKind.TITLE
        for said in texts:
            if said.informs:
                return _RowKind.INFO
        if first.totals:
            return _RowKind.TOTAL
        if first.foots:
            return _RowKind.FOOTER
        names = {said.naming for said in texts if said.naming}
        return _RowKind.LIST if len(names) >= 2 else _RowKind.BODY

    def _open(self, free_from: int, head: Head) -> FormBlock:
        """The form to which a head belongs: from its title down to the head."""
        above = self.view.rows_between(free_from, head.top - 1)
        titles = [r for r in above if self.kind(r) is _RowKind.TITLE]
        start = above[0] if above else head.top
        if titles:
            start = titles[-1]
            for row in reversed([r for r in above if r < start]):  # lines of the same title, with blank lines between
                if row in titles:
                    start = row
                elif self.view.texts(row):
                    if self._names_unit(row):
                        start = row
                    break
        preamble = [r for r in above if r >= start]
        money = next((self.money[r] for r in preamble if self.kind(r) is _RowKind.MONEY), None)
        funds = []
        for row in preamble:
            if money and row > money.bottom:
                if is_numbering([t for _, t in self.view.texts(row)]) or self._goes_on(row, money):
                    continue
                if not self._is_fund_row(row, money):
                    break
                funds.append(row)
        return FormBlock(self.view, start, head, preamble, money, funds, [Segment(head, [])], end=head.bottom)

    def _names_unit(self, row: int) -> bool:
        """The row says nothing but in which unit the money is (单位：万元), above the title as well."""
        return all(money_unit_in(text) is not None for _, text in self.view.texts(row))

    def _goes_on(self, row: int, money: Head) -> bool:
        """The row right under a money head that only divides its columns (总额 · 财政拨款)."""
        first = min(span[0] for span in money.columns.values())
        cells = self.view.grid.rows[row]
        return row == money.bottom + 1 and all(
            c >= first and isinstance(cell.value, str) and read_number(cell.value)[0] is None
            for c, cell in cells.items()
        )

    def _is_fund_row(self, row: int, money: Head) -> bool:
        """A label stands left of the amounts, or amounts stand there without one, and the row is not the next block."""
        first = min(span[0] for span in money.columns.values())
        texts = [(c, t) for c, t in self.view.texts(row) if c < first]
        own = [(c, t) for c, t in texts if role_of("block", t) is None or role_of("fund", t) == "total"]
        amounts = self._amounts(row, money)
        if not own:  # 项目资金 · 30 · 29.97, or no label at all
            own = texts
            if not any(value.number is not None for value in amounts):
                return False
        if any(c < first < self.view.right_of(row, c) for c, _ in own):
            return False
        over_two = any(one.at == other.at and one.number is None for one, other in pairwise(amounts))
        if over_two or self._only_words(amounts, own):
            return False
        labels = [before_colon(t) for _, t in own]
        return not any(role_of("info", t) in ("goal", "goal_result") or role_of("block", t) == "goal" for t in labels)

    def _amounts(self, row: int, money: Head) -> list[Value]:
        """What stands on the row itself under the amounts, cell by cell."""
        columns = [money.columns[role][0] for role in AMOUNTS if role in money.columns]
        return [value for value in self.view.values(row, columns) if value.at.row == row and not value.empty]

    def _only_words(self, amounts: list[Value], labels: list[tuple[int, str]]) -> bool:
        """The cells under the amounts hold words, in a row that names no source of money: another block has begun."""
        if not amounts or any(value.blank_like or any(map(str.isdigit, value.text)) for value in amounts):
            return False
        return not any(role_of("fund", t) and not label_of(t).words.endswith("情况") for _, t in labels)

    def _read_body(self, block: FormBlock) -> None:
        position = bisect_right(self.rows, block.head.bottom)
        project = self._project(block.preamble)
        ended = False
        silent = 0  # rows one after the other that are nothing of a form
        while position < len(self.rows) and silent < _LONGEST_SILENCE:
            row = self.rows[position]
            head = block.segments[-1].head
            is_indicator = row not in self.heads and self._is_indicator_row(row, head)
            # an indicator may be called 注册企业数 or 审核人次: its words are not asked what else they may say
            kind = _RowKind.BODY if is_indicator else self.kind(row)
            silent = silent + 1 if kind is _RowKind.BODY and not is_indicator else 0
            if kind in (_RowKind.TITLE, _RowKind.INFO, _RowKind.MONEY, _RowKind.HEAD):
                stretch = self._stretch(position)
                if not self._continues(block, stretch, project) and not self._repeats(block, row):
                    break
                position += len(stretch)
                after = self.rows[position] if position < len(self.rows) else None
                if after is not None and after in self.heads:
                    head = self.heads[after]
                    block.segments.append(Segment(head, []))
                    position = bisect_right(self.rows, head.bottom, lo=position)
                else:
                    block.segments.append(Segment(head, [], own_head=False))
                ended = False
                continue
            if kind is _RowKind.LIST:
                break
            if kind is _RowKind.TOTAL:
                # what stood before indicator rows was the sum of a section
                if block.total_row is None or not ended or self._is_final(row, block.total_row):
                    block.total_row = row
                ended = True
            elif kind is _RowKind.FOOTER:
                block.footers.append(row)
                ended = True
            elif ended and is_indicator and not block.footers:
                ended = False
                block.segments[-1].rows.append(row)
            elif not ended:
                block.segments[-1].rows.append(row)
            if not ended or kind in (_RowKind.TOTAL, _RowKind.FOOTER):
                block.end = row
            position += 1

    def _is_indicator_row(self, row: int, head: Head) -> bool:
        """The row has a name, and a target or an actual value, each in a cell of its own, and points where there is a column for them."""
        cells = self.view.grid.rows[row]
        columns = head.columns
        name = head.column("name")
        if name is None or name not in cells or not isinstance(cells[name].value, str):
            return False
        beyond = self.view.right_of(row, name)
        values = [columns[role][0] for role in ("target", "actual") if role in columns]
        if not any(column in cells and not name <= column < beyond for column in values):
            return False
        points = [columns[role][0] for role in ("weight", "score") if role in columns]
        return not points or any(self._has_number(row, column) for column in points)

    def _has_number(self, row: int, column: int) -> bool:
        cell = self.view.grid.cell(row, column)
        if cell is None:
            return False
        return read_number(cell.value)[0] is not None if isinstance(cell.value, str) else True

    def _is_final(self, row: int, other: int) -> bool:
        """Whether the later of two total rows is the one of the form: 总分 after 合计."""
        return "总分" in self._total_words(row) and "总分" not in self._total_words(other)

    def _total_words(self, row: int) -> str:
        labels = (before_colon(text) for _, text in self.view.texts(row))
        return next((label_of(text).words for text in labels if role_of("total", text)), "").replace("得", "")

    def _stretch(self, position: int) -> list[int]:
        """The rows from here on that repeat title and head of a page."""
        out = []
        for row in self.rows[position : position + _LONGEST_STRETCH]:
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

    def _repeats(self, block: FormBlock, row: int) -> bool:
        """The row is the same head again, with nothing of another form before it: a page break, or a table for each section."""
        head = self.heads.get(row)
        return head is not None and block.total_row is None and head.labels == block.segments[-1].head.labels

    def _project(self, rows: list[int]) -> str:
        for row in rows:
            for column, text in self.view.texts(row):
                if role_of("info", text) == "project":
                    value = self.view.value(row, self.view.right_of(row, column)).text
                    if not value:
                        value = next((t for c, t in self.view.texts(row) if c > column), "")
                    return normal(value)
        return ""


def _by_owner(block: FormBlock) -> list[FormBlock]:
    """A table whose rows say whose they are, cut where another project begins."""
    view, column = block.view, block.head.owners["project"]
    groups: list[tuple[str, FormBlock]] = []
    for segment in block.segments:
        for row in segment.rows:
            name = normal(view.value(row, column).text) or (groups[-1][0] if groups else "")
            if not groups or groups[-1][0] != name:
                part = replace(block, start=row, end=row, segments=[], owner_row=row, footers=[], total_row=None)
                groups.append((name, part))
            part = groups[-1][1]
            if not part.segments or part.segments[-1].head is not segment.head:
                part.segments.append(Segment(segment.head, [], segment.own_head))
            part.segments[-1].rows.append(row)
            part.end = row
    if len(groups) <= 1:
        return [replace(block, owner_row=groups[0][1].start if groups else None)]
    return [part for _, part in groups]


# No page repeats more lines of title and head than this.
_LONGEST_STRETCH = 40
# No form has more rows in a row that are neither indicators nor anything else of it: what follows is a list of another kind.
_LONGEST_SILENCE = 500


@lru_cache(maxsize=4096)
def is_year_line(text: str) -> bool:
    """A line that only names the year: (2019年度)."""
    words = normal(text).strip("()")
    return (
        len(words) <= 12
        and words.rstrip("度").endswith("年")
        and any(c.isdigit() or c in "〇一二" for c in label_of(words).words)
        and not label_of(words).words.startswith("项目")
    )
