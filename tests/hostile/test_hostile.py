"""Workbooks that came damaged, lying or absurd: read right or refused with a reason, within limits, and never touched where refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import perfxl
from tests.hostile import absurd_cases, limited, markup_cases, package_cases
from tests.hostile.case import CASES, Case

SECONDS, MEGABYTES = 20, 400
BOOK = "自评表.xlsx"
_LOADED = (absurd_cases, markup_cases, package_cases)  # each adds its cases when it is imported
# What a person without English must never see.
ENGLISH = ("Traceback", "Error", "Exception", "error:", "invalid", "missing", "not well-formed", "perfxl 自身", "None")


class Ran:
    """What a run of perfxl did."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        result = folder.parent / "result.json"
        environment = {
            **os.environ,
            "PERFXL_DATA": str(folder.parent / "data"),
            "PYTHONIOENCODING": "utf-8",
            "PYTHONPATH": str(Path(perfxl.__file__).parents[1]),
        }
        command = [
            sys.executable,
            "-I",
            "-S",
            limited.__file__,
            str(result),
            str(SECONDS),
            sys.executable,
            "-m",
            "perfxl",
        ]
        self.done = subprocess.run(
            [*command, *arguments], cwd=folder, env=environment, capture_output=True, check=False
        )
        facts = json.loads(result.read_text())
        self.status, self.late, self.memory = facts["status"], facts["late"], facts["memory"]
        self.said = self.done.stderr.decode() + self.done.stdout.decode()
        assert not self.late, f"not done within {SECONDS} s"
        assert self.memory < MEGABYTES, f"{self.memory} MB"
        assert "Traceback" not in self.said, self.said

    @property
    def report(self) -> dict[str, Any]:
        """The JSON that was told."""
        told: dict[str, Any] = json.loads(self.done.stdout)
        return told


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_book(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "报送"
    folder.mkdir()
    book = folder / BOOK
    book.write_bytes(case.make())
    if case.words is None:
        _is_read(case, book)
    else:
        _is_refused(case.words, book)
    assert [each.name for each in folder.iterdir()] == [BOOK]


def _is_refused(words: str, book: Path) -> None:
    before = book.stat()
    content = book.read_bytes() if before.st_size < 1 << 20 else None
    for command in ("check", "score"):
        ran = Ran(book.parent, command, book.name, "--format", "json")
        (failure,) = ran.report["failures"]
        assert ran.status == 2
        assert ran.report["forms"] == []
        assert failure["book"] == book.name
        assert words in failure["error"]
        assert not [word for word in ENGLISH if word in failure["error"]], failure["error"]
    after = book.stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_size) == (before.st_ino, before.st_mtime_ns, before.st_size)
    assert content is None or book.read_bytes() == content


def _is_read(case: Case, book: Path) -> None:
    before = book.read_bytes()
    scored = Ran(book.parent, "score", book.name, "--format", "json")
    report = scored.report
    assert report["failures"] == []
    if case.forms is not None:
        assert [form["total"]["computed"] for form in report["forms"]] == [case.total] * case.forms
    if case.changes is not None:
        assert {change["cell"]: change["after"] for change in report["changes"]} == case.changes
    again = book.read_bytes()
    if report["changes"]:
        assert again != before
    if again != before:  # marks alone are a step too
        assert Ran(book.parent, "undo", book.name).status == 0
    assert book.read_bytes() == before
