"""The one place where xlwings is imported, and when: it takes as long as all the rest of a click."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xlwings


@cache
def xlwings_module() -> Any:
    """xlwings, with perfxl's engines beside its own."""
    import xlwings

    from perfxl.workbooks.live.libreoffice.engine import Engine

    xlwings.engines.add(xlwings.Engine(impl=Engine()))
    if sys.platform == "win32":
        from perfxl.workbooks.live.com import WpsEngine

        xlwings.engines.add(xlwings.Engine(impl=WpsEngine(xlwings.engines["excel"].impl)))
    return xlwings


def engine(name: str) -> xlwings.Engine | None:
    """An engine by name, None where this system has none such."""
    found: Any = xlwings_module().engines
    return next((each for each in found if each.name == name), None)
