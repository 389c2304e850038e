"""`perfxl score`: computes what the rules settle, in place."""

from __future__ import annotations

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
from perfxl.edits import Overwrite
from perfxl.workflows import Options, score_books

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.description = "按评分规则计算执行率、执行率得分、可定的指标得分、总分和等级，就地更正；每处改动都列出，可用 perfxl undo 撤销。"
    add_books(parser)
    add_judging(parser)
    parser.add_argument(
        "--overwrite",
        choices=["none", "arithmetic", "all"],
        default="arithmetic",
        help="none 只填空格；arithmetic（默认）更正执行率、执行率得分、总分、等级；all 连填报人所填的定量指标得分也按规则改",
    )
    add_writing(parser)
    add_resaving(parser)
    add_common(parser)


def run(args: Namespace) -> int:
    """Runs the command; gives the exit status."""
    options = Options(
        checked_profile(args),
        Overwrite(args.overwrite),
        args.dry_run,
        args.force,
        chosen_checks(args),
        to_xlsx=args.to_xlsx,
    )
    return over_books(args, "计算", lambda books, progress: score_books(books, options, progress))
