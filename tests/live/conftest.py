"""One office serves all tests of a process; each test finds it without documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from perfxl.workbooks.live.application import Application, connect
from tests.live.running import close_all, running_office


@pytest.fixture(scope="session")
def accept() -> Iterator[str]:
    """The accept string of the running office."""
    with running_office() as found:
        yield found


@pytest.fixture(scope="session")
def office(accept: str) -> Application:
    """The connection to the running office."""
    return connect("libreoffice", accept)


@pytest.fixture
def application(office: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    """The office without documents, and a data folder of the test's own."""
    monkeypatch.setenv("PERFXL_DATA", str(tmp_path / "data"))
    close_all(office)
    yield office
    close_all(office)
