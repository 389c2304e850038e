"""The results sheet as rows of cells with heights, for whichever backend writes it."""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import NamedTuple

from perfxl.grid.address import Ref, column_letters
from perfxl.workbooks.marks.model import CHANGE_HEADS, CHANGES_TITLE, HEADS, TITLE, FindingRow, Results
from perfxl.workbooks.marks.sizes import text_columns

WIDTHS = (5, 8, 9, 22, 12, 44, 14, 14, 24, 36, 16, 20, 20)
"""Column widths in letters."""

HIDDEN_FROM = 12
"""The first hidden column, counted from 1."""

HEAD_ROW = 3
STATE_COLUMN = 11

CHANGE_PLACES = ((1, 1), (2, 4), (6, 1), (7, 3), (10, 2))
"""The columns of a change, within those of the findings, and how many columns each takes."""

_LINE_HEIGHT = 14.5  # points of a line of letters of 10 points, in the program that needs most
_ROW_MARGIN = 4.0


class SheetCell(NamedTuple):
    """A cell: its value, the name of its style, and where its link goes (sheet, A1)."""

    value: str | int
    style: str
    link: tuple[str, str] | None = None


class SheetRow(NamedTuple):
    """A row by its number: its height in points, and its cells by column (counted from 1)."""

    number: int
    height: float
    cells: Mapping[int, SheetCell]


class SheetLayout(NamedTuple):
    """All rows; the last row of findings (that of the head where there is none)."""

    rows: tuple[SheetRow, ...]
    last_finding: int

    def texts(self) -> dict[tuple[int, int], str]:
        """What stands in the cells that are not empty, by row and column."""
        return {
            (row.number, column): str(cell.value)
            for row in self.rows
            for column, cell in row.cells.items()
            if cell.value != ""
        }


def lay_out(results: Results, covered: Mapping[tuple[str, Ref], str]) -> SheetLayout:
    """The results sheet; `covered` is what stands in its last column, by the cells marked without a note."""
    rows = [
        SheetRow(1, 24.0, {1: SheetCell(TITLE, "title")}),
        SheetRow(2, 18.0, {1: SheetCell(results.figures, "figures")}),
    ]
    last = HEAD_ROW
    if results.findings:
        rows.append(SheetRow(HEAD_ROW, 20.0, {n: SheetCell(head, "head") for n, head in enumerate(HEADS, 1)}))
        for number, finding in enumerate(results.findings, 1):
            last += 1
            rows.append(_finding_row(last, number, finding, covered.get((finding.sheet, finding.at), "")))
    else:
        cells = {1: SheetCell("未发现问题", "good"), 4: SheetCell(results.checked, "wide")}
        wide = sum(WIDTHS[3:STATE_COLUMN])
        rows.append(SheetRow(HEAD_ROW, _height([(results.checked, wide)]), cells))
    rows += _change_rows(results, last + 2)
    return SheetLayout(tuple(rows), last)


def _finding_row(row: int, number: int, finding: FindingRow, covered: str) -> SheetRow:
    severity = finding.severity.value
    values: Sequence[str | int] = (
        number, finding.severity.label, finding.code, finding.project, finding.place, finding.problem, finding.found,
        finding.expected, finding.source, finding.todo, finding.state, finding.subject, covered,
    )  # fmt: skip
    styles = (
        "center",
        severity,
        "center",
        "text",
        "link",
        "text",
        "center",
        "center",
        "text",
        "text",
        "state",
        "text",
        "text",
    )
    cells = {}
    for column, (value, style) in enumerate(zip(values, styles, strict=True), 1):
        link = (finding.sheet, finding.at.a1) if style == "link" else None
        cells[column] = SheetCell(value, style, link)
    shown = zip(values[: HIDDEN_FROM - 1], WIDTHS, strict=False)
    return SheetRow(row, _height([(str(value), width) for value, width in shown]), cells)


def _change_rows(results: Results, start: int) -> Iterator[SheetRow]:
    if not results.changes:
        return
    yield SheetRow(start, 22.0, {1: SheetCell(CHANGES_TITLE, "subtitle")})
    yield SheetRow(start + 1, 20.0, _spread(CHANGE_HEADS, ["head"] * 5))
    for number, change in enumerate(results.changes, 1):
        cells = _spread(
            (number, change.place, change.before, change.after, change.why), ["center", "link", *["text"] * 3]
        )
        cells[2] = cells[2]._replace(link=(change.sheet, change.cell))
        widths = [sum(WIDTHS[first - 1 : first - 1 + count]) for first, count in CHANGE_PLACES]
        texts = ("", change.place, change.before, change.after, change.why)
        yield SheetRow(start + 1 + number, _height(list(zip(texts, widths, strict=True))), cells)


def merged_areas(layout: SheetLayout) -> list[str]:
    """The areas that are merged, in A1 form: the lines above the head, and the block of changes in the columns of the findings."""
    last = column_letters(HIDDEN_FROM - 1)
    areas = [f"A1:{last}1", f"A2:{last}2"]
    if layout.last_finding == HEAD_ROW:
        areas += [f"A{HEAD_ROW}:C{HEAD_ROW}", f"D{HEAD_ROW}:{last}{HEAD_ROW}"]
    for row in layout.rows:
        if row.number > layout.last_finding + 2:
            for first, count in CHANGE_PLACES:
                if count > 1:
                    areas.append(f"{column_letters(first)}{row.number}:{column_letters(first + count - 1)}{row.number}")
    return areas


def _spread(values: Sequence[str | int], styles: Sequence[str]) -> dict[int, SheetCell]:
    """The cells of a change; the further cells of a merged area carry its borders."""
    cells: dict[int, SheetCell] = {}
    for (first, count), value, style in zip(CHANGE_PLACES, values, styles, strict=True):
        cells[first] = SheetCell(value, style)
        for column in range(first + 1, first + count):
            cells[column] = SheetCell("", style)
    return cells


def _height(texts: Sequence[tuple[str, int]]) -> float:
    """The height of a row, in points, in which each text fits into its width; rows of a file do not grow by themselves."""
    lines = max([_lines(text, width) for text, width in texts if 2 * len(text) > width - 4], default=1)
    return min(lines * _LINE_HEIGHT + _ROW_MARGIN, 409.0)


def _lines(text: str, width: int) -> int:
    room = max(width - 4, 2)  # the margins at both sides, and what does not break where the line ends
    return sum([max(1, ceil(text_columns(line) / room)) for line in text.split("\n")])
