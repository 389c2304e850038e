"""Makes a PDF of a document through LibreOffice, where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from perfxl.errors import MissingExtra, PerfxlError

_NAMES = ("soffice", "libreoffice")
_TIMEOUT = 180
_PLACES = {
    "win32": (
        r"%ProgramFiles%\LibreOffice\program\soffice.exe",
        r"%ProgramFiles(x86)%\LibreOffice\program\soffice.exe",
    ),
    "darwin": ("/Applications/LibreOffice.app/Contents/MacOS/soffice",),
}


def find_office() -> str | None:
    """LibreOffice's program, None where it is not installed."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is not None:
        return found
    places = (os.path.expandvars(place) for place in _PLACES.get(sys.platform, ()))
    return next((place for place in places if Path(place).is_file()), None)


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
        raise MissingExtra(message, package="LibreOffice", install="https://www.libreoffice.org/download/")
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
