"""`perfxl export`: the forms of workbooks as one document to publish."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from perfxl.checks import choose, run_checks
from perfxl.errors import BadSettings, PerfxlError
from perfxl.export.page import FormPage, lay_out_page
from perfxl.export.paging import paginate
from perfxl.files import replace_file
from perfxl.folders import made_for_writing
from perfxl.form.layout import find_forms
from perfxl.form.model import Form
from perfxl.form.reader import read_forms
from perfxl.form.view import SheetView
from perfxl.grid.cells import SheetState
from perfxl.outcome import Outcome
from perfxl.scoring import score_form
from perfxl.scoring.choice import choose_profile
from perfxl.scoring.results import ScoredForm
from perfxl.sources import Book

SUFFIXES = (".docx", ".pdf")
PERSONAL_DATA = "FRM007"
_CELLS_NAMED = 10


def export_books(books: Sequence[Book], out: Path, *, allow_personal_data: bool = False) -> Outcome:
    """Writes all forms of the workbooks into one document, `.docx` or `.pdf` by the name of `out`, each form on pages of its own.

    Hidden sheets, rows and columns are left out. A document that stands there is replaced.

    Raises:
        BadSettings: `out` is neither.
        PerfxlError: there is no form, or one holds personal data and `allow_personal_data` is not set; nothing is written.
        MissingExtra: a PDF is asked for and LibreOffice is not installed.
        UnreadableBook: a workbook cannot be read.
        UnwritableBook: the document cannot be written.
    """
    if out.suffix.lower() not in SUFFIXES:
        raise BadSettings(f"不能导出为“{out.name}”。输出的文件名应以 .docx 或 .pdf 结尾。", key="-o")
    pages: list[FormPage] = []
    personal: list[str] = []
    for book in books:
        for page, form in _pages_of(book):
            pages.append(page)
            personal += [] if allow_personal_data else _personal_data(form)
    if not pages:
        raise PerfxlError("没有导出：工作簿里没有找到自评表。请核对文件。")
    if personal:
        listed = "；".join(personal[:_CELLS_NAMED]) + ("；等" if len(personal) > _CELLS_NAMED else "")
        raise PerfxlError(
            f"没有导出：公开的表里有 {len(personal)} 处个人信息（{listed}）。没有写出文件。"
            "请删去后重试；确需保留的，加 --allow-personal-data。"
        )
    from perfxl.export.word import write_document

    data = write_document(pages)
    if out.suffix.lower() == ".pdf":
        from perfxl.export.pdf import as_pdf

        data = as_pdf(data, out)
    with made_for_writing(out.parent):
        replace_file(out, data, fsync=False)
    return Outcome(books=len(books), notes=[(str(out), f"已导出 {len(pages)} 张表。")])


def _pages_of(book: Book) -> list[tuple[FormPage, Form]]:
    from perfxl.workbooks.opening import open_to_read

    workbook = open_to_read(book.path)
    out = []
    for sheet in workbook.sheet_names:
        view = SheetView(workbook.grid(sheet))
        if view.grid.state is not SheetState.VISIBLE:
            continue
        for block, form in zip(find_forms(view), read_forms(view.grid, book.name), strict=True):
            out.append((paginate(lay_out_page(view, block, form)), form))
    return out


def _personal_data(form: Form) -> list[str]:
    profile, reason = choose_profile(form)
    scored = ScoredForm(form, profile, reason, score_form(form, profile))
    findings = run_checks(scored, choose([PERSONAL_DATA]))
    return [f"{Path(form.book).name} 的“{form.sheet}”{finding.at.a1}：{finding.found}" for finding in findings]
