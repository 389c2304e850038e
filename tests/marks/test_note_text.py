"""perfxl's part of a note is found again whatever a person writes around it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from perfxl.workbooks.marks.notetext import Covered, find_ours, read_record, record

LINES = ("绩效自评检查 FND001 执行率有误", "● 错误：执行率填写为 100.00%。", "请改为 97.81%。")
COVERED = Covered("t4+0.6/B8CCE4", "自动", 12)
OURS = "\n".join([*LINES, record(LINES, COVERED)])

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).filter(lambda text: "〔" not in text)
texts = st.lists(words, max_size=3).map("\n".join)


def without_ours(text: str) -> str:
    found = find_ours(text)
    assert found is not None
    for start, stop in sorted(found.spans, reverse=True):
        text = text[:start] + text[stop:]
    return text


def test_record_says_what_it_was_given() -> None:
    for covered in (COVERED, Covered("无", "9C0006", None, True), Covered('<fill a="，#"/>', "自动", 3, True)):
        assert read_record(record(LINES, covered)) == covered
    assert read_record("〔备注〕") is None


def test_alone_nothing_is_left() -> None:
    assert without_ours(OURS) == ""
    found = find_ours(OURS)
    assert found is not None and found.lines == LINES and found.covered == COVERED


def test_other_programs_ends_of_lines() -> None:
    assert without_ours(OURS.replace("\n", "\r\n")) == ""


@given(texts, texts)
def test_a_persons_words_around_it_stay(before: str, behind: str) -> None:
    text = OURS + (f"\n{behind}" if behind else "")
    if before:
        assert without_ours(f"{before}\n{text}") == before + (f"\n{behind}" if behind else "")
    else:
        assert without_ours(text) == behind


@given(st.integers(0, 2), words.filter(bool))
def test_a_line_that_a_person_changed_stays(number: int, added: str) -> None:
    changed = list(LINES)
    changed[number] += added + "改"
    text = "\n".join([*changed, record(LINES, COVERED)])
    assert without_ours(text) == changed[number]


@given(texts)
def test_a_persons_note_is_no_mark(text: str) -> None:
    assert find_ours(text) is None
