"""The stories of `workflows` on a workbook that stands open in a spreadsheet program: check, score, clear, populate, undo."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.correcting import put_right
from perfxl.errors import NothingToUndo, NotReachable, PerfxlError, UnwritableBook
from perfxl.history.opened import STEPS_KEPT, OpenHistory
from perfxl.judging import Judgement, judge, results_sheet
from perfxl.outcome import Outcome
from perfxl.settings import Settings
from perfxl.workbooks.live.afterwards import Afterwards
from perfxl.workbooks.live.undoing import take_back
from perfxl.workbooks.live.workbook import LiveWorkbook
from perfxl.workflows import Options, mark, with_notes

if TYPE_CHECKING:
    from perfxl.sources import Book
    from perfxl.workbooks.live.application import Application, OpenBook
    from perfxl.workbooks.live.native import Native

_ACTIONS = {"score": "计算得分", "check": "检查", "clear": "清除标记", "populate": "填充"}
_KEPT_NAMED = 8


def check_open(application: Application, book: OpenBook, options: Options) -> Outcome:
    """Judges the forms of an open workbook; `options.mark` also marks the findings in it."""
    if options.mark:
        return _changed(application, book, "check", lambda workbook: _check(workbook, options))
    with _SpokenTo(application, book), application.undisturbed(book):
        workbook = LiveWorkbook(book, application.native)
        return _noted(workbook, Outcome(forms=judge(workbook, workbook.name, _how(workbook, options))))


def score_open(application: Application, book: OpenBook, options: Options) -> Outcome:
    """Puts right in an open workbook what the rules settle, and marks what remains."""
    return _changed(application, book, "score", lambda workbook: _score(workbook, options))


def clear_open(application: Application, book: OpenBook) -> Outcome:
    """Takes perfxl's marks off an open workbook."""
    return _changed(application, book, "clear", _clear)


def populate_open(
    application: Application, book: OpenBook, sources: Iterable[Book], *, last_year: Iterable[Book] = ()
) -> Outcome:
    """Fills the empty cells of the forms of an open workbook from plans, declarations and ledgers, and from last year's forms.

    Raises:
        UnreadableBook: a source cannot be read.
    """
    from perfxl.populate.books import failures_of
    from perfxl.populate.reading import read_plan
    from perfxl.populate.workbook import fill_workbook

    plan = read_plan(sources, last_year=last_year)
    failures = failures_of(plan.faults, "没有填写任何表，来源里")
    if failures:
        return Outcome(failures=failures, disagreements=[])

    def fill(workbook: LiveWorkbook) -> Outcome:
        filled = fill_workbook(workbook, workbook.name, plan.projects, rows=workbook)
        notes = [(workbook.name, note) for note in filled.notes]
        return Outcome(changes=filled.changes, disagreements=filled.disagreements, notes=notes)

    return _changed(application, book, "populate", fill)


def undo_open(application: Application, book: OpenBook, *, force: bool = False) -> Outcome:
    """Takes the last run's changes back; what someone changed since stays, and is told, unless `force`.

    Raises:
        NothingToUndo: there is no step for this document.
    """
    native = application.native
    with _SpokenTo(application, book):
        _check_writable(application, book)
        history = OpenHistory(native.identity(book))
        step = history.last()
        if step is None:
            raise NothingToUndo(
                f"没有可以撤销的操作：自打开以来 perfxl 没有改动过它，或者都已撤销（最多保留 {STEPS_KEPT} 步）。工作簿没有改动。",
                book=book.name,
            )
        one_undo = native.as_one_undo(book, "撤销 perfxl 的改动")
        with application.undisturbed(book), one_undo, _heights(native, book, step.action):
            workbook = LiveWorkbook(book, native)
            undone = take_back(workbook, step.journal, force=force)
        history.forget(step)
    when = time.strftime("%H:%M", time.localtime(step.time))
    notes = [f"已撤销 {when} 的“{_ACTIONS[step.action]}”，恢复了 {undone.cells} 个单元格。"]
    if undone.kept:
        named = "、".join(undone.kept[:_KEPT_NAMED]) + (" 等" if len(undone.kept) > _KEPT_NAMED else "")
        notes.append(f"这些地方在那以后又被改过，保留现在的内容：{named}。")
    return Outcome(books=1, notes=[(workbook.name, note) for note in (*notes, *workbook.remarks)])


def _check(workbook: LiveWorkbook, options: Options) -> Outcome:
    forms = judge(workbook, workbook.name, _how(workbook, options))
    mark(workbook, forms, [])
    return Outcome(forms=forms)


def _score(workbook: LiveWorkbook, options: Options) -> Outcome:
    forms, changes = put_right(workbook, workbook.name, _how(workbook, options), options.overwrite)
    mark(workbook, forms, changes)
    return Outcome(forms=forms, changes=changes)


def _clear(workbook: LiveWorkbook) -> Outcome:
    workbook.set_marks((), None, results_sheet(workbook))
    done = "没有 perfxl 的标记，没有改动。" if workbook.journal.is_empty else "已清除标记。"
    return Outcome(notes=[(workbook.name, done)])


def _changed(application: Application, book: OpenBook, action: str, work: Callable[[LiveWorkbook], Outcome]) -> Outcome:
    """Does work that changes the workbook; what it changed is kept for `undo`, or taken back at once where it fails half way."""
    native = application.native
    with _SpokenTo(application, book):
        _check_writable(application, book)
        history = OpenHistory(native.identity(book))
        history.check(book.name)
        one_undo = native.as_one_undo(book, f"perfxl {_ACTIONS[action]}")
        with application.undisturbed(book), one_undo, _heights(native, book, action):
            workbook = LiveWorkbook(book, native)
            try:
                outcome = work(workbook)
            except BaseException:
                take_back(LiveWorkbook(book, native), workbook.journal, force=True)
                raise
            if not workbook.journal.is_empty:
                history.keep(action, workbook.journal)
        if not workbook.journal.is_empty and not native.has_file(book):
            workbook.remark("工作簿还没有保存过，请保存。")
    if action in ("score", "check"):
        return _noted(workbook, outcome)
    outcome.books, outcome.open_book = 1, True
    outcome.notes += [(workbook.name, remark) for remark in workbook.remarks]
    return outcome


def _heights(native: Native, book: OpenBook, action: str) -> Afterwards:
    """Rows stay as high as they are, but for those that `populate` fills with texts."""
    return Afterwards() if action == "populate" else native.hold_heights(book)


def _noted(workbook: LiveWorkbook, outcome: Outcome) -> Outcome:
    outcome.books, outcome.open_book = 1, True
    return with_notes(workbook.name, workbook.remarks, outcome)


def _check_writable(application: Application, book: OpenBook) -> None:
    if application.native.read_only(book):
        raise UnwritableBook(
            "工作簿是只读打开的（邮件附件、他人正在使用，或文件设为只读），改了也不能保存。没有改动。"
            "请在程序中“另存为”到本机文件夹，再在另存的工作簿里做一次。",
            book=book.name,
        )
    hindrance = application.native.hindrance(book)
    if hindrance is not None:
        raise UnwritableBook(f"{hindrance}没有改动。", book=book.name)


def _how(workbook: LiveWorkbook, options: Options) -> Judgement:
    """By the settings file beside the workbook's file, where it has one on this machine."""
    name = workbook.native.full_name(workbook.book)
    if "://" in name:
        workbook.remark("工作簿放在网上，那里的 perfxl.toml 读不到，按默认的设置检查。")
    elif workbook.native.has_file(workbook.book):
        return Judgement.of(Path(name), options.profile, options.checks)
    return Judgement(options.profile, "选项 --profile", Settings(), options.checks)


class _SpokenTo:
    """Says in words where the program does not do what it is asked to, and where the user closes the workbook meanwhile."""

    def __init__(self, application: Application, book: OpenBook) -> None:
        self._application = application
        self._name = book.name
        self._identity: str | None = None
        with suppress(*application.failures):
            self._identity = application.native.identity(book)

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, PerfxlError) and self._is_closed():
            raise NotReachable(
                "还没有做完，工作簿就被关闭了。关闭时没有保存的，文件没有改动；保存了的，可能只有一部分改动。请重新打开，再做一次。",
                book=self._name,
            ) from error
        if isinstance(error, self._application.failures):
            raise NotReachable(
                f"{self._application.native.name} 没有照办：可能有单元格正在编辑、有对话框没有关，或工作簿被别的程序占用。"
                "请按 Esc 结束编辑、关闭对话框后重试。",
                book=self._name,
            ) from error

    def _is_closed(self) -> bool:
        identity = self._application.native.identity
        with suppress(*self._application.failures):
            return self._identity not in [identity(book) for book in self._application.app.books]
        return False
