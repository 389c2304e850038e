"""Regular expressions that are compiled when they are first used.

perfxl knows some 150 of them, and one small form needs less than half: compiling all at the start took a quarter of a command's time.
"""

import re
from typing import AnyStr, Generic, cast

_METHODS = ("search", "match", "fullmatch", "findall", "finditer", "sub", "split")


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The same as `re.compile`, only later: a mistake in the expression shows at its first use."""
    return cast("re.Pattern[AnyStr]", _Uncompiled(text, flags))


class _Uncompiled(Generic[AnyStr]):
    """Takes the methods of the compiled expression over when one of them is first asked for; from then on they are its own."""

    def __init__(self, text: AnyStr, flags: int) -> None:
        self._text: AnyStr = text
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        compiled = re.compile(self._text, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
