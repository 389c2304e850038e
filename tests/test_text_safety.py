"""Text stays text wherever perfxl writes: no formula, no markup, nothing that a terminal or a reader's eye would obey."""

from __future__ import annotations

import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from perfxl.cli import main
from tests.books import GOOD_FORM, change_book, write_book

FORMULAS = ["=1+1", '=HYPERLINK("http://x","点")', "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", "\t=1+1"]
MARKUP = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "]]>&amp;<b>", "'\" onclick=x"]
SIGNS = ["\u202e倒写\u202c", "\u2066隔\u2069", "零\u200b宽", "\u2028行\u2029段", "\x9b31m"]
# openpyxl refuses control characters as such; a workbook holds them in this form.
CONTROLS = ["_x001B_[31m红_x0007_", "_x0000_空", "_x000D_回车"]
OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069]")
STEERING = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|_x00[01][0-8B-F]_"
)
NASTY = [*FORMULAS, *MARKUP, *SIGNS, *CONTROLS]


@pytest.fixture(params=NASTY, ids=ascii)
def nasty(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def book(nasty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A form with this text as project, unit, target and reason, and with findings that repeat them."""
    monkeypatch.setenv("PERFXL_DATA", str(tmp_path / "data"))
    path = write_book(tmp_path / "自评表.xlsx", {"自评表": GOOD_FORM})
    workbook: Any = load_workbook(path)
    sheet = workbook["自评表"]
    for address in ("B3", "G4", "D12", "I13"):
        sheet[address].value = nasty
        sheet[address].data_type = "s"  # openpyxl would take it for a formula
    sheet["H6"] = "九成 " + nasty
    sheet["H6"].data_type = "s"
    sheet["H17"] = 12
    workbook.save(path)
    return path


def test_the_terminal_shows_and_never_obeys(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(book), "--explain-reading"])
    shown = capsys.readouterr().out
    assert "自评表" in shown
    assert not OBEYED.search(shown)


def test_json_escapes_and_gives_back(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(book), "--format", "json"])
    written = capsys.readouterr().out
    assert not OBEYED.search(written)
    (form,) = json.loads(written)["forms"]
    project = form["project"]
    assert OBEYED.sub("", project.replace("\t", "").replace("\n", ""))


class Elements(HTMLParser):
    """Notes the elements and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_the_marked_page_has_no_other_elements_than_its_own(book: Path, tmp_path: Path) -> None:
    page = tmp_path / "页.html"
    main(["check", str(book), "--marked-copy", str(page)])
    text = page.read_text(encoding="utf-8")
    elements = Elements()
    elements.feed(text)
    assert not elements.names & {"script", "img", "b", "a", "iframe", "svg"}
    assert not {name for name in elements.attributes if name.startswith("on")}
    assert not OBEYED.search(text.replace("\r", ""))


def test_marks_and_results_are_text(book: Path) -> None:
    main(["score", str(book)])
    workbook: Any = load_workbook(book)
    assert "检查结果" in workbook.sheetnames
    cells = [cell for row in workbook["检查结果"].iter_rows() for cell in row if cell.value is not None]
    assert cells
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "d"}
    links = {cell.hyperlink.location for cell in cells if cell.hyperlink}
    assert all(re.fullmatch(r"'自评表'![A-Z]+[0-9]+|自评表![A-Z]+[0-9]+", link) for link in links)
    assert not [cell for cell in cells if cell.hyperlink and cell.hyperlink.target]
    with zipfile.ZipFile(book) as package:
        for name in package.namelist():
            content = package.read(name).decode("utf-8", "replace")
            assert (
                not re.search(r"[\u202a-\u202e\u2066-\u2069]", content) or "sharedStrings" in name or "sheet1" in name
            )


def test_summary_and_letters_hold_nothing_that_is_obeyed(
    book: Path, nasty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the parts as they are stored, and in the texts that a program makes of them; signs that are only not seen may stay."""
    monkeypatch.chdir(tmp_path)
    asked = ["consolidate", book.name, "-o", "汇总.xlsx", "--with-forms", "--letters", "意见", "--jobs", "1"]
    assert main(asked) == 1
    written = [Path("汇总.xlsx"), *Path("意见").iterdir()]
    assert len(written) == 3
    copied = ("xl/sharedStrings.xml",)  # a form is copied as it is
    for path in written:
        with zipfile.ZipFile(path) as package:
            for name in package.namelist():
                content = package.read(name).decode("utf-8", "replace")
                if name.endswith(".xml") and (path.name != "汇总.xlsx" or name not in copied):
                    assert not STEERING.search(content), name
    workbook: Any = load_workbook("汇总.xlsx")
    for sheet in ("汇总", "项目", "指标", "问题", "附表目录"):
        texts = [cell.value for row in workbook[sheet].iter_rows() for cell in row if isinstance(cell.value, str)]
        assert not [text for text in texts if STEERING.search(text)]
        assert {cell.data_type for row in workbook[sheet].iter_rows() for cell in row} <= {"s", "n", "f"}
    assert not [name for name in workbook.sheetnames if STEERING.search(name)]


@pytest.mark.parametrize("sheet", ["=1+1", "+甲", "<b>甲", "甲'乙", "\u202e甲", "{0} %s"])
def test_names_of_sheets(
    sheet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PERFXL_DATA", str(tmp_path / "data"))
    path = write_book(tmp_path / "自评表.xlsx", {sheet: GOOD_FORM})
    change_book(path, sheet, H6=1, H17=12)
    assert main(["check", str(path), "--mark"]) == 1
    assert not OBEYED.search(capsys.readouterr().out)
    workbook: Any = load_workbook(path)
    results = workbook["检查结果"]
    assert {cell.data_type for row in results.iter_rows() for cell in row if cell.value is not None} <= {"s", "n", "d"}
    assert main(["clear", str(path)]) == 0
    assert load_workbook(path).sheetnames == [sheet]


def test_a_failure_names_a_file_safely(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "\x1b]0;标题\x07\u202e坏.xlsx"
    path.write_bytes(b"x")
    assert main(["check", str(path)]) == 2
    assert main(["undo", str(path)]) == 2
    assert main(["export", str(path), "-o", str(tmp_path / "\x1b[2J.pdf")]) == 2
    assert main(["consolidate", str(path), "--store", str(tmp_path / "\x1b[2J.txt" / "x.duckdb")]) == 2
    told = capsys.readouterr()
    assert not OBEYED.search(told.out + told.err)


def test_a_wrong_call_is_told_safely(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["check", "--\x1b[2J"], ["check", "x", "--format", "\x1b[2J"], ["\x1b[2J"]):
        with pytest.raises(SystemExit):
            main(arguments)
    assert not OBEYED.search(capsys.readouterr().err)


def test_summary_page_and_letters_hold_text_only(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, letters, summary = tmp_path / "页.html", tmp_path / "意见", tmp_path / "汇总.xlsx"
    status = main(["consolidate", str(book), "-o", str(summary), "--html", str(page), "--letters", str(letters)])
    assert status == 1
    told = capsys.readouterr()
    assert not OBEYED.search(told.out + told.err)
    for path in [summary, *letters.glob("*.xlsx")]:
        formulas = [
            str(cell.value)
            for sheet in load_workbook(path)
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        ]
        assert not [text for text in formulas if re.search(r"HYPERLINK|cmd|1\+1|SUM\(1\)", text)]
    elements = Elements()
    text = page.read_text(encoding="utf-8")
    elements.feed(text)
    assert not elements.names & {"img", "iframe"}
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x1b\x9b]", text)
    for letter in letters.glob("*.docx"):
        with zipfile.ZipFile(letter) as package:
            assert "<script" not in package.read("word/document.xml").decode()
