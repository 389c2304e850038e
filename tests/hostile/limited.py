"""Runs a command within limits and says what it took: `limited.py RESULT SECONDS COMMAND…`.

A process of its own, for a child counts the memory of the process that it was forked from as its own peak. Limits: 1.5 GB of address
space, 1 GB of written file; the time is that of the processor, so that what else the machine does plays no part.
"""

import json
import os
import resource
import signal
import sys
from pathlib import Path
from types import FrameType

_ADDRESS_SPACE, _FILE = 1536 << 20, 1 << 30


def main(result: str, seconds: str, *command: str) -> None:
    """Run the command, and write its status, its peak of memory in MB and whether its time was up, as JSON."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
        resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE, _FILE))
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
        os.execv(command[0], command)
    late = False

    def stop(_: int, __: FrameType | None) -> None:
        nonlocal late
        late = True
        os.kill(child, signal.SIGKILL)

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(6 * int(seconds))
    _, status, usage = os.wait4(child, 0)
    told = {
        "status": os.waitstatus_to_exitcode(status),
        "late": late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)),
        "memory": usage.ru_maxrss >> 10,
    }
    Path(result).write_text(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
