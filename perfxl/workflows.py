"""The stories from start to end: check, score, clear and undo workbooks. Rules stand elsewhere; here is the order of the steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from perfxl.checks import Choice, run_across_checks
from perfxl.checks.facts import facts_of
from perfxl.correcting import put_right
from perfxl.edits import Overwrite
from perfxl.errors import PerfxlError, UnreadableBook, UnwritableBook, technical_details, unforeseen
from perfxl.garbage import seldom_collected
from perfxl.judging import NO_FORM, Judgement, judge, results_sheet
from perfxl.outcome import Change, Failure, JudgedForm, Outcome
from perfxl.settings import settings_for
from perfxl.sources import Book
from perfxl.workbooks.port import Workbook

if TYPE_CHECKING:
    from perfxl.history import Step
    from perfxl.workbooks.closed import ClosedWorkbook

# Of many cells of one kind, a note names the first ones.
_CELLS_NAMED = 8


class Options(NamedTuple):
    """What a user may choose for a run; it comes before what a settings file says."""

    profile: str | None = None
    overwrite: Overwrite = Overwrite.ARITHMETIC
    dry_run: bool = False
    force: bool = False
    checks: Choice = Choice()
    mark: bool = False
    to_xlsx: bool = False


# Called after each workbook with its place in the run and what was done.
Progress = Callable[[int, int, Book, Outcome], None]


def check_books(books: Iterable[Book], options: Options, progress: Progress | None = None) -> Outcome:
    """Reads workbooks and judges their forms; nothing is written, but marks where `options.mark` asks for them."""

    def check(book: Book) -> Outcome:
        from perfxl.workbooks.opening import open_to_read

        workbook = open_to_read(book.path)
        forms = judge(workbook, book.name, Judgement.of(book.path, options.profile, options.checks))
        return with_notes(book.name, workbook.remarks, Outcome(forms=forms))

    def check_and_mark(book: Book) -> Outcome:
        from perfxl.files import hold

        with hold(book.path), _opened_to_write(book, options) as (opened, workbook):
            how = Judgement.of(opened.path, options.profile, options.checks)
            forms = judge(workbook, opened.name, how)
            if not options.dry_run:
                mark(workbook, forms, [])
                if workbook.is_changed:
                    save_book(workbook, options.force, "check --mark")
                    workbook.remarks.append("标记已写入工作簿；清除标记用 perfxl clear，撤销用 perfxl undo。")
        return with_notes(opened.name, workbook.remarks, Outcome(forms=forms))

    books = list(books)
    return _across(each_book(books, check_and_mark if options.mark else check, progress), books, options)


def score_books(books: Iterable[Book], options: Options, progress: Progress | None = None) -> Outcome:
    """Puts right in place what the rules settle. The outcome's findings describe the forms after writing."""

    def score(book: Book) -> Outcome:
        from perfxl.files import hold

        with hold(book.path):
            return _score(book, options)

    books = list(books)
    outcome = _across(each_book(books, score, progress), books, options)
    outcome.dry_run = options.dry_run
    return outcome


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

    return each_book(list(books), clear, progress)


def undo_book(path: Path, *, force: bool = False) -> Outcome:
    """Puts a workbook back as it was before the last run that changed it.

    Raises:
        NothingToUndo: there is no step, or someone saved the workbook since.
        UnwritableBook: it cannot be replaced.
    """
    from perfxl.history import History

    step = History().undo(path, force=force)
    return Outcome(books=1, notes=[(str(path), step.message)])


@contextmanager
def _opened_to_write(book: Book, options: Options) -> Iterator[tuple[Book, ClosedWorkbook]]:
    """The workbook that is to be changed; with `options.to_xlsx`, of one in a format that perfxl only reads a copy beside it, which goes
    again where the work on it fails.

    Raises:
        UnreadableBook: it is no workbook.
        UnwritableBook: it is of a format that perfxl only reads, and there is no copy or none can be made.
    """
    from perfxl.workbooks.closed import ClosedWorkbook
    from perfxl.workbooks.opening import open_to_write, opened
    from perfxl.workbooks.package import read_file

    if not options.to_xlsx:
        yield book, open_to_write(book.path, to_xlsx=True)
        return
    raw = read_file(book.path)
    workbook = opened(raw, book.path)
    if isinstance(workbook, ClosedWorkbook):
        yield book, workbook
        return
    if not judge(workbook, book.name, Judgement.of(book.path, options.profile, options.checks)):
        raise UnwritableBook("没有另存：没有找到自评表。文件没有改动。", book=book.path)
    from perfxl.resaving import as_xlsx, name_beside, saved_beside

    name = name_beside(book.path)
    made = as_xlsx(raw, workbook.kind, book.path)
    try:
        copy = ClosedWorkbook.of_bytes(made.data, name)
    except UnreadableBook as error:
        message = f"没有另存：{made.program} 写出的文件不能用（{error.message}）。文件没有改动。"
        raise UnwritableBook(message, book=book.path) from error
    done = "将由 {} 从“{}”另存这个文件（没有写入）。" if options.dry_run else "由 {} 从“{}”另存，原文件没有改动。"
    copy.remarks.append(done.format(made.program, book.path.name))
    with nullcontext() if options.dry_run else saved_beside(book.path, made.data):
        yield Book(name, str(Path(book.name).with_name(name.name))), copy


def _score(book: Book, options: Options) -> Outcome:
    with _opened_to_write(book, options) as (opened, workbook):
        how = Judgement.of(opened.path, options.profile, options.checks)
        forms, changes = put_right(workbook, opened.name, how, options.overwrite)
        if not options.dry_run:
            mark(workbook, forms, changes)
            if workbook.is_changed:
                save_book(workbook, options.force, "score")
    return with_notes(opened.name, workbook.remarks, Outcome(forms=forms, changes=changes, dry_run=options.dry_run))


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
        outcome.notes.append((book, NO_FORM))
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


@seldom_collected()
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
def each_book(books: Sequence[Book], work: Callable[[Book], Outcome], progress: Progress | None) -> Outcome:
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
        if outcome.disagreements is not None:
            whole.disagreements = whole.disagreements or []
            whole.disagreements += outcome.disagreements
        if progress is not None:
            progress(number, len(books), book, outcome)
    return whole
