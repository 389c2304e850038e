"""`perfxl explain`: what a check looks for and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.checks.explain import explain, explain_list

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.description = "说明一项检查查什么、为什么、依据和怎么改。"
    parser.add_argument("code", metavar="代码", help="检查代码，如 FND001；list 列出全部")
    parser.add_argument("--verbose", action="store_true", help="出错时显示技术细节")


def run(args: Namespace) -> int:
    """Runs the command; gives the exit status."""
    print(explain_list() if args.code.lower() == "list" else explain(args.code))
    return 0
