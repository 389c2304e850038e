"""The launcher: what a button starts. It lies at one place for each user, which the macros know; the installer puts it there.

On Windows it is a copy of the console-less `perfxl-button.exe` that came with perfxl and that knows its Python; elsewhere a two-line
script that starts the same module.
"""

from __future__ import annotations

import os
import shlex
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path

from perfxl.addin.parts import Part, State
from perfxl.errors import MissingExtra
from perfxl.files import replace_file, write_failure
from perfxl.history.opened import drop_empty_folders, opened_folder

_NAME = "perfxl-button"
_MODULE = "perfxl.buttons"
_RUNNABLE = 0o755


def launcher_place() -> Path:
    """Where the macros look for the launcher; the same words stand in `macros/vba/Launcher.bas` and `macros/oxt/Buttons.bas`."""
    if sys.platform == "win32":
        return Path(os.environ["LOCALAPPDATA"], "perfxl", "launcher", f"{_NAME}.exe")
    return Path.home() / ".local" / "share" / "perfxl" / "launcher" / _NAME


class Launcher:
    """The launcher of the perfxl that runs."""

    name = "launcher"

    def install(self) -> bool:
        """Puts the launcher at its place; gives whether something changed.

        Raises:
            MissingExtra: perfxl was not installed in the ordinary way, so that Windows has no program to start.
            UnwritableBook: the place cannot be written.
        """
        place, data = launcher_place(), _launcher_bytes()
        if _bytes_at(place) == data:
            return False
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise write_failure(error, place, new=True) from error
        replace_file(place, [data], mode=_RUNNABLE)
        return True

    def uninstall(self) -> bool:
        """Takes the launcher away, and the folders that it leaves empty; gives whether there was one."""
        place = launcher_place()
        try:
            place.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise write_failure(error, place) from error
        drop_empty_folders(opened_folder())
        for folder in (place.parent, place.parent.parent):
            with suppress(OSError):  # something else lies there: the copies for undo
                folder.rmdir()
        return True

    def part(self) -> Part:
        """How it stands."""
        place = launcher_place()
        present = _bytes_at(place)
        if present is None:
            return Part(self.name, State.ABSENT, str(place))
        if present == _launcher_bytes():
            return Part(self.name, State.INSTALLED, str(place))
        return Part(
            self.name, State.OUTDATED, str(place), "由另一个 perfxl 安装；运行 perfxl addin install 换成现在的。"
        )


def _launcher_bytes() -> bytes:
    """What has to lie there for the Python that runs this."""
    if sys.platform != "win32":
        return f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m {_MODULE} "$@"\n'.encode()
    program = Path(sysconfig.get_path("scripts"), f"{_NAME}.exe")
    try:
        return program.read_bytes()
    except OSError as error:
        message = f"未能安装按钮的启动程序：没有找到 {program}。没有改动任何文件。请重新安装 perfxl 后再试。"
        raise MissingExtra(message, package="perfxl", install="py -m pip install --force-reinstall perfxl") from error


def _bytes_at(place: Path) -> bytes | None:
    try:
        return place.read_bytes()
    except OSError:
        return None
