"""`perfxl populate`: fills the empty cells of forms that exist, in place; what people typed stays, and is compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from perfxl.errors import PerfxlError, UnwritableBook
from perfxl.form.layout import find_forms
from perfxl.form.model import Form, Value
from perfxl.form.reader import read_forms
from perfxl.form.view import SheetView, value_of
from perfxl.outcome import Change, Failure, Outcome
from perfxl.populate.books import failures_of
from perfxl.populate.filling import Wish, differs, shown, wishes_of
from perfxl.populate.matching import match
from perfxl.populate.plan import Project
from perfxl.populate.reading import read_plan
from perfxl.sources import Book
from perfxl.workbooks.port import Edit, Recalculated

if TYPE_CHECKING:
    from perfxl.workbooks.closed import ClosedWorkbook

WHY = "populate"


def populate_books(
    books: Sequence[Book],
    sources: Iterable[Book],
    *,
    last_year: Iterable[Book] = (),
    dry_run: bool = False,
    force: bool = False,
) -> Outcome:
    """Fills the forms of `books` from plans, declarations and ledgers (`sources`) and from forms of the year before (`last_year`).

    The outcome's changes are the cells filled, its notes what differs, what is only near, and what was not found. Where a source
    holds something that does not fit, or a form has too few rows, that stands in its failures and the book is not touched.

    Raises:
        UnreadableBook: a source cannot be read.
    """
    from perfxl.files import hold

    plan = read_plan(sources, last_year=last_year)
    outcome = Outcome(dry_run=dry_run, failures=failures_of(plan.faults, "没有填写任何表，来源里"))
    if outcome.failures:
        return outcome
    for book in books:
        outcome.books += 1
        try:
            with hold(book.path):
                _populate(book, plan.projects, outcome, force=force)
        except PerfxlError as error:
            outcome.failures.append(Failure(book.name, error.reason))
    return outcome


def _populate(book: Book, projects: Sequence[Project], outcome: Outcome, *, force: bool) -> None:
    from perfxl.workbooks.closed import ClosedWorkbook
    from perfxl.workflows import save_book

    workbook = ClosedWorkbook.open(book.path)
    edits: list[Edit] = []
    notes: list[str] = []
    forms = 0
    for sheet in workbook.sheet_names:
        view = SheetView(workbook.grid(sheet))
        blocks = find_forms(view)
        for block, form in zip(blocks, read_forms(view.grid, book.name), strict=True):
            forms += 1
            found, near = match(form, projects)
            found = [project for project in found if _of_year(project, form, notes)]
            notes += [_near_note(form, project) for project in near]
            if not found and not near:
                notes.append(f"{_place(form)}：来源里没有这个项目，没有填。请核对项目代码和名称。")
            filled: set[tuple[int, int]] = set()
            for project in found:
                wishes = wishes_of(view, block, form, project)
                if wishes.homeless:
                    raise UnwritableBook(
                        _too_few(form, wishes.homeless[0].level2, len(wishes.homeless)), book=book.path
                    )
                notes += [f"{_place(form)}：{note}" for note in wishes.notes]
                for wish in wishes.wishes:
                    if wish.cell.at in filled:
                        continue
                    if _may_be_filled(wish.cell):
                        filled.add(wish.cell.at)
                        edits.append(Edit(sheet, wish.cell.at, wish.value))
                    elif differs(wish):
                        notes.append(f"{_place(form)}：{_difference(wish, project)}")
    if not forms:
        notes.append("没有找到自评表。")
    if edits:
        recalculated = workbook.apply(edits)
        changes = _changes(workbook, book, edits, recalculated)
        if not outcome.dry_run:
            save_book(workbook, force, WHY)
        outcome.changes += changes
    outcome.notes += [(book.name, note) for note in (*notes, *workbook.remarks)]


def _may_be_filled(cell: Value) -> bool:
    return cell.empty and not cell.formula and not cell.inside


def _of_year(project: Project, form: Form, notes: list[str]) -> bool:
    """A source of another year is no source, unless it is last year's form."""
    if project.carried or project.year is None or form.year is None or project.year == form.year:
        return True
    notes.append(f"{_place(form)}：来源 {project.place} 是 {project.year} 年度的，表是 {form.year} 年度的，没有填。")
    return False


def _near_note(form: Form, project: Project) -> str:
    return f"{_place(form)}：来源 {project.place} 的“{project.name}”名称相近但不相同，没有填。请核对后改成一致再运行。"


def _difference(wish: Wish, project: Project) -> str:
    typed, source = wish.cell.text or "（公式）", shown(wish.value)
    return (
        f"{wish.cell.at.a1} {wish.label}填写为“{typed}”，来源 {project.place} 为“{source}”，保留所填。请核对哪个正确。"
    )


def _too_few(form: Form, level2: str, count: int) -> str:
    return (
        f"没有写入：{_place(form)}的“{level2}”下空行不够，还有 {count} 项指标没有行可填。文件没有改动。"
        f"请在表中“{level2}”下插入 {count} 行后重新运行，或用 perfxl new 生成新表。"
    )


def _place(form: Form) -> str:
    name = form.project.name if form.project else "没有项目名称的表"
    return f"工作表“{form.sheet}”“{name}”"


def _changes(workbook: ClosedWorkbook, book: Book, edits: Sequence[Edit], more: Sequence[Recalculated]) -> list[Change]:
    out = [
        Change(book.name, edit.sheet, edit.at.a1, "", value_of(workbook.grid(edit.sheet), edit.at).text, WHY)
        for edit in edits
    ]
    out += [Change(book.name, r.sheet, r.at.a1, r.before, r.after, "recalculated") for r in more if r.before != r.after]
    return out
