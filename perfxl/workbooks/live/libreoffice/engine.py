"""The engine that lets xlwings speak to LibreOffice, under the name `libreoffice`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from perfxl.workbooks.live.libreoffice.bridge import constant, enum, exception
from perfxl.workbooks.live.libreoffice.documents import Book, Books
from perfxl.workbooks.live.libreoffice.office import Office
from perfxl.workbooks.live.libreoffice.ranges import Range

NAME = "libreoffice"


class Engine:
    """What `xlwings.Engine(impl=…)` takes."""

    name = NAME
    type = "desktop"

    def __init__(self) -> None:
        self.apps = Apps(self)

    @staticmethod
    def prepare_xl_data_element(value: object, options: object) -> object:
        """A value on its way into cells: nothing is "", as for Excel."""
        del options
        return "" if value is None else value

    @staticmethod
    def clean_value_data(
        data: Sequence[Sequence[object]],
        datetime_builder: object,
        empty_as: object,
        number_builder: Callable[[float], object] | None,
        err_to_str: bool,
    ) -> list[list[object]]:
        """Values on their way out of cells. Dates are numbers here; the text of an error is what is shown."""
        del datetime_builder, err_to_str
        return [
            [
                empty_as if value == "" else number_builder(value) if number_builder and isinstance(value, float) else value
                for value in row
            ]
            for row in data
        ]  # fmt: skip


class Apps:
    """The offices that perfxl is connected to."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._apps: list[App] = []

    def connect(self, office: Office) -> App:
        """The app of a connection, in front of earlier ones."""
        app = App(self._engine, office, len(self._apps) + 1)
        self._apps.insert(0, app)
        return app

    def bring_forward(self, app: App) -> None:
        """Make one the app in front, which xlwings takes for the active one."""
        self._apps.remove(app)
        self._apps.insert(0, app)

    def keys(self) -> list[int]:
        return [app.pid for app in self._apps]

    def __iter__(self) -> Iterator[App]:
        return iter(self._apps)

    def __len__(self) -> int:
        return len(self._apps)

    def __getitem__(self, pid: int) -> App:
        return next(app for app in self._apps if app.pid == pid)


class App:
    """One office. `pid` counts connections: the office does not tell its process number."""

    def __init__(self, engine: Engine, office: Office, number: int) -> None:
        self.engine = engine
        self.office = office
        self.pid = number
        self._updating = True
        self._indicator: Any = None
        self._manual: list[Book] | None = None

    @property
    def api(self) -> Any:
        return self.office.desktop

    @property
    def books(self) -> Books:
        return Books(self)

    def activate(self, steal_focus: bool = False) -> None:
        self.engine.apps.bring_forward(self)
        if steal_focus and (book := self.books.active) is not None:
            book.activate()

    @property
    def selection(self) -> Range | None:
        """The selected cells, None where something else is selected."""
        book = self.books.active
        if book is None or book.controller is None:
            return None
        found = book.controller.getSelection()
        address = getattr(found, "RangeAddress", None)
        if address is None:
            return None
        sheet = book.sheets.active
        return sheet.range((address.StartRow + 1, address.StartColumn + 1), (address.EndRow + 1, address.EndColumn + 1))

    @property
    def screen_updating(self) -> bool:
        return self._updating

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        if value != self._updating:
            for book in self.books:
                (book.api.unlockControllers if value else book.api.lockControllers)()
        self._updating = value

    @property
    def calculation(self) -> str:
        """The office keeps it for each book: manual where it is so in any."""
        return "automatic" if all(book.api.isAutomaticCalculationEnabled() for book in self.books) else "manual"

    @calculation.setter
    def calculation(self, value: str) -> None:
        """`manual` is for the books that were so when `automatic` was set; all, where it never was."""
        if value == "automatic":
            self._manual = [book for book in self.books if not book.api.isAutomaticCalculationEnabled()]
        for book in self.books if value == "automatic" or self._manual is None else self._manual:
            book.api.enableAutomaticCalculation(value == "automatic")
        if value != "automatic":
            self._manual = None

    def calculate(self) -> None:
        """All formulas of all open books: the office believes what a file says they give until something they lean on changes."""
        for book in self.books:
            book.api.calculateAll()

    display_alerts = True
    enable_events = True
    visible = True

    @property
    def status_bar(self) -> str | bool:
        return self._indicator is not None

    @status_bar.setter
    def status_bar(self, value: str | bool) -> None:
        """A text, or False for what the program itself says there."""
        if self._indicator is not None:
            self._indicator.end()
            self._indicator = None
        book = self.books.active
        if isinstance(value, str) and book is not None and book.controller is not None:
            self._indicator = book.controller.getStatusIndicator()
            self._indicator.start(value, 0)

    def alert(self, prompt: str, title: str | None, buttons: str, mode: str | None, callback: object) -> str:
        """A message box with one button; waits until it is closed."""
        del buttons, callback
        window = self.api.getCurrentFrame().getContainerWindow()
        kind = {"info": "INFOBOX", "critical": "ERRORBOX"}.get(mode or "", "MESSAGEBOX")
        button = constant("com.sun.star.awt.MessageBoxButtons.BUTTONS_OK")
        toolkit = window.getToolkit()
        box = toolkit.createMessageBox(
            window, enum("com.sun.star.awt.MessageBoxType", kind), button, title or "", prompt
        )  # fmt: skip
        box.execute()
        box.dispose()  # else it stays, unseen, as long as the office runs
        return "ok"

    def quit(self) -> None:
        with suppress(exception("com.sun.star.lang.DisposedException")):  # it goes before it answers
            self.api.terminate()
