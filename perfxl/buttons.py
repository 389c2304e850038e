"""What the buttons in the spreadsheet programs call, and the console-less program that they start.

A button's macro passes the action, the folder of the program that it runs in ("": LibreOffice), and the workbook. Everything is
said in the program: a line in the status bar while it works, one message at the end.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from perfxl import __version__
from perfxl.addin.launcher import launcher_place
from perfxl.addin.sources import texts
from perfxl.dialogs import show_message
from perfxl.errors import PerfxlError
from perfxl.files import hold

if TYPE_CHECKING:
    from perfxl.outcome import Outcome
    from perfxl.workbooks.live.application import Application, OpenBook

# What a button does, as it is said while it works.
ACTIONS = {
    "score": "正在计算得分……",
    "check": "正在检查……",
    "clear": "正在清除标记……",
    "undo": "正在撤销……",
    "populate": "请选择计划表、申报表或执行情况表……",
    "consolidate": "请选择文件夹……",
    "help": "",
}
# What the folder of WPS's program has in its path.
_WPS_FOLDERS = ("kingsoft", "wps office", "office6")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the action of a button: `perfxl-button ACTION PROGRAM BOOK`; gives 0 where it was done, 2 where it could not be."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if len(given) != 3 or given[0] not in ACTIONS:
        show_message("这是按钮的启动程序，由表格软件中的按钮启动，不单独运行。", texts().title)
        return 2
    action, program, book = given
    try:
        return press(action, program_of(program), book_of(book))
    except Exception:
        show_message(
            "perfxl 出错，没有做完。请运行 perfxl doctor 看看是否正常，并把这个情况告诉维护的人。", texts().title
        )
        raise


def press(action: str, program: str, book: str | None) -> int:
    """Does what a button says in a program (`excel`, `wps`, `libreoffice`), on the workbook of this path, address or name.

    None is the workbook in view.
    """
    from perfxl.workbooks.live.application import connect

    try:
        application = connect(program)
    except PerfxlError as error:
        show_message(str(error), texts().title)
        return 2
    status = 0
    application.status(f"{texts().title}：{ACTIONS[action]}")
    try:
        with hold(launcher_place()):  # a second click waits for the first
            message = _done(application, action, book)
    except PerfxlError as error:
        message, status = str(error), 2
    finally:
        application.status(None)
    application.tell(message)
    return status


def program_of(folder: str) -> str:
    """The program whose folder a macro names; LibreOffice's macros cannot name it."""
    if not folder:
        return "libreoffice"
    return "wps" if any(word in folder.lower() for word in _WPS_FOLDERS) else "excel"


def book_of(given: str) -> str | None:
    """The path, address or name of a workbook from what a macro passes: its folder and name with a `/` between, or its address.

    A workbook that was never saved has no folder. None where no workbook is open.
    """
    if given.startswith("file:"):
        return url2pathname(unquote(urlsplit(given).path)) if sys.platform == "win32" else unquote(urlsplit(given).path)
    folder, _, name = given.rpartition("/")
    if "://" in folder or not folder:
        return (given if folder else name) or None
    return str(Path(folder, name))


def _done(application: Application, action: str, name: str | None) -> str:
    """Does the work; gives the message to close with."""
    if action == "help":
        return f"perfxl {__version__}\n{texts().help}"
    if action == "consolidate":
        return _gather(application, name)
    from perfxl.report.closing import closing_message

    outcome = _populate(application, name) if action == "populate" else _run(application, action, name)
    return closing_message(outcome) if outcome is not None else "没有选择文件，没有改动。"


def _run(application: Application, action: str, name: str | None) -> Outcome:
    from perfxl.liveruns import check_open, clear_open, score_open, undo_open
    from perfxl.workflows import Options

    book, options = _open(application, name), Options(mark=True)
    match action:
        case "score":
            return score_open(application, book, options)
        case "check":
            return check_open(application, book, options)
        case "clear":
            return clear_open(application, book)
        case _:
            return undo_open(application, book)


def _populate(application: Application, name: str | None) -> Outcome | None:
    """Fills the forms from files that the user chooses; None where none was chosen."""
    from perfxl.liveruns import populate_open
    from perfxl.outcome import Outcome
    from perfxl.sources import find_books

    book = _open(application, name)
    chosen = application.native.choose_files(application.app, ACTIONS["populate"])
    if not chosen:
        return None
    sources, missing, _ = find_books(chosen)
    return Outcome(failures=missing) if missing else populate_open(application, book, sources)


def _gather(application: Application, name: str | None) -> str:
    """The folder to choose from is first that of the open workbook; it need not be saved, nor be there at all."""
    from perfxl.gathering import gather

    own = Path(application.native.full_name(_open(application, name))) if application.app.books else None
    start = own.parent if own is not None and own.is_file() else None
    return gather(application, start, lambda text: application.status(f"{texts().title}：{text}"))


def _open(application: Application, name: str | None) -> OpenBook:
    """The open workbook of this name. VBA passes a sign that Windows' code page lacks as `?`, which no file's name has."""
    if name is not None and "?" in PurePath(name).name:
        fitting = [full for each in application.app.books if fnmatchcase(full := str(each.fullname), name)]
        if len(fitting) == 1:
            name = fitting[0]
    return application.book(name)


if __name__ == "__main__":
    sys.exit(main())
