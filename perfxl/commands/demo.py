"""`perfxl demo`: the whole story on sample workbooks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.demo import run_demo

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.description = (
        "在一个新文件夹中演示全过程：从计划生成自评表，各部门填好报来（有意留了差错），检查、算分、标记、撤销，"
        "汇总成汇总表、网页和"
        "退回修改意见；每一步说明打开哪个文件看。"
    )
    parser.add_argument("folder", metavar="文件夹", help="放样例的文件夹；其中已有的同名样例会被重新生成")
    parser.add_argument("--verbose", action="store_true", help="出错时显示技术细节")


def run(args: Namespace) -> int:
    """Runs the command; gives the exit status."""
    return run_demo(Path(args.folder), sys.stdout)
