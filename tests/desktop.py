"""A desk with a screen, a mouse and LibreOffice: a virtual display, a fresh home, real clicks.

What is on the screen, and where, is asked of LibreOffice by its accessibility interface, as a screen reader does; the mouse is moved
and pressed by xdotool. Nothing waits for a time: everything waits until what it needs is there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

from perfxl.workbooks.live.libreoffice.bridge import constant, exception, uno

SCREEN = (1366, 900)
_PATIENCE = 90.0
_SOON = 5.0
_LOOK = 0.2
_TRIES = 5

# What a user sets under 工具→选项→LibreOffice: the folder of the forms is a trusted source of macros; no tip of the day.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="SecureURL" oor:op="fuse"><value><it>{trusted}</it></value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc">
<prop oor:name="ShowTipOfTheDay" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""

_T = TypeVar("_T")


class Shown(NamedTuple):
    """Something on the screen: its role (`PUSH_BUTTON` …), its name, its place in pixels, and the roles around it, outermost first."""

    role: str
    name: str
    left: int
    top: int
    width: int
    height: int
    around: tuple[str, ...]

    @property
    def is_visible(self) -> bool:
        return self.width > 0 and self.height > 0


class Desktop:
    """The desk of a user whose folder is `home`; forms in `trusted` may run their macros."""

    def __init__(self, home: Path, trusted: Path) -> None:
        self.home = home
        self._settings = _SETTINGS.format(trusted=trusted.as_uri())
        self._display: subprocess.Popen[bytes] | None = None
        self._manager: subprocess.Popen[bytes] | None = None
        self._office: subprocess.Popen[bytes] | None = None
        self._environment: dict[str, str] = {}
        self._pipe = f"perfxl-test-{os.getpid()}-{id(self)}"
        self._context: Any = None

    def __enter__(self) -> Self:
        user = self.home / ".config/libreoffice/4/user"
        user.mkdir(parents=True)
        user.joinpath("registrymodifications.xcu").write_text(self._settings, encoding="utf-8")
        reading, writing = os.pipe()
        width, height = SCREEN
        self._display = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
            pass_fds=[writing],
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            number = pipe.readline().decode().strip()
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "PERFXL_"))},
            "HOME": str(self.home),
            "DISPLAY": f":{number}",
            "LC_ALL": "C.UTF-8",
            "SAL_USE_VCLPLUGIN": "gen",
            "PYTHONPATH": str(Path(__file__).parents[1]),
        }
        # Without a window manager no window gets the keyboard back from a box that closes.
        self._manager = subprocess.Popen(
            ["openbox"], env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self._office is not None:
            os.killpg(self._office.pid, signal.SIGTERM)
            self._office.wait(timeout=_PATIENCE)
        for process in (self._manager, self._display):
            if process is not None:
                process.terminate()
                process.wait(timeout=_PATIENCE)

    def perfxl(self, *arguments: str) -> str:
        """Runs a perfxl command as this user; gives what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "perfxl", *arguments],
            env=self._environment,
            capture_output=True,
            encoding="utf-8",
            timeout=_PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def open(self, book: Path) -> Any:
        """Opens a workbook in LibreOffice, as a double click does; gives the document once it stands on the screen."""
        self._office = subprocess.Popen(
            ["soffice", "--norestore", "--nologo", f"--accept=pipe,name={self._pipe};urp", str(book)],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # the program that is started starts another, and that one perhaps once more
        )
        url = book.as_uri()
        return self.wait(lambda: self._document(url), f"{book.name} 打开")

    def _document(self, url: str) -> Any:
        if self._context is None:
            local = uno().getComponentContext()
            resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
            try:
                self._context = resolver.resolve(f"uno:pipe,name={self._pipe};urp;StarOffice.ComponentContext")
            except exception("com.sun.star.connection.NoConnectException"):
                return None
        desktop = self._service("com.sun.star.frame.Desktop")
        documents = desktop.Components.createEnumeration()
        while documents.hasMoreElements():
            document = documents.nextElement()
            if document.getURL() == url and document.getCurrentController() is not None:
                return document
        return None

    def opened(self, name: str) -> bool:
        """Whether a document of this name is open."""
        documents = self._service("com.sun.star.frame.Desktop").Components.createEnumeration()
        while documents.hasMoreElements():
            if documents.nextElement().getTitle() == name:
                return True
        return False

    def _service(self, name: str) -> Any:
        return self._context.ServiceManager.createInstanceWithContext(name, self._context)

    def wait(self, look: Callable[[], _T | None], what: str, *, patience: float = _PATIENCE) -> _T:
        """Looks until there is something to see."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            # What is looked at may go meanwhile: a window that closes, an office that is still starting.
            with suppress(exception("com.sun.star.uno.Exception")):
                found = look()
                if found:
                    return found
            time.sleep(_LOOK)
        raise AssertionError(f"等不到：{what}；屏幕上有：{[each.name for each in self.shown() if each.name]}")

    def shown(self) -> list[Shown]:
        """What is on the screen, but for the cells."""
        if self._context is None:
            return []
        toolkit = self._service("com.sun.star.awt.Toolkit")
        found: list[Shown] = []
        for number in range(toolkit.getTopWindowCount()):
            window = toolkit.getTopWindow(number)
            if window is not None and window.isVisible():  # None: it went meanwhile
                found += _descend(window, ())
        return found

    def see(self, name: str, *, role: str = "PUSH_BUTTON", inside: str = "") -> Shown:
        """Waits for something with this name, inside something of a role; gives it once it stands still."""

        def look() -> Shown | None:
            each = (s for s in self.shown() if s.name == name and s.role == role and s.is_visible)
            return next((s for s in each if not inside or inside in s.around), None)

        first = self.wait(look, name)
        while (again := self.wait(look, name)) != first:
            first = again
        return again

    def click(self, name: str, *, inside: str = "") -> None:
        """Presses a button with the mouse."""
        button = self.see(name, inside=inside)
        middle = (str(button.left + button.width // 2), str(button.top + button.height // 2))
        subprocess.run(
            ["xdotool", "mousemove", "--sync", *middle, "click", "1"],
            env=self._environment,
            timeout=_PATIENCE,
            check=True,
        )

    def answer(self, window: str, text: str) -> None:
        """Waits for a window with this in its title, types a text, ASCII only, into its field, and presses Enter.

        A field that completes names while letters come mixes them up when the machine is busy: one that says another text is typed anew.
        """
        for _ in range(_TRIES):
            self.press_in(window, ["key", "ctrl+a"], ["type", "--delay", "40", text])
            with suppress(AssertionError):
                self.wait(lambda: text in self._fields(), f"输入框中有 {text}", patience=_SOON)
                self.press_in(window, ["key", "Return"])
                return
        raise AssertionError(f"输入框中不是 {text}，而是 {self._fields()}")

    def _fields(self) -> list[str]:
        """What stands in the fields to type in of the open windows."""
        toolkit = self._service("com.sun.star.awt.Toolkit")
        windows = (toolkit.getTopWindow(number) for number in range(toolkit.getTopWindowCount()))
        return [text for window in windows if window is not None and window.isVisible() for text in _typed(window)]

    def press_in(self, window: str, *keys: list[str]) -> None:
        """Waits for a window with this in its title, and has xdotool press keys."""
        search = ["xdotool", "search", "--sync", "--onlyvisible", "--name", window]
        subprocess.run(search, env=self._environment, timeout=_PATIENCE, check=True, stdout=subprocess.DEVNULL)
        for typed in keys:
            subprocess.run(["xdotool", *typed], env=self._environment, timeout=_PATIENCE, check=True)

    def message(self) -> str:
        """Waits for a message box; gives its words."""

        def look() -> str | None:
            inside = (s for s in self.shown() if "ALERT" in s.around and s.role != "PUSH_BUTTON")
            return next((s.name for s in inside if s.name), None)

        return self.wait(look, "一个消息框")

    def close_message(self) -> str:
        """Waits for a message box, closes it, waits until it is gone; gives its words."""
        said = self.message()
        for _ in range(_TRIES):  # a box that just came up may miss a click, as anyone knows
            self.click("OK", inside="ALERT")
            with suppress(AssertionError):
                self.wait(lambda: all(s.role != "ALERT" for s in self.shown()), "消息框关闭", patience=_SOON)
                return said
        raise AssertionError(f"消息框关不上：{said}")

    def picture(self, path: Path) -> None:
        """Takes a picture of the screen."""
        from PIL import ImageGrab

        picture = ImageGrab.grab(xdisplay=self._environment["DISPLAY"])
        picture.quantize(64).save(path, optimize=True)


_ROLE_NAMES = ("ALERT", "DOCUMENT_SPREADSHEET", "PUSH_BUTTON", "TOOL_BAR")
# What no test looks into, and what takes long to go through: all fonts, all sizes, all menus.
_CLOSED = ("COMBO_BOX", "LIST", "MENU", "SCROLL_BAR")


@cache
def _roles() -> dict[int, str]:
    return {
        int(constant(f"com.sun.star.accessibility.AccessibleRole.{name}")): name for name in (*_ROLE_NAMES, *_CLOSED)
    }


def _typed(accessible: Any) -> Iterator[str]:
    """The texts of the one-line fields within something on the screen."""
    if accessible is None or not hasattr(accessible, "getAccessibleContext"):
        return
    context = accessible.getAccessibleContext()
    if context.getAccessibleRole() == _text_role() and hasattr(context, "getText"):
        yield context.getText()
    count = context.getAccessibleChildCount()
    if count < _MOST_CHILDREN:
        for number in range(count):
            yield from _typed(context.getAccessibleChild(number))


@cache
def _text_role() -> int:
    return int(constant("com.sun.star.accessibility.AccessibleRole.TEXT"))


# A sheet tells of its two thousand million cells as children.
_MOST_CHILDREN = 1000


def _descend(accessible: Any, around: tuple[str, ...]) -> Iterator[Shown]:
    if accessible is None:  # it went from the screen meanwhile
        return
    gone = (exception("com.sun.star.lang.DisposedException"), exception("com.sun.star.lang.IndexOutOfBoundsException"))
    try:
        if not hasattr(accessible, "getAccessibleContext"):  # the lines of the list in a dialog of files
            return
        context = accessible.getAccessibleContext()
        role = _roles().get(context.getAccessibleRole(), "")
        place = context.getLocationOnScreen()
        size = context.getSize()
        yield Shown(role, context.getAccessibleName(), place.X, place.Y, size.Width, size.Height, around)
        count = context.getAccessibleChildCount()
        if count < _MOST_CHILDREN and role not in _CLOSED:
            for number in range(count):
                yield from _descend(context.getAccessibleChild(number), (*around, role))
    except gone:
        return
