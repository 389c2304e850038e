"""Saves a workbook as .xlsx by Excel or WPS, in a program that is started out of sight for it and ended again.

The saving itself is xlwings' and the same for each program; it was tried in LibreOffice. The starting is for Windows only, written
by documentation and tried in neither Excel nor WPS yet.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.programs import excel, wps
from perfxl.workbooks.live import xl

if TYPE_CHECKING:
    import xlwings as xw

NAMES = {"excel": "Excel", "wps": "WPS 表格"}
_NO_MACROS = 3  # msoAutomationSecurityForceDisable


class NotSaved(Exception):
    """The program made no file, or took too long."""


def programs_here() -> list[str]:
    """Which of Excel and WPS can be asked on this machine, by the names of `NAMES`."""
    if sys.platform != "win32":
        return []
    return [name for name, find in (("excel", excel), ("wps", wps)) if find() is not None]


def convert_by(program: str, document: bytes, suffix: str, *, timeout: float) -> bytes:
    """The workbook as .xlsx, made by one of `programs_here`; `suffix` is that of the document (`.xls`), `timeout` in seconds.

    Raises:
        NotSaved: the program made no file in time.
    """
    from perfxl.workbooks.live.com import com_error

    failures = (com_error(), xl.xlwings_module().XlwingsError, OSError)
    try:
        with tempfile.TemporaryDirectory(prefix="perfxl-", ignore_cleanup_errors=True) as name:
            source, target = Path(name, f"document{suffix}"), Path(name, "converted.xlsx")
            source.write_bytes(document)
            with _started(program, timeout) as app:
                save_as_xlsx(app, source, target)
            return target.read_bytes()
    except failures as error:
        raise NotSaved(str(error)) from error


def save_as_xlsx(app: xw.App, source: Path, target: Path) -> None:
    """Opens a file, without a look at what it links to, and saves it under another name; the file itself stays as it was."""
    book = app.books.open(str(source), update_links=False, read_only=True)
    try:
        book.save(str(target))
    finally:
        book.close()


@contextmanager
def _started(program: str, timeout: float) -> Iterator[xw.App]:
    """A program that asks nothing and runs no macros. One that answers with workbooks of the user's open is left running, as it was."""
    from perfxl.workbooks.live.com import com_error, new_instance

    native: Any = new_instance(program)
    own = native.Workbooks.Count == 0
    before = native.DisplayAlerts, native.AutomationSecurity
    native.DisplayAlerts, native.AutomationSecurity = False, _NO_MACROS
    engine: Any = xl.xlwings_module().engines["excel"]
    app = xl.xlwings_module().App(impl=engine.impl.apps.add(xl=native, add_book=False))
    try:
        if own:
            with ended_after(timeout, app.pid):
                yield app
        else:
            yield app
    finally:
        with suppress(com_error()):  # the program was ended, or is at its end
            native.DisplayAlerts, native.AutomationSecurity = before
            if own and native.Workbooks.Count == 0:
                native.Quit()  # xlwings' own would end other Excels too


@contextmanager
def ended_after(seconds: float, process: int) -> Iterator[None]:
    """Ends a process that takes too long; what waits for it then fails."""
    timer = threading.Timer(seconds, os.kill, (process, signal.SIGTERM))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
