"""Workbooks put together part by part, as odd as the format allows."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="0.0%"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="9"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0"/><xf numFmtId="10" fontId="0"/>'
    '<xf numFmtId="164" fontId="0" applyNumberFormat="1"><alignment horizontal="center"/></xf>'
    '<xf numFmtId="0" applyProtection="1"><protection locked="0"/></xf></cellXfs></styleSheet>'
)


def sheet(rows: str, *, before: str = "", after: str = "") -> str:
    """A worksheet's part around the markup of its rows."""
    return f'{DECLARATION}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def shared_strings(*items: str) -> str:
    """A shared strings part from the markup within its items."""
    inner = "".join(f"<si>{item}</si>" for item in items)
    return f'{DECLARATION}<sst xmlns="{MAIN}" count="{len(items)}" uniqueCount="{len(items)}">{inner}</sst>'


def relationships(**targets: str) -> str:
    """A relationships part: kinds (with what follows a double underscore left out) to targets, with ids rId1, rId2 …"""
    found = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind.partition("__")[0]}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), 1)
    )
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{DECLARATION}<Relationships xmlns="{namespace}">{found}</Relationships>'


def parts(sheet_part: str | bytes, **others: str | bytes) -> dict[str, str | bytes]:
    """The parts of a workbook with one sheet 表; `others` gives `strings`, `styles` and `workbook` (its children)."""
    workbook = others.get(
        "workbook", f'<sheets><sheet name="表" sheetId="1" r:id="rId1" xmlns:r="{RELATIONS}"/></sheets>'
    )
    targets = {"worksheet": "worksheets/sheet1.xml", "styles": "styles.xml"}
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": f"{DECLARATION}<Types/>",
        "_rels/.rels": relationships(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": f'{DECLARATION}<workbook xmlns="{MAIN}">{workbook!s}</workbook>',
        "xl/worksheets/sheet1.xml": sheet_part,
        "xl/styles.xml": others.get("styles", STYLES),
    }
    if "strings" in others:
        targets["sharedStrings"] = "sharedStrings.xml"
        made["xl/sharedStrings.xml"] = others["strings"]
    made["xl/_rels/workbook.xml.rels"] = relationships(**targets)
    return made


def write(path: Path, made: Mapping[str, str | bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """Zip the parts."""
    with zipfile.ZipFile(path, "w", compression) as package:
        for name, content in made.items():
            package.writestr(name, content)
    return path


def read(path: Path) -> dict[str, bytes]:
    """The inflated parts of a zip, by another reader than perfxl's own."""
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}
