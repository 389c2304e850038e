"""Replaces a workbook file by its changed self: refused where others would lose by it, read back before it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from perfxl.errors import UnreadableBook, UnwritableBook
from perfxl.files import file_bytes, file_chunks, replace_file
from perfxl.ownerfiles import owner_file
from perfxl.workbooks.package import Package

_CHUNK = 1 << 20  # bytes


def replace_book(
    path: Path,
    package: Package,
    changed: Mapping[str, bytes | None],
    *,
    before_replace: Callable[[bytes, bytes], None] | None,
    force: bool,
    fsync: bool,
) -> tuple[Package, list[str]]:
    """Write the package with its changed parts; gives it as it was read back, and Chinese remarks.

    `before_replace` gets the old and the new bytes; see `ClosedWorkbook.save`.

    Raises:
        UnwritableBook: the file is open elsewhere, signed, changed meanwhile, read-only, or the place is full.
    """
    remarks = _refuse_owned(path, package, force)
    written: list[Package] = []

    def check(temporary: str) -> None:
        new = _read_back(path, temporary, package, changed)
        _refuse_if_changed(path, package)
        if before_replace is not None:
            before_replace(package.raw, new.raw)
        written.append(new)

    replace_file(path, package.rewritten(changed), fsync=fsync, check=check)
    return written[0], remarks


def _refuse_owned(path: Path, package: Package, force: bool) -> list[str]:
    """Refuses a file that someone has open, or has signed; with `force` says what that means."""
    remarks = []
    owner = owner_file(path)
    if owner is not None:
        if not force:
            raise UnwritableBook(
                f"没有保存：{owner} 正在打开这个文件。文件没有改动。请对方关闭后重试；如确认没有人打开，可加 --force。",
                book=path,
            )
        remarks.append(f"{owner} 可能正在打开这个文件：对方保存时会覆盖本次修改。")
    if any(name.lower().startswith("_xmlsignatures/") for name in package.names()):
        if not force:
            raise UnwritableBook(
                "没有保存：工作簿带有数字签名，任何修改都会使签名失效。文件没有改动。如确认要改，可加 --force。",
                book=path,
            )
        remarks.append("工作簿的数字签名已因修改而失效，请按需要重新签名。")
    return remarks


def _read_back(path: Path, temporary: str, old: Package, changed: Mapping[str, bytes | None]) -> Package:
    """The new file as read from the disk: changed parts say what was meant, all others are the old bytes."""
    touched = {name.lower(): content for name, content in changed.items()}
    kept = [entry for entry in old.entries if touched.get(entry.name.lower(), b"") is not None]
    added = [name for name, content in changed.items() if content is not None and name not in old]
    try:
        new = Package(file_bytes(temporary), path)
        same = [entry.name for entry in new.entries] == [*[entry.name for entry in kept], *added]
        for before, after in zip(kept, new.entries, strict=False):
            if before.name.lower() not in touched:
                same = same and new.raw_entry(after) == old.raw_entry(before)
        for name, content in changed.items():
            same = same and (name not in new if content is None else new.read(name) == content)
    except UnreadableBook as error:
        raise UnwritableBook(
            f"没有保存：写出的文件读回时有误（{error.message}）。原文件没有改动。", book=path
        ) from error
    if not same:
        raise UnwritableBook("没有保存：写出的文件与要写的不一致。原文件没有改动。请检查磁盘后重试。", book=path)
    return new


def _refuse_if_changed(path: Path, package: Package) -> None:
    """Another program may have saved the file since it was read: its work must not be lost."""
    at = 0
    for chunk in file_chunks(path, _CHUNK):
        if not package.raw.startswith(chunk, at):
            break
        at += len(chunk)
    if at != len(package.raw):
        raise UnwritableBook("没有保存：文件在读取之后被其他程序改过。文件没有被 perfxl 改动。请重新运行。", book=path)
