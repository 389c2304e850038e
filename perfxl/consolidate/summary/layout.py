"""How the summary looks: the formats of its cells, and the sheets with everything but their rows, drawn by XlsxWriter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

from perfxl.consolidate.summary.sheets import DetailSheet

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

BODY, TITLE = "宋体", "黑体"
ACCENT, PALE, GREY, LINE = "#1F4E78", "#DDEBF7", "#7F7F7F", "#BFBFBF"
SEVERITIES = {
    "error": ("● 错误", "#FFC7CE", "#9C0006"),
    "warning": ("▲ 警告", "#FFEB9C", "#7F6000"),
    "advice": ("○ 建议", "#DDEBF7", "#1F4E78"),
}
"""What stands for a severity, its fill and its text colour."""

AMOUNT, RATE, POINTS, COUNT = "#,##0.00", "0.00%", "General", "#,##0"
WRAPPED = frozenset(["wrapped"])
LINKED = frozenset(["file", "place"])
NUMBERS = frozenset(["amount", "rate", "points", "count"])

_CELL: dict[str, Any] = {"font_name": BODY, "font_size": 10, "valign": "vcenter", "border": 1, "border_color": LINE}
_LINK = {"font_color": "#0563C1", "underline": 1}
_KINDS: dict[str, dict[str, Any]] = {
    "text": {},
    "title": {"text_wrap": True},
    "wrapped": {"text_wrap": True},
    "centred": {"align": "center"},
    "severity": {"align": "center"},
    "count": {"align": "center", "num_format": "0"},
    "points": {"align": "center", "num_format": POINTS},
    "amount": {"align": "right", "num_format": AMOUNT},
    "rate": {"align": "center", "num_format": RATE},
    "file": _LINK,
    "place": _LINK,
}
HEAD: dict[str, Any] = {
    **_CELL,
    "font_name": TITLE,
    "align": "center",
    "text_wrap": True,
    "bg_color": ACCENT,
    "font_color": "#FFFFFF",
    "border_color": "#FFFFFF",
}
_SUM: dict[str, Any] = {"bold": True, "bg_color": PALE, "top": 2, "top_color": ACCENT}
_A4 = 9
_HEAD_HEIGHT = 27
SAMPLE_ROW = 2
"""The first of the rows (from 1) that show each look of a row, to be replaced by the real ones; a last one shows the sums."""

VARIANTS = 3
"""How many looks a row may have: 0 as usual, 1 what does not count; among findings 0 errors, 1 warnings, 2 advice."""


def new_workbook(stream: IO[bytes]) -> Workbook:
    """A workbook that is written to a stream; its widths are counted in digits of 宋体 11, eight pixels each."""
    from xlsxwriter import Workbook

    options = {
        "in_memory": True,
        "default_format_properties": {"font_name": BODY, "font_size": 11},
        "default_row_height": 18,
        "default_column_width": 72,
    }
    return Workbook(stream, options)


class Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[str, Format] = {}

    def __call__(self, properties: Mapping[str, Any]) -> Format:
        key = repr(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(dict(properties))
        return self._made[key]


def cell_look(kind: str, variant: int = 0, *, findings: bool = False) -> dict[str, Any]:
    """The properties of a cell of this kind in a row of this variant."""
    look = {**_CELL, **_KINDS[kind]}
    if findings:
        _, fill, text = list(SEVERITIES.values())[variant]
        return {**look, "bg_color": fill, "font_color": text} if kind == "severity" else look
    return {**look, "font_color": GREY, "bg_color": "#F2F2F2"} if variant else look


def sum_look(kind: str) -> dict[str, Any]:
    """The properties of a cell in a row of sums."""
    return {**_CELL, **_KINDS["text" if kind in LINKED else kind], **_SUM}


def set_up_page(sheet: Worksheet, title: str, repeated: int | None = None) -> None:
    """A4 across, one page wide; the title in the header and page numbers in the footer; `repeated` is the row of the head, from 1."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(0.5, 0.5, 0.7, 0.6)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_header(f'&R&"{BODY},常规"&9{title.replace("&", "&&")}', {"margin": 0.35})
    sheet.set_footer(f'&C&"{BODY},常规"&9第 &P 页 共 &N 页', {"margin": 0.3})
    if repeated is not None:
        sheet.repeat_rows(repeated - 1)


def draw_detail(workbook: Workbook, formats: Formats, sheet: DetailSheet, rows: int, last: int) -> None:
    """A detail sheet with its head, filter and set-up; instead of its `rows` rows (and others down to row `last`) one of each variant,
    from `SAMPLE_ROW`, and a row of sums."""
    drawn = workbook.add_worksheet(sheet.name)
    for at, column in enumerate(sheet.columns):
        drawn.set_column(at, at, column.width)
        drawn.write_string(0, at, column.heading, formats(HEAD))
        for variant in range(VARIANTS):
            look = cell_look(column.kind, variant, findings=sheet.columns[0].kind == "severity")
            drawn.write_blank(SAMPLE_ROW - 1 + variant, at, None, formats(look))
        drawn.write_blank(SAMPLE_ROW - 1 + VARIANTS, at, None, formats(sum_look(column.kind)))
    drawn.set_row(0, _HEAD_HEIGHT)
    drawn.set_default_row(18)
    drawn.freeze_panes(1, 0)
    drawn.autofilter(0, 0, max(rows, 1), len(sheet.columns) - 1)
    drawn.ignore_errors({"number_stored_as_text": f"A1:{sheet.letter(sheet.columns[-1].heading)}{rows + 1}"})
    drawn.print_area(f"A1:{sheet.letter(sheet.printed)}{last}")
    set_up_page(drawn, sheet.name, repeated=1)


def sample_styles(row: str, columns: Sequence[object]) -> list[str]:
    """The style numbers of a sample row, from its XML."""
    import re

    styles = re.findall(r'<c r="[A-Z]+\d+" s="(\d+)"', row)
    assert len(styles) == len(columns), row
    return styles
