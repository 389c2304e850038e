"""Opens pages in Chromium, the browser that judges what perfxl writes for browsers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright


@contextmanager
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    program = shutil.which("chromium")
    if program is None:
        raise AssertionError("chromium is not installed: bash tools/setup.sh")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


class Tab:
    """An open page, and what it asked for and complained of.

    Attributes:
        page: Playwright's page.
        requests: the addresses it asked for besides its own.
        complaints: messages of its console and errors of its scripts.
    """

    def __init__(self, opened: Browser, path: Path, *, width: int = 1280, scripts: bool = True) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        context = opened.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, offline=True
        )
        context.set_default_timeout(10_000)
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        own = path.absolute().as_uri()
        self.page.on("request", lambda request: self.requests.append(request.url) if request.url != own else None)
        self.page.goto(own)

    def texts(self, selector: str) -> list[str]:
        """What the elements show, each on one line."""
        return [" ".join(text.split()) for text in self.page.locator(selector).all_inner_texts()]
