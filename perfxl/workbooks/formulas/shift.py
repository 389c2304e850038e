"""Writes a formula as it reads after a copy to another cell."""

from __future__ import annotations


def shift_formula(text: str, rows: int, columns: int) -> str:
    """The formula moved down by `rows` and right by `columns`: relative references move along, absolute ones stay.

    This is how a shared formula is written out for the cells that share it. A reference that would leave the sheet
    reads `#REF!`.
    """
    raise NotImplementedError
