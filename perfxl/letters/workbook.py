"""A letter as a workbook, to be worked through line by line: a sheet of findings, a sheet of the forms concerned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from perfxl.checks.finding import Severity
from perfxl.letters import wording
from perfxl.letters.blankbook import Filling, Sheet, Styles, blank_book
from perfxl.letters.content import Letter
from perfxl.letters.sheetxml import Cell, Formula, merged, row
from perfxl.scoring.rounding import divided
from perfxl.templates.fitting import text_height, texts_height

_HEADS = ("序号", "项目名称", "文件", "工作表", "单元格", "级别", "问题", "现值", "应为", "怎样改", "处理情况")
_FORM_HEADS = ("序号", "项目名称", "文件 · 工作表", *wording.FIGURE_HEADS)
_STATES = ("已更正", "已核实", "有异议")
_HEAD = 5  # the row of the findings' head: title, addressee and two paragraphs stand above it
_FINDINGS = Sheet(wording.KIND, (5, 18, 20, 13, 7, 9, 38, 12, 11, 30, 10), _HEAD)
_FORMS = Sheet("涉及的自评表", (6, 34, 46, 14, 14, 10, 14, 8, 8, 8), 1)
_LEAST, _TITLE_HEIGHT = 24.0, 36.0


def write_workbook(letter: Letter, properties: Mapping[str, str]) -> bytes:
    """The letter's workbook; `properties` go into it. Texts stay texts, whatever they begin with."""
    book = blank_book((_FINDINGS, _FORMS))
    fillings = [_findings(letter, book.styles), _forms(letter, book.styles)]
    return book.filled(wording.title(letter), fillings, properties)


def _findings(letter: Letter, styles: Styles) -> Filling:
    texts = (wording.addressee(letter), *(f"　　{each}" for each in wording.paragraphs(letter)))
    heights = [_TITLE_HEIGHT, *(text_height(text, _FINDINGS.widths) for text in texts)]
    above = zip((wording.title(letter), *texts), (styles.title, *[styles.text] * len(texts)), heights, strict=True)
    rows = [_line(number, text, style, height) for number, (text, style, height) in enumerate(above, 1)]
    assert len(rows) == _HEAD - 1, rows
    rows.append(row(_HEAD, _LEAST, [(text, styles.head) for text in _HEADS]))
    rows += _finding_rows(letter, styles)
    last = len(rows)
    below = (None, wording.CONTACT, *wording.SIGNATURE)
    rows += [_line(number, text, styles.right, _LEAST) for number, text in enumerate(below, last + 1)]
    across = [(number, len(_HEADS)) for number in (*range(1, _HEAD), *range(last + 1, len(rows) + 1))]
    after = f'<autoFilter ref="A{_HEAD}:K{last}"/>{merged(across)}{_choice(f"K{_HEAD + 1}:K{last}", _STATES)}'
    return Filling("".join(rows), len(rows), last, after)


def _finding_rows(letter: Letter, styles: Styles) -> Iterator[str]:
    number = 0
    for form in letter.forms:
        for finding in form.findings:
            number += 1
            cells: list[Cell] = [
                (number, styles.centred),
                (form.project, styles.cell),
                (form.book, styles.cell),
                (form.sheet, styles.cell),
                (finding.cell, styles.centred),
                (finding.severity.label, styles.severity(finding.severity)),
                (finding.problem, styles.cell),
                (finding.found, styles.cell),
                (finding.expected, styles.cell),
                (finding.todo, styles.cell),
                (None, styles.cell),
            ]
            yield row(_HEAD + number, _height(cells, _FINDINGS.widths), cells)


def _forms(letter: Letter, styles: Styles) -> Filling:
    looks = (
        styles.centred, styles.cell, styles.cell, styles.money, styles.money, styles.rate, *[styles.centred] * 4,
    )  # fmt: skip
    rows = [row(1, _LEAST, [(text, styles.head) for text in _FORM_HEADS])]
    for number, form in enumerate(letter.forms, 1):
        rate = divided(form.executed, form.budget) if form.budget and form.executed is not None else "—"
        values = (
            number, form.project, form.place, *("—" if each is None else each for each in (form.budget, form.executed)),
            rate, wording.score(form), *wording.form_counts(form),
        )  # fmt: skip
        cells = list(zip(values, looks, strict=True))
        rows.append(row(number + 1, _height(cells, _FORMS.widths), cells))
    rows.append(row(len(rows) + 1, _LEAST, list(zip(_sums(letter), looks, strict=True))))
    return Filling("".join(rows), len(rows))


def _sums(letter: Letter) -> Iterator[str | Formula | None]:
    """Sums as formulas; the rate is that of the sums, over the forms that tell both figures."""
    last = len(letter.forms) + 1
    yield from (wording.SUMS, f"{len(letter.forms)} 张", None)
    for column, amounts in (
        ("D", [form.budget for form in letter.forms]),
        ("E", [form.executed for form in letter.forms]),
    ):
        value = wording.added(iter(amounts))
        yield None if value is None else _sum(column, last, value)
    both = [form for form in letter.forms if form.budget is not None and form.executed is not None]
    budget = wording.added(form.budget for form in both)
    executed = wording.added(form.executed for form in both)
    if budget and executed is not None:
        ratio = f"SUMPRODUCT(ISNUMBER(D2:D{last})*ISNUMBER(E2:E{last}),{{0}}2:{{0}}{last})"
        yield Formula(f"{ratio.format('E')}/{ratio.format('D')}", divided(executed, budget))
    else:
        yield None
    yield None
    for column, severity in zip("HIJ", Severity, strict=True):
        yield _sum(column, last, letter.count(severity))


def _sum(column: str, last: int, value: Decimal | int) -> Formula:
    return Formula(f"SUM({column}2:{column}{last})", value)


def _line(number: int, text: str | None, style: str, height: float) -> str:
    """A row with one text across all columns."""
    return row(number, height, [(text, style), *[(None, style)] * (len(_HEADS) - 1)])


def _choice(area: str, texts: Sequence[str]) -> str:
    """What may be chosen in some cells; anything else may be typed there too."""
    listed = f'<formula1>"{",".join(texts)}"</formula1>'
    kind = f'type="list" allowBlank="1" showInputMessage="1" sqref="{area}"'
    return f'<dataValidations count="1"><dataValidation {kind}>{listed}</dataValidation></dataValidations>'


def _height(cells: Sequence[Cell], widths: Sequence[int]) -> float:
    texts = [(value, width) for (value, _), width in zip(cells, widths, strict=True) if isinstance(value, str)]
    return max(_LEAST, texts_height(texts))
