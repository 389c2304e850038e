"""Spreadsheet programs on Windows that speak Excel's object model over COM: Excel by xlwings' engine, WPS by one of perfxl's.

A running program is taken from the system's table of running objects rather than by its windows: the object is not wrapped, so that
a program that is busy (a cell is being edited, a dialog is open) refuses at once, where xlwings would ask again for ever.
Written by documentation; tried in neither program yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from perfxl.errors import NotReachable

PROGRAM_IDS = {"excel": ("Excel.Application",), "wps": ("Ket.Application", "ET.Application")}


def com_error() -> type[Exception]:
    """What COM raises."""
    found: type[Exception] = import_module("pywintypes").com_error
    return found


def running(program: str) -> Any:
    """The running program's application object, None where it is not running.

    Raises:
        NotReachable: it is running, and busy.
    """
    client = import_module("win32com.client")
    for program_id in PROGRAM_IDS[program]:
        try:
            found = client.GetActiveObject(program_id)
        except com_error():
            continue
        try:
            found.Workbooks.Count  # noqa: B018  (a busy program refuses the question)
        except com_error() as error:
            raise NotReachable(
                "程序正忙：可能有单元格正在编辑，或有对话框没有关。工作簿没有改动。请按 Enter 或 Esc 结束编辑、关闭对话框后重试。"
            ) from error
        return found
    return None


def new_instance(program: str) -> Any:
    """An application object of a program that is started for it, where the program does not answer with one that runs.

    Raises:
        pywintypes.com_error: it cannot be started.
    """
    client = import_module("win32com.client")
    *others, last = PROGRAM_IDS[program]
    for program_id in others:
        try:
            return client.DispatchEx(program_id)
        except com_error():
            continue
    return client.DispatchEx(last)


class WpsEngine:
    """What `xlwings.Engine(impl=…)` takes: WPS's application behind the objects of xlwings' engine for Excel."""

    name = "wps"
    type = "desktop"

    def __init__(self, excel: Any) -> None:
        self._excel = excel
        self.apps = WpsApps(excel)

    def prepare_xl_data_element(self, value: object, options: object) -> object:
        """A value on its way into cells, as Excel takes it."""
        return self._excel.prepare_xl_data_element(value, options)

    def clean_value_data(self, *arguments: Any) -> Any:
        """Values on their way out of cells, as from Excel."""
        return self._excel.clean_value_data(*arguments)


class WpsApps:
    """The running WPS, if any."""

    def __init__(self, excel: Any) -> None:
        self._excel = excel

    def __iter__(self) -> Iterator[Any]:
        found = running("wps")
        if found is not None:
            yield self._excel.apps.add(xl=found, add_book=False)

    def __len__(self) -> int:
        return sum(1 for _ in self)
