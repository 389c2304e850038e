"""What an examination finds."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class State(Enum):
    """How something stands: it works, it works in part, it is not here (which may be right), it stops perfxl from working."""

    GOOD = "good"
    PARTLY = "partly"
    ABSENT = "absent"
    BAD = "bad"


class Result(NamedTuple):
    """What was examined, how it stands, what was found, and what to do ("" where there is nothing to do)."""

    name: str
    title: str
    state: State
    found: str
    advice: str = ""
