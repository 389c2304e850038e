"""Finds the heads of a worksheet: rows in which many labels meet.

One label alone says nothing; three in a row, the indicator's name among them, are the head of an indicator table, and two that speak
of money the head of a money block. A head may stand on two rows, merged or not.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from perfxl.form.budgets import Figures, is_difference, is_of_year, rank
from perfxl.form.columns import WANTED, Cell, levels_by_place, told_by_contents
from perfxl.form.labels import is_name_label, label_of, role_of
from perfxl.form.view import SheetView, read_number
from perfxl.patterns import pattern

# What an indicator head needs besides the name column: without one of these it is a code list or a table of figures, not a form.
_TELLING = frozenset(["target", "weight", "score", "reason"])
MONEY_TELLING = frozenset(["initial_budget", "budget", "executed", "execution_rate"])
_NAMING = frozenset(["level1", "level2", "name", "detail"])
# In an import sheet each row says whose indicator it is.
OWNERS = frozenset(["project", "implementing_unit", "department", "year"])


# No sheet holds more forms than this side by side; what goes on is no form, and would cost time for nothing.
MOST_BESIDE = 64


class Head(NamedTuple):
    """Column labels: the rows they stand on, and for each role the columns that its label covers (first, last) and the label.

    `left` and `right` are the first and the last column of the table. `owners` are the columns that name project, unit or year of
    each row, as in a sheet for import into a system. `cells` are all cells of the head, where it lacks a column that forms have.
    """

    top: int
    bottom: int
    columns: dict[str, tuple[int, int]]
    labels: dict[str, str]
    left: int
    right: int
    owners: Mapping[str, int] = MappingProxyType({})
    cells: Mapping[int, Cell] = MappingProxyType({})

    def column(self, role: str) -> int | None:
        """The first column of a role, None where the head does not have it."""
        span = self.columns.get(role)
        return span[0] if span else None


class _Found(NamedTuple):
    role: str
    text: str
    last: int
    row: int


def indicator_heads(view: SheetView) -> list[Head]:
    """The indicator heads from top to bottom, those in one row from left to right."""
    out: list[Head] = []
    covered = 0
    for row in view.row_numbers:
        if row <= covered:
            continue
        names = [column for column, text in view.texts(row) if is_name_label(text)]
        right = 0
        for column in names[:MOST_BESIDE]:
            if column <= right:
                continue
            following = _next_table(view, row, column, names)
            head = _head(view, row, column, right + 1, following)
            if len(head.columns) >= 3 and _TELLING & head.columns.keys():
                out.append(head)
                right = head.right
                covered = max(covered, head.bottom)
    return out


def _next_table(view: SheetView, row: int, column: int, names: list[int]) -> int | None:
    """The first column of a second table in the same row: its level-one label, or its name label where it has no levels."""
    later = [c for c in names if c > column]
    between = [
        c
        for c, text in view.texts(row)
        if c > column and role_of("indicator", text) == "level1" and any(other > c for other in later)
    ]
    if between:
        label = max((c for c, text in view.texts(row) if c < between[0]), default=0)
        is_block = label > column and role_of("indicator", _text(view, row, label)) is None
        return label if is_block else between[0]
    repeated = [c for c in later if label_of(_text(view, row, c)).words == label_of(_text(view, row, column)).words]
    return repeated[0] if repeated else None


def _text(view: SheetView, row: int, column: int) -> str:
    return view.value(row, column).text


def _head(view: SheetView, row: int, name_column: int, first: int, following: int | None) -> Head:
    """The head to which the name label at this place belongs; it may reach over the row above or below."""
    area = view.area(row, name_column)
    top, bottom = (area.top, area.bottom) if area else (row, row)
    last = (following or _NO_LIMIT) - 1
    labels: dict[int, _Found] = {}
    for merged in view.areas(row):
        if merged.top < row and first <= merged.left <= last:
            text = _text(view, merged.top, merged.left)
            role = role_of("indicator", text)
            if role:
                labels.setdefault(merged.left, _Found(role, text, merged.right, merged.top))
                top = min(top, merged.top)
    if _is_second_row(view, bottom + 1, name_column, first, last):
        bottom += 1
    if top == row and _is_first_row(view, row - 1, name_column, first, last, view.texts(row)):
        top -= 1
    for at in range(top, bottom + 1):
        for column, text in view.texts(at):
            role = role_of("indicator", text) if first <= column <= last else None
            if role and not (at < row and column in labels):
                labels[column] = _Found(role, text, view.right_of(at, column) - 1, at)
    _drop_parents(labels)
    _drop_beyond_gap(view, labels, name_column, top, bottom)
    texts = [c for at in range(top, bottom + 1) for c, _ in view.texts(at) if first <= c <= last]
    left = min(texts, default=name_column)
    naming = min((column for column, found in labels.items() if found.role in _NAMING), default=name_column)
    owners = {
        role: column
        for column, text in view.texts(row)
        if column < naming and (role := role_of("info", text)) in OWNERS and column not in labels
    }
    for column in [c for c in labels if c < naming]:
        # what stands left of the names is the label of the whole block (年度绩效目标 beside the table), no column
        del labels[column]
    _keep_weight_of_row(labels)
    columns, words = by_role({c: (f.role, f.text, f.last) for c, f in labels.items()})
    cells: dict[int, Cell] = {}
    if "name" in columns and not columns.keys() >= _COMMON:
        cells = _cells(view, top, bottom, first, last, columns["name"][0])
        found = told_by_contents(view, cells, columns, bottom) | levels_by_place(view, cells, columns, bottom)
        for role, column in found.items():
            columns[role], words[role] = (column, cells[column].last), cells[column].text
    right = max([name_column, *(found.last for found in labels.values()), *(end for _, end in columns.values())])
    return Head(top, bottom, columns, words, left, right, owners, cells)


_COMMON = frozenset([*WANTED, "level1", "level2"])


def _cells(view: SheetView, top: int, bottom: int, first: int, last: int, name: int) -> dict[int, Cell]:
    """The cells of a head by their columns, without those that stand over others, and without what stands beyond an empty column."""
    found: dict[int, Cell] = {}
    for row in range(top, bottom + 1):
        for column, text in view.texts(row):
            if first <= column <= last:
                found[column] = Cell(text, view.right_of(row, column) - 1, row)
    out: dict[int, Cell] = {}
    reach = name
    for column in sorted(found):
        cell = found[column]
        if any(_is_gap(view, between, top, bottom) for between in range(reach + 1, column)):
            break
        if not any(column < c <= cell.last and found[c].row > cell.row for c in found):
            out[column] = cell
        reach = max(reach, cell.last)
    return out


_NO_LIMIT = 1 << 20


def _is_second_row(view: SheetView, row: int, name_column: int, first: int, last: int) -> bool:
    """The row goes on with labels under a head that is not merged down: two labels, and nothing where names would stand."""
    texts = [(c, t) for c, t in view.texts(row) if first <= c <= last]
    if len(texts) < 2 or view.origin(row, name_column).row < row or any(c == name_column for c, _ in texts):
        return False
    roles = [role for _, text in texts if (role := role_of("indicator", text))]
    cells = view.grid.rows.get(row, {})
    return len(roles) >= 2 and len(roles) * 2 >= len(texts) and len(cells) <= len(texts) + 1


def _is_first_row(
    view: SheetView, row: int, name_column: int, first: int, last: int, below: list[tuple[int, str]]
) -> bool:
    """The row begins a head whose second row names the levels: labels of its own where the row below has none."""
    taken = {c for c, _ in below}
    texts = [(c, t) for c, t in view.texts(row) if first <= c <= last]
    own = {role_of("indicator", t) for c, t in texts if c not in taken}
    if not own & {"target", "actual", "weight", "score", "reason"}:
        return False
    above = {role_of("indicator", t) for _, t in texts}
    money = {role_of("money", t) for _, t in texts}
    return bool(above & {"target", "actual"} or len(above - {None}) >= 2) and not len(money & MONEY_TELLING) >= 2


def _drop_parents(labels: dict[int, _Found]) -> None:
    """A label over several columns gives way to those that stand under it (年度指标值 over 指标性质 · 指标值 · 度量单位)."""
    for column, found in list(labels.items()):
        if any(column <= c <= found.last and other.row > found.row for c, other in labels.items() if c != column):
            del labels[column]


def _keep_weight_of_row(labels: dict[int, _Found]) -> None:
    """Where each level has a weight beside its name, the row's is the one right of the finest name."""
    name = max((c for c, found in labels.items() if found.role in ("name", "detail")), default=0)
    weights = sorted(c for c, found in labels.items() if found.role == "weight")
    right = [c for c in weights if c > name]
    left = [c for c in weights if c < name]
    if not left or not right:
        return
    for column in left:
        found = labels.pop(column)
        if column == left[0]:
            labels[column] = found._replace(role="section_weight")


def _drop_beyond_gap(view: SheetView, labels: dict[int, _Found], start: int, top: int, bottom: int) -> None:
    """What stands right of an empty column belongs to something else: notes, a code list."""
    reach = start
    for column in sorted(c for c in labels if c >= start):
        if any(_is_gap(view, between, top, bottom) for between in range(reach + 1, column)):
            for beyond in [c for c in labels if c >= column]:
                del labels[beyond]
            return
        reach = max(reach, labels[column].last)


# So many rows below a head show whether a column without a label is used.
_LOOK_AHEAD = 6


def _is_gap(view: SheetView, column: int, top: int, bottom: int) -> bool:
    """Nothing stands in the column near the head, and no merged area covers it."""
    rows = view.rows_between(top, bottom + _LOOK_AHEAD)
    return not any(column in view.grid.rows[row] or view.area(row, column) for row in rows)


# Where a role stands twice, the word that says more wins: the adjusted budget and target count, not the initial ones beside them; the
# weight of the row is the one called 分值; a reason column is the one that says so.
_BETTER = {
    "target": (("调整", "修订"),),
    "reason": (("原因",), ("说明", "措施", "分析")),
    "weight": (("分值",),),
    "score": (("自评", "实际"),),
    "actual": (("完成值", "实际"),),
    "name": (("三级",),),
}
_SECOND = {"target": "initial_target", "weight": "section_weight"}
_INITIAL = pattern("年初|初始|原")


def by_role(labels: dict[int, tuple[str, str, int]]) -> tuple[dict[str, tuple[int, int]], dict[str, str]]:
    """The columns of each role, first and last, and its label, from (role, text, last column) by column."""
    out: dict[str, tuple[int, int]] = {}
    chosen: dict[str, str] = {}
    for column in sorted(labels):
        role, text, last = labels[column]
        if role not in out:
            out[role], chosen[role] = (column, last), text
            continue
        second = _SECOND.get(role)
        if _rank(role, text) < _rank(role, chosen[role]):
            if second and (role != "target" or _INITIAL.search(chosen[role])):
                out[second], chosen[second] = out[role], chosen[role]
            out[role], chosen[role] = (column, last), text
        elif second == "section_weight" or (second and _INITIAL.search(text)):
            out[second], chosen[second] = (column, last), text
    return out, chosen


def _rank(role: str, text: str) -> int:
    """How well a word names a role: 0 is best."""
    better = _BETTER.get(role, ())
    return next((n for n, words in enumerate(better) if any(word in text for word in words)), len(better))


def money_head(view: SheetView, row: int) -> Head | None:
    """The head of a money block in this row, None where it is none.

    Labels with their amounts beside them (预算数: | 30 | 执行数: | 29.97) are no head.
    """
    labels: dict[int, _Found] = {}
    amounts = 0
    texts = view.texts(row)
    if len(texts) < 2:
        return None
    for column, text in texts:
        role = role_of("money", text)
        if role:
            right = view.right_of(row, column)
            labels[column] = _Found(role, text, right - 1, row)
            amounts += role in MONEY_TELLING and is_amount(view, row, right)
    if len(labels) < 2 or amounts:
        return None
    first = min(labels)
    leftmost = first == texts[0][0]
    if leftmost and role_of("block", labels[first].text) == "money" and not _heads_amounts(view, row, labels):
        del labels[first]  # 预算资金(万元) is what the block is called
    roles = {found.role for found in labels.values()}
    if "executed" in roles and not roles & {"budget", "initial_budget"}:
        _take_sum_for_budget(view, row, labels)
    _drop_beyond_gap(view, labels, min(labels), row, row)
    columns, words = _money_roles(labels)
    if len(MONEY_TELLING & columns.keys()) < 2:
        return None
    first = min(column for column, _ in columns.values())
    bottom = row
    below = {c: (role, t) for c, t in view.texts(row + 1) if c >= first and (role := role_of("money", t))}
    if below and not any(is_amount(view, row + 1, column) for column, _ in columns.values()):
        # 预算数 over 年初 and 调整后
        bottom += 1
        parents = {c: f for c, f in labels.items() if not any(c <= other <= f.last for other in below)}
        finer = {c: _Found(role, t, view.right_of(row + 1, c) - 1, row + 1) for c, (role, t) in below.items()}
        columns, words = _money_roles(parents | finer)
    _settle_change(view, bottom + 1, columns, words)
    return Head(row, bottom, columns, words, first, max(last for _, last in columns.values()))


def _take_sum_for_budget(view: SheetView, row: int, labels: dict[int, _Found]) -> None:
    """Where no label names a budget, the sum of the money (资金总额) left of what was executed is it."""
    executed = min(column for column, found in labels.items() if found.role == "executed")
    for column, text in view.texts(row):
        if column < executed and column not in labels and role_of("fund", text) == "total":
            labels[column] = _Found("budget", text, view.right_of(row, column) - 1, row)
            return


def _money_roles(labels: dict[int, _Found]) -> tuple[dict[str, tuple[int, int]], dict[str, str]]:
    """The columns and labels of each role, as `by_role`; of several budgets and executed amounts the one that counts."""
    columns, words = by_role({c: (f.role, f.text, f.last) for c, f in labels.items()})
    for column, found in labels.items():
        if found.role in _RANKED and rank(found.role, found.text) < rank(found.role, words[found.role]):
            columns[found.role], words[found.role] = (column, found.last), found.text
    return columns, words


_RANKED = ("budget", "executed")


def _settle_change(view: SheetView, row: int, columns: dict[str, tuple[int, int]], words: dict[str, str]) -> None:
    """Without a budget of its own, the head's is the initial one, unless it was changed or 调整数 says what it came to."""
    changed = "change" in columns
    if "budget" in columns:
        if not changed or "initial_budget" in columns or is_of_year(words["budget"]):
            return
        columns["initial_budget"], words["initial_budget"] = columns.pop("budget"), words.pop("budget")
    elif not changed and "initial_budget" not in columns:
        return
    from_role = "initial_budget"
    if changed:
        initial, change, executed, rate = (
            view.value(row, columns[role][0]) if role in columns else None
            for role in ("initial_budget", "change", "executed", "execution_rate")
        )
        figures = Figures(initial, change, executed, rate) if initial is not None and change is not None else None
        if not is_difference(words["change"], figures):
            from_role = "change"
        elif change is None or change.number or "initial_budget" not in columns:
            return  # the budget after the change stands nowhere
    columns["budget"], words["budget"] = columns.pop(from_role), words.pop(from_role)


def _heads_amounts(view: SheetView, row: int, labels: dict[int, _Found]) -> bool:
    """What stands below the first label is no text of its own: an amount, or nothing yet, as below the others."""
    column = min(labels)
    area = view.area(row, column)
    if area is not None and area.bottom > row:
        return False
    below = view.value(row + 1, column)
    if below.at.row <= row or below.number is not None:
        return True
    return not below.text and not any(is_amount(view, row + 1, other) for other in labels)


def is_amount(view: SheetView, row: int, column: int) -> bool:
    """A number stands there, as a number or as text."""
    cell = view.grid.cell(row, column)
    if cell is None:
        return False
    return read_number(cell.value)[0] is not None if isinstance(cell.value, str) else True
