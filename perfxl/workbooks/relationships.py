"""The relationships between the parts of a package: the only way to find a part, whatever it is called."""

import posixpath
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from perfxl.errors import UnreadableBook
from perfxl.workbooks.markup import as_utf8, new_parser, parse
from perfxl.workbooks.package import Package
from perfxl.workbooks.partfaults import unreadable


class Relationship(NamedTuple):
    """One relationship: its id, the last step of its type's name, the folder of the part it belongs to, its target as written."""

    id: str
    kind: str
    folder: str
    target: str
    external: bool


def relationships(package: Package, owner: str) -> Sequence[Relationship]:
    """The relationships of a part, `""` for those of the package; none where the part has no relationships part.

    Kinds are told by the last step of the type (`worksheet`, `styles`), since strict workbooks have other namespaces.

    Raises:
        UnreadableBook: the relationships part is damaged.
    """
    folder, _, name = owner.rpartition("/")
    part = f"{folder}/_rels/{name}.rels".lstrip("/")
    if part not in package:
        return ()
    try:
        return _parsed(package.read(part), folder)
    except ValueError as error:
        raise unreadable(part, package.book, error) from error


@lru_cache(maxsize=64)  # the books of a folder come from the same form: their small parts are the same bytes
def _parsed(raw: bytes, folder: str) -> Sequence[Relationship]:
    found: list[Relationship] = []

    def start(name: str, attrs: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship":
            kind = attrs.get("Type", "").rstrip("/").rpartition("/")[2]
            external = attrs.get("TargetMode") == "External"
            found.append(Relationship(attrs.get("Id", ""), kind, folder, attrs.get("Target", ""), external))

    parser = new_parser()
    parser.StartElementHandler = start
    parse(parser, as_utf8(raw).data)
    return tuple(found)


def one_target(package: Package, found: Sequence[Relationship], kind: str) -> str | None:
    """The part that the first relationship of a kind leads to, None where there is none.

    Raises:
        UnreadableBook: it leads outside the package.
    """
    for relationship in found:
        if relationship.kind == kind:
            return inside(package, relationship)
    return None


def inside(package: Package, relationship: Relationship) -> str:
    """The part that a relationship leads to.

    Raises:
        UnreadableBook: it leads outside the package.
    """
    if relationship.external:
        raise UnreadableBook(
            f"工作簿的内部引用（{relationship.kind}）指向文件之外，出于安全不予读取。请用 Excel 或 WPS 打开并另存为 .xlsx 后重试。",
            book=str(package.book),
        )
    path = _joined(relationship.folder, relationship.target)
    if path in package or "%" not in path:
        return path
    from urllib.parse import unquote  # rarely needed, and slow to import

    return unquote(path)


@lru_cache(maxsize=256)
def _joined(folder: str, target: str) -> str:
    path = target.replace("\\", "/")
    return posixpath.normpath(path.lstrip("/") if path.startswith("/") else f"{folder}/{path}").lstrip("/")
