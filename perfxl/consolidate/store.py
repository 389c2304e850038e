"""The store: a DuckDB file with the books' forms, funds, indicators, findings and failures; one writer at a time.

Each batch of books comes in one transaction, so that a kill at any moment leaves the batches before it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from perfxl.checks.facts import Expected, Named
from perfxl.checks.finding import Place
from perfxl.consolidate import schema
from perfxl.consolidate.collect import Collected
from perfxl.consolidate.migrations import bring_up_to_date
from perfxl.consolidate.schema import BOOKS, EXPECTED, FAILURES, OF_A_BOOK, TABLES, VERSION, Item, Table
from perfxl.consolidate.storefile import NO_STORE, connect, not_written, remove, told_of_a_full_disk, told_of_ctrl_c
from perfxl.consolidate.submissions import NO_SOURCE, Source, Submission
from perfxl.errors import UnreadableBook
from perfxl.form.values import normal
from perfxl.signs import storable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# What waits for being loaded: each load of a table costs some milliseconds, however few rows it has.
_BATCH = 8 << 20  # bytes of rows
_BATCH_BOOKS = 250
_LOAD_SUFFIX = ".load"
_CONTENT = frozenset(["digest", "forms", "note"])  # of a book, whatever its name

Key = tuple[str, str]


class Known(NamedTuple):
    """A book in the store: what tells whether its file is still the same, and what it was judged by."""

    size: int
    modified: int | None
    digest: str
    judged_by: str | None


class Store:
    """An open store that may be written. Use `open_store`; `flush` ends a batch.

    Attributes:
        sql: the connection, for those who ask and compare.
        has_taken: whether a batch was taken on, so that another run can go on from there.
    """

    def __init__(self, path: Path, sql: DuckDBPyConnection) -> None:
        """See `open_store`."""
        self.sql = sql
        self.has_taken = False
        self._path = path
        self._folder = Path(f"{path.absolute()}{_LOAD_SUFFIX}")
        self._rows: dict[str, list[bytes]] = {}
        self._waiting = 0
        self._replaced: list[Key] = []
        self._moved: list[tuple[Key, tuple[Item, ...]]] = []
        self._taken: set[Key] | None = (
            None  # all books of a store that was empty, so that nothing is looked for in vain
        )

    # ---- what is known

    def books(self, source: str) -> dict[str, Known]:
        """The books of a source, by name."""
        rows = self.sql.execute(
            "SELECT book, size, modified, digest, judged_by FROM books WHERE source = ?", [source]
        ).fetchall()
        return {book: Known(*rest) for book, *rest in rows}

    def root(self, source: str) -> str | None:
        """The folder of a source at its last run, None where it is new."""
        row = self.sql.execute("SELECT root FROM sources WHERE source = ?", [source]).fetchone()
        return None if row is None else str(row[0])

    def compared_by(self) -> str | None:
        """By what the forms were compared with each other; None where books came or went since."""
        row = self.sql.execute("SELECT across FROM store").fetchone()
        return None if row is None or row[0] is None else str(row[0])

    def expected(self) -> list[Expected]:
        """Who should hand in, as the last list said."""
        rows = self.sql.execute(
            "SELECT department, unit, project, year, book, sheet, cell FROM expected ORDER BY rowid"
        )
        return [
            Expected(_named(department), _named(unit), _named(project), year, Place(book, sheet, 1, cell))
            for department, unit, project, year, book, sheet, cell in rows.fetchall()
        ]

    def expect(self, listed: list[Expected]) -> None:
        """Another list of those who should hand in, instead of the last one."""
        if listed == self.expected():
            return
        rows = [
            (
                *(None if each is None else each.text for each in entry[:3]),
                entry.year,
                *entry.place[:2],
                entry.place.cell,
                None,
            )
            for entry in listed
        ]
        with self.transaction():
            self.sql.execute("DELETE FROM expected")
            self.load({EXPECTED.name: [schema.rows_as_text(rows)]})
            self.sql.execute("UPDATE store SET across = NULL")

    # ---- what changes, by books; nothing is seen before `flush`

    def replace(self, submission: Submission, judged_by: str, collected: Collected) -> None:
        """A book that was read, or could not be: its rows instead of those that it had."""
        key = (submission.source, submission.book)
        self._replaced.append(key)
        if collected.digest is not None:
            self._add(BOOKS, [_book_row(submission, judged_by, collected)])
        for table, rows in collected.rows.items():
            self._add_text(table, rows)
        if collected.error is not None:
            self._add(FAILURES, [(*key, collected.error)])
        if self._waiting >= _BATCH or len(self._replaced) >= _BATCH_BOOKS:
            self.flush()

    def keep(self, old: Key, submission: Submission, judged_by: str, collected: Collected) -> None:
        """A book whose content is the one of `old` (itself, or a book that is gone): only its name, place and time are new."""
        self._moved.append((old, _book_row(submission, judged_by, collected)))

    def remove(self, keys: Iterable[Key]) -> None:
        """Books that are gone."""
        self._replaced += keys

    def fail(self, source: str, book: str, error: str) -> None:
        """Something that was given and is no book."""
        self._add(FAILURES, [(source, book, error)])

    def flush(self) -> None:
        """Takes on all that waits, whole or not at all."""
        if not (self._rows or self._replaced or self._moved):
            return
        with self.transaction():
            self._delete(self._replaced)
            self._move(self._moved)
            self.load(self._rows)
            self.sql.execute("UPDATE store SET across = NULL")
        self._rows, self._replaced, self._moved, self._waiting = {}, [], [], 0
        self.has_taken = True

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements within it, or none."""
        self.sql.execute("BEGIN")
        try:
            yield
        except BaseException:  # Ctrl-C too
            self._roll_back()
            raise
        self.sql.execute("COMMIT")

    def _roll_back(self) -> None:
        import duckdb

        with suppress(duckdb.Error):  # a disk that is full may have ended it already
            self.sql.execute("ROLLBACK")

    def load(self, rows: dict[str, list[bytes]], tables: Iterable[Table] = TABLES) -> None:
        """Appends rows of `rows_as_text` to their tables."""
        for table in tables:
            pieces = rows.get(table.name)
            if pieces:
                path = self._folder / f"{table.name}.csv"
                try:
                    self._folder.mkdir(exist_ok=True)
                    path.write_bytes(b"".join(pieces))
                except OSError as error:
                    raise not_written(self._path) from error
                self.sql.execute(f"INSERT INTO {table.name} SELECT * FROM {schema.reader(table, str(path))}")
                path.unlink()

    def start(self, sources: Sequence[Source]) -> None:
        """Notes where the sources lie, and forgets the failures of files of which nothing could be read: they are looked at again."""
        with self.transaction():
            self.sql.execute("DELETE FROM failures WHERE source = ?", [NO_SOURCE])
            for source in sources:
                self.sql.execute("DELETE FROM sources WHERE source = ?", [source.name])
                self.sql.execute("INSERT INTO sources VALUES (?, ?)", [source.name, storable(source.root)])
                lost = self.sql.execute(
                    "SELECT DISTINCT book FROM failures ANTI JOIN books USING (source, book) WHERE source = ?",
                    [source.name],
                ).fetchall()
                for (book,) in lost:
                    if source.holds(book):
                        self.sql.execute("DELETE FROM failures WHERE source = ? AND book = ?", [source.name, book])

    def _add(self, table: Table, rows: Iterable[Iterable[Item]]) -> None:
        self._add_text(table.name, schema.rows_as_text(rows))

    def _add_text(self, table: str, rows: bytes) -> None:
        if rows:
            self._rows.setdefault(table, []).append(rows)
            self._waiting += len(rows)

    def _delete(self, keys: Sequence[Key]) -> None:
        if self._taken is None and self._empty():
            self._taken = set()
        if self._taken is not None:
            there = [key for key in keys if key in self._taken]
            self._taken.update(keys)
            keys = there
        if not keys:
            return
        with self.temporary(Table("gone", {"source": "VARCHAR", "book": "VARCHAR"}), keys):
            for table in OF_A_BOOK:
                same = f"{table.name}.source = gone.source AND {table.name}.book = gone.book"
                self.sql.execute(f"DELETE FROM {table.name} USING gone WHERE {same}")

    def _move(self, moved: Sequence[tuple[Key, tuple[Item, ...]]]) -> None:
        if not moved:
            return
        table = Table("moved", {"old_source": "VARCHAR", "old_book": "VARCHAR", **BOOKS.columns})
        with self.temporary(table, [(*old, *row) for old, row in moved]):
            for each in OF_A_BOOK:
                names = (
                    ("source", "book") if each is not BOOKS else tuple(n for n in BOOKS.columns if n not in _CONTENT)
                )
                new = ", ".join(f"{name} = moved.{name}" for name in names)
                self.sql.execute(
                    f"UPDATE {each.name} SET {new} FROM moved WHERE {each.name}.source = old_source AND {each.name}.book = old_book"
                )

    @contextmanager
    def temporary(self, table: Table, rows: Iterable[Iterable[Item]]) -> Iterator[None]:
        """A table of these rows, for a statement or two."""
        self.sql.execute(table.create.replace("CREATE TABLE", "CREATE TEMP TABLE", 1))
        self.load({table.name: [schema.rows_as_text(rows)]}, [table])
        yield
        self.sql.execute(f"DROP TABLE {table.name}")

    def _empty(self) -> bool:
        row = self.sql.execute("SELECT NOT EXISTS (FROM books) AND NOT EXISTS (FROM failures)").fetchone()
        return bool(row and row[0])

    def close(self) -> None:
        """Ends the use; what waits and was not flushed is lost."""
        self.sql.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _named(name: str | None) -> Named | None:
    return None if name is None else Named(normal(name), name, None, "")


def _book_row(submission: Submission, judged_by: str, collected: Collected) -> tuple[Item, ...]:
    dated = datetime.fromtimestamp(submission.dated / 1e9, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return (
        submission.source,
        submission.book,
        storable(str(submission.path.absolute())),
        submission.size,
        collected.modified,
        dated,
        collected.digest,
        judged_by,
        collected.forms,
        collected.note,
    )


@contextmanager
def open_store(path: Path, *, threads: int = 1) -> Iterator[Store]:
    """The store in a file, made where there is none; held alone until the end.

    A store that this run made and that holds nothing when it fails goes again.

    Raises:
        UnwritableBook: another run holds it, or it cannot be written.
        UnreadableBook: the file is no store of perfxl, or one of a newer version.
    """
    is_new = not os.path.lexists(path)
    with told_of_ctrl_c(), told_of_a_full_disk(path):
        sql = connect(path, threads=threads)
        store = Store(path, sql)
        try:
            _make_ready(path, sql)
            yield store
        except BaseException:
            if is_new and not store.has_taken:
                remove(path, sql)
            raise
        finally:
            store.close()


@contextmanager
def read_store(path: Path) -> Iterator[DuckDBPyConnection]:
    """The connection to a store that is only asked; several may ask at once.

    Raises:
        UnreadableBook: there is no such file, it is no store, or a run is writing it.
    """
    if not path.is_file():
        raise UnreadableBook("找不到这个汇总库。请核对路径，或先用 perfxl consolidate --store 生成。", book=path)
    sql = connect(path, read_only=True)
    try:
        _version(path, sql)
        yield sql
    finally:
        sql.close()


def _make_ready(path: Path, sql: DuckDBPyConnection) -> None:
    found = {name for (name,) in sql.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if not found:  # new, or killed before its first tables were there
        sql.execute("BEGIN")
        for table in TABLES:
            sql.execute(table.create)
        sql.execute("INSERT INTO store VALUES (?, NULL)", [VERSION])
        for view in schema.VIEWS:
            sql.execute(view)
        sql.execute("COMMIT")
        return
    version = _version(path, sql)
    if version != VERSION:
        bring_up_to_date(sql, version)


def _version(path: Path, sql: DuckDBPyConnection) -> int:
    """The version of a store's tables.

    Raises:
        UnreadableBook: it is no store, or made by a newer perfxl.
    """
    import duckdb

    try:
        row = sql.execute("SELECT version FROM store").fetchone()
    except duckdb.Error as error:
        raise UnreadableBook(NO_STORE, book=path) from error
    version = int(row[0]) if row else 0
    if version > VERSION:
        message = (
            f"这个汇总库由更新版本的 perfxl 写成（库版本 {version}，本程序到 {VERSION}）。没有改动。请升级 perfxl。"
        )
        raise UnreadableBook(message, book=path)
    return version
