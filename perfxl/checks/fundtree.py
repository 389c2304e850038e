"""The ways in which the rows of a money block can be read as parts of its total: a tree that print does not show.

What may tell: 其中; the numbering of the rows (一、 over （一） over 1.); rows that add up to the row before them; and a block that breaks
the total down more than once (按资金来源, 按资金结构).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfxl.form.model import FundKind, FundLine
from perfxl.patterns import pattern

_NUMBER = pattern(
    r"(?:其中[:：])?(?:(?P<chinese>[一二三四五六七八九十]+[、.．])|(?P<chinese_aside>[(（][一二三四五六七八九十]+[)）])"
    r"|(?P<plain>\d{1,2}[、.．](?!\d))|(?P<aside>[(（]\d{1,2}[)）])|(?P<circled>[①-⑳]))"
)
# Of more rows nobody can say what adds up to what by chance.
_MOST_ROWS = 12


def readings(parts: Sequence[FundLine]) -> list[list[int]]:
    """The ways to read the rows as parts of the total by what is printed, as indices of the rows that count.

    All of them; those that the reader took for parts; those numbered as the first is, with and without those that have
    no number; and 其中 with the rows behind it as parts of the row before, up to the row that heads the next 其中 (of
    the last one, up to any row, since print does not show where finer rows end).
    """
    everything = list(range(len(parts)))
    out = [everything, [n for n in everything if parts[n].kind is FundKind.PART], *_by_number(parts)]
    finer = [line.kind is FundKind.SUBPART or line.label.text.startswith("其中") for line in parts]
    starts = [n for n in everything[1:] if finer[n] and (n == 1 or not finer[n - 1])]
    if starts:
        *earlier, last = starts
        under: set[int] = set()
        for start, following in zip(earlier, starts[1:], strict=True):
            under.update(range(start, max(start + 1, following - 1)))
        outside = [n for n in everything if n not in under]
        out.extend([n for n in outside if not last <= n < end] for end in range(last + 1, len(parts) + 1))
    return out


def _by_number(parts: Sequence[FundLine]) -> Iterator[list[int]]:
    matches = [_NUMBER.match(line.label.text) for line in parts]
    classes = [match.lastgroup if match else None for match in matches]
    first = next((each for each in classes if each is not None), None)
    if first is not None:
        yield [n for n, each in enumerate(classes) if each == first]
        yield [n for n, each in enumerate(classes) if each in (first, None)]


def breakdown(amounts: Sequence[Decimal | None], total: Decimal) -> list[int] | None:
    """The rows that are the total's first breakdown, where the amounts can be read as one or more complete ones, each row followed by
    breakdowns of its own or by none; None where they cannot. A breakdown has two rows or more: one alone says the same twice."""
    filled = [(n, amount) for n, amount in enumerate(amounts) if amount]
    if not 2 <= len(filled) <= _MOST_ROWS:
        return None
    numbers = [amount for _, amount in filled]
    whole = ((rows, end) for rows, end in _breakdowns(numbers, 0, total) if len(numbers) in _after(numbers, end, total))
    first, _ = next(whole, (None, 0))
    return None if first is None else [filled[n][0] for n in first]


def _breakdowns(numbers: list[Decimal], start: int, whole: Decimal) -> Iterator[tuple[list[int], int]]:
    """(rows, where it ends) of each breakdown of `whole` that begins at `start`."""

    def following(at: int, rest: Decimal, rows: list[int]) -> Iterator[tuple[list[int], int]]:
        if rest == 0 and len(rows) > 1:
            yield rows, at
        if at == len(numbers):
            return
        for end in _after(numbers, at + 1, numbers[at]):
            yield from following(end, rest - numbers[at], [*rows, at])

    yield from following(start, whole, [])


def _after(numbers: list[Decimal], start: int, whole: Decimal) -> set[int]:
    """Where the breakdowns of a row may end that begin behind it; there may be none."""
    ends, new = {start}, {start}
    while new:
        new = {end for at in new for _, end in _breakdowns(numbers, at, whole)} - ends
        ends |= new
    return ends
