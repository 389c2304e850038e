"""Column numbers by their letters, for readers of many cells."""

from perfxl.grid.address import column_number


class _Columns(dict[str, int]):
    """Each worked out once."""

    def __missing__(self, letters: str) -> int:
        if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
            raise ValueError(f"cell address {letters!r}")
        column = self[letters] = column_number(letters)
        return column


COLUMNS = _Columns()
"""The number of a column by its letters; looking up what are no letters raises `ValueError`."""
