"""Checks of what an indicator row says: target, actual value, name (IND001–IND005, IND007–IND009)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfxl.checks.registry import Fault, check
from perfxl.checks.units import kind_of_unit
from perfxl.form.labels import section_class
from perfxl.form.model import Form, Indicator, Kind, is_blank_like
from perfxl.form.values import Comparator, Quantity, Words, leading_quantity, normal, read_value
from perfxl.patterns import pattern
from perfxl.scoring.direction import fewer_is_better
from perfxl.scoring.quantitative import comparable
from perfxl.scoring.results import ScoredForm
from perfxl.scoring.rounding import plain

_NUMBERED = pattern(r"^指标\d*[:：、.]?|^[★☆*●]+|^\d{1,2}[.、)）](?!\d)")


def bare_name(row: Indicator) -> str:
    """The indicator's name without its number (指标1:) and marks (★), in half-width letters."""
    return _NUMBERED.sub("", normal(row.name.text))


def _weighted_rows(form: Form) -> Iterator[Indicator]:
    """The rows with a weight, without those that only head the parts that follow (★ …, then 其中 …)."""
    for row, following in zip(form.indicators, (*form.indicators[1:], None), strict=False):  # an empty form has no rows
        heads_parts = following is not None and not following.weighted and following.name.text.startswith("其中")
        if row.weighted and not heads_parts:
            yield row


def unfilled(form: Form) -> bool:
    """No row has an actual value or a score, and execution has no points: FRM005 says all that there is to say."""
    cells = [cell for row in form.indicators for cell in (row.actual, row.score)]
    cells += [line.score for line in form.funds]
    return bool(form.indicators) and all(cell is None or cell.blank_like for cell in cells)


@check("IND001")
def actual_missing(scored: ScoredForm) -> Iterator[Fault]:
    """A weighted row has no actual value: empty, or a sign for nothing (无, 暂无, —, /).

    Rule: points compare 实际完成值 with 年度指标值 (form-2019; save check of 一体化). Silent for rows without a weight,
    for a row whose parts follow, and in a form that nobody has filled in (FRM005). Cannot tell an indicator that no
    longer applies from one left out.
    """
    if unfilled(scored.form):
        return
    for row in _weighted_rows(scored.form):
        if row.actual is not None and row.actual.blank_like:
            variant = "default" if row.actual.empty else "sign"
            yield Fault(row.actual.at, row.actual.text, variant=variant, name=row.name.text)


# Sections whose rows are judged by what was done, not against a target.
_WITHOUT_TARGETS = ("决策", "管理")


@check("IND002")
def target_missing(scored: ScoredForm) -> Iterator[Fault]:
    """A weighted row has no target.

    Rule: points compare 实际完成值 with 年度指标值 (form-2019). The sections 决策 and 管理 never have targets, and a row
    whose parts follow needs none. Cannot tell a target that stands in the indicator's name from one left out.
    """
    for row in _weighted_rows(scored.form):
        if row.target is None or not row.target.blank_like or any(word in row.level1 for word in _WITHOUT_TARGETS):
            continue
        yield Fault(row.target.at, row.target.text, name=row.name.text)


# What makes words a target that a person can settle: a figure, or a state that is reached or not.
_SETTLED = pattern(
    r"[0-9０-９一二三四五六七八九十百千万两半]|[无零未不]|完成|达标|达到|合格|通过|建立|健全|建成|印发|出台|交付|投入使用|验收|按时"
    r"|按期|及时|到位|覆盖|全部|全年|专款专用|正常|符合|齐全|完整|准确|规范|落实|优秀|良好|达成|合规|完好"
)
_WISHES = "进一步|不断|稳步|逐步|逐年|持续|大力|切实|着力|加快|加强|强化|扩大"
_WISH_WORDS = pattern(_WISHES)
_WISH = pattern(rf"(?:{_WISHES}).*(?:提升|提高|优化|完善|加强|改善|增强|增长|递增|推进|发展|促进|降低|巩固)")
_SHORT = 6  # a word or two (持续改善) names a degree, which 定性 indicators may do


@check("IND003")
def target_not_measurable(scored: ScoredForm) -> Iterator[Fault]:
    """A target that neither number, date nor tier can settle.

    Rule: indicators are to be 细化量化 (财预〔2021〕101号; 财预〔2020〕10号). Two kinds: a plain number for which less may
    be better, so that the actual value cannot be scored against it; and words that only wish (进一步优化…), or words
    without any figure for a quantity. A degree in a word or two (有所提升, 及时) is a 定性 target and silent. Cannot
    judge whether a person could settle it after all.
    """
    for row, given in zip(scored.form.indicators, scored.scores.indicators, strict=True):
        if given.kind is Kind.QUALITATIVE and row.target is not None:
            text = row.target.text
            if not is_blank_like(text) and _unsettled(text, row):
                yield Fault(row.target.at, text, variant="words", name=row.name.text)
        elif given.kind is Kind.QUANTITATIVE and given.expected is None and row.target is not None and row.actual:
            target = read_value(row.target_text)
            if (
                isinstance(target, Quantity)
                and target.comparator is Comparator.PLAIN
                and target.number > 0
                and target.high is None
                and fewer_is_better(row)
                and comparable(target, read_value(row.actual.text), row.actual.text) is not None
            ):
                yield Fault(row.target.at, row.target.text, variant="direction", name=row.name.text)


def _unsettled(text: str, row: Indicator) -> bool:
    if _SETTLED.search(_WISH_WORDS.sub("", text)):
        return False
    if "数量" in row.level2:
        return True
    return len(text) > _SHORT and _WISH.search(text) is not None


_OPERATOR = pattern(r"^(?:[≥≤><=≧≦⩾⩽﹥﹤﹦═]+|大于|小于|不[少低小超高大多][于过]|不得[少低超高][于过]|至少|至多)")
_BOUND = pattern(r"^[\d.,]+(?:%|[万亿]?[\u4e00-\u9fff]{0,3}?)(?:[及或]?以[上下内]|之内)$")
_SCALES = frozenset(
    ["优良中低差", "优良中差", "优良差", "好中差", "高中低", "好坏", "好差", "大中小", "强中弱", "是否", "有无", "优良"]
)
_BETWEEN = pattern(r"[\s/、，,\\;；|()（）]+")
_STRAY = pattern(r"^(?:[:：,，、;；.。*#?？!！%&^~|\\][\s]*\d|\d[\d.,]*%%|[%％‰≥≤><=≧≦═﹦]+$)|\d\.\.\d")
_CHINESE_NUMBER = pattern(r"[零〇一二三四五六七八九十百千万两半]")
_DONE_WORDS = pattern(r"达成|部分完成|基本完成|未完成|超额完成|^完成|已完成")


@check("IND004")
def actual_not_comparable(scored: ScoredForm) -> Iterator[Fault]:
    """An actual value that cannot be compared with its target although a figure was asked for.

    An operator or a scale in it (≥90%, 优良中低差), a stray sign, words for a number, or a tier's words beside a number.

    Rule: 实际完成值 says what was reached, in the terms of 年度指标值 (form-2019; 一体化 compares the two). 约, 余 and 多
    beside a number are read as the number. Cannot tell which figure was meant.
    """
    for row in scored.form.indicators:
        actual = row.actual
        if actual is None or actual.number is not None or actual.blank_like or actual.unknown:
            continue
        variant = _not_comparable(row, actual.text)
        if variant is not None:
            yield Fault(actual.at, actual.text, variant=variant, name=row.name.text, target=row.target_text or "空")


def _not_comparable(row: Indicator, text: str) -> str | None:
    plain_text = normal(text)
    if (_OPERATOR.match(plain_text) and any(c.isdigit() for c in plain_text[:8])) or _BOUND.match(plain_text):
        return "operator"
    if len(plain_text) <= 16 and _BETWEEN.sub("", plain_text) in _SCALES:
        return "scale"
    if _STRAY.search(plain_text):
        return "sign"
    target = read_value(row.target_text)
    if not isinstance(target, Quantity):
        return None
    if isinstance(read_value(text), Words) and not any(c.isdigit() for c in plain_text):
        if _CHINESE_NUMBER.search(plain_text):
            return None
        if target.number == 0 and ("零" in row.target_text or re.search("未|无|没有|不", plain_text)):
            return None  # 零投诉 asks for no figure
        return "words"
    leading = leading_quantity(text)
    return "tier" if leading is not None and len(leading.rest) <= 16 and _DONE_WORDS.search(leading.rest) else None


@check("IND005")
def unit_mismatch(scored: ScoredForm) -> Iterator[Fault]:
    """Target and actual value are in units of different kinds (个 and %, 元 and 天).

    Rule: 实际完成值 is compared with 年度指标值 (form-2019; 一体化). Units of counting (个, 次, 人) pass for one kind, and
    an actual value without a unit takes the target's. Cannot know every unit: one that is not known is silent.
    """
    for row in scored.form.indicators:
        if row.actual is None or row.actual.blank_like or row.target is None:
            continue
        target = read_value(row.target_text)
        if not isinstance(target, Quantity):
            continue
        wanted = kind_of_unit(target.unit)
        read = read_value(row.actual.text)
        actual = read if isinstance(read, Quantity) else leading_quantity(row.actual.text)
        if wanted is None or actual is None:
            continue
        unit = actual.unit or actual.rest
        given = kind_of_unit(unit)
        if given is None or given == wanted or (wanted == "percent" and "%" in actual.rest):
            continue
        yield Fault(
            row.actual.at,
            row.actual.text,
            name=row.name.text,
            target=row.target_text,
            target_kind=_KIND_NAMES[wanted],
            actual_kind=_KIND_NAMES[given],
        )


_KIND_NAMES = {
    "percent": "百分数",
    "money": "金额",
    "time": "时间",
    "count": "数量",
    "length": "长度",
    "area": "面积",
    "weight": "重量",
    "volume": "体积",
}


@check("IND007")
def duplicate_indicator(scored: ScoredForm) -> Iterator[Fault]:
    """The same level-three name stands twice under the same level-two name.

    Rule: each indicator is scored once (annex of 财预〔2020〕10号). Numbers (指标1:) and marks (★) are no part of the name.
    Cannot tell a row copied by mistake from two rows whose names were cut short.
    """
    first: dict[tuple[str, str, str], Indicator] = {}
    for row in scored.form.indicators:
        name = bare_name(row)
        if is_blank_like(name) or name in _NOT_NAMES:
            continue
        earlier = first.setdefault((row.level1, row.level2, name), row)
        if earlier is not row:
            yield Fault(
                row.name.at, row.name.text, level2=row.level2 or row.level1 or "同一级", first=earlier.name.at.a1
            )


_NOT_NAMES = frozenset(["其中", "合计", "小计"])
_REPEATS_RATE = pattern(r"(?:预算|资金)(?:执行|完成|支付|支出)(?:完成)?(?:进度)?率")


@check("IND008")
def repeats_execution_rate(scored: ScoredForm) -> Iterator[Fault]:
    """An indicator only repeats the execution rate, which the money block scores already.

    Rule: 预算执行率 has its own weight (财预〔2020〕10号; form-2019); an indicator should say what the money brought about.
    Silent where the money block is not scored, since the row then carries the execution points. Cannot tell a rate of
    something else that is named alike.
    """
    if scored.scores.execution_weight is None:
        return
    for row in scored.form.indicators:
        if "率" in row.name.text and _REPEATS_RATE.search(normal(row.name.text)):
            yield Fault(row.name.at, row.name.text, weight=plain(scored.scores.execution_weight))


@check("IND009")
def section_missing(scored: ScoredForm) -> Iterator[Fault]:
    """A level-one section that the rules ask for has no row.

    Rule: `weights.sections` of the profile (form-2019: 产出, 效益, 满意度). Silent where no section is named at all, in
    a form without rows (FRM001), and where a department's whole spending is judged by sections of its own (履职效能,
    管理效率). Cannot tell a section that does not apply, whose points go to another.
    """
    have = {section_class(row.level1) for row in scored.form.indicators} - {""}
    asked = {name: section_class(name) for name in scored.profile.section_weights}
    if not have or (scored.form.whole_department and have.isdisjoint(asked.values())):
        return
    for name, weight in scored.profile.section_weights.items():
        if asked[name] not in have:
            yield Fault(scored.form.head, "", section=name, weight=plain(weight))
