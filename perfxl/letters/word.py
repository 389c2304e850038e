"""A letter as a Word document, ready to be dated, signed and sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from perfxl.letters import wording
from perfxl.letters.content import Letter, LetterForm
from perfxl.letters.skeleton import document
from perfxl.letters.wordxml import Style, cell, paragraph, row, run, table, text_cell
from perfxl.workbooks.marks.model import LOOKS

_FORM_WIDTHS = (620, 2840, 1220, 1220, 960, 1300, 570, 570, 570)
_FORM_HEADS = ("序号", "项目名称", *wording.FIGURE_HEADS)
_FINDING_HEADS = ("单元格", "级别", "问题", "现值 → 应为", "怎样改")
_FINDING_WIDTHS = (750, 820, 4000, 1600, 2700)
_HEAD_FILL = "F2F2F2"


def write_word(letter: Letter, properties: Mapping[str, str]) -> bytes:
    """The letter's document; `properties` go into it."""
    return document("".join(_body(letter)), wording.title(letter), properties)


def _body(letter: Letter) -> Iterator[str]:
    yield paragraph(Style.TITLE, run(wording.title(letter)))
    yield paragraph(Style.BODY, run(wording.addressee(letter)))
    for text in wording.paragraphs(letter):
        yield paragraph(Style.INDENTED, run(text))
    yield paragraph(Style.HEADING, run("一、需要修改的自评表"))
    yield table(_form_rows(letter), _FORM_WIDTHS)
    yield paragraph(Style.HEADING, run("二、逐项意见"))
    yield table(_finding_rows(letter), _FINDING_WIDTHS)
    yield paragraph(Style.BODY, after=12, keep=True)
    yield paragraph(Style.BODY, run(wording.CONTACT), after=18, keep=True)
    *signature, date = wording.SIGNATURE
    for line in signature:
        yield paragraph(Style.SIGNATURE, run(line), keep=True)
    yield paragraph(Style.SIGNATURE, run(date), after=0)


def _form_rows(letter: Letter) -> Iterator[str]:
    yield _head(_FORM_HEADS, _FORM_WIDTHS)
    for number, form in enumerate(letter.forms, 1):
        yield _plain_row(_form_cells(number, form))
    sums = [sum(counts) for counts in zip(*map(wording.form_counts, letter.forms), strict=True)]
    # The rate is that of the sums, of those forms that tell both figures.
    both = [form for form in letter.forms if form.budget is not None and form.executed is not None]
    budget = wording.added(form.budget for form in both)
    executed = wording.added(form.executed for form in both)
    amounts = (wording.money(budget), wording.money(executed), wording.rate(budget, executed))
    yield _plain_row((wording.SUMS, f"{len(letter.forms)} 张", *amounts, "", *sums))


def _form_cells(number: int, form: LetterForm) -> tuple[object, ...]:
    return (
        number,
        form.project,
        wording.money(form.budget),
        wording.money(form.executed),
        wording.rate(form.budget, form.executed),
        wording.score(form),
        *wording.form_counts(form),
    )


def _plain_row(values: tuple[object, ...]) -> str:
    aligns = ("center", "", "right", "right", "right", *["center"] * 4)
    return row(
        text_cell(str(value), width, align) for value, width, align in zip(values, _FORM_WIDTHS, aligns, strict=True)
    )


def _finding_rows(letter: Letter) -> Iterator[str]:
    yield _head(_FINDING_HEADS, _FINDING_WIDTHS)
    for number, form in enumerate(letter.forms, 1):
        name = run(f"{number}．{form.project}", bold=True)
        place = run(f"　{form.place}")
        yield row(
            [
                cell(
                    paragraph(Style.TABLE, name, place, keep=True),
                    sum(_FINDING_WIDTHS),
                    span=len(_FINDING_WIDTHS),
                    fill=_HEAD_FILL,
                )
            ]
        )
        for finding in form.findings:
            look = LOOKS[finding.severity]
            first, second, third, fourth, fifth = _FINDING_WIDTHS
            yield row(
                [
                    text_cell(finding.cell, first, "center"),
                    text_cell(finding.severity.label, second, "center", fill=look.fill, colour=look.text),
                    text_cell(finding.problem, third),
                    text_cell(wording.change(finding.found, finding.expected), fourth),
                    text_cell(finding.todo, fifth),
                ]
            )


def _head(texts: tuple[str, ...], widths: tuple[int, ...]) -> str:
    cells = [
        text_cell(text, width, "center", fill=_HEAD_FILL, bold=True) for text, width in zip(texts, widths, strict=True)
    ]
    return row(cells, head=True)
