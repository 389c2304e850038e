"""A store of what was handed in: what stands in it, what a later run reads again, what comes and goes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from perfxl.checks import choose
from perfxl.consolidate.collect import Judging
from perfxl.consolidate.store import open_store
from perfxl.errors import BadSettings, UnreadableBook, UnwritableBook
from perfxl.judging import judge
from tests.books import change_book, write_book
from tests.consolidate.inbox import LONG_AGO, ask, form, hand_in, keep

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "2022年报送"
    hand_in(folder, "水务局/河堤.xlsx", form())
    hand_in(folder, "水务局/水库.xlsx", form("水库除险"), form("渠道清淤"))
    hand_in(folder, "教育局.xlsx", form("课桌更换", "青川市教育局"))
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "汇总.duckdb"


def test_what_stands_in_a_form_stands_in_the_store(inbox: Path, store: Path) -> None:
    keep([inbox], store)
    assert ask(store, "SELECT source, book, sheet, \"index\", project, department, year, money_unit FROM forms ORDER BY book, sheet") == [
        ("2022年报送", "教育局.xlsx", "自评表1", 1, "课桌更换", "青川市教育局", 2022, "万元"),
        ("2022年报送", "水务局/水库.xlsx", "自评表1", 1, "水库除险", "青川市水务局", 2022, "万元"),
        ("2022年报送", "水务局/水库.xlsx", "自评表2", 1, "渠道清淤", "青川市水务局", 2022, "万元"),
        ("2022年报送", "水务局/河堤.xlsx", "自评表1", 1, "河堤加固", "青川市水务局", 2022, "万元"),
    ]  # fmt: skip
    assert ask(
        store,
        "SELECT label, kind, budget, executed, execution_rate, score, expected_score FROM funds WHERE book = '教育局.xlsx'",
    )[0] == (
        "年度资金总额",
        "total",
        Decimal("32.4"),
        Decimal("31.69"),
        Decimal("0.9781"),
        Decimal("9.78"),
        Decimal("9.78"),
    )
    rows = ask(
        store,
        "SELECT level1, name, target, actual, kind, weight, score, cell_score FROM indicators WHERE book = '教育局.xlsx'",
    )
    assert rows[1] == ("产出指标", "验收合格率", "100%", "95%", "quantitative", Decimal(20), Decimal(19), "H13")
    assert ask(store, "SELECT total_printed, total_computed, total_grade FROM forms LIMIT 1") == [
        (Decimal("96.78"), Decimal("96.78"), "优")
    ]


def test_only_new_and_changed_books_are_read(inbox: Path, store: Path) -> None:
    first = keep([inbox], store)
    assert (first.read, first.unchanged) == (3, 0)
    second = keep([inbox], store)
    assert (second.read, second.unchanged) == (0, 3)
    os.utime(inbox / "教育局.xlsx", (LONG_AGO + 60, LONG_AGO + 60))
    touched = keep([inbox], store)
    assert (touched.read, touched.unchanged) == (0, 3)
    change_book(inbox / "教育局.xlsx", "自评表1", H17=90)
    hand_in(inbox, "卫健委.xlsx", form("疫苗采购", "青川市卫健委"))
    third = keep([inbox], store)
    assert (third.read, third.unchanged) == (2, 2)
    assert ask(store, "SELECT total_printed FROM forms WHERE book = '教育局.xlsx'") == [(Decimal(90),)]
    assert ask(store, "SELECT count(*) FROM forms") == [(5,)]
    assert ask(store, "SELECT count(*) FROM findings WHERE book = '教育局.xlsx' AND code = 'SCR008'") == [(1,)]


def unpacked(book: Path) -> Path:
    """The same book without compression, just written: its size tells nothing of its texts."""
    with zipfile.ZipFile(book) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(book, "w") as plain:
        for name, content in parts.items():
            plain.writestr(name, content)
    return book


def test_a_book_that_changed_within_its_time_is_read_again(inbox: Path, store: Path) -> None:
    book = unpacked(hand_in(inbox, "教育局.xlsx", form("课桌更换")))
    other = unpacked(hand_in(inbox.parent, "other.xlsx", form("课椅更换"))).read_bytes()
    keep([inbox], store)
    stat = book.stat()
    assert len(other) == stat.st_size
    book.write_bytes(other)
    os.utime(book, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert keep([inbox], store).read == 1
    assert ask(store, "SELECT project FROM forms WHERE book = '教育局.xlsx'") == [("课椅更换",)]


def test_other_rules_judge_all_books_anew(inbox: Path, store: Path) -> None:
    keep([inbox], store)
    assert keep([inbox], store, judging=Judging(ignore=choose(ignore=["EXP003"]).ignore)).read == 3
    (inbox / "perfxl.toml").write_text('ignore = ["IND003"]\n', encoding="utf-8")
    assert keep([inbox], store).read == 3
    assert keep([inbox], store).read == 0


def test_renamed_and_removed_books_are_noticed_within_the_sources_of_the_run(inbox: Path, store: Path) -> None:
    other = inbox.parent / "2021年报送"
    hand_in(other, "水务局.xlsx", form("旧项目"))
    keep([inbox, other], store)
    (inbox / "水务局/河堤.xlsx").rename(inbox / "河堤 终稿.xlsx")
    (inbox / "教育局.xlsx").unlink()
    shutil.rmtree(other)
    report = keep([inbox], store)
    assert (report.read, report.renamed, report.removed) == (0, 1, 1)
    assert ask(store, "SELECT source, book, forms FROM books ORDER BY ALL") == [
        ("2021年报送", "水务局.xlsx", 1),
        ("2022年报送", "水务局/水库.xlsx", 2),
        ("2022年报送", "河堤 终稿.xlsx", 1),
    ]
    for table in ("forms", "funds", "indicators", "facts"):
        assert ask(store, f"SELECT count(*) FROM {table} WHERE book IN ('教育局.xlsx', '水务局/河堤.xlsx')") == [(0,)]


def test_a_single_file_speaks_only_for_itself(inbox: Path, store: Path) -> None:
    keep([inbox], store)
    assert keep([inbox / "教育局.xlsx"], store).removed == 0
    assert keep([f"{inbox}/*.xlsx"], store).removed == 0
    (inbox / "教育局.xlsx").rename(inbox.parent / "教育局.xlsx")
    assert keep([f"{inbox}/水务局/*.xlsx"], store).removed == 0
    assert keep([inbox], store).removed == 1


def test_an_empty_folder_takes_nothing_away(inbox: Path, store: Path) -> None:
    keep([inbox], store)
    for entry in inbox.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    report = keep([inbox], store)
    assert report.removed == 0
    assert ask(store, "SELECT count(*) FROM forms") == [(4,)]


def test_one_bad_file_stops_no_other(inbox: Path, store: Path) -> None:
    (inbox / "坏.xlsx").write_bytes(b"PK\x03\x04 not a zip")
    (inbox / "空.xlsx").write_bytes(b"")
    (inbox / "~$教育局.xlsx").write_bytes(b"owner")
    for _ in range(2):  # what is known to be bad is not read again, and still told
        report = keep([inbox, inbox / "没有.xlsx"], store)
        assert [book for book, _ in report.figures.failures] == [str(inbox / "没有.xlsx"), "坏.xlsx", "空.xlsx"]
        assert all(error.endswith("。") for _, error in report.figures.failures)
    assert report.read == 0
    assert ask(store, "SELECT count(*) FROM forms") == [(4,)]
    hand_in(inbox, "坏.xlsx", form("修好的"))
    (inbox / "空.xlsx").unlink()
    assert keep([inbox], store).figures.failures == []


def test_archives_are_read_like_folders(inbox: Path, store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "压缩"
    folder.mkdir()
    with zipfile.ZipFile(folder / "水务局.zip", "w") as archive:
        archive.write(inbox / "水务局/河堤.xlsx", "报送/河堤.xlsx")
        archive.write(inbox / "水务局/水库.xlsx", "报送/水库.xlsx")
        archive.writestr("报送/~$水库.xlsx", b"owner")
        archive.writestr("说明.txt", b"text")
        archive.writestr("坏.xlsx", b"no workbook")
    (folder / "坏.zip").write_bytes(b"PK no archive")
    report = keep([folder], store)
    assert ask(store, "SELECT book, forms FROM books ORDER BY book") == [
        ("水务局.zip/坏.xlsx", 0),
        ("水务局.zip/报送/水库.xlsx", 2),
        ("水务局.zip/报送/河堤.xlsx", 1),
    ]
    assert [book for book, _ in report.figures.failures] == ["坏.zip", "水务局.zip/坏.xlsx"]
    assert keep([folder], store).read == 0


def test_two_contents_of_one_name_in_an_archive_are_both_left_unread(inbox: Path, store: Path, tmp_path: Path) -> None:
    """Which of them is handed in, nobody can know; a second copy of the same is none."""
    folder = tmp_path / "压缩"
    folder.mkdir()
    first, second = (inbox / "水务局/河堤.xlsx").read_bytes(), (inbox / "水务局/水库.xlsx").read_bytes()
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        for name, content in (("甲.xlsx", first), ("../甲.xlsx", second), ("乙.xlsx", first), ("/乙.xlsx", first)):
            archive.writestr(name, content)
    report = keep([folder], store)
    assert ask(store, "SELECT book, forms FROM books WHERE forms > 0") == [("a.zip/乙.xlsx", 1)]
    ((book, reason),) = report.figures.failures
    assert (book, "两个内容不同的同名文件" in reason) == ("a.zip/甲.xlsx", True)


def test_names_in_gbk_within_an_archive_are_read(inbox: Path, store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "压缩"
    folder.mkdir()
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("AAAA.xlsx", (inbox / "教育局.xlsx").read_bytes())
    raw = (folder / "a.zip").read_bytes().replace(b"AAAA", "教育".encode("gbk"))
    (folder / "a.zip").write_bytes(raw)
    keep([folder], store)
    assert ask(store, "SELECT book, forms FROM books") == [("a.zip/教育.xlsx", 1)]


def test_the_newest_of_two_forms_of_a_project_counts(inbox: Path, store: Path) -> None:
    hand_in(inbox, "水务局/河堤 修改.xlsx", form(), at=LONG_AGO + 1000)
    report = keep([inbox], store)
    assert report.figures.replaced == 1
    assert ask(store, "SELECT book, superseded_by FROM forms WHERE project = '河堤加固' ORDER BY book") == [
        ("水务局/河堤 修改.xlsx", None),
        ("水务局/河堤.xlsx", "水务局/河堤 修改.xlsx · 自评表1"),
    ]
    assert sorted(ask(store, "SELECT book, cell, severity FROM findings WHERE code = 'XBK001'")) == [
        ("水务局/河堤 修改.xlsx", "B3", "error"),
        ("水务局/河堤.xlsx", "B3", "error"),
    ]
    (inbox / "水务局/河堤.xlsx").unlink()
    assert keep([inbox], store).figures.replaced == 0
    assert ask(store, "SELECT count(*) FROM findings WHERE code = 'XBK001'") == [(0,)]


def test_amounts_add_up_in_one_unit_and_rates_by_money(inbox: Path, store: Path) -> None:
    hand_in(
        inbox,
        "教育局 二.xlsx",
        form(
            "校舍",
            "青川市教育局",
            **{"项目资金(万元)": "项目资金(元)", "32.4": "1000000", "31.69": "500000", "97.81%": "50.00%"},
        ),
    )
    hand_in(inbox, "教育局 三.xlsx", form("操场", "青川市教育局", **{"项目资金(万元)": "项目资金"}))
    report = keep([inbox], store)
    education = next(each for each in report.figures.departments if each.name == "青川市教育局")
    assert (education.projects, education.budget, education.executed) == (3, Decimal("132.4"), Decimal("81.69"))
    assert education.execution_rate == Decimal("0.616994")  # 81.69 ÷ 132.4, not the mean of 0.9781 and 0.5
    assert ask(store, "SELECT without_money_unit FROM department_figures WHERE department = '青川市教育局'") == [(1,)]


def test_one_department_under_two_spellings_is_added_up_as_one(inbox: Path, store: Path) -> None:
    hand_in(inbox, "水务 三.xlsx", form("泵站", "水务局"))
    report = keep([inbox], store)
    assert {each.name: each.projects for each in report.figures.departments} == {"青川市水务局": 4, "青川市教育局": 1}


def test_years_and_sources_stand_side_by_side(inbox: Path, store: Path) -> None:
    earlier = inbox.parent / "2021年报送"
    hand_in(earlier, "水务局/河堤.xlsx", form(**{"(2022年度)": "(2021年度)", "2022年": "2021年"}))
    keep([inbox], store)
    keep([earlier], store)
    assert ask(store, "SELECT source, year, count(*) FROM forms GROUP BY ALL ORDER BY year") == [
        ("2021年报送", 2021, 1),
        ("2022年报送", 2022, 4),
    ]
    assert ask(store, "SELECT count(*) FROM findings WHERE code = 'XBK001'") == [(0,)]


def test_folders_of_one_name_are_told_apart_by_name(inbox: Path, store: Path, tmp_path: Path) -> None:
    namesake = tmp_path / "别处" / inbox.name
    hand_in(namesake, "教育局.xlsx", form("别的"))
    with pytest.raises(BadSettings, match="同名"):
        keep([inbox, namesake], store)
    keep([inbox], store)
    with pytest.raises(BadSettings, match="另一个文件夹"):
        keep([namesake], store)
    keep([namesake], store, name="别处")
    assert ask(store, "SELECT source, count(*) FROM books GROUP BY ALL ORDER BY ALL") == [
        ("2022年报送", 3),
        ("别处", 1),
    ]


def test_a_folder_that_was_moved_is_the_same_source(inbox: Path, store: Path, tmp_path: Path) -> None:
    keep([inbox], store)
    (tmp_path / "新位置").mkdir()
    inbox.rename(tmp_path / "新位置" / inbox.name)
    report = keep([tmp_path / "新位置" / inbox.name], store)
    assert (report.read, report.unchanged, report.removed) == (0, 3, 0)


def test_odd_texts_come_back_as_they_were(store: Path, tmp_path: Path) -> None:
    odd = "a\"b,c\\N;'—=1+1"
    folder = tmp_path / os.fsdecode(b"\xff\xc4")
    hand_in(folder, 'x"y, z%.xlsx', form(odd))
    keep([folder], store)
    assert ask(store, "SELECT source, book, project FROM forms") == [("\\xff\\xc4", 'x"y, z%.xlsx', odd)]
    assert keep([folder], store).read == 0


def test_a_second_writer_is_told_who_is_at_work(inbox: Path, store: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from perfxl.consolidate.store import open_store\n"
        "with open_store(Path(sys.argv[1])): print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, store], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(UnwritableBook, match=f"进程 {holder.pid}.*暂时不能写入"):
            keep([inbox], store)
        with pytest.raises(UnreadableBook, match="暂时不能查询"):
            ask(store, "SELECT 1")
        holder.communicate()
    keep([inbox], store)


def test_what_is_no_store_is_left_alone(inbox: Path, tmp_path: Path) -> None:
    other = tmp_path / "账.duckdb"
    other.write_bytes(b"something else" * 1000)
    with pytest.raises(UnreadableBook, match="不是 perfxl 的汇总库"):
        keep([inbox], other)
    assert other.read_bytes() == b"something else" * 1000
    with pytest.raises(UnwritableBook, match="文件夹是否存在"):
        keep([inbox], tmp_path / "没有" / "a.duckdb")


def test_a_database_of_others_and_a_newer_store_are_refused(inbox: Path, store: Path, tmp_path: Path) -> None:
    import duckdb

    with duckdb.connect(str(tmp_path / "others.duckdb")) as sql:
        sql.execute("CREATE TABLE accounts (a INTEGER)")
    with pytest.raises(UnreadableBook, match="不是 perfxl 的汇总库"):
        keep([inbox], tmp_path / "others.duckdb")
    keep([inbox], store)
    with duckdb.connect(str(store)) as sql:
        sql.execute("UPDATE store SET version = 999")
    with pytest.raises(UnreadableBook, match="更新版本"):
        keep([inbox], store)


def test_a_kill_at_any_moment_leaves_a_store_that_opens(inbox: Path, store: Path, tmp_path: Path) -> None:
    for number in range(40):
        hand_in(inbox, f"更多/{number}.xlsx", form(f"项目{number}"))
    code = (
        "import sys, perfxl.consolidate.store as s; s._BATCH_BOOKS = 3\n"
        "from perfxl.cli import main; sys.exit(main(sys.argv[1:]))"
    )

    def start(store: Path) -> subprocess.Popen[bytes]:
        arguments: list[str | Path] = [
            sys.executable,
            "-c",
            code,
            "consolidate",
            inbox,
            "--store",
            store,
            "--jobs",
            "1",
        ]
        return subprocess.Popen(arguments, stdout=subprocess.DEVNULL)

    before = time.monotonic()
    assert start(tmp_path / "whole.duckdb").wait() == 0
    usual = time.monotonic() - before
    counts = []
    for part in range(1, 13):
        with start(store) as run:
            time.sleep(usual * part / 12)
            run.send_signal(signal.SIGKILL)
        if store.exists():
            with open_store(store) as opened:
                of_books, forms = opened.sql.execute(
                    "SELECT (SELECT sum(forms) FROM books), (SELECT count(*) FROM forms)"
                ).fetchall()[0]
            assert of_books in (None, forms)
            counts.append(forms)
    assert any(counts)  # some runs had begun to keep forms
    report = keep([inbox], store)
    assert report.figures.forms == 44
    assert not Path(f"{store}.load").exists()


def test_ctrl_c_keeps_what_was_read(inbox: Path, store: Path) -> None:
    from perfxl.consolidate.executors import run_here

    def interrupted(tasks, judging):  # type: ignore[no-untyped-def]
        for number, collected in enumerate(run_here(tasks, judging)):
            if number == 2:
                raise KeyboardInterrupt
            yield collected

    with pytest.raises(KeyboardInterrupt):
        keep([inbox], store, run=interrupted)
    assert ask(store, "SELECT count(*) FROM books") == [(2,)]
    report = keep([inbox], store)
    assert (report.read, report.unchanged) == (1, 2)


def test_a_list_tells_who_has_not_handed_in(inbox: Path, store: Path) -> None:
    listed = write_book(
        inbox.parent / "应报清单.xlsx",
        {
            "说明": {"A1": "请按时报送"},
            "清单": {
                "A1": "2022年度应报项目清单", "A2": "序号", "B2": "主管部门", "C2": "项目名称（全称）",
                "A3": 1, "B3": "[120]青川市水务局", "C3": "河堤加固",
                "A4": 2, "B4": "青川市水务局", "C4": "水库除险加固",
                "A5": 3, "B5": "青川市教育局", "C5": "操场维修",
                "A6": 4, "B6": "青川市民政局", "C6": None,
                "B7": "合计",
            },
        },
    )  # fmt: skip
    report = keep([inbox], store, expected=listed)
    assert ask(
        store, "SELECT found, book, cell FROM findings WHERE code = 'XBK004' ORDER BY across, book NULLS FIRST"
    ) == [
        ("水库除险加固", None, None),
        ("水库除险加固", "水务局/水库.xlsx", "B3"),
        ("操场维修", None, None),
        ("青川市民政局", None, None),
    ]
    assert (report.figures.errors, report.figures.missing) == (1, 3)  # one of them stands in a form, under a near name
    hand_in(inbox, "民政局.xlsx", form("敬老院", "青川市民政局"))
    assert keep([inbox], store).figures.missing == 2  # the list holds
    with pytest.raises(UnreadableBook, match="不是应报清单"):
        keep([inbox], store, expected=write_book(inbox.parent / "别的.xlsx", {"a": {"A1": "账"}}))


def test_indicators_are_added_up_before_it_is_told_how_far_they_were_met(inbox: Path, store: Path) -> None:
    hand_in(
        inbox,
        "水务 三.xlsx",
        form("泵站", **{"2.1公里": "1公里", "32.4": "64.8", "31.69": "63.38", "95% | 20 | 19": "98% | 20 | 19"}),
    )
    keep([inbox], store)
    found = ask(
        store,
        "SELECT name, sign, unit, projects, target, actual, met FROM indicator_figures "
        "WHERE department = '青川市水务局' AND name IN ('加固长度', '验收合格率') ORDER BY name",
    )
    assert found[0] == ("加固长度", "≥", "公里", 4, 8, Decimal("7.3"), Decimal("0.9125"))  # (3 × 2.1 + 1) ÷ (4 × 2)
    name, *_, met = found[1]
    assert (name, met) == ("验收合格率", Decimal("0.962"))  # (3 × 32.4 × 95 % + 64.8 × 98 %) ÷ 162


def test_a_store_of_an_older_version_is_brought_up_to_date(inbox: Path, store: Path) -> None:
    keep([inbox], store)
    as_first_version(store)
    (inbox / "教育局.xlsx").unlink()
    report = keep([inbox], store)
    assert (report.read, report.removed) == (2, 1)
    assert ask(store, "SELECT count(*) FROM indicator_figures") != [(0,)]
    assert ask(store, "SELECT version FROM store") == [(3,)]


def as_first_version(store: Path) -> None:
    """Takes away what later versions have added."""
    import duckdb

    with duckdb.connect(str(store)) as sql:
        sql.execute("DROP VIEW indicator_figures")
        for column in ("sign", "unit", "target_number", "actual_number"):
            sql.execute(f"ALTER TABLE indicators DROP COLUMN {column}")
        as_second_version(sql)
        sql.execute("UPDATE store SET version = 1")


def as_second_version(sql: DuckDBPyConnection) -> None:
    """Takes away what the third version has added."""
    sql.execute("ALTER TABLE expected DROP COLUMN missing")
    for view in ("department_figures", "counted", "form_figures"):
        sql.execute(f"DROP VIEW {view}")
    sql.execute("UPDATE store SET version = 2")


def test_a_store_of_the_second_version_is_not_read_again(inbox: Path, store: Path) -> None:
    import duckdb

    keep([inbox], store)
    with duckdb.connect(str(store)) as sql:
        as_second_version(sql)
    report = keep([inbox], store)
    assert (report.read, report.unchanged) == (0, 3)
    assert ask(store, "SELECT count(*) FROM form_figures") == [(4,)]


def test_a_mistake_of_perfxl_in_one_book_stops_no_other(
    inbox: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistaken(workbook, name, how):  # type: ignore[no-untyped-def]
        if name == "教育局.xlsx":
            raise IndexError
        return judge(workbook, name, how)

    monkeypatch.setattr("perfxl.consolidate.collect.judge", mistaken)
    report = keep([inbox], store)
    assert [book for book, _ in report.figures.failures] == ["教育局.xlsx"]
    assert report.figures.forms == 3
    monkeypatch.undo()
    assert keep([inbox], store).figures.failures == []
