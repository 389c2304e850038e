"""What perfxl raises when the work cannot be done.

A wrong form is a finding, not an error. Every error keeps its facts as attributes, and its text is a Chinese message for
the user: what could not be done, to which file, why, what is unchanged, what to do.
"""

from __future__ import annotations

from pathlib import Path


class PerfxlError(Exception):
    """The work cannot be done.

    Attributes:
        message: what is wrong and what to do, in Chinese, without the file's name.
        book: the workbook it is about, where there is one.
        sheet: the worksheet, where there is one.
        cell: the cell in A1 form, where there is one.
    """

    def __init__(
        self,
        message: str,
        *,
        book: Path | str | None = None,
        sheet: str | None = None,
        cell: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.book = None if book is None else str(book)
        self.sheet = sheet
        self.cell = cell

    @property
    def reason(self) -> str:
        """The message with sheet and cell, without the file: for lists that name the file themselves."""
        place = "".join([f"工作表“{self.sheet}”" if self.sheet else "", f"单元格 {self.cell}" if self.cell else ""])
        return f"{place}：{self.message}" if place else self.message

    def __str__(self) -> str:
        return f"“{self.book}”：{self.reason}" if self.book else self.reason


def technical_details(error: BaseException) -> str:
    """What a programmer wants to know: of an error of perfxl's own kind what caused it, of any other where it came from."""
    if isinstance(error, PerfxlError):
        causes = []
        cause = error.__cause__
        while cause is not None:
            causes.append(f"{type(cause).__name__}: {cause}")
            cause = cause.__cause__
        return "\n".join(causes)
    from traceback import format_exception  # reads sources: only where something went wrong

    return "".join(format_exception(error))


def unforeseen(error: Exception) -> str:
    """What to tell the user of an error that nobody foresaw: a mistake of perfxl's own, or memory that the system does not give."""
    if isinstance(error, MemoryError):
        return "内存不够，没有处理完这个文件。请关闭其他程序，或删去文件中无关的工作表后重试。"
    return (
        "perfxl 自身出错，没有处理完这个文件；这不是表的问题。文件没有改动；如果已经写入，写入的是完整的，可用 perfxl undo 退回。"
        "请对这个文件运行 perfxl check --verbose，把所示技术细节连同文件发给维护人员。"
    )


def unforeseen_in_run(error: Exception) -> str:
    """What to tell the user of an error that nobody foresaw outside of the work on one book."""
    kept = "已经写出的文件是完整的，其余没有改动。"
    if isinstance(error, MemoryError):
        return f"内存不够，没有做完。{kept}请关闭其他程序，或分几次处理。"
    if isinstance(error, OSError) and error.filename is not None:
        return f"“{error.filename}”：系统拒绝读写（错误号 {error.errno}），没有做完。{kept}请检查路径、权限和磁盘。"
    return f"perfxl 自身出错，没有做完；这不是表的问题。{kept}请加 --verbose 再运行一次，把所示技术细节发给维护人员。"


class UnreadableBook(PerfxlError):
    """The file is no workbook that perfxl reads: damaged, encrypted, another format, hostile, too large."""


class UnwritableBook(PerfxlError):
    """The workbook can be read but must not or cannot be changed: open elsewhere, read-only, signed, changed meanwhile."""


class NothingToUndo(PerfxlError):
    """There is no step to take back, or the workbook was saved by someone else since."""


class BadSettings(PerfxlError):
    """A rule profile, a label file or an option is not as it must be.

    Attributes:
        key: the key or option at fault, where there is one.
    """

    def __init__(self, message: str, *, book: Path | str | None = None, key: str | None = None) -> None:
        super().__init__(message, book=book)
        self.key = key


class MissingExtra(PerfxlError):
    """A package that this job needs is not installed.

    Attributes:
        package: its name.
        install: the command that installs it.
    """

    def __init__(self, message: str, *, package: str, install: str) -> None:
        super().__init__(message)
        self.package = package
        self.install = install


class NotReachable(PerfxlError):
    """The spreadsheet program, or the workbook in it, is not open, does not answer, or cannot be told from others."""
