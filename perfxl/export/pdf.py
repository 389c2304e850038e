"""Makes a PDF of a document through LibreOffice, where it is installed."""

from __future__ import annotations

from perfxl.errors import MissingExtra, PerfxlError
from perfxl.officeconversion import NoOffice, NotConverted, convert
from perfxl.programs import OFFICE_HOME

_TIMEOUT = 180


def as_pdf(document: bytes) -> bytes:
    """The PDF of a Word document, made by LibreOffice.

    Raises:
        MissingExtra: LibreOffice is not installed.
        PerfxlError: it made no PDF.
    """
    try:
        return convert(document, ".docx", "pdf:writer_pdf_Export", timeout=_TIMEOUT)
    except NoOffice as error:
        message = (
            "未能导出 PDF：这台电脑上没有找到 LibreOffice。没有写出文件。"
            "请安装 LibreOffice 后重试，或先导出 .docx，再用 Word 或 WPS 另存为 PDF。"
        )
        raise MissingExtra(message, package="LibreOffice", install=OFFICE_HOME) from error
    except NotConverted as error:
        message = "未能导出 PDF：LibreOffice 没有生成文件。没有写出文件。请关闭 LibreOffice 后重试，或导出 .docx。"
        raise PerfxlError(message) from error
