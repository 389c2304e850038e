"""Runs perfxl and does something to it at the n-th step that changes files: `interrupted.py ACTION N ARGUMENT…`.

ACTION is `kill` (SIGKILL), `interrupt` (as Ctrl-C does) or `save=FILE=OTHER` (another program saves OTHER under the name FILE). What
takes place is told by Python itself before it does it, so that each moment between two steps is one that can be chosen. Ends with 99
where there are fewer steps.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from perfxl.cli import main

_STEPS = frozenset(["os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.chown", "os.truncate"])
_FEWER = 99


def run(action: str, number: str, *arguments: str) -> int:
    """Run perfxl; gives its exit status, or 99."""
    left = int(number)

    def count(event: str, facts: tuple[object, ...]) -> None:
        nonlocal left
        writes = event == "open" and isinstance(facts[2], int) and facts[2] & (os.O_WRONLY | os.O_RDWR)
        if not writes and event not in _STEPS:
            return
        left -= 1
        if left == 0:
            _act(action)

    sys.addaudithook(count)
    status = main(arguments)
    return status if left <= 0 else _FEWER


def _act(action: str) -> None:
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "interrupt":
        signal.raise_signal(signal.SIGINT)
    else:
        _, file, other = action.split("=")
        Path(file).unlink()
        shutil.copyfile(other, file)


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
