"""What a hostile case is: how its file is made, and what must happen to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

Maker = Callable[[], bytes]


class Case(NamedTuple):
    """A file, and what perfxl must do with it.

    `words` are what the refusal says, None where the file is read. Then `total` is the total that the rules give to each of its forms
    (None where it cannot be told), `forms` how many forms there are, `changes` what `score` writes, by cell; None for both where nobody
    can say what is right, and only that nothing breaks counts.
    """

    name: str
    make: Maker
    words: str | None
    forms: int | None = 1
    total: str | None = "96.78"
    changes: Mapping[str, str | None] | None = {}


CASES: list[Case] = []

PUT_RIGHT = {"I6": "9.78", "H17": "96.78"}
"""What `score` writes into the form of `base`."""


def refused(words: str) -> Callable[[Maker], Maker]:
    """The file is refused, with these words."""

    def add(make: Maker) -> Maker:
        CASES.append(Case(make.__name__, make, words))
        return make

    return add


def read(
    *, forms: int | None = 1, total: str | None = "96.78", changes: Mapping[str, str | None] | None = PUT_RIGHT
) -> Callable[[Maker], Maker]:
    """The file is read, its forms are found and scored right, and nothing else in it changes."""

    def add(make: Maker) -> Maker:
        CASES.append(Case(make.__name__, make, None, forms, total, changes))
        return make

    return add
