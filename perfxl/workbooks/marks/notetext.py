"""The text of a mark's note: what it says, what it keeps for `clear`, and how it is told from what a person wrote.

The last line keeps the fill and the colour of letters that the mark hides, and a checksum of each line above it: whoever edits the
note, those lines that are still perfxl's are known again. It is text, so that it survives other programs' saves and moves with
its cell.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple
from zlib import crc32

from perfxl.patterns import pattern
from perfxl.workbooks.marks.model import NOTE_TITLE

_FIRST = pattern(rf"{NOTE_TITLE} [A-Z]{{3}}\d{{3}}(?: .*)?")
_LAST = pattern(r"〔清除标记时恢复：填充 (?P<fill>.*?)，字色 (?P<color>.*?)，(?P<hint>[+0-9]*) #(?P<sums>[0-9a-f]*)〕")


class Covered(NamedTuple):
    """What a mark hides: fill and colour of letters as `looks` writes them, the cell format (None where it is not known), and
    whether the cell was not there at all."""

    fill: str
    color: str
    xf: int | None = None
    absent: bool = False


class Found(NamedTuple):
    """perfxl's part of a note: its lines, where the characters of all its lines lie in the note's text, and what it keeps."""

    lines: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    covered: Covered | None


def record(lines: Sequence[str], covered: Covered) -> str:
    """The last line of a note."""
    sums = "".join([_sum(line) for line in "\n".join(lines).split("\n")])
    hint = ("+" if covered.absent else "") + ("" if covered.xf is None else str(covered.xf))
    return f"〔清除标记时恢复：填充 {covered.fill}，字色 {covered.color}，{hint} #{sums}〕"


def find_ours(text: str) -> Found | None:
    """perfxl's part of a note, None where a person wrote all of it.

    A line that a person changed is the person's. A line break goes with the line behind it, or with the one before at the start.
    """
    if NOTE_TITLE not in text and "〔清除标记时恢复" not in text:
        return None
    lines = text.split("\n")
    bare = [line.rstrip("\r") for line in lines]
    last = next((number for number in range(len(bare) - 1, -1, -1) if _LAST.fullmatch(bare[number])), None)
    ours: list[int]
    if last is None:
        # The record is gone: what can be known is the first line, and that the rest came with it up to a blank line.
        first = next((number for number, line in enumerate(bare) if _FIRST.fullmatch(line)), None)
        if first is None:
            return None
        end = next((number for number in range(first, len(bare)) if not bare[number].strip()), len(bare))
        ours, covered = list(range(first, end)), None
    else:
        match = _LAST.fullmatch(bare[last])
        assert match is not None
        sums = [match["sums"][at : at + 4] for at in range(0, len(match["sums"]), 4)]
        ours, covered = [*_matched(bare[:last], sums), last], _covered(match)
    told = tuple(bare[number] for number in ours if number != last)
    return Found(told, _spans(lines, ours), covered)


def _covered(match: re.Match[str]) -> Covered:
    hint = match["hint"].lstrip("+")
    return Covered(match["fill"], match["color"], int(hint) if hint else None, match["hint"].startswith("+"))


def _matched(lines: list[str], sums: list[str]) -> list[int]:
    """The numbers of the lines whose checksums stand in the record, in order, found from the end."""
    found: list[int] = []
    wanted = list(sums)
    for number in range(len(lines) - 1, -1, -1):
        mine = _sum(lines[number])
        if mine in wanted:
            at = len(wanted) - 1 - wanted[::-1].index(mine)
            del wanted[at:]
            found.append(number)
    return found[::-1]


def _spans(lines: list[str], ours: list[int]) -> tuple[tuple[int, int], ...]:
    """Where the lines lie in the text, each with the line break before it (the first line with the one behind it)."""
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    end = starts[-1] - 1
    gone = set(ours)
    spans: list[tuple[int, int]] = []
    for number in ours:
        start, stop = starts[number], starts[number + 1] - 1
        if number and not all(before in gone for before in range(number)):
            start -= 1
        elif stop < end:
            stop += 1
        spans.append((start, stop))
    return tuple(spans)


def _sum(line: str) -> str:
    return f"{crc32(line.rstrip().encode('utf-8', 'replace')) & 0xFFFF:04x}"


def read_record(text: str) -> Covered | None:
    """What a record keeps, None where the text is none."""
    match = _LAST.fullmatch(text.strip())
    return None if match is None else _covered(match)
