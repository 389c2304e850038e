"""`perfxl live` as the buttons and people call it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from perfxl.cli import main
from perfxl.workbooks.live.application import Application, open_file
from tests.books import GOOD_FORM, write_book
from tests.live.books import make_book
from tests.populate.plans import project, write_plan


@pytest.fixture
def live(application: Application, accept: str, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs `perfxl live`; gives the exit status and what it printed on both streams."""
    del application

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(["live", *arguments, "--connect", accept])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def test_score_check_clear_and_undo(live: Any, application: Application, tmp_path: Path) -> None:
    path = make_book("faulty", tmp_path / "自评.xlsx")
    before = path.read_bytes()
    book = open_file(application, path)
    sheet = book.sheets["自评表"]

    status, out, _ = live("score")
    assert (status, "已更新" in out, sheet["H17"].value) == (1, True, pytest.approx(96.78))
    status, out, _ = live("check", "--no-mark", "--book", "自评.xlsx", "--format", "json")
    found = json.loads(out)
    assert (status, found["forms"][0]["total"]["printed"], found["changes"]) == (1, "96.78", [])
    assert live("clear")[:1] == (0,)
    assert sheet["I13"].note is None
    assert live("undo", "--book", str(path))[:1] == (0,)
    assert live("undo")[:1] == (0,)
    assert sheet["H17"].value == 97
    status, _, err = live("undo")
    assert (status, "没有可以撤销的操作" in err) == (2, True)
    assert path.read_bytes() == before  # saving is the user's


def test_a_file_that_is_not_open_is_opened(live: Any, application: Application, tmp_path: Path) -> None:
    path = make_book("faulty", tmp_path / "自评.xlsx")
    assert live("check", "--book", str(path))[0] == 1
    assert application.book("自评.xlsx").sheet_names == ["自评表", "说明", "检查结果"]


def test_populate_takes_sources(live: Any, application: Application, tmp_path: Path) -> None:
    book = open_file(application, write_book(tmp_path / "自评.xlsx", {"自评表": GOOD_FORM.replace("青川市河道所", "")}))
    plan = write_plan(tmp_path / "p.xlsx", [project(project_code=None, year=2022)])
    assert live("populate", "--from", str(plan))[0] == 0
    assert book.sheets["自评表"]["G4"].value == "青川市河道所"
    status, _, err = live("populate")
    assert (status, "--from" in err) == (2, True)


def test_a_book_without_a_form_is_told(live: Any, application: Application, tmp_path: Path) -> None:
    open_file(application, write_book(tmp_path / "a.xlsx", {"Sheet1": {"A1": "无"}}))
    status, out, _ = live("score")
    assert (status, "没有找到自评表" in out) == (0, True)
