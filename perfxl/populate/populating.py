"""`perfxl populate`: fills the empty cells of forms that exist, in place; what people typed stays, and is compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from perfxl.errors import PerfxlError, UnwritableBook
from perfxl.form.layout import FormBlock, find_forms
from perfxl.form.model import Form, Value
from perfxl.form.reader import read_forms
from perfxl.form.values import normal
from perfxl.form.view import SheetView, value_of
from perfxl.outcome import Change, Failure, Outcome, SourceFinding
from perfxl.populate.blanks import level_key
from perfxl.populate.books import failures_of
from perfxl.populate.disagreements import (
    another_year,
    indicator_near,
    not_in_sources,
    place_of,
    project_near,
    value_differs,
)
from perfxl.populate.filling import differs, wishes_of
from perfxl.populate.fitting import fitted_heights
from perfxl.populate.growing import Growth, NoPlace, growths_of, refuse_beside
from perfxl.populate.matching import match
from perfxl.populate.plan import Project
from perfxl.populate.reading import read_plan
from perfxl.sources import Book
from perfxl.templates.content import IndicatorContent
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

    Where a form has too few rows for its indicators, rows are inserted. The outcome's changes are the cells filled, its disagreements
    what differs, what is only near and what was not found. Where a source holds something that does not fit, nothing is written; where
    rows cannot be inserted, that book is left alone: its failures say why.

    Raises:
        UnreadableBook: a source cannot be read.
    """
    from perfxl.files import hold

    plan = read_plan(sources, last_year=last_year)
    failures = failures_of(plan.faults, "没有填写任何表，来源里")
    outcome = Outcome(dry_run=dry_run, failures=failures, disagreements=[])
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
    notes, edits = _grow(workbook, book, projects)
    disagreements: list[SourceFinding] = []
    forms = 0
    for sheet in workbook.sheet_names:
        for target in _forms(workbook, sheet, book):
            forms += 1
            filled, findings = _fill(target, projects, notes)
            edits += filled
            disagreements += findings
    if not forms:
        notes.append("没有找到自评表。")
    if edits:
        recalculated = workbook.apply(edits)
        changes = _changes(workbook, book, edits, recalculated)
        notes += _fit_rows(workbook, edits)
        if not outcome.dry_run:
            save_book(workbook, force, WHY)
        outcome.changes += changes
    outcome.disagreements = [*(outcome.disagreements or ()), *disagreements]
    outcome.notes += [(book.name, note) for note in (*notes, *workbook.remarks)]


def _fit_rows(workbook: ClosedWorkbook, edits: Sequence[Edit]) -> Iterator[str]:
    """Makes rows high enough for what was filled in; tells which were fixed before."""
    for sheet in dict.fromkeys(edit.sheet for edit in edits):
        filled = [edit.at for edit in edits if edit.sheet == sheet and isinstance(edit.value, str)]
        heights = fitted_heights(SheetView(workbook.grid(sheet)), workbook.measures(sheet), filled)
        if heights:
            workbook.set_heights(sheet, heights)
        fixed = [str(row) for row, height in heights.items() if height is not None]
        if fixed:
            yield f"工作表“{sheet}”：为显示全部内容，加高了第 {'、'.join(fixed)} 行。"


class _Target(NamedTuple):
    """A form that is to be filled, and where it stands."""

    view: SheetView
    block: FormBlock
    form: Form


def _forms(workbook: ClosedWorkbook, sheet: str, book: Book) -> Iterator[_Target]:
    view = SheetView(workbook.grid(sheet))
    for block, form in zip(find_forms(view), read_forms(view.grid, book.name), strict=True):
        yield _Target(view, block, form)


def _grow(workbook: ClosedWorkbook, book: Book, projects: Sequence[Project]) -> tuple[list[str], list[Edit]]:
    """Inserts the rows that forms need; gives what is to be told of it, and the level names to be written into them.

    Raises:
        UnwritableBook: a form has no place for more rows, or they cannot be inserted.
    """
    notes: list[str] = []
    edits: list[Edit] = []
    for sheet in workbook.sheet_names:
        growths: list[Growth] = []
        targets = list(_forms(workbook, sheet, book))
        for target in targets:
            try:
                needed = growths_of(*target, _homeless(target, projects))
                refuse_beside(target.block, [other.block for other in targets], needed)
            except NoPlace as error:
                raise UnwritableBook(_no_place(target.form, error.reason), book=book.path) from error
            growths += needed
        if not growths:
            continue
        new_rows = workbook.insert_rows(sheet, [growth.insertion for growth in growths])
        for growth, rows in zip(growths, new_rows, strict=True):
            edits += [Edit(sheet, at, name) for at, name in growth.name_cells(rows).items()]
            where = f"第 {rows[0]} 行" if len(rows) == 1 else f"第 {rows[0]} 至 {rows[-1]} 行"
            notes.append(f"工作表“{sheet}”：空行不够，插入了 {len(rows)} 行（现在的{where}）。")
    if edits:
        workbook.apply(edits)  # so that the new rows are read as rows of their levels
    return notes, edits


def _homeless(target: _Target, projects: Sequence[Project]) -> list[IndicatorContent]:
    """The indicators for which a form has no row, each once whatever sources name it."""
    found: dict[tuple[str, str, str], IndicatorContent] = {}
    for project in match(target.form, projects).projects:
        if _is_of_year(project, target.form):
            for content in wishes_of(*target, project).homeless:
                key = (level_key(content.level1), level_key(content.level2), normal(content.name))
                found.setdefault(key, content)
    return list(found.values())


def _fill(target: _Target, projects: Sequence[Project], notes: list[str]) -> tuple[list[Edit], list[SourceFinding]]:
    """What goes into the empty cells of a form, and where form and sources disagree."""
    view, block, form = target
    edits: list[Edit] = []
    found, near = match(form, projects)
    findings = [project_near(form, project) for project in near]
    findings += [another_year(form, project) for project in found if not _is_of_year(project, form)]
    if not found and not near:
        findings.append(not_in_sources(form))
    filled: set[tuple[int, int]] = set()
    for project in found:
        if not _is_of_year(project, form):
            continue
        wishes = wishes_of(view, block, form, project)
        notes += [f"{place_of(form)}：{note}" for note in wishes.notes]
        findings += [indicator_near(form, each) for each in wishes.near]
        for wish in wishes.wishes:
            if wish.cell.at in filled:
                continue
            if _may_be_filled(wish.cell):
                filled.add(wish.cell.at)
                edits.append(Edit(form.sheet, wish.cell.at, wish.value))
            elif differs(wish):
                findings.append(value_differs(form, wish))
    return edits, findings


def _may_be_filled(cell: Value) -> bool:
    return cell.empty and not cell.formula and not cell.inside


def _is_of_year(project: Project, form: Form) -> bool:
    """A source of another year is no source, unless it is last year's form."""
    return project.carried or project.year is None or form.year is None or project.year == form.year


def _no_place(form: Form, reason: str) -> str:
    return f"没有写入：{place_of(form)}的行不够：{reason}。文件没有改动。请在表中添上所需的行后重新运行，或用 perfxl new 生成新表。"


def _changes(workbook: ClosedWorkbook, book: Book, edits: Sequence[Edit], more: Sequence[Recalculated]) -> list[Change]:
    out = [
        Change(book.name, edit.sheet, edit.at.a1, "", value_of(workbook.grid(edit.sheet), edit.at).text, WHY)
        for edit in edits
    ]
    out += [Change(book.name, r.sheet, r.at.a1, r.before, r.after, "recalculated") for r in more if r.before != r.after]
    return out
