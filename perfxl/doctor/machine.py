"""perfxl itself: its Python, its packages, the folder for undo."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from perfxl import __version__
from perfxl.doctor.result import Result, State
from perfxl.history import data_folder
from perfxl.patterns import pattern

_PACKAGE = pattern(r"(?P<name>[A-Za-z0-9._-]+)[^;]*(?P<marker>;.*)?")


def python() -> Result:
    """The Python that runs perfxl."""
    found = f"Python {platform.python_version()}，{sys.executable}，{platform.system()} {platform.release()}"
    return Result("python", "Python", State.GOOD, found)


def packages() -> Result:
    """perfxl's version and the packages that it needs."""
    found = f"perfxl {__version__}，{Path(__file__).parents[1]}"
    missing = [name for name in _needed() if not _installed(name)]
    if not missing:
        return Result("packages", "软件包", State.GOOD, found)
    advice = "请重新安装 perfxl，或安装所缺的软件包。"
    return Result("packages", "软件包", State.BAD, f"{found}；缺少 {'、'.join(missing)}", advice)


def undo_folder() -> Result:
    """Whether the copies for undo can be kept where they belong."""
    folder = data_folder()
    if folder is not None and _can_write(folder):
        return Result("undo", "撤销用的副本", State.GOOD, str(folder))
    found = "没有个人文件夹" if folder is None else f"{folder} 不能写入"
    advice = "副本将放在各工作簿旁边的 .perfxl 文件夹里；也可用环境变量 PERFXL_DATA 指定一个可以写入的文件夹。"
    return Result("undo", "撤销用的副本", State.PARTLY, found, advice)


def _needed() -> list[str]:
    """The packages that every installation needs; those of an extra carry a marker."""
    try:
        lines = requires("perfxl") or []
    except PackageNotFoundError:
        return []
    matches = (_PACKAGE.match(line) for line in lines)
    return [match["name"] for match in matches if match and match["marker"] is None]


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _can_write(folder: Path) -> bool:
    """Tried in the nearest folder that exists: nothing is made."""
    while not folder.is_dir():
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        return False
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
