"""The extension in LibreOffice, put in and taken out for this user by LibreOffice's own `unopkg`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from perfxl import __version__
from perfxl.addin.extension import IDENTIFIER, NAME, extension
from perfxl.addin.parts import Part, State
from perfxl.errors import PerfxlError
from perfxl.programs import find_office

_TIMEOUT = 180
_RESTART = "请关闭 LibreOffice 再打开，菜单和工具栏“绩效自评”会出现。"
_VERSION = re.compile(rf"^Identifier: {re.escape(IDENTIFIER)}\s+Version: (\S+)", re.MULTILINE)


class OfficeExtension:
    """The menu and the toolbar in LibreOffice."""

    name = "libreoffice"

    def install(self) -> bool:
        """Installs the extension, in place of one that is there; gives whether there is a LibreOffice.

        Raises:
            PerfxlError: LibreOffice refused.
        """
        program = find_office()
        if program is None:
            return False
        with tempfile.TemporaryDirectory(prefix="perfxl-", ignore_cleanup_errors=True) as folder:
            file = Path(folder, NAME)
            file.write_bytes(extension())
            _unopkg(program, "安装", "add", "--suppress-license", "--force", str(file))
        return True

    def uninstall(self) -> bool:
        """Takes the extension out; gives whether it was there.

        Raises:
            PerfxlError: LibreOffice refused.
        """
        program = find_office()
        if program is None or _installed_version(program) is None:
            return False
        _unopkg(program, "卸载", "remove", IDENTIFIER)
        return True

    def part(self) -> Part:
        """How it stands.

        Raises:
            PerfxlError: LibreOffice refused to say.
        """
        program = find_office()
        if program is None:
            return Part(self.name, State.UNAVAILABLE, "", "没有找到 LibreOffice。")
        version = _installed_version(program)
        if version is None:
            return Part(self.name, State.ABSENT, program)
        return Part(self.name, State.INSTALLED if version == __version__ else State.OUTDATED, program, _RESTART)


def _installed_version(program: str) -> str | None:
    found = _VERSION.search(_unopkg(program, "查看", "list"))
    return found[1] if found else None


def _unopkg(office: str, what: str, *arguments: str) -> str:
    """Runs `unopkg`; gives what it printed."""
    tool = Path(office).resolve().with_name("unopkg.com" if sys.platform == "win32" else "unopkg")
    try:
        done = subprocess.run(
            [*_as_ordinary_user(), str(tool), *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        message = f"未能{what} LibreOffice 的扩展：{tool} 无法运行或没有响应。请关闭 LibreOffice 后重试。"
        raise PerfxlError(message) from error
    if done.returncode:
        said = " ".join(done.stderr.split()) or f"状态 {done.returncode}"
        message = f"未能{what} LibreOffice 的扩展，LibreOffice 说：{said}。请关闭所有 LibreOffice 窗口后重试。"
        raise PerfxlError(message)
    return done.stdout


def _as_ordinary_user() -> list[str]:
    """For root, whom `unopkg` refuses: the same user under another number, seen by this one process only."""
    unshare = shutil.which("unshare")
    if sys.platform == "win32" or os.geteuid() != 0 or unshare is None:
        return []
    return [unshare, "--user", "--map-user=1000"]
