"""The command line: arguments to workflow to report. No rules stand here."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl import __version__
from perfxl.errors import BadSettings, PerfxlError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from perfxl.checks import Choice
    from perfxl.outcome import Outcome
    from perfxl.sources import Book
    from perfxl.workflows import Progress

_FAILED = 2
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; gives the exit status: 0 nothing wrong, 1 errors remain in a form, 2 a file could not be done, 130 Ctrl-C."""
    # Forms are tuples without cycles: looking for cycles among them at each thousandth object costs a quarter of a run.
    gc.set_threshold(200_000, 20, 100)
    try:
        args = build_parser().parse_args(arguments)
        run = args.run
        try:
            return int(run(args))
        except PerfxlError as error:
            if args.verbose:
                raise
            _complain(str(error))
            return _FAILED
    except KeyboardInterrupt:
        _complain("已按 Ctrl-C 停止。已经处理完的文件保持处理后的样子，其余文件没有改动。")
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output is gone; say nothing more, and keep Python from trying to when it closes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FAILED


def build_parser() -> ArgumentParser:
    """The parser of all commands; the documentation prints its help."""
    from perfxl.arguments import ChineseParser

    parser = ChineseParser(
        prog="perfxl",
        description="项目支出绩效自评表：检查、计算得分，就地更正，可撤销。",
        epilog="退出状态：0 没有错误；1 已完成，表中仍有错误；2 有文件未能处理；130 按 Ctrl-C 停止。",
    )
    parser.add_argument("--version", action="version", version=f"perfxl {__version__}", help="显示版本号")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True)

    check = commands.add_parser(
        "check",
        help="检查，列出问题",
        description="检查工作簿中的自评表，列出问题，不改动文件；加 --mark 则把问题标记在工作簿中。",
    )
    _books(check)
    _judging(check)
    check.add_argument("--explain-reading", action="store_true", help="列出每个单元格被读作什么、读出了什么")
    check.add_argument(
        "--marked-copy",
        metavar="文件",
        help="另写一个网页（.html），画出各张工作表，用颜色标出每个单元格被读作什么；工作簿不改动",
    )
    check.add_argument("--mark", action="store_true", help="在有问题的单元格上加底色和批注，并列在工作表“检查结果”中")
    _writing(check)
    check.set_defaults(run=_check)

    score = commands.add_parser(
        "score",
        help="计算执行率、得分、总分，就地更正",
        description="按评分规则计算执行率、执行率得分、可定的指标得分、总分和等级，就地更正；每处改动都列出，可用 perfxl undo 撤销。",
    )
    _books(score)
    _judging(score)
    score.add_argument(
        "--overwrite",
        choices=["none", "arithmetic", "all"],
        default="arithmetic",
        help="none 只填空格；arithmetic（默认）更正执行率、执行率得分、总分、等级；all 连填报人所填的定量指标得分也按规则改",
    )
    _writing(score)
    score.set_defaults(run=_score)

    clear = commands.add_parser(
        "clear",
        help="清除标记",
        description="清除 perfxl 加的底色、批注和工作表“检查结果”，恢复原来的底色；他人写的批注和内容不动。",
    )
    _books(clear)
    _writing(clear)
    _common(clear)
    clear.set_defaults(run=_clear)

    undo = commands.add_parser(
        "undo", help="撤销上一次改动", description="把工作簿逐字节恢复到上一次改动之前；再次运行则再退一步。"
    )
    undo.add_argument("book", metavar="工作簿", help="要恢复的工作簿")
    undo.add_argument(
        "--force", action="store_true", help="改动之后又有人保存过，仍然恢复（被替换的内容会另外保留，可再撤销）"
    )
    _common(undo)
    undo.set_defaults(run=_undo)

    new = commands.add_parser(
        "new",
        help="生成空白表，或从计划生成填好的自评表",
        description="生成空白的表；给出计划则生成自评表：项目、代码、年度、预算、目标、指标、分值都已填好，一个主管部门一个工作簿。"
        "计划可以是本工具的计划表、绩效目标申报表，或系统导出的一行一个指标的表。",
    )
    new.add_argument("out", metavar="输出", help="带扩展名的是文件，否则是文件夹")
    new.add_argument(
        "--template",
        metavar="名称",
        help="模板：2019、2020、2021、department、declaration、plan、ledger；不写则按年度和指标选用",
    )
    new.add_argument("--plan", metavar="计划", nargs="+", help="计划所在的文件、文件夹或通配符")
    new.add_argument(
        "--per", choices=["department", "project"], default="department", help="一个部门（默认）或一个项目一个工作簿"
    )
    _common(new)
    new.set_defaults(run=_new)

    consolidate = commands.add_parser(
        "consolidate",
        help="把许多工作簿汇总到一个库",
        description="读取许多部门的工作簿（文件、文件夹、通配符、zip 压缩包），逐张检查，存入汇总库，并在各表之间核对。再次运行只读新的和改过的；"
        "按 Ctrl-C 停止后，下次从停下的地方继续。工作簿不改动。",
    )
    _books(consolidate)
    consolidate.add_argument("--store", metavar="文件", required=True, help="汇总库（.duckdb），没有则新建")
    consolidate.add_argument("--name", metavar="名称", help="来源在库中的名称；不写则用文件夹名")
    consolidate.add_argument(
        "--expected", metavar="清单", help="应报部门和项目的清单（工作簿），列出没有报送的；以后沿用，直到另给一份"
    )
    consolidate.add_argument("--jobs", metavar="个数", type=int, help="同时使用的核心数；不写则用全部")
    consolidate.add_argument("--cluster", metavar="地址", help="交给 Dask 集群读取，如 tcp://10.0.0.5:8786")
    _judging(consolidate)
    consolidate.set_defaults(run=_consolidate)

    query = commands.add_parser(
        "query",
        help="查询汇总库",
        description="向 perfxl consolidate 写成的汇总库提问：SQL（DuckDB 的写法）或现成的问题。只读。",
    )
    query.add_argument("store", metavar="汇总库", help="汇总库文件")
    query.add_argument("question", metavar="问题", nargs="?", help="SQL，或现成问题的名称")
    query.add_argument("--list", action="store_true", help="列出现成的问题")
    query.add_argument("--parquet", metavar="文件夹", help="把全部数据表导出为 Parquet 文件")
    _common(query)
    query.set_defaults(run=_query)

    populate = commands.add_parser(
        "populate",
        help="把计划、执行台账填进已有的自评表",
        description="用计划表、绩效目标申报表、执行台账、上年的表填写自评表的空格，就地修改；所填的内容不动，与来源不同的列出。"
        "按项目代码对应，没有代码的按项目名称对应。",
    )
    _books(populate)
    populate.add_argument(
        "--from", dest="sources", metavar="来源", nargs="+", default=[], help="计划表、申报表、系统导出表、执行情况表"
    )
    populate.add_argument(
        "--last-year",
        metavar="上年表",
        nargs="+",
        default=[],
        help="上年的自评表：填部门、单位、指标和分值，不填金额和日期",
    )
    populate.add_argument("--dry-run", action="store_true", help="只说明会填什么，不写文件")
    populate.add_argument("--force", action="store_true", help="文件正被他人打开、或带数字签名时仍然写入")
    _common(populate)
    populate.set_defaults(run=_populate)

    export = commands.add_parser(
        "export",
        help="把自评表导出为 Word 或 PDF，供公开",
        description="把工作簿中的自评表导出为一份 .docx 或 .pdf：A4 纵向，每张表另起一页，续页重复表名和表头。"
        "表中有手机号、身份证号时不导出。PDF 由 LibreOffice 生成。",
    )
    _books(export)
    export.add_argument(
        "-o", dest="out", metavar="输出", required=True, help="以 .docx 或 .pdf 结尾的文件名；已有的会被替换"
    )
    export.add_argument("--allow-personal-data", action="store_true", help="表中有个人信息时仍然导出")
    _common(export)
    export.set_defaults(run=_export)

    explain = commands.add_parser(
        "explain", help="解释一项检查", description="说明一项检查查什么、为什么、依据和怎么改。"
    )
    explain.add_argument("code", metavar="代码", help="检查代码，如 FND001；list 列出全部")
    explain.add_argument("--verbose", action="store_true", help="出错时显示技术细节")
    explain.set_defaults(run=_explain)

    demo = commands.add_parser(
        "demo",
        help="演示：生成样例工作簿并计算",
        description="在一个新文件夹中生成几份样例自评表，检查、计算，说明错在哪里、改了什么、到哪里看。",
    )
    demo.add_argument("folder", metavar="文件夹", help="放样例的文件夹；其中已有的同名样例会被重新生成")
    demo.add_argument("--verbose", action="store_true", help="出错时显示技术细节")
    demo.set_defaults(run=_demo)
    return parser


def _books(parser: ArgumentParser) -> None:
    parser.add_argument("books", metavar="工作簿", nargs="*", help="文件、文件夹（连同子文件夹）或通配符")
    parser.set_defaults(books_after_codes=[], missing_books=lambda: parser.error("缺少必需的内容：工作簿"))


def _judging(parser: ArgumentParser) -> None:
    from perfxl.arguments import Codes

    profile_help = "评分规则，如 national-2020，或自己的规则文件（.toml）；不写则按 perfxl.toml，再按表样和年度选用"
    parser.add_argument("--profile", metavar="名称", help=profile_help)
    parser.add_argument("--select", metavar="代码", nargs="+", action=Codes, help="只做这些检查，如 FND001 SCR008")
    parser.add_argument("--ignore", metavar="代码", nargs="+", action=Codes, help="不做这些检查")
    _common(parser)


def _writing(parser: ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="只说明会改什么，不写文件")
    parser.add_argument("--force", action="store_true", help="文件正被他人打开、或带数字签名时仍然写入")


def _common(parser: ArgumentParser) -> None:
    parser.add_argument("--format", choices=["text", "json"], default="text", help="输出给人看的文字（默认）或 JSON")
    parser.add_argument("--verbose", action="store_true", help="出错时显示技术细节")


def _check(args: Namespace) -> int:
    from perfxl.workflows import Options, check_books

    options = Options(args.profile, dry_run=args.dry_run, force=args.force, checks=_chosen(args), mark=args.mark)
    if args.marked_copy is not None and Path(args.marked_copy).suffix.lower() not in (".html", ".htm"):
        raise BadSettings(
            f"--marked-copy 写的是网页，文件名应以 .html 结尾，现为“{args.marked_copy}”。", key="marked-copy"
        )

    def work(books: list[Book], progress: Progress) -> Outcome:
        outcome = check_books(books, options, progress)
        if args.marked_copy is not None:
            _write_page(Path(args.marked_copy), books, outcome)
        return outcome

    return _over_books(args, "检查", work)


def _write_page(path: Path, books: list[Book], outcome: Outcome) -> None:
    from perfxl.files import replace_file
    from perfxl.report.reading import reading_page
    from perfxl.workflows import sheets_with_forms

    pieces = reading_page(sheets_with_forms(books))
    replace_file(path, (piece.encode("utf-8", "backslashreplace") for piece in pieces))
    outcome.notes.append((str(path), "已写好标色的网页，可用浏览器打开；工作簿没有改动。"))


def _score(args: Namespace) -> int:
    from perfxl.edits import Overwrite
    from perfxl.workflows import Options, score_books

    options = Options(args.profile, Overwrite(args.overwrite), args.dry_run, args.force, _chosen(args))
    return _over_books(args, "计算", lambda books, progress: score_books(books, options, progress))


def _chosen(args: Namespace) -> Choice:
    from perfxl.checks import choose

    return choose(args.select, args.ignore or ())


def _clear(args: Namespace) -> int:
    from perfxl.workflows import Options, clear_books

    args.profile = None
    options = Options(dry_run=args.dry_run, force=args.force)
    return _over_books(args, "清除标记", lambda books, progress: clear_books(books, options, progress))


def _over_books(args: Namespace, what: str, work: Callable[[list[Book], Progress], Outcome]) -> int:
    from perfxl.report.progress import Progress as Bar
    from perfxl.report.text import book_line
    from perfxl.rules import load_profile
    from perfxl.sources import find_books

    if args.profile is not None:
        load_profile(args.profile)  # a wrong name is one message, not one a book
    books, failures = find_books(_sources(args))
    lines = sys.stdout if args.format == "text" and len(books) > 1 else None
    with Bar(what, len(books), lines=lines) as bar:

        def progress(number: int, total: int, book: Book, outcome: Outcome) -> None:
            bar.step(book_line(number, total, book.name, outcome))

        outcome = work(books, progress)
    outcome.failures = failures + outcome.failures
    _report(args, outcome)
    return outcome.exit_status


def _sources(args: Namespace) -> list[str]:
    sources: list[str] = args.books + args.books_after_codes
    if not sources:
        args.missing_books()
    return sources


def _consolidate(args: Namespace) -> int:
    from perfxl.consolidate.collect import Judging
    from perfxl.consolidate.command import run_consolidate
    from perfxl.rules import load_profile

    if args.profile is not None:
        load_profile(args.profile)
    chosen = _chosen(args)
    return run_consolidate(args, _sources(args), Judging(args.profile, chosen.select, chosen.ignore))


def _query(args: Namespace) -> int:
    from perfxl.consolidate.command import run_query

    return run_query(args)


def _report(args: Namespace, outcome: Outcome) -> None:
    reading = getattr(args, "explain_reading", False)
    if args.format == "json":
        from perfxl.report.json import write_json

        write_json(outcome, sys.stdout, reading=reading)
    else:
        if reading:
            from perfxl.report.reading import write_reading

            write_reading((judged.scored.form for judged in outcome.forms), sys.stdout)
        from perfxl.report.text import write_text

        write_text(outcome, sys.stdout)
    sys.stdout.flush()


def _complain(message: str) -> None:
    from perfxl.report.terminal import emit

    emit(sys.stderr, message)


def _undo(args: Namespace) -> int:
    from perfxl.workflows import undo_book

    outcome = undo_book(Path(args.book), force=args.force)
    _report(args, outcome)
    return outcome.exit_status


def _new(args: Namespace) -> int:
    from perfxl.outcome import Outcome
    from perfxl.populate.books import new_blank, new_from_plan
    from perfxl.sources import find_books

    if args.plan is None:
        outcome = new_blank(Path(args.out), args.template)
    else:
        books, failures = find_books(args.plan)
        outcome = Outcome(failures=failures)
        if not failures:
            outcome = new_from_plan(Path(args.out), books, args.template, per_project=args.per == "project")
    _report(args, outcome)
    return outcome.exit_status


def _populate(args: Namespace) -> int:
    from perfxl.errors import BadSettings
    from perfxl.outcome import Outcome
    from perfxl.populate.populating import populate_books
    from perfxl.sources import find_books

    if not args.sources and not args.last_year:
        raise BadSettings(
            "没有给出来源。请用 --from 给出计划表、申报表或执行情况表，或用 --last-year 给出上年的表。", key="--from"
        )
    found = [find_books(arguments) for arguments in (args.books, args.sources, args.last_year)]
    (books, failures), (sources, missing), (last_year, lost) = found
    outcome = Outcome(failures=missing + lost)
    if not outcome.failures:
        outcome = populate_books(books, sources, last_year=last_year, dry_run=args.dry_run, force=args.force)
    outcome.failures = failures + outcome.failures
    _report(args, outcome)
    return outcome.exit_status


def _export(args: Namespace) -> int:
    from perfxl.export.exporting import export_books
    from perfxl.outcome import Outcome
    from perfxl.sources import find_books

    books, failures = find_books(args.books)
    outcome = Outcome(failures=failures)
    if not failures:
        outcome = export_books(books, Path(args.out), allow_personal_data=args.allow_personal_data)
    _report(args, outcome)
    return outcome.exit_status


def _explain(args: Namespace) -> int:
    from perfxl.checks.explain import explain, explain_list

    print(explain_list() if args.code.lower() == "list" else explain(args.code))
    return 0


def _demo(args: Namespace) -> int:
    from perfxl.demo import run_demo

    return run_demo(Path(args.folder), sys.stdout)
