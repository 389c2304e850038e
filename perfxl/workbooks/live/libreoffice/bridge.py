"""Finds UNO, LibreOffice's own interface, for this interpreter, and makes its structs and constants.

UNO's Python module is compiled for one minor version of Python and lies outside of any virtual environment: with the system's
packages, or in the office's program folder.
"""

from __future__ import annotations

import builtins
import importlib
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from perfxl.errors import MissingExtra
from perfxl.programs import OFFICE_HOME, find_office

_HERE = sys.version_info[:2]


@cache
def uno() -> Any:
    """The module `uno`.

    Raises:
        MissingExtra: there is none for this version of Python.
    """
    try:
        return _modules()
    except ImportError:
        pass
    for folder in _folders():
        sys.path.append(str(folder))
        try:
            return _modules()
        except ImportError:
            continue
        finally:
            sys.path.remove(str(folder))  # nothing else of that folder belongs into this environment
    raise MissingExtra(_missing(), package="UNO", install=OFFICE_HOME)


def _modules() -> Any:
    """`uno`, and `unohelper` beside it, which finds it no more once the folder is gone from the path.

    `uno` puts an import statement of its own in place of Python's, so that `from com.sun.star…` works. That one tells of a missing
    module by another error than Python's, on which packages rely that can do without one: it is taken out again.
    """
    its_own = builtins.__import__
    try:
        found = importlib.import_module("uno")
        importlib.import_module("unohelper")
    finally:
        builtins.__import__ = its_own
    return found


def struct(name: str, *values: Any) -> Any:
    """A struct of UNO by its full name, its members given in order."""
    return uno().createUnoStruct(name, *values)


def constant(name: str) -> Any:
    """A constant of UNO by its full name."""
    return uno().getConstantByName(name)


def property_value(name: str, value: Any) -> Any:
    """A named value, as UNO's calls take options."""
    return struct("com.sun.star.beans.PropertyValue", name, 0, value, struct_enum("DIRECT_VALUE"))


@cache
def struct_enum(name: str) -> Any:
    """A value of the enumeration that `property_value` needs."""
    return uno().Enum("com.sun.star.beans.PropertyState", name)


def enum(kind: str, name: str) -> Any:
    """A value of one of UNO's enumerations by their full name."""
    return uno().Enum(kind, name)


def exception(name: str) -> type[BaseException]:
    """One of UNO's exceptions by its full name."""
    found: type[BaseException] = uno().getClass(name)
    return found


def _folders() -> Iterator[Path]:
    """The folders whose `uno` is compiled for this version of Python."""
    version = f"python{_HERE[0]}.{_HERE[1]}"
    if Path("/usr/bin/python3").resolve().name == version:
        yield from _with_uno(Path("/usr/lib/python3/dist-packages"))
    for library in ("lib64", "lib"):
        yield from _with_uno(Path("/usr", library, version, "site-packages"))
    command = find_office()
    if command is not None:
        program = Path(command).resolve().parent
        for folder in (program, program.parent / "Resources"):
            if _office_python(program) == _HERE:
                yield from _with_uno(folder)


def _with_uno(folder: Path) -> Iterator[Path]:
    if folder.joinpath("uno.py").is_file():
        yield folder


def _office_python(program: Path) -> tuple[int, int] | None:
    """The version of the Python that came with the office."""
    inside = [
        *program.glob("python-core-*"),
        *program.parent.glob("Frameworks/LibreOfficePython.framework/Versions/3*"),
    ]
    for folder in inside:
        found = re.search(r"(\d+)\.(\d+)", folder.name)
        if found:
            return int(found[1]), int(found[2])
    return None


def _missing() -> str:
    here = f"{_HERE[0]}.{_HERE[1]}"
    if find_office() is None:
        return "本机没有找到 LibreOffice。请安装 LibreOffice，或改用 Excel、WPS 打开工作簿。工作簿没有改动。"
    if sys.platform.startswith("linux"):
        return (
            f"找到了 LibreOffice，但没有与 Python {here} 相配的 UNO 接口，不能操作打开的工作簿。"
            "请安装系统软件包 python3-uno，并用系统自带的 Python 3 建立 perfxl 的环境。工作簿没有改动。"
        )
    return (
        f"找到了 LibreOffice，但它自带的 UNO 接口不是为 Python {here} 编译的，不能操作打开的工作簿。"
        "请用与 LibreOffice 自带 Python 相同的版本安装 perfxl，或在工作簿关闭后用 perfxl score。工作簿没有改动。"
    )
