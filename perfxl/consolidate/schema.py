"""The tables of the store: their columns, what older stores lack, and how rows become the text that DuckDB loads.

Rows are bound for DuckDB's CSV reader, which loads them as fast as a data frame would, without pandas or Arrow in memory; the workers
write the text, so that the one process that holds the store only appends it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from perfxl.signs import storable

VERSION = 3
"""The version of the tables; `store` brings older ones up to it."""

_DECIMAL = "DECIMAL(34, 15)"
_TOO_LARGE = Decimal(10) ** 19
_SURELY_FITS = 19  # letters, sign and point included

_KEY = {"source": "VARCHAR", "book": "VARCHAR"}
_FORM_KEY = {**_KEY, "sheet": "VARCHAR", "index": "INTEGER"}


class Table(NamedTuple):
    """A table: its name, and the type of each column by name, in order."""

    name: str
    columns: dict[str, str]

    @property
    def create(self) -> str:
        """The statement that makes it. No keys are declared: their indexes would cost more than all else, and one writer replaces
        the rows of a book as a whole."""
        return (
            f"CREATE TABLE {self.name} ({', '.join(f'{_quoted(name)} {kind}' for name, kind in self.columns.items())})"
        )


BOOKS = Table(
    "books",
    {
        **_KEY,
        "path": "VARCHAR",  # of the file on the machine that collected it
        "size": "BIGINT",
        "modified": "BIGINT",  # nanoseconds since 1970; NULL where it was too fresh to be trusted
        "dated": "TIMESTAMP",  # tells the newer of two books
        "digest": "VARCHAR",
        "judged_by": "VARCHAR",  # version, profile and settings
        "forms": "INTEGER",
        "note": "VARCHAR",
    },
)
FORMS = Table(
    "forms",
    {
        **_FORM_KEY,
        "position": "INTEGER",  # among the forms of the book
        "title": "VARCHAR",
        "project": "VARCHAR",
        "project_code": "VARCHAR",
        "department": "VARCHAR",
        "department_code": "VARCHAR",
        "implementing_unit": "VARCHAR",
        "unit_code": "VARCHAR",
        "year": "INTEGER",
        "layout": "VARCHAR",
        "profile": "VARCHAR",
        "profile_reason": "VARCHAR",
        "money_unit": "VARCHAR",
        "total_weight": _DECIMAL,
        "total_printed": _DECIMAL,
        "total_computed": _DECIMAL,
        "total_grade": "VARCHAR",
        "cell_title": "VARCHAR",
        "cell_project": "VARCHAR",
        "cell_department": "VARCHAR",
        "department_meant": "VARCHAR",  # as most forms spell it (XBK005)
        "superseded_by": "VARCHAR",
    },
)
FUNDS = Table(
    "funds",
    {
        **_FORM_KEY,
        "line": "INTEGER",
        "label": "VARCHAR",
        "kind": "VARCHAR",
        "initial_budget": _DECIMAL,
        "budget": _DECIMAL,
        "executed": _DECIMAL,
        "weight": _DECIMAL,
        "execution_rate": _DECIMAL,
        "score": _DECIMAL,
        "expected_rate": _DECIMAL,
        "expected_score": _DECIMAL,
    },
)
INDICATORS = Table(
    "indicators",
    {
        **_FORM_KEY,
        "line": "INTEGER",
        "level1": "VARCHAR",
        "level2": "VARCHAR",
        "name": "VARCHAR",
        "target": "VARCHAR",
        "actual": "VARCHAR",
        "kind": "VARCHAR",
        "weight": _DECIMAL,
        "score": _DECIMAL,
        "expected_score": _DECIMAL,
        "reason": "VARCHAR",
        "cell_actual": "VARCHAR",
        "cell_weight": "VARCHAR",
        "cell_score": "VARCHAR",
        "cell_reason": "VARCHAR",
        "sign": "VARCHAR",  # of a quantitative target: ≥, ≤ …, empty for a plain number
        "unit": "VARCHAR",
        "target_number": _DECIMAL,  # a percentage as a fraction
        "actual_number": _DECIMAL,  # in the target's unit
    },
)
FINDINGS = Table(
    "findings",
    {
        **_FORM_KEY,
        "code": "VARCHAR",
        "name": "VARCHAR",
        "severity": "VARCHAR",
        "cell": "VARCHAR",
        "found": "VARCHAR",
        "expected": "VARCHAR",
        "message": "VARCHAR",
        "across": "INTEGER",  # NULL within a form; the places of one finding across forms share a number
    },
)
FAILURES = Table("failures", {**_KEY, "error": "VARCHAR"})
FACTS = Table(  # what the checks across forms compare
    "facts",
    {**_FORM_KEY, "kind": "VARCHAR", "key": "VARCHAR", "text": "VARCHAR", "code": "VARCHAR", "cell": "VARCHAR"},
)
EXPECTED = Table(  # who should hand in, as the last list said, and where it said so
    "expected",
    {
        "department": "VARCHAR",
        "unit": "VARCHAR",
        "project": "VARCHAR",
        "year": "INTEGER",
        "book": "VARCHAR",
        "sheet": "VARCHAR",
        "cell": "VARCHAR",
        "missing": "INTEGER",  # the number (`across`) of the finding that nothing was handed in; NULL where it was
    },
)
SOURCES = Table("sources", {"source": "VARCHAR", "root": "VARCHAR"})  # the folder that the paths of its books begin at
STATE = Table("store", {"version": "INTEGER", "across": "VARCHAR"})
"""One row. `across` tells by what the forms were compared with each other, NULL where books came or went since."""
OF_A_BOOK = (BOOKS, FORMS, FUNDS, INDICATORS, FINDINGS, FACTS, FAILURES)
"""The tables whose rows belong to a book: they come and go with it."""
TABLES = (*OF_A_BOOK, EXPECTED, SOURCES, STATE)

# DuckDB divides in floating point, at 15 digits; each quotient is rounded at once to a DECIMAL of fewer.
VIEWS = (
    # A form a row, its amounts in 万元, as far as a unit is printed. A score that is not written counts what the rule gives it.
    """CREATE OR REPLACE VIEW form_figures AS
    SELECT f.*, coalesce(f.department_meant, f.department) AS counted_under, t.label AS fund_label,
        CAST(t.initial_budget * u.factor AS DECIMAL(34, 8)) AS initial_budget_10k, CAST(t.budget * u.factor AS DECIMAL(34, 8)) AS budget_10k,
        CAST(t.executed * u.factor AS DECIMAL(34, 8)) AS executed_10k, t.execution_rate, t.score AS execution_score,
        coalesce(t.score, t.expected_score) AS execution_points,
        f.total_computed - coalesce(t.score, t.expected_score, 0) AS indicator_points
    FROM forms f
    LEFT JOIN (SELECT * FROM funds WHERE kind = 'total'
        QUALIFY row_number() OVER (PARTITION BY source, book, sheet, "index" ORDER BY line) = 1) t
        USING (source, book, sheet, "index")
    LEFT JOIN (VALUES ('元', 0.0001), ('千元', 0.1), ('万元', 1), ('百万元', 100), ('亿元', 10000)) u (unit, factor)
        ON f.money_unit = u.unit""",
    # A form that a newer one replaces does not count.
    """CREATE OR REPLACE VIEW counted AS SELECT * FROM form_figures WHERE superseded_by IS NULL""",
    # Sums of money, and the rate that they give: a rate weighted by money. `mean_score` is for reading, no official figure.
    """CREATE OR REPLACE VIEW department_figures AS
    SELECT counted_under AS department, year, count(*) AS projects, sum(initial_budget_10k) AS initial_budget,
        sum(budget_10k) AS budget, sum(executed_10k) AS executed,
        CASE WHEN sum(budget_10k) > 0 THEN CAST(sum(executed_10k) / sum(budget_10k) AS DECIMAL(18, 6)) END AS execution_rate,
        count(*) FILTER (total_grade = '优') AS excellent, count(*) FILTER (total_grade = '良') AS good,
        count(*) FILTER (total_grade = '中') AS fair, count(*) FILTER (total_grade = '差') AS poor,
        CAST(avg(total_computed) AS DECIMAL(18, 2)) AS mean_score,
        count(*) FILTER (money_unit IS NULL) AS without_money_unit
    FROM counted GROUP BY ALL""",
    # The same quantitative indicator in several projects of a department: numbers are added up, rates weighted by money, and only then
    # is it told how far the target was met.
    """CREATE OR REPLACE VIEW indicator_figures AS
    SELECT department, year, level1, level2, name, sign, unit, projects, target, actual,
        CAST(CASE WHEN target = 0 THEN CASE WHEN actual <= 0 THEN 1 ELSE 0 END
            WHEN sign IN ('≤', '<') THEN CASE WHEN actual <= target THEN 1 ELSE target / actual END
            ELSE least(1, actual / target) END AS DECIMAL(18, 6)) AS met
    FROM (
        SELECT counted_under AS department, c.year, i.level1, i.level2, i.name, i.sign, i.unit, count(*) AS projects,
            CASE WHEN i.unit = '%'
                THEN CAST(sum(i.target_number * c.budget_10k) / nullif(sum(c.budget_10k), 0) AS DECIMAL(34, 10))
                ELSE sum(i.target_number) END AS target,
            CASE WHEN i.unit = '%'
                THEN CAST(sum(i.actual_number * c.budget_10k) / nullif(sum(c.budget_10k), 0) AS DECIMAL(34, 10))
                ELSE sum(i.actual_number) END AS actual
        FROM indicators i JOIN counted c USING (source, book, sheet, "index")
        WHERE i.target_number IS NOT NULL AND i.actual_number IS NOT NULL
        GROUP BY counted_under, c.year, i.level1, i.level2, i.name, i.sign, i.unit)
    WHERE target IS NOT NULL""",
)
"""What people ask for most."""

Item = str | int | Decimal | None


def rows_as_text(rows: Iterable[Iterable[Item]]) -> bytes:
    """Rows in the form that `reader` reads: nothing is null, a quoted nothing is an empty text."""
    return _as_bytes("".join([f"{_line(row)}\n" for row in rows]))


def rows_of_forms_as_text(rows: Iterable[tuple[Iterable[Item], Iterable[Iterable[Item]]]]) -> bytes:
    """The rows of forms in that form: for each form its key, and its rows without it."""
    lines: list[str] = []
    for key, of_form in rows:
        start = _line(key)
        lines += [f"{start},{_line(row)}\n" for row in of_form]
    return _as_bytes("".join(lines))


def _line(row: Iterable[Item]) -> str:
    return ",".join(
        [
            "" if item is None else f'"{item}"' if isinstance(item, str) and '"' not in item else _written(item)
            for item in row
        ]
    )


def _as_bytes(lines: str) -> bytes:
    if "\0" in lines:
        lines = lines.replace("\0", "\\x00")
    try:
        return lines.encode()
    except UnicodeEncodeError:  # half a character somewhere
        return storable(lines).encode()


def _written(item: Item) -> str:
    if isinstance(item, Decimal):
        return _number(item)
    return _quoted(item) if isinstance(item, str) else str(item)


def _number(value: Decimal) -> str:
    text = str(value)
    if len(text) < _SURELY_FITS and text[-1] <= "9" and "E" not in text:
        return text
    # A number that no column could hold is left out; a check has long complained of it.
    return format(value, "f") if value.is_finite() and abs(value) < _TOO_LARGE else ""


def reader(table: Table, path: str) -> str:
    """The SQL that reads a file of `rows_as_text` as rows of a table."""
    columns = ", ".join(f"{_literal(name)}: {_literal(kind)}" for name, kind in table.columns.items())
    return (
        f"read_csv({_literal(_one_file(path))}, columns = {{{columns}}}, auto_detect = false, header = false, delim = ',', quote = '\"', "
        "escape = '\"', nullstr = '', allow_quoted_nulls = false, new_line = '\\n', max_line_size = 100000000)"
    )


def _one_file(path: str) -> str:
    """The path as a pattern that no other file fits."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in path)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
