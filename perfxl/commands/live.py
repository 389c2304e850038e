"""`perfxl live`: the same work on the workbook that stands open in the spreadsheet program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.commands.shared import add_common, add_judging, checked_profile, chosen_checks, report
from perfxl.edits import Overwrite
from perfxl.errors import BadSettings
from perfxl.outcome import Outcome
from perfxl.workflows import Options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from perfxl.workbooks.live.application import Application, OpenBook

_ACTIONS = {
    "score": "计算得分",
    "check": "检查并标记",
    "clear": "清除标记",
    "undo": "撤销上一次",
    "populate": "从 --from 的来源填空格",
}


def add_arguments(parser: ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.description = (
        "在表格程序（Excel、WPS、LibreOffice）中打开的工作簿上计算、检查、清除标记、撤销：按钮做的就是这些。"
        "改动直接显示在程序里，由您保存；撤销可以一步步退回，直到工作簿关闭。"
    )
    listed = "；".join(f"{action} {what}" for action, what in _ACTIONS.items())
    parser.add_argument("action", metavar="操作", choices=_ACTIONS, help=listed)
    parser.add_argument(
        "--app",
        choices=["auto", "excel", "wps", "libreoffice"],
        default="auto",
        help="哪个程序；auto（默认）取正在运行的，先 Excel，再 WPS，再 LibreOffice",
    )
    parser.add_argument("--book", metavar="名称", help="工作簿的名称或完整路径；不写则取正在看的那个")
    parser.add_argument(
        "--connect", metavar="地址", help="已经打开的 LibreOffice 的连接地址，如 pipe,name=x（它要以 --accept 启动）"
    )
    parser.add_argument(
        "--overwrite",
        choices=[each.value for each in Overwrite],
        default="arithmetic",
        help="score 可以改写什么，同 perfxl score",
    )
    parser.add_argument("--no-mark", action="store_true", help="check 只列出问题，不在工作簿里标记")
    parser.add_argument("--force", action="store_true", help="undo 时，那以后又被改过的单元格也恢复")
    parser.add_argument(
        "--from",
        dest="sources",
        metavar="来源",
        nargs="+",
        default=[],
        help="populate 的来源：计划表、申报表、系统导出表、执行情况表",
    )
    parser.add_argument("--last-year", metavar="上年表", nargs="+", default=[], help="populate 的来源：上年的自评表")
    add_judging(parser)
    add_common(parser)


def run(args: Namespace) -> int:
    """Runs the command; gives the exit status."""
    from perfxl.workbooks.live.application import connect, open_file

    application = connect(args.app, args.connect)
    if args.book is not None and Path(args.book).is_file() and not application.has(args.book):
        book = open_file(application, Path(args.book).absolute())
    else:
        book = application.book(args.book)
    outcome = _done(args, application, book)
    report(args, outcome)
    return 0 if args.action not in ("score", "check") and not outcome.failures else outcome.exit_status


def _done(args: Namespace, application: Application, book: OpenBook) -> Outcome:
    from perfxl.liveruns import check_open, clear_open, score_open, undo_open

    if args.action == "clear":
        return clear_open(application, book)
    if args.action == "undo":
        return undo_open(application, book, force=args.force)
    if args.action == "populate":
        return _populated(args, application, book)
    options = Options(
        checked_profile(args), Overwrite(args.overwrite), checks=chosen_checks(args), mark=not args.no_mark
    )
    return (score_open if args.action == "score" else check_open)(application, book, options)


def _populated(args: Namespace, application: Application, book: OpenBook) -> Outcome:
    from perfxl.liveruns import populate_open
    from perfxl.sources import find_books

    if not args.sources and not args.last_year:
        raise BadSettings(
            "没有给出来源。请用 --from 给出计划表、申报表或执行情况表，或用 --last-year 给出上年的表。", key="--from"
        )
    (sources, missing, _), (last_year, lost, _) = (find_books(given) for given in (args.sources, args.last_year))
    if missing or lost:
        return Outcome(failures=missing + lost)
    return populate_open(application, book, sources, last_year=last_year)
