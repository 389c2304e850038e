"""Reads what the checks say to people: one Chinese text file a check, read only when its check has something to say."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from perfxl.checks.finding import AcrossFinding, Finding, Severity
from perfxl.data import load_toml
from perfxl.errors import BadSettings
from perfxl.rules.profile import Source

FOLDER = Path(__file__).parent / "texts"


class CheckText(NamedTuple):
    """A check's words: its English name and Chinese title, its messages by variant with `{placeholders}`, its page.

    `short` is one line for tables; it fits every variant. `what` … `limits` are the paragraphs of the page.
    """

    code: str
    name: str
    severity: Severity
    title: str
    short: str
    what: str
    why: str
    example: str
    todo: str
    limits: str
    messages: dict[str, str]
    sources: tuple[Source, ...]


_WORDS = ("code", "name", "severity", "title", "short", "what", "why", "example", "todo", "limits")
_SOURCE_KEYS = ("id", "title", "certainty")


@cache
def load_text(code: str) -> CheckText:
    """The text of a check.

    Raises:
        BadSettings: its file is missing or not as it must be; the message names file and key.
    """
    path = FOLDER / f"{code}.toml"
    return read_text(load_toml(path), path)


def short_line(finding: Finding | AcrossFinding) -> str:
    """A finding in one line, for tables: `执行率 100.00% 应为 99.90%`."""
    return load_text(finding.code).short.format_map(finding.facts)


def read_text(table: dict[str, Any], path: Path) -> CheckText:
    """A check's text from its table; `path` is for messages.

    Raises:
        BadSettings: a key is missing, unknown, or of the wrong kind.
    """
    for key in table:
        if key not in (*_WORDS, "messages", "sources"):
            _fail(path, key, "不是已知的项目，请核对拼写")
    words = {key: _word(table, key, path) for key in _WORDS}
    if words["code"] != path.stem:
        _fail(path, "code", f"应与文件名一致，现为“{words['code']}”")
    try:
        severity = Severity(words.pop("severity"))
    except ValueError:
        _fail(path, "severity", "应为 error、warning 或 advice")
    return CheckText(**words, severity=severity, messages=_messages(table, path), sources=tuple(_sources(table, path)))


def _fail(path: Path, key: str, why: str) -> NoReturn:
    raise BadSettings(f"检查说明的“{key}”{why}。", book=path, key=key)


def _word(table: dict[str, Any], key: str, path: Path, prefix: str = "") -> str:
    value = table.get(key)
    if value is None:
        _fail(path, prefix + key, "缺失")
    if not isinstance(value, str) or not value.strip():
        _fail(path, prefix + key, "应为文字，且不能为空")
    return value.strip()


def _messages(table: dict[str, Any], path: Path) -> dict[str, str]:
    messages = table.get("messages")
    if not isinstance(messages, dict) or not messages:
        _fail(path, "messages", "应为至少有一条文字的表")
    return {variant: _word(messages, variant, path, "messages.") for variant in messages}


def _sources(table: dict[str, Any], path: Path) -> list[Source]:
    entries = table.get("sources")
    if not isinstance(entries, list) or not entries:
        _fail(path, "sources", "应为至少有一项的列表")
    sources = []
    for number, entry in enumerate(entries, 1):
        prefix = f"sources[{number}]."
        if not isinstance(entry, dict):
            _fail(path, prefix[:-1], "应为含 id、title、certainty 的表")
        for key in entry:
            if key not in _SOURCE_KEYS:
                _fail(path, prefix + key, "不是已知的项目，请核对拼写")
        source = Source(*(_word(entry, key, path, prefix) for key in _SOURCE_KEYS))
        if source.certainty not in ("V", "C", "M"):
            _fail(path, f"{prefix}certainty", "应为 V、C 或 M")
        sources.append(source)
    return sources
