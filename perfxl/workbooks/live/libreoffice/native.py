"""What perfxl needs of LibreOffice Calc beyond xlwings' interface."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.grid.address import Area
from perfxl.grid.cells import SheetState
from perfxl.workbooks.live.afterwards import Afterwards
from perfxl.workbooks.live.libreoffice import commands
from perfxl.workbooks.live.libreoffice.bridge import constant, enum, exception, struct, uno
from perfxl.workbooks.live.libreoffice.looks import color_of, rgb_of
from perfxl.workbooks.live.libreoffice.ranges import area_of
from perfxl.workbooks.live.looks import AUTOMATIC, NO_FILL, rgb_text, shown_rgb
from perfxl.workbooks.live.native import Colors, Feature, Protection
from perfxl.workbooks.live.survey import GENERAL, Survey

if TYPE_CHECKING:
    import xlwings as xw

    from perfxl.workbooks.live.libreoffice.office import Office

_PIXEL = 2540 / 96  # hundredths of a millimetre
_A4 = (21000, 29700)
_SMALL = 6.0
_GREY = 0xA6A6A6
_AUTOMATIC = -1  # of letters; of a fill: none
_FILTER = ".uno:DataFilterAutoFilter"
_INSERT_MODE = ".uno:InsertMode"
_SHEET_GRID = ".uno:ToggleSheetGrid"


class CalcNative:
    """LibreOffice's own ways."""

    name = "LibreOffice"
    features = frozenset([Feature.ONE_UNDO])

    def survey(self, sheet: xw.Sheet, area: Area) -> Survey:
        """By the office's list of the ranges that are formatted alike: merged cells count as a look of their own there."""
        book, table = sheet.impl.book, sheet.api
        whole = table.getCellRangeByPosition(area.left - 1, area.top - 1, area.right - 1, area.bottom - 1)
        formats: list[tuple[Area, str]] = []
        merges: list[Area] = []
        groups = whole.getUniqueCellFormatRanges()
        for index in range(groups.getCount()):
            group = groups.getByIndex(index)
            areas = [area_of(address) for address in group.getRangeAddresses()]
            code = book.format_code(group.NumberFormat)
            if code != GENERAL:
                formats += [(part, code) for part in areas]
            first = areas[0].first
            cell = table.getCellByPosition(first.column - 1, first.row - 1)
            if cell.getIsMerged():
                rows, columns = self._span(table, cell)
                merges += [
                    Area(row, column, row + rows - 1, column + columns - 1)
                    for part in areas
                    for row in range(part.top, part.bottom + 1)
                    for column in range(part.left, part.right + 1)
                ]
        return Survey(
            tuple(formats),
            tuple(merges),
            *_hidden(whole, area),
        )

    def _span(self, table: Any, cell: Any) -> tuple[int, int]:
        """Rows and columns of the merged area that begins at a cell."""
        cursor = table.createCursorByRange(cell)
        cursor.collapseToMergedArea()
        found = cursor.getRangeAddress()
        return found.EndRow - found.StartRow + 1, found.EndColumn - found.StartColumn + 1

    def state(self, sheet: xw.Sheet) -> SheetState:
        return SheetState.VISIBLE if sheet.visible else SheetState.HIDDEN

    def counts_from_1904(self, book: xw.Book) -> bool:
        return bool(book.api.NullDate.Year == 1904)

    def identity(self, book: xw.Book) -> str:
        return f"libreoffice-{book.impl.app.office.token}-{book.api.RuntimeUID}"

    def full_name(self, book: xw.Book) -> str:
        return str(book.fullname)

    def has_file(self, book: xw.Book) -> bool:
        return bool(book.api.hasLocation())

    def read_only(self, book: xw.Book) -> bool:
        return bool(book.api.isReadonly())

    def hindrance(self, book: xw.Book) -> str | None:
        """The office takes changes under an open dialog and beside a cell that is being edited: the user would lose one or the other."""
        office = book.impl.app.office
        dialog = _open_dialog(office)
        if dialog is not None:
            return f"有对话框没有关（{dialog}）。请先关闭它，再做一次。"
        typing = commands.state(book.api, office, _INSERT_MODE)  # only while a cell is being edited may it be switched
        return (
            "有单元格正在编辑。请按 Enter 或 Esc 结束编辑，再做一次。"
            if typing is not None and typing.enabled
            else None
        )

    def bring_up(self, sheet: xw.Sheet) -> None:
        sheet.book.api.getCurrentController().setActiveSheet(sheet.api)

    def structure_locked(self, book: xw.Book) -> bool:
        return bool(book.api.isProtected())

    def protection(self, sheet: xw.Sheet) -> Protection | None:
        """Whether an empty password opens it is only told by trying; the protection comes back with its options."""
        if not sheet.api.isProtected():
            return None
        opened = self._unprotect(sheet)
        if opened:
            self._undo(sheet)
        return Protection(opened)

    def unprotected(self, sheet: xw.Sheet) -> Afterwards:
        """The office does not tell a protection's options, but its undo puts them back: what comes between is kept from it."""
        self._unprotect(sheet)
        book = sheet.impl.book
        book.keep_from_undo(True)

        def protect() -> None:
            book.keep_from_undo(False)
            self._undo(sheet)

        return Afterwards(protect)

    def _unprotect(self, sheet: xw.Sheet) -> bool:
        try:
            sheet.api.unprotect("")
        except exception("com.sun.star.lang.IllegalArgumentException"):
            return False
        return True

    def _undo(self, sheet: xw.Sheet) -> None:
        sheet.book.api.getUndoManager().undo()

    def is_locked(self, cell: xw.Range) -> bool:
        return bool(cell.api.CellProtection.IsLocked)

    def colors(self, cell: xw.Range) -> Colors | None:
        fill, letters = rgb_of(cell.api.CellBackColor), rgb_of(cell.api.CharColor)
        return Colors(NO_FILL if fill is None else rgb_text(fill), AUTOMATIC if letters is None else rgb_text(letters))

    def paint(self, cell: xw.Range, colors: Colors) -> None:
        for name, text in (("CellBackColor", colors.fill), ("CharColor", colors.letters)):
            number = color_of(shown_rgb(text))
            if number == _AUTOMATIC:
                cell.api.setPropertyToDefault(name)  # so that a cell that had no look of its own has none again
            if cell.api.getPropertyValue(name) != number:
                cell.api.setPropertyValue(name, number)

    def size_note(self, cell: xw.Range, width: int, height: int, small_from: int | None) -> None:
        shape = cell.api.getAnnotation().getAnnotationShape()
        shape.setSize(struct("com.sun.star.awt.Size", round(width * _PIXEL), round(height * _PIXEL)))
        if small_from is not None:
            cursor = shape.createTextCursor()
            cursor.gotoStart(False)
            cursor.goRight(small_from, False)
            cursor.gotoEnd(True)
            for kind in ("", "Asian"):
                setattr(cursor, f"CharHeight{kind}", _SMALL)
            cursor.CharColor = _GREY

    def has_thread(self, cell: xw.Range) -> bool:
        del cell
        return False

    def offer_list(self, cells: xw.Range, choices: Sequence[str], title: str, prompt: str) -> None:
        found = cells.api.Validation
        found.Type = enum("com.sun.star.sheet.ValidationType", "LIST")
        found.setFormula1(";".join([f'"{choice}"' for choice in choices]))
        found.ShowList = constant("com.sun.star.sheet.TableValidationVisibility.UNSORTED")
        found.ShowErrorMessage = False
        found.ShowInputMessage = True
        found.InputTitle, found.InputMessage = title, prompt
        cells.api.Validation = found

    def filter(self, area: xw.Range) -> None:
        """By the program's command: a filter made otherwise would become a table of its own in a file."""
        document, office = area.sheet.book.api, area.sheet.book.impl.app.office
        self.bring_up(area.sheet)
        document.getCurrentController().select(area.api)
        on = commands.state(document, office, _FILTER)
        if on is not None and on.value is True:
            commands.run(document, office, _FILTER)
        commands.run(document, office, _FILTER)

    def hold_heights(self, book: xw.Book) -> Afterwards:
        document = book.api
        before = document.IsAdjustHeightEnabled
        document.IsAdjustHeightEnabled = False
        return Afterwards(partial(setattr, document, "IsAdjustHeightEnabled", before))

    def set_up(self, sheet: xw.Sheet, head_row: int | None, tab_color: tuple[int, int, int]) -> None:
        table, document, office = sheet.api, sheet.book.api, sheet.book.impl.app.office
        self.bring_up(sheet)
        controller = document.getCurrentController()
        grid = commands.state(document, office, _SHEET_GRID)
        if grid is not None and grid.value is True:  # the controller's own ShowGrid is that of all sheets
            commands.run(document, office, _SHEET_GRID)
        controller.freezeAtPosition(0, head_row or 0)
        table.TabColor = color_of(tab_color)
        styles = document.StyleFamilies.getByName("PageStyles")
        name = f"perfxl {sheet.name}"
        if not styles.hasByName(name):
            styles.insertByName(name, document.createInstance("com.sun.star.style.PageStyle"))
        style = styles.getByName(name)
        style.IsLandscape = True
        style.Height, style.Width = _A4
        style.ScaleToPagesX, style.ScaleToPagesY = 1, 0
        style.CenterHorizontally = True
        style.LeftMargin = style.RightMargin = 1000
        style.HeaderIsOn = False
        style.FooterIsOn = True
        self._number_pages(document, style)
        table.PageStyle = name
        if head_row is not None:
            table.setPrintTitleRows(True)
            table.setTitleRows(
                struct("com.sun.star.table.CellRangeAddress", sheet.index - 1, 0, head_row - 1, 0, head_row - 1)
            )
        else:
            table.setPrintTitleRows(False)

    def _number_pages(self, document: Any, style: Any) -> None:
        content = style.RightPageFooterContent
        content.LeftText.setString("")
        content.RightText.setString("")
        text = content.CenterText
        text.setString("")
        for piece in ("第 ", "PageNumber", " 页 共 ", "PageCount", " 页"):
            cursor = text.createTextCursor()
            cursor.gotoEnd(False)
            if piece.isascii():
                text.insertTextContent(cursor, document.createInstance(f"com.sun.star.text.TextField.{piece}"), False)
            else:
                text.insertString(cursor, piece, False)
        style.RightPageFooterContent = content

    def choose_files(self, app: xw.App, title: str) -> list[str]:
        picker = _picker(app.impl.office, "FilePicker")
        picker.setMultiSelectionMode(True)
        picker.setTitle(title)
        if not picker.execute():
            return []
        return [str(uno().fileUrlToSystemPath(url)) for url in picker.getSelectedFiles()]

    def choose_folder(self, app: xw.App, title: str, start: Path | None) -> str | None:
        picker = _picker(app.impl.office, "FolderPicker")
        picker.setTitle(title)
        if start is not None:
            picker.setDisplayDirectory(start.as_uri())
        return str(uno().fileUrlToSystemPath(picker.getDirectory())) if picker.execute() else None

    def as_one_undo(self, book: xw.Book, title: str) -> Afterwards:
        """Not where a sheet is protected: what is written there is kept from the undo, see `unprotected`."""
        if any(sheet.api.isProtected() for sheet in book.sheets):
            return Afterwards()
        undo = book.api.getUndoManager()
        undo.enterUndoContext(title)
        return Afterwards(undo.leaveUndoContext)


def _picker(office: Office, kind: str) -> Any:
    """A dialog to choose in, kept before the window in front: behind it the user would wait for what he does not see."""
    name, frame = f"com.sun.star.ui.dialogs.{kind}", office.desktop.getCurrentFrame()
    if frame is not None:
        parent = struct("com.sun.star.beans.NamedValue", "ParentWindow", frame.getContainerWindow())
        with suppress(exception("com.sun.star.uno.Exception")):  # some desktops' own dialogs take no window
            return office.context.ServiceManager.createInstanceWithArgumentsAndContext(name, (parent,), office.context)
    return office.service(name)


def _open_dialog(office: Office) -> str | None:
    """What a dialog is called that bars the program's windows until it is closed, None where there is none."""
    modal = constant("com.sun.star.accessibility.AccessibleStateType.MODAL")
    toolkit = office.service("com.sun.star.awt.Toolkit")
    for index in range(toolkit.getTopWindowCount()):
        window = toolkit.getTopWindow(index)
        if window.isVisible():
            found = window.getAccessibleContext()
            if found.getAccessibleStateSet().contains(modal):
                return str(found.getAccessibleName())
    return None


def _hidden(whole: Any, area: Area) -> tuple[frozenset[int], frozenset[int]]:
    """The hidden rows and columns: those in which no cell is to be seen."""
    rows, columns = set(range(area.top, area.bottom + 1)), set(range(area.left, area.right + 1))
    for address in whole.queryVisibleCells().getRangeAddresses():
        seen = area_of(address)
        rows.difference_update(range(seen.top, seen.bottom + 1))
        columns.difference_update(range(seen.left, seen.right + 1))
    return frozenset(rows), frozenset(columns)
