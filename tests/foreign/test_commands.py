"""`perfxl check`, `score`, `clear`, `populate` and `consolidate` on workbooks that perfxl reads and does not write."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.books import GOOD_FORM, contents, write_book
from tests.commands import Run
from tests.foreign.binary import write_xlsb
from tests.form.drawing import draw
from tests.libreoffice import convert

WRONG_RATE = GOOD_FORM.replace("97.81%", "100.00%", 1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("made")
    xlsx = write_book(folder / "自评表.xlsx", {"自评表": WRONG_RATE})
    found = {suffix: convert(xlsx, suffix, folder) for suffix in ("xls", "ods")}
    return found | {"xlsb": write_xlsb(folder / "自评表.xlsb", [draw(WRONG_RATE)])}


@pytest.fixture
def books(made: dict[str, Path], tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "报送").mkdir()
    found = {suffix: Path(shutil.copy(path, tmp_path / "报送" / path.name)) for suffix, path in made.items()}
    return found | {"et": Path(shutil.copy(made["xls"], tmp_path / "报送" / "自评表.et"))}


SUFFIXES = ["xls", "et", "xlsb", "ods"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_check_finds_the_wrong_rate(run: Run, books: dict[str, Path], suffix: str) -> None:
    before = books[suffix].read_bytes()
    status, report = run("check", books[suffix])
    (form,) = report["forms"]
    (finding,) = form["findings"]
    assert status == 1
    assert (finding["code"], finding["cell"], finding["found"]) == ("FND001", "H6", "100.00%")
    assert finding["expected"] == "97.81%"
    assert ("按两位小数比对" in finding["message"]) == (suffix == "ods")
    assert form["funds"][0]["executed"] == "31.69"
    assert books[suffix].read_bytes() == before


def test_a_rate_of_unknown_format_is_compared_at_two_decimals(run: Run, tmp_path: Path) -> None:
    """0.978 and 97.8086…% differ at two decimals, by one in the last place; the xlsx prints one decimal, and there they agree."""
    xlsx = write_book(tmp_path / "表.xlsx", {"自评表": GOOD_FORM.replace("97.81%", "97.8%", 1)})
    assert run("check", xlsx)[1]["forms"][0]["findings"] == []
    status, report = run("check", convert(xlsx, "ods", tmp_path))
    (finding,) = report["forms"][0]["findings"]
    assert (status, finding["code"], finding["severity"]) == (0, "FND001", "warning")
    assert "读不到单元格的数字格式，按两位小数比对" in finding["message"]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "arguments", [["score"], ["score", "--dry-run"], ["score", "--force"], ["check", "--mark"], ["clear"]]
)
def test_what_would_write_is_refused_with_what_to_do(
    run: Run, books: dict[str, Path], suffix: str, arguments: list[str]
) -> None:
    path = books[suffix]
    before = path.read_bytes()
    status, report = run(*arguments, path)
    (failure,) = report["failures"]
    assert (status, report["forms"], report["changes"], failure["book"]) == (2, [], [], str(path))
    kind = ".xls" if suffix == "et" else f".{suffix}"
    assert f"{kind} 格式只能读取检查" in failure["error"]
    assert "文件没有改动" in failure["error"]
    assert ("--to-xlsx" in failure["error"]) == (arguments[0] != "clear")
    assert path.read_bytes() == before
    assert sorted(os.listdir(path.parent)) == sorted(book.name for book in books.values())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_to_xlsx_scores_a_copy_beside(run: Run, books: dict[str, Path], suffix: str) -> None:
    path = books[suffix]
    before = path.read_bytes()
    status, report = run("score", "--to-xlsx", path)
    copy = path.with_suffix(".xlsx")
    assert (status, report["failures"]) == (0, [])
    (change,) = report["changes"]
    assert (change["book"], change["cell"], change["after"]) == (str(copy), "H6", "97.81%")
    assert any("另存，原文件没有改动" in note["note"] for note in report["notes"])
    assert contents(copy)["自评表!H6"][0] == 0.9781
    assert path.read_bytes() == before
    assert sorted(os.listdir(path.parent)) == sorted([*(book.name for book in books.values()), copy.name])
    scored = copy.read_bytes()
    status, report = run("score", "--to-xlsx", path)
    assert (status, "不会覆盖" in report["failures"][0]["error"]) == (2, True)
    assert copy.read_bytes() == scored
    assert run("score", "--to-xlsx", copy)[0] == 0  # what can be written is written where it is
    assert copy.read_bytes() == scored


def test_to_xlsx_marks_a_copy_and_undo_takes_it_back(run: Run, books: dict[str, Path]) -> None:
    copy = books["xls"].with_suffix(".xlsx")
    assert run("check", "--mark", "--to-xlsx", books["xls"])[0] == 1
    marked = copy.read_bytes()
    assert run("undo", copy)[0] == 0
    assert copy.read_bytes() != marked
    assert "检查结果!A1" not in contents(copy)


def test_dry_run_writes_no_copy(run: Run, books: dict[str, Path]) -> None:
    status, report = run("score", "--to-xlsx", "--dry-run", books["xls"])
    assert (status, [change["cell"] for change in report["changes"]]) == (0, ["H6"])
    assert not books["xls"].with_suffix(".xlsx").exists()


def test_a_copy_of_a_file_that_bears_the_name_itself_gets_a_number(
    run: Run, made: dict[str, Path], tmp_path: Path
) -> None:
    path = Path(shutil.copy(made["xls"], tmp_path / "自评表.xlsx"))
    status, report = run("score", "--to-xlsx", path)
    assert (status, report["changes"][0]["book"]) == (0, str(tmp_path / "自评表(2).xlsx"))
    assert path.read_bytes() == made["xls"].read_bytes()


def test_without_libreoffice_it_says_what_to_do(
    run: Run, books: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    status, report = run("score", "--to-xlsx", books["xls"])
    (failure,) = report["failures"]
    assert status == 2
    assert "没有找到 LibreOffice" in failure["error"]
    assert not books["xls"].with_suffix(".xlsx").exists()


def test_a_book_without_a_form_is_not_converted(run: Run, tmp_path: Path) -> None:
    path = convert(write_book(tmp_path / "台账.xlsx", {"表": {"A1": "日期", "A2": 3}}), "xls", tmp_path / "报送")
    status, report = run("score", "--to-xlsx", path)
    assert (status, "没有找到自评表" in report["failures"][0]["error"]) == (2, True)
    assert os.listdir(path.parent) == [path.name]


def test_a_folder_of_all_formats_is_consolidated(run: Run, books: dict[str, Path], tmp_path: Path) -> None:
    status, report = run("consolidate", books["xls"].parent, "--store", tmp_path / "库.duckdb")
    assert status == 1
    assert sorted(form["book"] for form in report["forms"]) == sorted(map(str, books.values()))
    assert {form["funds"][0]["executed"] for form in report["forms"]} == {"31.69"}
    assert {finding["code"] for form in report["forms"] for finding in form["findings"]} == {"FND001"}


def test_a_marked_copy_shows_what_an_xls_holds(run: Run, books: dict[str, Path], tmp_path: Path) -> None:
    page = tmp_path / "看.html"
    assert run("check", books["xls"], "--marked-copy", page)[0] == 1
    assert "河堤加固" in page.read_text(encoding="utf-8")


def test_sources_of_populate_may_be_of_any_format(run: Run, books: dict[str, Path], tmp_path: Path) -> None:
    target = write_book(
        tmp_path / "待填.xlsx", {"自评表": GOOD_FORM.replace("年度资金总额 | < | 32.4", "年度资金总额 | < | 99")}
    )
    status, report = run("populate", target, "--from", books["ods"])
    assert (status, report["failures"]) == (0, [])
    assert any("自评表.ods" in str(finding) for finding in report["findings"])  # where the two differ
    status, report = run("populate", books["xls"], "--from", target)
    assert (status, "格式只能读取检查" in report["failures"][0]["error"]) == (2, True)
