"""Opens a workbook file of any format that perfxl reads, told by its content and not by its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.errors import UnreadableBook, UnwritableBook
from perfxl.workbooks.closed import ClosedWorkbook
from perfxl.workbooks.filekinds import FileKind, kind_without_package, why_no_workbook
from perfxl.workbooks.package import Package, read_file
from perfxl.workbooks.relationships import one_target, relationships

if TYPE_CHECKING:
    from perfxl.workbooks.foreign.sheets import ForeignReader
    from perfxl.workbooks.foreign.workbook import ForeignWorkbook

_MOST_BYTES = 40 << 20  # of a file that is held as a whole and taken apart besides
_USUAL_PART = "xl/workbook.xml"
_OTHER_DOCUMENTS = ("word/", "ppt/")
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"


def open_to_read(path: Path) -> ClosedWorkbook | ForeignWorkbook:
    """Read a file of any format that perfxl reads.

    Raises:
        UnreadableBook: it is no workbook, or is damaged, encrypted, hostile or too large.
    """
    return opened(read_file(path), path)


def opened(raw: bytes, path: Path) -> ClosedWorkbook | ForeignWorkbook:
    """The workbook that was read already, or that lies inside an archive; `path` is for messages.

    Raises:
        UnreadableBook: as `open_to_read`.
    """
    if not raw.startswith(b"PK\x03\x04"):
        kind = kind_without_package(raw)
        if kind is FileKind.OTHER:
            raise UnreadableBook(why_no_workbook(raw), book=path)
        from perfxl.workbooks.foreign.binary_xls import XlsReader

        return _foreign(raw, path, kind, lambda: XlsReader(raw, path))
    package = Package(raw, path)
    if _USUAL_PART in package:
        return ClosedWorkbook.of_package(path, package)
    part = one_target(package, relationships(package, ""), "officeDocument")
    if part is None:
        return _without_workbook_part(raw, path, package)
    if part.startswith(_OTHER_DOCUMENTS):
        raise UnreadableBook("这是 Word 文档或演示文稿，只是扩展名不同。请给出工作簿本身。", book=path)
    if not part.lower().endswith(".bin"):
        return ClosedWorkbook.of_package(path, package)
    package.verify(())
    from perfxl.workbooks.foreign.binary_xlsb import XlsbReader

    return _foreign(raw, path, FileKind.XLSB, lambda: XlsbReader(package, part))


def open_to_write(path: Path, *, to_xlsx: bool = False) -> ClosedWorkbook:
    """Open a file that is to be changed.

    `to_xlsx` tells that the command has the option to convert it first, which the message then names.

    Raises:
        UnreadableBook: as `open_to_read`.
        UnwritableBook: it is of a format that perfxl only reads.
    """
    workbook = opened(read_file(path), path)
    if isinstance(workbook, ClosedWorkbook):
        return workbook
    kind = workbook.kind.value
    todo = "请用 Excel 或 WPS 另存为 .xlsx 后重试"
    if to_xlsx:
        todo += "，或加 --to-xlsx，在原文件旁另存一份 .xlsx 再写（需要 LibreOffice，或 Windows 上的 Excel、WPS）"
    raise UnwritableBook(f"没有写入：{kind} 格式只能读取检查，不能就地改动。文件没有改动。{todo}。", book=path)


def _without_workbook_part(raw: bytes, path: Path, package: Package) -> ClosedWorkbook | ForeignWorkbook:
    kind = package.read("mimetype") if "mimetype" in package else _SPREADSHEET
    if "content.xml" not in package:
        return ClosedWorkbook.of_package(path, package)  # says itself what is missing
    if not kind.startswith(_SPREADSHEET):
        raise UnreadableBook("这是 OpenDocument 的文字文档或演示文稿，不是表格。请给出工作簿本身。", book=path)
    package.verify(())
    from perfxl.workbooks.foreign.opendocument import OdsReader

    return _foreign(raw, path, FileKind.ODS, lambda: OdsReader(package))


def _foreign(raw: bytes, path: Path, kind: FileKind, read: Callable[[], ForeignReader]) -> ForeignWorkbook:
    from perfxl.workbooks.foreign.workbook import ForeignWorkbook

    if len(raw) > _MOST_BYTES:
        reason = f"{kind.value} 文件超过 {_MOST_BYTES >> 20} MB，不予读取。请删去无关的工作表，或另存为 .xlsx 后重试。"
        raise UnreadableBook(reason, book=path)
    return ForeignWorkbook(path, kind, read)
