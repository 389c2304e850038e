"""Inserts rows into a worksheet: every part of the workbook that names its places is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from perfxl.grid.address import Ref, parse_area
from perfxl.patterns import pattern
from perfxl.workbooks.bookparts import BookParts, SheetPart
from perfxl.workbooks.formulas.syntax import LAST_ROW
from perfxl.workbooks.insertion.anchors import anchor_splices, shifted_vml
from perfxl.workbooks.insertion.enumerations import enumerations
from perfxl.workbooks.insertion.formulas import SheetRows
from perfxl.workbooks.insertion.places import Change, Places, rewritten
from perfxl.workbooks.insertion.rowmap import CannotShift, Insertion, RowMap, shifted_areas
from perfxl.workbooks.insertion.worksheet import formula_places, shifted_elsewhere, shifted_sheet
from perfxl.workbooks.largesheets import LARGE
from perfxl.workbooks.outline import appended_to_root, outline
from perfxl.workbooks.partlinks import rels_part
from perfxl.workbooks.relationships import inside, relationships
from perfxl.workbooks.splice import spliced

# Parts that name no places of a sheet.
_SILENT = frozenset(
    [
        "worksheet",
        "sharedStrings",
        "styles",
        "theme",
        "image",
        "pivotCacheRecords",
        "externalLink",
        "customXml",
        "vbaProject",
    ]
)
_YES = ("1", "true")
_MACROS = "vbaProject"
_CELLS_NAMED = 8


class Inserted(NamedTuple):
    """What came in: the new rows of each insertion in the order given, the cells of their formulas, and Chinese remarks."""

    rows: list[range]
    formulas: list[Ref]
    remarks: list[str]


class _Part(NamedTuple):
    """A part that another one leads to."""

    name: str
    kind: str
    owner: str


def insert_rows(parts: BookParts, name: str, insertions: Sequence[Insertion]) -> Inserted:
    """Insert rows into a worksheet; either all that names its places is told, or nothing is changed.

    Raises:
        UnreadableBook: a part is damaged.
        CannotShift: something cannot be moved along safely.
    """
    rows = RowMap(insertions)
    sheet = parts.sheet(name)
    told = SheetRows(name, parts.all_sheet_names, rows)
    reached = list(_reached(parts, parts.part))
    remarks = _refuse(parts, sheet, rows, reached)

    def read(part: str, change: Callable[[bytes], bytes]) -> bytes:
        return parts.parsed(part, partial(change, parts.utf8(part).data))

    data, formulas = parts.parsed(sheet.part, lambda: shifted_sheet(parts.markup(sheet).data, told))
    sheets = {sheet.name: data}
    for other in parts.sheets.values():
        if other is not sheet and _may_name_sheets(parts, other):
            sheets[other.name] = parts.parsed(
                other.part,
                lambda other=other: shifted_elsewhere(parts.markup(other).data, told),  # type: ignore[misc]
            )
    changed: dict[str, bytes] = {}
    for part in reached:
        changed[part.name] = read(part.name, partial(_shifted_part, part, sheet, told))
        links = rels_part(part.name)
        if part.kind == "drawing" and links in parts:
            changed[links] = read(links, lambda data: rewritten(data, _links(told)))
    changed[parts.part] = read(parts.part, lambda data: rewritten(data, _names(told)))
    chain = next((part.name for part in reached if part.kind == "calcChain"), None)
    if chain is not None:
        number = _sheet_id(parts, name)
        changed[chain] = read(chain, lambda data: _chained(data, number, rows, formulas))
    for sheet_name, content in sheets.items():
        if content != parts.markup(parts.sheets[sheet_name]).data:
            parts.change(parts.sheets[sheet_name], content)
    for part_name, content in changed.items():
        markup = parts.utf8(part_name)
        if content != markup.data:
            parts.put(part_name, markup.written(content))
    parts.read_names()
    return Inserted(rows.ranges(), formulas, remarks)


def _may_name_sheets(parts: BookParts, sheet: SheetPart) -> bool:
    """Whether a worksheet may name another sheet; a large one is not read for this, only searched."""
    if sheet.markup is not None or parts.package.entry(sheet.part).size <= LARGE:
        return True
    return any(
        b"!" in chunk or b"\x00" in chunk[:4] for chunk in parts.package.stream(sheet.part)
    )  # UTF-16 is not searched


def _reached(parts: BookParts, start: str) -> Iterator[_Part]:
    """The parts that relationships lead to from the workbook, each once for each part that leads there; worksheets left out."""
    waiting, seen = [start], {start}
    while waiting:
        owner = waiting.pop()
        for relationship in relationships(parts.package, owner):
            if relationship.external:
                continue
            name = inside(parts.package, relationship)
            if name in seen or name not in parts:
                continue
            seen.add(name)
            waiting.append(name)
            if relationship.kind not in _SILENT and name.rpartition(".")[2].lower() in ("xml", "vml"):
                yield _Part(name, relationship.kind, owner)


def _shifted_part(part: _Part, sheet: SheetPart, told: SheetRows, data: bytes) -> bytes:
    """A part that is no worksheet, with the places that it names moved along."""
    own = part.owner == sheet.part
    rows = told.rows
    match part.kind:
        case "vmlDrawing":
            return shifted_vml(data, rows if own else None, lambda text: told.shifted(text, on_sheet=own))
        case "comments" | "threadedComment" if own:
            return rewritten(data, Places({"@ref": lambda text, _: shifted_areas(text, "moved", rows)}))
        case "tableSingleCells" if own:
            return rewritten(data, Places({"singleXmlCell@r": lambda text, _: shifted_areas(text, "moved", rows)}))
        case "table" | "pivotTable" if own:
            moved: Mapping[str, Change | None] = {"@ref": lambda text, _: shifted_areas(text, "moved", rows)}
            formulas = {
                key: (lambda text, _: told.shifted(text, on_sheet=True))
                for key in ("calculatedColumnFormula", "totalsRowFormula")
            }
            return rewritten(data, Places(moved, formulas))
        case "pivotCacheDefinition":
            return rewritten(data, Places({"worksheetSource@ref": partial(_source, told)}))
        case "calcChain":
            return data
        case "drawing" if own:
            data = spliced(data, anchor_splices(data, rows))
    if part.kind in ("comments", "threadedComment", "tableSingleCells", "pivotTable"):
        return data
    if part.kind != "ctrlProp" and part.kind != "control" and b"!" not in data:
        return data
    return rewritten(data, formula_places(told, on_sheet=own and part.kind in ("ctrlProp", "control")))


def _source(told: SheetRows, text: str, attrs: Mapping[str, str]) -> str:
    here = attrs.get("sheet", "").casefold() == told.sheet.casefold()
    if not here or any(key.rpartition(":")[2] == "id" for key in attrs):
        return text
    if told.rows.cuts(parse_area(text)):
        raise CannotShift(f"数据透视表的数据来自要插入行的区域（{text}），插入后数据透视表会与来源不一致。")
    return shifted_areas(text, "moved", told.rows)


def _names(told: SheetRows) -> Places:
    def fixed(text: str, _: Mapping[str, str]) -> str:
        return told.shifted(text, on_sheet=False, only_fixed=True)

    return Places({}, {"definedName": fixed})


def _links(told: SheetRows) -> Places:
    """Where shapes lead: `#` and a place in this workbook."""

    def target(text: str, _: Mapping[str, str]) -> str:
        return "#" + told.shifted(text[1:], on_sheet=False) if text.startswith("#") else text

    return Places({"Relationship@Target": target})


# --- what stands against it


def _refuse(parts: BookParts, sheet: SheetPart, rows: RowMap, reached: Sequence[_Part]) -> list[str]:
    """Refuses what cannot be done safely; gives what the user is to be told where it can.

    Raises:
        CannotShift: why not.
    """
    kinds = {part.kind for part in reached}
    if "revisionHeaders" in kinds:
        raise CannotShift("工作簿是共享工作簿，带有修订记录。请先停止共享。")
    if "volatileDependencies" in kinds:
        raise CannotShift("工作簿里有实时数据（RTD）公式，其地址记录无法随行移动。")
    for table in parts.tables_of(sheet.name):
        if rows.cuts(table.area):
            raise CannotShift(f"要插入的行会切开表格“{table.name}”。")
    for part in reached:
        if part.kind == "pivotTable" and part.owner == sheet.part:
            for element in outline(parts.utf8(part.name).data, 1):
                if element.name == "location" and rows.cuts(parse_area(element.attrs["ref"])):
                    raise CannotShift("要插入的行会切开数据透视表。")
    data = parts.data(sheet.name)
    last = max(data.rows, default=0)
    if last + rows.total > LAST_ROW:
        raise CannotShift(f"工作表最后几行有内容，放不下新的 {rows.total} 行。")
    remarks = []
    if any(relationship.kind == _MACROS for relationship in relationships(parts.package, parts.part)):
        remarks.append("工作簿含有宏：宏里写明的单元格地址不会随插入的行移动，请核对。")
    left_out = enumerations(data, rows)
    if left_out:
        cells = "、".join([rows.ref(at).a1 for at in left_out[:_CELLS_NAMED]])
        remarks.append(f"工作表“{sheet.name}”单元格 {cells} 的公式逐格相加，没有把插入的行算进去，请改为对区域求和。")
    by_text = [name for name in parts.sheets if parts.has_formulas(name) and _names_by_text(parts, name)]
    if by_text:
        remarks.append(
            f"工作表“{'”“'.join(by_text)}”里有用文字指明地址的公式（INDIRECT），不会随插入的行移动，请核对。"
        )
    return remarks


_BY_TEXT = pattern(r"\bINDIRECT\(", 2)


def _names_by_text(parts: BookParts, name: str) -> bool:
    data = parts.data(name)
    return any(_BY_TEXT.search(data.rows[at.row][at.column].formula or "") for at in data.formulas)


# --- the order of calculation


def _sheet_id(parts: BookParts, name: str) -> str:
    found = (e.attrs for e in outline(parts.utf8(parts.part).data, 2) if e.name == "sheet")
    return next((attrs.get("sheetId", "") for attrs in found if attrs.get("name") == name), "")


def _chained(data: bytes, number: str, rows: RowMap, formulas: Sequence[Ref]) -> bytes:
    """The calculation chain: an entry without a sheet's number takes that of the entry before."""
    current = ""

    def moved(text: str, attrs: Mapping[str, str]) -> str:
        nonlocal current
        current = attrs.get("i", current)
        return shifted_areas(text, "moved", rows) if current == number else text

    data = rewritten(data, Places({"c@r": moved}))
    new = "".join([f'<c r="{at.a1}" i="{number}"/>' for at in formulas])
    return appended_to_root(data, new) if new else data
