"""The detail sheets: their columns and the rows that the store gives them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from perfxl.data import load_toml
from perfxl.grid.address import column_letters

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SHEET_ROWS = 1_048_576
"""The rows that a sheet of Excel has."""

_ROWS_AHEAD = 2000
_FORMS_AT_ONCE = 4000
# Numbers come as they are stored, digit by digit, without the zeros that the column's scale adds.
_EXACT = "CREATE OR REPLACE TEMP MACRO exact(x) AS rtrim(rtrim(CAST(x AS VARCHAR), '0'), '.')"

Row = tuple[Any, ...]
DetailRow = tuple[Row, Row]
"""A row of a detail sheet: the columns that are its form's, with path and sheet; its own columns, with variant and cell. All rows of a form
have the same first part."""


class Column(NamedTuple):
    """A column: its heading, width in characters, the kind of what stands in it (see `layout`), and the field of the form that stands
    there, "" for something of the row's own."""

    heading: str
    width: float
    kind: str
    field: str = ""


class DetailSheet(NamedTuple):
    """A sheet with a row for each form, indicator, finding …; see `sheets.toml`. The columns up to `printed` are printed. With
    `over_years` it is there only where forms of several years are."""

    name: str
    printed: str
    columns: tuple[Column, ...]
    query: str
    of_forms: bool = False
    over_years: bool = False

    def letter(self, heading: str) -> str:
        """The letters of the column under a heading."""
        return column_letters(1 + [column.heading for column in self.columns].index(heading))


def detail_sheets() -> dict[str, DetailSheet]:
    """The sheets in their order, by the keys of `sheets.toml`."""
    return {
        key: DetailSheet(
            table["name"],
            table["printed"],
            tuple(Column(*column) for column in table["columns"]),
            table["query"],
            table.get("of_forms", False),
            table.get("over_years", False),
        )
        for key, table in _data()["sheets"].items()
    }


class Details:
    """Asks a store for the rows of the detail sheets; in a connection of its own, in which the forms are numbered in their order."""

    def __init__(self, sql: DuckDBPyConnection) -> None:
        """Takes a connection to the store."""
        self._sql = sql.cursor()
        self._sql.execute(_EXACT)
        self._forms = _data()["forms"]
        self._sql.execute(self._forms["numbered"])
        self._last = int(self._one("SELECT count(*) FROM numbered"))

    def count(self, sheet: DetailSheet) -> int:
        """How many rows a sheet would have."""
        return int(self._one(f"SELECT count(*) FROM ({sheet.query.format(these='TRUE')})"))

    def rows(self, sheet: DetailSheet, limit: int) -> Iterator[DetailRow]:
        """The rows of a sheet, at most `limit`. Only a few are in memory."""
        if not sheet.of_forms:
            return islice((((row[-1], None), row[:-1]) for row in self._answers(sheet.query)), limit)
        return islice(chain.from_iterable(self._of_forms(sheet, these) for these in self._portions()), limit)

    def _portions(self) -> Iterator[str]:
        """Conditions that part the forms, in their order; at the end that for what belongs to none."""
        for first in range(1, self._last + 1, _FORMS_AT_ONCE):
            yield f"n BETWEEN {first} AND {first + _FORMS_AT_ONCE - 1}"
        yield "n IS NULL"

    def _of_forms(self, sheet: DetailSheet, these: str) -> Iterator[DetailRow]:
        """The rows of some forms, with what they have from these."""
        fields: list[str] = self._forms["fields"]
        taken = [column.field for column in sheet.columns if column.field] + ["path", "sheet"]
        pick = itemgetter(*(1 + fields.index(field) for field in taken))  # after the form's number
        forms = {form[0]: pick(form) for form in self._answers(self._forms["query"].format(these=these))}
        nothing = (None,) * len(taken)
        for row in self._answers(sheet.query.format(these=these)):
            yield forms.get(row[0], nothing), row[1:]

    def _answers(self, query: str) -> Iterator[Row]:
        result = self._sql.execute(query)
        while rows := result.fetchmany(_ROWS_AHEAD):
            yield from rows

    def _one(self, query: str) -> int:
        found = self._sql.execute(query).fetchone()
        return found[0] if found else 0


def _data() -> dict[str, Any]:
    return load_toml(Path(__file__).with_name("sheets.toml"))
