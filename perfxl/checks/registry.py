"""Knows the checks, runs them, and turns their faults into findings.

A check is a function that looks at one scored form and yields faults, or at the facts of all forms of a run; what it
says stands in `texts/CODE.toml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from perfxl.checks.finding import AcrossFinding, Finding, Severity
from perfxl.checks.texts import load_text
from perfxl.errors import BadSettings

if TYPE_CHECKING:
    from perfxl.checks.facts import Expected, FormFacts
    from perfxl.checks.finding import Place
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


class AcrossFault:
    """What a check across forms yields: the cells, what stands there, what should; the rest is as in `Fault`."""

    __slots__ = ("expected", "facts", "found", "places", "variant")

    def __init__(
        self,
        places: Iterable[Place],
        found: str,
        expected: str | None = None,
        *,
        variant: str = "default",
        **facts: str,
    ) -> None:
        self.places = tuple(places)
        self.found = found
        self.expected = expected
        self.variant = variant
        self.facts = facts


FormCheck = Callable[["ScoredForm"], Iterator[Fault]]
AcrossCheck = Callable[["Sequence[FormFacts]"], Iterator[AcrossFault]]
ListCheck = Callable[["Sequence[FormFacts]", "Sequence[Expected]"], Iterator[AcrossFault]]

_FAMILIES = ("FRM", "FND", "IND", "SCR", "EXP", "XBK")  # the order in which people read them
_FORM_CHECKS: dict[str, FormCheck] = {}
_ACROSS_CHECKS: dict[str, AcrossCheck] = {}
_LIST_CHECKS: dict[str, ListCheck] = {}


def check(code: str) -> Callable[[FormCheck], FormCheck]:
    """Registers a check of one form under its code."""

    def register(function: FormCheck) -> FormCheck:
        if code in _FORM_CHECKS:
            raise ValueError(f"{code} is taken by {_FORM_CHECKS[code].__name__}")
        _FORM_CHECKS[code] = function
        return function

    return register


def across_check(code: str) -> Callable[[AcrossCheck], AcrossCheck]:
    """Registers a check over the facts of all forms of a run; a code may have one of each kind."""

    def register(function: AcrossCheck) -> AcrossCheck:
        if code in _ACROSS_CHECKS:
            raise ValueError(f"{code} is taken by {_ACROSS_CHECKS[code].__name__}")
        _ACROSS_CHECKS[code] = function
        return function

    return register


def list_check(code: str) -> Callable[[ListCheck], ListCheck]:
    """Registers a check of the forms of a run against a list of those expected."""

    def register(function: ListCheck) -> ListCheck:
        if code in _LIST_CHECKS:
            raise ValueError(f"{code} is taken by {_LIST_CHECKS[code].__name__}")
        _LIST_CHECKS[code] = function
        return function

    return register


def codes() -> list[str]:
    """The codes of all checks: form, funds, indicators, scores, reasons, across forms, then by number."""
    return sorted({*_FORM_CHECKS, *_ACROSS_CHECKS, *_LIST_CHECKS}, key=lambda code: (_FAMILIES.index(code[:3]), code))


def form_checks() -> dict[str, FormCheck]:
    """The checks of one form, by code."""
    return dict(_FORM_CHECKS)


def across_checks() -> dict[str, AcrossCheck]:
    """The checks across forms, by code."""
    return dict(_ACROSS_CHECKS)


def list_checks() -> dict[str, ListCheck]:
    """The checks against a list of those expected, by code."""
    return dict(_LIST_CHECKS)


def known(code: str) -> str:
    """The code itself, capitals restored.

    Raises:
        BadSettings: no check has it; the message names near ones.
    """
    wanted = code.strip().upper()
    if wanted in codes():
        return wanted
    from difflib import get_close_matches

    near = get_close_matches(wanted, codes(), n=3, cutoff=0.6)
    hint = f"是否想写 {'、'.join(near)}？" if near else ""
    raise BadSettings(f"没有代码为“{code}”的检查。{hint}用 perfxl explain list 可列出全部代码。", key=code)


class Choice(NamedTuple):
    """Which checks run, and how grave their findings are.

    `select` leaves only the codes named (None: all), `ignore` leaves those named out; `severities` replace the checks'
    own by code, whatever the fault.
    """

    select: frozenset[str] | None = None
    ignore: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = MappingProxyType({})

    def runs(self, code: str) -> bool:
        """Whether the check of this code runs."""
        return code not in self.ignore and (self.select is None or code in self.select)

    def severity(self, code: str, own: Severity) -> Severity:
        """The severity of a finding that would have its `own`."""
        return self.severities.get(code, own)


ALL_CHECKS = Choice()


def choose(select: Iterable[str] | None = None, ignore: Iterable[str] = ()) -> Choice:
    """The choice of checks by codes as people write them.

    Raises:
        BadSettings: a code is no check's.
    """
    return Choice(None if select is None else frozenset(map(known, select)), frozenset(map(known, ignore)))


def run_checks(scored: ScoredForm, choice: Choice = ALL_CHECKS) -> tuple[Finding, ...]:
    """What the checks find in one form, by row, column and code."""
    faults = [
        (fault, code) for code, function in _FORM_CHECKS.items() if choice.runs(code) for fault in function(scored)
    ]
    if not faults:
        return ()
    hidden = _hidden_rows(scored.form)
    found = [_finding(code, fault, hidden, choice) for fault, code in faults]
    return tuple(sorted(found, key=lambda finding: (finding.at, finding.code)))


def run_across_checks(facts: Sequence[FormFacts], choice: Choice = ALL_CHECKS) -> tuple[AcrossFinding, ...]:
    """What the checks find across the forms whose facts these are, by code and first place."""
    return tuple(
        _across_finding(code, fault, choice)
        for code in codes()
        if code in _ACROSS_CHECKS and choice.runs(code)
        for fault in _ACROSS_CHECKS[code](facts)
    )


def run_list_checks(
    facts: Sequence[FormFacts], expected: Sequence[Expected], choice: Choice = ALL_CHECKS
) -> tuple[AcrossFinding, ...]:
    """What the checks find missing among these forms, in the order of the list."""
    return tuple(
        _across_finding(code, fault, choice)
        for code, function in _LIST_CHECKS.items()
        if choice.runs(code)
        for fault in function(facts, expected)
    )


def _hidden_rows(form: Form) -> frozenset[int]:
    rows = {line.label.at.row for line in form.funds if line.hidden}
    return frozenset(rows.union(row.row for row in form.indicators if row.hidden))


def _finding(code: str, fault: Fault, hidden: frozenset[int], choice: Choice) -> Finding:
    text = load_text(code)
    place = f"{fault.at.a1}，隐藏行" if fault.at.row in hidden else fault.at.a1
    facts = {**fault.facts, "found": fault.found, "expected": fault.expected or "", "cell": place}
    return Finding(
        code=code,
        name=text.name,
        severity=choice.severity(code, fault.severity or text.severity),
        at=fault.at,
        found=fault.found,
        expected=fault.expected,
        message=text.messages[fault.variant].format_map(facts),
        facts=facts,
    )


_PLACES_NAMED = 3


def _across_finding(code: str, fault: AcrossFault, choice: Choice) -> AcrossFinding:
    text = load_text(code)
    named = [f"{_file_name(place.book)} {place.sheet}!{place.cell}" for place in fault.places[:_PLACES_NAMED]]
    more = f" 等 {len(fault.places)} 处" if len(fault.places) > _PLACES_NAMED else ""
    facts = {**fault.facts, "found": fault.found, "expected": fault.expected or "", "cell": "、".join(named) + more}
    return AcrossFinding(
        code=code,
        name=text.name,
        severity=choice.severity(code, text.severity),
        places=fault.places,
        found=fault.found,
        expected=fault.expected,
        message=text.messages[fault.variant].format_map(facts),
        facts=facts,
    )


def _file_name(book: str) -> str:
    return book.replace("\\", "/").rpartition("/")[2]
