"""`perfxl addin`: the buttons in Excel, WPS and LibreOffice: built, installed, taken off."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.addin.building import build
from perfxl.addin.installing import TARGETS, Report, install, status, uninstall
from perfxl.addin.parts import State
from perfxl.commands.shared import add_common
from perfxl.report.json import write_lists
from perfxl.report.terminal import emit, wrap

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

_ACTIONS = {
    "install": ("为当前用户安装按钮，不需要管理员权限", install),
    "uninstall": ("卸载按钮，不留下任何东西", uninstall),
    "status": ("说明按钮装在哪里、能不能用", status),
}
_STATES = {
    State.INSTALLED: "已安装",
    State.OUTDATED: "已安装，但不是这个版本",
    State.ABSENT: "未安装",
    State.UNAVAILABLE: "不可用",
}
_NAMES = {"launcher": "启动程序", "excel": "Excel", "libreoffice": "LibreOffice"}
_INDENT = "    "


def add_arguments(parser: ArgumentParser) -> None:
    """Declares what the command takes."""
    parser.description = (
        "Excel、WPS、LibreOffice 里的按钮：功能区选项卡“绩效自评”（perfxl.xlam）、带按钮的表样（.xlsm）、LibreOffice 的菜单和工具栏"
        "（perfxl.oxt）。按钮启动这台电脑上的 perfxl，不联网，不改安全设置。"
    )
    actions = parser.add_subparsers(title="操作", metavar="操作", required=True)
    building = actions.add_parser("build", help="把加载项和带按钮的表样写到一个文件夹")
    building.add_argument("folder", metavar="文件夹", help="写到哪里；其中已有的同名文件会被替换")
    building.set_defaults(work=_build)
    add_common(building)
    for name, (summary, work) in _ACTIONS.items():
        action = actions.add_parser(name, help=summary)
        action.add_argument("--app", choices=["all", *TARGETS], default="all", help="只对这个程序；不写则对所有找到的")
        action.set_defaults(work=_on_this_machine, what=work)
        add_common(action)


def run(args: Namespace) -> int:
    """Runs the command; gives the exit status."""
    status: int = args.work(args)
    sys.stdout.flush()
    return status


def _build(args: Namespace) -> int:
    files = build(Path(args.folder))
    if args.format == "json":
        write_lists({"changes": [{"file": str(file)} for file in files], "failures": []}, sys.stdout)
        return 0
    for file in files:
        emit(sys.stdout, f"已写出 {file}")
    emit(sys.stdout, "Excel：文件→选项→加载项→转到→浏览，选择 perfxl.xlam；或运行 perfxl addin install。")
    return 0


def _on_this_machine(args: Namespace) -> int:
    report: Report = args.what(TARGETS if args.app == "all" else (args.app,))
    if args.format == "json":
        parts = [
            {"name": part.name, "state": part.state.value, "place": part.place or None, "advice": part.advice or None}
            for part in report.parts
        ]
        failures = [{"part": name, "error": error} for name, error in report.failures]
        write_lists(
            {"parts": parts, "changes": [{"part": name} for name in report.changed], "failures": failures}, sys.stdout
        )
    else:
        for line in _lines(report):
            emit(sys.stdout, line)
    return 2 if report.failures else 0


def _lines(report: Report) -> Iterator[str]:
    for part in report.parts:
        changed = "（本次有变化）" if part.name in report.changed else ""
        yield f"{_NAMES[part.name]}：{_STATES[part.state]}{changed}"
        if part.place:
            yield f"{_INDENT}{part.place}"
        if part.advice:
            yield from (f"{_INDENT}{line}" for line in wrap(part.advice, 76))
    for name, error in report.failures:
        yield f"未能完成（{_NAMES[name]}）"
        yield from (f"{_INDENT}{line}" for line in wrap(error, 76))
