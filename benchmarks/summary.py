"""What a summary workbook costs: `python benchmarks/summary.py [ROWS]`.

One run, whole processes: perfxl writes the whole summary of a store (all sheets, with formats, links, charts and formulas), pandas with
XlsxWriter and with openpyxl write nothing but the rows of its sheet 指标, 16 columns, without any format.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROWS = 100_000
BOOKS = 100
GOALS = {
    "pandas with XlsxWriter ÷ perfxl, CPU (at least)": 1.5,
    "pandas with openpyxl ÷ perfxl, CPU (at least)": 2.0,
    "perfxl, MB (at most)": 150.0,
}

_PERFXL = """
import sys
from pathlib import Path
from perfxl.consolidate.store import read_store
from perfxl.consolidate.summary.writing import write_summary
with read_store(Path(sys.argv[1])) as sql:
    write_summary(sql, Path(sys.argv[2]))
"""
_PANDAS = """
import sys
from pathlib import Path
from pandas import DataFrame
from perfxl.consolidate.store import read_store
from perfxl.consolidate.summary.sheets import SHEET_ROWS, Details, detail_sheets
sheet = detail_sheets()["indicators"]
columns = [column.heading for column in sheet.columns]
def whole(row):
    of_form, own = map(iter, row)
    return [next(of_form if column.field else own) for column in sheet.columns]
with read_store(Path(sys.argv[1])) as sql:
    rows = map(whole, Details(sql).rows(sheet, SHEET_ROWS))
    DataFrame(rows, columns=columns).to_excel(sys.argv[2], sheet_name=sheet.name, index=False, engine=sys.argv[3])
"""


class Cost(NamedTuple):
    """Of a whole process: seconds of CPU and wall, its largest size in megabytes, and that of the workbook."""

    cpu: float
    wall: float
    memory: float
    size: float


def fill_store(path: Path, rows: int) -> None:
    """A store of made books, its rows repeated under other sources up to a number of indicators."""
    import duckdb
    from make_books import make_books

    from perfxl.consolidate.executors import run_here
    from perfxl.consolidate.run import consolidate

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "books")
        make_books(folder, BOOKS)
        consolidate([str(folder)], path, run_here)
    with duckdb.connect(str(path)) as sql:
        found = sql.execute("SELECT count(*) FROM indicators").fetchone()
        made = found[0] if found else 0
        times = -(-rows // made)
        for table in ("books", "forms", "funds", "indicators", "findings"):
            sql.execute(
                f"INSERT INTO {table} SELECT t.* REPLACE (t.source || n AS source) FROM {table} t, range(1, {times}) r(n) "
                "ORDER BY n, t.rowid"
            )


def fill_apart(path: Path, rows: int) -> None:
    """`fill_store` in a process of its own: a program is measured no smaller than the one that starts it."""
    code = "import sys; from pathlib import Path; from summary import fill_store; fill_store(Path(sys.argv[1]), int(sys.argv[2]))"
    subprocess.run([sys.executable, "-c", code, path, str(rows)], cwd=Path(__file__).parent, check=True)


def cost(code: str, store: Path, out: Path, *more: str) -> Cost:
    """What a program costs that writes a workbook from a store."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code, store, out, *more])
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.args
    wall = time.perf_counter() - start
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, out.stat().st_size / 1e6)


def main() -> int:
    """1 where a goal is missed."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        fill_apart(scratch / "a.duckdb", wanted)
        costs = {
            "perfxl": cost(_PERFXL, scratch / "a.duckdb", scratch / "a.xlsx"),
            "pandas, xlsxwriter": cost(_PANDAS, scratch / "a.duckdb", scratch / "b.xlsx", "xlsxwriter"),
            "pandas, openpyxl": cost(_PANDAS, scratch / "a.duckdb", scratch / "c.xlsx", "openpyxl"),
        }
    print(f"at least {wanted} indicators")
    for who, each in costs.items():
        print(
            f"{who:20} {each.cpu:6.1f} s CPU {each.wall:6.1f} s wall {each.memory:5.0f} MB, a file of {each.size:.1f} MB"
        )
    ours, *theirs = costs.values()
    values = [*(each.cpu / ours.cpu for each in theirs), ours.memory]
    met = True
    for (what, goal), value in zip(GOALS.items(), values, strict=True):
        good = value <= goal if "MB" in what else value >= goal
        met &= good
        print(f"{'ok  ' if good else 'MISS'} {value:6.2f} {what}: {goal:g}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
