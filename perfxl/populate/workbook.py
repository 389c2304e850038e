"""Fills the forms of one workbook, closed or open in a program: empty cells only, rows inserted where there are too few."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from perfxl.errors import UnwritableBook
from perfxl.form.layout import FormBlock, find_forms
from perfxl.form.model import Form, Value
from perfxl.form.reader import read_forms
from perfxl.form.values import normal
from perfxl.form.view import SheetView, value_of
from perfxl.outcome import Change, SourceFinding
from perfxl.populate.blanks import level_key
from perfxl.populate.disagreements import (
    another_year,
    indicator_near,
    not_in_sources,
    place_of,
    project_near,
    value_differs,
)
from perfxl.populate.filling import differs, wishes_of
from perfxl.populate.fitting import fitted_heights
from perfxl.populate.growing import Growth, NoPlace, growths_of, refuse_beside
from perfxl.populate.matching import match
from perfxl.populate.plan import Project
from perfxl.templates.content import IndicatorContent
from perfxl.workbooks.insertion.rowmap import RowMap
from perfxl.workbooks.port import Edit, Recalculated, RowWorkbook, Workbook

WHY = "populate"


class Filled(NamedTuple):
    """What was filled in, where forms and sources disagree, and what else is to be told, in Chinese."""

    changes: list[Change]
    disagreements: list[SourceFinding]
    notes: list[str]


def fill_workbook(
    workbook: Workbook, name: str, projects: Sequence[Project], *, rows: RowWorkbook | None = None
) -> Filled:
    """Fills the forms of a workbook from the projects of a plan; nothing is saved. `name` is what messages call it.

    `rows` is the same workbook where rows can be inserted into it and made higher; without it a form that has too few is refused.

    Raises:
        UnreadableBook: a part that must be looked at is damaged.
        UnwritableBook: a form has too few rows and they cannot be inserted, or a cell must not be written.
    """
    notes, edits, added, recalculated = _grow(workbook, rows, name, projects)
    disagreements: list[SourceFinding] = []
    forms = 0
    for sheet in workbook.sheet_names:
        for target in _forms(workbook, sheet, name):
            forms += 1
            filled, findings = _fill(target, projects, added.get(sheet, set()), notes)
            edits += filled
            disagreements += findings
    if not forms:
        notes.append("没有找到自评表。")
    changes: list[Change] = []
    if edits:
        recalculated += workbook.apply(edits)
        changes = _changes(workbook, name, edits, recalculated)
        if rows is not None:
            notes += _fit_rows(rows, edits)
    return Filled(changes, disagreements, notes)


def _fit_rows(workbook: RowWorkbook, edits: Sequence[Edit]) -> Iterator[str]:
    """Makes rows high enough for what was filled in; tells which were fixed before."""
    for sheet in dict.fromkeys(edit.sheet for edit in edits):
        filled = [edit.at for edit in edits if edit.sheet == sheet and isinstance(edit.value, str)]
        heights = fitted_heights(SheetView(workbook.grid(sheet)), workbook.measures(sheet), filled)
        if heights:
            workbook.set_heights(sheet, heights)
        fixed = [str(row) for row, height in heights.items() if height.fixed]
        if fixed:
            yield f"工作表“{sheet}”：为显示全部内容，加高了第 {'、'.join(fixed)} 行。"


class _Target(NamedTuple):
    """A form that is to be filled, and where it stands."""

    view: SheetView
    block: FormBlock
    form: Form


def _forms(workbook: Workbook, sheet: str, name: str) -> Iterator[_Target]:
    view = SheetView(workbook.grid(sheet))
    for block, form in zip(find_forms(view), read_forms(view.grid, name), strict=True):
        yield _Target(view, block, form)


class _Grown(NamedTuple):
    """What came of the rows that forms needed: what is to be told of it, the level names that were written into them, their numbers by
    sheet, and the formula cells that changed by it."""

    notes: list[str]
    edits: list[Edit]
    added: dict[str, set[int]]
    recalculated: list[Recalculated]


def _grow(workbook: Workbook, rows: RowWorkbook | None, name: str, projects: Sequence[Project]) -> _Grown:
    """Inserts the rows that forms need.

    Raises:
        UnwritableBook: a form has no place for more rows, or they cannot be inserted.
    """
    grown = _Grown([], [], {}, [])
    for sheet in workbook.sheet_names:
        growths: list[Growth] = []
        targets = list(_forms(workbook, sheet, name))
        for target in targets:
            try:
                needed = growths_of(*target, _homeless(target, projects))
                refuse_beside(target.block, [other.block for other in targets], needed)
            except NoPlace as error:
                raise UnwritableBook(_no_place(target.form, error.reason), book=name) from error
            growths += needed
        if not growths:
            continue
        if rows is None:
            raise UnwritableBook(_too_few(sheet, growths), book=name)
        insertions = [growth.insertion for growth in growths]
        new_rows = rows.insert_rows(sheet, insertions)
        moved = RowMap(insertions)
        earlier = [r._replace(at=moved.ref(r.at)) if r.sheet == sheet else r for r in grown.recalculated]
        grown.recalculated[:] = [*earlier, *new_rows.recalculated]
        grown.added[sheet] = {row for numbers in new_rows.numbers for row in numbers}
        for growth, new in zip(growths, new_rows.numbers, strict=True):
            grown.edits.extend(Edit(sheet, at, level) for at, level in growth.name_cells(new).items())
            where = f"第 {new[0]} 行" if len(new) == 1 else f"第 {new[0]} 至 {new[-1]} 行"
            grown.notes.append(f"工作表“{sheet}”：空行不够，插入了 {len(new)} 行（现在的{where}）。")
    if grown.edits:  # so that the new rows are read as rows of their levels
        grown.recalculated.extend(workbook.apply(grown.edits))
    return grown


def _homeless(target: _Target, projects: Sequence[Project]) -> list[IndicatorContent]:
    """The indicators for which a form has no row, each once whatever sources name it."""
    found: dict[tuple[str, str, str], IndicatorContent] = {}
    for project in match(target.form, projects).projects:
        if _is_of_year(project, target.form):
            for content in wishes_of(*target, project).homeless:
                key = (level_key(content.level1), level_key(content.level2), normal(content.name))
                found.setdefault(key, content)
    return list(found.values())


def _fill(
    target: _Target, projects: Sequence[Project], added: Collection[int], notes: list[str]
) -> tuple[list[Edit], list[SourceFinding]]:
    """What goes into the empty cells of a form, and where form and sources disagree.

    Raises:
        UnwritableBook: an indicator has no row.
    """
    view, block, form = target
    edits: list[Edit] = []
    found, near = match(form, projects)
    findings = [project_near(form, project) for project in near]
    findings += [another_year(form, project) for project in found if not _is_of_year(project, form)]
    if not found and not near:
        findings.append(not_in_sources(form))
    filled: set[tuple[int, int]] = set()
    for project in found:
        if not _is_of_year(project, form):
            continue
        wishes = wishes_of(view, block, form, project, added)
        if wishes.homeless:
            raise UnwritableBook(_no_place(form, f"“{wishes.homeless[0].name}”没有行可填"), book=form.book)
        notes += [f"{place_of(form)}：{note}" for note in wishes.notes]
        findings += [indicator_near(form, each) for each in wishes.near]
        for wish in wishes.wishes:
            if wish.cell.at in filled:
                continue
            if _may_be_filled(wish.cell):
                filled.add(wish.cell.at)
                edits.append(Edit(form.sheet, wish.cell.at, wish.value))
            elif differs(wish):
                findings.append(value_differs(form, wish))
    return edits, findings


def _may_be_filled(cell: Value) -> bool:
    return cell.empty and not cell.formula and not cell.inside


def _is_of_year(project: Project, form: Form) -> bool:
    """A source of another year is no source, unless it is last year's form."""
    return project.carried or project.year is None or form.year is None or project.year == form.year


def _no_place(form: Form, reason: str) -> str:
    return f"没有写入：{place_of(form)}的行不够：{reason}。文件没有改动。请在表中添上所需的行后重新运行，或用 perfxl new 生成新表。"


def _too_few(sheet: str, growths: Sequence[Growth]) -> str:
    missing = "、".join(f"第 {growth.insertion.below} 行下 {growth.insertion.size} 行" for growth in growths)
    return f"没有写入：工作表“{sheet}”的空行不够。文件没有改动。请先插入行（{missing}）再填充。"


def _changes(workbook: Workbook, name: str, edits: Sequence[Edit], more: Sequence[Recalculated]) -> list[Change]:
    """Each changed cell once: of a formula that changed several times, what stood there first and what stands there now."""
    out = [
        Change(name, edit.sheet, edit.at.a1, "", value_of(workbook.grid(edit.sheet), edit.at).text, WHY)
        for edit in edits
    ]
    befores: dict[tuple[str, str], str] = {}
    afters: dict[tuple[str, str], str | None] = {}
    for each in more:
        befores.setdefault((each.sheet, each.at.a1), each.before)
        afters[each.sheet, each.at.a1] = each.after
    out += [
        Change(name, *place, before, afters[place], "recalculated")
        for place, before in befores.items()
        if before != afters[place]
    ]
    return out
