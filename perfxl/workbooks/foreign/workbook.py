"""A workbook in a foreign format behind the reading half of the port: nothing in it can be changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from perfxl.errors import UnreadableBook
from perfxl.grid.cells import Cell, Grid
from perfxl.workbooks.filekinds import FileKind
from perfxl.workbooks.foreign.sheets import MOST_CELLS, ForeignReader, ListedSheet, SheetFacts
from perfxl.workbooks.largesheets import LARGE
from perfxl.workbooks.partfaults import Refused

_FORMATS_UNKNOWN = "这种格式读不到数字格式：执行率按两位小数比对，其他数按单元格中存放的数值核对。"


class ForeignWorkbook:
    """A workbook file of a format that perfxl only reads.

    Attributes:
        path: the file as it was named.
        kind: its format.
        remarks: what a user should know about what was read, in Chinese sentences.
    """

    def __init__(self, path: Path, kind: FileKind, read: Callable[[], ForeignReader]) -> None:
        """`read` opens it.

        Raises:
            UnreadableBook: it is damaged, encrypted or too large.
        """
        self.path = path
        self.kind = kind
        self.remarks: list[str] = [_FORMATS_UNKNOWN] if kind is FileKind.ODS else []
        self._searched: dict[tuple[str, Callable[[str], bool]], bool] = {}
        try:
            self._reader = read()
        except ValueError as error:
            raise self._damaged(error) from error

    @property
    def sheet_names(self) -> Sequence[str]:
        """The names of the worksheets, in order."""
        return list(self._reader.sheets)

    def may_hold(self, sheet: str, tells: Callable[[str], bool]) -> bool:
        """Whether a worksheet may have a text cell that satisfies `tells`: False only where a large one has none.

        Raises:
            UnreadableBook: the sheet is damaged, or there is no such sheet.
        """
        if self._listed(sheet).size <= LARGE:
            return True
        if (sheet, tells) not in self._searched:
            try:
                self._searched[sheet, tells] = any(map(tells, self._reader.texts(sheet)))
            except ValueError as error:
                raise self._damaged(error, sheet) from error
        return self._searched[sheet, tells]

    def grid(self, sheet: str) -> Grid:
        """The worksheet as it stands; formulas have their last results.

        Raises:
            UnreadableBook: the sheet is damaged or too large, or there is no such sheet.
        """
        listed = self._listed(sheet)
        facts = SheetFacts()
        try:
            rows, formulas = self._rows(sheet, facts)
        except ValueError as error:
            raise self._damaged(error, sheet) from error
        if formulas:
            told = f"工作表“{sheet}”有 {formulas} 个公式，perfxl 没有重新计算，用的是文件中存放的结果。"
            if told not in self.remarks:
                self.remarks.append(told)
        return Grid(
            sheet,
            rows,
            facts.merges,
            hidden_rows=facts.hidden_rows,
            hidden_columns=facts.hidden_columns,
            state=listed.state,
            date1904=self._reader.date1904,
        )

    def _listed(self, sheet: str) -> ListedSheet:
        try:
            return self._reader.sheets[sheet]
        except KeyError:
            raise UnreadableBook("没有这张工作表。请核对工作表名称。", book=self.path, sheet=sheet) from None

    def _rows(self, sheet: str, facts: SheetFacts) -> tuple[dict[int, dict[int, Cell]], int]:
        """The cells by row and column, ascending, and how many are formulas."""
        rows: dict[int, dict[int, Cell]] = {}
        formulas = 0
        for total, (row, column, cell) in enumerate(self._reader.cells(sheet, facts), 1):
            rows.setdefault(row, {})[column] = cell
            formulas += cell.formula is not None
            if total > MOST_CELLS:
                raise Refused(f"有超过 {MOST_CELLS:,} 个有内容的单元格，不予读取")
        return {row: dict(sorted(rows[row].items())) for row in sorted(rows)}, formulas

    def _damaged(self, error: ValueError, sheet: str | None = None) -> UnreadableBook:
        what = str(error) if isinstance(error, Refused) else f"已损坏（{error}）"
        return UnreadableBook(
            f"{self.kind.value} 工作簿{what}。没有读取任何内容；请用 Excel 或 WPS 打开并另存为 .xlsx 后重试。",
            book=self.path,
            sheet=sheet,
        )
