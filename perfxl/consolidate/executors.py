"""Runs `collect` over many books: in this process, on all cores, on any `concurrent.futures` executor, on a Dask cluster.

The same function and the same result whatever the order. No file is lost with a worker that dies: what it held is given out once
more, book by book; a book that takes a process with it again stands among the failures.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from perfxl.consolidate.collect import Collected, Judging, Task, collect, start_worker
from perfxl.errors import MissingExtra, PerfxlError

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

_CHUNK = 8  # books a call: the round trip costs as much as a tenth of a book
_AHEAD = 3  # calls waiting for each worker, so that memory does not grow with the number of books
_FEW = 24  # books that are done before a second process has started
_LOST = "读取这个文件时处理进程异常退出，已再试一次，仍然如此。请单独检查这个文件：perfxl check 加文件名。"
"""What stands in the failures for a book whose process died twice."""


def core_count() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_here(tasks: Sequence[Task], judging: Judging) -> Iterator[Collected]:
    """One book after the other in this process."""
    for task in tasks:
        yield from collect([task], judging)


def run_on_cores(tasks: Sequence[Task], judging: Judging, jobs: int | None = None) -> Iterator[Collected]:
    """On this many processes (None: as many as there are cores); a few books are read at once where they are."""
    jobs = min(jobs or core_count(), max(1, len(tasks) // _CHUNK))
    if jobs == 1 or len(tasks) <= _FEW:
        yield from run_here(tasks, judging)
        return
    with _processes(jobs) as pool:
        yield from run_on(pool, tasks, judging, workers=jobs)


def run_on(executor: Executor, tasks: Sequence[Task], judging: Judging, *, workers: int) -> Iterator[Collected]:
    """On an executor of this many workers; `concurrent.futures` gives such, and so do other libraries.

    What the executor loses with a worker is done again in processes of our own.
    """
    lost: list[Task] = []
    chunks = (list(tasks[at : at + _CHUNK]) for at in range(0, len(tasks), _CHUNK))
    running: dict[Future[list[Collected]], list[Task]] = {}
    try:
        for chunk in chunks:
            while len(running) >= workers * _AHEAD:
                yield from _finished(running, lost)
            try:
                running[executor.submit(collect, chunk, judging)] = chunk
            except RuntimeError:  # BrokenExecutor, or shut down: it takes nothing any more
                lost += chunk
        while running:
            yield from _finished(running, lost)
    finally:
        for future in running:
            future.cancel()
    yield from _once_more(lost, judging)


def _finished(running: dict[Future[list[Collected]], list[Task]], lost: list[Task]) -> Iterator[Collected]:
    done, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in done:
        chunk = running.pop(future)
        error = future.exception()
        if error is None:
            yield from future.result()
        elif isinstance(error, PerfxlError):
            raise error
        else:
            lost += chunk  # whatever the executor says of it, the books are not done


def _once_more(tasks: Sequence[Task], judging: Judging) -> Iterator[Collected]:
    """Each book alone, in a process that nothing else hangs on."""
    position = 0
    while position < len(tasks):
        with _processes(1) as pool:
            while position < len(tasks):
                task = tasks[position]
                position += 1
                error = (future := pool.submit(collect, [task], judging)).exception()
                if error is None:
                    yield from future.result()
                elif isinstance(error, PerfxlError):
                    raise error
                else:
                    yield Collected(task.number, error=_LOST)
                    break  # the pool is broken


@contextmanager
def _processes(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that start afresh, on every system alike: the store's threads must not be forked."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), start_worker)
    try:
        with _unheard_ctrl_c():
            for _ in range(jobs):
                pool.submit(os.getpid)  # a task starts a process as long as none is idle
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _unheard_ctrl_c() -> Iterator[None]:
    """Ctrl-C waits until the end of it, and processes started within it never hear it: it is this process's to answer."""
    import signal
    import threading
    from multiprocessing import resource_tracker

    # On Windows there is no mask: workers hear Ctrl-C until `start_worker`.
    if not hasattr(signal, "pthread_sigmask") or threading.current_thread() is not threading.main_thread():
        yield
        return
    resource_tracker.ensure_running()  # as it starts it would lift the mask
    heard: list[int] = []
    # The mask is what the processes inherit; another thread of this one may hear Ctrl-C all the same.
    handler = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)
    if heard:
        raise KeyboardInterrupt


@contextmanager
def cluster(address: str, *, wait_for: int = 1, patience: float = 10) -> Iterator[tuple[Executor, int]]:
    """The executor of a Dask cluster, and how many workers it has. The workers must see the files under the same paths.

    `wait_for` workers are waited for, `patience` is in seconds.

    Raises:
        MissingExtra: `distributed` is not installed.
        PerfxlError: nobody answers at this address, or no worker is there.
    """
    try:
        from distributed import Client
    except ImportError as error:
        message = "使用 --cluster 需要软件包 distributed。请运行 pip install 'perfxl[cluster]'，或去掉 --cluster，用本机的全部核心。"
        raise MissingExtra(message, package="distributed", install="pip install 'perfxl[cluster]'") from error
    try:
        client: Any = Client(address, timeout=patience, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise PerfxlError(f"连不上集群 {address}。请核对地址，确认调度进程已经启动。") from error
    with client:
        try:
            client.wait_for_workers(wait_for, timeout=patience)
        except TimeoutError as error:
            raise PerfxlError(f"集群 {address} 上没有工作进程。请先启动工作进程，再重新运行。") from error
        yield client.get_executor(pure=False), len(client.scheduler_info(n_workers=-1)["workers"])
