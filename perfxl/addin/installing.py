"""Installs the buttons for this user, takes them off, says how they stand.

Nothing here needs an administrator or a network, and no security setting is changed: what a user has to allow is said, not done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from perfxl.addin.launcher import Launcher
from perfxl.addin.office import OfficeExtension
from perfxl.addin.parts import Installable, Part, State
from perfxl.addin.registration import ExcelAddin
from perfxl.errors import PerfxlError

# The programs that the buttons are installed into; the launcher comes along.
_TARGETS: dict[str, Installable] = {target.name: target for target in (ExcelAddin(), OfficeExtension())}
TARGETS = tuple(_TARGETS)
_LAUNCHER = Launcher()


@dataclass(slots=True)
class Report:
    """The parts as they stand after a run, the names of those that it changed, and what could not be done, as (part, reason)."""

    parts: list[Part] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)


def install(names: Sequence[str] = TARGETS) -> Report:
    """Installs the launcher, and the buttons into those of the named programs that are here."""
    report = Report()
    if _change(report, _LAUNCHER.name, _LAUNCHER.install):
        for name in names:
            _change(report, name, _TARGETS[name].install)
    return _told(report, names)


def uninstall(names: Sequence[str] = TARGETS) -> Report:
    """Takes the buttons out again, and with the last of them the launcher."""
    report = Report()
    for name in names:
        _change(report, name, _TARGETS[name].uninstall)
    left = _told(Report(), [name for name in TARGETS if name not in names])
    if not report.failures and not any(part.state in (State.INSTALLED, State.OUTDATED) for part in left.parts[1:]):
        _change(report, _LAUNCHER.name, _LAUNCHER.uninstall)
    return _told(report, names)


def status(names: Sequence[str] = TARGETS) -> Report:
    """How the launcher and the named parts stand; nothing is changed."""
    return _told(Report(), names)


def _change(report: Report, name: str, work: Callable[[], bool]) -> bool:
    """Does the work on a part; gives whether it went well."""
    try:
        if work():
            report.changed.append(name)
    except PerfxlError as error:
        report.failures.append((name, str(error)))
        return False
    return True


def _told(report: Report, names: Sequence[str]) -> Report:
    failed = dict(report.failures)
    for installable in (_LAUNCHER, *(_TARGETS[name] for name in names)):
        try:
            report.parts.append(installable.part())
        except PerfxlError as error:
            if installable.name not in failed:
                report.failures.append((installable.name, str(error)))
    return report
