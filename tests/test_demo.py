"""`perfxl demo`: the sample workbooks, what is done to them, and what the user is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from perfxl.cli import main
from perfxl.demo.fitting import row_heights
from perfxl.demo.layout import Drawing, lay_out_form, lay_out_ledger
from perfxl.demo.samples import load_samples
from perfxl.report.terminal import width
from tests.books import contents
from tests.libreoffice import convert

BOOKS = sorted(sample.path for sample in load_samples())

# Cell, value before, value after, by book.
CHANGES: dict[str, dict[str, tuple[object, object]]] = {
    "政务服务中心": {
        "网络防护!H6": (1, 0.999),
        "网络防护!H27": (97, 96.99),
        "系统升级!H22": (97, 98),
    },
    "教育局": {"自评表!I6": (8.58, 9.58)},
    "卫生健康局": {
        "自评表!H6": (None, 0.95),
        "自评表!I6": (None, 9.5),
        "自评表!H13": (None, 15),
        "自评表!H14": (None, 10),
        "自评表!H15": (None, 9.7),
        "自评表!H16": (None, 10),
        "自评表!H17": (None, 5),
        "自评表!H18": (None, 14.1),
        "自评表!H20": (None, 10),
        "自评表!H21": (None, 97.55),
    },
    "农业农村局": {},
    "图书馆": {},
}

TABLE = """
单位 · 工作表                 错误    警告    建议    改正  总分
────────────────────────────────────────────────────────────────────────────
政务服务中心 · 网络防护       2 → 1   8 → 7   2       2     97 → 96.99
政务服务中心 · 大厅运行       0       4       2       0     97
政务服务中心 · 系统升级       1 → 0   0       1       1     97 → 98
教育局 · 自评表               2 → 1   0       0       5     89.26 → 90.26
卫生健康局 · 自评表           9 → 2   0       0       10    空 → 97.55
农业农村局 · 自评表           2       0       0       0     98.4
图书馆 · 自评表               0       0       0       0     99.35
"""


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Steps for undo go to the test's folder, and the demo is made in it under a short name."""
    monkeypatch.setenv("PERFXL_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> str:
    """What the demo prints, made in the folder `demo`."""
    assert main(["demo", "demo"]) == 0
    return capsys.readouterr().out


def bytes_of(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("told")
def test_each_book_is_kept_as_it_came_and_scored_beside_it() -> None:
    originals, scored = bytes_of(Path("demo/原件")), bytes_of(Path("demo/计算后"))
    assert sorted(originals) == sorted(scored) == BOOKS
    assert {path.parent.name for path in BOOKS if originals[path] == scored[path]} == {"图书馆"}


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.parent.name)
def test_scoring_changes_these_cells_and_no_other(path: Path) -> None:
    before, after = contents("demo/原件" / path), contents("demo/计算后" / path)
    nothing = (None, "")
    changed = {
        place: (before.get(place, nothing)[0], after.get(place, nothing)[0])
        for place in before.keys() | after.keys()
        if before.get(place) != after.get(place)
    }
    assert changed == CHANGES[path.parent.name]


def test_table_says_what_was_wrong_and_what_was_put_right(told: str) -> None:
    assert TABLE in told


def test_each_change_and_what_is_left_is_told_with_its_cell(told: str) -> None:
    schools = told.partition("\n教育局/2024年度自评表.xlsx")[2].partition("\n\n")[0]
    assert schools.splitlines() == [
        " · 自评表（小学课后服务补助）",
        "  改正",
        "    I6       8.58 → 9.58        预算执行率得分有误",
        "    H21      89.26 → 90.26      公式随之重算",
        "    台账!F3  89.26 → 90.26      公式随之重算",
        "    台账!G3  良 → 优            公式随之重算",
        "    台账!G6  优 1 个 → 优 2 个  公式随之重算",
        "  留给人核对",
        "    ● 错误  FND003  资金分项与总额不符  F6",
    ]


def test_faultless_form_has_no_finding(told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "图书馆/2024年度自评表.xlsx · 自评表（全民阅读活动经费）\n  没有差错，没有改动\n" in told
    assert main(["check", "demo/原件/图书馆"]) == 0
    assert "未发现问题" in capsys.readouterr().out


def test_no_line_is_wider_than_a_terminal() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("perfxl"), "demo", "demo"],
        env=os.environ
        | {"PYTHONIOENCODING": "utf-8", "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert [line for line in run.stdout.splitlines() if width(line) > 80] == []
    assert "    perfxl undo 计算后/政务服务中心/2019年度自评表.xlsx\n" in run.stdout


def test_the_undo_it_names_gives_the_original_back(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("demo")
    book = "政务服务中心/2019年度自评表.xlsx"
    assert f"undo 计算后/{book}" in told.replace(" \\\n       ", "")
    assert main(["undo", f"计算后/{book}"]) == 0
    assert Path("计算后", book).read_bytes() == Path("原件", book).read_bytes()


def test_second_run_gives_the_same_workbooks_and_the_same_story(told: str, capsys: pytest.CaptureFixture[str]) -> None:
    first = bytes_of(Path("demo"))
    Path("demo/计算后", BOOKS[0]).unlink()
    Path("demo/计算后", BOOKS[1]).write_bytes(first[Path("原件", BOOKS[2])])
    assert main(["demo", "demo"]) == 0
    assert capsys.readouterr().out == told
    assert bytes_of(Path("demo")) == first


@pytest.mark.usefixtures("told")
def test_foreign_file_in_the_place_of_a_sample_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("demo/计算后", BOOKS[-1]).write_bytes(b"mine")
    Path("demo/note.txt").write_bytes(b"mine too")
    before = bytes_of(Path("demo"))
    assert main(["demo", "demo"]) == 2
    assert f"“demo/计算后/{BOOKS[-1]}”：未能生成样例：这里已有同名的文件" in capsys.readouterr().err
    assert bytes_of(Path("demo")) == before


@pytest.mark.usefixtures("told")
def test_open_sample_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    place = Path("demo/计算后", BOOKS[0])
    place.with_name(f".~lock.{place.name}#").write_text("张会计,,pc,01.01.2025 09:00,;", encoding="utf-8")
    before = bytes_of(Path("demo"))
    assert main(["demo", "demo"]) == 2
    assert "文件正由“张会计”打开" in capsys.readouterr().err
    assert bytes_of(Path("demo")) == before


def test_folder_that_is_a_file_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("demo").write_bytes(b"mine")
    assert main(["demo", "demo"]) == 2
    assert "未能保存" in capsys.readouterr().err
    assert Path("demo").read_bytes() == b"mine"


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("part", ["原件", "计算后"])
def test_formulas_hold_what_libreoffice_makes_of_them(part: str, own_data: Path) -> None:
    book = own_data / "demo" / part / "教育局" / "2024年度自评表.xlsx"
    assert results(convert(book, "xlsx", own_data / "recalculated", recalculate=True)) == results(book)


def results(path: Path) -> dict[str, object]:
    """The stored results of a workbook's formulas, by `sheet!cell`."""
    formulas = [place.split("!") for place, (value, _) in contents(path).items() if str(value).startswith("=")]
    assert formulas
    book = load_workbook(path, data_only=True)
    return {f"{sheet}!{cell}": book[sheet][cell].value for sheet, cell in formulas}


DRAWINGS = [
    drawing
    for sample in load_samples()
    for drawing in [*map(lay_out_form, sample.forms), *map(lay_out_ledger, sample.ledgers)]
]


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_drawn_boxes_do_not_overlap_and_rows_are_high_enough_to_show(drawing: Drawing) -> None:
    cells = [
        (row, column)
        for box in drawing.boxes
        for row in range(box.top, box.bottom + 1)
        for column in range(box.left, box.right + 1)
    ]
    assert len(cells) == len(set(cells))
    assert all(20 <= height <= 409 for height in row_heights(drawing.boxes, drawing.widths).values())
