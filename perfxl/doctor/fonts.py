"""The fonts of official forms, and those that stand in for them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from perfxl.doctor.result import Result, State

# Each font of the forms, by the names under which systems know it.
_WANTED = {
    "宋体": ("宋体", "simsun", "songti", "stsong"),
    "黑体": ("黑体", "simhei", "heiti", "stheiti"),
    "仿宋": ("仿宋", "fangsong", "stfangsong"),
    "方正小标宋": ("方正小标宋", "fzxiaobiaosong", "fzxbsjw"),
}
_NOT_NEEDED = ("仿宋", "方正小标宋")
_FOLDERS = {
    "win32": (r"%WINDIR%\Fonts", r"%LOCALAPPDATA%\Microsoft\Windows\Fonts"),
    "darwin": ("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts"),
}
_TIMEOUT = 60


def fonts() -> Result:
    """Whether forms look the same here as on paper."""
    names = _fontconfig_names() if sys.platform not in _FOLDERS else _file_names(_FOLDERS[sys.platform])
    known = " ".join(names).lower()
    here = [font for font, spellings in _WANTED.items() if any(spelling in known for spelling in spellings)]
    lacking = [font for font in _WANTED if font not in here]
    found = "；".join([f"有{'、'.join(here)}"] * bool(here) + [f"没有{'、'.join(lacking)}"] * bool(lacking))
    if all(font in _NOT_NEEDED for font in lacking):
        return Result("fonts", "字体", State.GOOD, found)
    if names:
        found += f"；由 {_chinese(names)} 代替"
        advice = "屏幕和 PDF 会用别的中文字体代替，行高可能略有不同；数字和检查不受影响。"
        return Result("fonts", "字体", State.PARTLY, found, advice)
    return Result(
        "fonts", "字体", State.PARTLY, "没有找到中文字体", "请安装中文字体，如 Noto Sans CJK，否则导出的 PDF 会缺字。"
    )


def _chinese(names: list[str]) -> str:
    """The font that most likely stands in: one of the mainland's signs before others."""
    return min(names, key=lambda name: ("SC" not in name.split(), "CJK" not in name, len(name)))


def _fontconfig_names() -> list[str]:
    """The families that have Chinese, as fontconfig tells them; none where it is not installed."""
    tool = shutil.which("fc-list")
    if tool is None:
        return []
    try:
        done = subprocess.run(
            [tool, ":lang=zh-cn", "family"],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [name.strip() for line in done.stdout.splitlines() for name in line.split(",") if name.strip()]


def _file_names(folders: tuple[str, ...]) -> list[str]:
    """The names of font files, without their endings."""
    out: list[str] = []
    for folder in folders:
        path = Path(os.path.expandvars(folder)).expanduser()
        if path.is_dir():
            out += [file.stem for file in path.rglob("*") if file.suffix.lower() in (".ttf", ".ttc", ".otf")]
    return out
