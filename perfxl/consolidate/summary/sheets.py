"""The detail sheets: their columns and the rows that the store gives them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from perfxl.data import load_toml
from perfxl.grid.address import column_letters

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SHEET_ROWS = 1_048_576
"""The rows that a sheet of Excel has."""

_ROWS_AHEAD = 2000
# Numbers come as they are stored, digit by digit, without the zeros that the column's scale adds.
_EXACT = "CREATE OR REPLACE TEMP MACRO exact(x) AS rtrim(rtrim(CAST(x AS VARCHAR), '0'), '.')"

Row = tuple[Any, ...]


class Column(NamedTuple):
    """A column: its heading, width in characters, and the kind of what stands in it (`layout.KINDS`)."""

    heading: str
    width: float
    kind: str


class DetailSheet(NamedTuple):
    """A sheet with a row for each form, indicator, finding …: `query` gives the values of `columns`, then variant, path, sheet, cell.
    The columns up to `printed` are printed."""

    name: str
    printed: str
    columns: tuple[Column, ...]
    query: str

    def letter(self, heading: str) -> str:
        """The letters of the column under a heading."""
        return column_letters(1 + [column.heading for column in self.columns].index(heading))


def detail_sheets() -> dict[str, DetailSheet]:
    """The sheets in their order, by the keys of `sheets.toml`."""
    return {
        key: DetailSheet(table["name"], table["printed"], tuple(map(Column._make, table["columns"])), table["query"])
        for key, table in load_toml(Path(__file__).with_name("sheets.toml")).items()
    }


def count_rows(sql: DuckDBPyConnection, sheet: DetailSheet) -> int:
    """How many rows a sheet would have."""
    found = _asking(sql).execute(f"SELECT count(*) FROM ({sheet.query})").fetchone()
    return int(found[0]) if found else 0


def read_rows(sql: DuckDBPyConnection, sheet: DetailSheet, limit: int) -> Iterator[Row]:
    """The rows of a sheet, at most `limit`; only a few are in memory."""
    result = _asking(sql).execute(f"{sheet.query} LIMIT {limit}")
    while rows := result.fetchmany(_ROWS_AHEAD):
        yield from rows


def _asking(sql: DuckDBPyConnection) -> DuckDBPyConnection:
    """A connection of its own, so that several answers can be read side by side."""
    cursor = sql.cursor()
    cursor.execute(_EXACT)
    return cursor
