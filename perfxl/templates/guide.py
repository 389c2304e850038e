"""The sheet 填报说明: how to fill a template, by which rule points are given, the sources."""

from __future__ import annotations

from decimal import Decimal
from string import Formatter

from perfxl.rules import Profile, load_profile
from perfxl.scoring.rounding import plain
from perfxl.templates.catalogue import guide_data
from perfxl.templates.drawing import Look, SheetDrawing, box

# Several columns: a single one that is wider than a page is cut by LibreOffice, not made to fit.
_WIDTHS = (20.0,) * 4
_AT_MOST = {"ratio": "“目标 ÷ 实际 × 分值”", "deviation": "“分值 ×（1 −（实际 − 目标）÷ 目标）”"}
# Whose rules a paragraph speaks of, by what is put into it.
_RULES = {
    "total": "weights.total",
    "execution_decimals": "execution.score_decimals",
    "at_most": "indicators.at_most",
    "explain_below": "execution.explain_below",
    "tiers": "tiers[1]",
    "grades": "grades[1]",
}


def lay_out_guide(kind: str, title: str, profile_name: str) -> SheetDrawing:
    """The sheet for one kind of template (`form`, `declaration`, `plan`, `ledger`) under a profile's rules."""
    data = guide_data()
    profile = load_profile(profile_name)
    facts = _facts(profile)
    sheet = SheetDrawing(data["titles"]["guide"], _WIDTHS)
    sheet.boxes.append(box(1, 1, f"{title}　{data['titles']['guide']}", Look.TITLE, right=len(_WIDTHS)))
    row = 2
    for part in data[kind]:
        sheet.boxes.append(box(row, 1, part["head"], Look.HEADING, right=len(_WIDTHS)))
        for number, line in enumerate(part["lines"], 1):
            sheet.boxes.append(
                box(row + number, 1, f"{number}. {line.format_map(facts)}", Look.PARAGRAPH, right=len(_WIDTHS))
            )
        row += len(part["lines"]) + 1
    sources = _sources(profile, [line for part in data[kind] for line in part["lines"]])
    if sources:
        sheet.boxes.append(box(row, 1, data["titles"]["source"], Look.HEADING, right=len(_WIDTHS)))
    for number, source in enumerate(sources, 1):
        sheet.boxes.append(box(row + number, 1, source, Look.PARAGRAPH, right=len(_WIDTHS)))
    return sheet


def _facts(profile: Profile) -> dict[str, str]:
    tiers = [
        f"“{tier.name}”得分值的 {_percent(tier.low)} 至 {_percent(tier.high)}{'' if tier.high_included else '（不含）'}"
        for tier in profile.tiers
    ]
    sections = [f"{name} {plain(weight)} 分" for name, weight in profile.section_weights.items()]
    grades = [f"{grade.name} {plain(grade.at_least)} 分起" for grade in profile.grades if grade.at_least > 0]
    return {
        "total": plain(profile.total_weight),
        "execution": plain(profile.execution_weight),
        "indicators": plain(profile.total_weight - profile.execution_weight),
        "sections": "、".join(sections),
        "execution_decimals": str(profile.execution_score_decimals),
        "at_most": _AT_MOST[profile.at_most],
        "tiers": "；".join(tiers),
        "grades": "、".join([*grades, f"以下为{profile.grades[-1].name}"]),
        "explain_below": _percent(profile.explain_rate_below),
    }


def _sources(profile: Profile, lines: list[str]) -> list[str]:
    """Where the rules stand that these lines tell."""
    told = {name for line in lines for _, name, _, _ in Formatter().parse(line)}
    rules = [rule for name, rule in _RULES.items() if name in told and rule in profile.origin]
    return list(dict.fromkeys(profile.source_of(rule).title for rule in rules))


def _percent(share: Decimal) -> str:
    return f"{plain(share * 100)}%"
