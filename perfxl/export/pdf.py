"""Makes a PDF of a document: by LibreOffice where it is installed, else, on Windows, by Word or WPS."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from perfxl.errors import MissingExtra, PerfxlError
from perfxl.programs import OFFICE_HOME, find_office

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


def as_pdf(document: bytes) -> bytes:
    """The PDF of a Word document. LibreOffice makes it in a profile of its own, so that an open one is left alone.

    Raises:
        MissingExtra: no program that can make it is installed.
        PerfxlError: none made one.
    """
    tried = False
    with tempfile.TemporaryDirectory(prefix="perfxl-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / _DOCUMENT).write_bytes(document)
        for command in _commands(folder):
            tried = True
            try:
                subprocess.run(command, capture_output=True, timeout=_TIMEOUT, check=False)
                return (folder / _PDF).read_bytes()
            except (OSError, subprocess.TimeoutExpired):
                continue
    if not tried:
        message = (
            "未能导出 PDF：这台电脑上没有找到 LibreOffice。没有写出文件。"
            "请安装 LibreOffice 后重试，或先导出 .docx，再用 Word 或 WPS 另存为 PDF。"
        )
        raise MissingExtra(message, package="LibreOffice", install=OFFICE_HOME)
    message = "未能导出 PDF：LibreOffice、Word、WPS 都没有生成文件。没有写出文件。请关闭它们后重试，或导出 .docx 再另存为 PDF。"
    raise PerfxlError(message)


def _commands(folder: Path) -> Iterator[Sequence[str]]:
    """What can be tried here, one after the other; each leaves the PDF in the folder."""
    office = find_office()
    if office is not None:
        yield [
            office,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            "pdf:writer_pdf_Export",
            "--outdir",
            str(folder),
            str(folder / _DOCUMENT),
        ]
    shell = shutil.which("powershell") if sys.platform == "win32" else None
    if shell is not None:
        script = folder / "word.ps1"
        script.write_text(_BY_WORD, encoding="utf-8")
        options = ["-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File", str(script)]
        yield [shell, *options, str(folder / _DOCUMENT), str(folder / _PDF)]
