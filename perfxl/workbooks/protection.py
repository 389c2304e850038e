"""What the owner of a protected worksheet allows. In a file the protection is only a wish; perfxl heeds the one with a password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

_TRUE, _FALSE = ("1", "true"), ("0", "false")


class Protection(NamedTuple):
    """How a worksheet is protected: whether with a password, and whether rows may be inserted all the same."""

    with_password: bool
    rows_may_be_inserted: bool


def protection_of(attributes: Mapping[str, str] | None) -> Protection | None:
    """The protection that the attributes of `sheetProtection` tell, None where the worksheet is not protected."""
    if attributes is None or attributes.get("sheet") not in _TRUE:
        return None
    with_password = "password" in attributes or "hashValue" in attributes
    return Protection(with_password, not with_password or attributes.get("insertRows", "1") in _FALSE)


def edited_all_the_same(sheet: str) -> str:
    """What a user is told of cells changed in a worksheet that is protected without a password."""
    return f"工作表“{sheet}”设有保护，已按文件直接修改其中的单元格，保护设置不变。"
