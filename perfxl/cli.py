"""The command line: finds the command that is called and runs it. No rules stand here."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from perfxl import __version__
from perfxl.commands import COMMANDS
from perfxl.errors import PerfxlError, unforeseen_in_run
from perfxl.garbage import seldom_collected

if TYPE_CHECKING:
    from argparse import ArgumentParser

_FAILED = 2
_INTERRUPTED = 130


@seldom_collected()
def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; gives the exit status: 0 nothing wrong, 1 errors remain in a form, 2 a file could not be done, 130 Ctrl-C."""
    given = sys.argv[1:] if arguments is None else arguments
    _open_closed_streams()
    try:
        args = build_parser(given[:1]).parse_args(given)
        try:
            return int(args.run(args))
        except PerfxlError as error:
            if args.verbose:
                raise
            _complain(str(error))
            return _FAILED
        except Exception as error:
            if args.verbose or (isinstance(error, OSError) and error.filename is None):  # that of an output
                raise
            _complain(unforeseen_in_run(error))
            return _FAILED
    except KeyboardInterrupt as stop:  # a command that can tell more gives the words
        _complain(str(stop) or "已按 Ctrl-C 停止。已经处理完的文件保持处理后的样子，其余文件没有改动。")
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output is gone; say nothing more, and keep Python from trying to when it closes.
        _drop_output()
        return _FAILED
    except OSError as error:
        if error.filename is not None:  # files that are read and written have errors of their own
            raise
        _drop_output()
        reason = "磁盘已满" if error.errno in (errno.ENOSPC, errno.EDQUOT) else f"错误号 {error.errno}"
        _complain(f"结果没有全部输出：写到输出的位置时出错（{reason}）。对工作簿的处理不受影响。请腾出空间后重新运行。")
        return _FAILED


def _open_closed_streams() -> None:
    """A program may be started without standard streams (`>&-`, or by a window): what is said then goes nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - for the whole run


def _drop_output() -> None:
    """Keeps Python from writing what is left when it closes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def build_parser(called: Sequence[str] = tuple(COMMANDS)) -> ArgumentParser:
    """The parser of the command line; only the commands in `called` know their own arguments, as each costs the import of its module."""
    from perfxl.arguments import ChineseParser

    parser = ChineseParser(
        prog="perfxl",
        description="项目支出绩效自评表：检查、计算得分，就地更正，可撤销。",
        epilog="退出状态：0 没有错误；1 已完成，表中仍有错误；2 有文件未能处理；130 按 Ctrl-C 停止。",
    )
    parser.add_argument("--version", action="version", version=f"perfxl {__version__}", help="显示版本号")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True)
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary)
        if name in called:
            module = import_module(f"perfxl.commands.{name}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return parser


def _complain(message: str) -> None:
    from perfxl.report.terminal import emit
    from perfxl.signs import shown_lines

    emit(sys.stderr, shown_lines(message))
