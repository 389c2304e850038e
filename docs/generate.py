"""Writes the pages that follow from the program: commands, checks, rules, layouts. Nothing on them is typed twice."""

from __future__ import annotations

import argparse
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import perfxl
from perfxl.checks import codes
from perfxl.checks.texts import CheckText, load_text
from perfxl.cli import build_parser
from perfxl.form.labels import layouts
from perfxl.outcome import Outcome
from perfxl.rules.loader import load_profile, profile_names
from perfxl.rules.profile import Profile, Source

_FAMILIES = {
    "FRM": "表样与填写",
    "FND": "资金",
    "IND": "指标",
    "SCR": "得分",
    "EXP": "原因说明",
    "XBK": "各表之间",
}
_CERTAINTY = {
    "V": "见于文件原文或已印发的表格",
    "C": "由已公布的数字复算得出",
    "M": "已知其规定，条文未在手边",
}
_HELP_WIDTH = "88"


def write_pages(folder: Path) -> None:
    """Writes all generated pages anew into `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    texts = [load_text(code) for code in codes()]
    pages = {
        "commands.md": commands_page(build_parser()),
        "checks/index.md": checks_index(texts),
        "rules.md": rules_page([load_profile(name) for name in profile_names()]),
        # these are included by a page, so no pages of their own
        "api.txt": api_part(),
        "layouts.txt": table(["名称", "表样"], ((layout.name, layout.title) for layout in layouts())),
    }
    pages |= {f"checks/{text.code}.md": check_page(text) for text in texts}
    for name, page in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")


def api_part() -> str:
    """The names that `perfxl` itself offers. They are imported when first used, so Sphinx cannot list them."""
    parts = []
    for name in perfxl.__all__:
        member = getattr(perfxl, name)
        if member.__module__ != Outcome.__module__:  # has a part of its own on the page
            kind = "autoclass" if isinstance(member, type) else "autofunction"
            parts.append(f".. {kind}:: perfxl.{name}\n")
    return "```{eval-rst}\n" + "".join(parts) + "```\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; cells may hold anything but line breaks."""

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"

    return line(head) + line(["---"] * len(head)) + "".join(line(row) for row in rows)


def commands_page(parser: argparse.ArgumentParser) -> str:
    """The command line: each command as its own `--help` prints it."""
    os.environ["COLUMNS"] = _HELP_WIDTH
    parts = [f"# 命令行\n\n{_listing(parser)}"]
    parts += [f"## perfxl {name}\n\n{_listing(command)}" for name, command in _commands(parser)]
    return "\n".join(parts)


def _listing(parser: argparse.ArgumentParser) -> str:
    return f"```text\n{parser.format_help().rstrip()}\n```\n"


def _commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    # argparse has no public way to list the commands of a parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def checks_index(texts: Sequence[CheckText]) -> str:
    """The list of all checks, by family."""
    parts = ["# 检查项\n\n命令行中用 `perfxl explain 代码` 可看到同样的内容。\n"]
    families = list(_FAMILIES)
    ordered = sorted(texts, key=lambda text: families.index(text.code[:3]))
    for family, members in groupby(ordered, key=lambda text: text.code[:3]):
        rows = ((f"[{text.code}]({text.code}.md)", text.severity.label, text.title, text.name) for text in members)
        parts.append(f"## {_FAMILIES[family]}\n\n{table(['代码', '级别', '检查', '英文名'], rows)}")
    names = "\n".join(text.code for text in texts)
    parts.append(f"```{{toctree}}\n:hidden:\n\n{names}\n```\n")
    return "\n".join(parts)


def check_page(text: CheckText) -> str:
    """The page of one check."""
    parts = [
        f"# {text.code} {text.title}\n",
        f"级别：{text.severity.label}　英文名：`{text.name}`\n",
        f"## 查什么\n\n{plain(text.what)}\n",
        f"## 为什么重要\n\n{plain(text.why)}\n",
        f"## 例子\n\n{plain(text.example)}\n",
        f"## 怎么办\n\n{plain(text.todo)}\n",
        f"## 查不出什么\n\n{plain(text.limits)}\n",
        f"## 依据\n\n{_sources(text.sources)}",
    ]
    return "\n".join(parts)


def _sources(sources: Iterable[Source]) -> str:
    return "".join(f"- {plain(source.title)}（{_CERTAINTY[source.certainty]}）\n" for source in sources)


def plain(text: str) -> str:
    """A text in which no character is taken for Markdown."""
    return re.sub(r"([\\`*_\[\]<>#~|])", r"\\\1", text)


def rules_page(profiles: Sequence[Profile]) -> str:
    """The rule profiles: every number with the document it comes from."""
    intro = "评分所用的数写在带日期、带出处的规则文件中，按自评表的年度选用；也可以用 `--profile` 指定。"
    parts = [f"# 规则与来源\n\n{intro}\n"]
    for profile in profiles:
        parts.append(
            f"## {profile.name}\n\n{profile.title}。核对于 {profile.checked}。\n\n"
            f"{table(['规则', '数值', '出处'], _rules(profile))}\n"
            f"{table(['出处', '文件', '把握程度'], _documents(profile))}"
        )
    return "\n".join(parts)


def _documents(profile: Profile) -> Iterator[tuple[str, str, str]]:
    for source in profile.sources.values():
        yield source.id, source.title, _CERTAINTY[source.certainty]


def _rules(profile: Profile) -> Iterator[tuple[str, str, str]]:
    def row(title: str, value: object, key: str) -> tuple[str, str, str]:
        return title, str(value), profile.source_of(key).id

    yield row("总分值", profile.total_weight, "weights.total")
    yield row("预算执行率分值", profile.execution_weight, "weights.execution")
    for name, weight in profile.section_weights.items():
        yield row(f"{name}分值", weight, f"weights.sections.{name}")
    yield row("执行率（百分数）的小数位", profile.rate_decimals, "execution.rate_decimals")
    yield row("执行率得分的小数位", profile.execution_score_decimals, "execution.score_decimals")
    yield row("指标得分的小数位", profile.indicator_score_decimals, "indicators.score_decimals")
    ways = {"ratio": "目标值 ÷ 实际值 × 分值", "deviation": "分值 ×（1 −（实际值 − 目标值）÷ 目标值）"}
    yield row("“≤”指标超出目标时的得分", ways[profile.at_most], "indicators.at_most")
    yield row("执行率低于多少要说明原因", _percent(profile.explain_rate_below), "execution.explain_below")
    yield row("实际值达到目标值的多少要说明原因", _percent(profile.explain_from), "indicators.explain_from")
    title = "实际值达到目标值的多少，扣不扣分由人决定"
    yield row(title, _percent(profile.open_to_cut_from), "indicators.open_to_cut_from")
    for number, tier in enumerate(profile.tiers, 1):
        high = f"{_percent(tier.high)}{'（含）' if tier.high_included else '（不含）'}"
        yield row(f"定性指标“{tier.name}”", f"分值的 {_percent(tier.low)}（含）至 {high}", f"tiers[{number}]")
    for number, grade in enumerate(profile.grades, 1):
        yield row(f"等级“{grade.name}”", f"{grade.at_least} 分起", f"grades[{number}]")


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"
