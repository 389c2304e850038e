"""How much memory a parse takes while it goes on: what markup can grow to, nobody can tell from its size."""

from __future__ import annotations

import os

_MOST = 320 << 20  # bytes a process may hold while it reads one book; 400 MB are promised, and a step ahead must fit in
_AT_LEAST = 64 << 20  # bytes that a part may take in a process that held much before, such as one that consolidates


def resident() -> int:
    """The memory that this process holds now, in bytes; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as facts:  # noqa: PTH123 - asked for each megabyte
            return int(facts.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, AttributeError):
        return 0


def is_too_much(before: int) -> bool:
    """Whether the process, which held `before` bytes when it began to read a part, holds more now than a book may take."""
    now = resident()
    return now > _MOST and now - before > _AT_LEAST
