"""What one run over workbooks gives: the shapes that reports and other programs read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from perfxl.checks.finding import AcrossFinding, Finding, Severity
from perfxl.scoring.results import ScoredForm


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that was (or with `--dry-run` would be) changed.

    `before` and `after` are as printed, "" for an empty cell; `after` is None for a formula whose stored value was taken away.
    `why` is a check's code, or `recalculated`.
    """

    book: str
    sheet: str
    cell: str
    before: str
    after: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A workbook for which the work could not be done, and why; `details` is what a programmer wants to know of it."""

    book: str
    error: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class JudgedForm:
    """A form with its scores and findings, as it stands after the run."""

    scored: ScoredForm
    findings: tuple[Finding, ...]


class SourceCell(NamedTuple):
    """A cell of a source: the workbook as it was named, the sheet, the address."""

    book: str
    sheet: str
    cell: str


class Disagreement(Enum):
    """How a form and a source of `populate` disagree; nothing was taken over."""

    VALUE_DIFFERS = "value-differs"
    PROJECT_NAME_NEAR = "project-name-near"
    INDICATOR_NAME_NEAR = "indicator-name-near"
    YEAR_DIFFERS = "year-differs"
    NOT_IN_SOURCES = "project-not-in-sources"


@dataclass(frozen=True, slots=True)
class SourceFinding:
    """A place where a form and a source disagree.

    `cell` is the form's, in A1 form; `found` is what stands there and `expected` what the source says, both as printed (None where no
    source speaks of the project, and then `source` is None too). `message` is the whole Chinese message.
    """

    kind: Disagreement
    severity: Severity
    book: str
    sheet: str
    cell: str
    found: str
    expected: str | None
    source: SourceCell | None
    message: str


@dataclass(slots=True)
class Outcome:
    """The outcome of a run: forms, changes and failures, in the order of the books given; `notes` are things a user should
    know about a book (no form in it, links that are not followed), as (book, text); `across` is what only several forms
    together show; `disagreements` are those between forms and sources, None where no sources were given; `open_book` tells that the
    book stands open in a program."""

    forms: list[JudgedForm] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    books: int = 0
    dry_run: bool = False
    open_book: bool = False
    across: tuple[AcrossFinding, ...] = ()
    disagreements: list[SourceFinding] | None = None

    @property
    def exit_status(self) -> int:
        """0 nothing wrong, 1 errors remain, 2 the work could not be done for at least one file."""
        if self.failures:
            return 2
        return 1 if Severity.ERROR in self.severities() else 0

    def severities(self) -> Iterator[Severity]:
        """The severity of each finding, in the forms and across them."""
        for form in self.forms:
            yield from (finding.severity for finding in form.findings)
        yield from (finding.severity for finding in self.across)
