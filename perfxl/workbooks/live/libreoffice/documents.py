"""Documents and sheets of LibreOffice Calc as xlwings' engine interface has them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from perfxl.grid.address import Area, Ref
from perfxl.patterns import pattern
from perfxl.workbooks.live.afterwards import Afterwards
from perfxl.workbooks.live.libreoffice.bridge import property_value, struct, uno
from perfxl.workbooks.live.libreoffice.ranges import Note, Range

if TYPE_CHECKING:
    from perfxl.workbooks.live.libreoffice.engine import App

_DOCUMENT = "com.sun.star.sheet.SpreadsheetDocument"
_XLSX = "Calc MS Excel 2007 XML"
_STANDARD = 0
_LETTERS = pattern("[A-Za-z]")
_WITH_POINTS = ("en", "ja", "ko", "zh")


class Books:
    """The spreadsheets that are open in one office."""

    def __init__(self, app: App) -> None:
        self.app = app

    @property
    def api(self) -> Any:
        return self.app.api.Components

    def __iter__(self) -> Iterator[Book]:
        components = self.app.api.Components.createEnumeration()
        while components.hasMoreElements():
            found = components.nextElement()
            if found.supportsService(_DOCUMENT):
                yield Book(self.app, found)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def active(self) -> Book | None:
        """The one in view, else the one that was opened last."""
        current = self.app.api.getCurrentComponent()
        if current is not None and current.supportsService(_DOCUMENT):
            return Book(self.app, current)
        return next(iter(self), None)

    def __call__(self, name_or_index: str | int) -> Book:
        if isinstance(name_or_index, int):
            return list(self)[name_or_index - 1]
        for book in self:
            if book.name == name_or_index:
                return book
        raise KeyError(name_or_index)

    def __contains__(self, name: str) -> bool:
        return any(book.name == name for book in self)

    def add(self) -> Book:
        return Book(self.app, self.app.api.loadComponentFromURL("private:factory/scalc", "_blank", 0, ()))

    def open(self, fullname: str, update_links: object = None, read_only: bool | None = None, *ignored: object) -> Book:
        """Open a file; links are never brought up to date, nor macros run."""
        del update_links, ignored
        options = [property_value("ReadOnly", bool(read_only)), property_value("UpdateDocMode", 0)]
        url = uno().systemPathToFileUrl(fullname)
        return Book(self.app, self.app.api.loadComponentFromURL(url, "_blank", 0, tuple(options)))


class Book:
    """One open spreadsheet."""

    def __init__(self, app: App, document: Any) -> None:
        self.app = app
        self.api = document
        self._codes: dict[int, str] = {}
        self._undo: Any = None
        self._fullname: str | None = None

    @property
    def name(self) -> str:
        return self.fullname.replace("\\", "/").rpartition("/")[2]

    @property
    def fullname(self) -> str:
        """The path of its file, the address where it lies elsewhere, the window's title where it was never saved."""
        if self._fullname is None:  # xlwings asks for it whenever it compares two ranges
            url = str(self.api.getURL())
            local = url.startswith("file:")
            self._fullname = str(uno().fileUrlToSystemPath(url)) if local else url or str(self.api.Title)
        return self._fullname

    @property
    def controller(self) -> Any:
        return self.api.getCurrentController()

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    def activate(self) -> None:
        self.controller.getFrame().activate()

    def keep_from_undo(self, on: bool) -> None:
        """Whether changes are kept from the office's own undo."""
        undo = self._undo if self._undo is not None else self.api.getUndoManager()
        self._undo = undo if on else None
        (undo.lock if on else undo.unlock)()

    def before_change(self) -> None:
        """To be called before each change: the office drops the lock of its undo with each."""
        if self._undo is not None:
            self._undo.unlock()
            self._undo.lock()

    def content_change(self, table: Any) -> Afterwards:
        """To be put around a change of what a cell holds, while changes are kept from the undo.

        The office writes such a change into its undo whatever the lock says, above the step that puts the protection back. So that
        step is taken before, and the protection taken off anew behind it: what a cell holds can be changed under a protection.
        """
        undo, self._undo = self._undo, None
        if undo is None:
            return Afterwards()
        undo.unlock()
        undo.undo()

        def keep_again() -> None:
            table.unprotect("")
            undo.lock()
            self._undo = undo

        return Afterwards(keep_again)

    @property
    def is_kept_from_undo(self) -> bool:
        return self._undo is not None

    def save(self, path: str | None = None, password: str | None = None) -> None:
        del password
        self._fullname = None
        if path is None:
            self.api.store()
        else:
            self.api.storeAsURL(uno().systemPathToFileUrl(path), (property_value("FilterName", _XLSX),))

    def close(self) -> None:
        self.api.setModified(False)
        self.api.close(True)

    def format_code(self, key: int) -> str:
        """The number format code of a key, as Excel writes it."""
        code = self._codes.get(key)
        if code is None:
            found = self.api.getNumberFormats().getByKey(key)
            code = "General" if key == _STANDARD else str(found.FormatString)
            if code.startswith("General") and code.removeprefix("General").strip(";") == "":
                code = "General"
            self._codes[key] = code
        return code

    def format_key(self, code: str) -> int:
        """The key of a number format code; a new one is added.

        A code without letters is one of the document's own language where that writes decimals with a point: under another language it
        would be written to files with its mark, as in `[$-409]0.000%`.
        """
        if code == "General":
            return _STANDARD
        own = not _LETTERS.search(code) and self.api.CharLocale.Language in _WITH_POINTS
        locale = struct("com.sun.star.lang.Locale", *([""] * 3 if own else ["en", "US", ""]))
        formats = self.api.getNumberFormats()
        key = int(formats.queryKey(code, locale, False))
        return key if key >= 0 else int(formats.addNew(code, locale))


class Sheets:
    """The sheets of a document."""

    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def api(self) -> Any:
        return self.book.api.Sheets

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.book, name) for name in self.api.getElementNames())

    def __len__(self) -> int:
        return int(self.api.getCount())

    def __contains__(self, name: str) -> bool:
        return bool(self.api.hasByName(name))

    @property
    def active(self) -> Sheet:
        return Sheet(self.book, self.book.controller.getActiveSheet().getName())

    def __call__(self, name_or_index: str | int) -> Sheet:
        if isinstance(name_or_index, int):
            return Sheet(self.book, self.api.getElementNames()[name_or_index - 1])
        if name_or_index not in self:
            raise KeyError(name_or_index)
        return Sheet(self.book, name_or_index)

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        at = len(self) if before is None and after is None else before.index - 1 if before else after.index  # type: ignore[union-attr]
        title = name or f"Sheet{len(self) + 1}"
        self.api.insertNewByName(title, at)
        return Sheet(self.book, title)


class Sheet:
    """One sheet."""

    def __init__(self, book: Book, name: str) -> None:
        self.book = book
        self._name = name

    @cached_property
    def api(self) -> Any:
        return self.book.api.Sheets.getByName(self._name)

    @property
    def name(self) -> str:
        return self._name

    @name.setter
    def name(self, value: str) -> None:
        self.api.setName(value)
        self._name = value

    @property
    def index(self) -> int:
        return int(self.api.RangeAddress.Sheet) + 1

    @property
    def visible(self) -> bool:
        return bool(self.api.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        self.api.IsVisible = value

    @property
    def used_range(self) -> Range:
        cursor = self.api.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        return Range(self, Area(1, 1, end.EndRow + 1, end.EndColumn + 1))

    @property
    def cells(self) -> Range:
        return Range(self, Area(1, 1, self.api.Rows.Count, self.api.Columns.Count))

    def range(self, first: object, last: object = None) -> Range:
        if isinstance(first, str) and first.replace(":", "").isdecimal():
            top, _, bottom = first.partition(":")
            return Range(self, Area(int(top), 1, int(bottom or top), self.api.Columns.Count))
        return Range.of(self, first, last)

    @property
    def notes(self) -> Iterator[Note]:
        found = self.api.Annotations
        for index in range(found.getCount()):
            note = found.getByIndex(index)
            place = note.getPosition()
            yield Note(self, Ref(place.Row + 1, place.Column + 1), note)

    def activate(self) -> None:
        self.book.controller.setActiveSheet(self.api)

    select = activate

    def clear(self) -> None:
        self.cells.clear()

    def delete(self) -> None:
        self.book.api.Sheets.removeByName(self._name)
