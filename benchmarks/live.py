"""What a click costs in LibreOffice: `python benchmarks/live.py`.

A form of thirty indicators stands open, with ten blank scores, a wrong rate and total, and reasons that are missing. A click is a process
of its own, as a button starts it: `perfxl live score`, and `perfxl live undo` after it, so that each has the same to do. The processor's
time of that process is perfxl's own: starting, loading xlwings, reading the form, judging, deciding what to write, packing its calls.
What the clock shows beyond that is the program's, which reads and writes while the process waits. Medians over some clicks, after one
that warms up; beside them a process that only loads xlwings and UNO.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from forms import HEAD

from perfxl.errors import NotReachable
from perfxl.workbooks.live.application import Application, connect, open_file

GOAL = 0.5
CLICKS = 9
_PATIENCE = 60.0
_LOAD = "from perfxl.workbooks.live.xl import xlwings_module as x; from perfxl.workbooks.live.libreoffice.bridge import uno; x(); uno()"
_LEVELS = (("产出指标", "数量指标", 18), ("效益指标", "社会效益指标", 9), ("满意度指标", "服务对象满意度指标", 3))


class Cost(NamedTuple):
    """Seconds by the clock, and those of the processor in the process itself."""

    wall: float
    own: float


def main() -> int:
    """Print the medians; 1 where a click takes more of its own time than the goal."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, office(Path(name)) as accept:
        os.environ["PERFXL_DATA"] = str(Path(name, "data"))
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(name, "compiled"))  # as an installed package is
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        path = write_large_form(Path(name, "form.xlsx"))
        open_file(connected(accept), path)
        live = ["-m", "perfxl", "live"]
        loads, scores, undos = [], [], []
        for _ in range(CLICKS + 1):
            loads.append(cost("-c", _LOAD))
            scores.append(cost(*live, "score", "--connect", accept))
            undos.append(cost(*live, "undo", "--connect", accept))
    for told, costs in (("load xlwings and UNO", loads), ("score", scores), ("undo", undos)):
        own, wall = (statistics.median(values) for values in zip(*((c.own, c.wall) for c in costs[1:]), strict=True))
        print(f"{told}: own {own:.2f} s, program's reads and writes {wall - own:.2f} s")
    return int(statistics.median(click.own for click in scores[1:]) > GOAL)


def cost(*command: str) -> Cost:
    """Runs a Python process to its end."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1) or process.stderr is None:
        raise SystemExit(process.stderr.read().decode() if process.stderr else "")
    return Cost(time.perf_counter() - start, used.ru_utime + used.ru_stime)


@contextmanager
def office(folder: Path) -> Iterator[str]:
    """A LibreOffice in a profile of its own; gives its accept string."""
    accept = f"pipe,name=perfxlbench{os.getpid()}"
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    process = subprocess.Popen(
        [*command, f"--accept={accept};urp"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield accept
    finally:
        connected(accept).app.quit()
        process.wait(_PATIENCE)


def connected(accept: str) -> Application:
    """The office once it listens."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return connect("libreoffice", accept)
        except NotReachable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def write_large_form(path: Path) -> Path:
    """The form of thirty indicators."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        boxed = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
        rate = book.add_format({"border": 1, "num_format": "0.00%"})
        sheet = book.add_worksheet("自评表")
        sheet.merge_range("A1:I1", "项目支出绩效自评表", title)
        sheet.merge_range("A2:I2", "（2022年度）", title)
        for row, label in ((2, "项目名称"), (3, "主管部门")):
            sheet.write(row, 0, label, boxed)
            sheet.merge_range(row, 1, row, 8, label + "甲", boxed)
        sheet.write_row(4, 3, ["年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"], boxed)
        for row, label in ((5, "年度资金总额"), (6, "其中：当年财政拨款")):
            sheet.merge_range(row, 1, row, 2, label, boxed)
            sheet.write_row(row, 3, [300, 300, 287.4, 10], boxed)
            sheet.write(row, 7, 1, rate)
            sheet.write(row, 8, 10, boxed)
        sheet.write_row(8, 0, HEAD, boxed)
        row = 9
        for level1, level2, count in _LEVELS:
            for number in range(count):
                short = number % 6 == 5
                cells = [level1, level2, f"{level2}之{number + 1}", f"≥{number + 2}次", f"{number + 2 - short}次", 3]
                sheet.write_row(row, 1, cells, boxed)
                sheet.write(row, 7, None if number % 3 == 0 else 2 if short else 3, boxed)
                sheet.write(row, 8, None, boxed)
                row += 1
        sheet.merge_range(row, 0, row, 5, "总分", boxed)
        sheet.write_row(row, 6, [100, 98], boxed)
    return path


if __name__ == "__main__":
    sys.exit(main())
