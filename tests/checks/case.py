"""What a case of a check is: a form with one change, and everything that the checks must say of it."""

from __future__ import annotations

from typing import NamedTuple

from perfxl.form.model import Form


class Case(NamedTuple):
    """`code` is the check that the case is about; `finds` is the whole result: code, cell and severity, in order.

    A case in which `code` is not found is a near miss.
    """

    code: str
    name: str
    form: Form
    finds: tuple[tuple[str, str, str], ...] = ()

    @property
    def fires(self) -> bool:
        """The check must find something."""
        return any(code == self.code for code, _, _ in self.finds)


def error(code: str, cell: str) -> tuple[str, str, str]:
    return code, cell, "error"


def warning(code: str, cell: str) -> tuple[str, str, str]:
    return code, cell, "warning"


def advice(code: str, cell: str) -> tuple[str, str, str]:
    return code, cell, "advice"
