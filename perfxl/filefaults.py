"""Why the system does not let a file or folder be read, in words that its owner understands."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_REASONS = {
    errno.EACCES: "没有读取权限，请取得权限后重试",
    errno.EPERM: "没有读取权限，请取得权限后重试",
    errno.ELOOP: "链接指向自身，请检查链接",
    errno.ENAMETOOLONG: "名称太长，请缩短后重试",
    errno.ENOTDIR: "路径中有一段不是文件夹，请检查路径",
    errno.EISDIR: "这是一个文件夹，请给出文件名",
    errno.EIO: "磁盘读写出错，请检查磁盘",
    errno.ENOTCONN: "网络盘已断开，请重新连接后重试",
    errno.ESTALE: "网络盘已断开，请重新连接后重试",
}


def why_unreadable(path: str | os.PathLike[str], error: OSError | ValueError) -> str:
    """A sentence for the user on a file or folder that could not be read, with what to do."""
    if isinstance(error, FileNotFoundError):
        return "链接所指的文件不存在，请检查链接。" if Path(path).is_symlink() else "文件不存在，无法读取。请检查路径。"
    if isinstance(error, ValueError):  # a name may hold what no system takes
        return "无法读取：路径中有系统不接受的字符。请检查路径。"
    reason = _REASONS.get(error.errno or 0, f"系统拒绝读取（错误号 {error.errno}），请检查权限和路径")
    return f"无法读取：{reason}。"
