"""The one place where xlwings is imported, and when: it takes as long as all the rest of a click."""

from __future__ import annotations

import atexit
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xlwings


@cache
def xlwings_module() -> Any:
    """xlwings, with perfxl's engines beside its own."""
    with _hidden("numpy", "pandas", "matplotlib", "polars", "plotly", "PIL"):
        import xlwings

    from perfxl.workbooks.live.libreoffice.engine import Engine

    xlwings.engines.add(xlwings.Engine(impl=Engine()))
    excel = next((each for each in xlwings.engines if each.name == "excel"), None)
    if sys.platform == "win32" and excel is not None:
        from perfxl.workbooks.live.com import WpsEngine

        _leave_programs_alone(excel)
        xlwings.engines.add(xlwings.Engine(impl=WpsEngine(excel.impl)))
    return xlwings


@contextmanager
def _hidden(*packages: str) -> Iterator[None]:
    """Keeps xlwings from taking along what it can convert values to where it is installed: that took three times as long as itself."""
    unloaded = [name for name in packages if name not in sys.modules]
    sys.modules.update(dict.fromkeys(unloaded))  # type: ignore[arg-type]  # None there says that the import fails
    try:
        yield
    finally:
        for name in unloaded:
            del sys.modules[name]


def _leave_programs_alone(excel: Any) -> None:
    """Keeps xlwings from ending programs: when a process ends it ends every Excel that it does not find among the active engine's
    apps, which are all of them where that engine is WPS's or LibreOffice's."""
    windows = import_module(type(excel.impl).__module__)
    atexit.unregister(windows.cleanup)


def engine(name: str) -> xlwings.Engine | None:
    """An engine by name, None where this system has none such."""
    found: Any = xlwings_module().engines
    return next((each for each in found if each.name == name), None)
