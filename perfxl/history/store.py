"""Where steps lie on the disk: one file a step, and all that a search needs in the names.

    books/<key of the book's path>/<time>-<digest of the new bytes>.step      a line of JSON, then the old bytes
    digests/<first two>/<digest of the new bytes>-<key of the path>-<time>    empty; finds the step of a moved book

There is no index that a kill or two runs at once could damage. A step file that is not whole is passed over and
removed.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from perfxl.files import clear_leftovers, replace_file, sync_folder
from perfxl.patterns import pattern

STEPS_KEPT = 20
DAYS_KEPT = 90
_NANOSECONDS_KEPT = DAYS_KEPT * 86_400 * 1_000_000_000


class Step(NamedTuple):
    """One change of a book that can be taken back.

    `book` is where it stood, links followed; `action` the command that changed it; `time` nanoseconds since 1970; `old`
    and `new` the digests of its bytes before and after; `file` holds the old bytes.
    """

    book: Path
    action: str
    time: int
    old: str
    new: str
    file: Path


class Kept(NamedTuple):
    """A step and the bytes that it puts back."""

    step: Step
    original: bytes


def digest(data: bytes) -> str:
    """SHA-256 of a book's bytes, 64 hexadecimal digits."""
    from hashlib import sha256  # loads OpenSSL, which a run that changes nothing does not need

    return sha256(data).hexdigest()


class Store:
    """The steps in one folder; of each path the newest 20, none older than 90 days.

    `private` makes the folder one that only its owner may enter.
    """

    def __init__(self, root: Path, *, private: bool) -> None:
        self.root = root
        self._folder_mode = 0o700 if private else 0o777
        self._swept: set[Path] = set()

    def keep(self, book: Path, original: bytes, new: str, action: str, *, now: int, mode: int) -> Step:
        """Write a step and wait until it is safely on the disk; `mode` is that of its file.

        Raises:
            OSError, UnwritableBook: it could not be written.
        """
        folder = self._folder_of(book)
        kept = _files(folder)
        # A clock set back must not turn the order round.
        when = max(now, _time_of(kept[0]) + 1) if kept else now
        step = Step(book, action, when, digest(original), new, folder / f"{when:020d}-{new}.step")
        head = {"book": str(book), "action": action, "old": step.old, "new": new}
        try:
            self._make(folder)
            replace_file(step.file, [json.dumps(head).encode() + b"\n", original], mode=mode)
        except BaseException:
            self._drop_empty(folder)
            raise
        self._point_to(step.file)
        for position, file in enumerate(kept, 2):
            if position > STEPS_KEPT or _time_of(file) < now - _NANOSECONDS_KEPT:
                self.remove(file)
        self._sweep(self._pointer_to(step.file).parent, now)
        return step

    def of_path(self, book: Path, new: str | None = None) -> Iterator[Kept]:
        """The steps of the book that stood at this path, newest first; with `new`, those that led to these bytes."""
        files = _files(self._folder_of(book))
        return self._load([file for file in files if new is None or file.stem.endswith(new)])

    def with_digest(self, new: str) -> Iterator[Kept]:
        """The steps that led to these bytes, whatever the book's path, newest first."""
        files = [
            self._pointed_to(match)
            for match in _names(self.root / "digests" / new[:2], _POINTER)
            if match["new"] == new
        ]
        return self._load(sorted(files, key=_time_of, reverse=True))

    def remove(self, file: Path) -> None:
        """Take a step away, with the folders that it leaves empty."""
        for path in (file, self._pointer_to(file)):
            with suppress(OSError):
                path.unlink(missing_ok=True)
            self._drop_empty(path.parent)

    def _drop_empty(self, folder: Path) -> None:
        for each in (folder, folder.parent, self.root):
            with suppress(OSError):  # something is left there, or it was not made
                each.rmdir()

    def _load(self, files: list[Path]) -> Iterator[Kept]:
        for file in files:
            try:
                data = file.read_bytes()
            except FileNotFoundError:
                self.remove(file)  # its pointer is left
                continue
            except OSError:
                continue  # it may be readable another time
            kept = _parsed(file, data)
            if kept is None:
                self.remove(file)
            else:
                yield kept

    def _folder_of(self, book: Path) -> Path:
        return self.root / "books" / digest(os.fsencode(os.path.normcase(book)))[:32]

    def _pointer_to(self, file: Path) -> Path:
        when, new = file.stem.split("-")
        return self.root / "digests" / new[:2] / f"{new}-{file.parent.name}-{when}"

    def _pointed_to(self, pointer: re.Match[str]) -> Path:
        return self.root / "books" / pointer["key"] / f"{pointer['when']}-{pointer['new']}.step"

    def _point_to(self, file: Path) -> None:
        # Not waited for: without it, the step is still found by the book's path.
        with suppress(OSError):
            pointer = self._pointer_to(file)
            self._make(pointer.parent)
            pointer.touch()

    def _make(self, folder: Path) -> None:
        if not folder.is_dir():
            self._make(folder.parent)
            folder.mkdir(self._folder_mode, exist_ok=True)
            sync_folder(folder.parent)

    def _sweep(self, shard: Path, now: int) -> None:
        """Remove what is too old in one of the 256 shards of digests: each run cleans a small part of the store."""
        if shard in self._swept:
            return
        self._swept.add(shard)
        for match in _names(shard, _POINTER):
            file = self._pointed_to(match)
            if _time_of(file) < now - _NANOSECONDS_KEPT:
                self.remove(file)


_STEP = pattern(r"(?P<when>[0-9]{20})-(?P<new>[0-9a-f]{64})\.step")
_POINTER = pattern(r"(?P<new>[0-9a-f]{64})-(?P<key>[0-9a-f]{32})-(?P<when>[0-9]{20})")


def _names(folder: Path, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    """The names in a folder that are ours; none where there is no such folder."""
    try:
        return [match for path in folder.iterdir() if (match := pattern.fullmatch(path.name))]
    except OSError:
        return []


def _files(folder: Path) -> list[Path]:
    """The step files in a book's folder, newest first."""
    clear_leftovers(folder)
    return [folder / name for name in sorted((match[0] for match in _names(folder, _STEP)), reverse=True)]


def _time_of(file: Path) -> int:
    return int(file.name[:20])


def _parsed(file: Path, data: bytes) -> Kept | None:
    """The step in a file, None where the file is damaged."""
    head, _, original = data.partition(b"\n")
    try:
        facts = json.loads(head)
        step = Step(Path(facts["book"]), facts["action"], _time_of(file), facts["old"], facts["new"], file)
    except (ValueError, KeyError, TypeError):
        return None
    return Kept(step, original) if step.old == digest(original) else None
