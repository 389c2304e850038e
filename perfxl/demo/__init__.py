"""The demo: sample workbooks of five departments, checked and scored before the user's eyes.

The samples lie under 原件 as they came; what is worked on are copies under 计算后. A second run makes both anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import TextIO
from zipfile import BadZipFile, ZipFile

from perfxl.errors import UnwritableBook
from perfxl.files import owner_file, replace_file, write_failure
from perfxl.sources import Book

ORIGINALS = "原件"
SCORED = "计算后"


def run_demo(folder: Path, stream: TextIO) -> int:
    """Makes the samples in `folder`, checks and scores the copies, and writes to `stream` what was wrong, what was put right and
    where to look. Gives the exit status: 0, or 2 where a sample could not be done.

    Raises:
        UnwritableBook: the folder cannot be written, or a file that is not the demo's stands in the place of a sample.
    """
    from perfxl.demo.story import tell
    from perfxl.workflows import Options, check_books, score_books

    books = make_samples(folder)
    found = check_books(books, Options())
    done = score_books(books, Options())
    tell(folder, found, done, stream)
    return 2 if done.failures else 0


def make_samples(folder: Path) -> list[Book]:
    """Writes each sample twice, as original and as the copy to work on; gives the copies, named by their path below 计算后.

    Raises:
        UnwritableBook: as `run_demo`; no file is changed then, unless the disk fails in between.
    """
    from perfxl.demo.books import draw_book
    from perfxl.demo.samples import load_samples

    samples = [(sample.path, draw_book(sample)) for sample in load_samples()]
    places = [(folder / part / path, data) for part in (ORIGINALS, SCORED) for path, data in samples]
    for place, _ in places:
        _refuse_foreign(place)
    for place, data in places:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise write_failure(error, place.parent, new=True) from error
        replace_file(place, data, fsync=False)
    return [Book(folder / SCORED / path, str(path)) for path, _ in samples]


def _refuse_foreign(place: Path) -> None:
    """A workbook that someone put there is not overwritten, nor one that is open in a spreadsheet program."""
    owner = owner_file(place)
    if owner is not None:
        raise UnwritableBook(f"未能重新生成样例：文件正由“{owner}”打开。所有文件都没有改动。请关闭后重试。", book=place)
    if place.exists() and not _is_sample(place):
        raise UnwritableBook(
            "未能生成样例：这里已有同名的文件，不是演示生成的。所有文件都没有改动。请换一个文件夹，或先移走这个文件。",
            book=place,
        )


def _is_sample(place: Path) -> bool:
    from perfxl.demo.books import MARK

    try:
        with ZipFile(place) as package:
            return MARK.encode() in package.read("docProps/custom.xml")
    except (OSError, BadZipFile, KeyError):
        return False
