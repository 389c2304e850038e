"""Formulas as they read after rows were inserted into a sheet that they name."""

from __future__ import annotations

from perfxl.grid.address import column_letters
from perfxl.workbooks.formulas.syntax import LAST_ROW
from perfxl.workbooks.formulas.tokens import corner, tokens
from perfxl.workbooks.formulas.values import CannotCompute
from perfxl.workbooks.insertion.rowmap import CannotShift, RowMap


class SheetRows:
    """The rows of one sheet of a workbook, and what formulas anywhere must know of them."""

    def __init__(self, sheet: str, sheet_names: list[str], rows: RowMap) -> None:
        self.sheet = sheet
        self.rows = rows
        self._name = sheet.casefold()
        self._written = (self._name, self._name.replace("'", "''"))
        self._order = {name.casefold(): number for number, name in enumerate(sheet_names)}

    def shifted(self, text: str, *, on_sheet: bool, only_fixed: bool = False) -> str:
        """The formula, its references to the sheet moved along.

        `on_sheet` tells that references without a sheet's name mean this sheet; `only_fixed` leaves relative rows alone, which in
        a name count from the cell that uses it.

        Raises:
            CannotShift: it names several sheets at once, or is not written as formulas are.
        """
        if not on_sheet and not self._may_name(text):
            return text
        if not any("0" <= character <= "9" for character in text):
            return text
        try:
            pieces = tokens(text)
        except CannotCompute as error:
            raise CannotShift(f"{error.reason}，其中的引用无法随行移动。请先在 Excel 或 WPS 中插入行。") from error
        out: list[str] = []
        done = 0
        here = on_sheet
        for token in pieces:
            if token.kind == "sheet":
                here = self._is_here(token.text)
                continue
            if token.kind == "area" and here:
                out.append(text[done : token.start])
                out.append(self._area(token.text, only_fixed))
                done = token.start + len(token.text)
            here = on_sheet
        if not out:
            return text
        out.append(text[done:])
        return "".join(out)

    def _may_name(self, text: str) -> bool:
        """Whether the sheet may be named; several at once name those between them too."""
        folded = text.casefold()
        return "!" in text and (any(name in folded for name in self._written) or ":" in folded.rpartition("!")[0])

    def _is_here(self, token: str) -> bool:
        named = token[:-1]
        if named.startswith("'"):
            named = named[1:-1].replace("''", "'")
        if named.startswith("["):
            return False  # of another workbook
        first, colon, last = named.casefold().partition(":")
        if not colon:
            return first == self._name
        ends = sorted([self._order.get(first, -1), self._order.get(last, -1)])
        if ends[0] <= self._order[self._name] <= ends[1]:
            raise CannotShift(
                f"公式引用了从一张到另一张的多张工作表（{token}），不能只在其中一张插入行。请先改写该公式。"
            )
        return False

    def _area(self, area: str, only_fixed: bool) -> str:
        ends = [corner(end) for end in area.split(":")]
        numbers = [row for _, _, _, row in ends]
        if not all(numbers) or (only_fixed and not all(fixed for _, _, fixed, _ in ends)):
            return area
        if len(ends) == 1:
            new = [self.rows.row(numbers[0])]
        elif numbers[0] == numbers[1]:
            new = [self.rows.row(number) for number in numbers]
        else:
            top, bottom = min(numbers), max(numbers)
            ends_now = {top: self.rows.row(top), bottom: min(self.rows.last(bottom), LAST_ROW)}
            new = [ends_now[number] for number in numbers]
        if new == numbers:
            return area
        return ":".join([_written(end, row) for end, row in zip(ends, new, strict=True)])


def _written(end: tuple[bool, int, bool, int], row: int) -> str:
    column_fixed, column, row_fixed, _ = end
    letters = ("$" if column_fixed else "") + column_letters(column) if column else ""
    return f"{letters}{'$' if row_fixed else ''}{row}"
