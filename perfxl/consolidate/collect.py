"""One book that was handed in: read, judged, and turned into rows. Runs in this process, in others, or on other machines.

What it takes and gives is small and can be pickled; it knows nothing of the store.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from perfxl import __version__
from perfxl.checks import Choice, choose
from perfxl.consolidate import records
from perfxl.consolidate.archives import read_member
from perfxl.consolidate.schema import FACTS, FINDINGS, FORMS, FUNDS, INDICATORS, rows_of_forms_as_text
from perfxl.consolidate.submissions import Submission
from perfxl.errors import PerfxlError, unforeseen
from perfxl.garbage import seldom_collected
from perfxl.judging import NO_FORM, Judgement, judge
from perfxl.outcome import JudgedForm
from perfxl.settings import settings_for
from perfxl.workbooks.opening import opened
from perfxl.workbooks.ownbooks import own_kind, why_skipped
from perfxl.workbooks.package import read_file

_FRESH = 2_000_000_000  # nanoseconds: file systems tell times no finer than this


class Judging(NamedTuple):
    """How all books of a run are judged: the profile and the checks named on the command line."""

    profile: str | None = None
    select: frozenset[str] | None = None
    ignore: frozenset[str] = frozenset()

    def checks(self) -> Choice:
        """The checks that the command line leaves."""
        return choose(self.select, self.ignore)

    def stamp(self, book: Path) -> str:
        """Tells what a book was judged by: another stamp, another judgement.

        Raises:
            BadSettings: the settings file that holds for the book is not as it must be.
        """
        settings = settings_for(book)
        parts = [__version__, repr(self.profile), repr(sorted(self.select or ())), repr(sorted(self.ignore))]
        for path in (settings.path, self.profile, settings.profile):
            if path is not None and Path(path).is_file():
                parts.append(_digest(Path(path).read_bytes()))
        return _digest("\n".join(parts).encode())


class Task(NamedTuple):
    """A book to look at. `known` are digests of contents that need not be read again: its own last one, or those of books that
    were there before and are gone."""

    number: int
    submission: Submission
    known: frozenset[str] = frozenset()


class Collected(NamedTuple):
    """What came of a task.

    `digest` is that of the content, None where it could not be read at all. `unchanged` tells that the content is known, so that there
    are no rows. `rows` are by table, as text to be loaded. `modified` is the time of the file as found, None where it was so fresh that
    the next change might bear the same time. `error` says why the book could not be read, `note` what else there is to know.
    """

    number: int
    digest: str | None = None
    unchanged: bool = False
    modified: int | None = None
    forms: int = 0
    findings: int = 0
    rows: dict[str, bytes] = {}  # noqa: RUF012  (a NamedTuple's default, which nobody changes)
    error: str | None = None
    note: str | None = None


@seldom_collected()
def collect(tasks: Sequence[Task], judging: Judging) -> list[Collected]:
    """What came of some tasks, in order; one bad book never stops the rest."""
    checks = judging.checks()
    return [_collect(task, judging.profile, checks) for task in tasks]


def start_worker() -> None:
    """Makes a process fit for `collect`: Ctrl-C is the main process's to answer."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _collect(task: Task, profile: str | None, checks: Choice) -> Collected:
    submission = task.submission
    digest: str | None = None
    modified = submission.modified if submission.modified < time.time_ns() - _FRESH else None
    try:
        raw = _read(submission)
        digest = _digest(raw)
        if digest in task.known:
            return Collected(task.number, digest, unchanged=True, modified=modified)
        if (kind := own_kind(raw)) is not None:
            return Collected(task.number, digest, modified=modified, note=why_skipped(kind))
        workbook = opened(raw, submission.path)
        judged = judge(workbook, submission.book, Judgement.of(submission.path, profile, checks))
    except PerfxlError as error:
        return Collected(task.number, digest, modified=modified, error=error.reason)
    except Exception as error:  # noqa: BLE001 - a mistake of perfxl's own in one book must not stop a run over a thousand
        return Collected(task.number, error=unforeseen(error))  # without its digest: to be tried again
    notes = [*workbook.remarks, *([] if judged else [NO_FORM])]
    return Collected(
        task.number,
        digest,
        modified=modified,
        forms=len(judged),
        findings=sum(len(form.findings) for form in judged),
        rows=_rows(submission, judged),
        note="".join(notes) or None,
    )


def _read(submission: Submission) -> bytes:
    if submission.member is None:
        return read_file(submission.path)
    return read_member(submission.path, submission.member)


def _digest(raw: bytes) -> str:
    return blake2b(raw, digest_size=16).hexdigest()


def _rows(submission: Submission, judged: Sequence[JudgedForm]) -> dict[str, bytes]:
    keyed = [((submission.source, submission.book, f.scored.form.sheet, f.scored.form.index), f) for f in judged]
    tables: dict[str, list[tuple[records.Key, Iterable[records.Row]]]] = {
        FORMS.name: [(key, [records.form_row(at, form)]) for at, (key, form) in enumerate(keyed, 1)],
        FUNDS.name: [(key, records.fund_rows(form)) for key, form in keyed],
        INDICATORS.name: [(key, records.indicator_rows(form)) for key, form in keyed],
        FINDINGS.name: [(key, records.finding_rows(form)) for key, form in keyed],
        FACTS.name: [(key, records.fact_rows(form)) for key, form in keyed],
    }
    return {table: rows_of_forms_as_text(each) for table, each in tables.items()}
