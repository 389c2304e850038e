"""Finds the tables of a sheet that list projects, indicators or payments, by the labels of their heads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from perfxl.data import load_toml
from perfxl.form.labels import label_of, money_unit_in, role_of
from perfxl.form.model import Value
from perfxl.form.view import SheetView

_LABELS = Path(__file__).parent / "labels.toml"
# A table lists projects where it names them and at least two of these: what no head of a form has in one row with the project.
_TELLING = frozenset(
    [
        "level1",
        "level2",
        "name",
        "target",
        "weight",
        "initial_budget",
        "budget",
        "fiscal",
        "carryover",
        "other",
        "total",
        "goal",
    ]
)
_OF_INDICATORS = ("level1", "level2", "name", "sign", "target", "weight")


class Table(NamedTuple):
    """A table: the row of its head, the column and label of each role, and the money unit printed above it (None: none)."""

    view: SheetView
    head: int
    columns: dict[str, int]
    labels: dict[str, str]
    money_unit: str | None

    @property
    def lists_payments(self) -> bool:
        """It is an execution ledger."""
        return "paid" in self.columns

    def rows(self) -> Iterator[tuple[int, dict[str, Value]]]:
        """The rows under the head that hold something, sums left out."""
        for row in self.view.rows_between(self.head + 1, _LAST_ROW):
            cells = {role: self.view.value(row, column) for role, column in self.columns.items()}
            filled = [value for role, value in cells.items() if not value.empty and role != "weight_sum"]
            texts = [text for _, text in self.view.texts(row)]
            if not filled or (texts and label_of(texts[0]).words in _SUMS):
                continue
            yield row, cells

    def unit_of(self, role: str) -> str | None:
        """The money unit of a column: its own, else the one above the table."""
        return money_unit_in(self.labels[role]) or self.money_unit


_LAST_ROW = 1 << 20
_SUMS = frozenset(["合计", "总计", "小计", "本页合计"])


def find_table(view: SheetView) -> Table | None:
    """The table of a sheet, None where no row is the head of one."""
    money_unit = None
    for row in view.row_numbers[:_HEAD_WITHIN]:
        labels: dict[str, tuple[int, str]] = {}
        for column, text in view.texts(row):
            role = _role(text)
            if role is not None:
                labels.setdefault(role, (column, text))
        if {"project", "project_code"} & labels.keys() and ("paid" in labels or len(_TELLING & labels.keys()) >= 2):
            columns = {role: column for role, (column, _) in labels.items()}
            return Table(view, row, columns, {role: text for role, (_, text) in labels.items()}, money_unit)
        money_unit = money_unit or next((unit for _, t in view.texts(row) if (unit := money_unit_in(t))), None)
    return None


# A head stands among the first rows of its sheet.
_HEAD_WITHIN = 30


@cache
def _patterns(family: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((role, re.compile(pattern)) for role, pattern in load_toml(_LABELS)[family].items())


@lru_cache(maxsize=4096)
def _role(text: str) -> str | None:
    words = label_of(text).words
    own = next((role for role, pattern in _patterns("columns") if pattern.fullmatch(words)), None)
    if own is not None:
        return own
    role = role_of("indicator", text)
    return role if role in _OF_INDICATORS else None


@lru_cache(maxsize=4096)
def is_whole(name: str) -> bool:
    """Whether a project's name says that the row is about the whole spending of its department."""
    return any(pattern.fullmatch(label_of(name).words) for _, pattern in _patterns("whole"))


@lru_cache(maxsize=1024)
def source_of(label: str) -> str | None:
    """Where the money of a fund row comes from: `fiscal`, `carryover`, `other`, `total` …, None where the label does not say."""
    words = label_of(label).words
    return next((source for source, pattern in _patterns("sources") if pattern.fullmatch(words)), None)
