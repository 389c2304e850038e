"""Brings a store that an older perfxl wrote up to the tables of today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.consolidate.schema import VERSION, VIEWS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# By the version that they start from. What a new column would hold is known only from the books: they are read again.
_STEPS: dict[int, tuple[str, ...]] = {
    1: (
        "ALTER TABLE indicators ADD COLUMN sign VARCHAR",
        "ALTER TABLE indicators ADD COLUMN unit VARCHAR",
        "ALTER TABLE indicators ADD COLUMN target_number DECIMAL(34, 15)",
        "ALTER TABLE indicators ADD COLUMN actual_number DECIMAL(34, 15)",
        "UPDATE books SET judged_by = NULL",
    ),
    2: (
        "ALTER TABLE expected ADD COLUMN missing INTEGER",
        "UPDATE store SET across = NULL",
    ),
}


def bring_up_to_date(sql: DuckDBPyConnection, version: int) -> None:
    """Changes the tables step by step, all or none; `version` is what the store has."""
    sql.execute("BEGIN")
    for step in range(version, VERSION):
        for statement in _STEPS[step]:
            sql.execute(statement)
    for view in VIEWS:
        sql.execute(view)
    sql.execute("UPDATE store SET version = ?", [VERSION])
    sql.execute("COMMIT")
