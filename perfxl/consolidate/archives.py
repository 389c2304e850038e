"""Zip archives of workbooks, as departments send them: which members are workbooks, and their bytes."""

from __future__ import annotations

import zipfile
import zlib
from datetime import datetime
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from perfxl.errors import UnreadableBook
from perfxl.sources import SUFFIXES, is_owner_file
from perfxl.workbooks.package import MAX_FILE

ARCHIVE = ".zip"
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_MOST_MEMBERS = 100_000


class Member(NamedTuple):
    """A workbook in an archive: its name as the directory has it and as people read it, its size in bytes, and its date in
    nanoseconds since 1970 (None where it has none)."""

    name: str
    shown: str
    size: int
    dated: int | None


def list_members(path: Path) -> list[Member]:
    """The workbooks in an archive, by name.

    Raises:
        UnreadableBook: it is no zip archive, or holds too many members.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError, UnicodeDecodeError) as error:
        raise UnreadableBook(
            "压缩包已损坏，或不是 zip 格式，没有读取。请重新取得，或解压后再汇总。", book=path
        ) from error
    if len(entries) > _MOST_MEMBERS:
        raise UnreadableBook(f"压缩包里有超过 {_MOST_MEMBERS} 个文件，不予读取。请解压后再汇总。", book=path)
    members: dict[str, Member] = {}
    for entry in entries:
        shown = _readable_name(entry)
        parts = shown.split("/")
        if (
            PurePosixPath(shown).suffix.lower() in SUFFIXES
            and not is_owner_file(parts[-1])
            and not {".perfxl", "__MACOSX"} & set(parts)
        ):
            members.setdefault(shown, Member(entry.filename, shown, entry.file_size, _dated(entry)))
    return [members[name] for name in sorted(members)]


def read_member(path: Path, name: str) -> bytes:
    """The bytes of a member.

    Raises:
        UnreadableBook: it is damaged, encrypted, too large, or gone.
    """
    try:
        archive, twice = _opened(path, path.stat().st_mtime_ns)
        entry = archive.getinfo(name)
        if _readable_name(entry) in twice:
            message = "压缩包中有两个内容不同的同名文件，不知道哪个是要报的，都没有读取。请解压、留下一个后再汇总。"
            raise UnreadableBook(message, book=path)
        if entry.flag_bits & _ENCRYPTED:
            raise UnreadableBook("压缩包设有密码，无法读取。请解压后再汇总。", book=path)
        if entry.file_size > MAX_FILE:
            raise UnreadableBook(f"文件超过 {MAX_FILE >> 20} MB，不予读取。请删去无关的工作表后重试。", book=path)
        with archive.open(entry) as stream:
            return stream.read(MAX_FILE + 1)
    except KeyError as error:
        raise UnreadableBook("压缩包中已没有这个文件。请重新运行。", book=path) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise UnreadableBook("压缩包中的这个文件已损坏，无法解压。请重新取得，或解压后再汇总。", book=path) from error


@lru_cache(maxsize=1)
def _opened(path: Path, modified: int) -> tuple[zipfile.ZipFile, frozenset[str]]:
    """An archive, and the names in it that stand for two contents; opened once for all its members: its directory may be long."""
    archive = zipfile.ZipFile(path)
    contents: dict[str, tuple[int, int]] = {}
    twice = set()
    for entry in archive.infolist():
        name = _readable_name(entry)
        if contents.setdefault(name, (entry.CRC, entry.file_size)) != (entry.CRC, entry.file_size):
            twice.add(name)
    return archive, frozenset(twice)


def _readable_name(entry: zipfile.ZipInfo) -> str:
    """Archives made on a Chinese Windows hold names in GBK without saying so; zipfile takes them for code page 437."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "/".join(parts)


def _dated(entry: zipfile.ZipInfo) -> int | None:
    try:
        local = datetime(*entry.date_time).astimezone()
    except (ValueError, OverflowError, OSError):
        return None
    return int(local.timestamp()) * 1_000_000_000
