"""What tests of commands have in common."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from perfxl.cli import main
from tests.commands import Run


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps for undo lie in the test's own folder."""
    monkeypatch.setenv("PERFXL_DATA", str(tmp_path / "data"))


@pytest.fixture
def run(own_data: None, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command and gives its exit status and its JSON."""

    def command(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        status = main([*map(str, arguments), "--format", "json"])
        return status, json.loads(capsys.readouterr().out)

    return command
