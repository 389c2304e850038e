"""The forms by department in workbooks beside a summary, where they are too many to stand in it; those of an earlier run go."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from perfxl.consolidate.outputs import Kind, OutputFile, State, written_or_not
from perfxl.consolidate.summary.forms import FormSheet, by_department, draw_forms
from perfxl.consolidate.summary.identity import check_target, is_up_to_date, mark
from perfxl.consolidate.summary.layout import Formats, new_workbook
from perfxl.consolidate.summary.package import fill, replacing
from perfxl.folders import made_for_writing
from perfxl.ownerfiles import owner_file
from perfxl.workbooks.ownbooks import FORMS, own_kind

_LISTED = 10


class Annexes(NamedTuple):
    """The workbooks beside a summary, and what a user should know of them."""

    files: list[OutputFile]
    notes: list[str]


def folder_of(summary: Path) -> Path:
    """The folder beside a summary in which its annexes stand."""
    return summary.with_name(f"{summary.stem}-附表")


def write_annexes(forms: list[FormSheet], most: int, summary: Path, content: str, *, force: bool) -> Annexes:
    """Writes the forms by department, at most so many to a workbook, and removes annexes of departments that are not there any more.

    Raises:
        UnwritableBook: another file stands in the place of one, or it cannot be written.
    """
    folder = folder_of(summary)
    files: list[OutputFile] = []
    notes = [f"自评表超过 {most} 张，按部门附在文件夹“{folder.name}”中。"]
    with made_for_writing(folder):
        for name, part in by_department(forms, most):
            annex = folder / f"{name}.xlsx"
            check_target(annex, force=force)
            changed = not is_up_to_date(annex, content)
            if changed:
                drawn = BytesIO()
                with new_workbook(drawn) as workbook:
                    mark(workbook, content, FORMS)
                    notes += [f"{annex.name}：{note}" for note in draw_forms(workbook, Formats(workbook), part)]
                with replacing(annex) as scratch:
                    fill(drawn.getvalue(), {}, scratch)
            files.append(written_or_not(Kind.FORMS, annex, changed))
    removed = remove_annexes(summary, keep={file.path.name for file in files})
    return Annexes(files + removed.files, notes + removed.notes)


def remove_annexes(summary: Path, keep: Collection[str] = ()) -> Annexes:
    """Removes the annexes of an earlier run, but those named: they are copies of forms. What perfxl did not write stays, and so does what
    is open in a spreadsheet program."""
    removed: list[Path] = []
    left: list[Path] = []
    for annex in old_annexes(summary, keep):
        try:
            if owner_file(annex) is not None:
                raise PermissionError(annex)
            annex.unlink()
            removed.append(annex)
        except OSError:
            left.append(annex)
    with suppress(OSError):  # something else is in it, or it was never there
        folder_of(summary).rmdir()
    notes = []
    if removed:
        notes.append(f"删去了不再有的附表：{_listed(removed)}。")
    if left:
        notes.append(f"以前的附表，现在已不再有，因为正被打开或不能删除而留着：{_listed(left)}。")
    files = [(path, State.REMOVED) for path in removed] + [(path, State.OUTDATED) for path in left]
    return Annexes([OutputFile(Kind.FORMS, path, state) for path, state in files], notes)


def old_annexes(summary: Path, keep: Collection[str] = ()) -> list[Path]:
    """The annexes of a summary that are there, but those named."""
    found = (path for path in folder_of(summary).glob("*.xlsx") if path.name not in keep)
    return sorted(path for path in found if own_kind(path) == FORMS)


def _listed(paths: list[Path]) -> str:
    return "、".join(path.name for path in paths[:_LISTED]) + (" 等" if len(paths) > _LISTED else "")
