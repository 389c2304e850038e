"""What several commands have in common: arguments, the way over many workbooks, the report."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from perfxl.checks import Choice
    from perfxl.outcome import Outcome
    from perfxl.sources import Book
    from perfxl.workflows import Progress


def add_books(parser: ArgumentParser) -> None:
    """The workbooks to work on, which may also stand after the codes of checks (`perfxl.arguments.Codes`)."""
    parser.add_argument("books", metavar="工作簿", nargs="*", help="文件、文件夹（连同子文件夹）或通配符")
    parser.set_defaults(books_after_codes=[], missing_books=lambda: parser.error("缺少必需的内容：工作簿"))


def add_judging(parser: ArgumentParser) -> None:
    """By which rules and checks forms are judged."""
    from perfxl.arguments import Codes

    profile_help = "评分规则，如 national-2020，或自己的规则文件（.toml）；不写则按 perfxl.toml，再按表样和年度选用"
    parser.add_argument("--profile", metavar="名称", help=profile_help)
    parser.add_argument("--select", metavar="代码", nargs="+", action=Codes, help="只做这些检查，如 FND001 SCR008")
    parser.add_argument("--ignore", metavar="代码", nargs="+", action=Codes, help="不做这些检查")


def add_writing(parser: ArgumentParser) -> None:
    """Whether and against what workbooks are written."""
    parser.add_argument("--dry-run", action="store_true", help="只说明会改什么，不写文件")
    parser.add_argument("--force", action="store_true", help="文件正被他人打开、或带数字签名时仍然写入")


def add_resaving(parser: ArgumentParser) -> None:
    """Whether workbooks in formats that are only read are saved in one that can be written."""
    parser.add_argument(
        "--to-xlsx",
        action="store_true",
        help=".xls、.xlsb、.ods、.et 先在旁边另存一份 .xlsx，写在另存的文件里；原文件不动。由 LibreOffice 另存（7.4 已试），"
        "没有它时在 Windows 上由 Excel 或 WPS 另存（尚未试）",
    )


def add_common(parser: ArgumentParser) -> None:
    """How the outcome is told."""
    parser.add_argument("--format", choices=["text", "json"], default="text", help="输出给人看的文字（默认）或 JSON")
    parser.add_argument("--verbose", action="store_true", help="出错时显示技术细节")


def sources_of(args: Namespace) -> list[str]:
    """The workbooks named; ends the program with a message where none is."""
    sources: list[str] = args.books + args.books_after_codes
    if not sources:
        args.missing_books()
    return sources


def checked_profile(args: Namespace) -> str | None:
    """The rules named on the command line, if any; a wrong name is one message here, not one a book."""
    from perfxl.rules import load_profile

    if args.profile is not None:
        load_profile(args.profile)
    profile: str | None = args.profile
    return profile


def chosen_checks(args: Namespace) -> Choice:
    """The checks that `--select` and `--ignore` leave."""
    from perfxl.checks import choose

    return choose(args.select, args.ignore or ())


def over_books(args: Namespace, what: str, work: Callable[[list[Book], Progress], Outcome]) -> int:
    """Finds the workbooks, does the work on them with a line each, reports; gives the exit status."""
    from perfxl.report.progress import Progress as Bar
    from perfxl.report.text import book_line
    from perfxl.sources import find_books

    books, failures, notes = find_books(sources_of(args))
    lines = sys.stdout if args.format == "text" and len(books) > 1 else None
    with Bar(what, len(books), lines=lines) as bar:

        def progress(number: int, total: int, book: Book, outcome: Outcome) -> None:
            bar.step(book_line(number, total, book.name, outcome))

        outcome = work(books, progress)
    if args.verbose:
        _tell_details(outcome)
    outcome.failures = failures + outcome.failures
    outcome.notes = notes + outcome.notes
    report(args, outcome)
    return outcome.exit_status


def _tell_details(outcome: Outcome) -> None:
    """Tells on the standard error what a programmer wants to know of the workbooks that could not be done."""
    from perfxl.report.terminal import emit

    for failure in outcome.failures:
        if failure.details:
            emit(sys.stderr, f"{failure.book}\n{failure.details}")


def report(args: Namespace, outcome: Outcome) -> None:
    """Tells the outcome on the standard output, as text or JSON."""
    reading = getattr(args, "explain_reading", False)
    if args.format == "json":
        from perfxl.report.json import write_json

        write_json(outcome, sys.stdout, reading=reading)
    else:
        if reading:
            from perfxl.report.reading import write_reading

            write_reading((judged.scored.form for judged in outcome.forms), sys.stdout)
        from perfxl.report.text import write_text

        write_text(outcome, sys.stdout)
    sys.stdout.flush()
