"""What a file is by its first bytes, whatever it is called: departments send web pages, texts and old formats as .xls."""

from __future__ import annotations

from enum import Enum

from perfxl.patterns import pattern

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RESAVE = "请用 Excel 或 WPS 打开，另存为 .xlsx 后重试。"
_LOOKED_AT = 4096  # bytes at the beginning in which a text says what it is

_SIGNS = (
    (b"%PDF", "PDF 文件", "请取得原来的工作簿后重试。"),
    (b"{\\rtf", "RTF 文档", _RESAVE),
    (b"\x89PNG", "图片", "请取得原来的工作簿后重试。"),
    (b"\xff\xd8\xff", "图片", "请取得原来的工作簿后重试。"),
    (b"GIF8", "图片", "请取得原来的工作簿后重试。"),
    (b"BM", "图片", "请取得原来的工作簿后重试。"),
    (b"Rar!", "RAR 压缩包", "请解压后再试。"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包", "请解压后再试。"),
    (b"\x1f\x8b", "gzip 压缩包", "请解压后再试。"),
)
_PAGE = pattern(
    rb"(?i)\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|body|table|style|script|div)[\s>]"
)
_BARE_RECORDS = pattern(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00")


class FileKind(Enum):
    """Formats that perfxl reads, and OTHER for all else."""

    XLSX = ".xlsx"
    XLSB = ".xlsb"
    XLS = ".xls"
    ODS = ".ods"
    OTHER = ""


def kind_without_package(raw: bytes) -> FileKind:
    """What a file is that is no zip package."""
    if raw.startswith(b"\x09\x08\x10\x00\x00\x06"):
        return FileKind.XLS  # its records without a container, as some programs write them
    if raw.startswith(_COMPOUND):
        from perfxl.workbooks.foreign.compound import CompoundFile, Damaged

        try:
            return FileKind.XLS if "Workbook" in CompoundFile(raw) else FileKind.OTHER
        except Damaged:
            return FileKind.OTHER
    return FileKind.OTHER


def why_no_workbook(raw: bytes) -> str:
    """What a file is that does not begin as a zip, and what to do: the message of an `UnreadableBook`."""
    if not raw.strip(b"\0"):
        if not raw:
            return "文件是空的（0 字节），可能没有下载完整。请重新取得文件。"
        return "这不是 Excel 工作簿：内容全部为空字节，可能没有下载完整或磁盘出错。请重新取得文件。"
    if raw.startswith(_COMPOUND):
        return _why_no_compound(raw)
    if _BARE_RECORDS.match(raw):
        return f"这是 Excel 5.0/95 或更早的 .xls 格式，perfxl 不读取。{_RESAVE}"
    what, todo = _other(raw)
    return f"这不是 Excel 工作簿（.xlsx/.xlsm）{what}。{todo}"


def _why_no_compound(raw: bytes) -> str:
    from perfxl.workbooks.foreign.compound import CompoundFile, Damaged

    try:
        found = CompoundFile(raw)
    except Damaged:
        found = None
    if "EncryptedPackage" in found if found else "EncryptedPackage".encode("utf-16-le") in raw:
        return "工作簿设有打开密码，无法读取。请在 Excel 或 WPS 中取消打开密码，保存后重试。"
    if found is None:
        return f"这是旧版 .xls 格式的文件，但已损坏，没有读取。{_RESAVE}"
    if "Workbook" in found:
        return f"这是旧版 .xls 格式（或由其他程序生成），不是 .xlsx。{_RESAVE}"
    if "Book" in found:
        return f"这是 Excel 5.0/95 的 .xls 格式，perfxl 不读取。{_RESAVE}"
    for stream, what in (("WordDocument", "Word 文档（.doc）"), ("PowerPoint Document", "演示文稿（.ppt）")):
        if stream in found:
            return f"这是 {what}，不是工作簿。请给出工作簿本身。"
    return f"这不是 Excel 工作簿（.xlsx/.xlsm），而是其他程序的文件。{_RESAVE}"


def _other(raw: bytes) -> tuple[str, str]:
    for sign, what, todo in _SIGNS:
        if raw.startswith(sign):
            return f"，而是{what}", todo
    head = raw[:_LOOKED_AT]
    text = head[head.startswith(b"\xef\xbb\xbf") * 3 :]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "ignore").encode()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in text:
        return "，而是 XML 表格（Excel 2003 XML），只是扩展名不同", _RESAVE
    if b"urn:oasis:names:tc:opendocument" in text:
        return "，而是单个文件的 OpenDocument 表格（.fods）", _RESAVE
    if text[:64].lstrip().lower().startswith(b"mime-version:"):
        return "，而是单个文件的网页（.mht），只是扩展名不同", _RESAVE
    if _PAGE.match(text):
        return "，而是网页（HTML），只是扩展名不同", _RESAVE
    if _is_text(head, text):
        return "，而是文本（如 CSV），只是扩展名不同", _RESAVE
    return "", _RESAVE


def _is_text(head: bytes, text: bytes) -> bool:
    if any(byte < 32 and byte not in b"\t\r\n\f" for byte in text):
        return False
    for codec in ("utf-8", "gb18030"):
        for cut in range(4):  # the last character may be cut in two
            try:
                text[: len(text) - cut].decode(codec)
            except UnicodeDecodeError:
                continue
            return True
    return head is not text
