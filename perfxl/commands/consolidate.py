"""`perfxl consolidate`: the workbooks of many departments into one store."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.commands.shared import add_books, add_common, add_judging, checked_profile, chosen_checks, sources_of
from perfxl.consolidate.collect import Collected, Judging, Task
from perfxl.consolidate.executors import cluster, core_count, run_on, run_on_cores
from perfxl.consolidate.json import write_store
from perfxl.consolidate.run import Counts, Report, consolidate
from perfxl.consolidate.text import write_report
from perfxl.errors import BadSettings
from perfxl.report.progress import Progress

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from perfxl.consolidate.run import Run


def add_arguments(parser: ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.description = (
        "读取许多部门的工作簿（文件、文件夹、通配符、zip 压缩包），逐张检查，存入汇总库，并在各表之间核对。再次运行只读新的和改过的；"
        "按 Ctrl-C 停止后，下次从停下的地方继续。工作簿不改动。"
    )
    add_books(parser)
    parser.add_argument("--store", metavar="文件", required=True, help="汇总库（.duckdb），没有则新建")
    parser.add_argument("--name", metavar="名称", help="来源在库中的名称；不写则用文件夹名")
    parser.add_argument(
        "--expected", metavar="清单", help="应报部门和项目的清单（工作簿），列出没有报送的；以后沿用，直到另给一份"
    )
    parser.add_argument("--jobs", metavar="个数", type=int, help="同时使用的核心数；不写则用全部")
    parser.add_argument("--cluster", metavar="地址", help="交给 Dask 集群读取，如 tcp://10.0.0.5:8786")
    add_judging(parser)
    add_common(parser)


def run(args: Namespace) -> int:
    """Runs the command; gives the exit status."""
    if args.jobs is not None and args.jobs < 1:
        raise BadSettings("--jobs 应为 1 或更大的整数。", key="--jobs")
    chosen = chosen_checks(args)
    judging = Judging(checked_profile(args), chosen.select, chosen.ignore)
    sources = sources_of(args)
    as_json = args.format == "json"
    finish = partial(write_store, stream=sys.stdout) if as_json else None
    with _executor(args) as executor, Progress("汇总", 0, lines=None) as bar:
        report = consolidate(
            sources,
            Path(args.store),
            executor,
            judging,
            name=args.name,
            expected=None if args.expected is None else Path(args.expected),
            progress=_shown_on(bar),
            threads=args.jobs or core_count(),
            finish=finish,
        )
    if not as_json:
        write_report(report, args.store, sys.stdout)
    sys.stdout.flush()
    return _status(report)


@contextmanager
def _executor(args: Namespace) -> Iterator[Run]:
    if args.cluster is None:
        yield partial(run_on_cores, jobs=args.jobs)
        return
    with cluster(args.cluster) as (executor, workers):

        def run(tasks: Sequence[Task], judging: Judging) -> Iterator[Collected]:
            return run_on(executor, tasks, judging, workers=workers)

        yield run


def _shown_on(bar: Progress) -> Callable[[Counts], None]:
    def show(counts: Counts) -> None:
        bar.total = counts.total
        bar.step("", so_far=f"{counts.forms} 张表，{counts.findings} 个问题")

    return show


def _status(report: Report) -> int:
    if report.figures.failures:
        return 2
    return 1 if report.figures.errors else 0
