"""Runs perfxl where a disk is full: `fulldisk.py MOUNTED FOLDER FREE RESULT COMMAND…`, started by `run`.

The disk is a small one of its own, mounted on FOLDER in a namespace that ends with the run; FOLDER's files are copied onto it, and it is
filled until FREE bytes are left. Where the system allows no such namespace, no file may grow beyond 512 bytes instead: a disk that is full
everywhere, the folder for temporary files included.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
_BALLAST = "ballast"
_NAMESPACE = ["unshare", "-Urm"]
_SIZE = 8 << 20
_LIMIT = 512


class Done(NamedTuple):
    """What became of a run: its status, what it said in one line, the files and folders on the disk after it; `everywhere` tells that
    there was room nowhere, not only not on that disk."""

    status: int
    said: str
    there: dict[str, bytes]
    everywhere: bool


def run(folder: Path, free: int, *command: str | Path, environment: dict[str, str] | None = None) -> Done:
    """Runs a command of perfxl with `folder` on a disk that has room for `free` bytes; the folder itself stays as it is."""
    given = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
    may = subprocess.run([*_NAMESPACE, *_mount(folder)], capture_output=True, check=False).returncode == 0
    result = folder.with_name(f"{folder.name}-result")
    shutil.rmtree(result, ignore_errors=True)
    script = [sys.executable, __file__, str(int(may)), str(folder), str(free), str(result), *map(str, command)]
    done = subprocess.run(
        [*(_NAMESPACE if may else []), *script], capture_output=True, encoding="utf-8", env=given, check=False
    )
    assert "Traceback" not in done.stderr
    there = {
        str(path.relative_to(result)): b"" if path.is_dir() else path.read_bytes() for path in sorted(result.rglob("*"))
    }
    return Done(done.returncode, "".join((done.stdout + done.stderr).split()), there, not may)


def _main(mounted: bool, folder: Path, free: int, result: Path, command: list[str]) -> int:
    before = folder.with_name(f"{folder.name}-before")
    shutil.copytree(folder, before)
    try:
        if mounted:
            subprocess.run(_mount(folder), check=True)
            shutil.copytree(before, folder, dirs_exist_ok=True)
            _fill(folder, free)
        else:
            resource.setrlimit(resource.RLIMIT_FSIZE, (_LIMIT, resource.RLIM_INFINITY))
        status = subprocess.run([sys.executable, "-m", "perfxl", *command], check=False).returncode
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        shutil.copytree(folder, result, ignore=shutil.ignore_patterns(_BALLAST))
        if not mounted:
            shutil.rmtree(folder)
            shutil.copytree(before, folder)
    finally:
        shutil.rmtree(before)
    return status


def _mount(folder: Path) -> list[str]:
    return ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "none", str(folder)]


def _fill(folder: Path, free: int) -> None:
    state = os.statvfs(folder)
    with Path(folder, _BALLAST).open("wb") as ballast:
        ballast.write(bytes(state.f_bavail * state.f_frsize - free))


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1] == "1", Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]), sys.argv[5:]))
