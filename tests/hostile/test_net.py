"""One book that perfxl itself makes a mistake with stops no other, and says whose mistake it is."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from perfxl import judging
from perfxl.cli import main
from perfxl.form.model import Form
from perfxl.form.reader import read_forms
from perfxl.grid.cells import Grid
from perfxl.populate import workbook
from tests.books import GOOD_FORM, write_book
from tests.populate.plans import project, write_plan

pytestmark = pytest.mark.usefixtures("own_data")


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        (RuntimeError("boom"), "perfxl 自身出错"),
        (RecursionError("deep"), "perfxl 自身出错"),
        (MemoryError(), "内存不够"),
    ],
)
@pytest.mark.parametrize("command", ["check", "score"])
def test_a_mistake_in_one_book(
    command: str,
    mistake: Exception,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def read(grid: Grid, book: str) -> list[Form]:
        if "二" in book:
            raise mistake
        return read_forms(grid, book)

    monkeypatch.setattr(judging, "read_forms", read)
    for name in ("一", "二", "三"):
        write_book(tmp_path / "报送" / f"{name}.xlsx", {"自评表": GOOD_FORM})
    assert main([command, str(tmp_path / "报送")]) == 2
    said = capsys.readouterr()
    assert told.replace(" ", "") in said.out.replace("\n", "").replace(" ", "")
    assert "2 张自评表" in said.out
    assert "Traceback" not in said.out + said.err
    assert main([command, str(tmp_path / "报送"), "--verbose"]) == 2
    said = capsys.readouterr()
    assert "Traceback" in said.err
    assert type(mistake).__name__ in said.err


def test_a_mistake_in_one_book_that_is_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def read(grid: Grid, book: str) -> list[Form]:
        if "二" in book:
            raise RuntimeError("boom")
        return read_forms(grid, book)

    monkeypatch.setattr(workbook, "read_forms", read)
    plan = write_plan(tmp_path / "计划.xlsx", [project(project_code=None, year=2022, department="另一个局")])
    for name in ("一", "二", "三"):
        write_book(tmp_path / "报送" / f"{name}.xlsx", {"自评表": GOOD_FORM})
    assert main(["populate", str(tmp_path / "报送"), "--from", str(plan), "--verbose"]) == 2
    said = capsys.readouterr()
    lines = [line for line in said.out.splitlines() if line.startswith("[")]
    assert ["未能处理" in line for line in lines] == [False, False, True]  # 一, 三, 二: in the order of their signs
    assert ["处与来源不符" in line for line in lines] == [True, True, False]
    assert "perfxl 自身出错" in said.out
    assert "RuntimeError: boom" in said.err


def test_ctrl_c_is_no_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(grid: Grid, book: str) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(judging, "read_forms", interrupt)
    assert main(["score", str(write_book(tmp_path / "一.xlsx", {"自评表": GOOD_FORM}))]) == 130
    assert "已按 Ctrl-C 停止" in capsys.readouterr().err
