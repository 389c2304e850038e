"""Lays a sample out on a sheet: which cell holds what, what is merged, where a page ends.

Nine columns, as the official print has them: A the name of the block, B to I the indicator table; the money block stands on
the same columns, its labels on B and C together.
"""

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from perfxl.demo.samples import FormSample, LedgerSample, Row
from perfxl.report.terminal import width

_FORM_WIDTHS = (7, 11, 11, 13, 16, 19, 7, 9, 16)
_LAST = len(_FORM_WIDTHS) - 1
_TITLE = "项目支出绩效自评表"
_FUND_HEADS = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
_AMOUNTS = range(3, 6)


class Look(Enum):
    """How a cell is drawn."""

    TITLE = "title"
    YEAR = "year"
    LABEL = "label"
    TEXT = "text"
    AMOUNT = "amount"


class Box(NamedTuple):
    """A cell or a merged area: rows and columns from 0, both ends included, and the text as written in the sample."""

    top: int
    left: int
    bottom: int
    right: int
    text: str
    look: Look


class Drawing(NamedTuple):
    """A sheet: its boxes, the widths of its columns in characters, the rows above which a page begins."""

    boxes: tuple[Box, ...]
    widths: tuple[int, ...]
    page_breaks: tuple[int, ...] = ()


def lay_out_form(form: FormSample) -> Drawing:
    """The form as printed, page below page."""
    boxes: list[Box] = []
    breaks: list[int] = []
    row = 0
    for number, page in enumerate(form.pages):
        if number:
            breaks.append(row)
        row = _place(boxes, row, _heading(form))
        if not number:
            row = _place(boxes, row, _money(form))
            row = _place(boxes, row, _goals(form))
            head = _head(form, named=not page[0].slipped)
            page = (head, *page)
        row = _place(boxes, row, _indicators(page, headed=not number))
    _place(boxes, row, _total(form))
    return Drawing(tuple(boxes), _FORM_WIDTHS, tuple(breaks))


def lay_out_ledger(ledger: LedgerSample) -> Drawing:
    """The table under its title, nothing merged but that."""
    last = len(ledger.widths) - 1
    boxes = [Box(0, 0, 0, last, ledger.title, Look.TITLE)]
    for number, row in enumerate(ledger.rows, 1):
        for column, text in enumerate(row.cells):
            look = Look.AMOUNT if column in ledger.amounts else Look.LABEL
            boxes.append(Box(number, column, number, column, text, look))
    return Drawing(tuple(boxes), ledger.widths)


def _place(boxes: list[Box], row: int, block: Iterator[Box]) -> int:
    """Put a block that counts its rows from 0 at `row`; gives the row below it."""
    placed = [box._replace(top=box.top + row, bottom=box.bottom + row) for box in block]
    boxes += placed
    return max(box.bottom for box in placed) + 1


def _heading(form: FormSample) -> Iterator[Box]:
    yield Box(0, 0, 0, _LAST, _TITLE, Look.TITLE)
    yield Box(1, 0, 1, _LAST, f"（{form.year}年度）", Look.YEAR)
    yield Box(2, 0, 2, 1, "项目名称", Look.LABEL)
    yield Box(2, 2, 2, _LAST, form.project, Look.LABEL)
    yield Box(3, 0, 3, 1, form.edition.department, Look.LABEL)
    yield Box(3, 2, 3, 4, form.department, Look.LABEL)
    yield Box(3, 5, 3, 5, "实施单位", Look.LABEL)
    yield Box(3, 6, 3, _LAST, form.unit, Look.LABEL)


def _money(form: FormSample) -> Iterator[Box]:
    yield Box(0, 0, len(form.funds), 0, form.edition.money, Look.LABEL)
    yield Box(0, 1, 0, 2, "", Look.LABEL)
    for column, label in enumerate(_FUND_HEADS, 3):
        yield Box(0, column, 0, column, label, Look.LABEL)
    for row, (label, *figures) in enumerate((line.cells for line in form.funds), 1):
        yield Box(row, 1, row, 2, label, Look.LABEL)
        for column, text in enumerate(figures, 3):
            yield Box(row, column, row, column, text, Look.AMOUNT if column in _AMOUNTS else Look.LABEL)


def _goals(form: FormSample) -> Iterator[Box]:
    yield Box(0, 0, 1, 0, "年度\n总体\n目标", Look.LABEL)
    yield Box(0, 1, 0, 4, "预期目标", Look.LABEL)
    yield Box(0, 5, 0, _LAST, "实际完成情况", Look.LABEL)
    yield Box(1, 1, 1, 4, form.goal, Look.TEXT)
    yield Box(1, 5, 1, _LAST, form.goal_result, Look.TEXT)


def _head(form: FormSample, *, named: bool) -> Row:
    names = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", form.edition.reason)
    return Row(("绩效指标" if named else "", *names), slipped=not named)


_LEVELS = range(3)
# Longer texts stand at the left, where they are easier to read.
_CENTRED = 18


def _indicators(page: tuple[Row, ...], *, headed: bool) -> Iterator[Box]:
    for number, row in enumerate(page):
        for column, text in enumerate(row.cells):
            name = (headed and number == 0) or column in _LEVELS
            look = Look.LABEL if name or width(text) <= _CENTRED else Look.TEXT
            if column not in _LEVELS or row.slipped:
                yield Box(number, column, number, column, text, look)
            elif text:
                yield Box(number, column, number + _covered(page[number + 1 :], column), column, text, look)


def _covered(below: tuple[Row, ...], column: int) -> int:
    """How many rows below leave this column to the name above them."""
    for count, row in enumerate(below):
        if row.slipped or any(row.cells[: column + 1]):
            return count
    return len(below)


def _total(form: FormSample) -> Iterator[Box]:
    weight, score = form.total
    yield Box(0, 0, 0, 5, "总分", Look.LABEL)
    for column, text in ((6, weight), (7, score), (8, "")):
        yield Box(0, column, 0, column, text, Look.LABEL)
