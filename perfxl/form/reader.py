"""Reads the forms of a worksheet: grid in, forms out."""

from __future__ import annotations

from dataclasses import replace

from perfxl.form.columns import WANTED, unread
from perfxl.form.labels import (
    Layout,
    after_colon,
    before_colon,
    label_of,
    layouts,
    money_unit_in,
    printed_name,
    role_of,
)
from perfxl.form.layout import FormBlock, find_forms, is_year_line
from perfxl.form.model import Form, Missing, Remark, TextRow, TotalLine, Value
from perfxl.form.money import money_unit_of, money_weight_of, read_funds
from perfxl.form.parties import party_of
from perfxl.form.points import printed_as_shares, with_points
from perfxl.form.rows import read_rows, segment_offset
from perfxl.form.values import normal
from perfxl.form.view import SheetView, value_inside
from perfxl.grid.address import Ref
from perfxl.grid.cells import Grid
from perfxl.patterns import pattern

_YEAR = pattern(r"(20\d\d|二[〇○零0]一?[〇○零一二三四五六七八九0]{1,2})\s*年")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_BARE_YEAR = pattern(r"(?:19|20)\d\d(?:年度?|\.0+)?")
_GRADES = frozenset("优良中差")


def read_forms(grid: Grid, book: str = "") -> list[Form]:
    """The self-evaluation forms of a worksheet, from top to bottom; an empty list where there is none."""
    blocks = find_forms(SheetView(grid))
    return [_form(block.view, block, book, index) for index, block in enumerate(blocks, 1)]


def _form(view: SheetView, block: FormBlock, book: str, index: int) -> Form:
    info = _info(view, block)
    funds = read_funds(view, block, money_unit_of(view, block))
    indicators, sections = read_rows(view, block.segments)
    lines, total = funds.lines, _total(view, block, info.get("total"))
    if printed_as_shares(indicators):
        indicators, lines = [with_points(row) for row in indicators], tuple(with_points(line) for line in lines)
        total = with_points(total) if total is not None else None
    title, anchor = _title(view, block)
    goal, goal_result = _goals(view, block, info)
    remarks = _remarks(view, block)
    text_rows = tuple(
        [TextRow(row, texts) for row in view.rows_between(block.start, block.end) if (texts := view.texts(row))]
    )
    form = Form(
        book=book,
        sheet=view.grid.sheet,
        index=index,
        layout="",
        anchor=anchor,
        title=title,
        year=_year(view, block, title, info.get("year")),
        project=party_of(info.get("project"), "project"),
        department=party_of(info.get("department")),
        implementing_unit=party_of(info.get("implementing_unit")),
        money_unit=funds.unit,
        funds=lines,
        goal=goal,
        goal_result=goal_result,
        head=Ref(block.head.bottom, min(span[0] for span in block.head.columns.values())),
        indicators=tuple(indicators),
        sections=tuple(sections),
        total=total,
        labels=_labels(block, funds.labels),
        money_weight=money_weight_of(view, block, funds),
        text_rows=text_rows,
        unprinted=view.unprinted(block.start, block.end),
        reason_column="reason" in block.head.columns,
        form_reason=next(
            (r.value for r in remarks if role_of("indicator", r.label) == "reason" and "原因" in r.label), None
        ),
        remarks=remarks,
    )
    layout = _layout(form, block)
    return replace(form, layout=layout.name, missing=_missing(form, block, layout))


# --- what stands above the money block


def _info(view: SheetView, block: FormBlock) -> dict[str, Value]:
    """The values of the labels above the table: project, department, unit, goal, and a total that stands in the head."""
    out: dict[str, Value] = {}
    if block.owner_row is not None:
        out = {role: view.value(block.owner_row, column) for role, column in block.head.owners.items()}
    money_rows = {block.money.top, *block.fund_rows} if block.money else set()
    for row in block.preamble:
        if row in money_rows:
            continue
        labelled = [
            (c, t, role)
            for c, t in view.texts(row)
            if (role := role_of("info", before_colon(t))) and money_unit_in(t) is None
        ]
        for column, text, role in labelled:
            if role not in out:
                value = _value_beside(view, row, column, text, [c for c, _, _ in labelled])
                if value is not None:
                    out[role] = value
    return out


def _value_beside(view: SheetView, row: int, column: int, text: str, labels: list[int]) -> Value | None:
    """The value of a label: behind its colon, else in the first cell that holds something before the next label."""
    inside = after_colon(text)
    if inside:
        return value_inside(view.value(row, column), inside)
    following = min((c for c in labels if c > column), default=None)
    start = view.right_of(row, column)
    for other in view.grid.rows.get(row, {}):
        if other >= start and (following is None or other < following):
            beyond = view.limit is not None and other > view.limit
            return None if beyond else view.value(row, other)
    if view.limit is not None and start > view.limit:  # a heading over the whole width
        return None
    return view.value(row, start) if following is None or start < following else None


def _title(view: SheetView, block: FormBlock) -> tuple[str, Ref]:
    for row in block.preamble:
        for column, text in view.texts(row):
            if role_of("title", text):
                return text, Ref(row, column)
    rows = [*block.preamble, block.head.top]
    for row in rows:
        for column, text in view.texts(row):
            return text, Ref(row, column)
    return "", Ref(block.head.top, 1)


def _year(view: SheetView, block: FormBlock, title: str, labelled: Value | None) -> int | None:
    """The form's year: of its title, of a line that only names it, beside a label 年度, else the first that is printed above the table."""
    if (year := _year_in(title)) is not None:
        return year
    lines = [text for row in block.preamble for _, text in view.texts(row) if len(text) <= _LONGEST_WITH_YEAR]
    for line in filter(is_year_line, lines):
        if (year := _year_in(line)) is not None:
            return year
    if labelled is not None and _BARE_YEAR.fullmatch(normal(labelled.text)):
        return int(normal(labelled.text)[:4])
    return next((year for line in lines if (year := _year_in(line)) is not None), None)


_LONGEST_WITH_YEAR = 40


def _year_in(text: str) -> int | None:
    match = _YEAR.search(normal(text).replace("○", "〇"))
    if match is None:
        return None
    digits = match[1].translate(_DIGITS)
    return int(digits) if len(digits) == 4 and digits.isdigit() else None


def _goals(view: SheetView, block: FormBlock, info: dict[str, Value]) -> tuple[Value | None, Value | None]:
    """The year's goal and what came of it: below their labels, else beside them."""
    for row in block.preamble:
        texts = view.texts(row)
        results = [c for c, t in texts if role_of("info", before_colon(t)) == "goal_result"]
        if not results:
            continue
        result = results[-1]  # the first may be what the block is called
        goals = [c for c, t in texts if role_of("info", t) == "goal"]
        if not goals and any(_tells_nothing(t) for _, t in texts):
            continue  # a list of tasks (任务名称 · 主要内容 · 完成情况)
        area = view.area(row, result)
        below = area.bottom + 1 if area else row + 1
        beside = view.value(row, view.right_of(row, result))
        # two labels side by side stand over their values
        is_head = bool(goals) and view.right_of(row, goals[-1]) == result
        if (
            below >= block.head.top
            or after_colon(view.value(row, result).text)
            or (beside.text and beside.at.row == row and not is_head)
        ):
            break
        if _is_label_of_goal(value := view.value(below, result), block):
            continue  # a heading over the labels
        return (view.value(below, goals[-1]) if goals else None), value
    goal, came_of_it = (info.get(role) for role in ("goal", "goal_result"))
    return (
        None if goal is not None and _is_label_of_goal(goal, block) else goal,
        None if came_of_it is not None and _is_label_of_goal(came_of_it, block) else came_of_it,
    )


_LONGEST_LABEL_OF_GOAL = 16


def _tells_nothing(text: str) -> bool:
    label = before_colon(text)
    return role_of("info", label) is None and role_of("block", label) is None


def _is_label_of_goal(value: Value, block: FormBlock) -> bool:
    """What stands where a goal should is itself a label, or part of the table's head, which may have a row over it."""
    if value.at.row >= block.head.top:
        return True
    # goals are sentences, each another: asking for a role each time is dear
    if len(value.text) > _LONGEST_LABEL_OF_GOAL:
        return False
    if role_of("info", value.text) in ("goal", "goal_result"):
        return True
    return value.at.row == block.head.top - 1 and role_of("indicator", value.text) in WANTED


# --- below the table


def _total(view: SheetView, block: FormBlock, in_head: Value | None) -> TotalLine | None:
    """The total row, or the total printed above the table."""
    row = block.total_row
    if row is None:
        return TotalLine(in_head, score=in_head) if in_head is not None else None
    column, text = next((c, t) for c, t in view.texts(row) if role_of("total", before_colon(t)))
    label = view.value(row, column)
    inside = after_colon(text)
    if inside:
        return TotalLine(label, score=value_inside(label, inside.removesuffix("分").strip()))
    segment = block.segments[-1]
    offset = segment_offset(view, segment)
    columns = {role: span[0] + offset for role, span in segment.head.columns.items()}
    weight, score = (view.value(row, columns[role]) if role in columns else None for role in ("weight", "score"))
    beside = [view.value(row, c) for c in view.grid.rows[row] if c > label.at.column]
    if score is not None and score.at == label.at:
        score = None
    if weight is not None and weight.at == label.at:
        weight = None
    if all(value is None or value.number is None for value in (weight, score)):
        numbers = [value for value in beside if value.number is not None and value.at.row == row]
        if len(numbers) >= 2:
            weight, score = numbers[0], numbers[1]
        elif numbers:
            score = numbers[0]
    grade = next((value for value in beside if value.text.strip() in _GRADES), None) or _grade_below(view, block)
    return TotalLine(label, weight, score, grade)


def _grade_below(view: SheetView, block: FormBlock) -> Value | None:
    """The grade in a line of its own below the table (自评等级：优)."""
    for row in block.footers:
        for column, text in view.texts(row):
            if "等级" in before_colon(text) or "等次" in before_colon(text):
                value = _value_beside(view, row, column, text, [])
                if value is not None and value.text.strip() in _GRADES:
                    return value
    return None


def _remarks(view: SheetView, block: FormBlock) -> tuple[Remark, ...]:
    """What is written beside the labels below the table."""
    out = []
    for row in block.footers:
        for column, text in view.texts(row):
            if role_of("footer", before_colon(text)):
                value = _value_beside(view, row, column, text, [])
                if value is not None:
                    out.append(Remark(before_colon(text), value))
                break
    return tuple(out)


def _labels(block: FormBlock, money: dict[str, str]) -> dict[str, str]:
    out = {f"indicator.{role}": text for role, text in block.head.labels.items()}
    return out | {f"money.{role}": text for role, text in money.items()}


# --- which layout it is, and what it lacks


def _layout(form: Form, block: FormBlock) -> Layout:
    """The layout with which the labels agree best; the standard one where nothing tells any."""
    words = {
        label_of(text).words for _, cells in form.text_rows for _, text in cells if len(text) <= _LONGEST_TELLING
    } | _shape(form, block)
    present = _present(form, block)

    def agreement(layout: Layout) -> tuple[int, int]:
        return len(layout.tells & words), len(present.intersection(layout.needs)) - len(layout.needs)

    # That little is missing tells no layout: one that does not need a column would win wherever its head is not understood.
    told = [each for each in layouts() if each.tells & words and (not each.structure or each.structure in words)]
    return max(told, key=agreement) if told else _standard(form)


def _standard(form: Form) -> Layout:
    """The standard print, for a form that nothing tells; prints without a column of reasons lack it only where points were lost."""
    standard = layouts()[0]
    lost = any(
        row.weight is not None
        and row.weight.number is not None
        and row.score is not None
        and row.score.number is not None
        and row.score.number < row.weight.number
        for row in form.indicators
    )
    if lost:
        return standard
    return standard._replace(needs=tuple(need for need in standard.needs if need != "indicator.reason"))


_LONGEST_TELLING = 30


def _shape(form: Form, block: FormBlock) -> set[str]:
    """What tells layouts apart beside their words."""
    column = block.head.column
    weight, target = column("weight"), column("target")
    shape = {
        "weight-before-target": weight is not None and target is not None and weight < target,
        "nothing-scored": weight is None and column("score") is None,
        "whole-department": form.whole_department,
        "rows-say-whose": block.owner_row is not None,
        "amounts-beside-labels": block.money is None and bool(form.funds),
    }
    return {word for word, true in shape.items() if true}


def _present(form: Form, block: FormBlock) -> set[str]:
    present = {f"indicator.{role}" for role in block.head.columns}
    if form.funds or block.money is not None:
        present |= {"money"} | {role for role in form.labels if role.startswith("money.")}
    if form.total is not None:
        present.add("total")
    if form.indicators:
        present.add("rows")
    return present


def _missing(form: Form, block: FormBlock, layout: Layout) -> tuple[Missing, ...]:
    """What the layout needs and the form does not have, and what stands in a column whose head is not understood."""
    present = _present(form, block)
    if not form.funds:  # a head without rows
        present.discard("money")
    lacking = [need for need in layout.needs if need not in present]
    if "money" in lacking:
        lacking = [need for need in lacking if not need.startswith("money.")]
    may_be = _unread(form, block, layout)
    told = [Missing(printed_name(need), at, text) for need, (text, at) in may_be.items()]
    return (*told, *(Missing(printed_name(need), form.anchor) for need in lacking if need not in may_be))


def _unread(form: Form, block: FormBlock, layout: Layout) -> dict[str, tuple[str, Ref]]:
    """For each column that the table lacks, the first cell of its head that is not understood and may be it."""
    head = block.head
    if not head.cells or not form.indicators:
        return {}
    out: dict[str, tuple[str, Ref]] = {}
    rows = [row.row for row in form.indicators if not row.shifted]
    scored = "weight" in head.columns or "score" in head.columns
    for role in WANTED:
        # where nothing is scored, figures are no points
        wanted = scored or role in ("target", "actual") or f"indicator.{role}" in layout.needs
        if role not in head.columns and wanted:
            for column in unread(block.view, rows, head.cells, head.columns, role):
                cell = head.cells[column]
                out.setdefault(f"indicator.{role}", (cell.text, Ref(cell.row, column)))
    return out
