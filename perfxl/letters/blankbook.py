"""The workbook that every letter is put into, drawn once by XlsxWriter: formats, columns, frozen heads, print set-up.

A letter adds its rows, and what hangs on their number. To draw each letter anew took three times as long.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple
from zipfile import ZipFile

from perfxl.checks.finding import Severity
from perfxl.documenttime import CREATED
from perfxl.grid.address import column_letters
from perfxl.letters.packing import completed, packed
from perfxl.patterns import pattern
from perfxl.workbooks.marks.model import LOOKS
from perfxl.workbooks.markup import escaped
from perfxl.workbooks.ownbooks import PART

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_FONT = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
_GRID = {**_FONT, "border": 1, "text_wrap": True}
_A4 = 9
_BOOK, _CORE = "xl/workbook.xml", "docProps/core.xml"
_TITLE = "title"  # stands in the blank workbook where a letter's own comes
_ROWS = pattern(r"<sheetData>(.*)</sheetData>")
_DIMENSION = pattern(r"<dimension [^>]*/>")
_NAMES = pattern(r"<definedNames>.*</definedNames>")
_STYLE = pattern(r'<c r="[A-Z]+1" s="(\d+)"')


class Styles(NamedTuple):
    """The numbers of the cell formats."""

    title: str
    text: str
    right: str
    head: str
    cell: str
    centred: str
    money: str
    rate: str
    error: str
    warning: str
    advice: str

    def severity(self, severity: Severity) -> str:
        """The format of a cell that names a severity."""
        return str(getattr(self, severity.value))


class Sheet(NamedTuple):
    """How a sheet is drawn: its name, the widths of its columns in characters, the row of its head, from 1."""

    name: str
    widths: tuple[int, ...]
    head: int


class Filling(NamedTuple):
    """What a letter adds to a sheet: its rows as XML; the last of them, and the last that a filter holds, if there is one; what stands
    between the rows and the print set-up."""

    rows: str
    last: int
    filtered: int | None = None
    after: str = ""


class BlankBook(NamedTuple):
    """The blank workbook: its sheets, and what stands in their parts before and behind the rows; the parts with the title and the names of
    ranges; the package of all others."""

    sheets: tuple[Sheet, ...]
    frames: tuple[tuple[str, str], ...]
    styles: Styles
    book: str
    core: str
    package: bytes

    def filled(self, title: str, fillings: Sequence[Filling], properties: Mapping[str, str]) -> bytes:
        """The workbook of a letter."""
        parts = {
            _part(number): f"{before}<sheetData>{filling.rows}</sheetData>{filling.after}{behind}"
            for number, ((before, behind), filling) in enumerate(zip(self.frames, fillings, strict=True), 1)
        }
        named = "".join(
            f'<definedName name="_xlnm.{name}" localSheetId="{sheet}"{more}>{area}</definedName>'
            for name, area, sheet, more in sorted(_named_ranges(self.sheets, fillings))
        )
        before, behind = _NAMES.split(self.book)
        parts[_BOOK] = f"{before}<definedNames>{named}</definedNames>{behind}"
        parts[_CORE] = self.core.replace(f">{_TITLE}<", f">{escaped(title)}<")
        return completed(self.package, parts, properties)


@cache
def blank_book(sheets: tuple[Sheet, ...]) -> BlankBook:
    """A blank workbook with these sheets."""
    from xlsxwriter import Workbook

    stream = BytesIO()
    with Workbook(stream, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": _TITLE, "created": CREATED})
        workbook.set_custom_property(_TITLE, _TITLE)
        formats = [workbook.add_format(look) for look in _looks()]
        for sheet in sheets:
            _draw(workbook.add_worksheet(sheet.name), sheet, formats)
    with ZipFile(stream) as package:
        parts = {name: package.read(name) for name in package.namelist() if name != PART}
    drawn = [parts.pop(_part(number)).decode() for number in range(1, len(sheets) + 1)]
    split = [_ROWS.split(_DIMENSION.sub("", text)) for text in drawn]
    styles = Styles(*_STYLE.findall(split[0][1]))
    book, core = (parts.pop(name).decode() for name in (_BOOK, _CORE))
    frames = tuple((before, behind) for before, _, behind in split)
    return BlankBook(sheets, frames, styles, book, core, packed(parts))


def _looks() -> Iterator[dict[str, object]]:
    """The formats, in the order of `Styles`."""
    yield {"font_name": "黑体", "font_size": 18, "align": "center", "valign": "vcenter"}
    yield {**_FONT, "text_wrap": True}
    yield {**_FONT, "align": "right"}
    yield {**_GRID, "bold": True, "align": "center", "bg_color": "#F2F2F2"}
    yield _GRID
    yield {**_GRID, "align": "center"}
    yield {**_GRID, "align": "right", "num_format": "#,##0.00"}
    yield {**_GRID, "align": "right", "num_format": "0.00%"}
    for severity in Severity:
        look = LOOKS[severity]
        yield {**_GRID, "align": "center", "bg_color": f"#{look.fill}", "font_color": f"#{look.text}"}


def _draw(drawn: Worksheet, sheet: Sheet, formats: Sequence[Format]) -> None:
    """Everything but rows; a cell of each format in the first row tells their numbers."""
    for column, width in enumerate(sheet.widths):
        drawn.set_column(column, column, width)
    for column, each in enumerate(formats):
        drawn.write_blank(0, column, None, each)
    drawn.set_landscape()
    drawn.set_paper(_A4)
    drawn.set_margins(0.5, 0.5, 0.6, 0.7)
    drawn.fit_to_pages(1, 0)
    drawn.freeze_panes(sheet.head, 0)
    drawn.set_footer("&C&9第 &P 页 共 &N 页")
    drawn.repeat_rows(sheet.head - 1)  # these names, and those of the areas, are told again with each letter's rows
    drawn.print_area(0, 0, sheet.head, len(sheet.widths) - 1)


def _named_ranges(sheets: Sequence[Sheet], fillings: Sequence[Filling]) -> Iterator[tuple[str, str, int, str]]:
    """The names by which programs know filters, printed areas and repeated heads: name, area, place of the sheet, further attributes."""
    for place, (sheet, filling) in enumerate(zip(sheets, fillings, strict=True)):
        right = column_letters(len(sheet.widths))
        if filling.filtered is not None:
            yield "_FilterDatabase", f"{sheet.name}!$A${sheet.head}:${right}${filling.filtered}", place, ' hidden="1"'
        yield "Print_Area", f"{sheet.name}!$A$1:${right}${filling.last}", place, ""
        yield "Print_Titles", f"{sheet.name}!${sheet.head}:${sheet.head}", place, ""


def _part(number: int) -> str:
    return f"xl/worksheets/sheet{number}.xml"
