"""The notes of one worksheet: their texts, their shapes, and the parts that hold both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from perfxl.grid.address import Area, Ref, parse_a1
from perfxl.workbooks.bookparts import BookParts, SheetPart
from perfxl.workbooks.marks import notes, shapes
from perfxl.workbooks.marks.notes import Comments, NoteEdit, edited_comments, read_comments
from perfxl.workbooks.marks.notetext import Found, find_ours, read_record
from perfxl.workbooks.marks.sizes import SheetSizes
from perfxl.workbooks.markup import Markup
from perfxl.workbooks.outline import outline, prefix_of, tail
from perfxl.workbooks.partlinks import PartLinks
from perfxl.workbooks.relationships import Relationship, inside
from perfxl.workbooks.splice import Splice, spliced

_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_SHAPES_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
# The children of a worksheet that stand behind the drawing of its notes, by the order of the schema.
_BEHIND = frozenset(
    ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst")
)


class SheetNotes:
    """The notes of one worksheet.

    Attributes:
        ours: perfxl's part of the notes, by their cells.
    """

    def __init__(self, parts: BookParts, links: PartLinks, sheet: SheetPart) -> None:
        self._parts = parts
        self._links = links
        self._sheet = sheet
        self._related = links.of(sheet.part)
        self._relationship = _first(self._related, "comments")
        self._part = None if self._relationship is None else inside(parts.package, self._relationship)
        self._markup: Markup | None = None
        self._comments: Comments | None = None
        self._edits: dict[Ref, NoteEdit] = {}
        self.ours: dict[Ref, Found] = {}
        if self._part is not None and self._part not in parts.package:
            self._relationship = self._part = None
        if self._part is not None:
            self._markup = parts.utf8(self._part)
            self._comments = parts.parsed(self._part, partial(read_comments, self._markup.data))
            for at, comment in self._comments.comments.items():
                found = find_ours(comment.text)
                if found is not None:
                    self.ours[at] = found
        self._threads = self._threaded()

    def is_thread(self, at: Ref) -> bool:
        """Whether a cell carries a threaded comment: its note must stay as it is."""
        comment = None if self._comments is None else self._comments.comments.get(at)
        return at in self._threads or (
            comment is not None and self._comments is not None and self._comments.is_thread(comment)
        )

    def _threaded(self) -> set[Ref]:
        cells: set[Ref] = set()
        for relationship in self._related:
            if relationship.kind == "threadedComment":
                part = inside(self._parts.package, relationship)
                data = self._parts.utf8(part).data
                for element in self._parts.parsed(part, partial(outline, data, 1)):
                    if element.name == "threadedComment" and "ref" in element.attrs:
                        cells.add(parse_a1(element.attrs["ref"]))
        return cells

    def clear(self, at: Ref) -> None:
        """Take perfxl's part of a note off."""
        ours = self.ours.get(at)
        if ours is not None:
            self._edits[at] = NoteEdit(ours.spans)

    def set(self, wanted: Mapping[Ref, tuple[tuple[str, ...], str]], merges: Sequence[Area]) -> None:
        """Give cells their notes (lines, and the record that comes last), and make all changes come true."""
        for at, (lines, kept) in wanted.items():
            ours = self.ours.get(at)
            if ours is not None and ours.lines == lines and ours.covered is not None and _same(ours, kept):
                continue
            removed = () if ours is None else ours.spans
            self._edits[at] = NoteEdit(removed, (lines[0], "\n".join(lines[1:]), kept))
        if self._edits:
            self._change({at: lines for at, (lines, _) in wanted.items()}, merges)

    def _change(self, lines: Mapping[Ref, tuple[str, ...]], merges: Sequence[Area]) -> None:
        comments, markup = self._comments, self._markup
        if comments is None or markup is None:
            markup = Markup(notes.NEW_PART.format(main=self._links.main).encode())
            comments = read_comments(markup.data)
        data, new, gone = edited_comments(comments, self._edits)
        if not new and len(comments.comments) == len(gone):
            self._remove_all(gone)
            return
        if self._part is None:
            self._part = self._links.free_name("xl/comments{}.xml")
            self._links.add(self._part, data, _NOTES_TYPE)
            self._links.relate(self._sheet.part, "comments", self._part)
        else:
            self._parts.put(self._part, markup.written(data))
        sizes = SheetSizes(self._parts.markup(self._sheet).data)
        boxes = {at: sizes.box(at, merges, lines[at]) for at in new}
        self._change_shapes(boxes, gone)

    def _change_shapes(self, new: Mapping[Ref, shapes.Box], gone: Sequence[Ref]) -> None:
        part = self._shapes_part()
        if part is None:
            part = self._links.free_name("xl/drawings/vmlDrawing{}.vml")
            markup = shapes.new_part(self._free_block())
            data = self._parts.parsed(part, partial(shapes.edited_shapes, markup, new, gone))
            self._links.add(part, data, _SHAPES_TYPE, by_extension=True)
            self._draw(self._links.relate(self._sheet.part, "vmlDrawing", part))
        elif new or gone:
            markup = self._parts.utf8(part)
            data = self._parts.parsed(part, partial(shapes.edited_shapes, markup, new, gone))
            self._parts.put(part, markup.written(data))

    def _remove_all(self, gone: Sequence[Ref]) -> None:
        """No note is left: the part goes, and that of the shapes if it holds no other."""
        if self._part is None or self._relationship is None:
            return
        self._links.remove(self._part)
        ids = {self._relationship.id}
        part = self._shapes_part()
        drawing = self._drawing()
        if part is not None and drawing is not None:
            markup = self._parts.utf8(part)
            data = self._parts.parsed(part, partial(shapes.edited_shapes, markup, {}, gone))
            if shapes.has_shapes(data):
                self._parts.put(part, markup.written(data))
            else:
                self._links.remove(part)
                ids.add(drawing)
                sheet = self._parts.markup(self._sheet).data
                elements, shift = tail(sheet)
                drawn = [e for e in elements if e.name == "legacyDrawing"]
                places = [Splice(e.place.start + shift, e.place.end + shift, b"") for e in drawn]
                self._parts.change(self._sheet, spliced(sheet, places))
        self._links.unrelate(self._sheet.part, ids)

    def _drawing(self) -> str | None:
        """The relationship id of the drawing that the sheet's notes lie in."""
        sheet = self._parts.markup(self._sheet).data
        elements = tail(sheet)[0] if b"legacyDrawing" in sheet else []
        return next((e.attribute("id") for e in elements if e.name == "legacyDrawing"), None)

    def _shapes_part(self) -> str | None:
        drawing = self._drawing()
        relationship = next((r for r in self._related if r.id == drawing), None)
        return None if relationship is None else inside(self._parts.package, relationship)

    def _free_block(self) -> int:
        """A block of shape ids that no other drawing of the workbook claims."""
        taken = [0]
        for name in self._parts.package.names():
            if name.lower().endswith(".vml"):
                taken += shapes.blocks(self._parts.utf8(name).data)
        return max(taken) + 1

    def _draw(self, relationship: str) -> None:
        """Tell the sheet of its new drawing."""
        sheet = self._parts.markup(self._sheet).data
        elements, shift = tail(sheet)
        root = elements[0]
        prefix = prefix_of(sheet, root)
        behind = None
        for element in elements:
            if element.depth == 1 and (
                element.name in _BEHIND or (behind is None and element.name == "AlternateContent")
            ):
                behind = element.place.start + shift
                break
        at = root.place.close + shift if behind is None else behind
        namespace = self._links.relationships
        new = f'<{prefix}legacyDrawing xmlns:r="{namespace}" r:id="{relationship}"/>'
        self._parts.change(self._sheet, spliced(sheet, [Splice(at, at, new.encode())]))


def _same(ours: Found, kept: str) -> bool:
    """Whether a note keeps what it is to keep; the number of a cell format is only a hint, and moves when others save."""
    covered = read_record(kept)
    if covered is None or ours.covered is None:
        return False
    return covered._replace(xf=None) == ours.covered._replace(xf=None)


def _first(found: Sequence[Relationship], kind: str) -> Relationship | None:
    return next((relationship for relationship in found if relationship.kind == kind), None)
