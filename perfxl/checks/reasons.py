"""Checks of the reasons given for lost points (EXP)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from perfxl.checks.explanations import is_placeholder, is_reason
from perfxl.checks.registry import Fault, check
from perfxl.form.model import Indicator, Value
from perfxl.form.values import normal
from perfxl.patterns import pattern
from perfxl.scoring.quantitative import completion
from perfxl.scoring.results import ScoredForm
from perfxl.scoring.rounding import percentage


class Loss(NamedTuple):
    """A row that lost points, and its reason cell."""

    row: Indicator
    reason: Value
    weight: Value
    score: Value

    def fault(self) -> Fault:
        return Fault(
            self.reason.at,
            self.reason.text,
            name=self.row.name.text,
            score=self.score.text,
            weight=self.weight.text,
        )


def losses(scored: ScoredForm) -> Iterator[Loss]:
    """The rows scored below their weight that have a cell for the reason; a blank score is SCR004's."""
    for row in scored.form.indicators:
        weight, score = row.weight, row.score
        if row.reason is None or row.reason.unknown or weight is None or score is None:
            continue
        if weight.number is not None and score.number is not None and score.number < weight.number:
            yield Loss(row, row.reason, weight, score)


@check("EXP001")
def reason_missing(scored: ScoredForm) -> Iterator[Fault]:
    """A row lost points and its reason cell is empty.

    Rule: score below weight asks for a reason; 一体化 refuses to save without one (annex of 财预〔2020〕10号, 一体化).
    Never asked for where the layout has no cell for it. Cannot see a reason written elsewhere in the form.
    """
    for loss in losses(scored):
        if loss.reason.empty:
            yield loss.fault()


@check("EXP002")
def reason_is_placeholder(scored: ScoredForm) -> Iterator[Fault]:
    """A row lost points and its reason is a sign for nothing: 无, 0, —, /, 暂无, or a bare number (-10%).

    Rule: as EXP001 (一体化). 同上 counts only where there is no reason above it (the reader resolves it otherwise).
    Cannot tell full completion that was scored too low from a reason left out.
    """
    for loss in losses(scored):
        if is_placeholder(loss.reason.text):
            yield loss.fault()


_WISH = pattern(
    r"(?:不断|进一步|有待|持续|逐步|继续|尚需|仍需|还需).*(?:优化|完善|提升|提高|加强|改进|改善|努力)"
    r"|永恒的?(?:主题|课题)|永远在路上|(?:无|没有)止境|任重(?:而)?道远|没有最好|只有更好|精益求精|再接再厉"
)
_FILLER = pattern(r"(?:今后|以后|未来|下一步|下一年度?|下年度?|接下来|同时|此外|另外|但)?(?:我们|我单位|本单位|中心)?")
# A figure or one of these words may tell why: a clause with it is more than a wish. 没有止境, 没有最好, 未来 and
# 影响力 tell nothing.
_CAUSE = pattern(
    r"因|由于|导致|造成|致使|影响(?!力)|不足|不够|不到位|不及时|不高|缺|欠|滞后|延迟|推迟|延期"
    r"|未(?!来)|没有(?!止境|最好)|[0-9０-９]"
)


@check("EXP003")
def reason_says_nothing(scored: ScoredForm) -> Iterator[Fault]:
    """A row lost points and its whole reason is a wish or a platitude.

    Each clause says 不断/进一步/有待 … 优化/完善/提升, 永恒的主题, 永远在路上 or the like.

    Rule: the reason must tell why points were lost (form-2019, heading 未完成原因分析). One clause that is no wish, or
    that names a cause or a figure, keeps it silent. Naming the subject of the wish (平台及服务流程有待进一步优化)
    names no cause. Cannot judge whether a cause is true.
    """
    for loss in losses(scored):
        if not is_placeholder(loss.reason.text) and _only_wishes(loss.reason.text):
            yield loss.fault()


def _only_wishes(text: str) -> bool:
    clauses = [clause for clause in re.split(r"[\s，,；;。.！!、：:]+", text) if not _FILLER.fullmatch(clause)]
    return bool(clauses) and all(_WISH.search(clause) and not _CAUSE.search(clause) for clause in clauses)


_SHORTEST_REASON = 4  # shorter ones (天气) may well hold twice


def repeatable(text: str) -> str | None:
    """A reason as it is compared with others, None where it is too short to be a copy."""
    plain = normal(text).rstrip("。.;；!！")
    return plain if len(plain) >= _SHORTEST_REASON and not is_placeholder(text) else None


@check("EXP004")
def reason_repeated(scored: ScoredForm) -> Iterator[Fault]:
    """The same reason stands word for word in another row that lost points too.

    Rule: each lost point is to be explained by its own cause (form-2019, heading 未完成原因分析). One cell merged over
    rows, and 同上, are one reason and silent. Copies in other forms of a run are found by `across.reason_repeated`.
    Cannot tell one cause that really held for both.
    """
    first: dict[str, Loss] = {}
    for loss in losses(scored):
        text = repeatable(loss.reason.text)
        if text is None:
            continue
        earlier = first.setdefault(text, loss)
        if earlier.reason.at != loss.reason.at:
            yield Fault(
                loss.reason.at,
                loss.reason.text,
                name=loss.row.name.text,
                first=earlier.row.name.text,
                first_cell=earlier.reason.at.a1,
            )


@check("IND006")
def over_completion_unexplained(scored: ScoredForm) -> Iterator[Fault]:
    """An actual value far above its target, without a reason.

    Rule: from `indicators.explain_from` times the target on a reason is due (广西办法; 财预〔2020〕10号 asks whether the
    target was set too low). Only for ≥ and plain targets of which more is better, and only where the row or the form has
    a cell for the reason. Cannot tell a target set too low from work well done.
    """
    form = scored.form
    if is_reason(form.form_reason):
        return
    for row in form.indicators:
        cell = row.reason if row.reason is not None else form.form_reason
        if cell is None or is_reason(row.reason) or row.actual is None or row.actual.blank_like:
            continue
        share = completion(row)
        if share is not None and share >= scored.profile.explain_from:
            yield Fault(
                row.actual.at,
                row.actual.text,
                name=row.name.text,
                target=row.target_text,
                share=percentage(share, 0),
                limit=percentage(scored.profile.explain_from, 0),
                reason_cell=cell.at.a1,
            )
