"""What floats over the cells: drawings, controls and the boxes of notes, which hang on rows counted from 0."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from perfxl.patterns import pattern
from perfxl.workbooks.insertion.rowmap import RowMap
from perfxl.workbooks.markup import escaped, new_parser, parse, unescaped
from perfxl.workbooks.splice import Splice, start_tag

_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "anchor")
_YES = ("1", "true")


@dataclass(slots=True)
class _Anchor:
    """An anchor: whether it moves with its cells, whether it is resized with them, and its rows with their places in the part."""

    moves: bool
    sizes: bool
    rows: dict[str, tuple[int, int, int]] = field(
        default_factory=dict
    )  # by `from` or `to`: row, begin, end of its text


def anchor_splices(data: bytes, rows: RowMap) -> list[Splice]:
    """The changes to the anchors of a drawing's part, or of the controls and objects in a worksheet's.

    Raises:
        ValueError: the part is not well-formed.
    """
    splices: list[Splice] = []
    names: list[str] = []
    pieces: list[str] = []
    open_anchors: list[_Anchor] = []
    text_start = 0

    def start(name: str, attrs: dict[str, str]) -> None:
        nonlocal text_start
        local = name.rpartition(":")[2]
        names.append(local)
        if local in _ANCHORS:
            open_anchors.append(_anchor(local, attrs))
        elif local == "row" and open_anchors and len(names) > 1 and names[-2] in ("from", "to"):
            text_start = parser.CurrentByteIndex + len(start_tag(data, parser.CurrentByteIndex))
            pieces.clear()
            parser.CharacterDataHandler = pieces.append

    def end(name: str) -> None:
        local = names.pop()
        if local == "row" and parser.CharacterDataHandler is not None:
            parser.CharacterDataHandler = None
            open_anchors[-1].rows[names[-1]] = (int("".join(pieces)), text_start, parser.CurrentByteIndex)
        elif local in _ANCHORS:
            anchor = open_anchors.pop()
            now = _moved({key: row for key, (row, _, _) in anchor.rows.items()}, anchor.moves, anchor.sizes, rows)
            for key, (row, begin, stop) in anchor.rows.items():
                if now[key] != row:
                    splices.append(Splice(begin, stop, str(now[key]).encode()))

    parser = new_parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parse(parser, data)
    return splices


def _anchor(local: str, attrs: dict[str, str]) -> _Anchor:
    if local == "anchor":  # of a control or an object
        moves = attrs.get("moveWithCells", "0") in _YES
        return _Anchor(moves, moves and attrs.get("sizeWithCells", "0") in _YES)
    how = attrs.get("editAs", "twoCell") if local == "twoCellAnchor" else "oneCell"
    return _Anchor(how != "absolute", how == "twoCell")


def _moved(at: dict[str, int], moves: bool, sizes: bool, rows: RowMap) -> dict[str, int]:
    if not moves or "from" not in at:
        return at
    by = rows.above(at["from"]) - at["from"]
    return {key: rows.above(row) if sizes else row + by for key, row in at.items()}


# --- VML, which is not always well-formed XML

_SHAPE = pattern(rb"<((?:\w+:)?shape)\s.*?</\1\s*>", re.DOTALL)
_ANCHOR = pattern(rb"(<(?:\w+:)?Anchor>)([^<]*)(</)")
_ROW = pattern(rb"(<(?:\w+:)?Row>\s*)(\d+)(\s*</)")
_FORMULA = pattern(rb"(<(?:\w+:)?Fmla(?:Link|Range|Txbx|Pict|Group)>)([^<]*)(</)")
_FLAG = rb"<(?:\w+:)?%s\s*(?:/>|>(?!\s*(?:False|f)\b))"
_STAYS, _KEEPS_SIZE = pattern(_FLAG % b"MoveWithCells"), pattern(_FLAG % b"SizeWithCells")
_NOTE = pattern(rb"""ObjectType\s*=\s*["']Note["']""")
_TOP, _BOTTOM = 2, 6


def shifted_vml(data: bytes, rows: RowMap | None, formula: Callable[[str], str]) -> bytes:
    """A drawing part of the old kind, UTF-8: notes go where their cells go, controls as they are told to (`rows` None: all stay), and
    the cells that controls are linked to move along.

    Raises:
        ValueError: an anchor is none.
    """

    def shape(match: re.Match[bytes]) -> bytes:
        text = match[0] if rows is None else _moved_shape(match[0], rows)
        return _FORMULA.sub(lambda found: found[1] + _told(found[2], formula) + found[3], text)

    return _SHAPE.sub(shape, data)


def _moved_shape(shape: bytes, rows: RowMap) -> bytes:
    cell = _ROW.search(shape)
    anchor = _ANCHOR.search(shape)
    numbers = [int(number) for number in anchor[2].split(b",")] if anchor else []
    if numbers and len(numbers) != 8:
        raise ValueError("no anchor")
    if cell is not None and _NOTE.search(shape):
        by = rows.above(int(cell[2])) - int(cell[2])
        if not by:
            return shape
        ends = [numbers[_TOP] + by, numbers[_BOTTOM] + by] if numbers else []
        shape = _ROW.sub(lambda found: b"%b%d%b" % (found[1], int(found[2]) + by, found[3]), shape, count=1)
    elif numbers:
        at = {"from": numbers[_TOP], "to": numbers[_BOTTOM]}
        now = _moved(at, not _STAYS.search(shape), not _KEEPS_SIZE.search(shape), rows)
        ends = [now["from"], now["to"]]
    else:
        return shape
    if not numbers or [numbers[_TOP], numbers[_BOTTOM]] == ends:
        return shape
    numbers[_TOP], numbers[_BOTTOM] = ends
    text = ", ".join([str(number) for number in numbers]).encode()
    return _ANCHOR.sub(lambda found: found[1] + text + found[3], shape, count=1)


def _told(raw: bytes, formula: Callable[[str], str]) -> bytes:
    old = unescaped(raw.decode().replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&"))
    new = formula(old)
    return raw if new == old else escaped(new).encode()
