"""How long the fuzzers run: some seconds as a rule, as long as is asked for by `--fuzz`."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--fuzz`: `pytest tests/fuzz --fuzz 50` tries fifty times as much, from another start each time."""
    parser.addoption(
        "--fuzz", type=int, default=1, metavar="TIMES", help="try so many times as much as in a normal run"
    )


@pytest.fixture(scope="session")
def times(pytestconfig: pytest.Config) -> int:
    """How many times as much as in a normal run is to be tried."""
    asked: int = pytestconfig.getoption("--fuzz", 1)
    return asked
