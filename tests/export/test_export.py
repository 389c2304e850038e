"""Forms as documents to publish: what stands in the workbook stands in the document, on A4, and no personal data does."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document

from perfxl.cli import main
from perfxl.errors import BadSettings, MissingExtra, PerfxlError
from perfxl.export.exporting import export_books
from perfxl.sources import Book
from tests.books import GOOD_FORM, change_book, write_book
from tests.libreoffice import pdf_text


def export(out: Path, *books: Path, allow: bool = False) -> Any:
    export_books([Book(book, book.name) for book in books], out, allow_personal_data=allow)
    return Document(str(out)) if out.suffix == ".docx" else None


def table_texts(table: Any) -> list[list[str]]:
    """The rows of a Word table, each merged cell once a row."""
    out = []
    for row in table.rows:
        texts: list[str] = []
        seen: set[int] = set()
        for cell in row.cells:
            if id(cell._tc) not in seen:
                seen.add(id(cell._tc))
                texts.append(cell.text)
        out.append(texts)
    return out


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_book(tmp_path / "a.xlsx", {"自评表": GOOD_FORM})


def test_a_document_says_what_the_form_says(book: Path, tmp_path: Path) -> None:
    document = export(tmp_path / "a.docx", book)
    assert [p.text for p in document.paragraphs if p.text] == ["项目支出绩效自评表", "(2022年度)"]
    above, table = (table_texts(each) for each in document.tables)
    assert above[0] == ["项目名称", "河堤加固"]
    assert above[3] == ["项目资金(万元)", "年度资金总额", "32.4", "32.4", "31.69", "10", "97.81%", "9.78"]
    assert table[0] == [
        "",
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    ]
    assert table[2] == [
        *("绩效指标", "产出指标 50分", "质量指标", "验收合格率", "100%", "95%", "20", "19"),
        "一处护坡返工，已整改",
    ]
    assert table[-1] == ["总分", "100", "96.78", ""]


def test_a_blank_form_has_its_year_below_the_title(tmp_path: Path) -> None:
    main(["new", str(tmp_path / "空白.xlsx"), "--template", "2020"])
    document = export(tmp_path / "a.docx", tmp_path / "空白.xlsx")
    assert [p.text.replace(" ", "") for p in document.paragraphs if p.text] == ["项目支出绩效自评表", "（年度）"]
    assert table_texts(document.tables[0])[0][0] == "项目名称"


def test_pages_are_a4_and_repeat_title_and_head(book: Path, tmp_path: Path) -> None:
    document = export(tmp_path / "a.docx", book, book)
    assert len(document.sections) == 2
    for section in document.sections:
        assert [round(side.cm, 1) for side in (section.page_width, section.page_height)] == [21, 29.7]
        assert section.header.paragraphs[0].text == "项目支出绩效自评表　(2022年度)　河堤加固"
        assert section.first_page_header.paragraphs[0].text == ""
    heads = [row._tr.xpath("./w:trPr/w:tblHeader") for row in document.tables[1].rows]
    assert [bool(head) for head in heads[:2]] == [True, False]
    run = document.tables[0].rows[0].cells[0].paragraphs[0].runs[0]
    assert (run.font.name, run.font.size.pt) == ("宋体", 10.5)


def test_a_document_says_nothing_of_what_made_it(book: Path, tmp_path: Path) -> None:
    properties = export(tmp_path / "a.docx", book).core_properties
    assert (properties.author, properties.comments, properties.last_modified_by) == ("", "", "")
    assert properties.title == "项目支出绩效自评表"
    with ZipFile(tmp_path / "a.docx") as package:
        assert not [name for name in package.namelist() if "thumbnail" in name]


def test_the_same_forms_give_the_same_bytes(book: Path, tmp_path: Path) -> None:
    export(tmp_path / "a.docx", book)
    export(tmp_path / "b.docx", book)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


def test_personal_data_stops_it_unless_allowed(book: Path, tmp_path: Path) -> None:
    change_book(book, I14="联系人王某，电话13912345678，已整改")
    with pytest.raises(PerfxlError, match=r"1 处个人信息（a\.xlsx 的“自评表”I14") as raised:
        export(tmp_path / "a.docx", book)
    assert "13912345678" not in str(raised.value)
    assert not (tmp_path / "a.docx").exists()
    document = export(tmp_path / "a.docx", book, allow=True)
    assert "13912345678" in str(table_texts(document.tables[1]))


def test_what_is_hidden_is_not_published(book: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    workbook: Any = load_workbook(book)
    workbook["自评表"].row_dimensions[16].hidden = True
    hidden = workbook.copy_worksheet(workbook["自评表"])
    hidden.title, hidden.sheet_state = "底稿", "hidden"
    workbook.save(book)
    document = export(tmp_path / "a.docx", book)
    assert len(document.sections) == 1
    shown = str(table_texts(document.tables[1]))
    assert "沿岸防洪能力" in shown
    assert "沿岸居民满意度" not in shown  # row 16


def test_a_pdf_shows_the_form_and_its_page_numbers(book: Path, tmp_path: Path) -> None:
    export(tmp_path / "a.pdf", book, book)
    text = pdf_text(tmp_path / "a.pdf")
    assert text.count("项目支出绩效自评表") == 2
    assert "".join(text.split()).count("第2页共2页") == 1
    assert "97.81" in text


def test_without_libreoffice_a_pdf_is_refused_with_what_to_do(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingExtra, match=r"没有找到 LibreOffice.*导出 \.docx"):
        export(tmp_path / "a.pdf", book)
    assert not (tmp_path / "a.pdf").exists()


def test_on_windows_word_is_asked_where_libreoffice_is_not_there(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what is asked of Windows' shell can be seen here; Word itself was not tried."""
    shell = tmp_path / "bin" / "powershell.EXE"
    shell.parent.mkdir()
    shell.write_text('#!/bin/sh\n/bin/grep -q Word.Application "$6" && /bin/cat "$7" > "$8"\n')
    shell.chmod(0o755)
    monkeypatch.setenv("PATH", str(shell.parent))
    monkeypatch.setenv("PATHEXT", ".EXE")
    monkeypatch.setattr("perfxl.export.pdf.sys.platform", "win32")
    export(tmp_path / "a.pdf", book)
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"PK")  # the stand-in hands the document back
    shell.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(PerfxlError, match="LibreOffice、Word、WPS 都没有生成文件"):
        export(tmp_path / "b.pdf", book)
    assert not (tmp_path / "b.pdf").exists()


def test_other_names_and_books_without_forms_are_refused(book: Path, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"\.docx 或 \.pdf"):
        export(tmp_path / "a.txt", book)
    empty = write_book(tmp_path / "e.xlsx", {"台账": {"A1": "没有表"}})
    with pytest.raises(PerfxlError, match="没有找到自评表"):
        export(tmp_path / "a.docx", empty)


def test_the_command_line_exports(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(book), "-o", str(tmp_path / "out" / "a.docx")]) == 0
    assert "已导出 1 张表。" in capsys.readouterr().out
    assert main(["export", str(book), "-o", str(tmp_path / "a.xps")]) == 2
