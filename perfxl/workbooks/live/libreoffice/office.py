"""A running LibreOffice: attached to by its accept string, or started."""

from __future__ import annotations

import os
import subprocess
import time
from typing import Any
from uuid import uuid4
from zlib import crc32

from perfxl.errors import MissingExtra, NotReachable
from perfxl.programs import OFFICE_HOME, find_office
from perfxl.workbooks.live.libreoffice.bridge import exception, uno

_TOKEN = "/perfxl/process"
_START_SECONDS = 60.0
_LOOK_SECONDS = 0.05
_TRIES = 5


class Office:
    """A connection to one LibreOffice process.

    Attributes:
        context: its component context.
        desktop: its desktop, which knows the open documents.
        accept: the accept string under which it is reached.
    """

    def __init__(self, context: Any, accept: str) -> None:
        self.context = context
        self.accept = accept
        self.desktop = self.service("com.sun.star.frame.Desktop")

    def service(self, name: str) -> Any:
        """A new instance of one of the office's services."""
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    @property
    def token(self) -> str:
        """What tells this process from any other: put into its memory when it is first asked for."""
        found = self.context.getValueByName(_TOKEN)
        if not found:
            found = uuid4().hex
            self.context.insertByName(_TOKEN, found)
        return str(found)


def attach(accept: str) -> Office:
    """The office that listens under an accept string, such as `pipe,name=x` or `socket,host=localhost,port=2002`.

    Raises:
        MissingExtra: UNO is not there for this version of Python.
        NotReachable: no office listens there.
    """
    accept = accept.removeprefix("uno:").partition(";")[0]
    context = _context(accept)
    if context is None:
        raise NotReachable(
            f"没有 LibreOffice 在“{accept}”等候连接。请确认 LibreOffice 已经打开，"
            f"并且是用 --accept={accept};urp 启动的；不写 --connect 时 perfxl 会自己连接。工作簿没有改动。"
        )
    return Office(context, accept)


def open_or_start() -> Office:
    """The user's running office, or one started for him.

    A second start of the office with an accept string makes the first one listen there; where none runs, it becomes the first.

    Raises:
        MissingExtra: LibreOffice, or UNO for this version of Python, is not there.
        NotReachable: it did not answer in time.
    """
    accept = users_accept()
    uno()
    context = _context(accept)
    if context is not None:
        return Office(context, accept)
    command = find_office()
    if command is None:
        raise MissingExtra(
            "本机没有找到 LibreOffice。请安装 LibreOffice，或改用 Excel、WPS 打开工作簿。工作簿没有改动。",
            package="LibreOffice",
            install=OFFICE_HOME,
        )
    subprocess.Popen(
        [command, "--norestore", "--nologo", f"--accept={accept};urp"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        context = _context(accept)
        if context is not None:
            return Office(context, accept)
        time.sleep(_LOOK_SECONDS)
    raise NotReachable(
        f"LibreOffice 在 {_START_SECONDS:.0f} 秒内没有回应。请看一看它是否停在某个对话框上，处理后重试。工作簿没有改动。"
    )


def _context(accept: str) -> Any:
    """The component context of the office that listens there, None where none does."""
    local = uno().getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(_TRIES):
        try:
            return resolver.resolve(f"uno:{accept};urp;StarOffice.ComponentContext")
        except exception("com.sun.star.connection.NoConnectException"):
            return None
        except (
            exception("com.sun.star.connection.ConnectionSetupException"),
            exception("com.sun.star.lang.IllegalArgumentException"),
        ) as error:
            raise NotReachable(
                f"“{accept}”不是 LibreOffice 的连接方式。请写成 pipe,name=名称 或 socket,host=localhost,port=2002。工作簿没有改动。"
            ) from error
        except exception("com.sun.star.lang.DisposedException"):
            # An earlier connection of this process to the same office was just coming to its end, and was taken for this one.
            time.sleep(_LOOK_SECONDS)
    return None


def users_accept() -> str:
    """The accept string of the user's own office: another home is another office."""
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home() raises where there is none
    return f"pipe,name=perfxl-{crc32(home.encode('utf-8', 'surrogateescape')):08x}"
