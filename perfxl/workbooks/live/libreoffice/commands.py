"""LibreOffice's own commands: run one, or ask whether it is on and whether it may be used now."""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

from perfxl.workbooks.live.libreoffice.bridge import struct, uno


class State(NamedTuple):
    """Whether a command may be used now, and what it shows: True for a switch that is on."""

    enabled: bool
    value: Any


def run(document: Any, office: Any, command: str) -> None:
    """Run a command on what is selected in a document."""
    helper = office.service("com.sun.star.frame.DispatchHelper")
    helper.executeDispatch(document.getCurrentController().getFrame(), command, "", 0, ())


def state(document: Any, office: Any, command: str) -> State | None:
    """What a command says of itself now, None where it does not say."""
    helper, interface = import_module("unohelper"), uno().getClass("com.sun.star.frame.XStatusListener")
    told: list[State] = []

    class Listener(helper.Base, interface):  # type: ignore[misc, valid-type, name-defined]
        """Takes what the office says at once when it is asked to listen."""

        def statusChanged(self, event: Any) -> None:  # noqa: N802
            told.append(State(bool(event.IsEnabled), event.State))

        def disposing(self, source: Any) -> None:
            pass

    parser = office.service("com.sun.star.util.URLTransformer")
    _, url = parser.parseStrict(struct("com.sun.star.util.URL", command, *[""] * 5, 0, *[""] * 4))
    frame = document.getCurrentController().getFrame()
    dispatch = frame.queryDispatch(url, "", 0)
    if dispatch is None:
        return None
    listener = Listener()
    dispatch.addStatusListener(listener, url)
    dispatch.removeStatusListener(listener, url)
    return told[-1] if told else None
