"""The words of a letter, which its document and its workbook have in common."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from perfxl.checks.finding import Severity
from perfxl.letters.content import Letter, LetterForm
from perfxl.scoring.rounding import percentage, plain, rounded

KIND = "退回修改意见"
SIGNATURE = ("（盖章）", "＿＿＿＿年＿＿月＿＿日")
CONTACT = "联系人：＿＿＿＿＿＿　　电话：＿＿＿＿＿＿＿＿"
FIGURE_HEADS = ("全年预算数", "全年执行数", "执行率", "总分", "错误", "警告", "建议")
SUMS = "合计"

_COUNTED = {Severity.ERROR: "处错误", Severity.WARNING: "处警告", Severity.ADVICE: "条建议"}
_ASKED = {
    Severity.ERROR: "标为“错误”的须更正。",
    Severity.WARNING: "标为“警告”的请逐条核实：有误的更正，无误的说明原因。",
    Severity.ADVICE: "标为“建议”的供修改时参考。",
}
_DEADLINE = "＿＿＿＿年＿＿月＿＿日"


def title(letter: Letter) -> str:
    """What stands above the letter."""
    years = letter.years.replace(" ", "")
    return f"关于{years}项目支出绩效自评表的{KIND}"


def addressee(letter: Letter) -> str:
    """Whom it is for; blank where the forms do not say."""
    return f"{letter.department or '＿＿＿＿＿＿＿＿＿＿'}："


def paragraphs(letter: Letter) -> Iterator[str]:
    """The letter's text: what was found, what to do, till when."""
    counts = "、".join(
        f"{number} {words}" for severity, words in _COUNTED.items() if (number := letter.count(severity))
    )
    years = f"的{letter.years}" if letter.years else "的"
    books = len({form.book for form in letter.forms})
    yield (
        f"你单位报送{years}项目支出绩效自评表共 {letter.handed_in} 张，经逐张核对，其中 {len(letter.forms)} 张"
        f"（{books} 本工作簿）有 {counts}，逐条列在下面。金额单位：万元。"
    )
    asked = "".join(words for severity, words in _ASKED.items() if letter.count(severity))
    if letter.count(Severity.ERROR):
        yield f"{asked}请在原工作簿所列的单元格中修改，于{_DEADLINE}前重新报送。"
    elif letter.count(Severity.WARNING):
        yield f"{asked}请于{_DEADLINE}前重新报送，或书面说明。"
    else:
        yield f"{asked}没有必须更正的错误；需要修改的，请于{_DEADLINE}前重新报送。"


def money(amount: Decimal | None) -> str:
    """An amount as it is printed."""
    return "—" if amount is None else f"{rounded(amount, 2):,}"


def rate(budget: Decimal | None, executed: Decimal | None) -> str:
    """An execution rate as it is printed."""
    return percentage(executed / budget, 2) if budget and executed is not None else "—"


def score(form: LetterForm) -> str:
    """Total and grade."""
    if form.total is None:
        return "—"
    return plain(form.total) + (f"（{form.grade}）" if form.grade else "")


def form_counts(form: LetterForm) -> tuple[int, int, int]:
    """Errors, warnings, advice of a form."""
    errors, warnings, advice = (sum(each.severity is severity for each in form.findings) for severity in Severity)
    return errors, warnings, advice


def added(amounts: Iterator[Decimal | None]) -> Decimal | None:
    """The sum of what is written; None where nothing is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def change(found: str, expected: str) -> str:
    """`100.00% → 99.90%`; what stands there alone where nothing can be put in its place."""
    return f"{found or '空'} → {expected}" if expected else found
