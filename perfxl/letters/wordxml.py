"""WordprocessingML as text: paragraphs and tables of a letter. A letter may have thousands of cells, and python-docx takes a
millisecond for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

TITLE_FONT, FONT = "黑体", "宋体"


def run(text: str, *, size: float, font: str = FONT, bold: bool = False, colour: str = "") -> str:
    """A piece of text; `size` in points, `colour` as RRGGBB."""
    looks = (
        f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>'
        + ("<w:b/>" if bold else "")
        + (f'<w:color w:val="{colour}"/>' if colour else "")
        + f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
    )
    lines = [f'<w:t xml:space="preserve">{escape(line, quote=False)}</w:t>' for line in _printable(text).split("\n")]
    return f"<w:r><w:rPr>{looks}</w:rPr>{'<w:br/>'.join(lines)}</w:r>"


def paragraph(
    *runs: str, align: str = "left", indent: float = 0, before: float = 0, after: float = 0, keep: bool = False
) -> str:
    """A paragraph; `indent` of the first line and the spaces around it in points; `keep` holds it with the next one."""
    return (
        "<w:p><w:pPr>"
        + ("<w:keepNext/>" if keep else "")
        + f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"/>'
        + (f'<w:ind w:firstLine="{round(indent * 20)}"/>' if indent else "")
        + f'<w:jc w:val="{align}"/></w:pPr>{"".join(runs)}</w:p>'
    )


def cell(content: str, width: int, *, span: int = 1, fill: str = "") -> str:
    """A cell of a table; `width` in twentieths of a point, `fill` as RRGGBB."""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
        + (f'<w:gridSpan w:val="{span}"/>' if span > 1 else "")
        + (f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else "")
        + f'<w:vAlign w:val="center"/></w:tcPr>{content}</w:tc>'
    )


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


def _printable(text: str) -> str:
    """Without characters that XML cannot hold."""
    return "".join(
        sign
        for sign in text
        if (sign >= " " or sign in "\t\n") and not "\ud800" <= sign <= "\udfff" and sign not in "\ufffe\uffff"
    )
