"""How far a run over many books is: a line for each book done and, on a terminal, how many and how long to go."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Never, Self, TextIO

from perfxl.report.terminal import emit

if TYPE_CHECKING:
    from tqdm import tqdm

_QUIET_SECONDS = 0.5  # what is over at once needs no bar


class Progress:
    """Shows `what` is done to `total` books while it is used as a context.

    The bar stands on `bar` (None: the error stream), only where that is a terminal, after half a second, and is wiped at the end. The lines go
    to `lines`, None for no lines. `clock` gives seconds.

    Attributes:
        total: the number of books; may be set once it is known.
    """

    def __init__(
        self,
        what: str,
        total: int,
        *,
        lines: TextIO | None,
        bar: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what = what
        self.total = total
        self._lines = lines
        self._stream = bar or sys.stderr
        self._done = 0
        self._clock = clock
        self._started = clock()
        self._bar: tqdm[Never] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def step(self, line: str, *, so_far: str = "") -> None:
        """One more book is done; `line` says what came of it, `so_far` what came of all, for the bar."""
        self._done += 1
        if self._lines is not None:
            if self._bar is not None:
                self._bar.clear()
            emit(self._lines, line)
            self._lines.flush()
        if self._bar is not None:
            self._bar.set_postfix_str(so_far, refresh=False)
            self._bar.update()
        elif self._done < self.total and self._stream.isatty() and self._elapsed() > _QUIET_SECONDS:
            self._bar = self._new_bar()

    def _elapsed(self) -> float:
        return self._clock() - self._started

    def _new_bar(self) -> tqdm[Never]:
        from tqdm import tqdm

        tqdm.monitor_interval = 0  # no thread for a bar that is moved at each book
        bar: tqdm[Never] = tqdm(
            desc=self._what,
            total=self.total,
            file=self._stream,
            bar_format="{desc} {n_fmt}/{total_fmt} {bar:30} 还需 {remaining}{postfix}",
            leave=False,
            miniters=1,
            delay=_QUIET_SECONDS,  # is over; keeps the bar from showing itself at nothing done
        )
        bar.start_t -= self._elapsed()
        bar.n = bar.last_print_n = self._done
        bar.refresh()
        return bar
