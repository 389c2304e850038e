"""Where the demo puts its files, and which of the files there are its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from perfxl.consolidate.store import read_store
from perfxl.errors import PerfxlError, UnwritableBook
from perfxl.files import replace_file, write_failure
from perfxl.ownerfiles import owner_file
from perfxl.workbooks.package import Package

# A document property by which the demo knows its own workbooks again: it stays when Excel, WPS or LibreOffice saves them.
MARK = "perfxl-demo"
PROPERTIES = {MARK: "1"}
_MARKED = f'name="{MARK}"'.encode()
_PROPERTIES_PART = "docProps/custom.xml"


class Places:
    """The folders and files of a demo, one folder a step."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the user's."""
        self.folder = folder
        self.plans = folder / "1-计划"
        self.plan = self.plans / "计划表.xlsx"
        self.ledger = self.plans / "执行情况表.xlsx"
        self.expected = self.plans / "应报清单.xlsx"
        self.forms = folder / "2-生成的表"
        self.handed_in = folder / "3-报送"
        self.scored = folder / "4-计算后"
        self.results = folder / "5-汇总"
        self.store = self.results / "汇总.duckdb"
        self.summary = self.results / "汇总表.xlsx"
        self.page = self.results / "报告.html"
        self.letters = self.results / "退回修改意见"

    def clear(self, broken: Path) -> None:
        """Takes the workbooks of an earlier demo away, and its store; `broken` is the one that no program can open, within its step.

        Raises:
            UnwritableBook: something that is not the demo's stands in the place of a workbook, or one is open; nothing is changed then.
        """
        own = list(self._own(broken))
        for path in own:
            owner = owner_file(path)
            if owner is not None:
                message = f"未能重新生成样例：文件正由“{owner}”打开。所有文件都没有改动。请关闭后重试。"
                raise UnwritableBook(message, book=path)
        for path in own:
            path.unlink()

    def _own(self, broken: Path) -> Iterator[Path]:
        for step in (self.plans, self.forms, self.handed_in, self.scored):
            for path in sorted(step.rglob("*.xls[xm]")):
                if path.name.startswith(("~$", ".~")):
                    continue
                if not _is_own(path) and path.relative_to(step) != broken:
                    message = "未能生成样例：这里有不是演示生成的工作簿。所有文件都没有改动。请换一个文件夹，或先移走这个文件。"
                    raise UnwritableBook(message, book=path)
                yield path
        if self.store.exists():
            with read_store(self.store):  # refused where it is none
                pass
            yield self.store


def write(path: Path, data: bytes) -> None:
    """Writes a file of the demo, its folder too.

    Raises:
        UnwritableBook: the system refuses.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_failure(error, path.parent, new=True) from error
    replace_file(path, data, fsync=False)


def date(path: Path, day: int) -> None:
    """Sets a file's time of change to a day (seconds since 1970), so that each demo shows the same dates."""
    os.utime(path, (day, day))


def _is_own(path: Path) -> bool:
    try:
        package = Package.open(path)
        return _PROPERTIES_PART in package and _MARKED in package.read(_PROPERTIES_PART)
    except (PerfxlError, OSError):
        return False
