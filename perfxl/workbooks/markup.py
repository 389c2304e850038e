"""XML parts: any encoding to UTF-8 and back, a parser that takes no DTD, and the escapes of spreadsheet text.

Inside perfxl a part is always UTF-8 without a byte order mark, so that an offset that the parser reports is an offset into the
bytes at hand; `Markup` remembers how the part was written.
"""

from typing import NamedTuple
from xml.parsers import expat

from perfxl.patterns import pattern
from perfxl.workbooks.memory import is_too_much, resident
from perfxl.workbooks.partfaults import Malformed, Refused

_DECLARED = pattern(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DTD = pattern(rb"""[^<]*(?:<\?[^>]*>[^<]*|<!--(?:(?!-->)[\s\S])*-->[^<]*)*<!DOCTYPE""")
_BOM = b"\xef\xbb\xbf"
# Encodings that programs have been seen to declare; a codec that is not for text has no place in a workbook.
_CODECS = {
    "ascii": "ascii", "us-ascii": "ascii", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5",
    "iso-8859-1": "latin-1", "latin1": "latin-1", "windows-1252": "cp1252", "shift_jis": "cp932",
}  # fmt: skip
_ESCAPE = pattern(r"_x([0-9A-Fa-f]{4})_")
_SPECIAL = pattern("[&<>_\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_UNSAFE = pattern("_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


class Markup(NamedTuple):
    """A part as UTF-8 without byte order mark, and how it was written: the codec (None for UTF-8) and the mark."""

    data: bytes
    codec: str | None = None
    bom: bytes = b""

    def written(self, data: bytes) -> bytes:
        """Changed UTF-8 bytes in the part's own encoding."""
        if self.codec is None:
            return self.bom + data
        return self.bom + data.decode().encode(self.codec, "xmlcharrefreplace")


def as_utf8(raw: bytes) -> Markup:
    """A part as UTF-8.

    Raises:
        ValueError: the part is not in the encoding that it declares, or in one that is not known.
    """
    if raw.startswith(b"<?xml") and b"\x00" not in raw[:6]:
        declared = _DECLARED.match(raw, 0, 256)
        name = declared[1].lower().decode() if declared else "utf-8"
        if name in ("utf-8", "utf8"):
            return Markup(raw)
        if name not in _CODECS:
            raise Refused(f"的编码是 {name}，不能识别")
        codec = _CODECS[name]
        return Markup(raw.decode(codec).encode(), codec)
    if raw.startswith(_BOM):
        return Markup(raw[3:], None, _BOM)
    for codec, bom, start in (("utf-16-le", b"\xff\xfe", b"<\x00"), ("utf-16-be", b"\xfe\xff", b"\x00<")):
        if raw.startswith(bom):
            return Markup(raw[2:].decode(codec).encode(), codec, bom)
        if raw.startswith(start):
            return Markup(raw.decode(codec).encode(), codec)
    return Markup(raw)


def new_parser(separator: str | None = None) -> expat.XMLParserType:
    """A parser for UTF-8 that joins neighbouring texts, and refuses a DTD: no workbook needs one, and attacks do.

    With a `separator` names are told as their namespace, this, and their local name; else as they are written.
    """
    parser = expat.ParserCreate("utf-8", separator)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_dtd
    return parser


def _refuse_dtd(*_: object) -> None:
    raise Refused("含有文档类型声明（DTD），出于安全不予读取")


def has_dtd(raw: bytes) -> bool:
    """Whether a part, in any encoding, declares a document type before its first element."""
    if b"<!D" in raw:
        return _DTD.match(raw) is not None
    if b"<\x00!\x00D" in raw or b"\x00<\x00!\x00D" in raw:
        return _DTD.match(raw.replace(b"\x00", b"")) is not None
    return False


def parse(parser: expat.XMLParserType, data: bytes) -> None:
    """Run the parser over a whole part.

    Raises:
        ValueError: the part is not well-formed, holds a DTD, or a handler missed something or found a value that cannot be.
    """
    try:
        if len(data) > _LARGE:
            _feed(parser, data)
        parser.Parse(b"" if len(data) > _LARGE else data, True)
    except expat.ExpatError as error:
        raise Malformed(error) from error
    except LookupError as error:
        raise ValueError(f"{error} missing") from error
    finally:  # parser and handlers hold each other: free them now, not at some collection of garbage
        parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None


_LARGE = 1 << 21  # bytes; what smaller markup grows to stays within the limit, whatever it holds
_MEGABYTE = 1 << 20
# Text holds at most 32,767 characters: what is longer is a tag, a comment or an attack. A tag is read as a whole.
_LONG = pattern(rb"<[^<]{400000,}")
_MOST_ATTRIBUTES = 10_000


def _feed(parser: expat.XMLParserType, data: bytes) -> None:
    """Give a large part to the parser by pieces, and stop where it grows to more than is promised."""
    if any(long[0].count(b"=") > _MOST_ATTRIBUTES for long in _LONG.finditer(data)):
        raise Refused(f"有一个元素的属性超过 {_MOST_ATTRIBUTES:,} 个，不予读取")
    view = memoryview(data)
    before = resident()
    for at in range(0, len(data), _MEGABYTE):
        parser.Parse(view[at : at + _MEGABYTE], False)
        if is_too_much(before):
            raise Refused("展开后占用的内存过多，不予读取")


def prefix_of_root(name: str, local: str) -> str:
    """The prefix, with its colon, of a root element that must have this local name.

    Raises:
        Refused: it has another.
    """
    prefix = name[: -len(local)]
    if not name.endswith(local) or (prefix and prefix[-1] != ":"):
        raise Refused(f"的根元素是“{name[:40]}”，应为“{local}”")
    return prefix


# One byte is found many times faster than two of which the first is everywhere: so it is sought before them.


def has_space_between(data: bytes) -> bool:
    """Whether white space may stand between elements; without any, text always belongs to the tag before it."""
    start = data.find(b"<", data.find(b"?>") + 1)  # the line break behind the declaration is no text
    return data.find(b"> ", start) >= 0 or any(
        data.find(space, start) >= 0 and data.find(b">" + space, start) >= 0 for space in (b"\n", b"\r", b"\t")
    )


def holds_only_tags(data: bytes) -> bool:
    """Whether there are no comments, CDATA sections and processing instructions: then every `<` begins a tag."""
    return not (b"!" in data and b"<!" in data) and not (
        data.find(b"?", data.find(b"?>") + 2) >= 0 and data.find(b"<?", 2) >= 0
    )


def resolved(text: str) -> str:
    """A text with its five named entities resolved; the standard library's way would import the whole of its networking."""
    if "&" not in text:
        return text
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def unescaped(text: str) -> str:
    """`_x000D_` and its like as the characters that they stand for."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def escaped(text: str) -> str:
    """Text as character data: markup escaped, and what XML cannot hold (or reading would change) as `_xHHHH_`."""
    if not _SPECIAL.search(text):  # as nearly all texts
        return text
    if _UNSAFE.search(text):
        text = _UNSAFE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def text_element(prefix: str, text: str) -> str:
    """A `t` element; blanks at its ends are kept."""
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<{prefix}t{space}>{escaped(text)}</{prefix}t>"


def attribute(text: str) -> str:
    """Text as an attribute's value between double quotes."""
    text = escaped(text).replace('"', "&quot;")
    return text.replace("\n", "&#10;").replace("\t", "&#9;")
