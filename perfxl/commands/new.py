"""`perfxl new`: blank forms, or forms made from a plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.commands.shared import add_common, report
from perfxl.outcome import Outcome
from perfxl.populate.books import new_blank, new_from_plan
from perfxl.sources import find_books

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.description = (
        "生成空白的表；给出计划则生成自评表：项目、代码、年度、预算、目标、指标、分值都已填好，一个主管部门一个工作簿。"
        "计划可以是本工具的计划表、绩效目标申报表，或系统导出的一行一个指标的表。"
    )
    parser.add_argument("out", metavar="输出", help="带扩展名的是文件，否则是文件夹")
    parser.add_argument(
        "--template",
        metavar="名称",
        help="模板：2019、2020、2021、department、declaration、plan、ledger；不写则按年度和指标选用",
    )
    parser.add_argument("--plan", metavar="计划", nargs="+", help="计划所在的文件、文件夹或通配符")
    parser.add_argument(
        "--per", choices=["department", "project"], default="department", help="一个部门（默认）或一个项目一个工作簿"
    )
    add_common(parser)


def run(args: Namespace) -> int:
    """Runs the command; gives the exit status."""
    if args.plan is None:
        outcome = new_blank(Path(args.out), args.template)
    else:
        books, failures, notes = find_books(args.plan)
        outcome = Outcome(failures=failures)
        if not failures:
            outcome = new_from_plan(Path(args.out), books, args.template, per_project=args.per == "project")
        outcome.notes = notes + outcome.notes
    report(args, outcome)
    return outcome.exit_status
