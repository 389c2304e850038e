"""What is to be done behind a block of code, also where it fails.

`contextlib.contextmanager` will not do here: it writes to the exceptions that pass through it, and those of UNO refuse that.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType


class Afterwards:
    """A context that calls a function when it is left."""

    def __init__(self, todo: Callable[[], object] = bool) -> None:
        self._todo = todo

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._todo()
