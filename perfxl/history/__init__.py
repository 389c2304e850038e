"""Keeps what a workbook was before perfxl changed it, so that `undo` can put it back byte for byte.

The new bytes' digest is stored before the book is replaced. A run that is killed in between leaves a step that did not
happen; it is passed over, because the book does not have those bytes.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from perfxl.errors import NothingToUndo, UnreadableBook, UnwritableBook
from perfxl.filefaults import why_unreadable
from perfxl.files import hold, real_path, replace_file
from perfxl.history.store import DAYS_KEPT, STEPS_KEPT, Kept, Step, Store, digest
from perfxl.ownerfiles import owner_file

__all__ = ["History", "Step", "UndoneStep", "data_folder", "digest"]


class UndoneStep(NamedTuple):
    """What `undo` took back; `replaced` is the step that keeps what was put aside by force, None otherwise."""

    step: Step
    replaced: Step | None

    @property
    def message(self) -> str:
        """What was done, for the user."""
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(self.step.time // 1_000_000_000))
        done = f"已还原到 {when} 运行 perfxl {self.step.action} 之前的内容。"
        return done if self.replaced is None else done + "还原前的内容已留作一步，可再次运行 perfxl undo 取回。"


class History:
    """The stacks of steps, one for each book: the newest 20, none older than 90 days.

    They lie under `root`, by default the user's data folder (the environment variable PERFXL_DATA names another), or,
    where that cannot be written, in a folder `.perfxl` beside the book. `now` gives nanoseconds since 1970.
    """

    def __init__(self, root: Path | None = None, *, now: Callable[[], int] = time.time_ns) -> None:
        root = root or data_folder()
        self._store = None if root is None else Store(root, private=True)
        self._now = now

    def keep(self, book: Path, original: bytes, *, new_digest: str, action: str) -> Step:
        """Put a copy of `original` safely on the disk; call it before the first byte of the book changes.

        `new_digest` is that of the bytes that the book is about to get, `action` the command, such as `score`.

        Raises:
            UnwritableBook: the copy can be kept nowhere, so the book must not be changed.
        """
        target = real_path(book)
        now, mode = self._now(), _mode_of(target)
        failure: Exception | None = None
        for store in self._stores(target):
            try:
                return store.keep(target, original, new_digest, action, now=now, mode=mode)
            except (OSError, UnwritableBook) as error:
                failure = error
        raise UnwritableBook(
            "无法保存供撤销用的副本：用户数据文件夹和文件所在的文件夹都不能写入。文件没有改动。"
            "请取得写入权限或腾出空间，或用环境变量 PERFXL_DATA 指定一个可以写入的文件夹。",
            book=book,
        ) from failure

    def forget(self, step: Step) -> None:
        """Drop a step whose change did not come about."""
        Store(step.file.parents[2], private=True).remove(step.file)

    def undo(self, book: Path, *, force: bool = False) -> UndoneStep:
        """Put the book back as it was before its last change, byte for byte.

        The change is found by the book's present bytes, so that a moved or renamed book is found, failing that by its
        path. `force` puts back even where someone has saved the book since, or has it open; what it puts aside becomes
        a step.

        Raises:
            NothingToUndo: there is no step, or the book was saved by someone since.
            UnreadableBook: there is no such file.
            UnwritableBook: the book is open elsewhere or read-only, or the place is full.
        """
        target = real_path(book)
        with hold(target):
            present = _read(book, target)
            owner = None if force else owner_file(book)
            if owner is not None:
                raise UnwritableBook(
                    f"未能撤销：文件正由“{owner}”打开。文件没有改动。请关闭后重试，或加 --force 仍然还原。", book=book
                )

            def check_unchanged(_: str) -> None:
                if _read(book, target) != present:
                    raise UnwritableBook("未能撤销：文件刚刚被其他程序保存过。文件没有改动。请重试。", book=book)

            present_digest = digest(present)
            kept = self._step_to(target, present_digest)
            if kept is not None:
                replace_file(book, kept.original, check=check_unchanged)
                self._take_off(kept.step, target)
                return UndoneStep(kept.step, None)

            kept = self._last_step_at(target, present_digest)
            if kept is None:
                raise NothingToUndo(
                    f"没有可以撤销的操作（每个文件保留最近 {STEPS_KEPT} 步、{DAYS_KEPT} 天）。文件没有改动。", book=book
                )
            if not force:
                raise NothingToUndo(
                    f"未能撤销：perfxl {kept.step.action} 之后，文件又被保存过，还原会丢掉那些改动。文件没有改动。"
                    "如仍要还原，请加 --force，现有内容会留作可以撤销的一步。",
                    book=book,
                )
            replaced = self.keep(book, present, new_digest=kept.step.old, action="undo --force")
            try:
                replace_file(book, kept.original, check=check_unchanged)
            except UnwritableBook:
                self.forget(replaced)
                raise
            return UndoneStep(kept.step, replaced)

    def _take_off(self, undone: Step, target: Path) -> None:
        """Drop an undone step, and those after it that began where it led: of runs that were killed before they wrote."""
        for store in self._stores(target):
            for kept in store.of_path(target):
                if kept.step.time > undone.time and kept.step.old == undone.new:
                    self.forget(kept.step)
        # Of a copy of a book, the step stays for the book itself.
        if undone.book == target or not undone.book.exists():
            self.forget(undone)

    def _stores(self, target: Path) -> list[Store]:
        beside = Store(target.parent / ".perfxl", private=False)
        return [beside] if self._store is None else [self._store, beside]

    def _step_to(self, target: Path, present: str) -> Kept | None:
        """The newest step that led to the present bytes, one of this path before one of another."""
        stores = self._stores(target)
        here = _newest(next(store.of_path(target, present), None) for store in stores)
        return here or _newest(next(store.with_digest(present), None) for store in stores)

    def _last_step_at(self, target: Path, present: str) -> Kept | None:
        """The newest step of the book that stood at this path, without those that did not happen or were taken back."""
        return _newest(
            next((kept for kept in store.of_path(target) if kept.step.old != present), None)
            for store in self._stores(target)
        )


def _mode_of(target: Path) -> int:
    """A copy is no more open to others than the book."""
    try:
        return target.stat().st_mode & 0o666 | 0o600
    except OSError:
        return 0o600


def _newest(found: Iterable[Kept | None]) -> Kept | None:
    return max((kept for kept in found if kept is not None), key=lambda kept: kept.step.time, default=None)


def data_folder() -> Path | None:
    """The user's data folder for perfxl, None where there is no home."""
    # platformdirs says the same, but takes as long to load as all the rest of `undo`.
    if named := os.environ.get("PERFXL_DATA"):
        return Path(named).absolute()
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is none
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return base / "perfxl" if base.is_absolute() and (base.is_dir() or home.is_dir()) else None


def _read(book: Path, target: Path) -> bytes:
    try:
        if target.exists() and not target.is_file():  # reading a pipe would wait for ever
            raise UnreadableBook("未能撤销：这不是普通文件（而是文件夹、设备或管道）。请检查路径。", book=book)
        return target.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableBook("未能撤销：没有这个文件。请检查路径。", book=book) from error
    except (OSError, ValueError) as error:
        raise UnreadableBook(f"未能撤销：文件{why_unreadable(target, error)}文件没有改动。", book=book) from error
