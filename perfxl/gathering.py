"""The button 汇总: gathers a folder that the user chooses into a summary workbook there, and opens it in the spreadsheet program."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from perfxl.consolidate.run import Counts
    from perfxl.consolidate.submissions import Source
    from perfxl.workbooks.live.application import Application

SUMMARY = "汇总.xlsx"
_TITLE = "请选择存放各部门自评表的文件夹"
_BETWEEN = 0.3  # seconds from one word on progress to the next


def gather(application: Application, start: Path | None, say: Callable[[str], None]) -> str:
    """Lets the user choose a folder, first shown `start`; gives the message to close with. `say` takes how far it is.

    Raises:
        UnwritableBook: there is another file where the summary would go, or someone has it open.
    """
    chosen = application.native.choose_folder(application.app, _TITLE, start)
    if chosen is None:
        return "没有选择文件夹，没有汇总。"
    return _gathered(application, Path(chosen), say)


def _gathered(application: Application, folder: Path, say: Callable[[str], None]) -> str:
    from perfxl.consolidate.executors import core_count, run_on_cores
    from perfxl.consolidate.run import consolidate
    from perfxl.consolidate.summary.identity import check_target
    from perfxl.consolidate.summary.writing import write_summary
    from perfxl.workbooks.live.application import open_file

    out = folder / SUMMARY
    check_target(out)

    def finish(sql: DuckDBPyConnection, _: list[Source]) -> None:
        if sql.execute("SELECT 1 FROM forms LIMIT 1").fetchone():
            say("正在写汇总表……")
            write_summary(sql, out)

    with tempfile.TemporaryDirectory(prefix="perfxl-") as scratch:
        figures = consolidate(
            [str(folder)],
            Path(scratch, "汇总.duckdb"),
            partial(run_on_cores, jobs=None),
            progress=_told(say),
            threads=core_count(),
            finish=finish,
        ).figures
    if not figures.forms:
        return f"没有汇总：这个文件夹里没有找到自评表：{folder}"
    open_file(application, out)
    told = [f"已汇总 {figures.books} 本工作簿、{figures.forms} 张自评表：{out}"]
    if figures.failures:
        told.append(f"{len(figures.failures)} 个文件未能读取，列在工作表“读取失败”中。")
    return "\n".join([*told, "已保存到磁盘的内容才算在内；改了之后请保存，再点一次“汇总”。"])


def _told(say: Callable[[str], None]) -> Callable[[Counts], None]:
    """Says books done, forms, findings and the time left, not more often than an eye follows."""
    started = said = time.monotonic()

    def tell(counts: Counts) -> None:
        nonlocal said
        now = time.monotonic()
        if now - said < _BETWEEN:
            return
        said = now
        left = (now - started) / counts.done * (counts.total - counts.done)
        say(
            f"正在汇总：{counts.done}/{counts.total} 本，{counts.forms} 张表，{counts.findings} 个问题，"
            f"还需约 {max(1, round(left))} 秒"
        )

    return tell
