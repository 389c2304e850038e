"""The spreadsheet programs, and what perfxl can do in each of them."""

from __future__ import annotations

import sys

from perfxl import programs
from perfxl.addin.installing import status
from perfxl.addin.parts import State as PartState
from perfxl.doctor.result import Result, State
from perfxl.errors import MissingExtra
from perfxl.workbooks.live.libreoffice.bridge import uno

_UNTRIED = "perfxl 在 {program} 中还没有实测过"
_STATES = {PartState.INSTALLED: State.GOOD, PartState.OUTDATED: State.PARTLY, PartState.ABSENT: State.ABSENT}
_PART_TITLES = {"launcher": "按钮的启动程序", "excel": "Excel 加载项", "libreoffice": "LibreOffice 扩展"}
_PART_FOUND = {
    PartState.INSTALLED: "已安装",
    PartState.OUTDATED: "装的不是这个版本",
    PartState.ABSENT: "未安装",
}


def excel() -> Result:
    """Excel: with buttons on Windows, without on macOS."""
    program = programs.excel()
    if program is None:
        advice = (
            ""
            if sys.platform not in ("win32", "darwin")
            else "没有 Excel 也能用命令处理文件，或使用 WPS、LibreOffice。"
        )
        return Result("excel", "Excel", State.ABSENT, "没有找到", advice)
    if sys.platform == "darwin":
        advice = "macOS 的 Excel 不允许宏启动其他程序：按钮用不了，请用命令处理文件。"
        return Result("excel", "Excel", State.PARTLY, program.place, advice)
    return Result("excel", "Excel", State.GOOD, f"{program.place}（{_UNTRIED.format(program='Excel')}）")


def wps() -> Result:
    """WPS: with buttons where it has VBA."""
    program = programs.wps()
    if program is None:
        return Result("wps", "WPS 表格", State.ABSENT, "没有找到")
    found = f"{program.place}（{_UNTRIED.format(program='WPS')}）"
    if sys.platform == "win32":
        advice = "按钮要有带 VBA 的版本；个人免费版没有 VBA，请用命令处理文件。"
    else:
        advice = "这个系统上的 WPS 不能运行 VBA 宏，请用命令处理文件，或在 LibreOffice 中使用按钮。"
    return Result("wps", "WPS 表格", State.PARTLY, found, advice)


def libreoffice() -> Result:
    """LibreOffice: buttons, PDF, reading of older formats."""
    program = programs.libreoffice()
    if program is None:
        advice = "导出 PDF 要用它：从 LibreOffice 官网或系统的软件商店安装。"
        return Result("libreoffice", "LibreOffice", State.ABSENT, "没有找到", advice)
    found = f"{program.version}，{program.place}"
    try:
        uno()
    except MissingExtra as error:
        return Result("libreoffice", "LibreOffice", State.PARTLY, found, f"不能在打开的工作簿上用按钮。{error}")
    return Result("libreoffice", "LibreOffice", State.GOOD, found)


def addin() -> list[Result]:
    """How the buttons are installed, where they can be."""
    report = status()
    out = [
        Result(
            f"addin-{part.name}",
            _PART_TITLES[part.name],
            _STATES[part.state],
            f"{_PART_FOUND[part.state]}，{part.place}",
            part.advice if part.state is PartState.OUTDATED else _how_to_install(part.state),
        )
        for part in report.parts
        if part.state is not PartState.UNAVAILABLE
    ]
    for name, error in report.failures:
        out.append(Result(f"addin-{name}", _PART_TITLES[name], State.PARTLY, "看不到", error))
    return out


def _how_to_install(state: PartState) -> str:
    return "运行 perfxl addin install 安装。" if state is PartState.ABSENT else ""
