"""`perfxl new`: blank workbooks, or from a plan one workbook a department with a form a project."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from perfxl.errors import UnwritableBook
from perfxl.filenames import file_name, unique_name
from perfxl.files import real_path, replace_file
from perfxl.folders import made_for_writing
from perfxl.outcome import Failure, Outcome
from perfxl.populate.plan import Fault, Project
from perfxl.populate.reading import read_plan
from perfxl.rules import load_profile
from perfxl.scoring.rounding import plain
from perfxl.sources import Book
from perfxl.templates.catalogue import FormTemplate, form_template, form_templates, template_named

DEFAULT_TEMPLATE, _WHOLE = "2020", "department"
_COST = "成本指标"
_EXISTS = "未能生成：这里已有同名的文件，不会覆盖。没有写出任何文件。请换一个位置，或先移走这个文件。"
# Excel's limits on the name of a sheet.
_LONGEST_SHEET = 31
_NOT_IN_SHEETS = str.maketrans(dict.fromkeys("[]:*?/\\'", "_") | dict.fromkeys(map(chr, range(32)), "_"))


class PlannedBook(NamedTuple):
    """A workbook to be made, and whose forms go into it."""

    path: Path
    projects: list[Project]


def new_blank(out: Path, template_name: str | None = None) -> Outcome:
    """Writes a blank workbook; `out` with an extension is the file, else the folder for a file of the template's own name.

    Raises:
        BadSettings: there is no such template.
        UnwritableBook: a file stands there already, or the place cannot be written.
    """
    from perfxl.data import shipped_folder

    template = template_named(template_name or DEFAULT_TEMPLATE)
    path = out if out.suffix else out / template.file
    _refuse_existing([path])
    _write(path, (shipped_folder("workbook_templates") / template.file).read_bytes())
    return Outcome(books=1, notes=[(str(path), f"已生成空白的{template.title}。")])


def new_from_plan(
    out: Path,
    sources: Sequence[Book],
    template_name: str | None = None,
    *,
    per_project: bool = False,
    properties: Mapping[str, str] | None = None,
) -> Outcome:
    """Writes the forms of a plan: into the file `out` where it has an extension, else into the folder `out`, a workbook a
    department or, with `per_project`, a project; `properties` are custom document properties. Nothing is written where anything
    in the plan does not fit: the outcome's failures say what, and in which cell.

    Raises:
        BadSettings: there is no such form template.
        UnreadableBook: a source cannot be read.
        UnwritableBook: a file stands there already, or the place cannot be written.
    """
    named = form_template(template_name) if template_name else None
    plan = read_plan(sources)
    told = {(fault.place.book, fault.place.sheet, fault.place.row) for fault in plan.faults}
    faults = list(plan.faults)
    for project in plan.projects:
        faults += _misfits(project, _template(project, named), told)
    if faults:
        return Outcome(failures=failures_of(faults, "没有生成任何文件，计划里"))
    books = arranged(out, plan.projects, per_project=per_project)
    _refuse_existing([book.path for book in books])
    outcome = Outcome(books=len(books))
    with _all_or_none() as written:
        kind = "自评表" if named is None or named.evaluates else named.title
        for book in books:  # one after the other, so that memory holds one workbook
            _write(book.path, drawn(book, named, properties))
            written.append(book.path)
            outcome.notes.append((str(book.path), f"已生成 {len(book.projects)} 张{kind}。"))
    return outcome


@contextmanager
def _all_or_none() -> Iterator[list[Path]]:
    """Takes files that were written away again where the run does not come to its end: the next one would refuse to replace them."""
    written: list[Path] = []
    try:
        yield written
    except BaseException:  # Ctrl-C too
        for path in written:
            with suppress(OSError):
                path.unlink()
        for folder in {path.parent for path in written}:
            with suppress(OSError):  # something else is in it
                folder.rmdir()
        raise


def failures_of(faults: Sequence[Fault], opening: str) -> list[Failure]:
    """One failure a source, with all that must be mended in it."""
    out = []
    for book in dict.fromkeys(fault.place.book for fault in faults):
        lines = [f"{fault.place}：{fault.message}" for fault in faults if fault.place.book == book]
        out.append(Failure(book, f"{opening}有 {len(lines)} 处要改：\n" + "\n".join(lines)))
    return out


def _template(project: Project, named: FormTemplate | None) -> FormTemplate:
    """The edition for a project: the one asked for, else by its indicators and its year, as forms choose their rules.

    The whole spending of a department has a form of its own, whatever the edition of the projects.
    """
    if project.whole and (named is None or named.evaluates):
        return form_template(_WHOLE)
    if named is not None:
        return named
    if any(each.content.level1 == _COST for each in project.indicators):
        return form_template("2021")
    if project.year is None:
        return form_template(DEFAULT_TEMPLATE)
    return next(t for t in form_templates().values() if t.evaluates and t.first_year <= project.year <= t.last_year)


def _misfits(project: Project, template: FormTemplate, told: set[tuple[str, str, int]]) -> Iterator[Fault]:
    """What keeps a project from making a whole form; rows of which something is `told` already are passed over."""
    if template.whole_department != project.whole:
        whole = "部门整体支出的计划是项目名称写作“部门整体支出”的一行，或部门整体支出绩效目标申报表。"
        yield Fault(project.place, f"“{project.name}”填不进{template.title}。请换一个模板，或不写 --template。{whole}")
        return
    profile = load_profile(template.profile)
    if not project.name:
        yield Fault(project.place, "没有写项目名称。请补上。")
    if not project.indicators:
        yield Fault(project.place, f"项目“{project.name}”没有指标。请补上。")
    rows = [each for each in project.indicators if (each.place.book, each.place.sheet, each.place.row) not in told]
    for each in rows:
        if each.content.weight is None:
            yield Fault(each.place, f"指标“{each.content.name}”没有分值。请补上。")
    weights = [each.content.weight for each in rows if each.content.weight is not None]
    if not weights or len(weights) < len(project.indicators):
        return
    total, expected = sum(weights, Decimal(0)), profile.total_weight - profile.execution_weight
    if total != expected:
        yield Fault(
            project.place,
            f"项目“{project.name}”的指标分值合计 {plain(total)} 分，加上预算执行率 {plain(profile.execution_weight)} 分"
            f"应为 {plain(profile.total_weight)} 分，即指标应为 {plain(expected)} 分。请调整分值。",
        )


def arranged(out: Path, projects: Sequence[Project], *, per_project: bool) -> list[PlannedBook]:
    """Which project goes into which file."""
    if out.suffix:
        return [PlannedBook(out, list(projects))]
    departments: dict[str, list[Project]] = {}
    for project in projects:
        departments.setdefault(_owner(project), []).append(project)
    taken: set[str] = set()
    books: list[PlannedBook] = []
    for department, members in departments.items():
        if per_project:
            folder = unique_name(file_name(department), taken)
            inside: set[str] = set()
            books += [
                PlannedBook(out / folder / f"{unique_name(file_name(p.name), inside)}.xlsx", [p]) for p in members
            ]
        else:
            years = {project.year for project in members}
            year = f"{years.pop()}年度" if len(years) == 1 and None not in years else ""
            books.append(PlannedBook(out / f"{unique_name(file_name(department) + year, taken)}自评表.xlsx", members))
    return books


def _owner(project: Project) -> str:
    party = project.department or project.unit
    return party.name if party else "未写部门"


def drawn(book: PlannedBook, named: FormTemplate | None = None, properties: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a workbook, a form a project; by the edition `named`, else each by its own."""
    from perfxl.templates.form import lay_out_form
    from perfxl.templates.guide import lay_out_guide
    from perfxl.templates.painter import paint_book

    guide_template = _template(min(book.projects, key=lambda project: project.whole), named)
    guide = lay_out_guide("form", guide_template.title, guide_template.profile)
    taken = {guide.name.casefold()}
    drawings = []
    for project in book.projects:
        template = _template(project, named)
        name = template.sheet if len(book.projects) == 1 else project.name.translate(_NOT_IN_SHEETS).strip()
        drawings.append(
            lay_out_form(template, project.content, unique_name(name or template.sheet, taken, _LONGEST_SHEET))
        )
    return paint_book([*drawings, guide], book.path.stem, properties=properties)


def _refuse_existing(paths: Sequence[Path]) -> None:
    for path in paths:
        if os.path.lexists(real_path(path)):  # also refuses what no system takes for a name
            raise UnwritableBook(_EXISTS, book=path)


def _write(path: Path, data: bytes) -> None:
    with made_for_writing(path.parent):
        try:
            replace_file(path, data, fsync=False, only_new=True)
        except FileExistsError as error:
            raise UnwritableBook(_EXISTS, book=path) from error
