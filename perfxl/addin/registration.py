"""The add-in in Excel on Windows: the file in the user's add-in folder, and its entry in Excel's settings."""

from __future__ import annotations

import os
import sys
from pathlib import Path, PureWindowsPath

from perfxl import programs
from perfxl.addin.excel import NAME, addin_book
from perfxl.addin.parts import Part, State
from perfxl.addin.startup import opened, with_addin, without, without_addin
from perfxl.errors import UnwritableBook
from perfxl.files import replace_file, write_failure

_USUAL_VERSION = "16.0"
_TRUST = (
    "请关闭所有 Excel 窗口再打开，选项卡“绩效自评”会出现。没有出现的，在“文件→选项→信任中心→信任中心设置”中，"
    "把这个文件所在的文件夹设为受信任位置，或在“宏设置”中允许宏。perfxl 不替您改安全设置。"
)
_NOT_HERE = {
    "win32": "没有找到 Excel。装有带 VBA 的 WPS 的，可运行 perfxl addin build，再在 WPS 的“开发工具→加载项”中选择 perfxl.xlam。",
    "darwin": "macOS 上的 Excel 不允许宏启动其他程序，那里的按钮用不了；请用命令处理文件。",
}
_NO_EXCEL = "这个系统上没有 Excel。"


def addin_place() -> Path:
    """The add-in in the folder that Excel offers under 加载项."""
    return Path(os.environ.get("APPDATA", ""), "Microsoft", "AddIns", NAME)


class ExcelAddin:
    """The ribbon tab in Excel on Windows. (On macOS Excel lets no macro start a program.)"""

    name = "excel"

    def install(self) -> bool:
        """Puts the add-in into the folder and has Excel open it; gives whether something changed.

        Raises:
            UnwritableBook: the file is open in Excel, or the settings cannot be written.
        """
        version = _excel_version()
        if version is None:
            return False
        place, data = addin_place(), addin_book()
        changed = not _holds(place, data)
        if changed:
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise write_failure(error, place, new=True) from error
            replace_file(place, [data])
        before = _read(version)
        if not _opens(before, place):
            _write(version, before, with_addin(before, PureWindowsPath(place)))
            changed = True
        return changed

    def uninstall(self) -> bool:
        """Takes the entry and the file away; gives whether there were any."""
        if sys.platform != "win32":
            return False
        version = _excel_version() or _USUAL_VERSION
        place, before = addin_place(), _read(version)
        listed = _opens(before, place)
        if listed:
            _write(version, before, without_addin(before, PureWindowsPath(place)))
        try:
            place.unlink()
        except FileNotFoundError:
            return listed
        except OSError as error:
            message = "未能删除：加载项正在 Excel 中打开。请关闭所有 Excel 窗口后重试。"
            raise UnwritableBook(message, book=place) from error
        return True

    def part(self) -> Part:
        """How it stands."""
        version = _excel_version()
        if version is None:
            return Part(self.name, State.UNAVAILABLE, "", _NOT_HERE.get(sys.platform, _NO_EXCEL))
        place = addin_place()
        if not place.exists():
            return Part(self.name, State.ABSENT, str(place))
        if _holds(place, addin_book()) and _opens(_read(version), place):
            return Part(self.name, State.INSTALLED, str(place), _TRUST)
        return Part(self.name, State.OUTDATED, str(place), "运行 perfxl addin install 换成现在的。")


def _excel_version() -> str | None:
    """The version of Excel's settings, None where there is no Excel whose macros may start perfxl."""
    found = programs.excel() if sys.platform == "win32" else None
    return None if found is None else found.version or _USUAL_VERSION


def _holds(place: Path, data: bytes) -> bool:
    return place.is_file() and place.read_bytes() == data


def _opens(values: dict[str, str], place: Path) -> bool:
    lines = opened(values)
    return without(lines, PureWindowsPath(place)) != lines


def _key(version: str) -> str:
    return rf"Software\Microsoft\Office\{version}\Excel\Options"


def _read(version: str) -> dict[str, str]:
    """The OPEN values of this user; none where Excel has not been started yet."""
    values: dict[str, str] = {}
    if sys.platform != "win32":
        return values
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _key(version)) as key:
            for number in range(winreg.QueryInfoKey(key)[1]):
                name, value, _ = winreg.EnumValue(key, number)
                if name.upper().startswith("OPEN"):
                    values[name.upper()] = str(value)
    except FileNotFoundError:
        return values
    return values


def _write(version: str, before: dict[str, str], after: dict[str, str]) -> None:
    if sys.platform != "win32":
        return
    import winreg

    try:
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _key(version)) as key:
            for name, value in after.items():
                winreg.SetValueEx(key, name, 0, winreg.REG_SZ, value)
            for name in before.keys() - after.keys():
                winreg.DeleteValue(key, name)
    except OSError as error:
        message = "未能登记加载项：Excel 的设置不能写入。请在 Excel 的“文件→选项→加载项→转到→浏览”中选择这个文件。"
        raise UnwritableBook(message, book=addin_place()) from error
