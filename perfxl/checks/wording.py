"""Checks of what stands in the cells as text: left-overs, other years, personal data (FRM003, FRM006, FRM007)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfxl.checks.reasons import losses
from perfxl.checks.registry import Fault, check
from perfxl.form.labels import role_of
from perfxl.form.model import Form
from perfxl.form.values import normal
from perfxl.grid.address import Ref
from perfxl.patterns import pattern
from perfxl.scoring.results import ScoredForm

_BARE_NUMBER = pattern(r"指标\s*[\d一二三四五六七八九十]*\s*[:：、.]?|…+|\.{3,}|。{3,}")
_INSTRUCTION = pattern(
    r"[(（][^()（）]{0,12}?\d+\s*字(?:以[内下]|左右)?[^()（）]{0,6}[)）]|不超过\d+字|\d+字以内|请(?:在此|在此处|简要|概括|按照?实际)?(?:填写|描述|概述|说明)"
    r"|(?:此处|在此)填写|[(（](?:填写|例如?[:：]|示例)[^()（）]*[)）]|(?<![A-Za-z×])[X×]{2,}(?:年|月|项目|单位|局|人|万元|%)"
)
_MAYBE_INSTRUCTION = pattern("[字请填例X×]")  # each instruction has one; looking for these is quick
_NOTE = pattern(r"^\s*(?:注|备注|说明|填[表报]说明|附注)\s*\d*\s*[:：.、]")


@check("FRM003")
def template_residue(scored: ScoredForm) -> Iterator[Fault]:
    """What the blank form printed is left over: a bare "指标2:", "……", an instruction "(100字以内)".

    Rule: the form is published as filled in (form-2019). A note printed under the form, the form's own headings, and a
    numbered row that holds a weight or a value are no left-overs. Cannot tell an instruction that a bureau means to
    print.
    """
    form = scored.form
    filled = {row.name.at for row in form.indicators}
    headings = set(form.labels.values())
    columns = {row.name.at.column for row in form.indicators if not row.shifted}
    for row, cells in form.text_rows:
        for column, text in cells:
            if text[:1] in "指….。" and _BARE_NUMBER.fullmatch(text):
                if row > form.head.row and column in columns and (row, column) not in filled:
                    yield Fault(Ref(row, column), text, variant="row")
                continue
            if not _MAYBE_INSTRUCTION.search(text):
                continue
            match = _INSTRUCTION.search(text)
            if match and not _NOTE.match(text) and text not in headings and not _is_heading(text):
                yield Fault(Ref(row, column), match[0], variant="default")


def _is_heading(text: str) -> bool:
    return any(role_of(family, text) for family in ("info", "footer", "block", "title"))


_DATED = pattern(r"(?<![〔\[0-9])(20\d\d)(?=年|[-./]\d{1,2}(?!\d))")
_TITLES = pattern(r"《[^》]*》|[〔\[]\d{4}[〕\]]")
_COMPARED = pattern(r"较|比|基[数期准]|基础|以来|以前|结转|起|自20|历年|上年|跨年|至今|累计|版|级|届|标准")
_YEAR_LINE = pattern(r"[(（]?(?:预算)?年度?[:：]?\s*(20\d\d)年?度?[)）]?|[(（]?(20\d\d)年度?[)）]?")


@check("FRM006")
def year_conflict(scored: ScoredForm) -> Iterator[Fault]:
    """A title, a target or an actual value speaks of another year than the form's.

    Rule: the form is of one budget year (form-2019, (2019年度)). Years before it in a comparison (较2018年), spans that
    hold the form's year, titles in 《》 and document numbers are silent; so is a row that came late and lost points for
    it, and a form without a printed year. Cannot tell a project that runs over several years.
    """
    form = scored.form
    if form.year is None:
        return
    late = {loss.row.row for loss in losses(scored)}
    for at, line in _year_lines(form):
        years = [int(year) for year in re.findall(r"20\d\d", normal(line))]
        if years and form.year not in years:
            yield Fault(at, line, variant="title", year=str(form.year), other=str(years[0]))
    for row in form.indicators:
        lost = row.row in late
        for value in (row.target, row.actual):
            if value is None or "20" not in value.text:
                continue
            other = _other_year(value.text, form.year)
            if other is not None and not (lost and value is row.actual and other > form.year):
                yield Fault(value.at, value.text, name=row.name.text, year=str(form.year), other=str(other))


def _year_lines(form: Form) -> Iterator[tuple[Ref, str]]:
    """The title, and lines above the table that hold nothing but a year."""
    for row, cells in form.text_rows:
        if row >= form.head.row:
            return
        for column, text in cells:
            if len(text) <= 40 and "20" in text and (text == form.title or _YEAR_LINE.fullmatch(normal(text))):
                yield Ref(row, column), text


def _other_year(text: str, year: int) -> int | None:
    """The first year that is not the form's, None where there is none or all of them are accounted for."""
    plain = _TITLES.sub("", normal(text))
    years = [int(found) for found in _DATED.findall(plain)]
    if not years or min(years) <= year <= max(years):
        return None
    return None if max(years) < year and _COMPARED.search(plain) else years[0]


_MOBILE = pattern(r"(?<![0-9A-Za-z.])(?<![0-9],)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z]|[.,]\d|\s*[万亿]?元)")
_IDENTITY = pattern(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])"
)
_ELEVEN_DIGITS = pattern(r"(?:\d[- ]?){11}")
_SHORTEST = 11
_IDENTITY_FACTORS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@check("FRM007")
def personal_data(scored: ScoredForm) -> Iterator[Fault]:
    """A mobile number or an identity number stands in a form that will be published.

    Rule: self-evaluation forms are published with the final accounts (财预〔2020〕10号), personal data are not
    (个人信息保护法). An identity number counts where its check digit is right. Told in a masked form. Cannot tell a
    hotline of eleven digits from a person's mobile.
    """
    form = scored.form
    texts = [text for _, cells in form.text_rows for _, text in cells if len(text) >= _SHORTEST]
    texts += [remark.value.text for remark in form.remarks]  # a telephone number may be stored as a number
    # Hardly a form has eleven digits in a row: one look at all its texts is a third of the work of a look at each.
    if not _ELEVEN_DIGITS.search("\n".join(texts)):
        return
    by_cell = dict(form.texts)
    for _, value in form.remarks:
        by_cell.setdefault(value.at, value.text)
    for at, text in by_cell.items():
        if not _ELEVEN_DIGITS.search(text):
            continue
        plain = normal(text)
        for match in _IDENTITY.finditer(plain):
            if _check_digit_right(match[0]):
                yield Fault(at, f"{match[0][:3]}***********{match[0][-4:]}", what="身份证号")
        for match in _MOBILE.finditer(plain):
            digits = re.sub(r"\D", "", match[0])
            yield Fault(at, f"{digits[:3]}****{digits[-4:]}", what="手机号")


def _check_digit_right(number: str) -> bool:
    added = sum(int(digit) * factor for digit, factor in zip(number, _IDENTITY_FACTORS, strict=False))
    return "10X98765432"[added % 11] == number[-1].upper()
