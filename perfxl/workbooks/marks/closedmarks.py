"""Marks in a closed workbook: cells, notes and the results sheet become what is wanted, and what is so already stays as it is."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from functools import partial

from perfxl.grid.address import Area, Ref
from perfxl.workbooks.bookparts import BookParts, SheetPart
from perfxl.workbooks.marks.looks import Painter
from perfxl.workbooks.marks.model import LOOKS, CellMark, Results
from perfxl.workbooks.marks.notetext import Covered, Found, record
from perfxl.workbooks.marks.resultssheet import ResultsSheet
from perfxl.workbooks.marks.sheetnotes import SheetNotes
from perfxl.workbooks.marks.theme import theme_colors
from perfxl.workbooks.partlinks import PartLinks
from perfxl.workbooks.protection import edited_all_the_same, protection_of
from perfxl.workbooks.sheetedit import CellContent, edited_sheet, style_of
from perfxl.workbooks.sheetmap import map_sheet
from perfxl.workbooks.sheetplaces import SheetMap

_ALL_LOOKS = tuple(LOOKS.values())
_STEPS = (Ref(-1, 0), Ref(1, 0), Ref(0, -1), Ref(0, 1))
_MOST_ADDED = 50  # rows or columns beside a mark that took its format over; more than that somebody has coloured


class ClosedMarks:
    """Puts marks into the parts of a workbook; `remarks` tells what a user should know."""

    def __init__(self, parts: BookParts) -> None:
        self._parts = parts
        self._links = PartLinks(parts)
        self.remarks: list[str] = []

    def set(self, marks: Iterable[CellMark], results: Results | None, results_sheet: str | None) -> None:
        """Make the workbook carry exactly these marks; `results_sheet` is the sheet that holds the results now.

        Raises:
            UnreadableBook: a part that must be looked at is damaged.
            ValueError: the style sheet cannot take more formats.
        """
        wanted: dict[str, dict[Ref, CellMark]] = {}
        for mark in marks:
            wanted.setdefault(mark.sheet, {})[mark.at] = mark
        styles = self._parts.styles
        if styles is None:
            if wanted or results_sheet:
                self.remarks.append("工作簿没有样式表，无法标记。请用 Excel 或 WPS 打开并另存后重试。")
            return
        sheet = ResultsSheet(self._parts, self._links, styles, results_sheet)
        can_track = results is not None and sheet.possible
        if results is not None and not sheet.possible:
            self.remarks.append(f"工作簿的结构受保护，没有添加工作表“{sheet.name}”，只在单元格上标记。")
        tracked = sheet.tracked()
        painter = Painter(styles, theme_colors(self._parts))
        kept: dict[tuple[str, Ref], Covered] = {}
        for name, part in self._parts.sheets.items():
            if name == results_sheet:
                continue
            notes = SheetNotes(self._parts, self._links, part)
            old = tracked.get(name, {})
            if name in wanted or old or notes.ours:
                on_sheet = _OnSheet(self._parts, part, painter, notes, old, can_track)
                kept |= {(name, at): covered for at, covered in on_sheet.carry(wanted.get(name, {})).items()}
                self.remarks += on_sheet.remarks
        if results is not None and sheet.possible:
            sheet.put(results, kept)
        elif results_sheet is not None and (results is None):
            sheet.remove()


class _OnSheet:
    """The marks of one worksheet."""

    def __init__(
        self,
        parts: BookParts,
        sheet: SheetPart,
        painter: Painter,
        notes: SheetNotes,
        tracked: Mapping[Ref, Covered],
        can_track: bool,
    ) -> None:
        self._parts = parts
        self._sheet = sheet
        self._painter = painter
        self._notes = notes
        self._tracked = tracked
        self._can_track = can_track
        self.remarks: list[str] = []

    def carry(self, wanted: Mapping[Ref, CellMark]) -> dict[Ref, Covered]:
        """Make the sheet carry these marks; gives what those hide that have no note of perfxl's to say it."""
        spread = self._spread(wanted)
        cells = {*wanted, *self._notes.ours, *self._tracked, *spread}
        found = self._map(cells)
        barred = self._barred(cells, found)
        contents: dict[Ref, CellContent] = {}
        without_note: dict[Ref, Covered] = {}
        boxes: dict[Ref, tuple[tuple[str, ...], str]] = {}
        for at in sorted(cells):
            if at in barred:
                if at in self._tracked:
                    without_note[at] = self._tracked[at]
                continue
            mark = wanted.get(at)
            ours = self._notes.ours.get(at)
            old = _covered(ours, self._tracked.get(at, spread.get(at)))
            style = style_of(found, at)
            threaded = self._notes.is_thread(at)
            if mark is not None and threaded and not self._can_track:
                mark = None  # nothing would tell what its fill hides
            if mark is not None and old is not None and self._painter.wears(style, LOOKS[mark.severity]):
                covered = old
            else:
                base, absent = (style, found.cell(at) is None)
                if old is not None:
                    base, absent = self._restored(style, old, found, at)
                if mark is None:
                    contents[at] = _restyled(base, goes=absent)
                    self._notes.clear(at)
                    continue
                contents[at] = _restyled(self._painter.painted(base, LOOKS[mark.severity]))
                covered = self._painter.covered(base)._replace(absent=absent)
            if threaded:
                without_note[at] = covered
            else:
                boxes[at] = (mark.lines, record(mark.lines, covered))
        for at in [at for at, content in contents.items() if _is_so(found, at, content)]:
            del contents[at]
        if contents:
            new, _ = self._parts.parsed(self._sheet.part, partial(edited_sheet, found, contents))
            self._parts.change(self._sheet, new)
        self._notes.set(boxes, found.merges)
        return without_note

    def _spread(self, wanted: Container[Ref]) -> dict[Ref, Covered]:
        """What a mark's format hides on blank cells that took it over: those of rows and columns that came in beside the mark.

        LibreOffice gives the whole merged area of a mark its format when it saves; that counts only once the mark is no longer wanted.
        """
        spread: dict[Ref, Covered] = {}
        marks = {*self._notes.ours, *self._tracked}
        looked_at = set(marks)
        reached = [(at, at, step) for at in marks for step in _STEPS]
        for _ in range(_MOST_ADDED if marks else 0):
            beside = [(_moved(at, step), mark, step) for at, mark, step in reached]
            beside = [one for one in beside if one[0].row > 0 < one[0].column and one[0] not in looked_at]
            if not beside:
                break
            looked_at.update([at for at, _, _ in beside])
            found = self._map(marks.union([at for at, _, _ in beside]))
            own = {area.first: area for area in found.merges if area.first in marks and area.first in wanted}
            reached = [one for one in beside if self._took_over(found, *one[:2])]
            for at, mark, _ in reached:
                covered = _covered(self._notes.ours.get(mark), self._tracked.get(mark))
                if covered is not None and not (mark in own and _holds(own[mark], at)):
                    spread[at] = covered
        return spread

    def _took_over(self, found: SheetMap, at: Ref, mark: Ref) -> bool:
        """Whether a cell is blank and has the fill and the letters of a mark; merged cells leave their other properties behind."""
        cell, style = found.cell(at), style_of(found, mark)
        return (
            cell is not None
            and not cell.children
            and any(self._painter.wears(style, look) for look in _ALL_LOOKS)
            and self._painter.are_alike(style_of(found, at), style)
        )

    def _map(self, cells: set[Ref]) -> SheetMap:
        return self._parts.parsed(self._sheet.part, partial(map_sheet, self._parts.markup(self._sheet).data, cells))

    def _restored(self, style: int, old: Covered, found: SheetMap, at: Ref) -> tuple[int, bool]:
        """The cell format without the mark, and whether the cell was not there before it."""
        cell = found.cell(at)
        absent = old.absent and (cell is None or not cell.children)
        return self._painter.restored(style, old, _ALL_LOOKS), absent

    def _barred(self, cells: set[Ref], found: SheetMap) -> set[Ref]:
        """The cells that a protected sheet's owner wants to stay as they are: those locked by a password."""
        protection = protection_of(found.protection)
        if not cells or protection is None:
            return set()
        name = self._sheet.name
        styles = self._parts.styles
        if not protection.with_password:
            self.remarks.append(edited_all_the_same(name))
            return set()
        barred = {at for at in cells if styles is None or styles.is_locked(style_of(found, at))}
        if barred:
            self.remarks.append(
                f"工作表“{name}”设有保护密码，{len(barred)} 个锁定的单元格没有改动标记。请撤销保护后重新运行。"
            )
        return barred


def _holds(area: Area, at: Ref) -> bool:
    return area.top <= at.row <= area.bottom and area.left <= at.column <= area.right


def _covered(ours: Found | None, tracked: Covered | None) -> Covered | None:
    """What a mark hides, None where there is no mark; a mark whose record is lost hides nothing that is known."""
    if ours is not None:
        return ours.covered or Covered("无", "自动")
    return tracked


def _moved(at: Ref, step: Ref) -> Ref:
    return Ref(at.row + step.row, at.column + step.column)


def _restyled(style: int, *, goes: bool = False) -> CellContent:
    return CellContent(None, restyled=lambda _: style, only_style=not goes, goes=goes)


def _is_so(found: SheetMap, at: Ref, content: CellContent) -> bool:
    """Whether a cell is already as it is to be."""
    cell = found.cell(at)
    if cell is None:
        return content.goes
    restyled = content.restyled
    style = int(cell.attrs.get("s", "0"))
    return not (content.goes and not cell.children) and restyled is not None and restyled(style) == style
