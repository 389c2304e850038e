"""The list of add-ins that Excel opens when it starts: the values OPEN, OPEN1, OPEN2 … of its settings in the registry.

Excel reads them in order and stops at the first that is missing, so they are renumbered when one is taken out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PureWindowsPath

_OPEN = re.compile(r"OPEN(\d*)", re.IGNORECASE)


def opened(values: Mapping[str, str]) -> list[str]:
    """What is opened, in order."""
    numbered = ((int(match[1] or 0), text) for name, text in values.items() if (match := _OPEN.fullmatch(name)))
    return [text for _, text in sorted(numbered)]


def with_addin(values: Mapping[str, str], addin: PureWindowsPath) -> dict[str, str]:
    """The values that have the add-in opened, once; others keep their order."""
    return _numbered([*without(opened(values), addin), f'"{addin}"'])


def without_addin(values: Mapping[str, str], addin: PureWindowsPath) -> dict[str, str]:
    """The values that leave the add-in out."""
    return _numbered(without(opened(values), addin))


def without(lines: list[str], addin: PureWindowsPath) -> list[str]:
    """The lines that do not open the add-in, whether they name its path or, as Excel does, only its file."""
    names = {str(addin).lower(), addin.name.lower()}
    return [line for line in lines if line.removeprefix("/R ").strip().strip('"').lower() not in names]


def _numbered(lines: list[str]) -> dict[str, str]:
    return {f"OPEN{number or ''}": line for number, line in enumerate(lines)}
