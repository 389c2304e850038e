"""`perfxl clear`: takes perfxl's marks off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.commands.shared import add_books, add_common, add_writing, over_books
from perfxl.workflows import Options, clear_books

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.description = "清除 perfxl 加的底色、批注和工作表“检查结果”，恢复原来的底色；他人写的批注和内容不动。"
    add_books(parser)
    add_writing(parser)
    add_common(parser)


def run(args: Namespace) -> int:
    """Runs the command; gives the exit status."""
    options = Options(dry_run=args.dry_run, force=args.force)
    return over_books(args, "清除标记", lambda books, progress: clear_books(books, options, progress))
