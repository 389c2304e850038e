"""`perfxl demo`: the workbooks it makes, what is done to them step by step, and what the user is told."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from perfxl.cli import main
from perfxl.consolidate.store import read_store
from perfxl.demo.own import own_books
from perfxl.demo.plan import planned_projects
from perfxl.report.terminal import width
from perfxl.templates.drawing import SheetDrawing
from tests.books import contents
from tests.libreoffice import convert

BROKEN = Path("体育局/全民健身场地开放（传输中断）.xlsx")


def filled_scores(by_row: dict[int, float]) -> dict[str, tuple[object, object]]:
    """Scores that were blank, by their rows."""
    return {f"自评表!H{row}": (None, score) for row, score in by_row.items()}


# Cell, value before, value after, by book.
CHANGES: dict[str, dict[str, tuple[object, object]]] = {
    "交通运输局/2024年度自评表.xlsx": filled_scores(
        {13: 14.13, 14: 15, 15: 10, 16: 9.52, 17: 15, 18: 15, 19: 10},
    ),
    "住房和城乡建设局/2024年度自评表.xlsx": {},
    "农业农村局/2024年度自评表.xlsx": {},
    "卫生健康局/2024年度自评表.xlsx": filled_scores({13: 15, 14: 10, 15: 9.7, 17: 5, 18: 14.1, 20: 10}),
    "市场监督管理局/2024年度自评表.xlsx": {},
    "应急管理局/2024年度部门预算项目自评.xlsx": {},
    "政务服务中心/2019年度自评表.xlsx": {
        "网络防护!H6": (1, 0.999),
        "网络防护!H27": (97, 96.99),
        "系统升级!H22": (97, 98),
    },
    "教育局/2024年度自评表.xlsx": {"自评表!I6": (8.58, 9.58)},
    "教育局/2024年度自评表（初稿）.xlsx": {"自评表!I6": (8.58, 9.58)},
    "文化和旅游局/2024年度自评表.xlsx": {},
    "民政局/2024年度自评表.xlsm": filled_scores({13: 20, 14: 15, 15: 15, 17: 10}),
    "水务局/2024年度自评表.xlsx": {},
    "生态环境局/大气监测自评表.xlsx": {"大气监测!G6": (19.5, 19), "大气监测!G13": (99.5, 99)},
}
UNMARKED = {"文化和旅游局/2024年度自评表.xlsx", "生态环境局/大气监测自评表.xlsx"}


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


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A demo that no test changes: its folder, and what it printed."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as told:
        patch.setenv("PERFXL_DATA", str(folder / "data"))
        patch.chdir(folder)
        assert main(["demo", "demo"]) == 0
    yield folder / "demo", told.getvalue()


@pytest.fixture
def made(done: tuple[Path, str]) -> Path:
    """The folder of that demo."""
    return done[0]


def books_of(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*.xls[xm]"))


def bytes_of(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_forms_from_the_plan_say_what_the_plan_says(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(books_of(made / "2-生成的表")) == 8
    again = made.parent / "again"
    assert main(["new", str(again), "--plan", str(made / "1-计划/计划表.xlsx")]) == 0
    capsys.readouterr()
    same = [path for path in books_of(again) if (made / "2-生成的表" / path).exists()]
    assert len(same) == len(books_of(again)) - 1  # one got its form with buttons instead
    for path in same:
        assert contents(made / "2-生成的表" / path) == contents(again / path)
    (roads,) = (made / "2-生成的表").glob("*交通*")
    texts = {str(value) for value, _ in contents(roads).values()}
    project = next(each for each in planned_projects() if each.code == "24J101")
    assert {f"[{project.code}]{project.name}", project.department, project.goal} <= texts


def test_a_dozen_books_of_several_layouts_are_handed_in(made: Path) -> None:
    books = books_of(made / "3-报送")
    assert {str(path) for path in books} == {*CHANGES, str(BROKEN)}
    with read_store(made / "5-汇总/汇总.duckdb") as sql:
        layouts = {name for (name,) in sql.execute("SELECT DISTINCT layout FROM forms").fetchall()}
    assert len(layouts) >= 4
    parts = [name for path in books if path != BROKEN for name in zipfile.ZipFile(made / "3-报送" / path).namelist()]
    assert {"xl/vbaProject.bin", "xl/media/image1.png", "xl/comments1.xml"} <= set(parts)


def test_payments_are_filled_in_from_the_ledger(made: Path) -> None:
    cells = contents(made / "3-报送/卫生健康局/2024年度自评表.xlsx")
    project = next(each for each in planned_projects() if each.code == "24W001")
    assert cells["自评表!F6"][0] == sum(int(amount) for _, _, amount in project.payments) / 10_000 == 114


@pytest.mark.parametrize("path", CHANGES)
def test_scoring_changes_these_cells_and_no_other(made: Path, path: str) -> None:
    before, after = contents(made / "3-报送" / path), contents(made / "4-计算后" / path)
    nothing = (None, "")
    changed = {
        place: (before.get(place, nothing)[0], after.get(place, nothing)[0])
        for place in before.keys() | after.keys()
        if before.get(place) != after.get(place)
    }
    assert changed == CHANGES[path]


def test_books_with_findings_are_left_marked(made: Path) -> None:
    marked = {path for path in CHANGES if "检查结果" in load_workbook(made / "4-计算后" / path).sheetnames}
    assert CHANGES.keys() - marked <= UNMARKED
    assert len(marked) >= 11


def test_macros_picture_and_note_are_still_there(made: Path) -> None:
    for path, ending in (("民政局/2024年度自评表.xlsm", "vbaProject.bin"), ("教育局/2024年度自评表.xlsx", ".png")):
        with zipfile.ZipFile(made / "3-报送" / path) as before, zipfile.ZipFile(made / "4-计算后" / path) as after:
            (name,) = (name for name in before.namelist() if name.endswith(ending))
            assert after.read(name) == before.read(name)
    note: Any = load_workbook(made / "4-计算后/教育局/2024年度自评表.xlsx")["自评表"]["F6"].comment
    assert "国库支付系统" in note.text


def test_summary_page_and_letters_are_there(made: Path) -> None:
    results = made / "5-汇总"
    summary: Any = load_workbook(results / "汇总表.xlsx", read_only=True)
    assert summary.sheetnames[:4] == ["汇总", "项目", "指标", "问题"]
    assert (results / "报告.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    letters = sorted(path.stem for path in (results / "退回修改意见").glob("*.docx"))
    assert "云岭市教育局退回修改意见" in letters
    assert "云岭市文化和旅游局退回修改意见" not in letters
    with read_store(results / "汇总.duckdb") as sql:
        missing = {name for (name,) in sql.execute("SELECT found FROM findings WHERE code = 'XBK004'").fetchall()}
        replaced = sql.execute("SELECT book, superseded_by FROM forms WHERE superseded_by IS NOT NULL").fetchall()
        failed = [book for (book,) in sql.execute("SELECT book FROM failures").fetchall()]
    assert any("科学技术局" in name or "科普" in name for name in missing)
    assert replaced == [("教育局/2024年度自评表（初稿）.xlsx", "教育局/2024年度自评表.xlsx · 自评表")]
    assert failed == [str(BROKEN)]


def test_the_story_goes_from_plan_to_letters(done: tuple[Path, str]) -> None:
    folder, told = done
    titles = [line for line in told.splitlines() if line[:1].isdigit()]
    assert titles == ["1 计划", "2 生成自评表", "3 年底填报", "4 检查", "5 算分、标记", "6 撤销", "7 汇总"]
    assert "与报来的逐字节相同" in "".join(told.split())
    for row in (
        "政务服务中心 · 网络防护         2 → 1   8 → 7   2       2     97 → 96.99",
        "教育局 · 2024年度自评表（初稿）",
        "文化和旅游局 · 自评表           0       0       0       0     99.35",
    ):
        assert f"\n{row}" in told
    steps = re.split(r"\n\d [^\n]+\n", told.partition("接着可以试")[0])
    assert all("\n  打开 " in step for step in steps)
    opened = [words.partition("（")[0] for words in told.replace("\n  ", "").split("打开 ")[1:]]
    for path in opened:
        assert any((folder / path[: len(path) - cut]).exists() for cut in range(len(path))), path


def test_one_book_is_told_cell_by_cell(done: tuple[Path, str]) -> None:
    schools = done[1].partition("\n教育局/2024年度自评表.xlsx")[2].partition("\n  打开")[0]
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


def test_a_faultless_form_has_no_finding(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(made / "3-报送/文化和旅游局")]) == 0
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
    assert "    perfxl undo 4-计算后/卫生健康局/2024年度自评表.xlsx\n" in run.stdout


def test_the_undo_it_names_gives_the_original_back(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("demo")
    book = "卫生健康局/2024年度自评表.xlsx"
    assert f"undo 4-计算后/{book}" in told.replace(" \\\n       ", "")
    assert main(["undo", f"4-计算后/{book}"]) == 0
    assert Path("4-计算后", book).read_bytes() == Path("3-报送", book).read_bytes()


def test_a_second_run_makes_the_same_workbooks_and_tells_the_same(
    told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = [Path("demo", step) for step in ("1-计划", "2-生成的表", "3-报送")]
    first = [bytes_of(step) for step in steps]
    scored = {path: contents("demo/4-计算后" / Path(path)) for path in CHANGES}
    page = Path("demo/5-汇总/报告.html").read_bytes()
    Path("demo/4-计算后/水务局/2024年度自评表.xlsx").unlink()
    book: Any = load_workbook("demo/3-报送/教育局/2024年度自评表.xlsx")  # as if somebody had edited a sample
    book.active["H13"] = 1
    book.save("demo/3-报送/教育局/2024年度自评表.xlsx")
    assert main(["demo", "demo"]) == 0
    again = capsys.readouterr().out
    drop = [line for line in told.splitlines() if "已还原到" not in line]
    assert [line for line in again.splitlines() if "已还原到" not in line] == drop
    assert [bytes_of(step) for step in steps] == first
    assert {path: contents("demo/4-计算后" / Path(path)) for path in CHANGES} == scored
    assert Path("demo/5-汇总/报告.html").read_bytes() == page


@pytest.mark.usefixtures("told")
def test_a_foreign_workbook_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    Path("demo/4-计算后/水务局/2024年度自评表.xlsx").write_bytes(b"mine")
    Path("demo/note.txt").write_bytes(b"mine too")
    before = bytes_of(Path("demo"))
    assert main(["demo", "demo"]) == 2
    assert "“demo/4-计算后/水务局/2024年度自评表.xlsx”：未能生成样例" in capsys.readouterr().err
    assert bytes_of(Path("demo")) == before


@pytest.mark.usefixtures("told")
def test_an_open_sample_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    place = Path("demo/4-计算后/水务局/2024年度自评表.xlsx")
    place.with_name(f".~lock.{place.name}#").write_text("张会计,,pc,01.01.2025 09:00,;", encoding="utf-8")
    before = bytes_of(Path("demo"))
    assert main(["demo", "demo"]) == 2
    assert "文件正由“张会计”打开" in capsys.readouterr().err
    assert bytes_of(Path("demo")) == before


def test_a_folder_that_is_a_file_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("demo").write_bytes(b"mine")
    assert main(["demo", "demo"]) == 2
    assert "未能保存" in capsys.readouterr().err
    assert Path("demo").read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["教育局", "交通运输局"])
def test_formulas_hold_what_libreoffice_makes_of_them(made: Path, name: str, own_data: Path) -> None:
    book = made / "4-计算后" / name / "2024年度自评表.xlsx"
    assert results(convert(book, "xlsx", own_data / "recalculated", recalculate=True)) == results(book)


def results(path: Path) -> dict[str, object]:
    """The stored results of a workbook's formulas, by `sheet!cell`; nothing and an empty text are the same."""
    formulas = [place.split("!") for place, (value, _) in contents(path).items() if str(value).startswith("=")]
    assert formulas
    book = load_workbook(path, data_only=True)
    found = {f"{sheet}!{cell}": book[sheet][cell].value for sheet, cell in formulas}
    return {place: round(value, 9) if isinstance(value, float) else value or "" for place, value in found.items()}


@pytest.mark.parametrize("drawing", [sheet for sheets in own_books().values() for sheet in sheets])
def test_drawn_boxes_do_not_overlap(drawing: SheetDrawing) -> None:
    cells = [
        (row, column)
        for box in drawing.boxes
        for row in range(box.top, box.bottom + 1)
        for column in range(box.left, box.right + 1)
    ]
    assert len(cells) == len(set(cells))
    assert {column for _, column in cells} == set(range(1, len(drawing.widths) + 1))
