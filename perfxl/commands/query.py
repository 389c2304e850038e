"""`perfxl query`: questions to a store."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.commands.shared import add_common
from perfxl.consolidate.queries import answer, export_tables, list_questions
from perfxl.errors import BadSettings

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.description = "向 perfxl consolidate 写成的汇总库提问：SQL（DuckDB 的写法）或现成的问题。只读。"
    parser.add_argument("store", metavar="汇总库", help="汇总库文件")
    parser.add_argument("question", metavar="问题", nargs="?", help="SQL，或现成问题的名称")
    parser.add_argument("--list", action="store_true", help="列出现成的问题")
    parser.add_argument("--parquet", metavar="文件夹", help="把全部数据表导出为 Parquet 文件")
    add_common(parser)


def run(args: Namespace) -> int:
    """Runs the command; gives the exit status."""
    if args.list:
        list_questions(sys.stdout)
    elif args.parquet is not None:
        export_tables(Path(args.store), Path(args.parquet), sys.stdout)
    elif args.question is None:
        raise BadSettings("请给出 SQL 或现成问题的名称；--list 列出现成的问题。", key="query")
    else:
        answer(Path(args.store), args.question, sys.stdout, as_json=args.format == "json")
    sys.stdout.flush()
    return 0
