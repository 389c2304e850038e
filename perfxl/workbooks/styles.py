"""The style sheet of a workbook: which number format a cell has, which cells are locked, and new formats appended."""

from __future__ import annotations

from perfxl.workbooks.markup import Markup, as_utf8, attribute, new_parser, parse, unreadable
from perfxl.workbooks.package import Package
from perfxl.workbooks.splice import Extent, Splice, extent, opened, spliced, start_tag, with_attributes

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0', 6: '"¥"#,##0;[Red]"¥"-#,##0', 7: '"¥"#,##0.00;"¥"-#,##0.00', 8: '"¥"#,##0.00;[Red]"¥"-#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m/d/yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"',
    37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""Number formats that a workbook names by id only, as Chinese Excel shows them."""

_FIRST_CUSTOM = 164
_MOST_XFS = 65_000  # Excel refuses more cell formats than about this


class StyleSheet:
    """The cell formats (xfs) of a workbook. No index moves: another format is an xf appended, used again within the run."""

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self.part = part
        self._read: _Read | None = None
        self._added: dict[tuple[int, str], int] = {}
        self._new_formats: dict[str, int] = {}
        self._new_xfs: list[bytes] = []

    def _sheet(self) -> _Read:
        if self._read is None:
            try:
                self._read = _Read(as_utf8(self._package.read(self.part)))
            except ValueError as error:
                raise unreadable(self.part, self._package.book, error) from error
        return self._read

    @property
    def formats(self) -> dict[str, str]:
        """The number format codes by a cell's `s` as it is written.

        Raises:
            UnreadableBook: the part is damaged.
        """
        return self._sheet().formats

    def is_locked(self, xf: int) -> bool:
        """Whether a cell of this format is locked once its sheet is protected."""
        return xf not in self._sheet().unlocked

    def with_number_format(self, xf: int, code: str) -> int:
        """The index of a cell format that is like `xf` in all but its number format.

        Raises:
            UnreadableBook: the part is damaged.
            ValueError: there is no such cell format, or no room for one more.
        """
        sheet = self._sheet()
        if sheet.formats.get(str(xf)) == code:
            return xf
        known = self._added.get((xf, code))
        if known is not None:
            return known
        index = len(sheet.xfs) + len(self._new_xfs)
        if index >= _MOST_XFS:
            raise ValueError("too many cell formats")
        changes: dict[str, str | None] = {"numFmtId": str(self._format_id(code)), "applyNumberFormat": "1"}
        if xf < len(sheet.xfs):
            place = extent(sheet.markup.data, *sheet.xfs[xf])
            original = sheet.markup.data[place.start : place.end]
        else:
            original = self._new_xfs[xf - len(sheet.xfs)]
        tag = start_tag(original, 0)
        self._new_xfs.append(with_attributes(tag, changes) + original[len(tag) :])
        self._added[xf, code] = index
        sheet.formats[str(index)] = code
        if xf in sheet.unlocked:
            sheet.unlocked.add(index)
        return index

    def _format_id(self, code: str) -> int:
        for number, known in self._sheet().codes.items():
            if known == code:
                return number
        if code not in self._new_formats:
            self._new_formats[code] = max(_FIRST_CUSTOM - 1, *self._sheet().codes, *self._new_formats.values()) + 1
        return self._new_formats[code]

    def written(self) -> bytes | None:
        """The part with what was appended, None where nothing was."""
        if not self._new_xfs:
            return None
        sheet = self._sheet()
        data, prefix = sheet.markup.data, sheet.prefix
        splices = sheet.cell_formats.grown(data, len(sheet.xfs), self._new_xfs)
        if self._new_formats:
            items = [
                f'<{prefix}numFmt numFmtId="{number}" formatCode="{attribute(code)}"/>'.encode()
                for code, number in self._new_formats.items()
            ]
            if sheet.number_formats is not None:
                splices += sheet.number_formats.grown(data, sheet.number_format_count, items)
            else:  # it is the first child
                at = sheet.root + len(start_tag(data, sheet.root))
                head, tail = f'<{prefix}numFmts count="{len(items)}">', f"</{prefix}numFmts>"
                splices.append(Splice(at, at, head.encode() + b"".join(items) + tail.encode()))
        return sheet.markup.written(spliced(data, splices))


class _List:
    """A list element of the style sheet: its name, and where it lies."""

    __slots__ = ("extent", "name")

    def __init__(self, name: str, start: int) -> None:
        self.name = name
        self.extent = Extent(start, start, start)

    def grown(self, data: bytes, count: int, items: list[bytes]) -> list[Splice]:
        """The changes that append items and mend the count, if there is one."""
        start, close, _ = self.extent
        tag = start_tag(data, start)
        new_tag = with_attributes(tag, {"count": str(count + len(items))}) if b"count" in tag else tag
        head = Splice(start, start + len(tag), new_tag)
        content = b"".join(items)
        if self.extent.is_empty_tag:
            return [head._replace(new=opened(new_tag) + content + f"</{self.name}>".encode())]
        return [head, Splice(close, close, content)]


class _Read:
    """What one pass over the style sheet finds."""

    def __init__(self, markup: Markup) -> None:
        self.markup = markup
        self.prefix = ""
        self.root = 0
        self.codes = dict(BUILT_IN)
        self.number_formats: _List | None = None
        self.number_format_count = 0
        self.xfs: list[tuple[int, int]] = []  # as the parser told their starts and ends
        self.unlocked: set[int] = set()
        self.formats: dict[str, str] = {}
        self._numbers: list[int] = []
        self._parser = new_parser()
        self._parser.StartElementHandler = self._start_root
        parse(self._parser, markup.data)
        for index, number in enumerate(self._numbers):
            self.formats[str(index)] = self.codes.get(number, "General")

    def _start_root(self, name: str, attrs: dict[str, str]) -> None:
        self.prefix = prefix = name[: -len("styleSheet")]
        self.root = self._parser.CurrentByteIndex
        self._one_format = f"{prefix}numFmt"
        self._formats = f"{prefix}numFmts"
        self._cell_formats = f"{prefix}cellXfs"
        self._xf = f"{prefix}xf"
        self._protection = f"{prefix}protection"
        self.cell_formats = _List(self._cell_formats, -1)
        self._parser.StartElementHandler = self._start_before

    def _start_before(self, name: str, attrs: dict[str, str]) -> None:
        if name == self._one_format and self.number_formats is not None:
            self.codes[int(attrs["numFmtId"])] = attrs.get("formatCode", "General")
            self.number_format_count += 1
        elif name == self._formats:
            self.number_formats = _List(name, self._parser.CurrentByteIndex)
            self._parser.EndElementHandler = self._end_before
        elif name == self._cell_formats:
            self.cell_formats = _List(name, self._parser.CurrentByteIndex)
            self._parser.StartElementHandler = self._start_within
            self._parser.EndElementHandler = self._end_within

    def _end_before(self, name: str) -> None:
        if name == self._formats and self.number_formats is not None:
            self.number_formats.extent = self._extent(self.number_formats)
            self._parser.EndElementHandler = None

    def _start_within(self, name: str, attrs: dict[str, str]) -> None:
        if name == self._xf:
            self._numbers.append(int(attrs.get("numFmtId", "0")))
            self._xf_start = self._parser.CurrentByteIndex
        elif name == self._protection and attrs.get("locked") in ("0", "false"):
            self.unlocked.add(len(self._numbers) - 1)

    def _end_within(self, name: str) -> None:
        at = self._parser.CurrentByteIndex
        if name == self._xf:
            self.xfs.append((self._xf_start, at))
        elif name == self._cell_formats:
            self.cell_formats.extent = self._extent(self.cell_formats)
            # Differential formats name number formats too; none of theirs is of use here.
            self._parser.StartElementHandler = None
            self._parser.EndElementHandler = None

    def _extent(self, found: _List) -> Extent:
        return extent(self.markup.data, found.extent.start, self._parser.CurrentByteIndex)
