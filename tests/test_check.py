"""`perfxl check` on workbooks: which checks run, what a settings file says, what several books show together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from perfxl.cli import main
from perfxl.errors import BadSettings
from perfxl.settings import FILE_NAME, read_settings, settings_for
from tests.books import GOOD_FORM, change_book, write_book
from tests.commands import Run

STRICT = """
name = "strict"
title = "本地规则"
extends = "national-2020"
first_year = 2020
checked = "2026-11-24"

[options.over_completion_cut]
on = true
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A form with a wrong rate (an error) and an operator in an actual value (a warning)."""
    path = write_book(tmp_path / "水务局" / "自评表.xlsx", {"自评表": GOOD_FORM})
    return change_book(path, H6=1, F16="≥95%")


def settings(folder: Path, text: str) -> Path:
    path = folder / FILE_NAME
    path.write_text(text, encoding="utf-8")
    return path


def found(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [(finding["code"], finding["severity"]) for form in report["forms"] for finding in form["findings"]]


def test_both_faults_are_found(run: Run, book: Path) -> None:
    status, report = run("check", book)
    assert (status, found(report)) == (1, [("FND001", "error"), ("IND004", "warning")])


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        (["{book}", "--ignore", "FND001"], ["IND004"]),
        (["{book}", "--ignore", "fnd001", "IND004"], []),
        (["{book}", "--ignore", "FND001,IND004"], []),
        (["{book}", "--ignore", "FND001", "--ignore", "IND004"], []),
        (["--ignore", "FND001", "{book}"], ["IND004"]),
        (["{book}", "--select", "FND001", "SCR008"], ["FND001"]),
        (["--select", "FND001", "IND004", "--ignore", "IND004", "{book}"], ["FND001"]),
    ],
)
def test_checks_are_selected_and_ignored(run: Run, book: Path, arguments: list[str], codes: list[str]) -> None:
    status, report = run("check", *(argument.format(book=book) for argument in arguments))
    assert [code for code, _ in found(report)] == codes
    assert status == (1 if "FND001" in codes else 0)


def test_what_is_put_right_does_not_hang_on_what_is_shown(run: Run, book: Path) -> None:
    _, report = run("score", book, "--select", "IND004")
    assert [change["cell"] for change in report["changes"]] == ["H6"]
    assert found(report) == [("IND004", "warning")]


@pytest.mark.parametrize("arguments", [["--ignore", "FND999"], ["--select", "FND01"]])
def test_an_unknown_code_is_refused(arguments: list[str], book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(book), *arguments]) == 2
    assert f"没有代码为“{arguments[1]}”的检查" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["check"], ["check", "--ignore", "FND001"], ["check", "--ignore", "甲.xlsx"]])
def test_a_call_without_book_or_code_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "perfxl check：" in capsys.readouterr().err


def test_a_settings_file_above_the_book_holds(run: Run, book: Path, tmp_path: Path) -> None:
    settings(tmp_path, 'ignore = ["FND001"]\n[severities]\nIND004 = "error"\n')
    status, report = run("check", book)
    assert (status, found(report)) == (1, [("IND004", "error")])


def test_the_nearest_settings_file_holds_alone(run: Run, book: Path, tmp_path: Path) -> None:
    settings(tmp_path, 'ignore = ["FND001"]\n')
    settings(book.parent, 'ignore = ["IND004"]\n')
    assert found(run("check", book)[1]) == [("FND001", "error")]


def test_the_command_line_comes_before_the_settings_file(run: Run, book: Path) -> None:
    settings(book.parent, 'profile = "national-2019"\nignore = ["FND001"]\n')
    _, report = run("check", book)
    assert report["forms"][0]["profile"] == "national-2019"
    assert FILE_NAME in report["forms"][0]["profile_reason"]
    _, report = run("check", book, "--profile", "national-2020", "--select", "FND001")
    assert report["forms"][0]["profile"] == "national-2020"
    assert found(report) == [("FND001", "error")]


def test_a_bureaus_own_grades_and_rules(run: Run, book: Path) -> None:
    change_book(book, F12="4公里", I12="年中增加了任务", F16="95%")
    (book.parent / "规则.toml").write_text(STRICT, encoding="utf-8")
    settings(book.parent, 'profile = "规则.toml"\n[grades]\n"合格" = "97"\n"不合格" = "0"\n')
    _, report = run("check", book)
    [form] = report["forms"]
    assert form["profile"] == "strict"
    assert form["total"]["grade"] == "不合格"
    assert form["indicators"][0]["expected_score"] == "18"  # an option that is off unless rules turn it on
    [finding] = [finding for finding in form["findings"] if finding["code"] == "SCR005"]
    assert "超额" in finding["message"] and "strict" in finding["message"]


def test_options_are_off_by_default(run: Run, book: Path) -> None:
    change_book(book, F12="4公里", I12="年中增加了任务", F16="95%")
    _, report = run("check", book)
    assert report["forms"][0]["indicators"][0]["expected_score"] == "20"
    assert found(report) == [("FND001", "error")]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('colour = "red"', "colour"),
        ("profile = 3", "profile"),
        ('profile = "national-1999"', "profile"),
        ('ignore = "IND004"', "ignore"),
        ('ignore = ["IND004", "IND999"]', "ignore[2]"),
        ("severities = 1", "severities"),
        ('[severities]\nIND004 = "fatal"', "severities.IND004"),
        ("[severities]\nIND004 = 1", "severities.IND004"),
        ('[severities]\nIND999 = "error"', "severities.IND999"),
        ("grades = []", "grades"),
        ('[grades]\n"优" = 90', "grades.优"),
        ('[grades]\n"优" = "九十"', "grades.优"),
        ('[grades]\n"优" = "90"', "grades"),
        ('[grades]\n"优" = "90"\n"良" = "0"\n"差" = "0"', "grades"),
    ],
)
def test_a_settings_file_that_does_not_fit_is_refused_by_file_and_key(tmp_path: Path, text: str, key: str) -> None:
    import tomllib

    path = tmp_path / FILE_NAME
    with pytest.raises(BadSettings) as caught:
        read_settings(tomllib.loads(text), path)
    assert (caught.value.book, caught.value.key) == (str(path), key)
    assert f"“{key}”" in caught.value.message


def test_a_bad_settings_file_stops_its_books_and_no_others(run: Run, book: Path, tmp_path: Path) -> None:
    other = write_book(tmp_path / "档案馆" / "自评表.xlsx", {"自评表": GOOD_FORM})
    settings(book.parent, 'ignore = ["IND999"]\n')
    status, report = run("check", book, other)
    assert status == 2
    assert [failure["book"] for failure in report["failures"]] == [str(book)]
    assert "IND999" in report["failures"][0]["error"]
    assert [form["book"] for form in report["forms"]] == [str(other)]


def test_no_settings_file_says_nothing(tmp_path: Path) -> None:
    assert settings_for(tmp_path / "a.xlsx") == type(settings_for(tmp_path / "b.xlsx"))()


def test_a_project_handed_in_twice_is_told_across_books(run: Run, tmp_path: Path) -> None:
    first, second = (write_book(tmp_path / name, {"自评表": GOOD_FORM}) for name in ("一稿.xlsx", "二稿.xlsx"))
    status, report = run("check", tmp_path)
    assert [form["findings"] for form in report["forms"]] == [[], []]
    [finding] = report["across"]
    assert (finding["code"], finding["name"], finding["severity"]) == ("XBK001", "project-listed-twice", "error")
    assert finding["places"] == [
        {"book": str(path), "sheet": "自评表", "index": 1, "cell": "B3"} for path in (first, second)
    ]
    assert status == 1


def test_two_forms_of_one_sheet_are_told_apart(run: Run, tmp_path: Path) -> None:
    book = write_book(tmp_path / "一表两份.xlsx", {"自评表": GOOD_FORM.strip("\n") + "\n|\n" + GOOD_FORM.strip("\n")})
    _, report = run("check", book)
    [finding] = report["across"]
    assert [(place["index"], place["cell"]) for place in finding["places"]] == [(1, "B3"), (2, "B21")]


def test_findings_across_books_heed_choices_and_the_settings_of_them_all(run: Run, tmp_path: Path) -> None:
    for name in ("一稿.xlsx", "二稿.xlsx"):
        write_book(tmp_path / name, {"自评表": GOOD_FORM})
    status, report = run("check", tmp_path, "--ignore", "XBK001")
    assert (status, report["across"]) == (0, [])
    settings(tmp_path, '[severities]\nXBK001 = "advice"\n')
    status, report = run("check", tmp_path)
    assert (status, [finding["severity"] for finding in report["across"]]) == (0, ["advice"])


def test_people_are_told_what_books_show_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("一稿.xlsx", "二稿.xlsx"):
        write_book(tmp_path / name, {"自评表": GOOD_FORM})
    assert main(["check", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert "各表之间\n● 错误  项目重复填报  河堤加固\n" in told
    assert "一稿.xlsx · 自评表!B3\n" in told and "二稿.xlsx · 自评表!B3\n" in told
    assert "2 张自评表 · 1 处错误\n" in told
