"""Writes a store as a summary workbook, whole or not at all; a whole summary of the same content is left alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.consolidate.outputs import Kind, OutputFile, State, Written, written_or_not
from perfxl.consolidate.summary.annexes import Annexes, folder_of, old_annexes, remove_annexes, write_annexes
from perfxl.consolidate.summary.building import build
from perfxl.consolidate.summary.forms import MOST_FORMS, form_sheets
from perfxl.consolidate.summary.identity import check_target, fingerprint, is_up_to_date
from perfxl.consolidate.summary.package import replacing
from perfxl.consolidate.summary.sheets import SHEET_ROWS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

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
    if apart:
        annexes = write_annexes(forms, most_forms, out, content, force=force)
    elif with_forms:
        annexes = remove_annexes(out)
    else:
        annexes = _told_of(out)
    notes = annexes.notes
    changed = not is_up_to_date(out, content)
    if changed:
        with replacing(out) as scratch:
            notes += build(sql, out, content, scratch, most_rows=most_rows, forms=[] if apart else forms)
    return Written(_TITLE, out, changed, [written_or_not(Kind.SUMMARY, out, changed), *annexes.files], notes, _NEXT)


def _told_of(out: Path) -> Annexes:
    """The annexes of an earlier run with `--with-forms`, which this run without it leaves alone."""
    files = [OutputFile(Kind.FORMS, path, State.OUTDATED) for path in old_annexes(out)]
    folder = folder_of(out).name
    notes = [f"文件夹“{folder}”里是以前附的自评表，这次没有写 --with-forms，没有更新。"] if files else []
    return Annexes(files, notes)
