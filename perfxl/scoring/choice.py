"""Which rule profile a form is scored by, and why."""

from __future__ import annotations

from decimal import Decimal

from perfxl.form.labels import label_of
from perfxl.form.model import Form
from perfxl.rules import DEFAULT, Profile, load_profile
from perfxl.rules.loader import profiles_in_order
from perfxl.scoring.rounding import plain

_FEATURE_NAMES = {
    "execution-score-without-weight": "资金表有“得分（…分*执行率）”而没有分值栏",
    "execution-unscored": "预算执行不计分",
    "level1-cost": "成本指标列为一级指标",
    "sections-decision-and-management": "有决策、管理两个部分",
    "sign-and-unit-columns": "有指标性质、度量单位两栏",
    "weight-called-quanzhong": "分值栏称为权重",
}
_OWN_WEIGHTS = "section-weights"  # the one that a form has or not by the numbers of the profile itself


def choose_profile(form: Form, named: str | None = None, named_by: str = "选项 --profile") -> tuple[Profile, str]:
    """The profile and the reason it was taken, in Chinese: the one named by the user (`named_by` says where), else the
    first whose features the form has, else the one of the form's year.

    Raises:
        BadSettings: there is no profile of the name given, or its file is not as it must be.
    """
    if named is not None:
        profile = load_profile(named)
        return profile, f"按{named_by} 指定（{profile.name}）"
    has = features_of(form)
    for profile in profiles_in_order():
        if (why := _why(form, profile, has)) is not None:
            return profile, f"表样符合 {profile.name}（{why}）"
    if form.year is None:
        profile = load_profile(DEFAULT)
        return profile, f"表上未见年度，按默认规则 {DEFAULT}（{profile.title}）"
    for profile in profiles_in_order():
        in_years = profile.first_year <= form.year and (profile.last_year is None or form.year <= profile.last_year)
        if in_years and not profile.features:
            return profile, f"按表上年度 {form.year} 选用 {profile.name}（{profile.title}）"
    raise AssertionError(form.year)


def _why(form: Form, profile: Profile, has: frozenset[str]) -> str | None:
    """By which features a form with these is one of the profile's, in Chinese; None where it is none."""
    features = profile.features - {_OWN_WEIGHTS}
    if not profile.features or not features <= has:
        return None
    words = [_FEATURE_NAMES[feature] for feature in sorted(features)]
    if _OWN_WEIGHTS in profile.features:
        own = {_section(name): weight for name, weight in profile.section_weights.items()}
        if _section_weights(form) != own:
            return None
        words.append(f"{'、'.join(own)}为 {'、'.join(map(plain, own.values()))}")
    return "，".join(words)


def features_of(form: Form) -> frozenset[str]:
    """What of the form tells by which rules it is scored (see `rules.loader.FEATURES`), but for the weights, which differ by profile."""
    sections = {_section(section.name) for section in form.sections}
    found = {
        "execution-score-without-weight": _scores_execution_without_weight(form),
        "execution-unscored": "money.weight" not in form.labels and "money.score" not in form.labels,
        "level1-cost": "成本" in sections,
        "sections-decision-and-management": bool(sections & {"决策", "项目决策"})
        and bool(sections & {"管理", "项目管理"}),
        "sign-and-unit-columns": (_word(form, "sign"), _word(form, "unit")) == ("指标性质", "度量单位"),
        "weight-called-quanzhong": _word(form, "weight") == "权重",
    }
    return frozenset(name for name, present in found.items() if present)


def _word(form: Form, role: str) -> str:
    """What the column is called; another word (计量单位, 指标权重) is another province's."""
    return label_of(form.labels.get(f"indicator.{role}", "")).words


def _scores_execution_without_weight(form: Form) -> bool:
    score = form.labels.get("money.score")
    return (
        score is not None
        and "money.weight" not in form.labels
        and any("执行率" in aside for aside in label_of(score).asides)
    )


def _section(name: str) -> str:
    return name.removesuffix("指标")


def _section_weights(form: Form) -> dict[str, Decimal]:
    """The weights of the sections: printed with the name, else added up over the rows."""
    out = {}
    for section in form.sections:
        weights = [form.indicators[n].weight for n in section.rows]
        added = sum((w.number for w in weights if w is not None and w.number is not None), Decimal(0))
        out[_section(section.name)] = section.weight if section.weight is not None else added
    return out
