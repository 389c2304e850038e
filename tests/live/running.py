"""A LibreOffice for the tests: headless, in a fresh profile, listening on a pipe of its own."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from perfxl.errors import NotReachable
from perfxl.workbooks.live.application import Application, connect
from perfxl.workbooks.live.libreoffice.office import attach

_SECONDS = 60


@contextmanager
def screen() -> Iterator[str]:
    """A screen that nobody sees; gives its name for `DISPLAY`."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=[write])
    try:
        os.close(write)
        with os.fdopen(read) as told:
            yield f":{told.readline().strip()}"
    finally:
        process.terminate()
        process.wait(_SECONDS)


@contextmanager
def running_office(display: str | None = None) -> Iterator[str]:
    """The accept string of an office that runs until the context is left, on a screen where there is one."""
    accept = f"pipe,name=perfxltest{uuid4().hex[:12]}"
    with tempfile.TemporaryDirectory(prefix="perfxl-office-", ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [
                "soffice",
                f"-env:UserInstallation={Path(profile).as_uri()}",
                *(["--headless"] if display is None else []),
                "--norestore",
                "--nologo",
                f"--accept={accept};urp",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | ({} if display is None else {"DISPLAY": display, "SAL_USE_VCLPLUGIN": "gen"}),
        )
        try:
            _wait_for(accept)
            yield accept
        finally:
            with suppress(NotReachable):
                connect("libreoffice", accept).app.quit()
            process.wait(_SECONDS)


def _wait_for(accept: str) -> None:
    deadline = time.monotonic() + _SECONDS
    while True:
        try:
            attach(accept)
        except NotReachable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def close_all(application: Application) -> None:
    """Close every document that is open, changed or not."""
    for book in list(application.app.books):
        book.close()
