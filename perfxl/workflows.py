"""The stories from start to end: check, score, clear and undo workbooks. Rules stand elsewhere; here is the order of the steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from perfxl.checks import Choice, run_across_checks, run_checks
from perfxl.checks.facts import facts_of
from perfxl.edits import Overwrite, plan_edits
from perfxl.errors import PerfxlError, UnwritableBook, technical_details, unforeseen
from perfxl.form.labels import role_of
from perfxl.form.reader import read_forms
from perfxl.form.view import value_of
from perfxl.garbage import seldom_collected
from perfxl.marking import is_results, is_title
from perfxl.outcome import Change, Failure, JudgedForm, Outcome
from perfxl.scoring import score_form
from perfxl.scoring.choice import choose_profile
from perfxl.scoring.results import ScoredForm
from perfxl.settings import settings_for
from perfxl.sources import Book
from perfxl.workbooks.numbers import plain
from perfxl.workbooks.port import Edit, Readable, Workbook

if TYPE_CHECKING:
    from perfxl.form.model import Form
    from perfxl.grid.cells import Grid
    from perfxl.history import Step
    from perfxl.settings import Settings
    from perfxl.workbooks.closed import ClosedWorkbook

# A formula may lean on a cell that was put right, and another cell on the formula; each round settles one such step.
_ROUNDS = 6


class Options(NamedTuple):
    """What a user may choose for a run; it comes before what a settings file says."""

    profile: str | None = None
    overwrite: Overwrite = Overwrite.ARITHMETIC
    dry_run: bool = False
    force: bool = False
    checks: Choice = Choice()
    mark: bool = False
    to_xlsx: bool = False


# Of many cells of one kind, a note names the first ones.
_CELLS_NAMED = 8

# Called after each workbook with its place in the run and what was done.
Progress = Callable[[int, int, Book, Outcome], None]


def check_books(books: Iterable[Book], options: Options, progress: Progress | None = None) -> Outcome:
    """Reads workbooks and judges their forms; nothing is written, but marks where `options.mark` asks for them."""

    def check(book: Book) -> Outcome:
        from perfxl.workbooks.opening import open_to_read

        workbook = open_to_read(book.path)
        forms = judge(workbook, book.name, Judgement.of(book.path, options))
        return with_notes(book.name, workbook.remarks, Outcome(forms=forms))

    def check_and_mark(book: Book) -> Outcome:
        from perfxl.files import hold

        with hold(book.path):
            book, workbook = _open_to_write(book, options)
            forms = judge(workbook, book.name, Judgement.of(book.path, options))
            if not options.dry_run:
                mark(workbook, forms, [])
                if workbook.is_changed:
                    save_book(workbook, options.force, "check --mark")
                    workbook.remarks.append("标记已写入工作簿；清除标记用 perfxl clear，撤销用 perfxl undo。")
        return with_notes(book.name, workbook.remarks, Outcome(forms=forms))

    books = list(books)
    return _across(_each(books, check_and_mark if options.mark else check, progress), books, options)


def score_books(books: Iterable[Book], options: Options, progress: Progress | None = None) -> Outcome:
    """Puts right in place what the rules settle. The outcome's findings describe the forms after writing."""

    def score(book: Book) -> Outcome:
        from perfxl.files import hold

        with hold(book.path):
            return _score(book, options)

    books = list(books)
    outcome = _across(_each(books, score, progress), books, options)
    outcome.dry_run = options.dry_run
    return outcome


def sheets_with_forms(books: Iterable[Book]) -> Iterator[tuple[str, Grid, list[Form]]]:
    """Each sheet of the workbooks with the forms read from it; a workbook that cannot be read is left to `check_books`."""
    from perfxl.workbooks.opening import open_to_read

    for book in books:
        try:
            workbook = open_to_read(book.path)
            grids = [workbook.grid(sheet) for sheet in _telling_sheets(workbook)]
        except PerfxlError:
            continue
        for grid in grids:
            yield book.name, grid, [] if is_results(grid) else read_forms(grid, book.name)


def clear_books(books: Iterable[Book], options: Options, progress: Progress | None = None) -> Outcome:
    """Takes perfxl's marks off again; what people wrote, coloured and added stays."""

    def clear(book: Book) -> Outcome:
        from perfxl.files import hold
        from perfxl.workbooks.opening import open_to_write

        with hold(book.path):
            workbook = open_to_write(book.path)
            workbook.set_marks((), None, results_sheet(workbook))
            done = "没有 perfxl 的标记，文件没有改动。"
            if workbook.is_changed:
                done = "将清除标记（没有写入）。" if options.dry_run else "已清除标记。"
                if not options.dry_run:
                    save_book(workbook, options.force, "clear")
        return Outcome(notes=[(book.name, note) for note in (*workbook.remarks, done)])

    return _each(list(books), clear, progress)


def undo_book(path: Path, *, force: bool = False) -> Outcome:
    """Puts a workbook back as it was before the last run that changed it.

    Raises:
        NothingToUndo: there is no step, or someone saved the workbook since.
        UnwritableBook: it cannot be replaced.
    """
    from perfxl.history import History

    step = History().undo(path, force=force)
    return Outcome(books=1, notes=[(str(path), step.message)])


class Judgement(NamedTuple):
    """How the forms of one book are judged: the command line's choices over those of the settings file that holds for it."""

    profile: str | None
    profile_from: str
    settings: Settings
    checks: Choice

    @classmethod
    def of(cls, book: Path, options: Options) -> Judgement:
        """How the forms of this book are judged under these options.

        Raises:
            BadSettings: the settings file that holds for it is not as it must be.
        """
        settings = settings_for(book)
        named = options.profile or settings.profile
        where = "选项 --profile" if options.profile is not None else f"设置文件 {settings.path}"
        return cls(named, where, settings, settings.choice(options.checks))


def judge(workbook: Readable, name: str, how: Judgement, *, all_checks: bool = False) -> list[JudgedForm]:
    """The forms of a workbook as they stand, scored and checked; `all_checks` runs also those left out."""
    out = []
    choice = Choice() if all_checks else how.checks
    for sheet in _telling_sheets(workbook):
        grid = workbook.grid(sheet)
        for form in [] if is_results(grid) else read_forms(grid, name):
            profile, reason = choose_profile(form, how.profile, how.profile_from)
            profile = how.settings.with_grades(profile)
            scored = ScoredForm(form, profile, reason, score_form(form, profile))
            out.append(JudgedForm(scored, run_checks(scored, choice)))
    return out


def put_right(
    workbook: Workbook, name: str, how: Judgement, overwrite: Overwrite
) -> tuple[list[JudgedForm], list[Change]]:
    """Takes on all edits that the rules settle, until none is left; gives the forms after it, and each changed cell once.

    A cell that the form's own formulas lean on in a circle, so that each run would give it another value, stays as it was.
    """
    befores: dict[tuple[str, str], tuple[str, str]] = {}
    afters: dict[tuple[str, str], str | None] = {}
    originals: dict[tuple[str, str], Edit] = {}
    counts: Counter[tuple[str, str]] = Counter()
    settled = False
    for turn in range(_ROUNDS + 1):
        judged = judge(workbook, name, how, all_checks=True)  # what is put right does not hang on what is shown
        planned = [p for form in judged for p in plan_edits(form.scored, form.findings, overwrite)]
        grids = {sheet: workbook.grid(sheet) for sheet in {p.edit.sheet for p in planned}}
        planned = [p for p in planned if not _stands_already(grids[p.edit.sheet], p.edit)]
        settled = not planned
        if settled:
            break
        edits = [p.edit for p in planned]
        if turn == _ROUNDS:  # no end: what was put down again and again leans on itself
            edits = [originals[place] for place, times in counts.items() if times > 1]
        for edit in edits:
            originals.setdefault(_place(edit), _as_it_is(grids[edit.sheet], edit))
            counts[_place(edit)] += 1
        for recalculated in workbook.apply(edits):
            place = (recalculated.sheet, recalculated.at.a1)
            befores.setdefault(place, (recalculated.before, "recalculated"))
            afters[place] = recalculated.after
        grids = {sheet: workbook.grid(sheet) for sheet in {edit.sheet for edit in edits}}
        for edit in edits:
            afters[_place(edit)] = value_of(grids[edit.sheet], edit.at).text
        if turn == _ROUNDS:
            for edit in edits:
                befores.pop(_place(edit), None)
            break
        for p in planned:
            befores.setdefault(_place(p.edit), (p.before.text, p.why))
    changes = [
        Change(name, sheet, cell, before, afters[sheet, cell], why)
        for (sheet, cell), (before, why) in befores.items()
        if before != afters[sheet, cell] or why != "recalculated"
    ]
    # Nothing changed since the last look, so it need not be taken again where it showed what was asked for.
    return (judged if settled and how.checks == Choice() else judge(workbook, name, how)), changes


def _place(edit: Edit) -> tuple[str, str]:
    return edit.sheet, edit.at.a1


def _as_it_is(grid: Grid, edit: Edit) -> Edit:
    """The edit that would put the cell back as it stands now."""
    cell = grid.cell(*edit.at)
    value = cell.value if cell is not None and isinstance(cell.value, str | Decimal) else ""
    return Edit(edit.sheet, edit.at, value, None if edit.number_format is None else grid.format_at(*edit.at))


def _stands_already(grid: Grid, edit: Edit) -> bool:
    """Whether a number that an edit puts down is, at the 15 digits that a workbook keeps, the one that stands there."""
    if edit.number_format is not None or not isinstance(edit.value, Decimal):
        return False
    cell = grid.cell(*edit.at)
    return cell is not None and cell.formula is None and cell.value == plain(edit.value)


def _open_to_write(book: Book, options: Options) -> tuple[Book, ClosedWorkbook]:
    """The workbook that is to be changed; with `options.to_xlsx`, of one in a format that perfxl only reads a copy beside it.

    Raises:
        UnreadableBook: it is no workbook.
        UnwritableBook: it is of a format that perfxl only reads, and there is no copy or none can be made.
    """
    from perfxl.workbooks.closed import ClosedWorkbook
    from perfxl.workbooks.opening import open_to_write, opened
    from perfxl.workbooks.package import read_file

    if not options.to_xlsx:
        return book, open_to_write(book.path, to_xlsx=True)
    raw = read_file(book.path)
    workbook = opened(raw, book.path)
    if isinstance(workbook, ClosedWorkbook):
        return book, workbook
    if not judge(workbook, book.name, Judgement.of(book.path, options)):
        raise UnwritableBook("没有另存：没有找到自评表。文件没有改动。", book=book.path)
    from perfxl.resaving import as_xlsx, name_beside, save_beside

    name = name_beside(book.path)
    data = as_xlsx(raw, workbook.kind, book.path)
    copy = ClosedWorkbook.of_bytes(data, name if options.dry_run else save_beside(book.path, data))
    source = f"“{book.path.name}”"
    done = (
        "将由 LibreOffice 从{}另存这个文件（没有写入）。"
        if options.dry_run
        else "由 LibreOffice 从{}另存，原文件没有改动。"
    )
    copy.remarks.append(done.format(source))
    return Book(name, str(Path(book.name).with_name(name.name))), copy


def _score(book: Book, options: Options) -> Outcome:
    book, workbook = _open_to_write(book, options)
    forms, changes = put_right(workbook, book.name, Judgement.of(book.path, options), options.overwrite)
    if not options.dry_run:
        mark(workbook, forms, changes)
        if workbook.is_changed:
            save_book(workbook, options.force, "score")
    return with_notes(book.name, workbook.remarks, Outcome(forms=forms, changes=changes))


def mark(workbook: Workbook, forms: list[JudgedForm], changes: list[Change]) -> None:
    """Marks the findings and brings the results sheet up to date; a clean book that never had one gets none."""
    from datetime import datetime

    from perfxl.marking import marks_of, read_results, results_of

    present = results_sheet(workbook)
    if not forms or (present is None and not changes and not any(judged.findings for judged in forms)):
        return
    earlier = None if present is None else read_results(workbook.grid(present), forms[0].scored.form.sheet)
    now = datetime.now()  # noqa: DTZ005 - a person reads it, at this place
    workbook.set_marks(marks_of(forms), results_of(forms, changes, earlier, now), present)


def results_sheet(workbook: Workbook) -> str | None:
    """The sheet that holds perfxl's results, told by what stands in it."""
    return next((sheet for sheet in _telling_sheets(workbook) if is_results(workbook.grid(sheet))), None)


def _telling_sheets(workbook: Readable) -> list[str]:
    """The sheets that may hold a form or results."""
    return [sheet for sheet in workbook.sheet_names if workbook.may_hold(sheet, _tells)]


def _tells(text: str) -> bool:
    """Whether a text is one without which a sheet holds neither a form nor results."""
    return role_of("indicator", text) == "name" or is_title(text)


def save_book(workbook: ClosedWorkbook, force: bool, action: str) -> None:
    """Writes the workbook, its former bytes safe on disk before the first byte changes; `action` names the step for `undo`.

    Raises:
        UnwritableBook: it cannot be replaced; no step is kept then.
    """
    from perfxl.history import History, digest

    history = History()
    steps: list[Step] = []

    def keep(original: bytes, new: bytes) -> None:
        steps.append(history.keep(workbook.path, original, new_digest=digest(new), action=action))

    try:
        workbook.save(keep, force=force)
    except UnwritableBook:
        for step in steps:
            history.forget(step)
        raise


def with_notes(book: str, remarks: Iterable[str], outcome: Outcome) -> Outcome:
    """The outcome of one book with what a user should know about it: the remarks, that no form was found, what could not be printed."""
    outcome.notes = [(book, remark) for remark in remarks]
    if not outcome.forms:
        outcome.notes.append((book, "没有找到自评表：没有一行表头同时写有“三级指标”（或“指标名称”）和另外两个栏名。"))
    for form in (judged.scored.form for judged in outcome.forms):
        if form.unprinted:
            cells = "、".join(at.a1 for at in form.unprinted[:_CELLS_NAMED]) + (
                " 等" if len(form.unprinted) > _CELLS_NAMED else ""
            )
            outcome.notes.append(
                (
                    book,
                    f"工作表“{form.sheet}”的 {cells} 用了 perfxl 显示不了的数字格式，按单元格中存放的数值核对，请看一看显示的数字。",
                )
            )
    return outcome


def _across(outcome: Outcome, books: Iterable[Book], options: Options) -> Outcome:
    """The outcome with what only its forms together show.

    A settings file holds here where it is the one of all books that have forms; where they have different ones, the
    command line alone decides.
    """
    judged = {judged.scored.form.book for judged in outcome.forms}
    one_a_folder = {book.path.parent: book.path for book in books if book.name in judged}
    files = {settings.path: settings for settings in map(settings_for, one_a_folder.values())}
    choice = next(iter(files.values())).choice(options.checks) if len(files) == 1 else options.checks
    outcome.across = run_across_checks([facts_of(judged.scored) for judged in outcome.forms], choice)
    return outcome


@seldom_collected()
def _each(books: Sequence[Book], work: Callable[[Book], Outcome], progress: Progress | None) -> Outcome:
    """Does the work on each book; one that cannot be done stands in `failures` and stops no other."""
    whole = Outcome()
    for number, book in enumerate(books, 1):
        try:
            outcome = work(book)
        except PerfxlError as error:
            outcome = Outcome(failures=[Failure(book.name, error.reason, technical_details(error))])
        except Exception as error:  # noqa: BLE001 - a mistake of perfxl's own in one book must not stop the others
            outcome = Outcome(failures=[Failure(book.name, unforeseen(error), technical_details(error))])
        whole.books += 1
        whole.forms += outcome.forms
        whole.changes += outcome.changes
        whole.failures += outcome.failures
        whole.notes += outcome.notes
        if progress is not None:
            progress(number, len(books), book, outcome)
    return whole
