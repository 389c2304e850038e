"""The results sheet in a closed workbook: added, brought up to date, taken away."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from perfxl.grid.address import Ref, column_letters, parse_a1
from perfxl.patterns import pattern
from perfxl.workbooks.bookparts import BookParts, SheetPart
from perfxl.workbooks.marks import bookentry
from perfxl.workbooks.marks.bookentry import PREFIX, SheetName
from perfxl.workbooks.marks.model import HEADS, SHEET_NAME, Results
from perfxl.workbooks.marks.notetext import Covered, read_record, record
from perfxl.workbooks.marks.resultsxml import Styles, quoted, sheet_xml
from perfxl.workbooks.marks.sheetlayout import HEAD_ROW, HIDDEN_FROM, SheetLayout, lay_out
from perfxl.workbooks.markup import Markup, attribute
from perfxl.workbooks.outline import tail
from perfxl.workbooks.partlinks import PartLinks
from perfxl.workbooks.relationships import inside, one_target
from perfxl.workbooks.styles import StyleSheet

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_COVERED_COLUMN = len(HEADS)
_TRACKED = pattern(rf"({PREFIX}[0-9]+) (.*)", re.DOTALL)
_NAMED = pattern(r"=?(?:'((?:[^']|'')+)'|([^'!]+))!(\$?[A-Za-z]{1,3}\$?[0-9]{1,7})")
# What a person may have put on the sheet, to be kept when it is written anew.
_KEPT = ("drawing", "legacyDrawing")
_OWNED = ("comments", "vmlDrawing", "threadedComment", "printerSettings")


class ResultsSheet:
    """The results sheet of a workbook; `present` is the sheet that holds it now.

    Attributes:
        name: what it is called, or would be.
        possible: whether the workbook may hold it.
    """

    def __init__(self, parts: BookParts, links: PartLinks, styles: StyleSheet, present: str | None) -> None:
        self._parts = parts
        self._links = links
        self._styles = styles
        self._sheet: SheetPart | None = None if present is None else parts.sheet(present)
        self.name = present or _free_sheet_name(parts.all_sheet_names)
        self.possible = self._sheet is not None or not bookentry.structure_locked(parts.utf8(parts.part).data)

    def tracked(self) -> dict[str, dict[Ref, Covered]]:
        """What marks without a note hide, by sheet and cell; a name follows such a cell when rows come in above it."""
        found: dict[str, dict[Ref, Covered]] = {}
        if self._sheet is None:
            return found
        for cells in self._parts.data(self._sheet.name).rows.values():
            cell = cells.get(_COVERED_COLUMN)
            match = _TRACKED.fullmatch(cell.value) if cell is not None and isinstance(cell.value, str) else None
            covered = None if match is None else read_record(match[2])
            if match is None or covered is None:
                continue
            # Programs have been seen to count the sheet that a name belongs to otherwise: the name alone tells.
            formula = next((f for (name, _), f in self._parts.names.items() if name == match[1].lower()), None)
            place = _NAMED.fullmatch(formula) if formula is not None else None
            if place is not None:
                sheet = place[1].replace("''", "'") if place[1] else place[2]
                found.setdefault(sheet, {})[parse_a1(place[3])] = covered
        return found

    def put(self, results: Results, covered: Mapping[tuple[str, Ref], Covered]) -> None:
        """Make the sheet say this; where it does already, it is left alone.

        Raises:
            ValueError: the style sheet cannot take more formats.
        """
        names = {place: f"{PREFIX}{number}" for number, place in enumerate(covered, 1)}
        texts = {place: f"{names[place]} {record((), kept)}" for place, kept in covered.items()}
        layout = lay_out(results, texts)
        if self._sheet is not None and self._says(self._sheet, layout):
            return
        style = Styles(self._styles)
        content = sheet_xml(layout, style, self._links.main, self._links.relationships, self._kept())
        if self._sheet is None:
            position = self._add(content)
        else:
            self._sheet.markup = Markup(b"")  # it is written anew, in an encoding of perfxl's
            self._parts.change(self._sheet, content)
            position = self._sheet.position
        formulas = {name: f"{quoted(sheet)}!{_absolute(at)}" for (sheet, at), name in names.items()}
        self._name(position, layout, formulas)

    def remove(self) -> None:
        """Take the sheet away, with all that only it has."""
        sheet = self._sheet
        if sheet is None:
            return
        package = self._parts.package
        found = self._links.of(sheet.part)
        for relationship in found:
            if relationship.kind in _OWNED and not relationship.external:
                self._links.remove(inside(package, relationship))
        self._links.remove(sheet.part)
        sheet.markup = None
        part = self._parts.part
        leading = {r.id for r in self._links.of(part) if r.kind == "worksheet" and inside(package, r) == sheet.part}
        self._links.unrelate(part, leading)
        markup = self._parts.utf8(part)
        self._parts.put(part, markup.written(bookentry.without_sheet(markup.data, sheet.position, sheet.name)))
        self._title(bookentry.without_title, sheet.name)

    def _says(self, sheet: SheetPart, layout: SheetLayout) -> bool:
        """Whether the sheet's texts are those of a layout, and no others."""
        there = {
            (row, column): str(cell.value)
            for row, cells in self._parts.data(sheet.name).rows.items()
            for column, cell in cells.items()
        }
        return there == layout.texts()

    def _add(self, content: bytes) -> int:
        part = self._links.free_name("xl/worksheets/sheet{}.xml")
        self._links.add(part, content, _SHEET_TYPE)
        book = self._parts.part
        relationship = self._links.relate(book, "worksheet", part)
        markup = self._parts.utf8(book)
        data = bookentry.with_sheet(markup.data, self.name, relationship, self._links.relationships)
        self._parts.put(book, markup.written(data))
        self._title(bookentry.with_title, self.name)
        return len(self._parts.all_sheet_names)

    def _name(self, position: int, layout: SheetLayout, formulas: Mapping[str, str]) -> None:
        sheet = quoted(self.name)
        names = []
        if layout.last_finding > HEAD_ROW:
            last = column_letters(HIDDEN_FROM - 1)
            names = [
                SheetName("_xlnm._FilterDatabase", f"{sheet}!$A${HEAD_ROW}:${last}${layout.last_finding}"),
                SheetName("_xlnm.Print_Titles", f"{sheet}!${HEAD_ROW}:${HEAD_ROW}", hidden=False),
            ]
        names += [SheetName(name, formula) for name, formula in formulas.items()]
        markup = self._parts.utf8(self._parts.part)
        data = bookentry.with_names(markup.data, position, names)
        if data != markup.data:
            self._parts.put(self._parts.part, markup.written(data))

    def _title(self, change: Callable[[bytes, str], bytes], name: str) -> None:
        package = self._parts.package
        part = one_target(package, self._links.of(""), "extended-properties")
        if part is not None and part in package:
            markup = self._parts.utf8(part)
            data = change(markup.data, name)
            if data != markup.data:
                self._parts.put(part, markup.written(data))

    def _kept(self) -> str:
        if self._sheet is None:
            return ""
        elements, _ = tail(self._parts.markup(self._sheet).data)
        return "".join(
            [
                f'<{e.name} r:id="{attribute(e.attribute("id") or "")}"/>'
                for e in elements
                if e.depth == 1 and e.name in _KEPT
            ]
        )


def _free_sheet_name(taken: list[str]) -> str:
    """检查结果, or with a number where that is taken, in whatever case of letters."""
    names = {name.casefold() for name in taken}
    number, name = 1, SHEET_NAME
    while name.casefold() in names:
        number += 1
        name = f"{SHEET_NAME} ({number})"
    return name


def _absolute(at: Ref) -> str:
    return f"${column_letters(at.column)}${at.row}"
