"""An ordinary workbook in parts, with one form in it whose execution points and total are wrong: what the hostile cases start from."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from html import escape

from perfxl.grid.address import Area, column_letters
from tests.books import GOOD_FORM
from tests.form.drawing import draw
from tests.workbooks.handmade import MAIN, RELATIONS, relationships

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
WORKBOOK, WORKBOOK_RELS, ROOT_RELS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"
TYPES, THEME, CORE = "[Content_Types].xml", "xl/theme/theme1.xml", "docProps/core.xml"

WRONG = {"I6": "9.87", "H17": "96.87"}
"""What stands in the form, where 9.78 and 96.78 are right."""

STYLE_SHEET = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="10" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)

Parts = dict[str, bytes]


class Form:
    """The form as markup: its rows, merged areas and strings; `cells` are cells of its own markup by address."""

    def __init__(
        self, *, down: int = 0, right: int = 0, cells: Mapping[str, str] | None = None, first: int = 0
    ) -> None:
        """`down` and `right` move the form; `first` is how many shared strings stand before its own."""
        grid = draw(GOOD_FORM)
        own = dict(cells or {})
        self.strings: list[str] = []
        rows: list[str] = []
        for row in range(1, 18):
            markup = []
            for column in range(1, 10):
                address = f"{column_letters(column)}{row}"
                cell = grid.rows.get(row, {}).get(column)
                at = f"{column_letters(column + right)}{row + down}"
                if address in own:
                    markup.append(own[address].replace("@", at))
                elif cell is None:
                    continue
                elif isinstance(cell.value, Decimal):
                    style = ' s="1"' if cell.format == "0.00%" else ""
                    markup.append(f'<c r="{at}"{style}><v>{WRONG.get(address, cell.value)}</v></c>')
                else:
                    self.strings.append(str(cell.value))
                    markup.append(f'<c r="{at}" t="s"><v>{first + len(self.strings) - 1}</v></c>')
            rows.append(f'<row r="{row + down}">{"".join(markup)}</row>')
        self.rows = "".join(rows)
        self.merges = [Area(a.top + down, a.left + right, a.bottom + down, a.right + right) for a in grid.merges]

    @property
    def merge_cells(self) -> str:
        """The merged areas as markup, without the list around them."""
        return "".join(f'<mergeCell ref="{a1(area)}"/>' for area in self.merges)


def a1(area: Area) -> str:
    """`A1:B2`."""
    return f"{column_letters(area.left)}{area.top}:{column_letters(area.right)}{area.bottom}"


def sheet(rows: str, merges: str = "", *, before: str = "", after: str = "") -> bytes:
    """A worksheet's part; `before` and `after` are what stands around the rows."""
    count = merges.count("<mergeCell ")
    merged = f'<mergeCells count="{count}">{merges}</mergeCells>' if merges else ""
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">{before}<sheetData>{rows}</sheetData>{merged}{after}</worksheet>'
    ).encode()


def strings(texts: list[str], *, more: str = "") -> bytes:
    """A shared strings part; `more` are items in markup behind the texts."""
    items = "".join(f"<si><t>{escape(text, quote=False)}</t></si>" for text in texts)
    return f'{HEAD}<sst xmlns="{MAIN}" count="{len(texts)}" uniqueCount="{len(texts)}">{items}{more}</sst>'.encode()


def workbook(*names: str, after: str = "") -> bytes:
    """The workbook part with sheets of these names, whose relationships are rId1, rId2 …"""
    sheets = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    return f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{sheets}</sheets>{after}</workbook>'.encode()


@cache
def _ordinary() -> Parts:
    form = Form()
    office = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{WORKBOOK}" ContentType="{office}.sheet.main+xml"/>'
        f'<Override PartName="/{SHEET}" ContentType="{office}.worksheet+xml"/>'
        f'<Override PartName="/{STYLES}" ContentType="{office}.styles+xml"/>'
        f'<Override PartName="/{STRINGS}" ContentType="{office}.sharedStrings+xml"/></Types>'
    )
    core = (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
    )
    theme = f'{HEAD}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="主题"/>'
    return {
        TYPES: types.encode(),
        ROOT_RELS: relationships(officeDocument=WORKBOOK).encode(),
        WORKBOOK: workbook("自评表"),
        WORKBOOK_RELS: relationships(
            worksheet="worksheets/sheet1.xml",
            styles="styles.xml",
            sharedStrings="sharedStrings.xml",
            theme="theme/theme1.xml",
        ).encode(),
        SHEET: sheet(form.rows, form.merge_cells),
        STYLES: STYLE_SHEET.encode(),
        STRINGS: strings(form.strings),
        THEME: theme.encode(),
        CORE: core.encode(),
    }


def parts(changed: Mapping[str, bytes | str | None] | None = None) -> Parts:
    """The parts of the workbook, some of them changed or (None) left out; new ones come last."""
    made = _ordinary()
    for name, content in (changed or {}).items():
        made = {**made, name: b""} if content is not None else {k: v for k, v in made.items() if k != name}
        if content is not None:
            made[name] = content.encode() if isinstance(content, str) else content
    return made


def replaced(part: str, old: str, new: str) -> Parts:
    """The parts with another text in one of them.

    Raises:
        ValueError: the text is not there.
    """
    data = _ordinary()[part]
    if old.encode() not in data:
        raise ValueError(old)
    return parts({part: data.replace(old.encode(), new.encode())})
