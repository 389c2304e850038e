"""What a store says of some sources as JSON: the same shape as of `check`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, TextIO

from perfxl.consolidate.outputs import Written
from perfxl.consolidate.submissions import Source
from perfxl.report.json import write_lists
from perfxl.scoring.rounding import plain

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_KEY = ("source", "book", "sheet", "index")
_TOTALS = ("weight", "printed", "computed", "grade")
_CELLS = ("actual", "weight", "score", "reason")
_INDICATOR = ("level1", "level2", "name", "target", "actual", "kind", "weight", "score", "expected_score", "reason")
_FINDING = ("code", "name", "severity", "cell", "found", "expected", "message")
_ROWS_AHEAD = 1000

Row = dict[str, Any]


def write_store(sql: DuckDBPyConnection, sources: list[Source], written: Sequence[Written], stream: TextIO) -> None:
    """Write the forms of these sources, what the whole store shows across forms, what could not be read, and the files that were written."""
    folders = {source.name: source.given for source in sources}

    def book(row: Row) -> dict[str, str]:
        """The path as the user would give it; of another source its name with it."""
        folder: str = folders[row["source"]] if row["source"] in folders else row["source"]
        return {"book": os.path.join(folder, row["book"])}

    def each(table: str, and_where: str = "TRUE") -> Iterator[Row]:
        where = f"(list_contains(?, source) OR source = '') AND {and_where}"
        return _rows(sql, f"FROM {table} WHERE {where} ORDER BY source, book", [[*folders]])

    write_lists(
        {
            "forms": (book(form) | record for form, record in _forms(sql, [*folders])),
            "across": _across(sql, book),
            "changes": (),
            "failures": (book(row) | {"error": row["error"]} for row in each("failures")),
            "written": (
                {"kind": file.kind.value, "path": str(file.path), "state": file.state.value}
                for output in written
                for file in output.files
            ),
            "notes": chain(
                (book(row) | {"note": row["note"]} for row in each("books", "note IS NOT NULL")),
                ({"book": str(output.path), "note": note} for output in written for note in output.notes),
            ),
        },
        stream,
    )


def _forms(sql: DuckDBPyConnection, sources: list[str]) -> Iterator[tuple[Row, Row]]:
    """Each form's row, and its record without the book. The tables are read side by side, in one order."""
    parts = {
        "funds": (_fund, _parts(sql, "funds", "line", sources)),
        "indicators": (_indicator, _parts(sql, "indicators", "line", sources)),
        "findings": (_finding, _parts(sql, "findings", "rowid", sources, "AND across IS NULL")),
    }
    waiting = {name: next(groups, None) for name, (_, groups) in parts.items()}
    for form in _rows(sql, f"FROM forms WHERE list_contains(?, source) ORDER BY {_order('forms')}", [sources]):
        key = tuple(form[name] for name in _KEY)
        lists: dict[str, list[Row]] = {}
        for name, (record, groups) in parts.items():
            lists[name] = []
            group = waiting[name]
            if group is not None and group[0] == key:
                lists[name] = [record(row) for row in group[1]]
                waiting[name] = next(groups, None)
        yield form, _form(form, lists)


def _order(table: str) -> str:
    return ", ".join(f'{table}."{name}"' for name in _KEY)


def _parts(
    sql: DuckDBPyConnection, table: str, then_by: str, sources: list[str], more: str = ""
) -> Iterator[tuple[tuple[Any, ...], list[Row]]]:
    rows = _rows(
        sql,
        f"FROM {table} WHERE list_contains(?, source) {more} ORDER BY {_order(table)}, {then_by}",
        [sources],
    )
    for key, group in groupby(rows, lambda row: tuple(row[name] for name in _KEY)):
        yield key, list(group)


def _form(form: Row, lists: dict[str, list[Row]]) -> Row:
    names = ("project", "project_code", "department", "department_code", "implementing_unit", "unit_code", "year")
    return {
        "sheet": form["sheet"],
        "index": form["index"],
        **{name: form[name] for name in (*names, "profile", "profile_reason", "money_unit")},
        "funds": lists["funds"],
        "indicators": lists["indicators"],
        "total": {name: form[f"total_{name}"] for name in _TOTALS},
        "findings": lists["findings"],
        "superseded_by": form["superseded_by"],
    }


def _fund(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in (*_KEY, "line", "kind")}


def _indicator(row: Row) -> Row:
    own = {name: row[name] for name in _INDICATOR}
    return own | {"cells": {name: row[f"cell_{name}"] for name in _CELLS}}


def _finding(row: Row) -> Row:
    return {name: row[name] for name in _FINDING}


def _across(sql: DuckDBPyConnection, book: Callable[[Row], dict[str, str]]) -> Iterator[Row]:
    rows = _rows(sql, "FROM findings WHERE across IS NOT NULL ORDER BY across, rowid", [])
    for _, group in groupby(rows, lambda row: row["across"]):
        places = list(group)
        yield {
            **{name: places[0][name] for name in _FINDING if name != "cell"},
            "places": [
                book(row) | {name: row[name] for name in ("sheet", "index", "cell")}
                for row in places
                if row["book"] is not None
            ],
        }


def _rows(sql: DuckDBPyConnection, query: str, parameters: list[Any]) -> Iterator[Row]:
    result = sql.cursor().execute(query, parameters)
    names = [column[0] for column in result.description or ()]
    while rows := result.fetchmany(_ROWS_AHEAD):
        for row in rows:
            yield {
                name: plain(value) if isinstance(value, Decimal) else value
                for name, value in zip(names, row, strict=True)
            }
