"""Draws a worksheet from a picture of it, so that a test shows the form as a person sees it.

Each line is a row, `|` parts the columns. `<` joins a cell with the one on its left, `^` with the one above (merged areas); an empty
cell is empty. Numbers become numbers, percentages numbers with a percent format, all else is text.
"""

from decimal import Decimal, InvalidOperation

from perfxl.grid.address import Area
from perfxl.grid.cells import Cell, Grid


def draw(picture: str, sheet: str = "自评表", *, top: int = 1, left: int = 1) -> Grid:
    """The grid of a picture whose first cell stands at this row and column."""
    table = [[cell.strip() for cell in line.split("|")] for line in picture.strip("\n").splitlines()]
    grid = Grid(sheet)
    for r, line in enumerate(table):
        for c, text in enumerate(line):
            if text not in ("", "<", "^"):
                grid.rows.setdefault(top + r, {})[left + c] = cell_of(text)
                area = _merged(table, r, c)
                if area != (r, c):
                    grid.merges.append(Area(top + r, left + c, top + area[0], left + area[1]))
    return grid


def cell_of(text: str) -> Cell:
    """A text as Excel takes it when it is typed."""
    text = text.replace("\\n", "\n")
    try:
        if text.endswith("%"):
            places = len(text[:-1].partition(".")[2])
            return Cell(Decimal(text[:-1]) / 100, "0." + "0" * places + "%" if places else "0%")
        return Cell(Decimal(text))
    except InvalidOperation:
        return Cell(text)


def _merged(table: list[list[str]], r: int, c: int) -> tuple[int, int]:
    right = c
    while right + 1 < len(table[r]) and table[r][right + 1] == "<":
        right += 1
    bottom = r
    while bottom + 1 < len(table) and c < len(table[bottom + 1]) and table[bottom + 1][c] == "^":
        bottom += 1
    return bottom, right
