"""What is wrong with a part of a workbook that cannot be read, in words that its owner understands."""

from __future__ import annotations

from xml.parsers.expat import ExpatError

from perfxl.errors import UnreadableBook

# By the codes of expat, which says these in English.
_FAULTS = {
    1: "展开后太大，内存容纳不下", 2: "不是 XML", 3: "没有内容或不完整", 4: "有不合 XML 写法或编码的字符", 5: "不完整", 6: "在一个字符中间断开",
    7: "标签不成对", 8: "同一属性写了两次", 9: "结尾之后还有内容", 11: "用了没有定义的实体", 14: "有 XML 不容许的字符", 17: "XML 声明不在开头",
    18: "编码不认识", 19: "编码与声明不符", 20: "CDATA 段没有结束", 30: "XML 声明写法有误",
}  # fmt: skip


class Refused(ValueError):
    """A part that could be parsed but must not be; the text says why, in Chinese."""


class Malformed(ValueError):
    """A part that is not well-formed; the text says how, in Chinese.

    Attributes:
        line, column: where, counted from 1.
    """

    def __init__(self, error: ExpatError) -> None:
        fault = _FAULTS.get(error.code, f"不合 XML 写法（代号 {error.code}）")
        self.line, self.column = error.lineno, error.offset + 1
        super().__init__(f"{fault}，在第 {self.line} 行第 {self.column} 个字符处")


def unreadable(part: str, book: object, cause: ValueError) -> UnreadableBook:
    """The error for a part that could not be parsed; what no Chinese text tells of its cause stands in the error's own cause."""
    if isinstance(cause, Refused):
        what = str(cause)
    elif isinstance(cause, UnicodeError):
        what = "内容无法解析：文字编码与声明不符"
    elif isinstance(cause, Malformed):
        what = f"内容无法解析：{cause}"
    else:
        what = "内容无法解析：其中的编号、地址或名称不合规定，或有缺漏"
    return UnreadableBook(
        f"工作簿的部件 {part} {what}。没有读取任何内容；请用 Excel 或 WPS 打开并另存为 .xlsx 后重试。", book=str(book)
    )
