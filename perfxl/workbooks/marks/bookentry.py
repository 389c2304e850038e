"""What a workbook must be told of a sheet that comes last, or goes: its list of sheets, names, the sheets in view, its titles."""

from collections.abc import Sequence
from typing import NamedTuple

from perfxl.workbooks.markup import attribute, escaped
from perfxl.workbooks.outline import Element, appended, outline, prefix_of
from perfxl.workbooks.splice import Splice, spliced, start_tag, with_attributes

PREFIX = "_perfxl_"
_OWN_NAMES = ("_xlnm._FilterDatabase", "_xlnm.Print_Titles")
# By the order of the schema, names stand behind these.
_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")

# Some programs write an empty list of names. A blank in the tag remembers it, so that it comes back when the names go.
_ONCE_EMPTY = b" >"


class SheetName(NamedTuple):
    """A name that belongs to one sheet, and what it stands for."""

    name: str
    formula: str
    hidden: bool = True


def structure_locked(data: bytes) -> bool:
    """Whether the workbook's owner forbids other sheets."""
    return b"lockStructure" in data and any(
        e.name == "workbookProtection" and e.attrs.get("lockStructure") in ("1", "true") for e in outline(data, 1)
    )


def with_sheet(data: bytes, name: str, relationship: str, namespace: str) -> bytes:
    """The workbook part with one more sheet, behind all others."""
    found = outline(data, 2)
    sheets = next(e for e in found if e.name == "sheets")
    entries = _children(found, sheets)
    highest = max([int(e.attrs.get("sheetId", "0")) for e in entries], default=0)
    prefix = prefix_of(data, sheets)
    entry = (
        f'<{prefix}sheet name="{attribute(name)}" sheetId="{highest + 1}" xmlns:r="{namespace}" r:id="{relationship}"/>'
    )
    known = f'xmlns:r="{namespace}"'
    if known.encode() in start_tag(data, found[0].place.start):
        entry = entry.replace(f"{known} ", "")
    return spliced(data, [appended(data, sheets, entry.encode())])


def without_sheet(data: bytes, position: int, title: str) -> bytes:
    """The workbook part without the sheet at a position (counted from 0) and its names; what counts sheets is mended."""
    quoted = title.replace("'", "''")
    leading = tuple(escaped(f"{name}!").encode() for name in (title, f"'{quoted}'"))
    found = outline(data, 2)
    sheets = next(e for e in found if e.name == "sheets")
    gone = _children(found, sheets)[position]
    splices = [Splice(gone.place.start, gone.place.end, b"")]
    names = [e for e in found if e.name == "definedName" and e.depth == 2]
    left = 0
    for name in names:
        local = name.attrs.get("localSheetId")
        said = data[name.place.start + len(start_tag(data, name.place.start)) : name.place.close]
        own = _is_own(name.attrs.get("name", "")) and (
            said.startswith(leading) or name.attrs["name"].startswith(PREFIX)
        )
        if own or (local is not None and int(local) == position):
            splices.append(Splice(name.place.start, name.place.end, b""))
            continue
        left += 1
        if local is not None and int(local) > position:
            splices.append(_retagged(data, name, {"localSheetId": str(int(local) - 1)}))
    if names and not left:
        around = next(e for e in found if e.name == "definedNames")
        splices = [s for s in splices if not around.place.start <= s.start < around.place.end]
        tag = start_tag(data, around.place.start)
        empty = tag[:-2] + b"/>" if tag.endswith(_ONCE_EMPTY) else b""
        splices.append(Splice(around.place.start, around.place.end, empty))
    for view in [e for e in found if e.name == "workbookView"]:
        changes: dict[str, str | None] = {}
        for key in ("activeTab", "firstSheet"):
            value = int(view.attrs.get(key, "0"))
            if value > position or (value == position and value > 0):
                changes[key] = str(value - 1)
        if changes:
            splices.append(_retagged(data, view, changes))
    return spliced(data, splices)


def with_names(data: bytes, position: int, names: Sequence[SheetName]) -> bytes:
    """The workbook part with these names of a sheet, in place of those that perfxl gave it before."""
    found = outline(data, 2)
    prefix = prefix_of(data, found[0])
    old = [
        e
        for e in found
        if e.name == "definedName"
        and (
            e.attrs.get("name", "").startswith(PREFIX)
            or (e.attrs.get("localSheetId") == str(position) and e.attrs.get("name") in _OWN_NAMES)
        )
    ]
    content = "".join(
        [
            f'<{prefix}definedName name="{name.name}" localSheetId="{position}"{" hidden=" + chr(34) + "1" + chr(34) if name.hidden else ""}>'
            f"{escaped(name.formula)}</{prefix}definedName>"
            for name in names
        ]
    ).encode()
    if b"".join([data[e.place.start : e.place.end] for e in old]) == content:
        return data
    splices = [Splice(e.place.start, e.place.end, b"") for e in old]
    around = next((e for e in found if e.name == "definedNames"), None)
    if not content:
        return spliced(data, splices)
    if around is not None and around.place.is_empty_tag:
        tag = start_tag(data, around.place.start)
        close = f"</{prefix}definedNames>".encode()
        splices.append(Splice(around.place.start, around.place.end, tag[:-2] + _ONCE_EMPTY + content + close))
    elif around is not None:
        splices.append(appended(data, around, content))
    else:
        behind = [e for e in found if e.depth == 1 and e.name in _BEFORE_NAMES][-1].place.end
        whole = f"<{prefix}definedNames>".encode() + content + f"</{prefix}definedNames>".encode()
        splices.append(Splice(behind, behind, whole))
    return spliced(data, splices)


def _is_own(name: str) -> bool:
    return name in _OWN_NAMES or name.startswith(PREFIX)


def with_title(data: bytes, name: str) -> bytes:
    """The document's properties with one more sheet among the titles; as they are where they list none."""
    lists = _titles(data)
    if lists is None:
        return data
    count, titles, vectors = lists
    number = int(_text(data, count))
    if not 0 < number <= len(titles):
        return data
    prefix = prefix_of(data, titles[number - 1])
    at = titles[number - 1].place.end
    entry = f"<{prefix}lpstr>{escaped(name)}</{prefix}lpstr>".encode()
    return spliced(data, [*_counted(data, count, vectors, 1), Splice(at, at, entry)])


def without_title(data: bytes, name: str) -> bytes:
    """The document's properties without a sheet among the titles."""
    lists = _titles(data)
    if lists is None:
        return data
    count, titles, vectors = lists
    number = int(_text(data, count))
    gone = [e for e in titles[:number] if _text(data, e) == escaped(name)]
    if not gone:
        return data
    place = gone[-1].place
    return spliced(data, [*_counted(data, count, vectors, -1), Splice(place.start, place.end, b"")])


def _titles(data: bytes) -> tuple[Element, list[Element], Element] | None:
    """The number of worksheets, the titles, and the titles' vector; None where the properties are otherwise."""
    found = outline(data, 5)
    names = [e.name for e in found]
    if "HeadingPairs" not in names or "TitlesOfParts" not in names:
        return None
    pairs, parts = names.index("HeadingPairs"), names.index("TitlesOfParts")
    count = next((e for e in found[pairs:] if e.name == "i4"), None)
    vector = next((e for e in found[parts:] if e.name == "vector"), None)
    if count is None or vector is None or not _text(data, count).isdecimal():
        return None
    titles = [e for e in found[parts:] if e.name == "lpstr" and vector.place.start < e.place.start < vector.place.end]
    return count, titles, vector


def _counted(data: bytes, count: Element, vector: Element, change: int) -> list[Splice]:
    tag = start_tag(data, count.place.start)
    number = str(int(_text(data, count)) + change)
    start = count.place.start + len(tag)
    splices = [Splice(start, count.place.close, number.encode())]
    size = vector.attrs.get("size", "")
    if size.isdecimal():
        splices.append(_retagged(data, vector, {"size": str(int(size) + change)}))
    return splices


def _text(data: bytes, element: Element) -> str:
    tag = start_tag(data, element.place.start)
    return data[element.place.start + len(tag) : element.place.close].decode().strip()


def _children(found: Sequence[Element], parent: Element) -> list[Element]:
    return [e for e in found if e.depth == parent.depth + 1 and parent.place.start < e.place.start < parent.place.end]


def _retagged(data: bytes, element: Element, changes: dict[str, str | None]) -> Splice:
    tag = start_tag(data, element.place.start)
    return Splice(element.place.start, element.place.start + len(tag), with_attributes(tag, changes))
