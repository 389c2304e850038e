"""Runs the examples of the README and writes what they print below them: `python tools/readme.py`.

Examples are the `$ perfxl …` lines of its `console` blocks. One that shows only `…` is run, and its output left out.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
LEFT_OUT = "…\n"

_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
_EXAMPLE = re.compile(r"^\$ (.+\n)((?:(?!\$ ).*\n)*)", re.MULTILINE)
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_SOME_TIME = "2026-03-05 10:21"


def with_fresh_examples(text: str, folder: Path) -> str:
    """The README with what its examples print now; they are run one after another in `folder`, which should be empty."""

    def fresh(match: re.Match[str]) -> str:
        command, shown = match.groups()
        printed = _printed(shlex.split(command), folder)
        return f"$ {command}{shown if shown == LEFT_OUT else printed}"

    return _BLOCK.sub(lambda block: _EXAMPLE.sub(fresh, block[0]), text)


def examples(text: str) -> list[str]:
    """The commands of the examples."""
    return [command.rstrip() for block in _BLOCK.findall(text) for command, _ in _EXAMPLE.findall(block)]


def _printed(command: list[str], folder: Path) -> str:
    if command[0] != "perfxl":
        raise ValueError(f"an example runs {command[0]}, not perfxl")
    run = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=os.environ | {"PERFXL_DATA": str(folder / ".data"), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if run.stderr:
        raise ValueError(f"{shlex.join(command)}: {run.stderr}")
    return _TIME.sub(_SOME_TIME, run.stdout)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        README.write_text(with_fresh_examples(README.read_text(encoding="utf-8"), Path(scratch)), encoding="utf-8")
