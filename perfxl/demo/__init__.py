"""The demo: from a plan to letters, on the workbooks of an invented city, before the user's eyes."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO


def run_demo(folder: Path, stream: TextIO) -> int:
    """Makes the workbooks in `folder`, works on them step by step, and writes to `stream` what happens and what to open.

    Gives the exit status: 0, or 2 where a workbook could not be done besides the one that is broken on purpose.

    Raises:
        UnwritableBook: the folder cannot be written, or a workbook that is not the demo's stands in the place of one; no file is
            changed then, unless the disk fails in between.
    """
    from perfxl.demo.making import BROKEN, make_books
    from perfxl.demo.places import Places
    from perfxl.demo.story import Story
    from perfxl.demo.working import consolidate_scored, score_copies, undo_and_redo

    places = Places(folder)
    story = Story(places, stream)
    made = make_books(places)
    story.tell_plan(made)
    found, done = score_copies(places)
    story.tell_check(found)
    story.tell_score(found, done)
    story.tell_undo(undo_and_redo(places))
    report, written = consolidate_scored(places)
    story.tell_results(report, written)
    story.tell_more(done)
    broken = {str(BROKEN)}
    return 2 if {failure.book for failure in done.failures} - broken else 0
