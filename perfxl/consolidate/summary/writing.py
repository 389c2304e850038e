"""Writes a store as a summary workbook, whole or not at all; a whole summary of the same content is left alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING

from perfxl.consolidate.outputs import Written
from perfxl.consolidate.summary.building import build
from perfxl.consolidate.summary.forms import MOST_FORMS, FormSheet, by_department, draw_forms, form_sheets
from perfxl.consolidate.summary.identity import check_target, fingerprint, is_up_to_date, mark
from perfxl.consolidate.summary.layout import Formats, new_workbook
from perfxl.consolidate.summary.package import fill
from perfxl.consolidate.summary.sheets import SHEET_ROWS
from perfxl.files import replace_file, scratch_failure
from perfxl.folders import made_for_writing
from perfxl.workbooks.ownbooks import FORMS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_CHUNK = 1 << 20
_TITLE = "汇总表"
_NEXT = "打开汇总表，从“问题”表的链接到各单元格核对。"


def write_summary(
    sql: DuckDBPyConnection,
    out: Path,
    *,
    with_forms: bool = False,
    force: bool = False,
    most_rows: int = SHEET_ROWS,
    most_forms: int = MOST_FORMS,
) -> Written:
    """Writes what the store holds to `out`, unless a whole summary of just that is there.

    `with_forms` adds each form as it looks: to the summary itself up to `most_forms`, else by department to workbooks in a folder
    beside it. `most_rows` are the rows of a sheet, its head included. `force` replaces also a file that is no summary.

    Raises:
        UnwritableBook: another file is there, or the place cannot be written; what was there stands as it was.
    """
    check_target(out, force=force)
    content = fingerprint(sql, out, with_forms)
    forms = form_sheets(sql) if with_forms else []
    apart = len(forms) > most_forms
    notes = _write_annexes(forms, most_forms, out, content, force=force) if apart else []
    if is_up_to_date(out, content):
        return Written(_TITLE, out, False, notes, _NEXT)
    with _replacing(out) as scratch:
        notes += build(sql, out, content, scratch, most_rows=most_rows, forms=[] if apart else forms)
    return Written(_TITLE, out, True, notes, _NEXT)


def _write_annexes(forms: list[FormSheet], most: int, out: Path, content: str, *, force: bool) -> list[str]:
    """The forms by department, each department's in a workbook of its own."""
    folder = out.with_name(f"{out.stem}-附表")
    notes = [f"自评表超过 {most} 张，按部门附在文件夹“{folder.name}”中。"]
    with made_for_writing(folder):
        for name, part in by_department(forms, most):
            annex = folder / f"{name}.xlsx"
            check_target(annex, force=force)
            if not is_up_to_date(annex, content):
                drawn = BytesIO()
                with new_workbook(drawn) as workbook:
                    mark(workbook, content, FORMS)
                    notes += [f"{annex.name}：{note}" for note in draw_forms(workbook, Formats(workbook), part)]
                with _replacing(annex) as scratch:
                    fill(drawn.getvalue(), {}, scratch)
    return notes


@contextmanager
def _replacing(out: Path) -> Iterator[IO[bytes]]:
    """A file to write to; what was written to it then takes the place of `out`, whole."""
    try:
        with tempfile.TemporaryFile() as scratch:
            yield scratch
            scratch.seek(0)
            replace_file(out, iter(partial(scratch.read, _CHUNK), b""))
    except OSError as error:  # what concerns `out` itself has been told otherwise
        raise scratch_failure(error, out) from error
