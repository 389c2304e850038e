"""File names made of names that people wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl.filenames import file_name, unique_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("云岭市教育局", "云岭市教育局"),
        ("教育局/体育局", "教育局_体育局"),
        ('a<b>:"c"\\|?*', "a_b___c_____"),
        ("  尾部的点. . ", "尾部的点"),
        ("第一行\n第二行\u202e", "第一行_第二行"),
        ("../../etc", "_.._etc"),
        ("", "未命名"),
        (" . ", "未命名"),
        ("con", "_con"),
        ("COM1.局", "_COM1.局"),
        ("control", "control"),
        ("局" * 100, "局" * 60),
        ("🏛" * 100, "🏛" * 45),
    ],
)
def test_a_name_becomes_one_that_every_system_takes(name: str, expected: str, tmp_path: Path) -> None:
    made = file_name(name)
    assert made == expected
    assert len(made.encode()) <= 180
    (tmp_path / f"{made}退回修改意见(99).docx").write_bytes(b"")


def test_names_are_told_apart_in_any_case_of_letters() -> None:
    taken: set[str] = set()
    assert [unique_name(name, taken) for name in ("A局", "a局", "A局", "b")] == ["A局", "a局(2)", "A局(3)", "b"]
    assert [unique_name("x" * 9, taken, 5) for _ in range(2)] == ["xxxxx", "xx(2)"]
