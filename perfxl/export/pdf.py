"""Makes a PDF of a document: by LibreOffice where it is installed, else, on Windows, by Word or WPS."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from perfxl.errors import MissingExtra, PerfxlError
from perfxl.officeconversion import NoOffice, NoRoom, NotConverted, convert
from perfxl.programs import OFFICE_HOME

_TIMEOUT = 180
_DOCUMENT, _PDF = "document.docx", "document.pdf"
# What Windows itself can ask of Word and of WPS, which answers to the same calls. A program that has documents of the user's open
# is left running. 17 is Word's number for a PDF.
_BY_WORD = """$ErrorActionPreference = 'Stop'
foreach ($name in 'Word.Application', 'KWPS.Application') {
  try { $program = New-Object -ComObject $name } catch { continue }
  try {
    $document = $program.Documents.Open($args[0], $false, $true)
    $document.ExportAsFixedFormat($args[1], 17)
    $document.Close($false)
    exit 0
  } finally { if ($program.Documents.Count -eq 0) { $program.Quit() } }
}
exit 1
"""


def as_pdf(document: bytes, out: Path) -> bytes:
    """The PDF of a Word document; `out` is the file that it is for, in messages.

    Raises:
        MissingExtra: no program that can make it is installed.
        PerfxlError: none made one.
    """
    tried = False
    for make in (_by_office, _by_word):
        try:
            return make(document)
        except NoOffice:
            continue
        except NoRoom as error:
            message = (
                f"未能导出 PDF：临时文件夹“{error.folder}”所在的磁盘已满。没有写出文件。"
                "请腾出空间，或用环境变量 TMPDIR 另指一个文件夹，然后重试。"
            )
            raise PerfxlError(message, book=out) from error
        except NotConverted:
            tried = True
    if not tried:
        message = (
            "未能导出 PDF：这台电脑上没有找到 LibreOffice。没有写出文件。"
            "请安装 LibreOffice 后重试，或先导出 .docx，再用 Word 或 WPS 另存为 PDF。"
        )
        raise MissingExtra(message, package="LibreOffice", install=OFFICE_HOME)
    message = "未能导出 PDF：LibreOffice、Word、WPS 都没有生成文件。没有写出文件。请关闭它们后重试，或导出 .docx 再另存为 PDF。"
    raise PerfxlError(message, book=out)


def _by_office(document: bytes) -> bytes:
    return convert(document, ".docx", "pdf:writer_pdf_Export", timeout=_TIMEOUT)


def _by_word(document: bytes) -> bytes:
    """By the program of Windows that Word and WPS answer to."""
    shell = shutil.which("powershell") if sys.platform == "win32" else None
    if shell is None:
        raise NoOffice
    with tempfile.TemporaryDirectory(prefix="perfxl-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        script = folder / "word.ps1"
        options = ["-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File", str(script)]
        try:
            (folder / _DOCUMENT).write_bytes(document)
            script.write_text(_BY_WORD, encoding="utf-8")
            command = [shell, *options, str(folder / _DOCUMENT), str(folder / _PDF)]
            subprocess.run(command, capture_output=True, timeout=_TIMEOUT, check=False)
            return (folder / _PDF).read_bytes()
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotConverted(str(error)) from error
