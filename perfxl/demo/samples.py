"""The demo's sample workbooks as data: what stands in forms.toml, taken apart into forms, pages and rows.

A table is written as lines of cells between `|`, column A first. A line that begins with `~` stands as it slipped when it was
pasted; a line `---` is a page break, after which title and project are repeated.
"""

from pathlib import Path
from typing import Any, NamedTuple

from perfxl.data import load_toml

_SLIPPED = "~"
_FORMULA = " ⇒ "
_PAGE_BREAK = "---"


class Row(NamedTuple):
    """The cells of one row, from column A on; "" is an empty cell, or one that the name above it covers."""

    cells: tuple[str, ...]
    slipped: bool = False


class Content(NamedTuple):
    """A cell apart: what it shows, and the formula that gives it, "" where it is typed."""

    shown: str
    formula: str = ""


def content_of(cell: str) -> Content:
    """A cell as a sample writes it: `30`, or `=E6/D6 ⇒ 95.80%` for a formula and its result."""
    formula, arrow, shown = cell.rpartition(_FORMULA)
    return Content(shown, formula) if arrow else Content(cell)


class Edition(NamedTuple):
    """What an edition of the form calls its parts, and the number format of its amounts."""

    department: str
    money: str
    reason: str
    amounts: str


class FormSample(NamedTuple):
    """A form: `funds` are label, 年初, 全年, 执行, 分值, 执行率, 得分; `pages` the indicator rows; `total` weight and score."""

    sheet: str
    edition: Edition
    year: str
    project: str
    department: str
    unit: str
    funds: tuple[Row, ...]
    goal: str
    goal_result: str
    pages: tuple[tuple[Row, ...], ...]
    total: tuple[str, str]


class LedgerSample(NamedTuple):
    """A plain table, head row first: `widths` of its columns in characters, the columns of `amounts` counted from 0, and the
    cell in which a `picture` hangs."""

    sheet: str
    title: str
    widths: tuple[int, ...]
    amounts: tuple[int, ...]
    rows: tuple[Row, ...]
    picture: str


class NoteSample(NamedTuple):
    """A note that a colleague left on a cell."""

    sheet: str
    cell: str
    author: str
    text: str


class BookSample(NamedTuple):
    """A workbook; `path` is relative, its folder the department's."""

    path: Path
    forms: tuple[FormSample, ...]
    ledgers: tuple[LedgerSample, ...]
    notes: tuple[NoteSample, ...]


def load_samples() -> tuple[BookSample, ...]:
    """The sample workbooks in the order in which the demo tells of them."""
    data = load_toml(Path(__file__).with_name("forms.toml"))
    editions = {name: Edition(**edition) for name, edition in data["editions"].items()}
    return tuple(_book(book, editions) for book in data["books"])


def _book(book: dict[str, Any], editions: dict[str, Edition]) -> BookSample:
    return BookSample(
        path=Path(book["path"]),
        forms=tuple(_form(form, editions) for form in book["forms"]),
        ledgers=tuple(
            LedgerSample(
                sheet=ledger["sheet"],
                title=ledger["title"],
                widths=tuple(ledger["widths"]),
                amounts=tuple(ledger["amounts"]),
                rows=_rows(ledger["table"]),
                picture=ledger["picture"],
            )
            for ledger in book.get("ledgers", ())
        ),
        notes=tuple(NoteSample(**note) for note in book.get("notes", ())),
    )


def _form(form: dict[str, Any], editions: dict[str, Edition]) -> FormSample:
    weight, score = form["total"]
    return FormSample(
        sheet=form["sheet"],
        edition=editions[form["edition"]],
        year=form["year"],
        project=form["project"],
        department=form["department"],
        unit=form["unit"],
        funds=_rows(form["funds"]),
        goal=form["goal"],
        goal_result=form["goal_result"],
        pages=tuple(_rows(page) for page in form["table"].split(f"\n{_PAGE_BREAK}\n")),
        total=(weight, score),
    )


def _rows(table: str) -> tuple[Row, ...]:
    return tuple(
        Row(tuple(cell.strip() for cell in line.removeprefix(_SLIPPED).split("|")), line.startswith(_SLIPPED))
        for line in table.splitlines()
        if line.strip()
    )
