"""A LibreOffice for the tests: headless, in a fresh profile, listening on a pipe of its own."""

from __future__ import annotations

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
def running_office() -> Iterator[str]:
    """The accept string of an office that runs until the context is left."""
    accept = f"pipe,name=perfxltest{uuid4().hex[:12]}"
    with tempfile.TemporaryDirectory(prefix="perfxl-office-", ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [
                "soffice",
                f"-env:UserInstallation={Path(profile).as_uri()}",
                "--headless",
                "--norestore",
                "--nologo",
                f"--accept={accept};urp",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
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
