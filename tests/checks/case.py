"""What a case of a check is: a form with one change, and everything that the checks must say of it."""

from __future__ import annotations

from typing import NamedTuple

from perfxl.checks.facts import Expected, FormFacts, Named, facts_of
from perfxl.checks.finding import Place
from perfxl.form.model import Form
from perfxl.form.values import normal
from perfxl.scoring.results import ScoredForm
from tests.forms import scored


class Case(NamedTuple):
    """`code` is the check that the case is about; `finds` is the whole result: code, cell and severity, in order.

    A case in which `code` is not found is a near miss. `profile` are the rules, by name or path.
    """

    code: str
    name: str
    form: Form
    finds: tuple[tuple[str, str, str], ...] = ()
    profile: str = "national-2019"

    @property
    def fires(self) -> bool:
        """The check must find something."""
        return any(code == self.code for code, _, _ in self.finds)

    @property
    def scored(self) -> ScoredForm:
        """The form with its scores."""
        return scored(self.form, self.profile)


class AcrossCase(NamedTuple):
    """Some forms, and everything that the checks across forms must say of them: code and places as `book!cell`."""

    code: str
    name: str
    forms: tuple[Form, ...]
    finds: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def fires(self) -> bool:
        """The check must find something."""
        return any(code == self.code for code, _ in self.finds)

    @property
    def facts(self) -> list[FormFacts]:
        """The facts of the forms."""
        return [facts_of(scored(form)) for form in self.forms]


class ListCase(NamedTuple):
    """Some forms and a list of those expected (department, project, year), and the cells of all that must be said: `A2` is the
    first of the list."""

    code: str
    name: str
    forms: tuple[Form, ...]
    entries: tuple[tuple[str | None, str | None, int | None], ...]
    finds: tuple[tuple[str, ...], ...] = ()

    @property
    def fires(self) -> bool:
        """The check must find something."""
        return bool(self.finds)

    @property
    def facts(self) -> list[FormFacts]:
        """The facts of the forms."""
        return [facts_of(scored(form)) for form in self.forms]

    @property
    def expected(self) -> list[Expected]:
        """The list."""
        return [
            Expected(_listed(department), None, _listed(project), year, Place("清单.xlsx", "清单", 1, f"A{row}"))
            for row, (department, project, year) in enumerate(self.entries, 2)
        ]


def _listed(name: str | None) -> Named | None:
    return None if name is None else Named(normal(name), name, None, "")


def error(code: str, cell: str) -> tuple[str, str, str]:
    return code, cell, "error"


def warning(code: str, cell: str) -> tuple[str, str, str]:
    return code, cell, "warning"


def advice(code: str, cell: str) -> tuple[str, str, str]:
    return code, cell, "advice"
