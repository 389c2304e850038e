"""A cell that is being edited, and a dialog that is open: on a screen, as a user has them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from perfxl.errors import UnwritableBook
from perfxl.liveruns import score_open
from perfxl.workbooks.live.application import Application, connect, open_file
from perfxl.workbooks.live.libreoffice import commands
from perfxl.workflows import Options
from tests.live.books import make_book
from tests.live.running import running_office, screen

if TYPE_CHECKING:
    from perfxl.workbooks.live.application import OpenBook

_SECONDS = 20


@pytest.fixture(scope="module")
def shown() -> Iterator[Application]:
    """An office on a screen."""
    with screen() as display, running_office(display) as accept:
        yield connect("libreoffice", accept)


@pytest.fixture
def book(shown: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenBook]:
    """A form with faults, open there."""
    monkeypatch.setenv("PERFXL_DATA", str(tmp_path / "data"))
    found = open_file(shown, make_book("faulty", tmp_path / "自评.xlsx"))
    yield found
    found.close()


def wait_until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + _SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_cell_that_is_being_edited_is_left_to_its_editor(shown: Application, book: OpenBook) -> None:
    office = book.impl.app.office
    commands.run(book.api, office, ".uno:SetInputMode")
    wait_until(lambda: shown.native.hindrance(book))
    with pytest.raises(UnwritableBook, match="Esc"):
        score_open(shown, book, Options(mark=True))
    commands.run(book.api, office, ".uno:Cancel")
    wait_until(lambda: shown.native.hindrance(book) is None)
    assert score_open(shown, book, Options(mark=True)).changes


def test_an_open_dialog_is_to_be_closed_first(shown: Application, book: OpenBook) -> None:
    office = book.impl.app.office
    model = office.service("com.sun.star.awt.UnoControlDialogModel")
    model.Title, model.Width, model.Height = "另一个对话框", 120, 60
    dialog: Any = office.service("com.sun.star.awt.UnoControlDialog")
    dialog.setModel(model)
    dialog.createPeer(
        office.service("com.sun.star.awt.Toolkit"), book.api.getCurrentController().getFrame().getContainerWindow()
    )
    waiting = threading.Thread(target=dialog.execute)
    waiting.start()
    try:
        wait_until(lambda: shown.native.hindrance(book))
        with pytest.raises(UnwritableBook, match="另一个对话框"):
            score_open(shown, book, Options(mark=True))
    finally:
        dialog.endExecute()
        waiting.join(_SECONDS)
    assert score_open(shown, book, Options(mark=True)).changes
