"""The commands `consolidate` and `query`: their options to the functions, the outcome to a report."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.consolidate.collect import Collected, Judging, Task
from perfxl.consolidate.executors import cluster, core_count, run_on, run_on_cores
from perfxl.consolidate.run import Counts, Report, consolidate
from perfxl.errors import BadSettings
from perfxl.report.progress import Progress

if TYPE_CHECKING:
    from argparse import Namespace

    from perfxl.consolidate.run import Run


def run_consolidate(args: Namespace, sources: Sequence[str], judging: Judging) -> int:
    """Runs `consolidate`; 0 nothing wrong, 1 errors in the forms, 2 a file could not be read."""
    from perfxl.consolidate.json import write_store
    from perfxl.consolidate.text import write_report

    if args.jobs is not None and args.jobs < 1:
        raise BadSettings("--jobs 应为 1 或更大的整数。", key="--jobs")
    as_json = args.format == "json"
    finish = partial(write_store, stream=sys.stdout) if as_json else None
    with _executor(args) as run, Progress("汇总", 0, lines=None) as bar:
        report = consolidate(
            sources,
            Path(args.store),
            run,
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


def run_query(args: Namespace) -> int:
    """Runs `query`."""
    from perfxl.consolidate.queries import answer, export_tables, list_questions

    if args.list:
        list_questions(sys.stdout)
    elif args.parquet is not None:
        export_tables(Path(args.store), Path(args.parquet), sys.stdout)
    elif args.question is None:
        raise BadSettings("请给出 SQL 或现成问题的名称；--list 列出现成的问题。", key="query")
    else:
        answer(Path(args.store), args.question, sys.stdout, as_json=args.format == "json")
    sys.stdout.flush()
    return 0
