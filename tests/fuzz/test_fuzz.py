"""Whatever stands in a file, perfxl reads it or says why not: no crash, no hang, no memory beyond the limit, no harm."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import FrameType

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from perfxl.outcome import Outcome
from perfxl.sources import Book
from perfxl.workbooks.memory import resident
from perfxl.workflows import Options, check_books, score_books, undo_book
from tests.fuzz.mutations import FORMULAS, NUMBERS, TEXTS, spoilt
from tests.hostile import base, container

TRIES = 600
SECONDS = 20  # of the processor's time
MEGABYTES = 300  # more than before, for one small book
ENGLISH = re.compile(r"Error|Exception|invalid|not well-formed|missing|codec|index out|None|自身出错|内存不够")


@contextmanager
def limits() -> Iterator[None]:
    """Ends what takes too long; and afterwards nothing may have kept much memory."""

    def stop(_: int, __: FrameType | None) -> None:
        raise AssertionError(f"not done within {SECONDS} s")

    before = resident()
    old = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, old)
    assert resident() - before < MEGABYTES << 20


def is_in_order(outcome: Outcome) -> None:
    """Each failure has a reason that its reader understands."""
    for failure in outcome.failures:
        assert not ENGLISH.search(failure.error), f"{failure.error}\n{failure.details}"


def try_out(path: Path, content: bytes) -> None:
    """Check and score a file, twice; put it back."""
    path.write_bytes(content)
    books = [Book(path, path.name)]
    with limits():
        is_in_order(check_books(books, Options()))
        assert path.read_bytes() == content
        scored = score_books(books, Options())
    is_in_order(scored)
    after = path.read_bytes()
    assert after == content or not scored.failures
    again = score_books(books, Options())
    is_in_order(again)
    assert (again.changes, path.read_bytes()) == ([], after)
    if after != content:
        undo_book(path)
        assert path.read_bytes() == content
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PERFXL_DATA", str(tmp_path / "data"))
    (tmp_path / "报送").mkdir()
    return tmp_path / "报送" / "自评表.xlsx"


def test_spoilt_workbooks(path: Path, times: int) -> None:
    start = 0 if times == 1 else Random().randrange(1 << 40)
    for seed in range(start, start + TRIES * times):
        try:
            try_out(path, spoilt(Random(seed)))
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise


values = st.one_of(
    st.sampled_from(NUMBERS + TEXTS),
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=12),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
)
cells = st.one_of(
    values.map(lambda v: f'<c r="@" t="inlineStr"><is><t>{_escaped(v)}</t></is></c>'),
    values.map(lambda v: f'<c r="@"><v>{_escaped(v)}</v></c>'),
    st.sampled_from(FORMULAS).map(lambda f: f'<c r="@"><f>{_escaped(f)}</f></c>'),
    st.sampled_from(['<c r="@" t="e"><v>#N/A</v></c>', '<c r="@" t="b"><v>1</v></c>', '<c r="@" s="1"/>', ""]),
)
places = st.builds(lambda column, row: f"{column}{row}", st.sampled_from("ABCDEFGHI"), st.integers(1, 17))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_any_values_in_the_cells_of_a_form(path: Path, times: int) -> None:
    @settings(max_examples=120 * times, deadline=None, derandomize=times == 1, database=None)
    @given(st.dictionaries(places, cells, min_size=1, max_size=8))
    @example({"H12": '<c r="@"><f>H17</f></c>'})  # a score that follows the total,
    @example({"G6": '<c r="@"><f>I6</f></c>'})  # a weight that follows its score,
    @example(
        {"E6": '<c r="@"><f>H17</f></c>'}
    )  # a budget that follows the total: each run must leave what the last one wrote
    @example({"B4": '<c r="@" t="inlineStr"><is><t>三级指标</t></is></c>'})  # a label where no head is
    def try_cells(changed: dict[str, str]) -> None:
        form = base.Form(cells=changed)
        parts = base.parts(
            {base.SHEET: base.sheet(form.rows, form.merge_cells), base.STRINGS: base.strings(form.strings)}
        )
        try_out(path, container.pack(parts))

    try_cells()
