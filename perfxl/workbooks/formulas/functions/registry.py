"""How functions are declared: by name, and by what their parameters take."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from perfxl.workbooks.formulas.ranges import Value

VOLATILE = frozenset(["NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY", "OFFSET", "INDIRECT", "CELL", "INFO"])
"""Functions whose value changes though no cell changed, or that read cells which their text does not name."""


class Function(NamedTuple):
    """A function.

    `kinds` says what each parameter takes: `n` a number, `t` a text, `b` a logical, `v` any single value, errors too; `r` a range or
    array as it is, `a` the same with arrays worked out place by place. The last `repeated` of them may come again and again; of
    the others the first `least` must be there. A `placed` function is given the evaluation first; a `lazy` one the evaluation
    and the arguments as they are written.
    """

    run: Callable[..., Value]
    kinds: tuple[str, ...]
    least: int
    repeated: int = 0
    placed: bool = False
    lazy: bool = False

    def kind(self, index: int) -> str:
        """What the parameter at this index takes, counted from 0."""
        if index < len(self.kinds):
            return self.kinds[index]
        return self.kinds[len(self.kinds) - self.repeated + (index - len(self.kinds)) % self.repeated]

    def accepts(self, count: int) -> bool:
        """Whether it can be called with so many arguments."""
        if count < self.least:
            return False
        return count <= len(self.kinds) or (self.repeated > 0 and (count - len(self.kinds)) % self.repeated == 0)


FUNCTIONS: dict[str, Function] = {}
"""All functions by name."""

Run = TypeVar("Run", bound=Callable[..., Value])


def function(names: str, parameters: str = "", *, placed: bool = False, lazy: bool = False) -> Callable[[Run], Run]:
    """Declare a function under one or more names.

    `parameters` are kinds divided by spaces: `n?` may be left out, what stands behind `*` comes once or more.
    """
    head, _, tail = parameters.partition("*")
    fixed, repeated = head.split(), tail.split()
    required = [kind for kind in fixed if not kind.endswith("?")]
    kinds = tuple(kind.rstrip("?") for kind in fixed + repeated)

    def declare(run: Run) -> Run:
        for name in names.split():
            FUNCTIONS[name] = Function(run, kinds, len(required) + len(repeated), len(repeated), placed, lazy)
        return run

    return declare
