"""Column numbers by their letters, for readers of many cells."""

from perfxl.grid.address import LAST_COLUMN, column_number
from perfxl.workbooks.partfaults import Refused


class _Columns(dict[str, int]):
    """Each worked out once."""

    def __missing__(self, letters: str) -> int:
        if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
            raise ValueError(f"cell address {letters!r}")
        column = column_number(letters)
        if column > LAST_COLUMN:
            raise Refused(f"有单元格在最后一列（XFD）之外：{letters}")
        self[letters] = column
        return column


COLUMNS = _Columns()
"""The number of a column by its letters; looking up what are no letters raises `ValueError`."""
