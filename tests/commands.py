"""How tests name the fixture `run`, which stands in `conftest.py`."""

from collections.abc import Callable
from typing import Any

Run = Callable[..., tuple[int, dict[str, Any]]]
"""Takes a command's arguments, gives its exit status and its JSON."""
