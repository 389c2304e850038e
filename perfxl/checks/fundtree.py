"""The ways in which the rows of a money block can be read as parts of its total: a tree that print does not show.

What may tell: 其中; the numbering of the rows (一、 over （一） over 1.); how far they are set in; rows that add up to the row before
them; and a block that breaks the total down more than once (按资金来源, 按资金结构).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from perfxl.form.model import FundKind, FundLine
from perfxl.patterns import pattern

_NUMBER = pattern(
    r"(?:其中[:：])?(?:(?P<chinese>[一二三四五六七八九十]+[、.．])|(?P<chinese_aside>[(（][一二三四五六七八九十]+[)）])"
    r"|(?P<plain>\d{1,2}[、.．](?!\d))|(?P<aside>[(（]\d{1,2}[)）])|(?P<circled>[①-⑳]))"
)
# Of more rows nobody can say what adds up to what by chance.
_MOST_ROWS = 10


def readings(parts: Sequence[FundLine]) -> Iterator[list[int]]:
    """The ways to read the rows as parts of the total by what is printed, as indices of the rows that count.

    All of them; those that the reader took for parts; those numbered as the first is, with and without those that have
    no number; those least set in; and 其中 with the rows behind it as parts of the row before, up to the row that heads the next 其中 (of
    the last one, up to any row, since print does not show where finer rows end).
    """
    everything = list(range(len(parts)))
    yield everything  # which mostly adds up: the others are worked out only where it does not
    yield [n for n in everything if parts[n].kind is FundKind.PART]
    yield from _by_number(parts)
    least = min((line.indent for line in parts), default=0)
    yield [n for n in everything if parts[n].indent == least]
    finer = [line.kind is FundKind.SUBPART or line.label.text.startswith("其中") for line in parts]
    starts = [n for n in everything[1:] if finer[n] and (n == 1 or not finer[n - 1])]
    if starts:
        *earlier, last = starts
        under: set[int] = set()
        for start, following in zip(earlier, starts[1:], strict=True):
            under.update(range(start, max(start + 1, following - 1)))
        outside = [n for n in everything if n not in under]
        yield from ([n for n in outside if not last <= n < end] for end in range(last + 1, len(parts) + 1))


def _by_number(parts: Sequence[FundLine]) -> Iterator[list[int]]:
    matches = [_NUMBER.match(line.label.text) for line in parts]
    classes = [match.lastgroup if match else None for match in matches]
    first = next((each for each in classes if each is not None), None)
    if first is not None:
        yield [n for n, each in enumerate(classes) if each == first]
        yield [n for n, each in enumerate(classes) if each in (first, None)]


# What is left beside the row before it is no part of it.
_BESIDE = pattern("其[他它]|自[筹有]")


def breakdown(parts: Sequence[FundLine], amounts: Sequence[Decimal | None], total: Decimal) -> list[int] | None:
    """The rows that are the total's first breakdown, where the amounts can be read as one or more complete ones, each row followed by
    breakdowns of its own or by none; None where they cannot."""
    filled = [n for n, amount in enumerate(amounts) if amount]
    if not 2 <= len(filled) <= _MOST_ROWS:
        return None
    tree = _Tree([amount for amount in amounts if amount], [bool(_BESIDE.search(parts[n].label.text)) for n in filled])
    whole = ((rows, end) for rows, end in tree.breakdowns(0, total) if len(filled) in tree.after(end, total))
    first, _ = next(whole, (None, 0))
    return None if first is None else [filled[n] for n in first]


class _Tree(NamedTuple):
    """The amounts of the rows that have any, and which rows cannot be all that another one consists of."""

    amounts: list[Decimal]
    beside: list[bool]

    def breakdowns(self, start: int, whole: Decimal) -> Iterator[tuple[list[int], int]]:
        """(rows, where it ends) of each breakdown of `whole` that begins at `start`."""
        return self._following(start, whole, [])

    def _following(self, at: int, rest: Decimal, rows: list[int]) -> Iterator[tuple[list[int], int]]:
        if rest == 0 and rows and (len(rows) > 1 or not self.beside[rows[0]]):
            yield rows, at
        if at == len(self.amounts):
            return
        for end in self.after(at + 1, self.amounts[at]):
            yield from self._following(end, rest - self.amounts[at], [*rows, at])

    def after(self, start: int, whole: Decimal) -> set[int]:
        """Where the breakdowns of a row may end that begin behind it; there may be none."""
        ends, new = {start}, {start}
        while new:
            new = {end for at in new for _, end in self.breakdowns(at, whole)} - ends
            ends |= new
        return ends
