"""What perfxl needs of Excel and WPS beyond xlwings' interface: both speak Excel's own object model over COM.

Written by Excel's documentation; tried in neither program yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.grid.address import Area
from perfxl.grid.cells import SheetState
from perfxl.workbooks.live.afterwards import Afterwards
from perfxl.workbooks.live.com import com_error
from perfxl.workbooks.live.looks import AUTOMATIC, NO_FILL, rgb_text, shown_rgb, theme_of
from perfxl.workbooks.live.native import Colors, Feature, Protection
from perfxl.workbooks.live.survey import Survey, survey_by_halves

if TYPE_CHECKING:
    import xlwings as xw

_NONE, _AUTOMATIC, _SOLID = -4142, -4105, 1  # xlNone, xlAutomatic, xlSolid
_VERY_HIDDEN = 2  # xlSheetVeryHidden
_LIST, _STOP_NOTHING, _BETWEEN = 3, 3, 1  # xlValidateList, xlValidAlertInformation, xlBetween
_FOLDERS = 4  # msoFileDialogFolderPicker
_LANDSCAPE, _A4 = 2, 9  # xlLandscape, xlPaperA4
_POINTS_A_PIXEL = 0.75
_SMALL, _GREY = 6, 0xA6A6A6
_SEPARATOR = 5  # xlListSeparator
# What a protected sheet may still allow, by the names of `Protection` and of the arguments of `Protect`.
_ALLOWED = (
    "AllowFormattingCells", "AllowFormattingColumns", "AllowFormattingRows", "AllowInsertingColumns", "AllowInsertingRows",
    "AllowInsertingHyperlinks", "AllowDeletingColumns", "AllowDeletingRows", "AllowSorting", "AllowFiltering",
    "AllowUsingPivotTables",
)  # fmt: skip


class ExcelNative:
    """The ways of Excel on Windows, and of WPS, which follows its object model."""

    def __init__(self, name: str, features: frozenset[Feature]) -> None:
        self.name = name
        self.features = features

    def survey(self, sheet: xw.Sheet, area: Area) -> Survey:
        return survey_by_halves(sheet, area)

    def state(self, sheet: xw.Sheet) -> SheetState:
        visible = sheet.api.Visible
        if visible == _VERY_HIDDEN:
            return SheetState.VERY_HIDDEN
        return SheetState.VISIBLE if visible else SheetState.HIDDEN

    def counts_from_1904(self, book: xw.Book) -> bool:
        return bool(book.api.Date1904)

    def identity(self, book: xw.Book) -> str:
        """By the window, which stays when the workbook is saved under another name."""
        return f"{book.app.engine.name}-{book.app.pid}-{book.api.Windows(1).Hwnd}"

    def full_name(self, book: xw.Book) -> str:
        return str(book.api.FullName)  # xlwings looks for a local copy of what lies on the net, and fails without one

    def has_file(self, book: xw.Book) -> bool:
        return bool(book.api.Path)

    def read_only(self, book: xw.Book) -> bool:
        return bool(book.api.ReadOnly)

    def hindrance(self, book: xw.Book) -> str | None:
        if book.api.Application.Ready:
            return None
        return "程序正忙，可能有单元格正在编辑。请按 Enter 或 Esc 结束编辑后重试。"

    def bring_up(self, sheet: xw.Sheet) -> None:
        sheet.book.api.Activate()
        sheet.api.Activate()

    def structure_locked(self, book: xw.Book) -> bool:
        return bool(book.api.ProtectStructure)

    def protection(self, sheet: xw.Sheet) -> Protection | None:
        """Whether an empty password opens it is only told by trying."""
        if not sheet.api.ProtectContents:
            return None
        options = self._options(sheet)
        opened = self._unprotect(sheet)
        if opened:
            sheet.api.Protect(**options)
        return Protection(opened)

    def unprotected(self, sheet: xw.Sheet) -> Afterwards:
        options = self._options(sheet)
        selection = sheet.api.EnableSelection
        self._unprotect(sheet)

        def protect() -> None:
            sheet.api.Protect(**options)
            sheet.api.EnableSelection = selection

        return Afterwards(protect)

    def _unprotect(self, sheet: xw.Sheet) -> bool:
        try:
            sheet.api.Unprotect("")
        except com_error():
            return False
        return not sheet.api.ProtectContents

    def _options(self, sheet: xw.Sheet) -> dict[str, Any]:
        """What `Protect` is to be given so that the sheet is protected as it was."""
        allowed = {name: bool(getattr(sheet.api.Protection, name)) for name in _ALLOWED}
        objects, scenarios = bool(sheet.api.ProtectDrawingObjects), bool(sheet.api.ProtectScenarios)
        return {"DrawingObjects": objects, "Contents": True, "Scenarios": scenarios, **allowed}

    def is_locked(self, cell: xw.Range) -> bool:
        return bool(cell.api.Locked)

    def colors(self, cell: xw.Range) -> Colors | None:
        fill, letters = cell.api.Interior, cell.api.Font
        if fill.Pattern not in (_NONE, _SOLID, _AUTOMATIC):
            return None
        shown = NO_FILL if fill.ColorIndex == _NONE else self._text(fill)
        return Colors(shown, AUTOMATIC if letters.ColorIndex == _AUTOMATIC else self._text(letters))

    def _text(self, colored: Any) -> str:
        """A colour of a fill or a font; a theme's colour as such, and what it looks like (Excel counts them from 1)."""
        shown = rgb_text(_rgb(int(colored.Color)))
        theme = self._theme_color(colored)
        if not isinstance(theme, int) or theme < 1:
            return shown
        tint = round(float(colored.TintAndShade), 6)
        return f"t{theme - 1}{f'{tint:+g}' if tint else ''}/{shown}"

    def _theme_color(self, colored: Any) -> object:
        if Feature.THEME_COLORS not in self.features:
            return None
        try:
            return colored.ThemeColor
        except com_error():  # it is none
            return None

    def paint(self, cell: xw.Range, colors: Colors) -> None:
        fill, letters = cell.api.Interior, cell.api.Font
        self._color(fill, colors.fill, _NONE)
        self._color(letters, colors.letters, _AUTOMATIC)

    def _color(self, colored: Any, text: str, nothing: int) -> None:
        theme = theme_of(text) if Feature.THEME_COLORS in self.features else None
        shown = shown_rgb(text)
        if theme is not None:
            colored.ThemeColor, colored.TintAndShade = theme[0] + 1, theme[1]
        elif shown is None:
            colored.ColorIndex = nothing
        else:
            red, green, blue = shown
            colored.Color = red | green << 8 | blue << 16

    def size_note(self, cell: xw.Range, width: int, height: int, small_from: int | None) -> None:
        shape = cell.api.Comment.Shape
        shape.Width, shape.Height = width * _POINTS_A_PIXEL, height * _POINTS_A_PIXEL
        if small_from is not None:
            font = shape.TextFrame.Characters(small_from + 1).Font
            font.Size, font.Color = _SMALL, _GREY

    def has_thread(self, cell: xw.Range) -> bool:
        return cell.api.CommentThreaded is not None

    def offer_list(self, cells: xw.Range, choices: Sequence[str], title: str, prompt: str) -> None:
        found = cells.api.Validation
        found.Delete()
        separator = cells.api.Application.International(_SEPARATOR)
        found.Add(_LIST, _STOP_NOTHING, _BETWEEN, separator.join(choices))
        found.InputTitle, found.InputMessage = title, prompt
        found.ShowError = False

    def filter(self, area: xw.Range) -> None:
        if area.sheet.api.AutoFilterMode:
            area.sheet.api.AutoFilterMode = False
        area.api.AutoFilter()

    def hold_heights(self, book: xw.Book) -> Afterwards:
        del book
        return Afterwards()

    def set_up(self, sheet: xw.Sheet, head_row: int | None, tab_color: tuple[int, int, int]) -> None:
        red, green, blue = tab_color
        sheet.api.Tab.Color = red | green << 8 | blue << 16
        page = sheet.api.PageSetup
        page.Orientation, page.PaperSize = _LANDSCAPE, _A4
        page.Zoom = False
        page.FitToPagesWide, page.FitToPagesTall = 1, False
        page.CenterHorizontally = True
        page.CenterFooter = "第 &P 页 共 &N 页"
        page.PrintTitleRows = f"${head_row}:${head_row}" if head_row else ""
        self.bring_up(sheet)
        window = sheet.book.api.Windows(1)
        window.FreezePanes = False
        if head_row:
            window.ScrollRow, window.SplitColumn, window.SplitRow = 1, 0, head_row
            window.FreezePanes = True
        window.DisplayGridlines = False

    def as_one_undo(self, book: xw.Book, title: str) -> Afterwards:
        """A program's write empties the program's own list of undos: there is nothing to put together."""
        del book, title
        return Afterwards()

    def choose_files(self, app: xw.App, title: str) -> list[str]:
        chosen = app.api.GetOpenFilename(f"{_WORKBOOKS},{_WORKBOOKS}", 1, title, None, True)
        return [] if isinstance(chosen, bool) else [str(path) for path in chosen]

    def choose_folder(self, app: xw.App, title: str, start: Path | None) -> str | None:
        dialog = app.api.FileDialog(_FOLDERS)
        dialog.Title = title
        if start is not None:
            dialog.InitialFileName = f"{start}\\"
        return str(dialog.SelectedItems(1)) if dialog.Show() else None


# The workbooks that a dialog shows.
_WORKBOOKS = "*.xlsx;*.xlsm;*.xls;*.xlsb;*.ods;*.et"


def _rgb(number: int) -> tuple[int, int, int]:
    """Excel counts blue highest."""
    return number & 255, number >> 8 & 255, number >> 16 & 255
