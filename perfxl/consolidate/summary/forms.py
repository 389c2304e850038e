"""`--with-forms`: every form as it looks, in the summary itself or, where they are many, by department in workbooks beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from perfxl.consolidate.archives import ARCHIVE, list_members, read_member
from perfxl.consolidate.summary.copying import Book, copy_sheet, open_book
from perfxl.consolidate.summary.layout import HEAD, Formats, cell_look, set_up_page
from perfxl.errors import PerfxlError, UnreadableBook
from perfxl.filenames import file_name, unique_name
from perfxl.signs import OBEYED_SIGNS, in_cell, storable
from perfxl.workbooks.package import read_file

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from xlsxwriter.workbook import Workbook

MOST_FORMS = 200
"""So many forms one workbook takes."""

CONTENTS = "附表目录"
_COLUMNS = (("序号", 6), ("主管部门", 20), ("项目名称", 30), ("附表", 28), ("来自", 40), ("未能照搬", 34))
_NOT_IN_NAMES = re.compile(rf"[\[\]:*?/\\'\x00-\x1f{OBEYED_SIGNS}]")
_LONGEST_NAME = 31
_NO_DEPARTMENT = "没有填写主管部门"


class FormSheet(NamedTuple):
    """A sheet with one form or more: department and project (of its first form), the file, the book's name in the store, the sheet."""

    department: str | None
    project: str | None
    path: str
    book: str
    sheet: str


def form_sheets(sql: DuckDBPyConnection) -> list[FormSheet]:
    """The sheets with the forms that count, by department; each once, however many forms it has."""
    rows = sql.execute(
        """SELECT first(counted_under ORDER BY position), first(project ORDER BY position), path, c.book, sheet
        FROM counted c JOIN books b USING (source, book) GROUP BY source, c.book, path, sheet
        ORDER BY 1 NULLS LAST, source, c.book, min(position)"""
    ).fetchall()
    return [FormSheet(*row) for row in rows]


def draw_forms(workbook: Workbook, formats: Formats, sheets: Iterable[FormSheet]) -> list[str]:
    """A list of the forms, with what of each could not be copied, and each form on a sheet of its own; gives what a user should know."""
    contents = workbook.add_worksheet(CONTENTS)
    contents.set_default_row(28)  # two lines: names of files are long
    for column, (heading, width) in enumerate(_COLUMNS):
        contents.set_column(column, column, width)
        contents.write_string(0, column, heading, formats(HEAD))
    taken = {sheet.get_name().lower() for sheet in workbook.worksheets()}
    text, number, link = (formats(cell_look(kind)) for kind in ("wrapped", "count", "place"))
    failed = row = 0
    for row, (sheet, book) in enumerate(_with_books(sheets), 1):
        name = _sheet_name(f"{row}.{sheet.project or sheet.sheet}", taken)
        lost = (
            book
            if isinstance(book, str)
            else "、".join(copy_sheet(book, sheet.sheet, workbook.add_worksheet(name), formats))
        )
        contents.write_number(row, 0, row, number)
        for column, value in enumerate(
            (sheet.department, sheet.project, None, f"{sheet.book} · {sheet.sheet}", lost), 1
        ):
            contents.write_string(row, column, in_cell(value or ""), text)
        if isinstance(book, str):
            failed += 1
        else:
            contents.write_url(row, 3, f"internal:'{name}'!A1", link, name)
    contents.freeze_panes(1, 0)
    contents.autofilter(0, 0, row, len(_COLUMNS) - 1)
    set_up_page(contents, CONTENTS, repeated=1)
    return [f"有 {failed} 张表没能附上，原因见工作表“{CONTENTS}”。"] if failed else []


def by_department(sheets: Iterable[FormSheet], most: int) -> Iterator[tuple[str, list[FormSheet]]]:
    """The forms parted by department, each part with the name of its file (without suffix); a department with more than `most` has
    several."""
    taken: set[str] = set()
    for department, group in groupby(sheets, lambda sheet: sheet.department):
        of_it = list(group)
        parts = [of_it[at : at + most] for at in range(0, len(of_it), most)]
        base = file_name(department or _NO_DEPARTMENT)
        for number, part in enumerate(parts, 1):
            yield unique_name(base if len(parts) == 1 else f"{base}（{number}）", taken), part


def _with_books(sheets: Iterable[FormSheet]) -> Iterator[tuple[FormSheet, Book | str]]:
    """Each sheet with its opened book, or why it could not be opened; a book with several sheets is opened once."""
    for _, group in groupby(sheets, lambda sheet: (sheet.path, sheet.book)):
        of_book = list(group)
        try:
            book: Book | str = open_book(_content(of_book[0]), Path(of_book[0].path))
        except PerfxlError as error:
            book = error.reason
        for sheet in of_book:
            yield sheet, book


def _content(sheet: FormSheet) -> bytes:
    """The bytes of the book that a sheet is in, which may be a member of an archive."""
    path = Path(sheet.path)
    if path.suffix.lower() != ARCHIVE:
        return read_file(path)
    for member in list_members(path):
        if sheet.book.endswith(f"/{storable(member.shown)}"):
            return read_member(path, member.name)
    raise UnreadableBook("压缩包中已没有这个文件。请重新运行。", book=path)


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that Excel takes, not yet taken."""
    name = _NOT_IN_NAMES.sub(" ", wanted)[:_LONGEST_NAME].strip() or "表"
    number = 1
    while name.lower() in taken:
        number += 1
        ending = f"_{number}"
        name = name[: _LONGEST_NAME - len(ending)] + ending
    taken.add(name.lower())
    return name
