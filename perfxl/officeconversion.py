"""Converts documents by LibreOffice: in a profile of its own, so that an open one is left alone, and with all that runs or fetches shut off."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from perfxl.programs import find_office

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""


_ROOM = 1 << 16  # bytes; less is left only where a disk has filled: the profile alone takes several times as much


class NoOffice(Exception):
    """LibreOffice is not installed."""


class NotConverted(Exception):
    """LibreOffice made no file, or took too long."""


class NoRoom(NotConverted):
    """The folder for temporary files is full, so that what was made there, if anything, is not whole.

    Attributes:
        folder: that folder.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(f"no room left in {folder}")
        self.folder = folder


def convert(document: bytes, suffix: str, to: str, *, timeout: float) -> bytes:
    """The document in another format.

    `suffix` is that of the document (`.xls`), `to` LibreOffice's own notation of the format wanted, an extension with a filter
    (`pdf:writer_pdf_Export`); `timeout` is in seconds.

    Raises:
        NoOffice: there is no LibreOffice.
        NoRoom: the folder for temporary files is full.
        NotConverted: it made no file in time.
    """
    office = find_office()
    if office is None:
        raise NoOffice
    with tempfile.TemporaryDirectory(prefix="perfxl-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        source = folder / f"document{suffix}"
        written = folder / "converted" / f"document.{to.partition(':')[0]}"
        try:
            settings.parent.mkdir(parents=True)
            settings.write_text(_SETTINGS, encoding="utf-8")
            source.write_bytes(document)
            profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
            options = ["--headless", "--norestore", "--convert-to", to, "--outdir", str(written.parent)]
            _run([office, profile, *options, str(source)], folder, timeout)
            converted = written.read_bytes()
        except (OSError, subprocess.TimeoutExpired) as error:
            _refuse_without_room(folder)
            raise NotConverted(str(error)) from error
        _refuse_without_room(folder)
        return converted


def _refuse_without_room(folder: Path) -> None:
    """LibreOffice says nothing of a disk that fills, and ends as if all was well: a file that was cut short lies there then."""
    if shutil.disk_usage(folder).free < _ROOM:
        raise NoRoom(folder.parent)


def _run(command: list[str], scratch: Path, timeout: float) -> None:
    """Runs a program; its children end with it when the time is over, or when the user stops the run."""
    quiet = subprocess.DEVNULL
    # What it leaves when it is ended goes with the folder; the user's own one may be full.
    environment = {**os.environ, "TMPDIR": str(scratch), "TEMP": str(scratch), "TMP": str(scratch)}
    process = subprocess.Popen(
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True, env=environment
    )
    try:
        process.wait(timeout)
    except BaseException:
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
