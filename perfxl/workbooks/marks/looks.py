"""Fills and colours of letters: as short text that outlives other programs' saves, and put into cell formats."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from perfxl.patterns import pattern
from perfxl.workbooks.marks.model import Look
from perfxl.workbooks.marks.notetext import Covered
from perfxl.workbooks.marks.theme import as_rgb
from perfxl.workbooks.markup import new_parser, parse
from perfxl.workbooks.splice import start_tag, with_attributes
from perfxl.workbooks.styles import StyleSheet

NO_FILL = "无"
AUTOMATIC = "自动"

_COLOR = pattern(rb"<(?:[\w.-]+:)?color\b[^>]*?(?:/>|>\s*</(?:[\w.-]+:)?color>)")
# In the order of the schema these come behind the colour.
_BEHIND_COLOR = pattern(rb"<(?:[\w.-]+:)?(?:name|family|charset|scheme)\b|</(?:[\w.-]+:)?font>")
_TYPEFACE = pattern(rb"<(?:[\w.-]+:)?(?:name|family|charset|scheme)\b[^<>]*/>")
_TOKEN = pattern(r"(?P<rgb>[0-9A-F]{6})|(?P<kind>[ti])(?P<number>[0-9]{1,3})(?P<tint>[+-][0-9.eE-]+)?")


class Painter:
    """Puts marks on cell formats of one style sheet, and takes them off; formats that are there already are used again."""

    def __init__(self, styles: StyleSheet, theme: Sequence[str]) -> None:
        """`theme` are the theme's colours; empty where another program has dropped the theme."""
        self._styles = styles
        self._theme = theme
        self._known: dict[tuple[int, Look], int] = {}

    def covered(self, xf: int) -> Covered:
        """Fill and colour of letters of a cell format, to be kept while a mark hides them."""
        fill, font = self._fill_and_font(xf)
        return Covered(self._outliving(fill_text(fill)), self._outliving(color_text(font)), xf)

    def wears(self, xf: int, look: Look) -> bool:
        """Whether a cell format has the colours of a mark."""
        fill, font = self._fill_and_font(xf)
        return fill_text(fill) == look.fill and color_text(font) == look.text

    def are_alike(self, xf: int, other: int) -> bool:
        """Whether two cell formats have the same fill and the same letters, whatever the typeface: LibreOffice names one by the text."""
        (fill, font), (other_fill, other_font) = self._fill_and_font(xf), self._fill_and_font(other)
        return fill == other_fill and _TYPEFACE.sub(b"", font) == _TYPEFACE.sub(b"", other_font)

    def painted(self, xf: int, look: Look) -> int:
        """The cell format that is like `xf` in all but the mark's colours.

        Raises:
            ValueError: there is no such format, or no room for one more.
        """
        found = self._known.get((xf, look))
        if found is None:
            found = self._known[xf, look] = self._with(xf, look.fill, look.text)
        return found

    def restored(self, xf: int, covered: Covered, worn: tuple[Look, ...]) -> int:
        """The cell format without a mark: what it hid comes back, but for what a person has coloured since.

        Raises:
            ValueError: there is no such format, or no room for one more.
        """
        fill, font = (text(raw) for text, raw in zip((fill_text, color_text), self._fill_and_font(xf), strict=True))
        if fill in [look.fill for look in worn]:
            fill = self._present(covered.fill)
        if font in [look.text for look in worn]:
            font = self._present(covered.color)
        wanted = (self._shape(xf), fill, font)
        for index in [] if covered.xf is None else [covered.xf]:
            if index < self._styles.xf_count and self._looks(index) == wanted:
                return index
        for index in range(self._styles.xf_count):
            if self._looks(index) == wanted:
                return index
        return self._with(xf, fill, font)

    def _outliving(self, text: str) -> str:
        """A short text that also says what a theme's colour looks like: `t4+0.6/B8CCE4`."""
        match = _TOKEN.fullmatch(text)
        if match is None or match["kind"] != "t":
            return text
        return f"{text}/{as_rgb(self._theme, int(match['number']), float(match['tint'] or 0))}"

    def _present(self, text: str) -> str:
        """What such a text means in this workbook, with or without a theme."""
        token, slash, rgb = text.rpartition("/")
        if not slash or text.startswith("<"):
            return text
        return token if self._theme else rgb

    def _with(self, xf: int, fill: str, color: str) -> int:
        original = self._styles.xf(xf)
        tag = start_tag(original, 0)
        _, old_font = self._fill_and_font(xf)
        fill_id = self._fill_id(fill)
        font_id = self._styles.with_item("fonts", with_color(old_font, color, self._styles.prefix))
        changes: dict[str, str | None] = {
            "fontId": str(font_id), "fillId": str(fill_id), "applyFont": "1", "applyFill": "1"
        }  # fmt: skip
        return self._styles.with_xf(with_attributes(tag, changes) + original[len(tag) :], xf)

    def _fill_id(self, text: str) -> int:
        for index, fill in enumerate(self._styles.items("fills")):
            if fill_text(fill) == text and index != 1:  # the second one is reserved for a pattern, whatever it says
                return index
        return self._styles.with_item("fills", fill_of(text, self._styles.prefix))

    def _fill_and_font(self, xf: int) -> tuple[bytes, bytes]:
        attrs = _attributes(self._styles.xf(xf))
        return (
            _item(self._styles.items("fills"), int(attrs.get("fillId", "0"))),
            _item(self._styles.items("fonts"), int(attrs.get("fontId", "0"))),
        )

    def _looks(self, xf: int) -> tuple[object, str, str]:
        fill, font = self._fill_and_font(xf)
        return self._shape(xf), fill_text(fill), color_text(font)

    def _shape(self, xf: int) -> object:
        """All of a cell format but its fill and its colour of letters."""
        raw = self._styles.xf(xf)
        _, font = self._fill_and_font(xf)
        return _format_shape(raw), _font_shape(font)


@lru_cache(maxsize=1024)
def _format_shape(raw: bytes) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """A cell format without fill and font; whether a property is said to be applied is no property."""
    attrs = _attributes(raw)
    told = {k: v for k, v in attrs.items() if k not in ("fontId", "fillId") and not k.startswith("apply")}
    tag = start_tag(raw, 0)
    content = b"" if tag.endswith(b"/>") else raw[len(tag) : raw.rindex(b"</")]
    return tuple(sorted({"xfId": "0", **told}.items())), content.strip()


@lru_cache(maxsize=1024)
def _font_shape(font: bytes) -> bytes:
    return _COLOR.sub(b"", font)


@lru_cache(maxsize=1024)
def fill_text(fill: bytes) -> str:
    """A fill in short: `无`, `FFFF99`, `t4+0.6` (theme and tint), `i43` (palette), else the element as it is."""
    found = _elements(fill)
    names = [name for name, _ in found]
    pattern = found[1][1].get("patternType", "none") if names[1:2] == ["patternFill"] else ""
    if names == ["fill"] or pattern == "none":
        return NO_FILL
    if pattern == "solid" and names[2:3] == ["fgColor"]:
        text = _color(found[2][1])
        if text:
            return text
    return fill.decode()


def fill_of(text: str, prefix: str) -> bytes:
    """The fill element of a short text."""
    if text.startswith("<"):
        return text.encode()
    if text == NO_FILL:
        return f'<{prefix}fill><{prefix}patternFill patternType="none"/></{prefix}fill>'.encode()
    return (
        f'<{prefix}fill><{prefix}patternFill patternType="solid"><{prefix}fgColor {_color_attributes(text)}/>'
        f'<{prefix}bgColor indexed="64"/></{prefix}patternFill></{prefix}fill>'
    ).encode()


@lru_cache(maxsize=1024)
def color_text(font: bytes) -> str:
    """The colour of a font in short, `自动` where it has none."""
    for name, attrs in _elements(font):
        if name == "color":
            return _color(attrs) or AUTOMATIC
    return AUTOMATIC


def with_color(font: bytes, text: str, prefix: str) -> bytes:
    """A font element with another colour."""
    if color_text(font) == text:
        return font
    bare = _COLOR.sub(b"", font)
    if text == AUTOMATIC:
        return bare
    color = f"<{prefix}color {_color_attributes(text)}/>".encode()
    behind = _BEHIND_COLOR.search(bare)
    if behind is None:  # an empty tag
        return f"<{prefix}font>".encode() + color + f"</{prefix}font>".encode()
    return bare[: behind.start()] + color + bare[behind.start() :]


def _color(attrs: dict[str, str]) -> str:
    """`FFFF99`, `t4+0.6`, `i43`, or "" for the automatic colour."""
    tint = attrs.get("tint", "")
    if tint and not tint.startswith("-"):
        tint = f"+{tint}"
    if "rgb" in attrs:
        return attrs["rgb"][-6:].upper()
    for kind, name in (("t", "theme"), ("i", "indexed")):
        if name in attrs:
            return f"{kind}{attrs[name]}{tint}"
    return ""


def _color_attributes(text: str) -> str:
    match = _TOKEN.fullmatch(text)
    if match is None:
        return 'auto="1"'
    if match["rgb"]:
        return f'rgb="FF{match["rgb"]}"'
    tint = (match["tint"] or "").lstrip("+")
    name = "theme" if match["kind"] == "t" else "indexed"
    return f'{name}="{match["number"]}"' + (f' tint="{tint}"' if tint else "")


def _item(items: list[bytes], index: int) -> bytes:
    if not 0 <= index < len(items):
        raise ValueError(f"no item {index}")
    return items[index]


@lru_cache(maxsize=1024)
def _attributes(raw: bytes) -> dict[str, str]:
    return _elements(start_tag(raw, 0)[:-1].rstrip(b"/") + b"/>")[0][1]


def _elements(raw: bytes) -> list[tuple[str, dict[str, str]]]:
    """The elements of a snippet in their order: local name, attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = new_parser()
    parser.StartElementHandler = lambda name, attrs: found.append((name.rpartition(":")[2], attrs))
    parse(parser, raw)
    return found
