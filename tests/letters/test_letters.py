"""Letters that send forms back: each department its own findings, in a document and a workbook that are ready to send."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from perfxl.checks.texts import FOLDER, load_text
from perfxl.cli import main
from perfxl.consolidate.outputs import State
from perfxl.consolidate.store import read_store
from perfxl.errors import UnwritableBook
from perfxl.letters.addressing import without_program
from perfxl.letters.writing import write_letters
from perfxl.workbooks.ownbooks import own_kind
from tests.books import change_book
from tests.consolidate.inbox import form, hand_in, keep
from tests.libreoffice import convert, pdf_text

KIND = "退回修改意见"
OTHER_REASONS = {
    "一处护坡返工，已整改": "砂石料复检晚了一批，合格率低五个百分点",
    "上游支流未纳入本期，汛期仍有积水点": "泵站二期未开工，暴雨日仍有两处积水",
}


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two departments with faults, one without."""
    folder = tmp_path / "报送"
    hand_in(folder, "水务局/河堤.xlsx", form())
    hand_in(
        folder,
        "教育局.xlsx",
        form("课桌更换", "青川市教育局", **OTHER_REASONS),
        form("操场翻新", "青川市教育局", **OTHER_REASONS),
    )
    change_book(folder / "教育局.xlsx", "自评表1", H7="100%", H17=90)
    hand_in(folder, "档案局.xlsx", form("库房除湿", "青川市档案局"))
    change_book(folder / "档案局.xlsx", "自评表1", I13="库房温控设备检修，停用两周", I15="目录数字化只完成一期", H17=50)
    monkeypatch.chdir(tmp_path)
    return folder


def written(inbox: Path, folder: Path = Path("意见"), sources: tuple[str, ...] = ("报送",)) -> Any:
    keep([inbox], Path("汇总.duckdb"))
    with read_store(Path("汇总.duckdb")) as sql:
        return write_letters(sql, folder, list(sources))


def names(folder: Path = Path("意见")) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def texts(path: Path) -> list[str]:
    return [paragraph.text for paragraph in Document(str(path)).paragraphs if paragraph.text]


def test_each_department_with_findings_gets_a_document_and_a_workbook(inbox: Path) -> None:
    told = written(inbox)
    assert names() == [f"青川市{name}{KIND}{suffix}" for name in ("教育局", "档案局") for suffix in (".docx", ".xlsx")]
    assert told.notes == [
        "写给 2 个部门，各一份 Word 和一份 Excel。",
        "没有问题、不需要意见的部门 1 个：青川市水务局。",
    ]
    assert told.changed


def test_the_document_says_what_to_change_in_which_cell(inbox: Path) -> None:
    written(inbox)
    path = Path(f"意见/青川市教育局{KIND}.docx")
    title, addressee, found, asked, first, second, contact, stamp, date = texts(path)
    assert title == f"关于2022年度项目支出绩效自评表的{KIND}"
    assert addressee == "青川市教育局："
    assert "共 2 张" in found and "2 处错误" in found
    assert asked.startswith("标为“错误”的须更正。") and "＿＿＿＿年＿＿月＿＿日前重新报送" in asked
    assert (first, second) == ("一、需要修改的自评表", "二、逐项意见")
    assert (contact, stamp, date) == (
        "联系人：＿＿＿＿＿＿　　电话：＿＿＿＿＿＿＿＿",
        "（盖章）",
        "＿＿＿＿年＿＿月＿＿日",
    )
    forms, findings = (
        [[cell.text for cell in row.cells] for row in table.rows] for table in Document(str(path)).tables
    )
    assert forms[1] == ["1", "课桌更换", "32.40", "31.69", "97.81%", "96.78（优）", "2", "0", "2"]
    assert forms[-1][0] == "合计"
    assert forms[-1][-3:] == ["2", "0", str(sum(int(row[-1]) for row in forms[1:-1]))]
    assert findings[1][0] == "1．课桌更换　教育局.xlsx · 自评表1"
    rate = next(row for row in findings if row[0] == "H7")
    assert rate[1] == "● 错误"
    assert rate[2].startswith("“其中:当年财政拨款”的执行率填写为 100%（H7）。")
    assert rate[3:] == ["100% → 98%", "请核对两个金额后改为 98%。"]


def test_no_letter_asks_for_a_program_that_its_reader_may_not_have() -> None:
    messages = [message for path in FOLDER.glob("*.toml") for message in load_text(path.stem).messages.values()]
    told = list(map(without_program, messages))
    assert sum(one != other for one, other in zip(messages, told, strict=True)) > 10
    assert not [message for message in told if "perfxl" in message or "计算得分" in message]
    assert all(message.endswith("。") for message in told)
    assert (
        without_program("请改为 97，或用“计算得分”自动更正；当地规定取整的可以不改。")
        == "请改为 97；当地规定取整的可以不改。"
    )


def test_the_workbook_has_a_line_a_finding_and_texts_stay_texts(inbox: Path) -> None:
    written(inbox)
    book: Any = load_workbook(f"意见/青川市教育局{KIND}.xlsx")
    sheet = book[KIND]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(number for number, row in enumerate(rows) if row[0] == "序号")
    assert rows[head][1:7] == ["项目名称", "文件", "工作表", "单元格", "级别", "问题"]
    assert {(row[1], row[4], row[7], row[8]) for row in rows[head + 1 :] if row[1] == "课桌更换"} >= {
        ("课桌更换", "H7", "100%", "98%"),
        ("课桌更换", "H17", "90", "96.78"),
    }
    assert sheet.freeze_panes == f"A{head + 2}"
    assert sheet.auto_filter.ref.startswith(f"A{head + 1}:K")
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == (
        9,
        "landscape",
        0,
    )


def test_texts_that_look_like_formulas_are_no_formulas(tmp_path: Path) -> None:
    inbox = tmp_path / "报送"
    hand_in(inbox, "a.xlsx", form("=HYPERLINK(1)\u202e倒写", "=cmd|' /C calc'!A0"))
    change_book(inbox / "a.xlsx", "自评表1", H17=90)
    book: Any = load_workbook(inbox / "a.xlsx")
    for address in ("B3", "B4"):
        book.active[address].data_type = "s"
    book.save(inbox / "a.xlsx")
    keep([inbox], tmp_path / "a.duckdb")
    with read_store(tmp_path / "a.duckdb") as sql:
        write_letters(sql, tmp_path / "意见", ["报送"])
    (path,) = (tmp_path / "意见").glob("*.xlsx")
    sheet = load_workbook(path)[KIND]
    found = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert found and {cell.data_type for cell in found} == {"s"}
    assert any(cell.value == "=HYPERLINK(1)\\u202e倒写" for cell in found)
    words = Path(next((tmp_path / "意见").glob("*.docx")))
    assert "\u202e" not in zipfile.ZipFile(words).read("word/document.xml").decode()


def test_sums_are_formulas_that_libreoffice_agrees_with(inbox: Path, tmp_path: Path) -> None:
    hand_in(inbox, "教育局2.xlsx", form("宿舍修缮", "青川市教育局", **OTHER_REASONS))
    change_book(inbox / "教育局2.xlsx", "自评表1", D6="", E6="", F6="")
    written(inbox)
    path = Path(f"意见/青川市教育局{KIND}.xlsx")
    stored: Any = load_workbook(path, data_only=True)["涉及的自评表"]
    formulas: Any = load_workbook(path)["涉及的自评表"]
    again: Any = load_workbook(convert(path, "xlsx", tmp_path / "lo", recalculate=True), data_only=True)["涉及的自评表"]
    last = stored.max_row
    for column in "DEFHIJ":
        assert str(formulas[f"{column}{last}"].value).startswith("=")
        assert stored[f"{column}{last}"].value == pytest.approx(again[f"{column}{last}"].value, rel=1e-12)
    assert stored[f"F{last}"].value == pytest.approx(31.69 / 32.4)


def test_libreoffice_shows_the_letters_whole(inbox: Path, tmp_path: Path) -> None:
    written(inbox)
    for suffix in (".docx", ".xlsx"):
        text = "".join(
            pdf_text(convert(Path(f"意见/青川市教育局{KIND}{suffix}"), "pdf", tmp_path / suffix[1:])).split()
        )
        for words in ("青川市教育局：", "课桌更换", "请核对两个金额后改为98%", "（盖章）", "第1页共"):
            assert words in text
        assert "###" not in text


def test_letters_are_never_sources(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(inbox, inbox / "意见")
    assert {own_kind(path) for path in (inbox / "意见").iterdir()} == {"letter"}
    main(["consolidate", "报送", "--store", "b.duckdb"])
    said = capsys.readouterr().out
    assert said.count("这是 perfxl 写的退回修改意见，不是报送的自评表，已跳过。") == 2
    assert "汇总库中有 4 张自评表" in said


def test_names_that_no_file_may_bear(tmp_path: Path) -> None:
    inbox = tmp_path / "报送"
    departments = ["水务局/河道局", "水务局:河道局", "长" * 300, "CON"]
    for number, department in enumerate(departments):
        hand_in(inbox, f"{number}.xlsx", form(f"项目{number}", department))
        change_book(inbox / f"{number}.xlsx", "自评表1", H17=90)
    keep([inbox], tmp_path / "a.duckdb")
    with read_store(tmp_path / "a.duckdb") as sql:
        write_letters(sql, tmp_path / "意见", ["报送"])
    stems = {path.name.partition(KIND)[0] for path in (tmp_path / "意见").glob("*.docx")}
    assert stems == {"水务局_河道局", "水务局_河道局(2)", "长" * 60, "_CON"}
    (path,) = (tmp_path / "意见").glob("长*.docx")
    assert texts(path)[1] == "长" * 300 + "："


def test_what_a_person_filled_in_stays_until_the_letter_says_something_else(inbox: Path) -> None:
    written(inbox)
    path = Path(f"意见/青川市教育局{KIND}.xlsx")
    change_book(path, KIND, K6="已更正")
    edited = path.read_bytes()
    told = written(inbox)
    assert (told.changed, path.read_bytes()) == (False, edited)
    change_book(inbox / "教育局.xlsx", "自评表1", H17=91)
    assert written(inbox).changed
    assert "91" in {cell.value for row in load_workbook(path)[KIND].iter_rows() for cell in row}


def test_an_earlier_letter_to_a_department_without_findings_is_named(inbox: Path) -> None:
    written(inbox)
    change_book(inbox / "档案局.xlsx", "自评表1", H17=96.78)
    assert written(inbox).notes[-1] == (
        f"以前写的意见，现在已没有问题，请不要再发出：青川市档案局{KIND}.docx、青川市档案局{KIND}.xlsx。"
    )


def test_an_earlier_letter_to_a_department_that_hands_nothing_in_any_more_is_named_and_stays(inbox: Path) -> None:
    written(inbox)
    (inbox / "档案局.xlsx").unlink()
    before = names()
    told = written(inbox)
    assert told.notes[-1] == (
        "以前写的意见，这次的来源里没有这些部门的自评表，请核对后再决定是否发出："
        f"青川市档案局{KIND}.docx、青川市档案局{KIND}.xlsx。"
    )
    assert names() == before
    assert {file.path.name: file.state for file in told.files} == {
        f"青川市教育局{KIND}.docx": State.UNCHANGED,
        f"青川市教育局{KIND}.xlsx": State.UNCHANGED,
        f"青川市档案局{KIND}.docx": State.OUTDATED,
        f"青川市档案局{KIND}.xlsx": State.OUTDATED,
    }


def test_only_what_this_run_handed_in_is_sent_back(inbox: Path) -> None:
    last_year = inbox.parent / "去年报送"
    hand_in(last_year, "旧.xlsx", form("旧项目", "青川市教育局"))
    change_book(last_year / "旧.xlsx", "自评表1", H17=1)
    keep([last_year], Path("汇总.duckdb"))
    written(inbox)
    assert "旧项目" not in "".join(
        cell.text for table in Document(f"意见/青川市教育局{KIND}.docx").tables for cell in table._cells
    )


def test_files_of_others_are_not_replaced(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("意见").mkdir()
    mine = Path(f"意见/青川市教育局{KIND}.docx")
    mine.write_bytes(b"mine")
    with pytest.raises(UnwritableBook, match="不是 perfxl 写的"):
        written(inbox)
    assert mine.read_bytes() == b"mine"
    assert main(["consolidate", "报送", "--store", "b.duckdb", "--letters", "报送/教育局.xlsx"]) == 2
    assert "--letters 应为文件夹" in capsys.readouterr().err


def test_the_command_tells_where_they_are(inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["consolidate", "报送", "--letters", "意见"]) == 1
    said = "".join(capsys.readouterr().out.split())
    assert "退回修改意见：意见写给2个部门" in said
    assert "下一步：把“意见”中的退回修改意见填上日期，盖章后发给各部门。" in said
