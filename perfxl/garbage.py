"""How often Python looks for objects that hold each other."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# New objects between two looks. Books are read into tuples without cycles: looking for some at each thousandth object, as Python does,
# takes a quarter of a run, at each two hundred thousandth still a twentieth. What cycles other packages make can gather up to this.
_SELDOM = 1_000_000


@contextmanager
def seldom_collected() -> Iterator[None]:
    """While work on many objects goes on, cycles among them are looked for seldom; afterwards as often as before.

    What is left of the work then counts as old at once. Otherwise the next objects made would have Python look through all of it, and
    again for each of the ages that it goes through: a fifth of a run over five hundred books.
    """
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], _SELDOM), *before[1:])
    try:
        yield
    finally:
        if gc.get_freeze_count() == 0:  # what a program set apart stays apart
            gc.freeze()
            gc.unfreeze()
        gc.set_threshold(*before)
