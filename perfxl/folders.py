"""Folders that are made for what is about to be written into them, and go again where it could not be."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from perfxl.files import write_failure


@contextmanager
def made_for_writing(folder: Path) -> Iterator[None]:
    """Makes a folder, with those above it, for what is written within; where that fails, those that it made and are empty go again.

    Raises:
        UnwritableBook: the folder cannot be made.
    """
    missing = []
    above = folder
    while not os.path.exists(above) and above != above.parent:  # noqa: PTH110 - Path.exists raises for a name too long
        missing.append(above)
        above = above.parent
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise write_failure(error, folder, new=True) from error
        yield
    except BaseException:  # Ctrl-C too must leave nothing behind
        for each in missing:
            with suppress(OSError):
                each.rmdir()
        raise
