"""WordprocessingML as text: paragraphs and tables of a letter. A letter may have thousands of cells, and python-docx takes a
millisecond for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from functools import cache
from html import escape

from perfxl.patterns import pattern

_UNPRINTABLE = pattern("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML cannot hold
_ODD = pattern("[^\t\x20-%'-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # that, markup and line breaks
_TEXT, _END = '<w:t xml:space="preserve">', "</w:t>"


class Style(Enum):
    """The styles of paragraphs, by their names in the blank document."""

    TITLE = "Title"
    HEADING = "Heading1"
    BODY = "BodyText"
    INDENTED = "BodyTextFirstIndent"
    SIGNATURE = "Signature"
    TABLE = "TableText"


def run(text: str, *, bold: bool = False, colour: str = "") -> str:
    """A piece of text, as its paragraph looks but for these; `colour` as RRGGBB."""
    return f"{_run_start(bold, colour)}{_lines(text)}</w:r>"


def _lines(text: str) -> str:
    if _ODD.search(text):
        text = escape(_UNPRINTABLE.sub("", text), quote=False).replace("\n", f"{_END}<w:br/>{_TEXT}")
    return f"{_TEXT}{text}{_END}"


@cache
def _run_start(bold: bool, colour: str) -> str:
    looks = ("<w:b/>" if bold else "") + (f'<w:color w:val="{colour}"/>' if colour else "")
    return f"<w:r><w:rPr>{looks}</w:rPr>" if looks else "<w:r>"


def paragraph(style: Style, *runs: str, align: str = "", after: float | None = None, keep: bool = False) -> str:
    """A paragraph of a style, but for what is given: `after` is the space after it in points; `keep` holds it with the next one."""
    return f"{_paragraph_start(style, align, after, keep)}{''.join(runs)}</w:p>"


@cache
def _paragraph_start(style: Style, align: str, after: float | None, keep: bool) -> str:
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style.value}"/>'
        + ("<w:keepNext/>" if keep else "")
        + ("" if after is None else f'<w:spacing w:after="{round(after * 20)}"/>')
        + (f'<w:jc w:val="{align}"/>' if align else "")
        + "</w:pPr>"
    )


def cell(content: str, width: int, *, span: int = 1, fill: str = "") -> str:
    """A cell of a table; `width` in twentieths of a point, `fill` as RRGGBB."""
    return f"{_cell_start(width, span, fill)}{content}</w:tc>"


@cache
def _cell_start(width: int, span: int, fill: str) -> str:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
        + (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "")
        + (f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else "")
        + '<w:vAlign w:val="center"/></w:tcPr>'
    )


def text_cell(text: str, width: int, align: str = "", *, fill: str = "", colour: str = "", bold: bool = False) -> str:
    """A cell with one piece of text."""
    return f"{_text_cell_start(width, align, fill, colour, bold)}{_lines(text)}</w:r></w:p></w:tc>"


@cache
def _text_cell_start(width: int, align: str, fill: str, colour: str, bold: bool) -> str:
    start = _paragraph_start(Style.TABLE, align, None, False)
    return f"{_cell_start(width, 1, fill)}{start}{_run_start(bold, colour)}"


def row(cells: Iterable[str], *, head: bool = False) -> str:
    """A row that no page end breaks; a `head` is repeated on each page."""
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{''.join(cells)}</w:tr>"


def table(rows: Iterable[str], widths: Sequence[int]) -> str:
    """A table with thin borders; `widths` in twentieths of a point."""
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    room = (("top", 35), ("left", 70), ("bottom", 35), ("right", 70))
    margins = "".join(f'<w:{side} w:w="{size}" w:type="dxa"/>' for side, size in room)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{sides}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{''.join(rows)}</w:tbl>"
    )
