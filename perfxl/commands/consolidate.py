"""`perfxl consolidate`: the workbooks of many departments into one store, and from there into a summary."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.commands.shared import add_books, add_common, add_judging, checked_profile, chosen_checks, sources_of
from perfxl.consolidate.collect import Collected, Judging, Task
from perfxl.consolidate.executors import cluster, core_count, run_on, run_on_cores
from perfxl.consolidate.json import write_store
from perfxl.consolidate.outputs import Output, Written
from perfxl.consolidate.run import Counts, Report, consolidate
from perfxl.consolidate.storefile import unsettled
from perfxl.consolidate.summary.identity import check_target
from perfxl.consolidate.summary.writing import write_summary
from perfxl.consolidate.text import write_report
from perfxl.errors import BadSettings
from perfxl.letters.writing import check_folder, write_letters
from perfxl.report.progress import Progress
from perfxl.reportpage.page import check_place, write_page
from perfxl.signs import shown

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from duckdb import DuckDBPyConnection

    from perfxl.consolidate.run import Run
    from perfxl.consolidate.submissions import Source


def add_arguments(parser: ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.description = (
        "读取许多部门的工作簿（文件、文件夹、通配符、zip 压缩包），逐张检查，在各表之间核对，写成一本汇总表。"
        "用 --store 存入汇总库的，再次运行只读新的和改过的；"
        "按 Ctrl-C 停止后，下次从停下的地方继续。工作簿不改动。"
    )
    add_books(parser)
    parser.add_argument(
        "-o", dest="out", metavar="文件", help="汇总表（.xlsx）；汇总库没有变化时，原有的汇总表保持原样"
    )
    parser.add_argument("--store", metavar="文件", help="汇总库（.duckdb），没有则新建；写了 -o 的可以不写")
    parser.add_argument("--name", metavar="名称", help="来源在库中的名称；不写则用文件夹名")
    parser.add_argument(
        "--expected", metavar="清单", help="应报部门和项目的清单（工作簿），列出没有报送的；以后沿用，直到另给一份"
    )
    parser.add_argument("--jobs", metavar="个数", type=int, help="同时使用的核心数；不写则用全部")
    parser.add_argument("--cluster", metavar="地址", help="交给 Dask 集群读取，如 tcp://10.0.0.5:8786")
    parser.add_argument(
        "--with-forms", action="store_true", help="把每张自评表照原样附在汇总表中；超过 200 张时按部门另成几本"
    )
    parser.add_argument("--force", action="store_true", help="-o 处已有的文件不是汇总表，或正被他人打开时，仍然替换")
    parser.add_argument(
        "--html", metavar="文件", help="写一个网页（.html）：主要数字、图表、部门、项目和问题；打开时不需要网络"
    )
    parser.add_argument(
        "--letters", metavar="文件夹", help="给每个有问题的部门写一份退回修改意见（.docx 和 .xlsx），放入这个文件夹"
    )
    add_judging(parser)
    add_common(parser)


def run(args: Namespace) -> int:
    """Runs the command; gives the exit status."""
    if args.jobs is not None and args.jobs < 1:
        raise BadSettings("--jobs 应为 1 或更大的整数。", key="--jobs")
    chosen = chosen_checks(args)
    judging = Judging(checked_profile(args), chosen.select, chosen.ignore)
    sources = sources_of(args)
    outputs = _outputs(args)
    letters = None if args.letters is None else Path(args.letters)
    if letters is not None:
        check_folder(letters)
    written: list[Written] = []

    def finish(sql: DuckDBPyConnection, of: list[Source]) -> None:
        written.extend(output(sql) for output in outputs)
        if letters is not None:
            written.append(write_letters(sql, letters, [source.name for source in of]))
        if args.format == "json":
            write_store(sql, of, written, sys.stdout)

    with ExitStack() as stack:
        store = args.store or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="perfxl-")), "汇总.duckdb")
        executor = stack.enter_context(_executor(args))
        bar = stack.enter_context(Progress("汇总", 0, lines=None))
        try:
            report = consolidate(
                sources,
                Path(store),
                executor,
                judging,
                name=args.name,
                expected=None if args.expected is None else Path(args.expected),
                progress=_shown_on(bar),
                threads=args.jobs or core_count(),
                finish=finish,
            )
        except KeyboardInterrupt:
            raise KeyboardInterrupt(_stopped(args.store)) from None
    if args.format == "text":
        write_report(report, args.store, written, sys.stdout)
    sys.stdout.flush()
    if args.store is not None and (left := unsettled(Path(args.store))) is not None:
        raise left
    return _status(report)


def _outputs(args: Namespace) -> list[Output]:
    """What is to be made of the store; what cannot be written is told before an hour of reading, not after it."""
    outputs: list[Output] = []
    if args.with_forms and args.out is None:
        raise BadSettings("--with-forms 把自评表附在汇总表中，请同时用 -o 给出汇总表。", key="--with-forms")
    if args.out is not None:
        out = Path(args.out)
        if out.suffix.lower() != ".xlsx":
            raise BadSettings("-o 应为以 .xlsx 结尾的文件名。", key="-o")
        check_target(out, force=args.force)
        outputs.append(partial(write_summary, out=out, with_forms=args.with_forms, force=args.force))
    if args.html is not None:
        page = Path(args.html)
        check_place(page)
        outputs.append(partial(write_page, out=page))
    if not outputs and args.letters is None and args.store is None:
        raise BadSettings(
            "没有写明结果放在哪里。请用 -o 给出汇总表（.xlsx）、--store 给出汇总库（.duckdb）、--html 给出网页，"
            "或 --letters 给出放退回修改意见的文件夹，可以同时给几样。",
            key="-o",
        )
    return outputs


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


def _stopped(store: str | None) -> str:
    """What to say after Ctrl-C."""
    if store is None:
        return "已按 Ctrl-C 停止，汇总没有做完。工作簿没有改动。写上 --store，下次可以从停下的地方继续。"
    return f"已按 Ctrl-C 停止。已经读入的都在汇总库“{shown(store)}”中，再运行一次，从停下的地方继续。工作簿没有改动。"


def _status(report: Report) -> int:
    if report.figures.failures:
        return 2
    return 1 if report.figures.has_errors else 0
