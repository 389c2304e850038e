"""The small parts that belong to a worksheet: its notes and its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.grid.address import Ref, parse_a1, parse_area
from perfxl.workbooks.markup import new_parser, parse, unescaped

if TYPE_CHECKING:
    from perfxl.workbooks.formulas import TableInfo


def read_notes(data: bytes) -> dict[Ref, str]:
    """The notes of a sheet by their cells, given the comments part as UTF-8.

    Raises:
        ValueError: it is not well-formed, or a note has no cell.
    """
    notes: dict[Ref, str] = {}
    parts: list[str] = []
    pieces: list[str] = []
    place = ""
    phonetic = False

    def start(name: str, attrs: dict[str, str]) -> None:
        nonlocal place, phonetic
        local = name.rpartition(":")[2]
        if local == "comment":
            place = attrs["ref"]
            parts.clear()
        elif local == "t":
            pieces.clear()
        elif local == "rPh":
            phonetic = True

    def end(name: str) -> None:
        nonlocal phonetic
        local = name.rpartition(":")[2]
        if local == "t":
            if not phonetic:
                parts.extend(pieces)
        elif local == "comment":
            notes[parse_a1(place)] = unescaped("".join(parts))
        elif local == "rPh":
            phonetic = False

    parser = new_parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = pieces.append
    parse(parser, data)
    return notes


def read_table(data: bytes, sheet: str) -> TableInfo:
    """A table of a sheet, given its part as UTF-8.

    Raises:
        ValueError: it is not well-formed, or says not where it lies.
    """
    from perfxl.workbooks.formulas import TableInfo

    table: dict[str, str] = {}
    columns: list[str] = []

    def start(name: str, attrs: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "table":
            table.update(attrs)
        elif local == "tableColumn":
            columns.append(unescaped(attrs["name"]))

    parser = new_parser()
    parser.StartElementHandler = start
    try:
        parse(parser, data)
        name = table.get("displayName") or table["name"]
        area = parse_area(table["ref"])
    except KeyError as error:
        raise ValueError(f"attribute {error} missing") from error
    header_rows, totals_rows = int(table.get("headerRowCount", "1")), int(table.get("totalsRowCount", "0"))
    return TableInfo(name, sheet, area, tuple(columns), header_rows, totals_rows)
