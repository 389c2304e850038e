"""Keeps what runs changed in workbooks that stand open, so that `undo` can take it back, many steps deep.

Each click is a process of its own, so the steps lie on the disk: under `opened/`, a folder for each open document, a file for each step.
A document is known by what its program tells of it as long as it is open; steps of documents that were closed are of no use to
anyone, and go after some days.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from perfxl.errors import UnwritableBook
from perfxl.files import replace_file
from perfxl.grid.address import Ref
from perfxl.history import data_folder
from perfxl.workbooks.live.journal import CellState, Journal, NamedLayout, Touched
from perfxl.workbooks.live.native import Colors
from perfxl.workbooks.marks.sheetlayout import SheetCell, SheetLayout, SheetRow

STEPS_KEPT = 20
_DAYS_KEPT = 7
_SECONDS_KEPT = _DAYS_KEPT * 86_400


class OpenStep(NamedTuple):
    """A run's changes in an open workbook: the action, when it was (seconds since 1970), and the file that keeps it."""

    action: str
    time: float
    journal: Journal
    file: Path


def opened_folder(root: Path | None = None) -> Path | None:
    """The folder of all open documents, under `root` or the user's data folder; None where there is no such folder."""
    base = root or data_folder()
    return None if base is None else base / "opened"


class OpenHistory:
    """The steps of one open document, by its `identity`.

    They lie under `root`, by default the user's data folder.
    """

    def __init__(self, identity: str, root: Path | None = None, *, now: Callable[[], float] = time.time) -> None:
        self._root = opened_folder(root)
        self._folder = None if self._root is None else self._root / sha256(identity.encode()).hexdigest()[:32]
        self._now = now

    def check(self, name: str) -> None:
        """Make sure that a step can be kept, before anything is changed.

        Raises:
            UnwritableBook: nothing can be written there; `name` is the workbook's, for the message.
        """
        try:
            if self._folder is None:
                raise FileNotFoundError
            self._folder.mkdir(0o700, parents=True, exist_ok=True)
            probe = self._folder / "probe"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise UnwritableBook(
                "无法保存供撤销用的记录：用户数据文件夹不能写入。工作簿没有改动。"
                "请取得写入权限或腾出空间，或用环境变量 PERFXL_DATA 指定一个可以写入的文件夹。",
                book=name,
            ) from error

    def keep(self, action: str, journal: Journal) -> None:
        """Keep a run's changes as the newest step; the oldest beyond twenty go, and those of documents long closed."""
        assert self._folder is not None
        now = self._now()
        files = self._files()
        data = json.dumps({"action": action, "time": now, **_packed(journal)}, ensure_ascii=False).encode()
        number = int(files[-1].stem) + 1 if files else 1
        replace_file(self._folder / f"{number:08d}.json", [data], mode=0o600)
        for file in self._files()[:-STEPS_KEPT]:
            file.unlink(missing_ok=True)
        self._sweep(now)

    def last(self) -> OpenStep | None:
        """The newest step."""
        for file in reversed(self._files()):
            try:
                facts = json.loads(file.read_bytes())
                return OpenStep(facts["action"], facts["time"], _unpacked(facts), file)
            except (OSError, ValueError, KeyError, TypeError):
                continue  # it is not whole
        return None

    def forget(self, step: OpenStep) -> None:
        """Drop a step that was taken back."""
        step.file.unlink(missing_ok=True)
        drop_empty_folders(self._root)

    def _files(self) -> list[Path]:
        return [] if self._folder is None else sorted(self._folder.glob("*.json"))

    def _sweep(self, now: float) -> None:
        assert self._root is not None
        for folder in self._root.iterdir():
            with suppress(OSError):
                if folder != self._folder and folder.stat().st_mtime < now - _SECONDS_KEPT:
                    for file in folder.iterdir():
                        file.unlink()
                    folder.rmdir()


def drop_empty_folders(opened: Path | None) -> None:
    """Take away the folders of open documents that keep no step, and with the last of them `opened`, the folder over them."""
    if opened is None or not opened.is_dir():
        return
    for folder in (*opened.iterdir(), opened):
        with suppress(OSError):  # it keeps steps
            folder.rmdir()


def _packed(journal: Journal) -> dict[str, Any]:
    return {
        "cells": [
            [sheet, at.row, at.column, touched.before, touched.after] for (sheet, at), touched in journal.cells.items()
        ],
        "results": journal.results,
        "rows": [[sheet, rows.start, rows.stop] for sheet, rows in journal.rows],
        "heights": [[sheet, row, height] for (sheet, row), height in journal.heights.items()],
    }


def _unpacked(facts: dict[str, Any]) -> Journal:
    journal = Journal()
    for sheet, row, column, before, after in facts["cells"]:
        journal.cells[sheet, Ref(row, column)] = Touched(_state(before), _state(after))
    if facts["results"] is not None:
        before, after = facts["results"]
        journal.results = (_named(before), _named(after))
    journal.rows = [(sheet, range(start, stop)) for sheet, start, stop in facts["rows"]]
    journal.heights = {(sheet, row): height for sheet, row, height in facts["heights"]}
    return journal


def _state(fields: list[Any]) -> CellState:
    value, number_format, colors, note = fields
    return CellState(
        None if value is None else (value[0], value[1]),
        number_format,
        None if colors is None else Colors(*colors),
        note,
    )


def _named(fields: list[Any] | None) -> NamedLayout | None:
    if fields is None:
        return None
    name, (rows, last) = fields
    return NamedLayout(name, SheetLayout(tuple(_row(*row) for row in rows), last))


def _row(number: int, height: float, cells: dict[str, list[Any]]) -> SheetRow:
    return SheetRow(
        number,
        height,
        {
            int(column): SheetCell(value, style, None if link is None else (link[0], link[1]))
            for column, (value, style, link) in cells.items()
        },
    )
