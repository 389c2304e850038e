"""The results sheet as a worksheet's part."""

from __future__ import annotations

from collections.abc import Callable

from perfxl.grid.address import column_letters
from perfxl.workbooks.marks.model import STATES
from perfxl.workbooks.marks.sheetlayout import (
    HEAD_ROW,
    HIDDEN_FROM,
    STATE_COLUMN,
    WIDTHS,
    SheetLayout,
    SheetRow,
    merged_areas,
)
from perfxl.workbooks.marks.sheetstyles import ACCENT, EDGE, FONT, STYLES, Style
from perfxl.workbooks.markup import attribute, text_element
from perfxl.workbooks.styles import StyleSheet

_LAST_SHOWN = column_letters(HIDDEN_FROM - 1)


def sheet_xml(layout: SheetLayout, style: Callable[[str], int], main: str, relationships: str, kept: str = "") -> bytes:
    """The part; `style` gives the cell format of a style's name, `kept` are elements that persons' drawings and notes need."""
    merges = merged_areas(layout)
    has_findings = layout.last_finding > HEAD_ROW
    last_row = layout.rows[-1].number
    pieces = [
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{main}" xmlns:r="{relationships}">',
        f'<sheetPr><tabColor rgb="FF{ACCENT}"/><pageSetUpPr fitToPage="1"/></sheetPr>',
        f'<dimension ref="A1:{column_letters(len(WIDTHS)) if has_findings else _LAST_SHOWN}{last_row}"/>',
        '<sheetViews><sheetView showGridLines="0" workbookViewId="0">',
        f'<pane ySplit="{HEAD_ROW}" topLeftCell="A{HEAD_ROW + 1}" activePane="bottomLeft" state="frozen"/>'
        if has_findings
        else "",
        '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>',
        *[_column(number, width) for number, width in enumerate(WIDTHS, 1)],
        "</cols><sheetData>",
        *[_row(row, style) for row in layout.rows],
        "</sheetData>",
    ]
    if has_findings:
        pieces.append(f'<autoFilter ref="A{HEAD_ROW}:{_LAST_SHOWN}{layout.last_finding}"/>')
    pieces.append(f'<mergeCells count="{len(merges)}">' + "".join([f'<mergeCell ref="{m}"/>' for m in merges]))
    pieces.append("</mergeCells>")
    if has_findings:
        state = column_letters(STATE_COLUMN)
        pieces.append(
            '<dataValidations count="1"><dataValidation type="list" allowBlank="1" showInputMessage="1" '
            f'promptTitle="处理情况" prompt="可从列表中选，也可自行填写；再次检查时保留。" '
            f'sqref="{state}{HEAD_ROW + 1}:{state}{layout.last_finding}">'
            f'<formula1>"{",".join(STATES)}"</formula1></dataValidation></dataValidations>'
        )
    links = _links(layout)
    if links:
        pieces.append(f"<hyperlinks>{links}</hyperlinks>")
    pieces += [
        '<printOptions horizontalCentered="1"/>',
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>',
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>',
        "<headerFooter><oddFooter>&amp;C第 &amp;P 页 共 &amp;N 页</oddFooter></headerFooter>",
        kept,
        "</worksheet>",
    ]
    return "".join(pieces).encode()


def _column(number: int, width: int) -> str:
    hidden = ' hidden="1"' if number >= HIDDEN_FROM else ""
    return f'<col min="{number}" max="{number}" width="{width + 0.7109375}" customWidth="1"{hidden}/>'


def _row(row: SheetRow, style: Callable[[str], int]) -> str:
    cells = []
    for column, cell in row.cells.items():
        at = f'{column_letters(column)}{row.number}" s="{style(cell.style)}'
        if isinstance(cell.value, int):
            cells.append(f'<c r="{at}"><v>{cell.value}</v></c>')
        elif cell.value:
            cells.append(f'<c r="{at}" t="inlineStr"><is>{text_element("", cell.value)}</is></c>')
        else:
            cells.append(f'<c r="{at}"/>')
    return f'<row r="{row.number}" ht="{row.height:g}" customHeight="1">' + "".join(cells) + "</row>"


def _links(layout: SheetLayout) -> str:
    links = []
    for row in layout.rows:
        for column, cell in row.cells.items():
            if cell.link is not None:
                sheet, target = cell.link
                location = attribute(f"{quoted(sheet)}!{target}")
                shown = attribute(str(cell.value))
                links.append(
                    f'<hyperlink ref="{column_letters(column)}{row.number}" location="{location}" display="{shown}"/>'
                )
    return "".join(links)


def quoted(sheet: str) -> str:
    """A sheet's name as it stands in a formula."""
    return "'" + sheet.replace("'", "''") + "'"


class Styles:
    """The cell formats of the results sheet in a workbook's style sheet; those that are there already are used again."""

    def __init__(self, styles: StyleSheet) -> None:
        self._styles = styles
        self._known: dict[str, int] = {}

    def __call__(self, name: str) -> int:
        """The index of a style's cell format.

        Raises:
            ValueError: there is no room for one more.
        """
        if name not in self._known:
            self._known[name] = self._made(STYLES[name])
        return self._known[name]

    def _made(self, style: Style) -> int:
        p = self._styles.prefix
        strong, line = f"<{p}b/>" if style.bold else "", f"<{p}u/>" if style.underlined else ""
        font = (
            f'<{p}font>{strong}{line}<{p}sz val="{style.size}"/><{p}color rgb="FF{style.color}"/><{p}name val="{FONT}"/>'
            f'<{p}family val="3"/><{p}charset val="134"/></{p}font>'
        )
        ids = {"fontId": self._styles.with_item("fonts", font.encode()), "fillId": 0, "borderId": 0}
        if style.fill:
            solid = (
                f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FF{style.fill}"/><{p}bgColor indexed="64"/>'
                f"</{p}patternFill></{p}fill>"
            )
            ids["fillId"] = self._styles.with_item("fills", solid.encode())
        if style.boxed:
            edges = "".join(
                [
                    f'<{p}{edge} style="thin"><{p}color rgb="FF{EDGE}"/></{p}{edge}>'
                    for edge in ("left", "right", "top", "bottom")
                ]
            )
            ids["borderId"] = self._styles.with_item(
                "borders", f"<{p}border>{edges}<{p}diagonal/></{p}border>".encode()
            )
        wrap = ' wrapText="1"' if style.wrapped else ""
        told = " ".join([f'{name}="{index}"' for name, index in ids.items()])
        xf = (
            f'<{p}xf numFmtId="0" {told} xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
            f'<{p}alignment horizontal="{style.side}" vertical="center"{wrap}/></{p}xf>'
        )
        return self._styles.with_xf(xf.encode())
