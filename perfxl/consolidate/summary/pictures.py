"""The pictures on a sheet of a closed book: their bytes and where they stand. openpyxl itself would need another library for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from zipfile import ZipFile

_PIXEL = 9525  # English Metric Units
_DRAWING = "/drawing"


class Picture(NamedTuple):
    """A picture: its bytes; the row and column (from 0) that it begins in, and how far from their edges, in pixels; its size in pixels,
    0 where none is stored."""

    content: bytes
    row: int
    column: int
    x: float
    y: float
    width: float
    height: float


class Drawn(NamedTuple):
    """What is drawn on a sheet: its pictures, and how many charts, shapes and the like there are besides."""

    pictures: list[Picture]
    others: int


def drawn_on(package: ZipFile, sheet: str) -> Drawn:
    """What is drawn on the sheet of this name."""
    pictures: list[Picture] = []
    others = 0
    for drawing in _drawings(package, sheet):
        for picture in _anchored(package, drawing):
            if picture is None:
                others += 1
            else:
                pictures.append(picture)
    return Drawn(pictures, others)


def _drawings(package: ZipFile, sheet: str) -> list[str]:
    """The parts with the drawings of a sheet."""
    from openpyxl.packaging.relationship import get_dependents
    from openpyxl.packaging.workbook import WorkbookPackage

    book = "xl/workbook.xml"
    found = WorkbookPackage.from_tree(_tree(package, book))
    of_book = get_dependents(package, _rels(book))
    part = next(of_book.get(each.id).target for each in (found.sheets if found else ()) if each.name == sheet)
    rels = _rels(part)
    if rels not in package.namelist():
        return []
    return [each.Target for each in get_dependents(package, rels) if each.Type.endswith(_DRAWING)]


def _tree(package: ZipFile, part: str) -> Any:
    from openpyxl.xml.functions import fromstring

    return fromstring(package.read(part))


def _rels(part: str) -> str:
    """The part with the relationships of a part."""
    from openpyxl.packaging.relationship import get_rels_path

    return str(get_rels_path(part))  # type: ignore[no-untyped-call]


def _anchored(package: ZipFile, drawing: str) -> Iterator[Picture | None]:
    """The pictures of a drawing; None for anything else."""
    from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
    from openpyxl.packaging.relationship import get_dependents

    found = SpreadsheetDrawing.from_tree(_tree(package, drawing))
    rels = _rels(drawing)
    targets = {each.Id: each.Target for each in get_dependents(package, rels)} if rels in package.namelist() else {}
    if found is None:
        return
    for anchor in (*found.oneCellAnchor, *found.twoCellAnchor):
        picture = anchor.pic
        target = None if picture is None else targets.get(picture.blipFill.blip.embed)
        if picture is None or target not in package.namelist():
            yield None
            continue
        frame = picture.spPr.xfrm.ext if picture.spPr.xfrm is not None else None
        size = getattr(anchor, "ext", None) or frame
        start = anchor._from
        yield Picture(
            package.read(target),
            start.row,
            start.col,
            start.colOff / _PIXEL,
            start.rowOff / _PIXEL,
            size.width / _PIXEL if size is not None else 0,
            size.height / _PIXEL if size is not None else 0,
        )
    for _ in found.absoluteAnchor:
        yield None
