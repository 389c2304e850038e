"""A form as a printed page shows it: title, year, and tables whose cells may span rows and columns."""

from __future__ import annotations

from math import ceil, sqrt
from typing import NamedTuple

from perfxl.form.labels import role_of
from perfxl.form.layout import FormBlock, is_year_line
from perfxl.form.model import Form
from perfxl.form.view import SheetView
from perfxl.patterns import pattern
from perfxl.report.terminal import width as text_width

# Widths count half-wide signs: up to _MOST a column is as wide as its texts, texts up to _WHOLE and figures up to _AMOUNT are never
# broken, a page holds _PAGE of them. Figures get more room beside them: the fonts that stand in for 宋体 on other systems have wider
# ones.
_MOST, _WHOLE, _AMOUNT, _PAGE = 26, 10, 14, 97
_HEAD = 12
_BLANK_YEAR = pattern(r"[(（][\s_]*年度?[)）]")
_MARGIN, _FIGURE_MARGIN = 1.25, 3.25
_STRIP = 9.25  # narrower than four signs a column of texts reads as a strip
_FIGURES = frozenset("0123456789.,%-")
# Shorter texts stand in the middle of their cell.
_CENTRED = 24


class PageCell(NamedTuple):
    """A cell of a table: its place from 0, how far it reaches, its text, and whether that stands in the middle."""

    row: int
    column: int
    last_row: int
    last_column: int
    text: str
    centred: bool


class PageTable(NamedTuple):
    """A table of so many rows; `heads` first rows are printed again on each page. `new_page` tells that a page begins with it."""

    rows: int
    cells: tuple[PageCell, ...]
    heads: int = 0
    new_page: bool = False


class FormPage(NamedTuple):
    """A form to print: title and year line, what runs above each further page, its columns' widths as shares, its tables."""

    title: str
    year: str
    running: str
    shares: tuple[float, ...]
    tables: tuple[PageTable, ...]


def lay_out_page(view: SheetView, block: FormBlock, form: Form) -> FormPage:
    """The form as it stands on its sheet, without hidden rows and columns; the indicator table begins a table of its own."""
    rows = [row for row in range(block.start, block.end + 1) if not view.hidden(row) and _holds_something(view, row)]
    lines: list[str] = []
    while rows and (line := _title_line(view, rows[0])):
        lines.append(line)
        rows.pop(0)
    titles = [line for line in lines if not _names_year(line)]
    years = [line for line in lines if _names_year(line)]
    columns = _columns(view, block, rows)
    above = [row for row in rows if row < block.head.top]
    table = [row for row in rows if row >= block.head.top]
    heads = sum(row <= block.head.bottom for row in table)
    name = form.subject.name if form.subject else ""
    title = titles[-1] if titles else form.title
    return FormPage(
        title,
        years[0] if years else "",
        "　".join(part for part in (title, *years, name) if part),
        _shares(view, rows, columns, table[:heads]),
        tuple(
            PageTable(len(part), tuple(_cells(view, part, columns, heads)), heads)
            for part, heads in ((above, 0), (table, heads))
            if part
        ),
    )


def _holds_something(view: SheetView, row: int) -> bool:
    """A value, or a merged area that began above: a row of nothing is no row of the print."""
    return any(not view.value(row, column).empty for column in view.grid.rows.get(row, {})) or any(
        area.top < row and view.value(row, area.left).text for area in view.areas(row)
    )


def _title_line(view: SheetView, row: int) -> str:
    texts = view.texts(row)
    if len(texts) != 1:
        return ""
    text = texts[0][1]
    return text if role_of("title", text) or _names_year(text) else ""


def _names_year(text: str) -> bool:
    """The line of the year, filled in or not."""
    return is_year_line(text) or _BLANK_YEAR.fullmatch(text) is not None


def _columns(view: SheetView, block: FormBlock, rows: list[int]) -> list[int]:
    """The columns that the print shows, from the first that holds something to the last of the table."""
    first = min((column for row in rows for column in view.grid.rows.get(row, {})), default=block.head.left)
    last = max([view.limit or block.head.right, block.head.right])
    return [column for column in range(first, last + 1) if column not in view.grid.hidden_columns]


def _cells(view: SheetView, rows: list[int], columns: list[int], heads: int) -> list[PageCell]:
    """The cells of a table; one that reaches from the repeated head down is cut, and says what it says below the head."""
    out = []
    done = set()
    ragged = _left_columns(view, rows[heads:], columns) if heads else frozenset()
    for number, row in enumerate(rows):
        for place, column in enumerate(columns):
            if (number, place) in done:
                continue
            area = view.area(row, column)
            last_row, last_column = number, place
            if area is not None:
                last_row = max(n for n, r in enumerate(rows) if r <= area.bottom)
                last_column = max(n for n, c in enumerate(columns) if c <= area.right)
            done |= {(r, c) for r in range(number, last_row + 1) for c in range(place, last_column + 1)}
            text = view.value(row, column).text
            centred = text_width(text) <= _CENTRED and (number < heads or last_column > place or place not in ragged)
            top = number
            if number < heads <= last_row:
                out.append(PageCell(number, place, heads - 1, last_column, "", centred))
                top = heads
            out.append(PageCell(top, place, last_row, last_column, text, centred))
    return out


def _left_columns(view: SheetView, rows: list[int], columns: list[int]) -> frozenset[int]:
    """The columns, by their place, in which a text is too long for the middle: there all stand at the left."""
    return frozenset(
        place
        for place, column in enumerate(columns)
        if any(
            text_width(view.value(row, column).text) > _CENTRED
            and ((area := view.area(row, column)) is None or area.left == area.right)
            for row in rows
        )
    )


def _shares(view: SheetView, rows: list[int], columns: list[int], heads: list[int]) -> tuple[float, ...]:
    """How wide each column is, by what stands in it alone: short texts whole, what is left by the length of the others."""
    least, wanted = [], []
    table = [row for row in rows if heads and row > heads[-1]]
    ragged = _left_columns(view, table, columns)
    for place, column in enumerate(columns):
        texts = {
            row: view.value(row, column).text.split("\n")
            for row in rows
            if (area := view.area(row, column)) is None or area.left == area.right
        }
        lines = [line for text in texts.values() for line in text]
        longest = max(map(_width, lines), default=0)
        whole = [_width(line) for line in lines if text_width(line) <= (_AMOUNT if _is_figure(line) else _WHOLE)]
        # What is a little longer stands in two lines, the second not of a single sign; of texts of all lengths only the head does.
        short = [line for row, text in texts.items() if place not in ragged or row in heads for line in text]
        halves = [_half(line) for line in short if _WHOLE < text_width(line) <= _CENTRED and not _is_figure(line)]
        # A head that has lines of its own keeps them.
        whole += [_width(line) for row in heads for line in texts.get(row, ()) if text_width(line) <= _HEAD]
        least.append(max([_MARGIN, min(longest, _STRIP), *whole, *halves]))
        # Of long texts the longer gets more, but not in proportion: its neighbours must not become strips.
        wanted.append(max(min(longest, _MOST) + sqrt(max(longest - _MOST, 0)), least[-1]))
    room, asked = max(_PAGE - sum(least), 0), sum(wanted) - sum(least)
    given = [low + (high - low) * room / asked if asked else low for low, high in zip(least, wanted, strict=True)]
    return tuple(each / sum(given) for each in given)


def _width(line: str) -> float:
    """How wide a line is with the room beside it."""
    has_figures = any("0" <= sign <= "9" for sign in line)
    return text_width(line) + (_FIGURE_MARGIN if has_figures else _MARGIN)


def _half(line: str) -> float:
    """How wide the longer of two lines is, whole wide signs, with the room beside it."""
    return 2 * ceil(text_width(line) / 4) + _MARGIN


def _is_figure(line: str) -> bool:
    return bool(line) and set(line) <= _FIGURES
