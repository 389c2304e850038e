"""What `check --explain-reading` and `--marked-copy` tell of a workbook."""

import io
import json
import re
from pathlib import Path

import pytest
from openpyxl import Workbook

from perfxl.cli import main
from perfxl.form.reader import read_forms
from perfxl.form.taken import explained, taken
from perfxl.report.reading import write_reading
from tests.form.drawing import draw

PICTURE = """
项目支出绩效自评表 | < | < | < | < | <
(2022年度) | < | < | < | < | <
项目名称 | [318]<b>山塘</b>清淤 | < | < | 单位：万元 | <
 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
年度资金总额 | 30 | 29.97 | 10 | 99.90% | 9.99
三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 原因
清淤口数 | ≥12口 | 11口 | 60 | 55 | 一口改由社区承担
水质 | 改善 | 改善 | 30 | 满分 |
总分 | | | 100 | 94.99 |
"""


def test_each_cell_is_told_once_with_what_was_understood() -> None:
    [form] = read_forms(draw(PICTURE), "塘.xlsx")
    told = {item.value.at.a1: (item.label, item.understood) for item in taken(form)}
    assert told["B3"] == ("项目名称", "代码 318，名称 <b>山塘</b>清淤")
    assert told["A5"] == ("资金名称", "合计行")
    assert told["C5"] == ("全年执行数", "29.97万元")
    assert told["E5"] == ("执行率", "99.9%")
    assert told["B7"] == ("年度指标值", "数量 ≥ 12 口")
    assert told["C7"] == ("实际完成值", "数量 11 口")
    assert told["C8"] == ("实际完成值", "文字")
    assert told["E8"] == ("得分", "不是数")
    assert told["E9"] == ("总得分", "94.99")


def test_table_keeps_within_the_width_of_a_terminal() -> None:
    forms = read_forms(draw(PICTURE.replace("一口改由社区承担", "很长的原因" * 40)), "塘.xlsx")
    stream = io.StringIO()
    write_reading(forms, stream)
    lines = stream.getvalue().splitlines()
    assert lines[0] == "塘.xlsx · 自评表 · 第 1 张：各单元格读作什么"
    assert any(re.fullmatch(r"  B7 +年度指标值 +≥12口 +数量 ≥ 12 口", line) for line in lines)
    assert max(sum(2 if ord(c) > 0x2E80 else 1 for c in line) for line in lines) <= 80


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("98%以上", "数量 ≥ 98%"),
        ("3–5天", "数量 3 至 5 天"),
        ("下降5%", "数量 减少 5%"),
        ("2023年9月15日前", "日期，至 2023 年 9 月 15 日"),
        ("12月底前", "日期，至 12 月"),
        ("长期", "时期，没有截止日"),
        ("无", "空"),
        ("明显改善", "文字"),
    ],
)
def test_values_in_words(text: str, words: str) -> None:
    assert explained(text) == words


def book(folder: Path) -> Path:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "自评表"
    for row in (line.split("|") for line in PICTURE.strip().splitlines()):
        sheet.append([cell.strip().strip("<") or None for cell in row])
    path = folder / "塘.xlsx"
    workbook.save(path)
    return path


def test_json_holds_the_reading_only_where_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path)
    main(["check", "--format", "json", str(path)])
    [form] = json.loads(capsys.readouterr().out)["forms"]
    assert "reading" not in form
    main(["check", "--format", "json", "--explain-reading", str(path)])
    [form] = json.loads(capsys.readouterr().out)["forms"]
    assert {
        "block": "indicators",
        "role": "target",
        "row": 1,
        "cell": "B7",
        "text": "≥12口",
        "understood": "数量 ≥ 12 口",
    } in form["reading"]


def test_marked_copy_is_a_page_beside_the_book_that_stays_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, page = book(tmp_path), tmp_path / "读法.html"
    before = path.read_bytes()
    main(["check", "--marked-copy", str(page), str(path)])
    text = page.read_text(encoding="utf-8")
    assert '<td class="indicators" title="B7">≥12口<small>年度指标值：数量 ≥ 12 口</small></td>' in text
    assert "&lt;b&gt;山塘" in text and "<b>山塘" not in text
    assert path.read_bytes() == before
    assert "已写好标色的网页" in capsys.readouterr().out


def test_marked_copy_never_takes_the_place_of_a_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path)
    before = path.read_bytes()
    assert main(["check", "--marked-copy", str(path), str(path)]) == 2
    assert path.read_bytes() == before
    assert "应以 .html 结尾" in capsys.readouterr().err
