"""Replaces files whole: whoever looks, and whenever the power goes, sees the old bytes or the new ones.

New bytes go to a temporary file beside the target, then to the disk, then under the target's name. A run that is killed
leaves at most such a temporary file, which the next run in that folder removes.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from zlib import crc32

from perfxl.errors import UnwritableBook
from perfxl.patterns import pattern

# Starts like an owner file, so that no program takes it for a workbook. Names the machine and process that wrote it.
_TEMPORARY = pattern(r"\.~perfxl-(?P<host>[0-9a-f]{8})-(?P<pid>[0-9]+)-[0-9a-f]{8}\.tmp")
_BINARY = getattr(os, "O_BINARY", 0)  # on Windows
_CHUNK = 1 << 20
_ABANDONED_AFTER = 3600  # seconds; no write takes that long, and where the process cannot be asked only age tells

_REASONS = {
    errno.ENOSPC: "磁盘已满，请腾出空间后重试",
    errno.EDQUOT: "磁盘配额已用完，请腾出空间后重试",
    errno.EFBIG: "文件大小超出系统允许的上限，请联系系统管理员",
    errno.EACCES: "没有写入权限，或文件正在其他程序中打开，请取得权限或关闭后重试",
    errno.EPERM: "没有写入权限，请取得权限后重试",
    errno.EROFS: "所在磁盘是只读的，请复制到可以写入的文件夹后重试",
    errno.ENAMETOOLONG: "文件名太长，请缩短后重试",
    errno.ENOENT: "所在文件夹不存在，请先建立该文件夹",
    errno.EEXIST: "路径中有一段是文件，不是文件夹，请检查路径",
    errno.ENOTDIR: "路径中有一段不是文件夹，请检查路径",
    errno.EISDIR: "这是一个文件夹，请给出文件名",
    errno.ELOOP: "链接指向自身，请检查链接",
    errno.EIO: "磁盘读写出错，请检查磁盘",
}


# What a file system says that has no second names for a file, such as those of memory sticks.
_WITHOUT_LINKS = frozenset([errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK])


def write_failure(error: OSError, path: Path, *, new: bool = False) -> UnwritableBook:
    """What to tell the user when the system refused to write `path`; `new` where no file stood there before."""
    reason = _REASONS.get(error.errno or 0, f"系统拒绝写入（错误号 {error.errno}），请检查磁盘和权限后重试")
    unchanged = "没有生成文件" if new else "文件没有改动"
    return UnwritableBook(f"未能保存：{reason}。{unchanged}。", book=path)


def scratch_failure(error: OSError, path: Path) -> UnwritableBook:
    """What to tell the user where the folder for temporary files did not take what was needed to make `path`."""
    import tempfile

    reason = _REASONS.get(error.errno or 0, f"系统拒绝写入（错误号 {error.errno}），请检查磁盘和权限后重试")
    return UnwritableBook(
        f"未能生成：临时文件夹“{tempfile.gettempdir()}”{reason}（或用环境变量 TMPDIR 另指一个）。没有改动文件。",
        book=path,
    )


def real_path(path: Path) -> Path:
    """The file that a name stands for, links followed.

    Raises:
        UnwritableBook: a link leads back to itself, or the name is one that no system takes.
    """
    if not _is_possible(path):
        raise UnwritableBook("未能保存：文件名中有系统不接受的字符。文件没有改动。请检查路径。", book=path)
    target = os.path.realpath(path)
    if os.path.islink(target):
        raise write_failure(OSError(errno.ELOOP, ""), path)
    return Path(target)


def replace_file(
    path: Path,
    data: bytes | Iterable[bytes | memoryview],
    *,
    fsync: bool = True,
    mode: int | None = None,
    check: Callable[[str], None] | None = None,
    only_new: bool = False,
) -> None:
    """Give `path` new bytes, all or none of them; a file that is not there yet is made.

    Links are followed. Mode, owner, group and extended attributes of the old file stay as far as the system allows; the
    time of change is now. `fsync` waits until the bytes are on the disk. `mode` is that of a new file, else the user's
    default. `check` gets the finished temporary file before it takes the name, and stops the replacement by raising.
    With `only_new` no file is replaced, also none that came to be meanwhile.

    Raises:
        UnwritableBook: the file is read-only, not a plain file, or has other hard links; the place is full, forbidden
            or missing. The old file stands as it was, and nothing lies beside it.
        FileExistsError: with `only_new`, something has the name.
    """
    # Only a link at the end must be followed by hand: the system follows those on the way.
    target = os.fspath(real_path(path) if os.path.islink(path) or not _is_possible(path) else path)
    folder = os.path.dirname(target)
    clear_leftovers(folder)  # first: what a run that was killed left may be another name of the file itself
    old = None if only_new else _writable_stat(path, target)
    temporary = os.path.join(folder, _temporary_name())
    try:
        try:
            _write(temporary, data, target, old, fsync=fsync, mode=mode)
            if check is not None:
                check(temporary)
            (_take_free_name if only_new else os.replace)(temporary, target)
        except BaseException:  # Ctrl-C too must leave nothing behind
            with suppress(OSError):
                os.unlink(temporary)
            raise
        if fsync:
            sync_folder(folder)
    except OSError as error:
        if only_new and isinstance(error, FileExistsError):
            raise
        raise write_failure(error, path, new=old is None) from error


def _take_free_name(temporary: str, target: str) -> None:
    """Give a finished file its name, in one step, unless something has it: a rename would replace that."""
    if sys.platform == "win32":
        os.rename(temporary, target)  # refuses there
        return
    try:
        os.link(temporary, target)
    except OSError as error:
        if error.errno not in _WITHOUT_LINKS:
            raise
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target) from error
        os.replace(temporary, target)
        return
    os.unlink(temporary)


def _is_possible(path: Path) -> bool:
    """Whether a system may take this for a name."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:  # half a character
        return False


def _writable_stat(path: Path, target: str) -> os.stat_result | None:
    """The old file's facts, None where there is none; refuses a file that must not be replaced."""
    try:
        found = os.stat(target)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise write_failure(error, path) from error
    if stat.S_ISDIR(found.st_mode):
        raise write_failure(OSError(errno.EISDIR, ""), path)
    if not stat.S_ISREG(found.st_mode):
        raise UnwritableBook("未能保存：这不是普通文件（而是设备或管道）。请换一个文件。", book=path)
    # The mode is asked besides access(), which allows everything to an administrator.
    if not found.st_mode & 0o222 or not os.access(target, os.W_OK):
        raise UnwritableBook("未能保存：文件是只读的。文件没有改动。请取消只读属性后重试。", book=path)
    if found.st_nlink > 1:
        raise UnwritableBook(
            f"未能保存：该文件有 {found.st_nlink} 个硬链接，替换会使它们分开。文件没有改动。请另存一份后重试。",
            book=path,
        )
    return found


def _write(
    temporary: str,
    data: bytes | Iterable[bytes | memoryview],
    target: str,
    old: os.stat_result | None,
    *,
    fsync: bool,
    mode: int | None,
) -> None:
    # Nobody else may read it before it has the old file's mode.
    first_mode = (0o666 if mode is None else mode) if old is None else 0o600
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, first_mode)
    try:
        for chunk in (data,) if isinstance(data, bytes) else _gathered(data):
            view = memoryview(chunk)
            while view:
                view = view[os.write(descriptor, view) :]
        if old is not None:
            _keep_attributes(temporary, descriptor, old, target)
        if fsync:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _gathered(pieces: Iterable[bytes | memoryview]) -> Iterator[bytes | memoryview]:
    """The bytes in chunks worth a call of the system; a large piece goes as it is, so that it is never in memory twice."""
    chunk: list[bytes | memoryview] = []
    size = 0
    for piece in pieces:
        if len(piece) >= _CHUNK:
            yield b"".join(chunk)
            yield piece
            chunk.clear()
            size = 0
            continue
        chunk.append(piece)
        size += len(piece)
        if size >= _CHUNK:
            yield b"".join(chunk)
            chunk.clear()
            size = 0
    yield b"".join(chunk)


def file_bytes(path: str | Path) -> bytes:
    """The bytes of a file."""
    return b"".join(file_chunks(path))


def file_chunks(path: str | Path, size: int | None = None) -> Iterator[bytes]:
    """The bytes of a file in chunks of at most `size`, else as they come; asked of the system itself, in half the time of a file object."""
    descriptor = os.open(path, os.O_RDONLY | _BINARY)
    try:
        size = size or os.fstat(descriptor).st_size + 1  # the one shows at once that no more comes
        while chunk := os.read(descriptor, size):
            yield chunk
    finally:
        os.close(descriptor)


def _keep_attributes(temporary: str, descriptor: int, old: os.stat_result, target: str) -> None:
    if sys.platform != "win32":
        new = os.fstat(descriptor)
        # Of a colleague's file in a shared folder: only its owner could give it away.
        with suppress(PermissionError):
            if old.st_uid != new.st_uid:
                os.chown(temporary, old.st_uid, -1)
        with suppress(PermissionError):
            if old.st_gid != new.st_gid:
                os.chown(temporary, -1, old.st_gid)
    os.chmod(temporary, stat.S_IMODE(old.st_mode))
    if sys.platform == "linux":
        with suppress(OSError):  # not every file system has them
            for name in os.listxattr(target):
                with suppress(OSError):  # some belong to the system
                    os.setxattr(temporary, name, os.getxattr(target, name))


def sync_folder(folder: str | Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can do that."""
    if sys.platform == "win32":
        return  # a folder cannot be opened there
    with suppress(OSError):  # some network file systems cannot
        descriptor = os.open(folder or os.curdir, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@cache
def clear_leftovers(folder: str | Path) -> None:
    """Remove the temporary files that killed runs left in a folder; once a process for each folder.

    Those of a run that is still at work stay: of this machine while its process lives, of another machine for an hour.
    """
    with suppress(OSError), os.scandir(folder or os.curdir) as entries:
        for entry in entries:
            match = _TEMPORARY.fullmatch(entry.name)
            if match and entry.is_file(follow_symlinks=False) and _abandoned(match, entry):
                with suppress(OSError):
                    Path(entry).unlink()


def _temporary_name() -> str:
    return f".~perfxl-{_host()}-{os.getpid()}-{os.urandom(4).hex()}.tmp"


@cache
def _host() -> str:
    name = os.environ.get("COMPUTERNAME", "") if sys.platform == "win32" else os.uname().nodename
    return f"{crc32(os.fsencode(name)):08x}"


def _abandoned(match: re.Match[str], entry: os.DirEntry[str]) -> bool:
    if entry.stat(follow_symlinks=False).st_mtime < time.time() - _ABANDONED_AFTER:
        return True
    # On Windows os.kill(pid, 0) would not ask but interrupt.
    return sys.platform != "win32" and match["host"] == _host() and not _alive(int(match["pid"]))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # another user's
    return True


@contextmanager
def hold(path: Path, *, wait: float = 10) -> Iterator[None]:
    """Keep other runs of perfxl off a file from reading it until it is replaced; waits up to `wait` seconds for them.

    Nothing is written and nothing lies about: the lock is on the open file. Where the system has no such locks
    (Windows, some network file systems) nothing is held, and only the check before the replacement guards the file.

    Raises:
        UnwritableBook: another run still holds it.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    deadline = time.monotonic() + wait
    while True:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except (OSError, ValueError):  # whoever reads it next says why
            yield
            return
        try:
            taken = _locked(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A file that was replaced while we waited is no longer the one under this name.
            if taken and _same_file(descriptor, path):
                yield
                return
        finally:
            os.close(descriptor)
        if not taken:
            if time.monotonic() >= deadline:
                raise UnwritableBook("另一个 perfxl 正在处理这个文件。文件没有改动。请等它结束后重试。", book=path)
            time.sleep(0.05)


def _locked(descriptor: int, how: int) -> bool:
    import fcntl

    try:
        fcntl.flock(descriptor, how)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks
    return True


def _same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
