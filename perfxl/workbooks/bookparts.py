"""The parts of a workbook file that perfxl reads and changes, each read when it is asked for and kept for the run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zlib import crc32

from perfxl.errors import UnreadableBook
from perfxl.grid.address import Ref
from perfxl.grid.cells import Cell, SheetState
from perfxl.workbooks.largesheets import LARGE, may_hold_text
from perfxl.workbooks.markup import Markup, as_utf8, new_parser, parse
from perfxl.workbooks.package import Package
from perfxl.workbooks.partfaults import Refused, unreadable
from perfxl.workbooks.plainrows import plain_rows
from perfxl.workbooks.relationships import inside, one_target, relationships
from perfxl.workbooks.sharedstrings import SharedStrings
from perfxl.workbooks.sheetparts import read_notes, read_table
from perfxl.workbooks.sheetxml import SheetData, read_sheet
from perfxl.workbooks.styles import StyleSheet
from perfxl.workbooks.workbookxml import read_workbook, with_full_calculation

if TYPE_CHECKING:
    from perfxl.workbooks.formulas import TableInfo

T = TypeVar("T")

_SMALL = 1 << 16  # bytes of a part that is kept once it was read


class SheetPart:
    """A worksheet: the part it lies in, and what was read of it so far.

    `position` counts from 0 among all sheets of the workbook, as names do; `markup` is kept once a change was looked at.
    """

    __slots__ = ("changed", "data", "markup", "name", "part", "position", "searched", "state")

    def __init__(self, name: str, part: str, position: int, state: SheetState) -> None:
        self.name = name
        self.part = part
        self.position = position
        self.state = state
        self.markup: Markup | None = None
        self.changed = False
        self.searched: bool | None = None  # whether formulas were found
        self.data: SheetData | None = None


class BookParts:
    """The parts of one workbook, changes included.

    Attributes:
        package: the file as it was read.
        path: the file's name, for errors.
        strings, styles: the shared strings and the style sheet; None where the workbook has none.
        part: the name of the workbook part.
        all_sheet_names: the names of all sheets, chart sheets included.
        calculate_on_load: whether the workbook is to ask its reader to calculate everything anew.
    """

    def __init__(self, package: Package, path: Path) -> None:
        """Reads the workbook part.

        Raises:
            UnreadableBook: it is no .xlsx or .xlsm, or is damaged.
        """
        self.package = package
        self.path = path
        self._changes: dict[str, bytes | None] = {}  # of parts that are not kept elsewhere
        self._searched: dict[tuple[str, Callable[[str], bool]], bool] = {}
        self._known: dict[str, Markup] = {}  # small parts, which are asked for again and again
        self.part = _workbook_part(package)
        package.entry("[Content_Types].xml")  # without it no program takes the file for a workbook
        book = self.parsed(self.part, partial(read_workbook, self.utf8(self.part).data))
        self.names = book.names
        self.all_sheet_names = [entry.name for entry in book.sheets]
        self.date1904 = book.date1904
        self.calculate_on_load = False
        found = relationships(package, self.part)
        by_id = {relationship.id: relationship for relationship in found}
        if not book.sheets:
            raise unreadable(self.part, path, Refused("中没有工作表"))
        self.sheets: dict[str, SheetPart] = {}
        known: set[str] = set()  # parts and names, in small letters
        for position, entry in enumerate(book.sheets):
            relationship = by_id.get(entry.relationship)
            if relationship is None:
                raise unreadable(self.part, path, Refused(f"没有指明工作表“{entry.name}”在哪个部件里"))
            if relationship.kind == "worksheet":
                sheet = SheetPart(entry.name, inside(package, relationship), position, entry.state)
                for fact, what in ((sheet.part.lower(), "同一个部件"), (f"“{entry.name.lower()}”", "同名")):
                    if fact in known:
                        raise unreadable(self.part, path, Refused(f"中有两张工作表{what}（{entry.name}）"))
                    known.add(fact)
                self.sheets[entry.name] = sheet
        strings, styles = (one_target(package, found, kind) for kind in ("sharedStrings", "styles"))
        self.strings = SharedStrings(package, strings) if strings else None
        self.styles = StyleSheet(package, styles) if styles else None

    def verify(self) -> None:
        """Look through the parts that are not going to be read: one that is damaged or holds a DTD means that the book is not as it was sent.

        Raises:
            UnreadableBook: there is such a part.
        """
        apart = {sheet.part.lower() for sheet in self.sheets.values()}
        if self.strings is not None:
            apart.add(self.strings.part.lower())
        self.package.verify(apart)

    def sheet(self, name: str) -> SheetPart:
        """A worksheet.

        Raises:
            UnreadableBook: there is no such sheet.
        """
        try:
            return self.sheets[name]
        except KeyError:
            raise UnreadableBook("没有这张工作表。请核对工作表名称。", book=self.path, sheet=name) from None

    def data(self, name: str) -> SheetData:
        """A worksheet as stored, changes included: formula cells carry the value that stands in the file.

        Raises:
            UnreadableBook: the sheet's part is damaged, or there is no such sheet.
        """
        sheet = self.sheet(name)
        if sheet.data is None:
            markup = sheet.markup or self.utf8(sheet.part)  # for reading alone it is not kept
            strings = self.strings.texts if self.strings else []
            formats = self.styles.formats if self.styles else {}
            sheet.data = self.parsed(
                sheet.part, partial(read_sheet, markup.data, strings, formats, date1904=self.date1904)
            )
        return sheet.data

    def read_rows(self, name: str, rows: bytes) -> dict[int, dict[int, Cell]]:
        """The cells in some rows of a changed worksheet, read to see what was written: no formats, and of texts only the appended ones.

        Raises:
            UnreadableBook: the rows are not well-formed.
        """
        appended = defaultdict(str, self.strings.appended if self.strings else {})

        def read() -> dict[int, dict[int, Cell]]:
            plain = plain_rows(rows, appended, {})
            if plain is None:
                return read_sheet(rows, appended, {}, date1904=self.date1904).rows
            parse(new_parser(), rows)
            return plain.rows

        return self.parsed(self.sheet(name).part, read)

    def markup(self, sheet: SheetPart) -> Markup:
        """A worksheet's part as it stands, changes included.

        Raises:
            UnreadableBook: it is damaged.
        """
        if sheet.markup is None:
            sheet.markup = self.utf8(sheet.part)
        return sheet.markup

    def change(self, sheet: SheetPart, data: bytes) -> None:
        """Give a worksheet's part other bytes, UTF-8."""
        sheet.markup = self.markup(sheet)._replace(data=data)
        sheet.changed = True
        sheet.data = None

    def has_formulas(self, name: str) -> bool:
        """Whether a worksheet may hold formulas; a large sheet without any is not read for this, only searched."""
        sheet = self.sheets[name]
        if sheet.data is not None:
            return bool(sheet.data.formulas)
        if sheet.markup is not None:
            return _has_formula(sheet.markup.data)
        if sheet.searched is None:
            sheet.searched = self._search_formulas(sheet)
        return sheet.searched

    def _search_formulas(self, sheet: SheetPart) -> bool:
        tail = b""
        for chunk in self.package.stream(sheet.part):
            if _has_formula(tail + chunk) or b"\x00" in chunk[:4]:  # UTF-16 is not searched
                return True
            tail = chunk[-2:]
        return False

    def may_hold(self, name: str, tells: Callable[[str], bool]) -> bool:
        """Whether a worksheet may have a text cell that satisfies `tells`; a small sheet always may.

        Raises:
            UnreadableBook: the sheet's part or the strings are damaged, or there is no such sheet.
        """
        sheet = self.sheet(name)
        if sheet.data is not None or sheet.markup is not None or self.package.entry(sheet.part).size <= LARGE:
            return True
        if (name, tells) not in self._searched:
            texts = self.strings.texts if self.strings else []
            telling = {index for index, text in enumerate(texts) if tells(text)}
            self._searched[name, tells] = may_hold_text(self.package.stream(sheet.part), telling, tells)
        return self._searched[name, tells]

    def notes(self, name: str) -> dict[Ref, str]:
        """The notes of a worksheet by their cells.

        Raises:
            UnreadableBook: their part is damaged.
        """
        part = one_target(self.package, relationships(self.package, self.sheet(name).part), "comments")
        return self.parsed(part, lambda: read_notes(self.utf8(part).data)) if part else {}

    def tables(self) -> list[TableInfo]:
        """The tables of all worksheets.

        Raises:
            UnreadableBook: a table's part is damaged.
        """
        return [table for name in self.sheets for table in self.tables_of(name)]

    def tables_of(self, name: str) -> list[TableInfo]:
        """The tables of a worksheet.

        Raises:
            UnreadableBook: a table's part is damaged.
        """
        found: list[TableInfo] = []
        for relationship in relationships(self.package, self.sheet(name).part):
            if relationship.kind == "table":
                part = inside(self.package, relationship)
                found.append(self.parsed(part, partial(read_table, self.utf8(part).data, name)))
        return found

    def read_names(self) -> None:
        """Read the defined names again, once the workbook part was changed.

        Raises:
            UnreadableBook: the part is damaged.
        """
        self.names = self.parsed(self.part, partial(read_workbook, self.utf8(self.part).data)).names

    def defined_name(self, name: str, sheet: str) -> str | None:
        """The formula of a defined name as seen from a sheet: its own name first, then the workbook's."""
        key = name.lower()
        local = self.names.get((key, self.sheets[sheet].position))
        return self.names.get((key, None)) if local is None else local

    def changed(self) -> dict[str, bytes | None]:
        """The changed parts as they are to be written, by name, None for one that goes; empty where nothing changed."""
        parts = dict(self._changes)
        for sheet in self.sheets.values():
            if sheet.markup is not None and sheet.changed and parts.get(sheet.part, b"") is not None:
                parts[sheet.part] = sheet.markup.written(sheet.markup.data)
        for grown in (self.strings, self.styles):
            content = grown.written() if grown else None
            if grown and content is not None:
                parts[grown.part] = content
        if self.calculate_on_load:
            parts[self.part] = self.parsed(self.part, partial(with_full_calculation, self.utf8(self.part)))
        # What was changed and changed back is no change.
        return {name: content for name, content in parts.items() if not self._is_original(name, content)}

    def _is_original(self, part: str, content: bytes | None) -> bool:
        if content is None or part not in self.package:
            return False
        entry = self.package.entry(part)
        return entry.size == len(content) and entry.crc == crc32(content)

    def __contains__(self, part: str) -> bool:
        """Whether there is such a part, changes included."""
        return self._changes[part] is not None if part in self._changes else part in self.package

    def part_names(self) -> list[str]:
        """The names of all parts, with those that came in or are to go."""
        return [*self.package.names(), *self._changes]

    def put(self, part: str, content: bytes | None) -> None:
        """Give a part other bytes, None takes it away; those of worksheets, strings and styles are changed by their own ways."""
        self._known.pop(part, None)
        if content is None and part not in self.package:
            self._changes.pop(part, None)
        else:
            self._changes[part] = content

    def utf8(self, part: str) -> Markup:
        """A part as it stands, changes included.

        Raises:
            UnreadableBook: it is missing or damaged.
        """
        known = self._known.get(part)
        if known is not None:
            return known
        changed = self._changes.get(part)
        raw = self.package.read(part) if changed is None else changed
        markup = self.parsed(part, partial(as_utf8, raw))
        if len(raw) <= _SMALL:
            self._known[part] = markup
        return markup

    def parsed(self, part: str, read: Callable[[], T]) -> T:
        """What a reading function gives, its `ValueError` turned into an error that names the part.

        Raises:
            UnreadableBook: the part is damaged.
        """
        try:
            return read()
        except ValueError as error:
            raise unreadable(part, self.path, error) from error


def _workbook_part(package: Package) -> str:
    found = one_target(package, relationships(package, ""), "officeDocument")
    if found is None or found not in package or not found.lower().endswith(".xml"):
        what = "这不是 Excel 工作簿（.xlsx/.xlsm）"
        if found is not None and found.lower().endswith(".bin"):
            what = "这是二进制格式 .xlsb，不是 .xlsx"
        elif "content.xml" in package:
            what = "这是 OpenDocument 文件（.ods），不是 .xlsx"
        raise UnreadableBook(f"{what}。请用 Excel 或 WPS 打开，另存为 .xlsx 后重试。", book=package.book)
    return found


def _has_formula(data: bytes) -> bool:
    """Whether bytes of a worksheet hold what looks like the tag of a formula."""
    for begin in (b"<f", b":f"):
        at = data.find(begin)
        while at >= 0:
            if data[at + 2 : at + 3] in (b">", b" ", b"/", b"\n", b"\r", b"\t"):
                return True
            at = data.find(begin, at + 2)
    return False
