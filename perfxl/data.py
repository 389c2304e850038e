"""Finds the data that ships with perfxl, loads its TOML, and keeps what was parsed beside it, as Python keeps compiled modules.

Parsing TOML costs a command more time than all its work on a small form, so the parsed table is kept in `__pycache__` under the
size and time of its source. Where that folder cannot be written, the source is parsed each time.
"""

from __future__ import annotations

import marshal
import os
import sys
from pathlib import Path
from typing import Any

from perfxl.errors import BadSettings


def shipped_folder(name: str) -> Path:
    """Where a folder lies that ships with perfxl: inside the installed package, or beside it in the source tree."""
    package = Path(__file__).parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


def load_toml(path: Path) -> dict[str, Any]:
    """The table in a TOML file that ships with perfxl.

    Raises:
        BadSettings: the file is missing or not TOML; the message says where.
    """
    try:
        stat = path.stat()
    except OSError as error:
        raise BadSettings("数据文件缺失或无法读取，请重新安装 perfxl。", book=path) from error
    stamp = (stat.st_size, stat.st_mtime_ns)
    kept = path.parent / "__pycache__" / f"{path.stem}.{sys.implementation.cache_tag}.toml"
    try:
        found_stamp, table = marshal.loads(kept.read_bytes())
        if found_stamp == stamp:
            return dict(table)
    except (OSError, ValueError, EOFError, TypeError):
        pass  # not kept yet, or by another version
    table = parse_toml(path)
    _keep(kept, marshal.dumps((stamp, table)))
    return table


def parse_toml(path: Path) -> dict[str, Any]:
    """The table in any TOML file, a user's too; amounts and points must be written as strings.

    Raises:
        BadSettings: the file is not TOML; the message says where.
    """
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings("文件无法读取：应为 UTF-8 编码的 TOML 文件。", book=path) from error
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"文件不是有效的 TOML：{error}。请按所示位置改正。", book=path) from error


def _keep(path: Path, data: bytes) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
