"""The spreadsheet program that is at work: found or started, its open workbooks, and how perfxl speaks to the user in it."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.errors import NotReachable
from perfxl.workbooks.live import xl
from perfxl.workbooks.live.afterwards import Afterwards
from perfxl.workbooks.live.native import Feature, Native

if TYPE_CHECKING:
    import xlwings as xw
    from xlwings import Book

    OpenBook = Book

PROGRAMS = ("auto", "excel", "wps", "libreoffice")
_TITLE = "绩效自评"
_NAMES = {"excel": "Excel", "wps": "WPS 表格", "libreoffice": "LibreOffice"}


class Application:
    """A running spreadsheet program.

    Attributes:
        app: xlwings' app.
        native: what this program can do beyond xlwings' interface.
        failures: the exceptions that this program's interface raises when it does not do what it is asked to.
    """

    def __init__(self, app: xw.App, native: Native, failures: tuple[type[BaseException], ...]) -> None:
        self.app = app
        self.native = native
        self.failures = failures

    def tell(self, text: str) -> None:
        """Show a message box with one button; comes back when it is closed."""
        self.app.alert(text, _TITLE)

    def status(self, text: str | None) -> None:
        """Show a text in the status bar; None gives it back to the program."""
        self.app.status_bar = False if text is None else text

    def book(self, name: str | None = None) -> OpenBook:
        """The open workbook of this name, or of this path or address; without a name the one in view.

        Raises:
            NotReachable: there is none such, or several.
        """
        books = list(self.app.books)
        if not books:
            raise NotReachable(self._none_open())
        if name is None:
            return self.app.books.active
        found = [book for book in books if _same(name, str(book.name), self.native.full_name(book))]
        if len(found) == 1:
            return found[0]
        listed = "、".join([f"“{self.native.full_name(book) if found else book.name}”" for book in found or books])
        if found:
            raise NotReachable(f"有几个打开的工作簿都叫“{name}”：{listed}。没有改动。请写出完整的路径。", book=name)
        raise NotReachable(
            f"{self.native.name} 里没有打开这个工作簿，打开的有：{listed}。没有改动。请先打开它，或写出其中一个名称。",
            book=name,
        )

    def has(self, name: str) -> bool:
        """Whether a workbook of this name, path or address is open."""
        return any(_same(name, str(book.name), self.native.full_name(book)) for book in self.app.books)

    def _none_open(self) -> str:
        told = f"{self.native.name} 里没有打开的工作簿，没有改动。请先打开自评表，再做一次。"
        if Feature.PROTECTED_VIEW not in self.native.features:
            return told
        return told + "如果它在“受保护的视图”中打开（邮件附件、网上下载的文件），请先点“启用编辑”，或另存到本机文件夹。"

    def undisturbed(self, book: OpenBook) -> Afterwards:
        """Holds the screen still and formulas up to date; afterwards screen, calculation, sheet in view and selection are as before."""
        app, native = self.app, self.native
        calculation, selection, updating = app.calculation, app.selection, app.screen_updating
        front, sheet = app.books.active, book.sheets.active

        def restore() -> None:
            with suppress(*self.failures):  # a sheet that is gone cannot come into view again
                if book.sheets.active.name != sheet.name:
                    native.bring_up(sheet)
                if native.full_name(front) != native.full_name(book):
                    native.bring_up(front.sheets.active)
                if selection is not None:
                    selection.select()
            if app.calculation != calculation:
                app.calculation = calculation
            app.screen_updating = updating

        app.screen_updating = False
        if calculation != "automatic":
            app.calculation = "automatic"
        return Afterwards(restore)


def connect(program: str = "auto", accept: str | None = None) -> Application:
    """The program that is at work. `accept` is the accept string of a running LibreOffice.

    Raises:
        MissingExtra: LibreOffice, or its interface for this version of Python, is not there.
        NotReachable: the program is not running, or does not answer.
    """
    if accept is not None or program == "libreoffice":
        return _libreoffice(accept)
    if program in ("excel", "wps"):
        return _desktop(program)
    for name in ("excel", "wps") if sys.platform in ("win32", "darwin") else ():
        with suppress(NotReachable):
            return _desktop(name)
    return _libreoffice(None)


def _desktop(name: str) -> Application:
    """Excel or WPS, by their engines."""
    engine = xl.engine(name)
    if engine is None:
        raise NotReachable(
            f"这台电脑上不能操作打开的 {_NAMES[name]} 工作簿：它只在 Windows（Excel 也在 macOS）上有接口。工作簿没有改动。"
        )
    engine.activate()
    return _over_com(name, engine) if sys.platform == "win32" else _over_apple_events(name, engine)


def _over_com(name: str, engine: xw.Engine) -> Application:
    from perfxl.workbooks.live.com import com_error, running
    from perfxl.workbooks.live.excel import ExcelNative

    found = running(name)
    if found is None:
        raise NotReachable(_not_running(name))
    app = xl.xlwings_module().engines["excel"].apps.add(xl=found, add_book=False)
    features = [Feature.VERY_HIDDEN, Feature.PROTECTED_VIEW]
    if name == "excel":
        features += [Feature.THEME_COLORS, Feature.THREADS]
    failures = (com_error(), xl.xlwings_module().XlwingsError)
    return Application(app, ExcelNative(_NAMES[name], frozenset(features)), failures)


def _over_apple_events(name: str, engine: xw.Engine) -> Application:
    from perfxl.workbooks.live.plain import PlainNative

    app = next(iter(engine.apps), None)
    if app is None:
        raise NotReachable(_not_running(name))
    failure = import_module("appscript.reference").CommandError
    return Application(app, PlainNative(_NAMES[name]), (failure, xl.xlwings_module().XlwingsError))


def _not_running(name: str) -> str:
    return f"{_NAMES[name]} 没有打开。请先用它打开自评表。工作簿没有改动。"


def _libreoffice(accept: str | None) -> Application:
    from perfxl.workbooks.live.libreoffice.bridge import exception
    from perfxl.workbooks.live.libreoffice.native import CalcNative
    from perfxl.workbooks.live.libreoffice.office import attach, open_or_start

    office = attach(accept) if accept is not None else open_or_start()
    engine: Any = xl.engine("libreoffice")
    engine.activate()  # xlwings looks for the app in front among those of the active engine
    app = xl.xlwings_module().App(impl=engine.impl.apps.connect(office))
    return Application(app, CalcNative(), (exception("com.sun.star.uno.Exception"),))


def open_file(application: Application, path: Path) -> OpenBook:
    """Open a file in the program.

    Raises:
        NotReachable: the program did not open it.
    """
    try:
        return application.app.books.open(str(path))
    except ValueError as error:  # xlwings opens no two of one name, as Excel cannot
        raise NotReachable(
            f"{application.native.name} 里已经打开了另一个同名的工作簿。文件没有改动。请先关闭那一个。", book=path
        ) from error
    except application.failures as error:
        raise NotReachable(
            f"{application.native.name} 没有打开它。文件没有改动。请在程序中打开后重试。", book=path
        ) from error


def _same(name: str, short: str, full: str) -> bool:
    asked = name.casefold()
    if asked in (short.casefold(), full.casefold()):
        return True
    path = Path(name)
    return path.exists() and Path(full).exists() and path.samefile(full)
