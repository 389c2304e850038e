"""What a case of a check is: a form with one change, and everything that the checks must say of it."""

from __future__ import annotations

from typing import NamedTuple

from perfxl.checks.facts import FormFacts, facts_of
from perfxl.form.model import Form
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


def error(code: str, cell: str) -> tuple[str, str, str]:
    return code, cell, "error"


def warning(code: str, cell: str) -> tuple[str, str, str]:
    return code, cell, "warning"


def advice(code: str, cell: str) -> tuple[str, str, str]:
    return code, cell, "advice"
