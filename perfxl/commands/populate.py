"""`perfxl populate`: fills the empty cells of forms that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.commands.shared import add_books, add_common, report
from perfxl.errors import BadSettings
from perfxl.outcome import Outcome
from perfxl.populate.populating import populate_books
from perfxl.sources import find_books

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.description = (
        "用计划表、绩效目标申报表、执行台账、上年的表填写自评表的空格，就地修改；所填的内容不动，与来源不同的列出。"
        "按项目代码对应，没有代码的按项目名称对应。"
    )
    add_books(parser)
    parser.add_argument(
        "--from", dest="sources", metavar="来源", nargs="+", default=[], help="计划表、申报表、系统导出表、执行情况表"
    )
    parser.add_argument(
        "--last-year",
        metavar="上年表",
        nargs="+",
        default=[],
        help="上年的自评表：填部门、单位、指标和分值，不填金额和日期",
    )
    parser.add_argument("--dry-run", action="store_true", help="只说明会填什么，不写文件")
    parser.add_argument("--force", action="store_true", help="文件正被他人打开、或带数字签名时仍然写入")
    add_common(parser)


def run(args: Namespace) -> int:
    """Runs the command; gives the exit status."""
    if not args.sources and not args.last_year:
        raise BadSettings(
            "没有给出来源。请用 --from 给出计划表、申报表或执行情况表，或用 --last-year 给出上年的表。", key="--from"
        )
    found = [find_books(arguments) for arguments in (args.books, args.sources, args.last_year)]
    (books, failures, _), (sources, missing, _), (last_year, lost, _) = found
    outcome = Outcome(failures=missing + lost)
    if not outcome.failures:
        outcome = populate_books(books, sources, last_year=last_year, dry_run=args.dry_run, force=args.force)
    outcome.failures = failures + outcome.failures
    outcome.notes = [note for each in found for note in each.notes] + outcome.notes
    report(args, outcome)
    return outcome.exit_status
