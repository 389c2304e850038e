"""Runs LibreOffice, the other program that judges what perfxl writes and works out."""

from __future__ import annotations

import glob
import subprocess
import tempfile
from pathlib import Path

# Comma, double quote, UTF-8, first line, -, language, quote all text, detect special numbers, SAVE AS SHOWN,
# save formulas, remove spaces, sheet (-1: each sheet to a file of its own, named book-sheet.csv).
CSV_AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
CSV_AS_STORED = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"

_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def convert(path: Path, to: str, out_dir: Path, *, recalculate: bool = False) -> Path:
    """Convert a workbook in a fresh LibreOffice profile and give the file written.

    `to` is LibreOffice's own notation: `pdf`, `xlsx`, or an extension with a filter such as `CSV_AS_SHOWN`. Of the
    files that such a filter writes, one a sheet, the first by name is given; the others stand beside it. `recalculate`
    works out every formula anew; else LibreOffice believes the values stored in the file, as it does on a user's desk.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    extension = to.partition(":")[0]
    with tempfile.TemporaryDirectory(prefix="perfxl-soffice-", ignore_cleanup_errors=True) as profile:
        if recalculate:
            user = Path(profile, "user")
            user.mkdir()
            user.joinpath("registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
        done = subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation={Path(profile).as_uri()}",
                "--headless",
                "--norestore",
                "--convert-to",
                to,
                "--outdir",
                str(out_dir),
                str(path),
            ],
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
    stem = glob.escape(path.stem)
    written = sorted([*out_dir.glob(f"{stem}.{extension}"), *out_dir.glob(f"{stem}-*.{extension}")])
    if not written:
        raise AssertionError(f"LibreOffice wrote nothing: {done.stdout}{done.stderr}")
    return written[0]


def pdf_text(path: Path) -> str:
    """The text that a PDF shows, laid out as on the page."""
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


def pdf_pages(path: Path) -> list[str]:
    """The text of each page of a PDF."""
    return pdf_text(path).removesuffix("\f").split("\f")


def picture(pdf: Path, resolution: int = 60) -> bytes:
    """The first page of a PDF as its pixels, three bytes each."""
    done = subprocess.run(
        ["pdftoppm", "-r", str(resolution), "-f", "1", "-l", "1", "-aa", "no", str(pdf)],
        capture_output=True,
        timeout=60,
        check=True,
    )
    return done.stdout


# Runs under the system's Python, to which LibreOffice's bridge belongs.
_EDIT = """
import subprocess, sys, time, uno
from com.sun.star.beans import PropertyValue

def options(**values):
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())

source, target, profile, pipe = sys.argv[1:]
office = subprocess.Popen(["soffice", f"-env:UserInstallation={profile}", "--headless", "--norestore",
                           f"--accept=pipe,name={pipe};urp;"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
for attempt in range(600):
    try:
        context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        break
    except Exception:
        time.sleep(0.1)
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
try:
    book = desktop.loadComponentFromURL(source, "_blank", 0, options(Hidden=True))
    sheet = book.Sheets.getByIndex(0)
    exec(sys.stdin.read())
    book.calculateAll()
    book.storeToURL(target, options(FilterName="Calc MS Excel 2007 XML"))
    book.close(True)
finally:
    desktop.terminate()
    office.wait(60)
"""


def edited(path: Path, steps: str, out: Path) -> Path:
    """The workbook as LibreOffice saves it after some Python statements, in which `sheet` is its first sheet and `book` the whole."""
    with tempfile.TemporaryDirectory(prefix="perfxl-soffice-", ignore_cleanup_errors=True) as profile:
        subprocess.run(
            [
                *("/usr/bin/python3", "-c", _EDIT, path.as_uri(), out.as_uri()),
                *(Path(profile).as_uri(), Path(profile).name),
            ],
            input=steps,
            text=True,
            timeout=180,
            check=True,
        )
    return out
