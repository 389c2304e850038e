"""The same rows whatever ran the books, and no book lost with a worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from perfxl.consolidate.collect import Collected, Judging, Task
from perfxl.consolidate.executors import cluster, run_here, run_on, run_on_cores
from perfxl.errors import PerfxlError
from tests.consolidate.inbox import ask, form, hand_in, keep

BOOKS = 60


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inbox") / "报送"
    for number in range(BOOKS):
        hand_in(folder, f"{number % 7}局/{number}.xlsx", form(f"项目{number % 50}", f"青川市{number % 7}局"))
    (folder / "坏.xlsx").write_bytes(b"bad")
    return folder


def content(store: Path) -> list[list[tuple[Any, ...]]]:
    """All rows of a store, in an order of their own."""
    tables = ("forms", "funds", "indicators", "findings", "failures", "facts")
    return [sorted(ask(store, f"SELECT * FROM {table}"), key=repr) for table in tables]


@pytest.fixture(scope="module")
def rows_here(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> list[list[tuple[Any, ...]]]:
    store = tmp_path_factory.mktemp("here") / "a.duckdb"
    keep([inbox], store)
    return content(store)


def test_processes_and_threads_give_the_same_rows(
    inbox: Path, tmp_path: Path, rows_here: list[list[tuple[Any, ...]]]
) -> None:
    keep([inbox], tmp_path / "cores.duckdb", run=partial(run_on_cores, jobs=2))
    assert content(tmp_path / "cores.duckdb") == rows_here
    with ThreadPoolExecutor(3) as pool:
        keep([inbox], tmp_path / "threads.duckdb", run=partial(run_on, pool, workers=3))
    assert content(tmp_path / "threads.duckdb") == rows_here


def test_what_a_dead_worker_held_is_read_all_the_same(
    inbox: Path, tmp_path: Path, rows_here: list[list[tuple[Any, ...]]]
) -> None:
    import multiprocessing

    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        victim = pool.submit(os.getpid).result()

        def run(tasks: Sequence[Task], judging: Judging) -> Iterator[Collected]:
            for number, collected in enumerate(run_on(pool, tasks, judging, workers=2)):
                if number == 8:
                    os.kill(victim, signal.SIGKILL)
                yield collected

        keep([inbox], tmp_path / "a.duckdb", run=run)
    assert content(tmp_path / "a.duckdb") == rows_here


def test_an_executor_that_takes_nothing_loses_nothing(
    inbox: Path, tmp_path: Path, rows_here: list[list[tuple[Any, ...]]]
) -> None:
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    keep([inbox / "0局", inbox / "坏.xlsx"], tmp_path / "a.duckdb", run=partial(run_on, pool, workers=1))
    assert ask(tmp_path / "a.duckdb", "SELECT count(*) FROM forms") == [(9,)]


def test_a_run_stopped_in_the_middle_says_so_and_goes_on_later(inbox: Path, tmp_path: Path) -> None:
    code = "import sys; from perfxl.cli import main; sys.exit(main(sys.argv[1:]))"
    with subprocess.Popen(
        [sys.executable, "-c", code, "consolidate", inbox, "--store", tmp_path / "a.duckdb", "--jobs", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        while not (tmp_path / "a.duckdb").exists():
            assert run.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            run.wait(0.1)  # while the workers start
        os.killpg(run.pid, signal.SIGINT)  # as a terminal does: to the workers too
        _, said = run.communicate(timeout=30)
    assert "Traceback" not in said
    assert run.returncode == 130
    assert "已经读入的都在汇总库" in said and "从停下的地方继续" in said
    report = keep([inbox], tmp_path / "a.duckdb")
    assert report.figures.forms == BOOKS


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler with two worker processes, and the workers."""
    file = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    worker = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        "--scheduler-file",
        file,
        "--no-nanny",
        "--nthreads",
        "1",
    ]
    local = ["--no-dashboard"]
    processes = [
        subprocess.Popen([*dask, "--scheduler-file", file, "--port", "0", "--host", "127.0.0.1", *local], **quiet)  # type: ignore[call-overload]
    ]
    try:
        while not file.exists():
            assert processes[0].poll() is None
            os.sched_yield()
        processes += [subprocess.Popen([*worker, *local], **quiet) for _ in range(2)]  # type: ignore[call-overload]
        import json

        text = ""
        while not text:
            text = file.read_text(encoding="utf-8")
        yield json.loads(text)["address"], processes[1:]
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def test_a_cluster_gives_the_same_rows_though_a_worker_is_killed(
    inbox: Path,
    tmp_path: Path,
    rows_here: list[list[tuple[Any, ...]]],
    dask: tuple[str, list[subprocess.Popen[bytes]]],
) -> None:
    address, workers = dask
    with cluster(address, wait_for=2, patience=60) as (executor, count):
        assert count == 2

        def run(tasks: Sequence[Task], judging: Judging) -> Iterator[Collected]:
            for number, collected in enumerate(run_on(executor, tasks, judging, workers=count)):
                if number == 8:
                    workers[0].kill()
                yield collected

        keep([inbox], tmp_path / "a.duckdb", run=run)
    assert content(tmp_path / "a.duckdb") == rows_here


def test_nobody_at_the_address_is_said(tmp_path: Path) -> None:
    with pytest.raises(PerfxlError, match="连不上集群"), cluster("tcp://127.0.0.1:9", patience=1):
        pass


def test_the_order_does_not_matter(inbox: Path, tmp_path: Path, rows_here: list[list[tuple[Any, ...]]]) -> None:
    def backwards(tasks: Sequence[Task], judging: Judging) -> Iterator[Collected]:
        yield from run_here(tasks[::-1], judging)

    keep([inbox], tmp_path / "a.duckdb", run=backwards)
    assert content(tmp_path / "a.duckdb") == rows_here
