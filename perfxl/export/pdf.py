"""Makes a PDF of a document through LibreOffice, where it is installed."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from perfxl.errors import MissingExtra, PerfxlError
from perfxl.programs import OFFICE_HOME, find_office

_TIMEOUT = 180


def as_pdf(document: bytes) -> bytes:
    """The PDF of a Word document, made by LibreOffice in a profile of its own, so that an open one is left alone.

    Raises:
        MissingExtra: LibreOffice is not installed.
        PerfxlError: it made no PDF.
    """
    office = find_office()
    if office is None:
        message = (
            "未能导出 PDF：这台电脑上没有找到 LibreOffice。没有写出文件。"
            "请安装 LibreOffice 后重试，或先导出 .docx，再用 Word 或 WPS 另存为 PDF。"
        )
        raise MissingExtra(message, package="LibreOffice", install=OFFICE_HOME)
    with tempfile.TemporaryDirectory(prefix="perfxl-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / "document.docx"
        source.write_bytes(document)
        command = [
            office,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            "pdf:writer_pdf_Export",
            "--outdir",
            str(folder),
            str(source),
        ]
        try:
            subprocess.run(command, capture_output=True, timeout=_TIMEOUT, check=False)
            return (folder / "document.pdf").read_bytes()
        except (OSError, subprocess.TimeoutExpired) as error:
            message = "未能导出 PDF：LibreOffice 没有生成文件。没有写出文件。请关闭 LibreOffice 后重试，或导出 .docx。"
            raise PerfxlError(message) from error
