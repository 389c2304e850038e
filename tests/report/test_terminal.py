"""Widths, wrapping, colours and the encodings of terminals."""

from __future__ import annotations

import io
import os
import pty
from collections.abc import Iterator
from contextlib import suppress
from typing import TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from perfxl.report.progress import Progress
from perfxl.report.terminal import Palette, cut, cut_front, emit, one_line, pad, width, wrap
from perfxl.signs import shown


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("自评表", 6), ("ｶ％", 3), ("é", 1), ("e\u0301", 1), ("👍", 2), ("“→”", 3), ("", 0)],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns == wcswidth(text)
    assert width(pad(text, 9)) == 9


def test_cut() -> None:
    assert cut("教育局自评表", 12) == "教育局自评表"
    assert cut("教育局自评表", 11) == "教育局自评…"
    assert cut("教育局自评表", 10) == "教育局自…"
    assert cut_front("单位/教育局.xlsx", 11) == "…育局.xlsx"


def test_wrap() -> None:
    assert wrap("执行率填写为 100.00%，应为 99.90%。请更正。", 20) == [
        "执行率填写为",
        "100.00%，应为",
        "99.90%。请更正。",
    ]
    assert wrap("", 20) == []
    assert wrap("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


@given(st.text(max_size=200), st.integers(4, 40))
def test_wrapping_loses_only_spaces(text: str, columns: int) -> None:
    text = one_line(text)
    lines = wrap(text, columns)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= columns for line in lines)


def test_shown() -> None:
    assert (
        shown("a\x1b[2J\n\x9b\u202e\udcff\ud800\U000e0041.xlsx") == r"a\x1b[2J\x0a\x9b\u202e\xff\ud800\U000e0041.xlsx"
    )
    assert shown("自评表 👨‍👩‍👧 ①.xlsx") == "自评表 👨‍👩‍👧 ①.xlsx"
    assert one_line(" 第一行 \r\n 第二行\t完 ") == r"第一行 第二行\x09完"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "● 错误 👍"), ("gbk", "● 错误 \\U0001f44d"), ("ascii", "\\u25cf \\u9519\\u8bef \\U0001f44d")],
)
def test_what_an_encoding_lacks_is_written_out(encoding: str, told: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    emit(stream, "● 错误 👍")
    stream.flush()
    assert raw.getvalue().decode(encoding).rstrip("\r\n") == told


class Terminal:
    """A real pseudo-terminal: `stream` writes to it, `text` is what it got."""

    def __init__(self) -> None:
        self._far, near = pty.openpty()
        self.stream: TextIO = os.fdopen(near, "w", encoding="utf-8")

    @property
    def text(self) -> str:
        self.stream.flush()
        os.set_blocking(self._far, False)
        got = b""
        with suppress(BlockingIOError):
            while piece := os.read(self._far, 4096):
                got += piece
        return got.decode()

    def close(self) -> None:
        self.stream.close()
        os.close(self._far)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    yield terminal
    terminal.close()


def test_colours_only_on_a_terminal_that_wants_them(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Palette(terminal.stream).paint("● 错误", "error") == "\x1b[31m● 错误\x1b[0m"
    assert Palette(io.StringIO()).paint("● 错误", "error") == "● 错误"
    monkeypatch.setenv("TERM", "dumb")
    assert Palette(terminal.stream).paint("● 错误", "error") == "● 错误"
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert Palette(terminal.stream).paint("● 错误", "error") == "● 错误"


def test_progress_shows_after_half_a_second_and_is_wiped(terminal: Terminal) -> None:
    lines = io.StringIO()
    seconds = [0.0]
    with Progress("检查", 3, lines=lines, bar=terminal.stream, clock=lambda: seconds[0]) as progress:
        progress.step("[1/3] a.xlsx")
        assert terminal.text == ""
        seconds[0] = 20
        progress.step("[2/3] b.xlsx")
        shown = terminal.text
        assert "检查 2/3" in shown
        assert "还需 00:10" in shown
    assert terminal.text.endswith("\r")
    assert lines.getvalue() == "[1/3] a.xlsx\n[2/3] b.xlsx\n"


def test_progress_is_silent_where_no_terminal_is() -> None:
    bar = io.StringIO()
    with Progress("检查", 2, lines=None, bar=bar, clock=iter(range(9)).__next__) as progress:
        progress.step("[1/2] a.xlsx")
    assert bar.getvalue() == ""
