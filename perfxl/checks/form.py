"""Checks of the form itself: all of it there, rows under their headers, text without markup (FRM)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfxl.checks.indicators import unfilled
from perfxl.checks.registry import Fault, check
from perfxl.form.labels import printed_name
from perfxl.form.model import Form, Indicator, Value
from perfxl.grid.address import Ref, column_letters
from perfxl.patterns import pattern
from perfxl.scoring.results import ScoredForm


@check("FRM001")
def label_missing(scored: ScoredForm) -> Iterator[Fault]:
    """A block or column that the layout needs is not there.

    Rule: the parts of the self-evaluation form, 财预〔2020〕10号 (annex); what a layout needs stands in the reader's
    label data. A filled column under a heading that is not understood is named; the points of execution are missed only
    where one part of just their size is lacking in the weights and in the total. Cannot tell what an unknown column is,
    nor a part that was left out from one whose heading is worded in a way that perfxl does not know.
    """
    for missing in scored.form.missing:
        if missing.unread:
            head = " ".join(missing.unread.split())
            yield Fault(missing.at, missing.unread, variant="unread", label=missing.label, head=head)
        else:
            yield Fault(missing.at, "", label=missing.label)
    if scored.scores.execution_unread and all(
        missing.label != printed_name("money") for missing in scored.form.missing
    ):
        yield Fault(scored.form.anchor, "", label=_EXECUTION)


_EXECUTION = "预算执行率的分值和得分"


# Printed labels of the cells that a row's values belong under.
_COLUMNS = {
    "name": "三级指标",
    "target": "年度指标值",
    "actual": "实际完成值",
    "weight": "分值",
    "score": "得分",
    "reason": "原因",
}


@check("FRM002")
def row_shifted(scored: ScoredForm) -> Iterator[Fault]:
    """A row's cells stand under the wrong headers and were read by what they hold.

    Rule: a value stands under its heading (form-2019). Where each belongs is taken from a row of the same form that
    stands right; without one, the message only says how the row was read. Cannot tell which column of a level name was
    meant.
    """
    for row in scored.form.indicators:
        if not row.shifted:
            continue
        moves = "、".join(_moves(row, scored.form))
        name, read = row.name.text, "、".join(_read(row))
        yield Fault(row.first, name, variant="moves" if moves else "default", name=name, moves=moves, read=read)


def _values(row: Indicator) -> Iterator[tuple[str, Value]]:
    for column, label in _COLUMNS.items():
        value: Value | None = getattr(row, column)
        if value is not None and not value.empty:
            yield label, value


def _read(row: Indicator) -> Iterator[str]:
    return (f"{label} {value.at.a1}" for label, value in _values(row))


def _moves(row: Indicator, form: Form) -> Iterator[str]:
    """`得分 I12→H12` for each value that stands in another column than in the rows that stand right."""
    right = {label: value.at.column for peer in form.indicators if not peer.shifted for label, value in _values(peer)}
    for label, value in _values(row):
        column = right.get(label, value.at.column)
        if column != value.at.column:
            yield f"{label} {value.at.a1}→{column_letters(column)}{row.row}"


@check("FRM005")
def form_unfilled(scored: ScoredForm) -> Iterator[Fault]:
    """There are indicator rows, but no actual value and no score in the whole form.

    Rule: the self-evaluation fills in 实际完成值 and 得分 (annex of 财预〔2020〕10号). Cannot tell a form handed in too early
    from one whose results were pasted elsewhere.
    """
    if unfilled(scored.form):
        yield Fault(scored.form.anchor, scored.form.title, rows=str(len(scored.form.indicators)))


# A tag of one letter is told from "a<b>c" only by its closing form; <p> is what editors leave most.
_TAGS = (
    "p|br|hr|div|span|font|strong|em|sub|sup|table|tbody|thead|tr|td|th|ul|ol|li|img|section|center|style|script"
    "|h[1-6]|o:p"
)
_ENTITIES = "nbsp|lt|gt|amp|quot|apos|ensp|emsp|ldquo|rdquo|lsquo|rsquo|mdash|ndash|middot|hellip|times"
_MARKUP = pattern(
    rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>|</[abisu]>|<a\s+href=[^<>]*>|&(?:{_ENTITIES}|#\d{{2,6}}|#x[0-9a-f]{{2,6}});",
    re.IGNORECASE,
)


@check("FRM004")
def markup_in_text(scored: ScoredForm) -> Iterator[Fault]:
    """HTML tags or entities are left in a text, as web systems paste them.

    Rule: the form is published as print (form-2019). "<5天" and "a<b" are no markup: only names of tags and entities
    that editors write count. Cannot tell a tag from an example of one.
    """
    for row, cells in scored.form.text_rows:
        for column, text in cells:
            if "<" not in text and "&" not in text:
                continue
            tags = dict.fromkeys(match.group() for match in _MARKUP.finditer(text))
            if tags:
                yield Fault(Ref(row, column), " ".join(tags))
