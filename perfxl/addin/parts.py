"""What the add-in consists of on a machine, and how each part stands."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple, Protocol


class State(Enum):
    """How a part stands; OUTDATED is one of another perfxl, UNAVAILABLE one that cannot be on this machine."""

    INSTALLED = "installed"
    OUTDATED = "outdated"
    ABSENT = "absent"
    UNAVAILABLE = "unavailable"


class Part(NamedTuple):
    """A part as it stands: `place` is where it lies, "" where it cannot be; `advice` is what the user has to know or do."""

    name: str
    state: State
    place: str
    advice: str = ""


class Installable(Protocol):
    """A part that is installed for one user, without an administrator."""

    @property
    def name(self) -> str:
        """Its name in options and JSON."""

    def install(self) -> bool:
        """Puts it in where it can be; gives whether something changed.

        Raises:
            PerfxlError: it could not be put in.
        """

    def uninstall(self) -> bool:
        """Takes it out; gives whether it was there.

        Raises:
            PerfxlError: it could not be taken out.
        """

    def part(self) -> Part:
        """How it stands.

        Raises:
            PerfxlError: that could not be found out.
        """
