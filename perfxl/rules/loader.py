"""Reads a rule profile from TOML, strictly: what is missing, unknown or of the wrong kind is refused by file and key."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from perfxl.data import load_toml, parse_toml
from perfxl.errors import BadSettings
from perfxl.rules.profile import Grade, OverCompletionCut, Profile, RateCap, Source, Tier

FOLDER = Path(__file__).parent / "profiles"
DEFAULT = "national-2020"
# What of a form a profile may be chosen by; `scoring.choice` tells which of them a form has.
FEATURES = frozenset(
    [
        "execution-score-without-weight",
        "execution-unscored",
        "level1-cost",
        "section-weights",  # those of the profile itself
        "sections-decision-and-management",
        "sign-and-unit-columns",
        "weight-called-quanzhong",
    ]
)


def profile_names() -> list[str]:
    """The names of the profiles that ship with perfxl."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def load_profile(name: str) -> Profile:
    """The profile of this name, or the one in a bureau's own file where the name is a path to a `.toml` file.

    Raises:
        BadSettings: there is none, or its file is not as it must be.
    """
    if name.lower().endswith(".toml"):
        path = Path(name)
        return read_profile(_with_base(path, parse_toml(path)), path)
    path = FOLDER / f"{name}.toml"
    if not path.is_file():
        own = "也可以写自己的规则文件（.toml）的路径"
        raise BadSettings(f"没有名为“{name}”的评分规则。可用的有：{'、'.join(profile_names())}；{own}。", key=name)
    return read_profile(_with_base(path, load_toml(path)), path)


@cache
def profiles_in_order() -> tuple[Profile, ...]:
    """The profiles that ship with perfxl, in the order in which they are tried."""
    return tuple(sorted(map(load_profile, profile_names()), key=lambda profile: profile.order))


def _with_base(path: Path, table: dict[str, Any], above: tuple[str, ...] = ()) -> dict[str, Any]:
    """The file's table over the one that it extends; lists are replaced, tables merged."""
    base = table.pop("extends", None)
    if base is None:
        return table
    base_path = FOLDER / f"{base}.toml"
    if not isinstance(base, str) or not base_path.is_file() or base in above:
        names = "、".join(profile_names())
        raise BadSettings(f"评分规则的“extends”应为一个已有规则的名称：{names}。", book=path, key="extends")
    return _merged(_with_base(base_path, load_toml(base_path), (*above, base)) | {"last_year": 0}, table)


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    out = dict(base)
    for key, value in over.items():
        # a number with its source is replaced whole, so that no number keeps another's source
        mergeable = (
            isinstance(value, dict) and isinstance(out.get(key), dict) and "value" not in value and key != "sections"
        )
        out[key] = _merged(out[key], value) if mergeable else value
    return out


class _Reader:
    """Takes keys out of a table one by one, so that what is left over is unknown."""

    def __init__(self, table: dict[str, Any], path: Path, prefix: str = "") -> None:
        self.table, self.path, self.prefix = dict(table), path, prefix

    def fail(self, key: str, why: str) -> NoReturn:
        raise BadSettings(f"评分规则的“{self.prefix}{key}”{why}。", book=self.path, key=f"{self.prefix}{key}")

    def take(self, key: str, kind: type, meant: str) -> Any:
        if key not in self.table:
            self.fail(key, "缺失")
        value = self.table.pop(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.fail(key, f"应为{meant}")
        return value

    def text(self, key: str) -> str:
        return str(self.take(key, str, "文字"))

    def whole(self, key: str) -> int:
        return int(self.take(key, int, "整数"))

    def yes(self, key: str) -> bool:
        return bool(self.take(key, bool, "true 或 false"))

    def decimal(self, key: str) -> Decimal:
        text = self.take(key, str, '引号中的数字，如 "0.8"')
        try:
            number = Decimal(text)
        except InvalidOperation:
            self.fail(key, f"应为引号中的数字，现为“{text}”")
        if not number.is_finite() or number < 0:
            self.fail(key, f"不能是“{text}”")
        return number

    def inner(self, key: str) -> _Reader:
        return _Reader(self.take(key, dict, "表"), self.path, f"{self.prefix}{key}.")

    def items(self, key: str) -> list[_Reader]:
        entries = self.take(key, list, "表的列表")
        return [_Reader(entry, self.path, f"{self.prefix}{key}[{n}].") for n, entry in enumerate(entries, 1)]

    def done(self) -> None:
        for key in self.table:
            self.fail(key, "不是已知的项目，请核对拼写")


class _Sourced:
    """Takes numbers and choices that each name their source; `origin` then tells the source of each rule."""

    def __init__(self, sources: dict[str, Source]) -> None:
        self.sources = sources
        self.origin: dict[str, str] = {}

    def note(self, reader: _Reader, rule: str) -> None:
        source = reader.text("source")
        if source not in self.sources:
            reader.fail("source", f"所指的出处“{source}”未在 sources 中列出")
        self.origin[rule] = source
        reader.done()

    def number(self, parent: _Reader, key: str) -> Decimal:
        entry = parent.inner(key)
        value = entry.decimal("value")
        self.note(entry, f"{parent.prefix}{key}")
        return value

    def digits(self, parent: _Reader, key: str) -> int:
        entry = parent.inner(key)
        value = entry.whole("value")
        self.note(entry, f"{parent.prefix}{key}")
        return value

    def choice(self, parent: _Reader, key: str, *allowed: str) -> str:
        entry = parent.inner(key)
        value = entry.text("value")
        if value not in allowed:
            entry.fail("value", f"应为 {' 或 '.join(allowed)}")
        self.note(entry, f"{parent.prefix}{key}")
        return value


def read_profile(table: dict[str, Any], path: Path) -> Profile:
    """A profile from its table; `path` is for messages.

    Raises:
        BadSettings: a key is missing, unknown, or of the wrong kind.
    """
    top = _Reader(table, path)
    take = _Sourced(_sources(top.inner("sources")))
    weights, execution, indicators = top.inner("weights"), top.inner("execution"), top.inner("indicators")
    sections, options, chosen = weights.inner("sections"), top.inner("options"), top.inner("choice")
    take.choice(indicators, "at_least", "proportional")
    profile = Profile(
        name=top.text("name"),
        title=top.text("title"),
        first_year=top.whole("first_year"),
        last_year=top.whole("last_year") or None,
        checked=top.text("checked"),
        total_weight=take.number(weights, "total"),
        execution_weight=take.number(weights, "execution"),
        section_weights={key: take.number(sections, key) for key in list(sections.table)},
        rate_decimals=take.digits(execution, "rate_decimals"),
        execution_score_decimals=take.digits(execution, "score_decimals"),
        indicator_score_decimals=take.digits(indicators, "score_decimals"),
        at_most=take.choice(indicators, "at_most", "ratio", "deviation"),
        explain_rate_below=take.number(execution, "explain_below"),
        explain_from=take.number(indicators, "explain_from"),
        open_to_cut_from=take.number(indicators, "open_to_cut_from"),
        adjustment_unexplained=take.choice(execution, "adjustment_unexplained", "advice", "warning", "error"),
        rate_caps=_rate_caps(options.inner("rate_caps"), take),
        over_completion_cut=_over_completion_cut(options.inner("over_completion_cut"), take),
        order=chosen.whole("order"),
        features=_features(chosen),
        tiers=_tiers(top, take),
        grades=_grades(top, take),
        sources=take.sources,
        origin=take.origin,
    )
    for reader in (weights, execution, indicators, options, chosen, top):
        reader.done()
    return profile


def _sources(entries: _Reader) -> dict[str, Source]:
    sources = {}
    for key in list(entries.table):
        entry = entries.inner(key)
        sources[key] = Source(key, entry.text("title"), entry.text("certainty"))
        if sources[key].certainty not in ("V", "C", "M"):
            entry.fail("certainty", "应为 V、C 或 M")
        entry.done()
    return sources


def _tiers(top: _Reader, take: _Sourced) -> tuple[Tier, ...]:
    tiers = []
    for n, entry in enumerate(top.items("tiers"), 1):
        words = tuple(entry.take("words", list, "文字的列表"))
        bounds = entry.decimal("low"), entry.decimal("high")
        tiers.append(Tier(entry.text("name"), words, *bounds, entry.yes("high_included")))
        take.note(entry, f"tiers[{n}]")
    return tuple(tiers)


def _grades(top: _Reader, take: _Sourced) -> tuple[Grade, ...]:
    grades = []
    for n, entry in enumerate(top.items("grades"), 1):
        grades.append(Grade(entry.text("name"), entry.decimal("at_least")))
        take.note(entry, f"grades[{n}]")
    bounds = [grade.at_least for grade in grades]
    if not bounds or bounds[-1] != 0 or bounds != sorted(bounds, reverse=True):
        top.fail("grades", "应由高到低排列，最后一级从 0 分起")
    return tuple(grades)


def _rate_caps(option: _Reader, take: _Sourced) -> tuple[RateCap, ...]:
    """The caps; none where the option is off."""
    on = option.yes("on")
    caps = tuple(RateCap(entry.decimal("below"), entry.decimal("cap")) for entry in option.items("caps"))
    take.note(option, "options.rate_caps")
    return caps if on else ()


def _over_completion_cut(option: _Reader, take: _Sourced) -> OverCompletionCut | None:
    """The cut; None where the option is off."""
    on = option.yes("on")
    cut = OverCompletionCut(option.decimal("from"), option.decimal("points"))
    take.note(option, "options.over_completion_cut")
    return cut if on else None


def _features(chosen: _Reader) -> frozenset[str]:
    features = chosen.take("when", list, "文字的列表")
    for feature in features:
        if feature not in FEATURES:
            chosen.fail("when", f"中的“{feature}”不是已知的特征，可用的有：{'、'.join(sorted(FEATURES))}")
    return frozenset(features)
