"""`perfxl populate`: fills the empty cells of forms that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.commands.shared import add_books, add_common, add_writing, over_books
from perfxl.errors import BadSettings
from perfxl.outcome import Outcome
from perfxl.populate.populating import populate_books
from perfxl.sources import find_books

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from perfxl.sources import Book
    from perfxl.workflows import Progress


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
    add_writing(parser)
    add_common(parser)


def run(args: Namespace) -> int:
    """Runs the command; gives the exit status."""
    if not args.sources and not args.last_year:
        raise BadSettings(
            "没有给出来源。请用 --from 给出计划表、申报表或执行情况表，或用 --last-year 给出上年的表。", key="--from"
        )
    sources, last_year = find_books(args.sources), find_books(args.last_year)

    def fill(books: list[Book], progress: Progress) -> Outcome:
        outcome = Outcome(failures=sources.failures + last_year.failures)
        if not outcome.failures:
            outcome = populate_books(
                books,
                sources.books,
                last_year=last_year.books,
                dry_run=args.dry_run,
                force=args.force,
                progress=progress,
            )
        outcome.notes = sources.notes + last_year.notes + outcome.notes
        return outcome

    return over_books(args, "填充", fill)
