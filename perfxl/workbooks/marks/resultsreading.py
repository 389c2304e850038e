"""What a results sheet of perfxl's says, read back as what it was written from."""

from collections.abc import Iterator

from perfxl.checks.finding import Severity
from perfxl.grid.address import Ref, parse_a1
from perfxl.grid.cells import Grid
from perfxl.workbooks.marks.model import CHANGES_TITLE, HEADS, ChangeRow, FindingRow, Results
from perfxl.workbooks.marks.sheetlayout import CHANGE_PLACES, HEAD_ROW, SheetLayout, lay_out

_SEVERITIES = {severity.label: severity for severity in Severity}
_CHECKED_COLUMN = 4


def read_layout(grid: Grid, only_sheet: str) -> SheetLayout:
    """The sheet's layout; a place that names no sheet is on `only_sheet`. Rows that perfxl did not write are left out."""
    rows = {row: {column: str(cell.value) for column, cell in cells.items()} for row, cells in grid.rows.items()}
    covered: dict[tuple[str, Ref], str] = {}
    findings = []
    for cells in rows.values():
        texts = [cells.get(column, "") for column in range(1, len(HEADS) + 1)]
        severity, place = _SEVERITIES.get(texts[1]), _place(texts[4], only_sheet)
        if severity is None or place is None or not texts[2]:
            continue
        _, _, code, project, shown, problem, found, expected, source, todo, state, subject, kept = texts
        sheet, at = place
        findings.append(
            FindingRow(
                severity, code, project, sheet, at, shown, problem, found, expected, source, todo, state, subject
            )
        )
        if kept:
            covered[place] = kept
    checked = "" if findings else rows.get(HEAD_ROW, {}).get(_CHECKED_COLUMN, "")
    figures = rows.get(HEAD_ROW - 1, {}).get(1, "")
    return lay_out(Results(figures, tuple(findings), tuple(_changes(rows, only_sheet)), checked), covered)


def says(grid: Grid, layout: SheetLayout) -> bool:
    """Whether a sheet's texts are those of a layout, and no others."""
    there = {(row, column): str(cell.value) for row, cells in grid.rows.items() for column, cell in cells.items()}
    return there == layout.texts()


def _changes(rows: dict[int, dict[int, str]], only_sheet: str) -> Iterator[ChangeRow]:
    begin = next((row for row, cells in rows.items() if cells.get(1) == CHANGES_TITLE), None)
    for row, cells in rows.items():
        if begin is not None and row > begin + 1:
            _, shown, before, after, why = (cells.get(first, "") for first, _ in CHANGE_PLACES)
            place = _place(shown, only_sheet)
            if place is not None:
                yield ChangeRow(place[0], place[1].a1, shown, before, after, why)


def _place(text: str, only_sheet: str) -> tuple[str, Ref] | None:
    sheet, _, cell = text.rpartition("!")
    try:
        return sheet or only_sheet, parse_a1(cell)
    except ValueError:
        return None
