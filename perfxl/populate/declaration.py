"""What a declaration form prints otherwise than a self-evaluation form: amounts and the goal stand beside their labels."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from perfxl.form.labels import before_colon, role_of
from perfxl.form.model import Form, Value
from perfxl.form.view import SheetView
from perfxl.populate.tables import source_of


def declared_amounts(view: SheetView, form: Form) -> dict[str, Decimal]:
    """The amounts above the table by their source, in the form's unit."""
    amounts: dict[str, Decimal] = {}
    for label, beside in _pairs(view, form):
        source = source_of(label)
        if source is not None and beside.number is not None:
            amounts.setdefault(source, beside.number)
    return amounts


def declared_goal(view: SheetView, form: Form) -> str:
    """The goal for the year, "" where none is written."""
    return next(
        (beside.text for label, beside in _pairs(view, form) if role_of("info", before_colon(label)) == "goal"), ""
    )


def _pairs(view: SheetView, form: Form) -> Iterator[tuple[str, Value]]:
    """Each text above the table, and what stands right of it."""
    for row in view.rows_between(form.anchor.row, form.head.row - 1):
        for column, text in view.texts(row):
            yield text, view.value(row, view.right_of(row, column))
