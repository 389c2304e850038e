"""A letter as a Word document, ready to be dated, signed and sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from perfxl.letters import wording
from perfxl.letters.content import Letter, LetterForm
from perfxl.letters.skeleton import document
from perfxl.letters.wordxml import TITLE_FONT, cell, paragraph, row, run, table, text_cell
from perfxl.workbooks.marks.model import LOOKS

_TITLE, _TEXT, _HEADING, _CELL = 18.0, 12.0, 12.0, 9.0  # points
_WIDTH = 9870  # twentieths of a point between the margins
_FORM_WIDTHS = (620, 2840, 1220, 1220, 960, 1300, 570, 570, 570)
_FORM_HEADS = ("序号", "项目名称", *wording.FIGURE_HEADS)
_FINDING_HEADS = ("单元格", "级别", "问题", "现值 → 应为", "怎样改")
_FINDING_WIDTHS = (750, 820, 4000, 1600, 2700)
_HEAD_FILL = "F2F2F2"


def write_word(letter: Letter, properties: Mapping[str, str]) -> bytes:
    """The letter's document; `properties` go into it."""
    return document("".join(_body(letter)), wording.title(letter), properties)


def _body(letter: Letter) -> Iterator[str]:
    yield paragraph(run(wording.title(letter), size=_TITLE, font=TITLE_FONT), align="center", after=16)
    yield paragraph(run(wording.addressee(letter), size=_TEXT), after=6)
    for text in wording.paragraphs(letter):
        yield paragraph(run(text, size=_TEXT), align="both", indent=2 * _TEXT, after=6)
    yield _heading("一、需要修改的自评表")
    yield table(_form_rows(letter), _FORM_WIDTHS)
    yield _heading("二、逐项意见")
    yield table(_finding_rows(letter), _FINDING_WIDTHS)
    yield paragraph(run("", size=_TEXT), keep=True, after=12)
    yield paragraph(run(wording.CONTACT, size=_TEXT), keep=True, after=18)
    *signature, date = wording.SIGNATURE
    for line in signature:
        yield paragraph(run(line, size=_TEXT), align="right", keep=True, after=6)
    yield paragraph(run(date, size=_TEXT), align="right")


def _heading(text: str) -> str:
    return paragraph(run(text, size=_HEADING, font=TITLE_FONT), keep=True, before=10, after=6)


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
    aligns = ("center", "left", "right", "right", "right", *["center"] * 4)
    return row(
        text_cell(str(value), width, _CELL, align)
        for value, width, align in zip(values, _FORM_WIDTHS, aligns, strict=True)
    )


def _finding_rows(letter: Letter) -> Iterator[str]:
    yield _head(_FINDING_HEADS, _FINDING_WIDTHS)
    for number, form in enumerate(letter.forms, 1):
        name = run(f"{number}．{form.project}", size=_CELL, bold=True)
        place = run(f"　{form.place}", size=_CELL)
        yield row(
            [cell(paragraph(name, place, keep=True), sum(_FINDING_WIDTHS), span=len(_FINDING_WIDTHS), fill=_HEAD_FILL)]
        )
        for finding in form.findings:
            look = LOOKS[finding.severity]
            first, second, third, fourth, fifth = _FINDING_WIDTHS
            yield row(
                [
                    text_cell(finding.cell, first, _CELL, "center"),
                    text_cell(finding.severity.label, second, _CELL, "center", fill=look.fill, colour=look.text),
                    text_cell(finding.problem, third, _CELL),
                    text_cell(wording.change(finding.found, finding.expected), fourth, _CELL),
                    text_cell(finding.todo, fifth, _CELL),
                ]
            )


def _head(texts: tuple[str, ...], widths: tuple[int, ...]) -> str:
    cells = (
        cell(paragraph(run(text, size=_CELL, bold=True), align="center"), width, fill=_HEAD_FILL)
        for text, width in zip(texts, widths, strict=True)
    )
    return row(cells, head=True)
