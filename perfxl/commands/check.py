"""`perfxl check`: reads forms and says what is wrong in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.commands.shared import (
    add_books,
    add_common,
    add_judging,
    add_resaving,
    add_writing,
    checked_profile,
    chosen_checks,
    over_books,
)
from perfxl.errors import BadSettings
from perfxl.workflows import Options, check_books

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from perfxl.outcome import Outcome
    from perfxl.sources import Book
    from perfxl.workflows import Progress


def add_arguments(parser: ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.description = "检查工作簿中的自评表，列出问题，不改动文件；加 --mark 则把问题标记在工作簿中。"
    add_books(parser)
    add_judging(parser)
    parser.add_argument("--explain-reading", action="store_true", help="列出每个单元格被读作什么、读出了什么")
    parser.add_argument(
        "--marked-copy",
        metavar="文件",
        help="另写一个网页（.html），画出各张工作表，用颜色标出每个单元格被读作什么；工作簿不改动",
    )
    parser.add_argument("--mark", action="store_true", help="在有问题的单元格上加底色和批注，并列在工作表“检查结果”中")
    add_writing(parser)
    add_resaving(parser)
    add_common(parser)


def run(args: Namespace) -> int:
    """Runs the command; gives the exit status."""
    options = Options(
        checked_profile(args),
        dry_run=args.dry_run,
        force=args.force,
        checks=chosen_checks(args),
        mark=args.mark,
        to_xlsx=args.to_xlsx,
    )
    if args.marked_copy is not None and Path(args.marked_copy).suffix.lower() not in (".html", ".htm"):
        raise BadSettings(
            f"--marked-copy 写的是网页，文件名应以 .html 结尾，现为“{args.marked_copy}”。", key="marked-copy"
        )

    def work(books: list[Book], progress: Progress) -> Outcome:
        outcome = check_books(books, options, progress)
        if args.marked_copy is not None:
            _write_page(Path(args.marked_copy), books, outcome)
        return outcome

    return over_books(args, "检查", work)


def _write_page(path: Path, books: list[Book], outcome: Outcome) -> None:
    from perfxl.files import replace_file
    from perfxl.judging import sheets_with_forms
    from perfxl.report.reading import reading_page

    pieces = reading_page(sheets_with_forms(books))
    replace_file(path, (piece.encode("utf-8", "backslashreplace") for piece in pieces))
    outcome.notes.append((str(path), "已写好标色的网页，可用浏览器打开；工作簿没有改动。"))
