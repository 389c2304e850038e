"""Checks of amounts and what must be said about them: numbers, units, low execution, adjustments (FND005–FND008)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from perfxl.checks.explanations import explained, is_reason
from perfxl.checks.finding import Severity
from perfxl.checks.registry import Fault, check
from perfxl.form.labels import money_unit_in
from perfxl.form.model import Form, FundKind, FundLine, Value
from perfxl.form.values import normal
from perfxl.patterns import pattern
from perfxl.scoring.results import ScoredForm
from perfxl.scoring.rounding import divided, percentage, plain

AMOUNTS = {"initial_budget": "年初预算数", "budget": "全年预算数", "executed": "全年执行数"}


def _amounts(line: FundLine) -> Iterator[tuple[str, Value]]:
    """The amounts of a fund row that are cells of the layout, with their printed labels."""
    for column, label in AMOUNTS.items():
        value: Value | None = getattr(line, column)
        if value is not None:
            yield label, value


@check("FND005")
def amount_not_a_number(scored: ScoredForm) -> Iterator[Fault]:
    """An amount is a text, or has its unit glued on (300万元).

    Rule: amounts are numbers in the unit printed with the money block (form-2019; 一体化 takes nothing else). An amount
    with a unit is read in that unit; a text without a number is not read at all. Digits typed as text are silent.
    Cannot tell which amount a text means.
    """
    for line in scored.form.funds:
        for label, value in _amounts(line):
            if value.unknown or value.blank_like or (value.number is not None and not value.unit):
                continue
            if value.number is None:
                yield Fault(value.at, value.text, variant="text", row=line.label.text, column=label)
            else:
                number, unit = plain(value.number), scored.form.money_unit or ""
                variant = "default" if any(money_unit_in(text) for _, text in scored.form.texts) else "unprinted"
                yield Fault(value.at, value.text, number, variant=variant, row=line.label.text, column=label, unit=unit)


_MONEY_WORDS = pattern(
    r"支付|尾款|结余|结转|预算|拨付|资金|执行|延迟|推迟|滞后|延期|跨年|未到期|未完工|较晚|暂缓|暂停|进度慢"
)


@check("FND006")
def low_execution_unexplained(scored: ScoredForm) -> Iterator[Fault]:
    """The execution rate is low, and no reason, note or goal's result speaks of the money or of a delay.

    Rule: below `execution.explain_below` of the profile the form must say why (一体化). The text of a scoring rule is no
    explanation. Cannot judge whether what is said explains it, nor see what is said outside the form.
    """
    line = scored.form.fund_total
    if line is None or line.executed is None:
        return
    given = next((s for each, s in zip(scored.form.funds, scored.scores.funds, strict=True) if each is line), None)
    below = scored.profile.explain_rate_below
    if given is None or given.rate is None or given.rate >= below or explained(scored.form, _MONEY_WORDS):
        return
    printed = line.execution_rate
    yield Fault(
        line.executed.at if printed is None else printed.at,
        percentage(given.rate, 2) if printed is None or printed.empty else printed.text,
        rate=percentage(given.rate, 2),
        below=percentage(below, 0),
    )


_ADJUSTMENT_WORDS = pattern(
    r"(?:预算|资金|指标|经费|项目).*(?:调整|追加|追减|调减|调增|核减|核增|压减|增加|减少|收回|下达|批复|结转|缩减|统筹)"
    r"|(?:调整|追加|追减|调减|调增|核减|核增|压减|增加|减少|收回).*(?:预算|资金|经费)|追加|调增|调减|核减"
)


@check("FND007")
def adjustment_unexplained(scored: ScoredForm) -> Iterator[Fault]:
    """The year's budget is not the initial one, and nothing in the form says why.

    Rule: any change of the budget must be explained (form-sichuan, which has a cell for it; `adjustment_unexplained` of
    the profile says how grave it is). A blank initial budget is silent, a printed 0 counts. Cannot judge whether what is
    said explains it.
    """
    line = scored.form.fund_total
    if line is None or line.initial_budget is None or line.budget is None:
        return
    initial, budget = line.initial_budget.number, line.budget.number
    if initial is None or budget is None or initial == budget:
        return
    if is_reason(line.reason) or explained(scored.form, _ADJUSTMENT_WORDS):
        return
    difference = abs(budget - initial)
    yield Fault(
        line.budget.at,
        line.budget.text,
        variant="default" if line.reason is None else "cell",
        severity=Severity(scored.profile.adjustment_unexplained),
        initial=line.initial_budget.text,
        more="多" if budget > initial else "少",
        difference=f"{plain(difference)} {scored.form.money_unit}" if scored.form.money_unit else plain(difference),
        reason_cell="" if line.reason is None else line.reason.at.a1,
    )


_TIMES = {"元": Decimal(1), "万元": Decimal(10**4), "亿元": Decimal(10**8)}
_OTHER_UNIT = {"元": "万元", "万元": "元"}
_FACTOR = Decimal(10**4)
_IN_WORDS = pattern(r"([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)(亿元|万元|元)(?!/)")
_NEAR, _EXACT = Decimal("0.3"), Decimal("0.005")
_FAR = _FACTOR * (1 - _NEAR)  # amounts that are nearer to each other are no suspects


class _Suspect(NamedTuple):
    """An amount beside what it is about 10,000 times off."""

    value: Value
    label: str
    beside: str


@check("FND008")
def money_unit_suspicious(scored: ScoredForm) -> Iterator[Fault]:
    """元 stands in a 万元 form or the reverse, or no unit is printed at all.

    Rule: the unit printed with the money block holds for all its amounts (form-2019, 项目资金(万元)). An amount is
    suspicious where it is about 10,000 times, or a ten-thousandth of, its fellows in the row or the sum of its parts, or
    exactly so of an amount that the goal names. Silent where the printed rate agrees with the amounts. Cannot tell an
    amount that really is so much larger.
    """
    form = scored.form
    total = form.fund_total
    if form.money_unit is None:
        first = next((v for line in form.funds for _, v in _amounts(line) if v.number and not v.unit), None)
        if first is not None:
            yield Fault(first.at, first.text, variant="unprinted")
        return
    if form.money_unit not in _OTHER_UNIT:
        return
    little = total is not None and _little_executed(total)
    suspects = {
        suspect.value.at: suspect
        for line in form.funds
        for suspect in _against_fellows(line)
        if not (little and suspect.value is line.executed)
    }
    if total is not None and not suspects:
        suspects = {s.value.at: s for s in (*_against_parts(total, form), *_against_words(total, form))}
    for suspect in suspects.values():
        yield Fault(
            suspect.value.at,
            suspect.value.text,
            column=suspect.label,
            beside=suspect.beside,
            unit=form.money_unit,
            other=_OTHER_UNIT[form.money_unit],
        )


def _times_off(a: Decimal, b: Decimal, within: Decimal) -> bool:
    """One is the other's 10,000-fold, give or take the share `within`."""
    if a <= 0 or b <= 0 or a == b:
        return False
    off = divided(max(a, b), min(a, b)) / _FACTOR
    return 1 - within <= off <= 1 + within


def _against_fellows(line: FundLine) -> Iterator[_Suspect]:
    """The amount of a row that is 10,000 times off each of the others; of two, the later one is named."""
    cells = [(label, value) for label, value in _amounts(line) if value.number is not None and value.number > 0]
    numbers = [value.number for _, value in cells if value.number is not None]
    if len(numbers) < 2 or max(numbers) < min(numbers) * _FAR:
        return
    for label, value in cells:
        others = [(name, other) for name, other in cells if other is not value]
        if others and all(_off(value, other) for _, other in others) and (len(cells) > 2 or value is cells[-1][1]):
            name, other = others[0]
            yield _Suspect(value, label, f"{name} {other.text}")


def _off(value: Value, other: Value) -> bool:
    assert value.number is not None and other.number is not None
    return _times_off(value.number, other.number, _NEAR)


def _little_executed(line: FundLine) -> bool:
    """The printed rate says that hardly anything was executed, as the amounts do."""
    rate = line.execution_rate.number if line.execution_rate is not None else None
    if rate is None or rate > 1 or line.budget is None or line.executed is None or not line.budget.number:
        return False
    executed = line.executed.number
    return executed is not None and abs(divided(executed, line.budget.number) - rate) < Decimal("0.00005")


def _against_parts(total: FundLine, form: Form) -> Iterator[_Suspect]:
    """A total that is 10,000 times off the sum of its parts."""
    for column, label in AMOUNTS.items():
        value: Value | None = getattr(total, column)
        parts = [getattr(line, column) for line in form.funds if line.kind is FundKind.PART]
        added = sum((part.number for part in parts if part is not None and part.number is not None), Decimal(0))
        if value is not None and value.number is not None and _times_off(value.number, added, _NEAR):
            yield _Suspect(value, label, f"各分项合计 {plain(added)}")


def _against_words(total: FundLine, form: Form) -> Iterator[_Suspect]:
    """A budget that is exactly 10,000 times off an amount in the goal, while no amount there is the budget's."""
    value = total.budget
    if value is None or not value.number or form.goal is None:
        return
    named = [(m[0], Decimal(m[1].replace(",", "")) * _TIMES[m[2]]) for m in _IN_WORDS.finditer(normal(form.goal.text))]
    amount = value.number * _TIMES[form.money_unit or "元"]
    if any(each == amount for _, each in named):
        return
    for text, each in named:
        if _times_off(amount, each, _EXACT):
            yield _Suspect(value, "全年预算数", f"年度总体目标中的 {text}")
            return
