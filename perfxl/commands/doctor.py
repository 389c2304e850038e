"""`perfxl doctor`: what works on this machine."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from perfxl.commands.shared import add_common
from perfxl.doctor import Result, State, examine
from perfxl.report.json import write_lists
from perfxl.report.terminal import emit, pad, wrap

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

_SIGNS = {State.GOOD: "√ 可用", State.PARTLY: "▲ 部分可用", State.ABSENT: "— 没有", State.BAD: "● 有问题"}
_SIGN_COLUMNS = 12
_INDENT = " " * _SIGN_COLUMNS


def add_arguments(parser: ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.description = "说明 perfxl 在这台电脑上哪些功能可用：Python、Excel、WPS、LibreOffice、字体、按钮，以及该怎么办。不改动任何东西。"
    add_common(parser)


def run(args: Namespace) -> int:
    """Runs the command; gives the exit status: 2 where something stops perfxl from working."""
    results = examine()
    if args.format == "json":
        checks = [
            {
                "name": each.name,
                "state": each.state.value,
                "found": each.found,
                "advice": each.advice or None,
            }
            for each in results
        ]
        write_lists({"checks": checks, "changes": [], "failures": []}, sys.stdout)
    else:
        for line in _lines(results):
            emit(sys.stdout, line)
    sys.stdout.flush()
    return 2 if any(each.state is State.BAD for each in results) else 0


def _lines(results: list[Result]) -> Iterator[str]:
    for each in results:
        yield pad(_SIGNS[each.state], _SIGN_COLUMNS) + each.title
        for text in (each.found, each.advice):
            yield from (_INDENT + line for line in wrap(text, 80 - _SIGN_COLUMNS))
