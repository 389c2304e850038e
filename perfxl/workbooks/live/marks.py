"""Marks in an open workbook: cells, notes and the results sheet become what is wanted; what is so already is left alone.

The notes keep what their marks hide in the same words as in closed files, so that either clears what the other marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from perfxl.grid.address import Ref
from perfxl.workbooks.live.journal import CellState
from perfxl.workbooks.live.native import Colors, Feature
from perfxl.workbooks.live.results import LiveResults
from perfxl.workbooks.marks.model import LOOKS, CellMark, Results
from perfxl.workbooks.marks.notetext import Covered, Found, find_ours, record
from perfxl.workbooks.marks.sizes import note_size

if TYPE_CHECKING:
    import xlwings as xw

    from perfxl.workbooks.live.workbook import LiveWorkbook

_FILLS = frozenset(look.fill for look in LOOKS.values())
_LETTERS = frozenset(look.text for look in LOOKS.values())
_UNKNOWN = Covered("无", "自动")  # a mark whose record is lost hides nothing that is known


class LiveMarks:
    """Puts marks into an open workbook."""

    def __init__(self, workbook: LiveWorkbook) -> None:
        self._workbook = workbook

    def set(self, marks: Iterable[CellMark], results: Results | None, results_sheet: str | None) -> None:
        """Make the workbook carry exactly these marks; `results_sheet` is the sheet that holds the results now."""
        wanted: dict[str, dict[Ref, CellMark]] = {}
        for mark in marks:
            wanted.setdefault(mark.sheet, {})[mark.at] = mark
        sheet = LiveResults(self._workbook, results_sheet)
        tracked = sheet.tracked()
        kept: dict[tuple[str, Ref], Covered] = {}
        for name in self._workbook.sheet_names:
            if name != results_sheet:
                ours = self._ours(name)
                if name in wanted or ours or name in tracked:
                    left = self._carry(name, wanted.get(name, {}), ours, tracked.get(name, {}))
                    kept |= {(name, at): covered for at, covered in left.items()}
        if results is not None:
            sheet.put(results, kept)
        elif results_sheet is not None:
            sheet.remove()

    def _ours(self, name: str) -> dict[Ref, Found]:
        """perfxl's part of the notes of a sheet."""
        notes = self._workbook.notes(name)
        return {at: ours for at, text in notes.items() if (ours := find_ours(text)) is not None}

    def _carry(
        self, name: str, wanted: Mapping[Ref, CellMark], ours: Mapping[Ref, Found], tracked: Mapping[Ref, Covered]
    ) -> dict[Ref, Covered]:
        """Make a sheet carry these marks; gives what those still hide that have no note to say it."""
        cells = sorted({*wanted, *ours, *tracked})
        barred = {at for at in cells if self._workbook.is_barred(name, at)}
        if barred:
            self._workbook.remark(
                f"工作表“{name}”设有保护密码，{len(barred)} 个锁定的单元格没有改动标记。请撤销保护后重新运行。"
            )
        todo = [at for at in cells if at not in barred and not self._is_so(name, at, wanted.get(at), ours.get(at))]
        if todo:
            with self._workbook.writable(name):
                for at in todo:
                    old = _covered(ours.get(at), tracked.get(at))
                    self._mark(name, at, wanted.get(at), ours.get(at), old)
            self._workbook.notes_changed(name)
        return {at: covered for at, covered in tracked.items() if at in barred}

    def _is_so(self, name: str, at: Ref, mark: CellMark | None, ours: Found | None) -> bool:
        """Whether a cell carries its mark already."""
        if mark is None or ours is None or ours.lines != mark.lines or ours.covered is None:
            return False
        return self._wears(self._workbook.native.colors(self._cell(name, at)), mark)

    def _mark(self, name: str, at: Ref, mark: CellMark | None, ours: Found | None, old: Covered | None) -> None:
        native, journal, cell = self._workbook.native, self._workbook.journal, self._cell(name, at)
        worn = native.colors(cell)
        text = self._workbook.notes(name).get(at, "")
        if mark is not None and Feature.THREADS in native.features and native.has_thread(cell):
            self._workbook.remark(f"工作表“{name}”单元格 {at.a1} 有讨论批注，问题只列在工作表“检查结果”中。")
            mark = None
        journal.touch(name, at, CellState(colors=worn, note=text))
        base = worn if old is None or worn is None else _restored(worn, old)
        person = _without(text, ours)
        if mark is None:
            note = person
            new = base
        else:
            look = LOOKS[mark.severity]
            if base is None:
                new, covered = None, _UNKNOWN
                self._workbook.remark(f"工作表“{name}”单元格 {at.a1} 有图案填充，没有上色，只加批注。")
            else:
                new, covered = Colors(look.fill, look.text), Covered(base.fill, base.letters)
            ending = record(mark.lines, covered)
            note = "\n".join([*([person] if person.strip() else []), *mark.lines, ending])
        if new is not None and new != worn:
            native.paint(cell, new)
        if note != text:
            self._set_note(cell, text, note, None if mark is None else (mark.lines, note.rindex("\n") + 1))
        # What a theme's colour came back as is only known by looking.
        seen = native.colors(cell) if mark is None else new
        journal.left(name, at, CellState(colors=seen, note=note))

    def _set_note(self, cell: xw.Range, before: str, note: str, sizing: tuple[tuple[str, ...], int] | None) -> None:
        if before:
            set_note(cell, note)
        else:
            cell.add_note(note)
        if sizing is not None:
            lines, small_from = sizing
            width, height = note_size((*note[:small_from].split("\n"), lines[0]))
            self._workbook.native.size_note(cell, width, height, small_from)

    def _wears(self, colors: Colors | None, mark: CellMark) -> bool:
        look = LOOKS[mark.severity]
        return colors is None or colors == Colors(look.fill, look.text)

    def _cell(self, name: str, at: Ref) -> xw.Range:
        return self._workbook.sheet(name).range(at)


def set_note(cell: xw.Range, text: str) -> None:
    """Give a cell a note, change its text, or take it off where the text is empty."""
    note = cell.note
    if note is not None and text.strip():
        note.text = text
    elif note is not None:
        note.delete()
    elif text.strip():
        cell.add_note(text)


def _covered(ours: Found | None, tracked: Covered | None) -> Covered | None:
    """What a mark hides, None where there is no mark."""
    return tracked if ours is None else ours.covered or _UNKNOWN


def _restored(worn: Colors, old: Covered) -> Colors:
    """A cell's colours without the mark: what it hid comes back, but for what a person has coloured since."""
    return Colors(
        old.fill if worn.fill in _FILLS else worn.fill, old.color if worn.letters in _LETTERS else worn.letters
    )


def _without(text: str, ours: Found | None) -> str:
    """What a person wrote in a note."""
    if ours is None:
        return text
    kept, at = [], 0
    for start, stop in sorted(ours.spans):
        kept.append(text[at : max(start, at)])
        at = max(stop, at)
    left = "".join([*kept, text[at:]])
    return left if left.strip() else ""
