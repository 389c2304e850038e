"""The text files are read strictly, and the pages are laid out for a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from wcwidth import wcswidth

from perfxl.checks import codes
from perfxl.checks.explain import WIDTH, explain, explain_list, wrapped
from perfxl.checks.texts import load_text, read_text
from perfxl.errors import BadSettings

PATH = Path("FND001.toml")
WORDS = ("name", "title", "short", "what", "why", "example", "todo", "limits")
GOOD: dict[str, Any] = {
    "code": "FND001",
    "severity": "error",
    "messages": {"default": "有误（{cell}）。"},
    "sources": [{"id": "form-2019", "title": "表样", "certainty": "V"}],
    **dict.fromkeys(WORDS, "文字"),
}


def test_a_whole_table_is_read() -> None:
    text = read_text(GOOD, PATH)
    assert (text.code, text.severity.value, text.messages["default"]) == ("FND001", "error", "有误（{cell}）。")
    assert text.sources[0].certainty == "V"


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("colour", "red", "colour"),
        ("code", "FND002", "code"),
        ("severity", "fatal", "severity"),
        ("title", "  ", "title"),
        ("title", 7, "title"),
        ("messages", {}, "messages"),
        ("messages", "有误", "messages"),
        ("messages", {"default": ""}, "messages.default"),
        ("sources", [], "sources"),
        ("sources", ["form-2019"], "sources[1]"),
        ("sources", [{"id": "form-2019", "title": "表样"}], "sources[1].certainty"),
        ("sources", [{"id": "form-2019", "title": "表样", "certainty": "X"}], "sources[1].certainty"),
        ("sources", [{"id": "a", "title": "b", "certainty": "V", "page": "3"}], "sources[1].page"),
    ],
)
def test_what_does_not_fit_is_refused_by_file_and_key(key: str, value: object, named: str) -> None:
    with pytest.raises(BadSettings) as caught:
        read_text({**GOOD, key: value}, PATH)
    assert (caught.value.book, caught.value.key) == ("FND001.toml", named)
    assert f"“{named}”" in caught.value.message


@pytest.mark.parametrize("key", sorted(GOOD))
def test_a_key_that_is_missing_is_named(key: str) -> None:
    with pytest.raises(BadSettings) as caught:
        read_text({each: value for each, value in GOOD.items() if each != key}, PATH)
    assert caught.value.key == key


@pytest.mark.parametrize("code", codes())
def test_a_page_fits_the_terminal_and_says_everything(code: str) -> None:
    page = explain(code)
    lines = page.splitlines()
    assert all(wcswidth(line) <= WIDTH for line in lines)
    assert not any(line.lstrip().startswith(tuple("，。、；：！？）》”")) for line in lines)
    assert not any(line.endswith(tuple("（《“")) for line in lines)
    text = load_text(code)
    joined = page.replace("\n", "").replace(" ", "")
    for paragraph in (text.title, text.name, text.what, text.why, text.example, text.todo, text.limits):
        assert paragraph.replace(" ", "") in joined
    assert all(source.title.replace(" ", "") in joined for source in text.sources)


def test_a_code_is_explained_in_small_letters_too() -> None:
    assert explain("fnd001") == explain("FND001")


def test_an_unknown_code_names_near_ones() -> None:
    with pytest.raises(BadSettings, match="没有代码为“SCR099”的检查。是否想写 SCR"):
        explain("SCR099")


def test_the_list_has_a_line_for_each_check() -> None:
    lines = explain_list().splitlines()
    assert [line[:6] for line in lines] == codes()
    assert all(wcswidth(line) <= WIDTH for line in lines)


def test_words_and_figures_stay_whole_when_lines_break() -> None:
    assert list(wrapped("填写为 100.00%，应为 99.90%。", width=18)) == ["填写为 100.00%，应", "为 99.90%。"]
    assert list(wrapped("总分“优”的表", width=7)) == ["总分", "“优”的", "表"]
