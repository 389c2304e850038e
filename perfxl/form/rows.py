"""Reads the rows of an indicator table: under their headers, or by their contents where they do not stand under them.

Cells pasted from a page slip sideways. Such a row is aligned by what its cells hold: level names come from a closed set, name, target
and actual follow in this order, weight and score are the last two numbers, and the reason comes after them.
"""

from decimal import Decimal
from typing import NamedTuple

from perfxl.form.labels import before_colon, is_numbering, level_of, role_of, section_class, split_weight
from perfxl.form.layout import Segment
from perfxl.form.model import Indicator, Section, Value
from perfxl.form.values import Period, Quantity, Words, normal, read_value
from perfxl.form.view import SheetView
from perfxl.grid.address import Ref

_LEVELS = ("level1", "level2")
_WORDS = ("name", "target", "actual")
_NEVER_LEVELS = frozenset(["target", "actual", "weight", "score"])
_SAME_AS_ABOVE = frozenset(["同上", "同上行", "同前", "〃"])
# How far a whole page may stand aside of the head on the page before.
_OFFSETS = (0, 1, -1, 2, -2, 3, -3)


class RawRow(NamedTuple):
    """A row taken apart: level names as they stand on it, and a value for each column of the head (None: no such column)."""

    row: int
    first: Ref
    level1: Value | None
    level2: Value | None
    cells: dict[str, Value]
    shifted: bool


class _Columns(NamedTuple):
    """Where a segment's rows have what: the columns of the level names (0: none), those of all other roles, and the leftmost."""

    level1: int
    level2: int
    roles: tuple[str, ...]
    others: tuple[int, ...]
    first: int


def read_rows(view: SheetView, segments: list[Segment]) -> tuple[list[Indicator], list[Section]]:
    """All indicators of a form and its level-one sections, in the order of the rows."""
    levels = _Levels()
    indicators: list[Indicator] = []
    for segment in segments:
        offset = 0 if segment.own_head else _offset(view, segment)
        columns = _columns(segment, offset)
        for row in segment.rows:
            raw = _read_row(view, row, columns)
            if raw is None:
                levels.begin(view, row)
                continue
            if _is_sum(raw):
                continue
            level1, level2 = levels.take(raw, len(indicators))
            reason = raw.cells.get("reason")
            if (
                reason is not None
                and normal(reason.text) in _SAME_AS_ABOVE
                and indicators
                and indicators[-1].reason is not None
            ):
                reason = indicators[-1].reason
            indicators.append(
                Indicator(
                    row=row,
                    first=raw.first,
                    level1=level1,
                    level2=level2,
                    name=_finest(raw, "detail", "name"),
                    target=_finest(raw, "target", "initial_target") if "target" in raw.cells else None,
                    actual=raw.cells.get("actual"),
                    weight=raw.cells.get("weight"),
                    score=raw.cells.get("score"),
                    reason=reason,
                    sign=raw.cells.get("sign"),
                    unit=raw.cells.get("unit"),
                    shifted=raw.shifted,
                    hidden=view.hidden(row),
                )
            )
    return indicators, levels.sections()


def _finest(raw: RawRow, role: str, other: str) -> Value:
    """The cell of a role, or of the other where the first is empty: a fourth level names the row where there is one, an adjusted
    target that is blank leaves the initial one."""
    first, second = raw.cells.get(role), raw.cells.get(other)
    if first is None or (first.empty and second is not None and not second.empty):
        return second if second is not None else Value(raw.first)
    return first


def _is_sum(raw: RawRow) -> bool:
    """The row adds up those above it (小计, 产出指标合计) and is no indicator."""
    for value in (raw.level1, raw.level2, raw.cells["name"]):
        if value is not None and value.at.row == raw.row:
            label = before_colon(value.text)
            if role_of("subtotal", label) or role_of("total", label):
                target = raw.cells.get("target")
                return target is None or target.empty or target.number is not None or target.at == value.at
    return False


def segment_offset(view: SheetView, segment: Segment) -> int:
    """How many columns a segment's rows stand right of its head; 0 under a head of its own."""
    return 0 if segment.own_head else _offset(view, segment)


def _offset(view: SheetView, segment: Segment) -> int:
    def fitting(offset: int) -> int:
        columns = _columns(segment, offset)
        rows = [_under_heads(view, row, columns) for row in segment.rows]
        return sum(_is_indicator(raw) and _agrees(raw) for raw in rows)

    here = fitting(0)
    if here == len(segment.rows):  # none fits better
        return 0
    return max(_OFFSETS, key=lambda offset: fitting(offset) if offset else here)


def _read_row(view: SheetView, row: int, columns: _Columns) -> RawRow | None:
    """The row as an indicator, None where it is none (a blank row, a numbering row, a left-over without a name)."""
    under = _under_heads(view, row, columns)
    if "name" not in under.cells:  # its column would lie left of the sheet
        return None
    if _agrees(under):
        return under if _is_indicator(under) else None
    if _only_lacks_name(under):
        return None
    aligned = _slid(view, row, columns, under) or _by_contents(view, row, columns)
    if aligned is not None:
        return aligned
    return under if _is_indicator(under) else None


def _columns(segment: Segment, offset: int) -> _Columns:
    """The columns of the head, so many to the right of it; those that would lie left of the sheet are left out."""
    columns = {role: span[0] + offset for role, span in segment.head.columns.items()}
    roles = tuple(role for role, column in columns.items() if role not in _LEVELS and column > 0)
    level1, level2 = (max(columns.get(role, 0), 0) for role in _LEVELS)
    return _Columns(level1, level2, roles, tuple(columns[role] for role in roles), min(columns.values()))


def _under_heads(view: SheetView, row: int, columns: _Columns) -> RawRow:
    cells = dict(zip(columns.roles, view.values(row, columns.others), strict=True))
    level1 = view.value(row, columns.level1) if columns.level1 else None
    level2 = view.value(row, columns.level2) if columns.level2 else None
    first = Ref(row, next(iter(view.grid.rows.get(row, ())), columns.first))
    return RawRow(
        row,
        first,
        level1 if level1 is not None and level1.text else None,
        level2 if level2 is not None and level2.text else None,
        cells,
        shifted=False,
    )


def _is_indicator(raw: RawRow) -> bool:
    """It has a name and something beside it, and is no numbering row (1, 2, 3 … under the head)."""
    name = raw.cells.get("name")
    if name is None or name.empty:
        return False
    if is_numbering([name.text]):
        others = [v.text for v in raw.cells.values() if not v.empty and v.at != name.at]
        return bool(others) and not is_numbering(others)
    return any((v.text or v.unknown) and v.at != name.at for v in raw.cells.values())


def _agrees(raw: RawRow) -> bool:
    """The cells hold what their headers say, as far as that can be told."""
    name, weight, score = raw.cells.get("name"), raw.cells.get("weight"), raw.cells.get("score")
    if name is None or name.empty:
        return not any(not v.empty for role, v in raw.cells.items()) and raw.level1 is None and raw.level2 is None
    for points in (weight, score):
        if points is not None and not _may_be_points(points):
            return False
    # A name may be a level's word (服务对象满意度); a target, an actual value or points never are.
    for role, value in raw.cells.items():
        if role in _NEVER_LEVELS and value.number is None and level_of(value.text):
            return False
    first, second = (level_of(v.text) if v else None for v in (raw.level1, raw.level2))
    if (first is not None and first.level == 2) or (second is not None and second.level == 1 and raw.level1 is None):
        return False
    # The score column is empty because everything stands further left: words where levels should be, a number where the actual should.
    actual = raw.cells.get("actual")
    slipped = (
        score is not None
        and score.empty
        and actual is not None
        and _plain_points(actual)
        and weight is not None
        and _plain_points(weight)
    )
    if not slipped:
        return True
    levels = ((raw.level1, first), (raw.level2, second))
    return not any(v is not None and known is None and v.at.row == raw.row for v, known in levels)


def _only_lacks_name(raw: RawRow) -> bool:
    """The row stands under its headers and has no name: it is no indicator, but it did not slip either."""
    cells = raw.cells
    if not cells["name"].empty or not {"target", "weight", "score"} <= cells.keys() or cells["target"].empty:
        return False
    reason = cells.get("reason")
    points = _plain_points(cells["weight"]) and _plain_points(cells["score"])
    return points and not (reason is not None and _plain_points(reason))  # a score there is one that slipped


def _may_be_points(value: Value) -> bool:
    """A number that is no percentage, a sign for nothing, or a short word that is wrong but stands in its place (SCR012)."""
    if value.unknown or value.formula or value.blank_like:
        return True
    return not value.percent and (value.number is not None or len(value.text) <= _SHORT)


_SHORT = 4


def _plain_points(value: Value) -> bool:
    return value.number is not None and not value.percent and not value.unit


def _slid(view: SheetView, row: int, columns: _Columns, under: RawRow) -> RawRow | None:
    """The row as it stands a few columns aside of its headers, None where its cells do not fit the head's order there either."""
    present = view.grid.rows.get(row, {})
    for offset in _OFFSETS[1:]:
        if min(columns.others) + offset < 1:
            continue
        slid = view.values(row, [column + offset for column in columns.others])
        cells = dict(zip(columns.roles, slid, strict=True))
        if not _fits(row, cells):
            continue
        name = cells["name"].at.column
        levels = [view.value(row, column) for column in present if column < name]
        known = {level.level: value for value in levels if (level := level_of(value.text))}
        level1, level2 = known.get(1), known.get(2)
        if 0 in known:  # 成本指标 is a level one before a level two, else a level two
            level1, level2 = (known[0], level2) if level2 is not None else (level1, known[0])
        kept = [v if v is not None and v.at.row < row else None for v in (under.level1, under.level2)]
        first = next((v.at for v in levels if not v.empty and role_of("block", v.text) is None), cells["name"].at)
        return RawRow(row, first, level1 or kept[0], level2 or kept[1], cells, shifted=True)
    return None


def _fits(row: int, cells: dict[str, Value]) -> bool:
    """The cells hold, each on this row, what their headers say, and enough of it that a row without a name is not taken for one."""
    name = cells["name"]
    if name.at.row != row or level_of(name.text) or not isinstance(read_value(name.text), Words):
        return False
    if any(cells[role].empty or level_of(cells[role].text) for role in ("target", "actual") if role in cells):
        return False
    points = [cells[role] for role in ("weight", "score") if role in cells]
    if not all(_plain_points(value) for value in points):
        return False
    # Without points only the target can tell: words may stand anywhere, a quantity or a date stands under 指标值.
    return bool(points) or isinstance(read_value(cells["target"].text if "target" in cells else ""), Quantity | Period)


def _by_contents(view: SheetView, row: int, columns: _Columns) -> RawRow | None:
    """The row read by what its cells hold, None where the contents do not tell or the layout has other columns than this reads."""
    roles = set(columns.roles)
    if not {"weight", "score"} <= roles or roles & {"sign", "unit"}:
        return None
    values = [
        value
        for column in view.grid.rows.get(row, {})
        if (value := view.value(row, column)).at == (row, column)
        and not value.empty
        and role_of("block", value.text) is None
    ]
    rest = list(values)
    level1 = level2 = None
    while rest and (level := level_of(rest[0].text)):
        following = level_of(rest[1].text) if len(rest) > 1 else None
        if level.level == 1 or (level.level == 0 and following is not None):
            level1 = rest.pop(0)
        else:
            level2 = rest.pop(0)
            break
    numbers = [n for n, value in enumerate(rest) if n >= 2 and _plain_points(value)]
    if not numbers:
        return None
    last = numbers[-1]
    pair = len(numbers) > 1 and numbers[-2] == last - 1 and last >= 3
    weight_at = last - 1 if pair else last
    words, after = rest[:weight_at], rest[last + 1 :]
    if len(words) not in (2, 3) or len(after) > 1:
        return None
    cells = dict(zip(_WORDS, words, strict=False))
    weight = rest[weight_at]
    score = rest[last] if pair else view.value(row, view.right_of(row, weight.at.column))
    if weight.number is None or (score.number is not None and score.number > weight.number):
        return None
    cells |= {"weight": weight, "score": score}
    if "actual" not in cells:
        cells["actual"] = Value(Ref(row, words[-1].at.column + 1))
    if "reason" in roles:
        cells["reason"] = after[0] if after else Value(Ref(row, score.at.column + 1))
    return RawRow(row, values[0].at, level1, level2, cells, shifted=True)


def _section_weight(raw: RawRow) -> Decimal | None:
    """The weight of the section where a column of its own prints it (自评权重, merged over the section)."""
    value = raw.cells.get("section_weight")
    if value is None or value.number is None:
        return None
    return value.number * 100 if value.percent else value.number


class _Levels:
    """Carries the level names down over the rows that leave them blank, and gathers the level-one sections."""

    def __init__(self) -> None:
        self.level1 = self.level2 = ""
        # what the names under the carried level one speak of: 产出 under 履职效能 as under 产出指标
        self.implied: set[str] = set()
        self.rows: dict[str, list[int]] = {}
        self.labels: dict[str, tuple[Value, Decimal | None]] = {}

    def take(self, raw: RawRow, index: int) -> tuple[str, str]:
        """The level names that hold for this row."""
        if raw.level1 is not None:
            name, weight = split_weight(raw.level1.text)
            if name != self.level1:
                self.level1, self.level2 = name, ""
                self.implied = {section_class(name)}
            known = self.labels.get(name)
            if weight is None:
                weight = _section_weight(raw)
            if known is None or (known[1] is None and weight is not None):
                self.labels[name] = (raw.level1, weight)
        if raw.level2 is not None:
            self.level2 = split_weight(raw.level2.text)[0]
            level = level_of(raw.level2.text)
            if level is not None and level.parent:
                parent = section_class(level.parent)
                if raw.level1 is not None:
                    self.implied.add(parent)
                elif parent not in self.implied:
                    # the page left out the name of the section that begins here
                    self.level1, self.implied = level.parent, {parent}
        self.rows.setdefault(self.level1, []).append(index)
        return self.level1, self.level2

    def begin(self, view: SheetView, row: int) -> None:
        """A row that holds nothing but a level-one name opens its section (一、产出指标(50分), over the whole width)."""
        texts = view.texts(row)
        if len(texts) != 1 or len(view.grid.rows[row]) != 1:
            return
        level = level_of(texts[0][1])
        if level is not None and level.level != 2:
            self.level1, self.level2 = level.name, ""
            self.implied = {section_class(level.name)}
            self.labels.setdefault(level.name, (view.value(row, texts[0][0]), level.weight))

    def sections(self) -> list[Section]:
        """The level-one sections that are named, with the weight printed for them."""
        return [
            Section(name, *self.labels[name], tuple(rows)) for name, rows in self.rows.items() if name in self.labels
        ]
