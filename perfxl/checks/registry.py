"""Knows the checks, runs them over one form, and turns their faults into findings.

A check is a function that looks at one scored form and yields faults; what it says stands in `texts/CODE.toml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from perfxl.checks.finding import Finding
from perfxl.checks.texts import load_text
from perfxl.errors import BadSettings

if TYPE_CHECKING:
    from perfxl.checks.finding import Severity
    from perfxl.form.model import Form
    from perfxl.grid.address import Ref
    from perfxl.scoring.results import ScoredForm


class Fault:
    """What a check yields: the cell, what stands there, what should (None where nobody but a person can say).

    `variant` picks the message, `severity` replaces the check's own, `facts` fill the message's placeholders.
    """

    __slots__ = ("at", "expected", "facts", "found", "severity", "variant")

    def __init__(
        self,
        at: Ref,
        found: str,
        expected: str | None = None,
        *,
        variant: str = "default",
        severity: Severity | None = None,
        **facts: str,
    ) -> None:
        self.at = at
        self.found = found
        self.expected = expected
        self.variant = variant
        self.severity = severity
        self.facts = facts


FormCheck = Callable[["ScoredForm"], Iterator[Fault]]

_FAMILIES = ("FRM", "FND", "IND", "SCR", "EXP", "XBK")  # the order in which people read them
_FORM_CHECKS: dict[str, FormCheck] = {}


def check(code: str) -> Callable[[FormCheck], FormCheck]:
    """Registers a check of one form under its code."""

    def register(function: FormCheck) -> FormCheck:
        if code in _FORM_CHECKS:
            raise ValueError(f"{code} is taken by {_FORM_CHECKS[code].__name__}")
        _FORM_CHECKS[code] = function
        return function

    return register


def codes() -> list[str]:
    """The codes of all checks: form, funds, indicators, scores, reasons, then by number."""
    return sorted(_FORM_CHECKS, key=lambda code: (_FAMILIES.index(code[:3]), code))


def check_function(code: str) -> FormCheck:
    """The function that is registered under a code."""
    return _FORM_CHECKS[known(code)]


def known(code: str) -> str:
    """The code itself, capitals restored.

    Raises:
        BadSettings: no check has it; the message names near ones.
    """
    wanted = code.strip().upper()
    if wanted in _FORM_CHECKS:
        return wanted
    from difflib import get_close_matches

    near = get_close_matches(wanted, codes(), n=3, cutoff=0.6)
    hint = f"是否想写 {'、'.join(near)}？" if near else ""
    raise BadSettings(f"没有代码为“{code}”的检查。{hint}用 perfxl explain list 可列出全部代码。", key=code)


def run_checks(
    scored: ScoredForm, *, select: Iterable[str] | None = None, ignore: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """What the checks find in one form, by row, column and code.

    `select` leaves only the checks named (None: all), `ignore` leaves those named out.

    Raises:
        BadSettings: a code of `select` or `ignore` is no check's.
    """
    chosen = set(_FORM_CHECKS) if select is None else {known(code) for code in select}
    chosen -= {known(code) for code in ignore}
    hidden = _hidden_rows(scored.form)
    found = [_finding(code, fault, hidden) for code in chosen for fault in _FORM_CHECKS[code](scored)]
    return tuple(sorted(found, key=lambda finding: (finding.at, finding.code)))


def _hidden_rows(form: Form) -> frozenset[int]:
    rows = {line.label.at.row for line in form.funds if line.hidden}
    return frozenset(rows.union(row.row for row in form.indicators if row.hidden))


def _finding(code: str, fault: Fault, hidden: frozenset[int]) -> Finding:
    text = load_text(code)
    place = f"{fault.at.a1}，隐藏行" if fault.at.row in hidden else fault.at.a1
    facts = {**fault.facts, "found": fault.found, "expected": fault.expected or "", "cell": place}
    return Finding(
        code=code,
        name=text.name,
        severity=fault.severity or text.severity,
        at=fault.at,
        found=fault.found,
        expected=fault.expected,
        message=text.messages[fault.variant].format_map(facts),
        facts=facts,
    )
