"""Writes form pages as a Word document. The only place that knows python-docx."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from perfxl.documenttime import CREATED
from perfxl.export import paper
from perfxl.export.page import FormPage, PageTable
from perfxl.export.paper import Type

if TYPE_CHECKING:
    from docx.section import Section

_WIDTH, _HEIGHT, _SIDE, _TOP = (Pt(size) for size in (paper.PAGE_WIDTH, paper.PAGE_HEIGHT, paper.SIDE, paper.TOP))
_TITLE_FONT, _FONT = "黑体", "宋体"
_TWENTIETHS = 20  # of a point: what Word counts margins in


def write_document(pages: Sequence[FormPage]) -> bytes:
    """A document with each form on pages of its own: A4, title and head repeated, pages numbered."""
    document = blank_document()
    document.core_properties.title = pages[0].title
    for number, page in enumerate(pages):
        section = document.sections[0] if number == 0 else document.add_section(WD_SECTION.NEW_PAGE)
        _set_up(section, page)
        _line(document.add_paragraph(), page.title, _TITLE_FONT, paper.TITLE)
        if page.year:
            _line(document.add_paragraph(), page.year, _FONT, paper.YEAR)
        for place, table in enumerate(page.tables):
            if place:
                between = document.add_paragraph()
                between.paragraph_format.page_break_before = table.new_page
                _line(between, "", _FONT, paper.GAP)
            _table(document, table, page.shares)
    stream = BytesIO()
    document.save(stream)
    return _dated(stream)


def blank_document() -> Any:
    """A document of python-docx without what its template says of itself: author, remark and a picture of another document."""
    document: Any = Document()
    properties = document.core_properties
    properties.created = properties.modified = CREATED
    properties.author = properties.comments = ""
    links = document.part.package.rels
    for key in [key for key, link in links.items() if link.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del links[key]
    return document


def _dated(document: BytesIO) -> bytes:
    """The document with one date on all its parts: python-docx puts the present moment on them."""
    out = BytesIO()
    with ZipFile(document) as written, ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name in written.namelist():
            entry = ZipInfo(name, CREATED.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            package.writestr(entry, written.read(name))
    return out.getvalue()


def _set_up(section: Section, page: FormPage) -> None:
    section.page_width, section.page_height = _WIDTH, _HEIGHT
    section.left_margin = section.right_margin = _SIDE
    section.top_margin = section.bottom_margin = _TOP
    section.different_first_page_header_footer = True
    for part in (section.header, section.footer, section.first_page_header, section.first_page_footer):
        part.is_linked_to_previous = False
    _line(section.header.paragraphs[0], page.running, _FONT, paper.SMALL)
    for footer in (section.footer, section.first_page_footer):
        number_pages(footer.paragraphs[0])


def number_pages(paragraph: Any) -> None:
    """Writes `第 1 页 共 n 页` into the paragraph of a footer, as fields that Word works out."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words, field in (("第 ", "PAGE"), (" 页 共 ", "NUMPAGES"), (" 页", "")):
        _styled(paragraph.add_run(words), _FONT, paper.SMALL)
        if field:
            _field(paragraph, field)


def _line(paragraph: Any, text: str, font: str, kind: Type) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _space(paragraph, kind)
    _styled(paragraph.add_run(text), font, kind)


def _space(paragraph: Any, kind: Type) -> None:
    """Lines of a fixed height, none before or after."""
    spacing = paragraph.paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.line_spacing = Pt(kind.line)
    spacing.line_spacing_rule = WD_LINE_SPACING.EXACTLY


def _styled(run: Any, font: str, kind: Type) -> None:
    run.font.size = Pt(kind.size)
    run.font.name = font
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _field(paragraph: Any, name: str) -> None:
    """A number that Word works out: the page's, or how many pages there are. Each part is a run of its own, so that the number has its
    font too."""
    for kind in ("begin", "code", "separate", "result", "end"):
        run = paragraph.add_run("1" if kind == "result" else "")
        _styled(run, _FONT, paper.SMALL)
        if kind == "code":
            element = OxmlElement("w:instrText")
            element.text = name
            run._element.append(element)
        elif kind != "result":
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            run._element.append(element)


def _table(document: Any, page_table: PageTable, shares: Sequence[float]) -> None:
    table = document.add_table(page_table.rows, len(shares))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _narrow_margins(table)
    grid = [list(row.cells) for row in table.rows]  # looked up once: python-docx walks the table for each cell
    widths = [int((_WIDTH - 2 * _SIDE) * share) for share in shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in grid:
        for cell, width in zip(row, widths, strict=True):
            cell.width = width
    for each in page_table.cells:
        cell = grid[each.row][each.column]
        if (each.last_row, each.last_column) != (each.row, each.column):
            cell = cell.merge(grid[each.last_row][each.last_column])
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        for paragraph in cell.paragraphs[1:]:
            paragraph._element.getparent().remove(paragraph._element)
        paragraph = cell.paragraphs[0]
        kind = paper.type_of(each.text)
        _space(paragraph, kind)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if each.centred else WD_ALIGN_PARAGRAPH.LEFT
        for number, line in enumerate(each.text.split("\n")):
            run = paragraph.add_run()
            if number:
                run.add_break()
            run.add_text(_printable(line))
            _styled(run, _FONT, kind)
    for row in table.rows[: page_table.heads]:
        _mark_row(row, "w:tblHeader")
    for row in table.rows:
        row.height = Pt(paper.LEAST_ROW)
        _mark_row(row, "w:cantSplit")


def _narrow_margins(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    sides = ("top", paper.LINE_PADDING), ("left", paper.CELL_PADDING)
    for side, room in (*sides, ("bottom", paper.LINE_PADDING), ("right", paper.CELL_PADDING)):
        element = OxmlElement(f"w:{side}")
        element.set(qn("w:w"), str(round(room * _TWENTIETHS)))
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    table._tbl.tblPr.append(margins)


def _mark_row(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _printable(text: str) -> str:
    """Without characters that XML cannot hold."""
    return "".join(c for c in text if c >= " " or c == "\t")
