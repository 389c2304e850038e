"""An argument parser that speaks Chinese; argparse itself has no translations."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from perfxl.patterns import pattern
from perfxl.signs import shown

# argparse's own sentences, as of Python 3.11 to 3.14. What is not known here is shown as argparse says it.
_SENTENCES = [
    (pattern(r"the following arguments are required: (.+)"), r"缺少必需的内容：\1"),
    (pattern(r"unrecognized arguments: (.+)"), r"不认识的内容：\1"),
    (pattern(r"argument (.+?): invalid choice: '?(.+?)'? \(choose from (.+)\)"), r"\1 不能是“\2”，可用的有：\3"),
    (pattern(r"argument (.+?): expected one argument"), r"\1 之后应写一个值"),
    (pattern(r"argument (.+?): expected at least one argument"), r"\1 之后至少应写一个值"),
    (pattern(r"argument (.+?): ignored explicit argument '?(.+?)'?"), r"\1 之后不应写值“\2”"),
    (pattern(r"ambiguous option: (.+?) could match (.+)"), r"选项“\1”不明确，可能是：\2"),
]


class _ChineseHelp(argparse.HelpFormatter):
    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class ChineseParser(argparse.ArgumentParser):
    """An `ArgumentParser` whose help and errors are Chinese. A wrong call ends with status 2."""

    def __init__(self, **options: Any) -> None:
        settings: dict[str, Any] = {"formatter_class": _ChineseHelp, "add_help": False, "allow_abbrev": False}
        super().__init__(**settings | options)
        self._positionals.title = "内容"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def error(self, message: str) -> NoReturn:
        """Says what is wrong with the call, and how to learn more."""
        for english, chinese in _SENTENCES:
            match = english.fullmatch(message)
            if match:
                message = match.expand(chinese)
                break
        self.exit(2, f"{self.format_usage()}{self.prog}：{shown(message)}。用 {self.prog} --help 查看说明。\n")


_LIKE_A_CODE = pattern(r"[A-Za-z]{2,4}[0-9]{1,4}")


class Codes(argparse.Action):
    """Gathers codes of checks, parted by blanks or commas; what looks like none is a workbook: `--ignore IND003 a.xlsx`.

    The workbooks so found are added to `books_after_codes`.
    """

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        """Called by argparse for each use of the option."""
        given: Sequence[str] = values
        codes = list(getattr(namespace, self.dest) or ())
        for value in given:
            parts = [part for part in re.split("[,，]", value) if part]
            if all(_LIKE_A_CODE.fullmatch(part) for part in parts):
                codes += parts
            else:
                namespace.books_after_codes = [*namespace.books_after_codes, value]
        if not codes:
            parser.error(f"{option} 之后应写检查的代码，如 FND001")
        setattr(namespace, self.dest, codes)
