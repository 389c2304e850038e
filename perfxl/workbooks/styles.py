"""The style sheet of a workbook: which number format a cell has, which cells are locked, and new formats appended."""

from __future__ import annotations

from functools import lru_cache

from perfxl.workbooks.markup import Markup, as_utf8, attribute, new_parser, parse, prefix_of_root
from perfxl.workbooks.package import Package
from perfxl.workbooks.partfaults import unreadable
from perfxl.workbooks.splice import Extent, Splice, extent, spliced, start_tag, with_attributes
from perfxl.workbooks.stylelists import ItemList, ListPlace, read_lists

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
        self._new_formats: dict[str, int] = {}
        self._new_xfs: list[bytes] = []
        self._new_codes: dict[str, str] = {}
        self._new_unlocked: set[int] = set()
        self._by_bytes: dict[bytes, int] | None = None
        self._lists: dict[str, ItemList] | None = None

    def _sheet(self) -> _Read:
        if self._read is None:
            try:
                self._read = _read(self._package.read(self.part))
            except ValueError as error:
                raise unreadable(self.part, self._package.book, error) from error
        return self._read

    @property
    def formats(self) -> dict[str, str]:
        """The number format codes by a cell's `s` as it is written.

        Raises:
            UnreadableBook: the part is damaged.
        """
        formats = self._sheet().formats
        return {**formats, **self._new_codes} if self._new_codes else formats

    def is_locked(self, xf: int) -> bool:
        """Whether a cell of this format is locked once its sheet is protected."""
        return xf not in self._sheet().unlocked and xf not in self._new_unlocked

    def with_number_format(self, xf: int, code: str) -> int:
        """The index of a cell format that is like `xf` in all but its number format.

        Raises:
            UnreadableBook: the part is damaged.
            ValueError: there is no such cell format, or no room for one more.
        """
        if self.formats.get(str(xf)) == code:
            return xf
        original = self.xf(xf)
        tag = start_tag(original, 0)
        changes: dict[str, str | None] = {"numFmtId": str(self._format_id(code)), "applyNumberFormat": "1"}
        return self.with_xf(with_attributes(tag, changes) + original[len(tag) :], xf, code)

    @property
    def xf_count(self) -> int:
        """How many cell formats there are, appended ones included."""
        return len(self._sheet().xfs) + len(self._new_xfs)

    def xf(self, index: int) -> bytes:
        """A cell format as it is written.

        Raises:
            ValueError: there is no such cell format.
        """
        sheet = self._sheet()
        if 0 <= index < len(sheet.xfs):
            place = extent(sheet.markup.data, *sheet.xfs[index])
            return sheet.markup.data[place.start : place.end]
        try:
            return self._new_xfs[index - len(sheet.xfs)]
        except IndexError:
            raise ValueError(f"no cell format {index}") from None

    def with_xf(self, xf: bytes, like: int | None = None, code: str | None = None) -> int:
        """The index of a cell format that is written like this; appended where there is none.

        `like` is a cell format that locks its cell or does not, as this one does; `code` is its number format (None: that of `like`).

        Raises:
            ValueError: there is no room for one more.
        """
        if self._by_bytes is None:
            self._by_bytes = {self.xf(index): index for index in range(self.xf_count - 1, -1, -1)}
        index = self._by_bytes.setdefault(xf, self.xf_count)
        if index == self.xf_count:
            if index >= _MOST_XFS:
                del self._by_bytes[xf]
                raise ValueError("too many cell formats")
            self._new_xfs.append(xf)
            if like is not None:
                self._new_codes[str(index)] = self.formats.get(str(like), "General") if code is None else code
                if not self.is_locked(like):
                    self._new_unlocked.add(index)
        return index

    def items(self, name: str) -> list[bytes]:
        """The items of a list (`fonts`, `fills`, `borders`) as they are written, appended ones included.

        Raises:
            ValueError: there is no such list.
        """
        return self._list(name).items

    def with_item(self, name: str, item: bytes) -> int:
        """The index of an item that is written like this; appended where there is none.

        Raises:
            ValueError: there is no such list.
        """
        items = self.items(name)
        try:
            return items.index(item)
        except ValueError:
            items.append(item)
            return len(items) - 1

    @property
    def prefix(self) -> str:
        """The prefix of the part's elements, with its colon."""
        return self._sheet().prefix

    def _list(self, name: str) -> ItemList:
        if self._lists is None:
            self._lists = read_lists(self._sheet().markup.data, ("fonts", "fills", "borders"))
        try:
            return self._lists[name]
        except KeyError:
            raise ValueError(f"no {name}") from None

    def _format_id(self, code: str) -> int:
        for number, known in self._sheet().codes.items():
            if known == code:
                return number
        if code not in self._new_formats:
            self._new_formats[code] = max(_FIRST_CUSTOM - 1, *self._sheet().codes, *self._new_formats.values()) + 1
        return self._new_formats[code]

    def written(self) -> bytes | None:
        """The part with what was appended, None where nothing was."""
        lists = [] if self._lists is None else list(self._lists.values())
        if not self._new_xfs and all(len(found.items) == found.original for found in lists):
            return None
        sheet = self._sheet()
        data, prefix = sheet.markup.data, sheet.prefix
        splices = [splice for found in lists for splice in found.splices(data)]
        if self._new_xfs:
            splices += sheet.cell_formats.grown(data, len(sheet.xfs), self._new_xfs)
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


@lru_cache(maxsize=32)  # the books of a folder come from the same form: their style sheets are the same bytes
def _read(raw: bytes) -> _Read:
    return _Read(as_utf8(raw))


class _Read:
    """What one pass over the style sheet finds; not changed afterwards."""

    def __init__(self, markup: Markup) -> None:
        self.markup = markup
        self.prefix = ""
        self.root = 0
        self.codes = dict(BUILT_IN)
        self.number_formats: ListPlace | None = None
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
        self.prefix = prefix = prefix_of_root(name, "styleSheet")
        self.root = self._parser.CurrentByteIndex
        self._one_format = f"{prefix}numFmt"
        self._formats = f"{prefix}numFmts"
        self._cell_formats = f"{prefix}cellXfs"
        self._xf = f"{prefix}xf"
        self._protection = f"{prefix}protection"
        self.cell_formats = ListPlace(self._cell_formats, -1)
        self._parser.StartElementHandler = self._start_before

    def _start_before(self, name: str, attrs: dict[str, str]) -> None:
        if name == self._one_format and self.number_formats is not None:
            self.codes[int(attrs["numFmtId"])] = attrs.get("formatCode", "General")
            self.number_format_count += 1
        elif name == self._formats:
            self.number_formats = ListPlace(name, self._parser.CurrentByteIndex)
            self._parser.EndElementHandler = self._end_before
        elif name == self._cell_formats:
            self.cell_formats = ListPlace(name, self._parser.CurrentByteIndex)
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

    def _extent(self, found: ListPlace) -> Extent:
        return extent(self.markup.data, found.extent.start, self._parser.CurrentByteIndex)
