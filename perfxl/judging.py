"""How the forms of a workbook are judged: which sheets hold any, by which rules and checks, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from perfxl.checks import Choice, run_checks
from perfxl.errors import PerfxlError
from perfxl.form.labels import is_name_label
from perfxl.form.reader import read_forms
from perfxl.marking import is_results, is_title
from perfxl.outcome import JudgedForm
from perfxl.scoring import score_form
from perfxl.scoring.choice import choose_profile
from perfxl.scoring.results import ScoredForm
from perfxl.settings import settings_for
from perfxl.workbooks.port import Readable

if TYPE_CHECKING:
    from perfxl.form.model import Form
    from perfxl.grid.cells import Grid
    from perfxl.settings import Settings
    from perfxl.sources import Book

NO_FORM = (
    "没有找到自评表：没有一行表头同时写有“三级指标”（或“指标名称”）和另外两个栏名。"
    "申报表、目标表、监控表没有完成值和得分两栏的，不算自评表。"
)
"""What a user is told of a workbook without a form."""


class Judgement(NamedTuple):
    """How the forms of one book are judged: the command line's choices over those of the settings file that holds for it."""

    profile: str | None
    profile_from: str
    settings: Settings
    checks: Choice

    @classmethod
    def of(cls, book: Path, profile: str | None = None, checks: Choice = Choice()) -> Judgement:  # noqa: B008  (a tuple)
        """How the forms of this book are judged where the command line names this profile and these checks.

        Raises:
            BadSettings: the settings file that holds for it is not as it must be.
        """
        settings = settings_for(book)
        named = profile or settings.profile
        where = "选项 --profile" if profile is not None else f"设置文件 {settings.path}"
        return cls(named, where, settings, settings.choice(checks))


def judge(workbook: Readable, name: str, how: Judgement, *, all_checks: bool = False) -> list[JudgedForm]:
    """The forms of a workbook as they stand, scored and checked; `all_checks` runs also those left out."""
    out = []
    choice = Choice() if all_checks else how.checks
    for sheet in _telling_sheets(workbook):
        grid = workbook.grid(sheet)
        for form in [] if is_results(grid) else read_forms(grid, name):
            if form.looks_ahead:
                continue
            profile, reason = choose_profile(form, how.profile, how.profile_from)
            profile = how.settings.with_grades(profile)
            scored = ScoredForm(form, profile, reason, score_form(form, profile))
            out.append(JudgedForm(scored, run_checks(scored, choice)))
    return out


def sheets_with_forms(books: Iterable[Book]) -> Iterator[tuple[str, Grid, list[Form]]]:
    """Each sheet of the workbooks with the forms read from it; a workbook that cannot be read is left to `check_books`."""
    from perfxl.workbooks.opening import open_to_read

    for book in books:
        try:
            workbook = open_to_read(book.path)
            grids = [workbook.grid(sheet) for sheet in _telling_sheets(workbook)]
        except PerfxlError:
            continue
        for grid in grids:
            yield book.name, grid, [] if is_results(grid) else read_forms(grid, book.name)


def results_sheet(workbook: Readable) -> str | None:
    """The sheet that holds perfxl's results, told by what stands in it."""
    return next((sheet for sheet in _telling_sheets(workbook) if is_results(workbook.grid(sheet))), None)


def _telling_sheets(workbook: Readable) -> list[str]:
    """The sheets that may hold a form or results."""
    return [sheet for sheet in workbook.sheet_names if workbook.may_hold(sheet, _tells)]


def _tells(text: str) -> bool:
    """Whether a text is one without which a sheet holds neither a form nor results."""
    return is_name_label(text) or is_title(text)
