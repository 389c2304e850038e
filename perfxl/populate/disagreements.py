"""Where a form and a source disagree: nothing is taken over, both are shown."""

from __future__ import annotations

from perfxl.checks.finding import Severity
from perfxl.form.model import Form
from perfxl.grid.address import Ref
from perfxl.outcome import Disagreement, SourceCell, SourceFinding
from perfxl.populate.filling import Near, Wish, shown
from perfxl.populate.plan import Place, Project


def value_differs(form: Form, wish: Wish) -> SourceFinding:
    """A person typed something else than the source says."""
    typed, told = wish.cell.text or "（公式）", shown(wish.value)
    message = (
        f"{place_of(form)}的{wish.label}填写为“{typed}”，来源“{wish.source.book}”{wish.source} 为“{told}”，保留所填。"
        "请核对哪个正确。"
    )
    return _finding(form, Disagreement.VALUE_DIFFERS, wish.cell.at, typed, told, wish.source, message)


def project_near(form: Form, project: Project) -> SourceFinding:
    """A project of the source has nearly the form's name: proposed, not taken."""
    own, told = _name(form), project.name
    if project.whole and project.department is not None:
        told = project.department.name
    message = (
        f"{place_of(form)}与来源“{project.place.book}”{project.place} 的“{told}”名称相近但不相同，没有填。"
        f"如是同一{'部门' if project.whole else '项目'}，请改成一致后再运行。"
    )
    return _finding(form, Disagreement.PROJECT_NAME_NEAR, _name_cell(form), own, told, project.place, message)


def indicator_near(form: Form, near: Near) -> SourceFinding:
    """An indicator of the source has nearly the name of one on the form: proposed, not taken."""
    own = near.cell.text
    message = (
        f"{place_of(form)}的指标“{own}”与来源“{near.source.book}”{near.source} 的“{near.name}”名称相近但不相同，没有填。"
        "如是同一指标，请改成一致后再运行。"
    )
    return _finding(form, Disagreement.INDICATOR_NAME_NEAR, near.cell.at, own, near.name, near.source, message)


def another_year(form: Form, project: Project) -> SourceFinding:
    """The source speaks of the project in another year."""
    message = (
        f"{place_of(form)}是 {form.year} 年度的，来源“{project.place.book}”{project.place} 是 {project.year} 年度的，没有填。"
        "请换成本年度的来源。"
    )
    found, told = str(form.year), str(project.year)
    return _finding(form, Disagreement.YEAR_DIFFERS, _name_cell(form), found, told, project.place, message)


def not_in_sources(form: Form) -> SourceFinding:
    """No source speaks of the project."""
    what = (
        "部门的整体支出，没有填。请核对部门代码和名称。"
        if form.whole_department
        else "项目，没有填。请核对项目代码和名称。"
    )
    message = f"{place_of(form)}：来源里没有这个{what}"
    return _finding(form, Disagreement.NOT_IN_SOURCES, _name_cell(form), _name(form), None, None, message)


def place_of(form: Form) -> str:
    """A form as messages name it."""
    missing = "没有部门名称的表" if form.whole_department else "没有项目名称的表"
    return f"工作表“{form.sheet}”“{_name(form) or missing}”"


def _name(form: Form) -> str:
    return form.subject.name if form.subject else ""


def _name_cell(form: Form) -> Ref:
    return form.subject.value.at if form.subject else form.anchor


def _finding(
    form: Form, kind: Disagreement, at: Ref, found: str, told: str | None, source: Place | None, message: str
) -> SourceFinding:
    place = SourceCell(*source) if source else None
    # A source need not speak of every form of a book.
    severity = Severity.ADVICE if kind is Disagreement.NOT_IN_SOURCES else Severity.WARNING
    return SourceFinding(kind, severity, form.book, form.sheet, at.a1, found, told, place, message)
