"""What the checks across forms need of each form: a few names and texts with their cells, no cell more.

A run over thousands of forms keeps these facts, not the forms.
"""

from collections.abc import Iterator
from typing import NamedTuple

from perfxl.checks.finding import Place
from perfxl.checks.reasons import losses, repeatable
from perfxl.form.model import Form, Party
from perfxl.form.values import normal
from perfxl.patterns import pattern
from perfxl.scoring.results import ScoredForm


class Said(NamedTuple):
    """A text as it is compared with others, as printed, and its cell."""

    key: str
    text: str
    cell: str


class Figure(NamedTuple):
    """A figure tied to a fact: `3626项，同比增长41.7%` says of the fact (3626, 增长, %) the figure 41.7."""

    number: str
    tie: str
    unit: str
    figure: str
    cell: str


class Named(NamedTuple):
    """A name as it is compared with others, as printed, its code, and its cell."""

    key: str
    text: str
    code: str | None
    cell: str


class FormFacts(NamedTuple):
    """The facts of one form, the `number`th of its sheet. `reasons` are those of rows that lost points, `achievements` the longer actual values."""

    book: str
    sheet: str
    number: int
    year: int | None
    project: Named | None
    department: Named | None
    unit: Named | None
    reasons: tuple[Said, ...]
    achievements: tuple[Said, ...]
    figures: tuple[Figure, ...]

    def place(self, cell: str) -> Place:
        """A cell of this form among those of the run."""
        return Place(self.book, self.sheet, self.number, cell)

    @property
    def owner(self) -> str | None:
        """Who the project belongs to, as compared: the implementing unit, else the department."""
        party = self.unit or self.department
        return None if party is None else party.key


class Expected(NamedTuple):
    """A department, or a project of it, that should have handed in: as a list of them says, and where. A department without a project
    should have handed in at least one."""

    department: Named | None
    unit: Named | None
    project: Named | None
    year: int | None
    place: Place


def facts_of(scored: ScoredForm) -> FormFacts:
    """The facts of one scored form."""
    form = scored.form
    return FormFacts(
        book=form.book,
        sheet=form.sheet,
        number=form.index,
        year=form.year,
        project=_named(form.project),
        department=_named(form.department),
        unit=_named(form.implementing_unit),
        reasons=tuple(_reasons(scored)),
        achievements=tuple(_achievements(form)),
        figures=tuple(_figures(form)),
    )


def _named(party: Party | None) -> Named | None:
    key = "" if party is None else normal(party.name)
    return None if party is None or not key else Named(key, party.name, party.code, party.value.at.a1)


def _reasons(scored: ScoredForm) -> Iterator[Said]:
    for loss in losses(scored):
        key = repeatable(loss.reason.text)
        if key is not None:
            yield Said(key, loss.reason.text, loss.reason.at.a1)


_SHORTEST_ACHIEVEMENT = 12  # shorter ones (达成预期指标, 有效改善) are the words of the trade


def _achievements(form: Form) -> Iterator[Said]:
    for row in form.indicators:
        if row.actual is not None and len(row.actual.text) >= _SHORTEST_ACHIEVEMENT:
            key = normal(row.actual.text).rstrip("。.;；!！")
            if len(key) >= _SHORTEST_ACHIEVEMENT and not _DATED.fullmatch(key):
                yield Said(key, row.actual.text, row.actual.at.a1)


_DATED = pattern(r"[\d年月日底前末至到.\-—~～/、,，]+")
_FIGURE = pattern(
    r"(?<![\d.])(?P<number>\d[\d,]*(?:\.\d+)?)(?P<of>[\u4e00-\u9fff]{1,3}?)[，,、(（]?(?:同比|环比|较上年|比上年|比去年)?"
    r"(?P<tie>增长|增加|提高|提升|下降|减少|降低|占比?|达到?|金额)了?[为约]?(?P<figure>\d[\d,]*(?:\.\d+)?)(?P<unit>%|个百分点|亿元|万元|元)"
)
_DIGITS_OF_A_FACT = 3  # "3个…增长5%" in two projects is chance; "3626项…" is one fact


def _figures(form: Form) -> Iterator[Figure]:
    for row in form.indicators:
        if row.actual is None or len(row.actual.text) < _SHORTEST_ACHIEVEMENT:
            continue
        for match in _FIGURE.finditer(normal(row.actual.text)):
            number = match["number"].replace(",", "")
            if sum(c.isdigit() for c in number) >= _DIGITS_OF_A_FACT:
                money = match["of"][-1:] if match["of"].endswith("元") else ""
                figure = match["figure"].replace(",", "")
                yield Figure(number + money, match["tie"], match["unit"], figure, row.actual.at.a1)
