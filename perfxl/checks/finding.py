"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from perfxl.grid.address import Ref


class Severity(Enum):
    """error: the form cannot be handed in like this; warning: very likely wrong; advice: a reviewer would ask."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"

    @property
    def label(self) -> str:
        """Sign and word, such as `● 错误`: never a colour alone."""
        return _LABELS[self.value]


_LABELS = {"error": "● 错误", "warning": "▲ 警告", "advice": "○ 建议"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in one form.

    `at` is the cell to open; `found` is what stands there and `expected` what should, as printed in the form's own
    units and decimals (None where there is nothing to put there). `facts` fill the message's placeholders. `message`
    is the whole Chinese message.
    """

    code: str
    name: str
    severity: Severity
    at: Ref
    found: str
    expected: str | None
    message: str
    facts: dict[str, str] = field(default_factory=dict, compare=False)


class Place(NamedTuple):
    """A cell in some workbook of a run; `form` counts the forms of its sheet from 1."""

    book: str
    sheet: str
    form: int
    cell: str


@dataclass(frozen=True, slots=True)
class AcrossFinding:
    """One fault that only several forms of a run show together; the rest is as in `Finding`.

    `places` are the cells to open, in the order of the run.
    """

    code: str
    name: str
    severity: Severity
    places: tuple[Place, ...]
    found: str
    expected: str | None
    message: str
    facts: dict[str, str] = field(default_factory=dict, compare=False)
