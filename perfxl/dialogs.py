"""A message box of the system: for what has to be said when no spreadsheet program can say it and no console is there."""

from __future__ import annotations

import shutil
import subprocess
import sys

_INFORMATION, _IN_FRONT = 0x40, 0x40000


def show_message(text: str, title: str) -> None:
    """Shows the text until it is closed; on the standard error where the system offers no box."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, text, title, _INFORMATION | _IN_FRONT)
        return
    command = _box(text, title)
    if command is None:
        print(text, file=sys.stderr)
    else:
        subprocess.run(command, check=False)


def _box(text: str, title: str) -> list[str] | None:
    """The command that shows a box here, None where there is none."""
    if sys.platform == "darwin":
        script = 'on run words\ndisplay dialog (item 1 of words) with title (item 2 of words) buttons {"好"} default button 1\nend run'
        return ["osascript", "-e", script, text, title]
    choices = {
        "zenity": ["--info", "--no-markup", f"--title={title}", f"--text={text}"],
        "kdialog": ["--title", title, "--msgbox", text],
        "xmessage": ["-center", text],
    }
    return next(([tool, *choices[tool]] for tool in choices if shutil.which(tool)), None)
