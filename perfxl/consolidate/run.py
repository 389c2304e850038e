"""The story of a run: what was handed in, what of it is new, what the forms show together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from perfxl import __version__
from perfxl.checks import Choice
from perfxl.consolidate.across import compare
from perfxl.consolidate.collect import Collected, Judging, Task
from perfxl.consolidate.expected import read_list
from perfxl.consolidate.figures import Figures, figures_of
from perfxl.consolidate.store import Key, Store, open_store
from perfxl.consolidate.submissions import Inbox, Source, Submission, open_inbox
from perfxl.errors import BadSettings
from perfxl.settings import settings_for
from perfxl.signs import storable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Gives what came of each task, in any order.
Run = Callable[[Sequence[Task], Judging], Iterator[Collected]]


class Counts(NamedTuple):
    """How far a run is: books done of those to be read, and what stood in them."""

    done: int
    total: int
    forms: int
    findings: int
    failures: int


Progress = Callable[[Counts], None]

# Called at the end with the store and the sources of the run, for whoever wants more of it than figures.
Finish = Callable[["DuckDBPyConnection", list[Source]], None]


class Report(NamedTuple):
    """What a run did, in numbers of books, and what the store now says of its sources."""

    read: int
    unchanged: int
    renamed: int
    removed: int
    figures: Figures


def consolidate(
    given: Sequence[str],
    store: Path,
    run: Run,
    judging: Judging = Judging(),  # noqa: B008  (a tuple)
    *,
    name: str | None = None,
    expected: Path | None = None,
    progress: Progress | None = None,
    threads: int = 1,
    finish: Finish | None = None,
) -> Report:
    """Brings a store up to what files, folders, patterns and archives hold, and compares its forms with each other.

    `run` reads the books: one of `executors`. `expected` is a workbook that lists who should hand in; it holds until another is
    given. Ctrl-C keeps what was read; the next run goes on from there.

    Raises:
        BadSettings: two sources of one name, or a settings file is not as it must be.
        UnwritableBook, UnreadableBook: the store cannot be used.
    """
    listed = None if expected is None else read_list(expected)
    inbox = open_inbox(given, name)
    with open_store(store, threads=threads) as opened:
        _refuse_namesakes(opened, inbox.sources)
        opened.start(inbox.sources)
        for source, failure in inbox.failures:
            opened.fail(source, failure.book, failure.error)
        if listed is not None:
            opened.expect(listed)
        catching_up = _CatchingUp(opened, inbox, judging)
        try:
            catching_up.carry_out(run, progress)
        finally:
            opened.flush()  # what was read before Ctrl-C is kept
        choice = _choice(inbox, judging)
        stamp = _stamp(choice)
        if opened.compared_by() != stamp:
            compare(opened, choice, stamp)
        if finish is not None:
            finish(opened.sql, inbox.sources)
        return catching_up.report(figures_of(opened.sql, [source.name for source in inbox.sources]))


class _CatchingUp:
    """Compares an inbox with the store, and reads what is new."""

    def __init__(self, store: Store, inbox: Inbox, judging: Judging) -> None:
        self._store = store
        self._submissions = inbox.submissions
        self._judging = judging
        self._stamps: dict[Path, str] = {}
        sources = {source.name: source for source in inbox.sources}
        self._known = {(name, book): known for name in sources for book, known in store.books(name).items()}
        here = {(each.source, each.book) for each in inbox.submissions}
        self._gone = {
            key: known for key, known in self._known.items() if key not in here and sources[key[0]].holds(key[1])
        }
        self._read = self._renamed = 0

    def carry_out(self, run: Run, progress: Progress | None) -> None:
        """Reads what must be read, and takes out what is gone."""
        tasks = self._tasks()
        counts = Counts(0, len(tasks), 0, 0, 0)
        while tasks:
            again: list[Task] = []
            for collected in run(tasks, self._judging):
                if not self._take(collected):
                    again.append(Task(collected.number, self._submissions[collected.number]))
                    continue
                counts = Counts(
                    counts.done + 1,
                    counts.total,
                    counts.forms + collected.forms,
                    counts.findings + collected.findings,
                    counts.failures + (collected.error is not None),
                )
                if progress is not None:
                    progress(counts)
            tasks = again
        self._store.remove(self._gone)

    def report(self, figures: Figures) -> Report:
        """What came of it."""
        unchanged = len(self._submissions) - self._read - self._renamed
        return Report(self._read, unchanged, self._renamed, len(self._gone), figures)

    def _tasks(self) -> list[Task]:
        by_size: dict[int, set[str]] = defaultdict(set)
        for gone in self._gone.values():
            by_size[gone.size].add(gone.digest)
        tasks = []
        for number, submission in enumerate(self._submissions):
            stamp = self._stamp(submission)
            if (known := self._known.get((submission.source, submission.book))) is None:
                tasks.append(Task(number, submission, frozenset(by_size.get(submission.size, ()))))
            elif known.judged_by != stamp:
                tasks.append(Task(number, submission))
            elif (known.size, known.modified) != (submission.size, submission.modified):
                tasks.append(Task(number, submission, frozenset([known.digest])))
        return tasks

    def _take(self, collected: Collected) -> bool:
        """Takes on what came of a task; False where the book must be read after all."""
        submission = self._submissions[collected.number]
        key = (submission.source, submission.book)
        stamp = self._stamp(submission)
        if not collected.unchanged:
            self._store.replace(submission, stamp, collected)
            self._read += 1
            return True
        if key in self._known:
            self._store.keep(key, submission, stamp, collected)
            return True
        old = self._of_the_same(collected.digest, stamp)
        if old is None:
            return False  # another book has taken its place, or it was judged by other rules
        del self._gone[old]
        self._store.keep(old, submission, stamp, collected)
        self._renamed += 1
        return True

    def _of_the_same(self, digest: str | None, stamp: str) -> Key | None:
        """A book that is gone and had this content."""
        return next(
            (key for key, known in self._gone.items() if (known.digest, known.judged_by) == (digest, stamp)), None
        )

    def _stamp(self, submission: Submission) -> str:
        folder = submission.path.parent
        if folder not in self._stamps:
            self._stamps[folder] = self._judging.stamp(submission.path)
        return self._stamps[folder]


def _refuse_namesakes(store: Store, sources: Sequence[Source]) -> None:
    """A folder that was moved keeps its name in the store; another folder of the same name must not push its books out."""
    for source in sources:
        root = store.root(source.name)
        if root is not None and root != storable(source.root) and Path(root).exists():
            raise BadSettings(
                f"汇总库里已有名为“{source.name}”的来源，是另一个文件夹：“{root}”。没有改动。请用 --name 给这次的来源另取名称。",
                key="--name",
            )


def _choice(inbox: Inbox, judging: Judging) -> Choice:
    """The checks across forms: where all sources have one settings file its words hold, else those of the command line alone."""
    asked = judging.checks()
    files = {settings.path: settings for each in inbox.sources for settings in [settings_for(Path(each.root, "-"))]}
    return next(iter(files.values())).choice(asked) if len(files) == 1 else asked


def _stamp(choice: Choice) -> str:
    words = [__version__, repr(sorted(choice.select or ())), repr(sorted(choice.ignore))]
    words += [f"{code}={severity.value}" for code, severity in sorted(choice.severities.items())]
    return blake2b("\n".join(words).encode(), digest_size=16).hexdigest()
