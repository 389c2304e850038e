"""`perfxl undo`: puts a workbook back as it was."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.commands.shared import add_common, report
from perfxl.workflows import undo_book

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.description = "把工作簿逐字节恢复到上一次改动之前；再次运行则再退一步。"
    parser.add_argument("book", metavar="工作簿", help="要恢复的工作簿")
    parser.add_argument(
        "--force", action="store_true", help="改动之后又有人保存过，仍然恢复（被替换的内容会另外保留，可再撤销）"
    )
    add_common(parser)


def run(args: Namespace) -> int:
    """Runs the command; gives the exit status."""
    outcome = undo_book(Path(args.book), force=args.force)
    report(args, outcome)
    return outcome.exit_status
