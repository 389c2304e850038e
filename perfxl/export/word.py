"""Writes form pages as a Word document. The only place that knows python-docx."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from perfxl.export.page import FormPage, PageTable

if TYPE_CHECKING:
    from docx.section import Section

_WIDTH, _HEIGHT = Cm(21), Cm(29.7)
_SIDE, _TOP = Cm(1.5), Cm(1.8)
_TITLE_FONT, _FONT = "黑体", "宋体"
_TITLE, _YEAR, _CELL, _LONG, _SMALL = Pt(18), Pt(12), Pt(10.5), Pt(9.5), Pt(9)
_LONG_TEXT = 40
# A row is at least so high; between text and border there is so much room.
_ROW, _MARGIN = Cm(0.8), "57"  # twentieths of a point: 1 mm
# A document's own dates: the same forms give the same bytes.
_CREATED = datetime(2025, 1, 6, 9, 0)  # noqa: DTZ001 - a document's time has no zone


def write_document(pages: Sequence[FormPage]) -> bytes:
    """A document with each form on pages of its own: A4, title and head repeated, pages numbered."""
    document: Any = Document()
    document.core_properties.created = document.core_properties.modified = _CREATED
    document.core_properties.author = ""
    document.core_properties.title = pages[0].title
    for number, page in enumerate(pages):
        section = document.sections[0] if number == 0 else document.add_section(WD_SECTION.NEW_PAGE)
        _set_up(section, page)
        _line(document.add_paragraph(), page.title, _TITLE_FONT, _TITLE)
        if page.year:
            _line(document.add_paragraph(), page.year, _FONT, _YEAR)
        for place, table in enumerate(page.tables):
            if place:
                _line(document.add_paragraph(), "", _FONT, Pt(1))
            _table(document, table, page.shares)
    stream = BytesIO()
    document.save(stream)
    return _dated(stream)


def _dated(document: BytesIO) -> bytes:
    """The document with one date on all its parts: python-docx puts the present moment on them."""
    out = BytesIO()
    with ZipFile(document) as written, ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name in written.namelist():
            entry = ZipInfo(name, _CREATED.timetuple()[:6])
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
    _line(section.header.paragraphs[0], page.running, _FONT, _SMALL)
    for footer in (section.footer, section.first_page_footer):
        number_pages(footer.paragraphs[0])


def number_pages(paragraph: Any) -> None:
    """Writes `第 1 页 共 n 页` into the paragraph of a footer, as fields that Word works out."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words, field in (("第 ", "PAGE"), (" 页 共 ", "NUMPAGES"), (" 页", "")):
        _styled(paragraph.add_run(words), _FONT, _SMALL)
        if field:
            _field(paragraph, field)


def _line(paragraph: Any, text: str, font: str, size: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _tight(paragraph)
    if size == Pt(1):
        paragraph.paragraph_format.line_spacing = size
    _styled(paragraph.add_run(text), font, size)


def _tight(paragraph: Any) -> None:
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)


def _styled(run: Any, font: str, size: Any) -> None:
    run.font.size = size
    run.font.name = font
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _field(paragraph: Any, name: str) -> None:
    """A number that Word works out: the page's, or how many pages there are. Each part is a run of its own, so that the number has its
    font too."""
    for kind in ("begin", "code", "separate", "result", "end"):
        run = paragraph.add_run("1" if kind == "result" else "")
        _styled(run, _FONT, _SMALL)
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
        _tight(paragraph)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if each.centred else WD_ALIGN_PARAGRAPH.LEFT
        size = _CELL if len(each.text) <= _LONG_TEXT else _LONG
        for number, line in enumerate(each.text.split("\n")):
            run = paragraph.add_run()
            if number:
                run.add_break()
            run.add_text(_printable(line))
            _styled(run, _FONT, size)
    for row in table.rows[: page_table.heads]:
        _mark_row(row, "w:tblHeader")
    for row in table.rows:
        row.height = _ROW
        _mark_row(row, "w:cantSplit")


def _narrow_margins(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        element = OxmlElement(f"w:{side}")
        element.set(qn("w:w"), _MARGIN)
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    table._tbl.tblPr.append(margins)


def _mark_row(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _printable(text: str) -> str:
    """Without characters that XML cannot hold."""
    return "".join(c for c in text if c >= " " or c == "\t")
