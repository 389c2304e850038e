"""`perfxl export`: forms as a document to publish."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.commands.shared import add_books, add_common, report
from perfxl.export.exporting import export_books
from perfxl.outcome import Outcome
from perfxl.sources import find_books

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.description = (
        "把工作簿中的自评表导出为一份 .docx 或 .pdf：A4 纵向，每张表另起一页，续页重复表名和表头。"
        "表中有手机号、身份证号时不导出。PDF 由 LibreOffice 生成。"
    )
    add_books(parser)
    parser.add_argument(
        "-o", dest="out", metavar="输出", required=True, help="以 .docx 或 .pdf 结尾的文件名；已有的会被替换"
    )
    parser.add_argument("--allow-personal-data", action="store_true", help="表中有个人信息时仍然导出")
    add_common(parser)


def run(args: Namespace) -> int:
    """Runs the command; gives the exit status."""
    books, failures, notes = find_books(args.books)
    outcome = Outcome(failures=failures)
    if not failures:
        outcome = export_books(books, Path(args.out), allow_personal_data=args.allow_personal_data)
    outcome.notes = notes + outcome.notes
    report(args, outcome)
    return outcome.exit_status
