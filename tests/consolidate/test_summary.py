"""The summary workbook as people get it: what stands in it, that its formulas agree with LibreOffice, when it is written and when not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfxl.cli import main
from perfxl.consolidate.store import read_store
from perfxl.consolidate.summary.links import Links
from perfxl.consolidate.summary.texts import escaped
from perfxl.consolidate.summary.writing import write_summary
from tests.books import change_book, write_book
from tests.consolidate.inbox import form, hand_in
from tests.libreoffice import convert

SHEETS = ["汇总", "项目", "指标", "问题", "未报送", "读取失败"]
HEADINGS = [
    "主管部门", "实施单位", "项目名称", "年度", "年初预算数", "全年预算数", "全年执行数", "执行率", "执行得分", "指标得分", "总分", "等级",
    "错误数", "警告数", "文件", "工作表",
]  # fmt: skip


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "报送"
    hand_in(folder, "水务局/河堤.xlsx", form())
    hand_in(folder, "水务局/水库.xlsx", form("水库除险"), form("渠道清淤"))
    hand_in(folder, "教育局.xlsx", form("课桌更换", "青川市教育局"))
    change_book(folder / "教育局.xlsx", "自评表1", H17=90)
    (folder / "坏 #1.xlsx").write_bytes(b"bad")
    monkeypatch.chdir(tmp_path)
    return folder


def summary(*arguments: str, out: str = "汇总.xlsx") -> int:
    return main(["consolidate", "报送", "-o", out, "--jobs", "1", *arguments])


def rows(sheet: Worksheet) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def formulas_and_values(path: Path) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Each formula of a workbook with the value that the file stores for it."""
    written, valued = load_workbook(path), load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): (cell.value, valued[sheet.title][cell.coordinate].value)
        for sheet in written
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def assert_agrees_with_libreoffice(path: Path, folder: Path) -> int:
    """Every value that is stored for a formula is the one that LibreOffice works out; gives the number of formulas."""
    ours = formulas_and_values(path)
    recalculated = load_workbook(convert(path, "xlsx", folder, recalculate=True), data_only=True)
    theirs = {place: recalculated[place[0]][place[1]].value for place in ours}
    differing = {
        place: (formula, value, theirs[place])
        for place, (formula, value) in ours.items()
        if value != theirs[place]
        and not (isinstance(value, int | float) and theirs[place] == pytest.approx(value, rel=1e-12, abs=1e-9))
        and (value or None, theirs[place] or None) != (None, None)
    }
    assert not differing
    return len(ours)


def test_the_sheets_hold_what_was_handed_in(inbox: Path) -> None:
    assert summary() == 2  # one book cannot be read
    book = load_workbook("汇总.xlsx", data_only=True)
    assert book.sheetnames == SHEETS
    head, *projects, sums = rows(book["项目"])
    assert list(head[:16]) == HEADINGS
    assert [each[:8] for each in projects] == [
        ("青川市教育局", "青川市河道所", "课桌更换", 2022, 32.4, 32.4, 31.69, 0.978086),
        ("青川市水务局", "青川市河道所", "水库除险", 2022, 32.4, 32.4, 31.69, 0.978086),
        ("青川市水务局", "青川市河道所", "渠道清淤", 2022, 32.4, 32.4, 31.69, 0.978086),
        ("青川市水务局", "青川市河道所", "河堤加固", 2022, 32.4, 32.4, 31.69, 0.978086),
    ]
    assert sums[0] == "合计（4 张）"
    assert sums[5] == pytest.approx(129.6)
    assert len(rows(book["指标"])) == 1 + 20
    assert {row[1] for row in rows(book["问题"])[1:]} == {"SCR008", "EXP004"}
    assert rows(book["读取失败"])[1][1] == "坏 #1.xlsx"


def test_formulas_agree_with_libreoffice(inbox: Path, tmp_path: Path) -> None:
    last_year = form("课桌更换", "青川市教育局").replace("2022", "2021").replace("31.69", "30.00")
    hand_in(inbox, "去年.xlsx", last_year, form("没有预算", "A*局").replace("32.4", "0"))
    hand_in(inbox, "新.xlsx", form("河堤加固"), at=1_800_000_000)
    hand_in(inbox, "没写部门.xlsx", form("甲").replace("主管部门 | 青川市水务局", "主管部门 | "))
    hand_in(inbox, "没写年度.xlsx", form("乙").replace("2022年", "").replace("2022", ""))
    hand_in(inbox, "没写单位.xlsx", form("丙", '=HYPERLINK("x")').replace("(万元)", ""))
    hand_in(inbox, "大小写.xlsx", form("丁", "Aa局"), form("戊", "aa局"))
    summary()
    assert assert_agrees_with_libreoffice(tmp_path / "汇总.xlsx", tmp_path / "lo") > 150
    said = {row[0] for row in rows(load_workbook("汇总.xlsx")["汇总"])}
    assert "▲ 有 1 张自评表没有写金额单位，金额未计入合计。" in said
    assert "图和以上各数是 2022 年度的；2021 年度、没有写年度的列在后面，对比见工作表“年度对比”。" in said


def test_the_findings_of_a_replaced_form_stand_apart(inbox: Path) -> None:
    hand_in(inbox, "教育局（改）.xlsx", form("课桌更换", "青川市教育局"), at=1_800_000_000)
    summary()
    book = load_workbook("汇总.xlsx", data_only=True)
    page = rows(book["汇总"])
    head = next(row for row in page if row[0] == "主管部门")
    sums = next(row for row in page if row[0] == "合计")
    errors = page[4][8]  # the last of the key figures
    assert errors == sums[head.index("错误数")]
    head, *found = rows(book["问题"])
    at = {heading: place for place, heading in enumerate(head)}
    wrong = [(row[at["文件"]], row[at["计入合计"]]) for row in found if row[at["代码"]] == "SCR008"]
    assert wrong == [("教育局.xlsx", "否")]
    counted = sum("错误" in str(row[at["级别"]]) and row[at["计入合计"]] == "是" for row in found)
    assert errors == counted == 1  # that it was handed in twice


def test_a_summary_of_nothing_can_be_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("报送").mkdir()
    assert summary() == 2
    assert load_workbook("汇总.xlsx").sheetnames == SHEETS
    assert_agrees_with_libreoffice(tmp_path / "汇总.xlsx", tmp_path / "lo")


def test_a_summary_of_the_same_content_is_left_alone(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    summary("--store", "a.duckdb")
    written = Path("汇总.xlsx").read_bytes()
    Path("汇总.xlsx").chmod(0o444)  # whoever wrote would fail
    summary("--store", "a.duckdb")
    assert "汇总表：汇总.xlsx（没有变化，保持原样）" in capsys.readouterr().out
    summary()  # the content counts, not the store
    assert Path("汇总.xlsx").read_bytes() == written
    Path("汇总.xlsx").chmod(0o644)
    (inbox / "教育局.xlsx").unlink()
    summary("--store", "a.duckdb")
    assert len(rows(load_workbook("汇总.xlsx")["项目"])) == 1 + 3 + 1


@pytest.mark.parametrize("damage", [lambda raw: raw[: len(raw) // 2], lambda raw: raw[:9000] + b"\0" + raw[9001:]])
def test_a_damaged_summary_is_written_anew(inbox: Path, damage: Any) -> None:
    summary()
    whole = Path("汇总.xlsx").read_bytes()
    Path("汇总.xlsx").write_bytes(damage(whole))
    summary()
    assert Path("汇总.xlsx").read_bytes() == whole


def test_a_file_that_is_no_summary_is_not_replaced(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    foreign = (inbox / "教育局.xlsx").read_bytes()
    Path("汇总.xlsx").write_bytes(foreign)
    assert summary("--store", "a.duckdb") == 2
    assert Path("汇总.xlsx").read_bytes() == foreign
    assert not Path("a.duckdb").exists()  # told before the work, not after it
    assert "不是由 perfxl 汇总写成的文件，没有改动" in capsys.readouterr().err
    summary("--force")
    assert load_workbook("汇总.xlsx").sheetnames == SHEETS


def test_what_cannot_be_written_is_told_before_the_work(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert summary("--store", "a.duckdb", out="没有/汇总.xlsx") == 2
    assert "所在文件夹不存在，请先建立该文件夹。没有生成文件。" in capsys.readouterr().err
    assert summary("--store", "a.duckdb", out="汇总.csv") == 2
    assert "-o 应为以 .xlsx 结尾的文件名" in capsys.readouterr().err
    assert not Path("a.duckdb").exists()
    summary()
    Path(".~lock.汇总.xlsx#").write_text(",张三,PC-1,05.03.2026 10:21,file:///x;", encoding="utf-8")
    assert summary("--store", "a.duckdb") == 2
    assert "文件正由 张三 打开，没有改动" in capsys.readouterr().err
    assert summary("--store", "a.duckdb", "--force") == 2  # only for the bad book
    assert "汇总表：汇总.xlsx" in capsys.readouterr().out


def test_a_summary_is_no_source(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        summary("--store", "a.duckdb", out="报送/汇总.xlsx")
    said = capsys.readouterr().out
    assert "说明\n汇总.xlsx\n    这是 perfxl 写的汇总表，不是报送的自评表，已跳过。" in said
    assert "共有 4 张自评表" in said or "汇总库中有 4 张自评表" in said
    resaved = load_workbook("报送/汇总.xlsx")
    resaved["汇总"]["A2"] = "某人改过"
    resaved.save("报送/汇总.xlsx")
    for command in ("check", "score"):
        assert main([command, "报送/汇总.xlsx"]) == 2
        assert "这是 perfxl 写的汇总表" in capsys.readouterr().out
        main([command, "报送"])
        assert "报送/汇总.xlsx\n    这是 perfxl 写的汇总表" in capsys.readouterr().out
    main(["consolidate", "报送/汇总.xlsx", "--store", "b.duckdb"])
    assert "这是 perfxl 写的汇总表" in capsys.readouterr().out


HOSTILE = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "<b>&\"'</b>", "长" * 40_000]


def test_a_text_stays_a_text(inbox: Path, tmp_path: Path) -> None:
    for number, text in enumerate(HOSTILE):
        path = hand_in(inbox, f"{number}.xlsx", form(f"项目{number}", "某局"))
        book = load_workbook(path)
        cell = book["自评表1"]["I13"]
        cell.value = text
        cell.data_type = "s"
        book.save(path)
    summary()
    sheet = load_workbook("汇总.xlsx")["指标"]
    reasons = {row[2].value: row[13] for row in sheet.iter_rows(min_row=2) if row[6].value == "验收合格率"}
    for number, text in enumerate(HOSTILE[:-1]):
        assert (reasons[f"项目{number}"].value, reasons[f"项目{number}"].data_type) == (text, "s")
    longest = str(reasons[f"项目{len(HOSTILE) - 1}"].value)
    assert len(longest) < 32_767
    assert longest.endswith("（全文见汇总库）")
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert_agrees_with_libreoffice(tmp_path / "汇总.xlsx", tmp_path / "lo")


def test_signs_that_xml_cannot_hold_are_written_as_excel_does() -> None:
    assert escaped("a\x07b\r\n_x0041_\uffff&\u202e") == "a\\x07b\n_x005F_x0041__xFFFF_&amp;\\u202e"
    assert escaped("零\u200b宽") == "零\u200b宽"


def test_findings_lead_to_their_cells(inbox: Path) -> None:
    book = "水务局/it's #1 100%.xlsx"
    hand_in(inbox, book, form("涵洞", "某局"))
    workbook = load_workbook(inbox / book)
    workbook["自评表1"].title = "it's 表"
    workbook["it's 表"]["H17"] = 90
    workbook.save(inbox / book)
    summary()
    sheet = load_workbook("汇总.xlsx")["问题"]
    found = {(row[5].value, row[1].value): row for row in sheet.iter_rows(min_row=2)}["涵洞", "SCR008"]
    for cell, place in ((found[7], "'it''s 表'!H17"), (found[11], None)):
        assert cell.hyperlink is not None
        assert cell.hyperlink.target == "报送/水务局/it's%20%231%20100%25.xlsx"
        assert cell.hyperlink.location == place
    assert found[7].value == "H17"


@pytest.mark.parametrize(
    ("book", "address"),
    [
        ("/data/汇总/a b.xlsx", "a%20b.xlsx"),
        ("/data/报送/局/a.xlsx", "../报送/局/a.xlsx"),
        ("/mnt/share/a#1.xlsx", "file:///mnt/share/a%231.xlsx"),
        ("/a.xlsx", "file:///a.xlsx"),
    ],
)
def test_links_are_relative_where_books_and_summary_can_be_moved_together(book: str, address: str) -> None:
    links = Links(Path("/data/汇总"))
    links.add("A1", links.way(book, None))
    assert f'Target="{address}"' in links.relationships.decode()


def test_more_rows_than_a_sheet_has_stay_in_the_store(inbox: Path, tmp_path: Path) -> None:
    summary("--store", "a.duckdb")
    with read_store(Path("a.duckdb")) as sql:
        written = write_summary(sql, tmp_path / "b.xlsx", most_rows=4)
    assert written.notes[0].startswith("▲ “项目”共 4 行，一张工作表放不下，这里只有前 2 行；全部在汇总库中")
    book = load_workbook("b.xlsx", data_only=True)
    assert [book[name].max_row for name in ("项目", "指标", "问题")] == [4, 4, 4]
    said = [row[0] for row in rows(book["汇总"])]
    assert written.notes[0] in said
    assert book["项目"]["F4"].value == pytest.approx(129.6)  # the sums are those of all forms
    assert rows(book["汇总"])[4][3] == pytest.approx(129.6)
    assert_agrees_with_libreoffice(tmp_path / "b.xlsx", tmp_path / "lo")


def test_who_has_not_handed_in_is_listed(inbox: Path) -> None:
    expected = {"A1": "主管部门", "B1": "项目名称", "C1": "年度"}
    for row, entry in enumerate(
        (("青川市水务局", "河堤加固", 2022), ("青川市水务局", "水库除险工程", 2022), ("民政局", "养老院", 2022)), 2
    ):
        expected |= dict(zip((f"A{row}", f"B{row}", f"C{row}"), entry, strict=True))  # type: ignore[arg-type]
    write_book(inbox.parent / "清单.xlsx", {"应报": expected})
    summary("--expected", "清单.xlsx")
    book = load_workbook("汇总.xlsx")
    _, *missing = rows(book["未报送"])
    assert [(*row[:4], *row[5:]) for row in missing] == [
        ("青川市水务局", None, "水库除险工程", 2022, "清单.xlsx", "应报 B3"),
        ("民政局", None, "养老院", 2022, "清单.xlsx", "应报 B4"),
    ]
    assert "水库除险" in str(missing[0][4])  # handed in under a near name
    assert "▲ 未报送 2 项，见工作表“未报送”。" in {row[0] for row in rows(book["汇总"])}


def test_years_stand_side_by_side(inbox: Path) -> None:
    last_year = form("课桌更换", "青川市教育局").replace("2022", "2021").replace("31.69", "16.2")
    hand_in(inbox, "去年.xlsx", last_year.replace("97.81%", "50.00%"))
    summary()
    book = load_workbook("汇总.xlsx", data_only=True)
    assert book.sheetnames == [*SHEETS, "项目两年对比", "年度对比"]
    row = next(row for row in rows(book["项目两年对比"]) if row[2] == "课桌更换")
    assert row[3:10] == (2022, 2021, 32.4, 32.4, 0, 0.978086, 0.5)
    row = next(row for row in rows(book["年度对比"]) if row[0] == "青川市教育局")
    assert row[1:] == (1, 1, 32.4, 32.4, 0, 31.69, 16.2, *map(pytest.approx, (15.49, 0.978086, 0.5, 0.478086)))


def test_only_the_year_before_is_last_year(inbox: Path) -> None:
    for name in ("前年.xlsx", "前年（修改）.xlsx"):
        hand_in(inbox, name, form("课桌更换", "青川市教育局").replace("2022", "2020"))
    summary("--store", "库.duckdb")
    book = load_workbook("汇总.xlsx", data_only=True)
    assert "重复报送的只计一张" in rows(book["汇总"])[5]  # in the year shown none came twice
    assert book.sheetnames == [*SHEETS, "年度对比"]
    told = [row for row in rows(book["年度对比"]) if row[0]]
    assert [(row[0], row[2], row[4], row[7]) for row in told if row[0] in ("2020", "2022")] == [
        ("2020", None, None, None),
        ("2022", None, None, None),
    ]
    assert told[-1][0] == "库中没有 2021 年度的自评表，各部门不与上年对比。"
