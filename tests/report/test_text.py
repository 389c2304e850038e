"""The text report: what a person reads in a terminal of 80 columns."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from perfxl.outcome import Change, Failure, Outcome
from perfxl.report.text import book_line, write_text
from tests.forms import change, good_form
from tests.report.outcomes import faulty_form, full_outcome, judged

FULL = """\
教育局自评表.xlsx · 自评表
系统改造升级 · 公共资源交易中心
总分 96.99（优） · 执行率 99.90% · 3 处错误
● 错误  G8      执行率有误  100.00% → 99.90%
● 错误  I17     缺少未完成原因分析
● 错误  H20     总分有误  97.99 → 96.99

自评表.xlsx · 自评表
系统改造升级 · 公共资源交易中心
总分 97.99（优） · 执行率 99.90% · 未发现问题

已更新 2 个单元格
  自评表!G8  空 → 99.90%          FND001 执行率有误
  台账!B11   30 → 打开时重新计算  公式重新计算

说明.xlsx
    没有找到自评表。

坏的.xlsx
● 未能处理
    文件已损坏，无法读取。文件没有改动。请用 Excel 打开并另存后再试。

2 张自评表 · 3 处错误 · 已更新 2 个单元格 · 1 个文件未能处理
下一步：请按上面的说明处理未能处理的文件，然后重新运行。
"""


def text_of(outcome: Outcome) -> str:
    stream = io.StringIO()
    write_text(outcome, stream)
    return stream.getvalue()


def without_messages(text: str) -> str:
    """The report without the checks' own messages, which are tested with the checks."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("    ") or line.strip()[:2] in ("没有", "文件"))


def test_the_whole_report() -> None:
    assert without_messages(text_of(full_outcome())) == FULL


def test_messages_are_told_in_full() -> None:
    outcome = Outcome([judged(faulty_form())])
    told = text_of(outcome).replace("\n    ", "")
    for finding in outcome.forms[0].findings:
        assert finding.message.replace(" ", "") in told.replace(" ", "")


@pytest.mark.parametrize(
    ("outcome", "next_step"),
    [
        (full_outcome(), "请按上面的说明处理未能处理的文件"),
        (Outcome([judged(faulty_form())]), "运行 perfxl explain FND001"),
        (Outcome(changes=full_outcome().changes), "如要撤销，运行 perfxl undo"),
        (Outcome(changes=full_outcome().changes, open_book=True), "如要撤销，运行 perfxl live undo"),
        (Outcome(changes=full_outcome().changes, dry_run=True), "去掉 --dry-run 重新运行"),
    ],
)
def test_the_last_line_says_what_to_do_next(outcome: Outcome, next_step: str) -> None:
    assert next_step in text_of(outcome).splitlines()[-1]


def test_a_good_form_needs_nothing() -> None:
    assert text_of(Outcome([judged(good_form())])).endswith("\n1 张自评表 · 未发现问题\n")


def test_a_dry_run_does_not_say_that_it_wrote() -> None:
    told = text_of(replace(full_outcome(), dry_run=True))
    assert "将更新 2 个单元格（没有写入）" in told
    assert "已更新" not in told


def test_the_line_of_a_book() -> None:
    outcome = Outcome([judged(faulty_form())], full_outcome().changes)
    assert book_line(7, 340, "a.xlsx", outcome) == "[  7/340] a.xlsx  1 张表 · 3 处错误 · 已更新 2 个单元格"
    assert book_line(1, 2, "坏.xlsx", Outcome(failures=[Failure("坏.xlsx", "")])) == "[1/2] 坏.xlsx  未能处理"
    planned = replace(outcome, dry_run=True)
    assert book_line(1, 2, "a.xlsx", planned) == "[1/2] a.xlsx  1 张表 · 3 处错误 · 将更新 2 个单元格"
    cleared = Outcome(notes=[("a.xlsx", "一条说明。"), ("a.xlsx", "已清除标记。")])
    assert book_line(1, 2, "a.xlsx", cleared) == "[1/2] a.xlsx  已清除标记"
    filled = Outcome(changes=outcome.changes, disagreements=[])
    assert book_line(1, 2, "a.xlsx", filled) == "[1/2] a.xlsx  已更新 2 个单元格"
    assert book_line(1, 2, "a.xlsx", Outcome(disagreements=[])) == "[1/2] a.xlsx  没有改动"
    long = book_line(1, 2, "很长的文件夹/" * 20 + "教育局自评表.xlsx", outcome)
    assert long.startswith("[1/2] …")
    assert "教育局自评表.xlsx  1 张表" in long
    assert wcswidth(long) <= 80


def test_worse_findings_come_first() -> None:
    form = change(good_form(), I17="无", H20="1")
    signs = [line[:4] for line in text_of(Outcome([judged(form)])).splitlines() if line.startswith(("●", "▲", "○"))]
    assert len(signs) > 1
    assert signs == sorted(signs, key=["● 错误", "▲ 警告", "○ 建议"].index)


ODD = st.text(
    st.sampled_from("a中“”·\n\r\t\x1b[31m\x9b\u202e\u2066\u200b\ud800\udcff\u0301👍🏽ｶ％，→") | st.characters(),
    max_size=90,
)


@given(ODD, ODD, ODD)
def test_foreign_text_is_shown_and_never_obeyed(name: str, before: str, after: str) -> None:
    form = replace(change(faulty_form(name), F17=before, G8=after), sheet=before)
    told = text_of(
        Outcome(
            [judged(form)],
            [Change(name, before, "G8", before, after, "FND001")],
            [Failure(name, after)],
            [(name, before)],
        )
    )
    for line in told.removesuffix("\n").split("\n"):
        assert 0 <= wcswidth(line) <= 80, line
    told.encode()
