"""The report page in a real browser: what it says is what the store says, and it can be searched, opened and printed."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser

from perfxl.cli import main
from perfxl.consolidate.store import read_store
from perfxl.errors import BadSettings, UnwritableBook
from perfxl.reportpage import page as reportpage
from perfxl.reportpage.page import write_page
from tests.books import change_book, write_book
from tests.chromium import Tab, browser
from tests.consolidate.inbox import LONG_AGO, ask, form, hand_in, keep
from tests.libreoffice import pdf_text

HOSTILE = "</script><script>window.hit=1</script><img src=x onerror=window.hit=1>&amp;{{7*7}}\u202e倒写"
SHOWN = HOSTILE.replace("\u202e", "\\u202e")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an inbox of two years, its store and its page."""
    folder = tmp_path_factory.mktemp("page")
    inbox = folder / "报送"
    hand_in(inbox, "水务局/河堤 100%#1.xlsx", form(), form("水库除险"), form("渠道清淤"))
    hand_in(inbox, "教育局.xlsx", form("课桌更换", "青川市教育局"), form("操场翻新", "青川市教育局"))
    hand_in(inbox, "档案局.xlsx", form(HOSTILE, "青川市<b>档案局</b>"))
    hand_in(inbox, "去年.xlsx", form("河堤加固", **{"2022年度": "2021年度", "2022年1": "2021年1"}))
    change_book(inbox / "教育局.xlsx", "自评表1", H7="100%", H17=90)
    change_book(inbox / "档案局.xlsx", "自评表1", H7="100%")
    (inbox / "坏.xlsx").write_bytes(b"bad")
    for book in inbox.rglob("*.xlsx"):
        os.utime(book, (LONG_AGO, LONG_AGO))
    keep([inbox], folder / "汇总.duckdb")
    with read_store(folder / "汇总.duckdb") as sql:
        write_page(sql, folder / "报告.html")
    return folder


@pytest.fixture
def tab(chromium: Browser, made: Path) -> Iterator[Tab]:
    opened = Tab(chromium, made / "报告.html")
    yield opened
    assert (opened.requests, opened.complaints) == ([], [])
    opened.page.context.close()


def data_of(page: Path) -> Any:
    """The data that a page carries."""
    text = page.read_text(encoding="utf-8")
    return json.loads(text.partition('type="application/json">')[2].partition("</script>")[0])


def departments(tab: Tab) -> list[str]:
    return tab.texts("button.department .name")


def projects(tab: Tab) -> list[str]:
    return [text.partition(" 青川市")[0] for text in tab.texts("button.project .name")]


def test_the_figures_are_those_of_the_store(tab: Tab, made: Path) -> None:
    ((count, budget, executed),) = ask(
        made / "汇总.duckdb",
        "SELECT count(*), sum(budget_10k), sum(executed_10k) FROM counted WHERE year = 2022",
    )
    values = dict(zip(tab.texts(".card .label"), tab.texts(".card .value"), strict=True))
    assert values["项目"] == str(count) == "6"
    assert values["全年预算数（万元）"] == f"{budget:,.2f}" == "194.40"
    assert values["全年执行数（万元）"] == f"{executed:,.2f}" == "190.14"
    assert values["执行率"] == "97.81%"
    rows = ask(
        made / "汇总.duckdb",
        "SELECT severity, count(*) FROM findings JOIN counted USING "
        '(source, book, sheet, "index") WHERE year = 2022 GROUP BY ALL',
    )
    signs = {"error": "●", "warning": "▲", "advice": "○"}
    counts = {signs[name]: number for name, number in rows}
    shown = {text.split()[0]: int(text.split()[1]) for text in tab.texts(".card .badge")}
    assert shown == counts
    assert tab.texts("#subtitle") == ["2021–2022 年度 · 数据截至 2023-11-14"]


def test_a_year_stands_beside_the_year_before(tab: Tab) -> None:
    assert tab.texts(".card .below")[:2] == ["比上年增 0.00 个百分点", "比上年增 162.00"]
    tab.page.get_by_role("button", name="2021 年度").click()
    assert departments(tab) == ["青川市水务局"]
    assert tab.texts(".card .value")[3] == "1"


def test_departments_open_to_projects_and_findings(tab: Tab, made: Path) -> None:
    assert departments(tab) == ["青川市教育局", "青川市<b>档案局</b>", "青川市水务局"]
    assert projects(tab) == []
    tab.page.get_by_role("button", name="青川市教育局").click()
    assert projects(tab) == ["课桌更换", "操场翻新"]
    tab.page.locator("button.project").first.click()
    wrong = ask(
        made / "汇总.duckdb",
        "SELECT cell, code FROM findings JOIN forms USING (source, book, sheet) "
        "WHERE project = '课桌更换' AND code = 'FND001'",
    )
    heads = [text for text in tab.texts(".finding .head") if "FND001" in text]
    assert heads == [f"● 错误 {cell} 执行率有误 {code} 100% → 98%" for cell, code in wrong]
    assert "应为 98%" in " ".join(tab.texts(".finding"))
    tab.page.locator("button.project").first.click()
    assert tab.texts(".finding") == []
    tab.page.get_by_role("button", name="青川市教育局").click()
    assert projects(tab) == []


def test_links_lead_to_the_books(tab: Tab, made: Path) -> None:
    tab.page.get_by_role("button", name="青川市水务局").click()
    tab.page.locator("button.project").first.click()
    link = tab.page.locator(".file a")
    assert link.inner_text() == "水务局/河堤 100%#1.xlsx"
    address = link.get_attribute("href")
    assert address is not None and address.startswith("./")
    assert (made / unquote(address)).is_file()
    resolved = link.evaluate("link => link.href")
    assert resolved == (made.resolve() / "报送/水务局/河堤 100%#1.xlsx").as_uri()


def test_search_looks_into_names_files_and_findings(tab: Tab) -> None:
    for words, found in {
        "课桌": ["课桌更换"],
        "课桌 执行率有误": ["课桌更换"],
        "100%#1": ["渠道清淤", "水库除险", "河堤加固"],
        "fnd001": ["课桌更换", SHOWN],
        "没有这个": [],
    }.items():
        tab.page.get_by_role("searchbox").fill(words)
        expected = f"“{words}”：{len({*found}) and (2 if words == 'fnd001' else 1)} 个部门，{len(found)} / 6 个项目"
        tab.page.get_by_text(expected).wait_for()
        assert sorted(projects(tab)) == sorted(found)
    assert tab.texts(".empty") == ["没有符合条件的项目。"]
    tab.page.get_by_role("button", name="清除条件").click()
    assert len(departments(tab)) == 3


def test_filters_leave_what_is_asked_for(tab: Tab) -> None:
    tab.page.get_by_role("button", name="● 错误").click()
    assert sorted(projects(tab)) == sorted([SHOWN, "课桌更换"])
    tab.page.get_by_label("部门", exact=True).select_option("青川市教育局")
    assert projects(tab) == ["课桌更换"]
    tab.page.locator("button.project").click()
    assert {text.split()[1] for text in tab.texts(".finding .head")} == {"错误"}
    tab.page.get_by_label("总分", exact=True).select_option("80 – 90")
    assert projects(tab) == []
    tab.page.get_by_role("button", name="清除条件").click()
    tab.page.get_by_label("等级", exact=True).select_option("良")
    assert departments(tab) == []


def test_a_bar_of_a_chart_narrows_the_list(tab: Tab) -> None:
    assert [text.split()[0] for text in tab.texts("figcaption")] == ["各部门执行率", "等级", "问题类型", "总分分布"]
    bars = tab.page.locator("figure").nth(0).locator("svg path[fill='#0b6b68']")
    assert bars.count() == 3
    bars.nth(0).click()
    assert tab.page.get_by_label("部门", exact=True).input_value() != ""
    assert len(departments(tab)) == 1
    spoken = tab.page.locator(".canvas").nth(1).get_attribute("aria-label")
    assert spoken == "等级：优 6 个，良 0 个，中 0 个，差 0 个"


def test_heads_and_orders_sort(tab: Tab) -> None:
    tab.page.locator(".line.head").get_by_role("button", name="全年预算").click()
    assert departments(tab)[0] == "青川市水务局"
    assert tab.page.get_by_label("次序", exact=True).input_value() == "budget"
    tab.page.get_by_label("次序", exact=True).select_option("name")
    assert departments(tab) == ["青川市<b>档案局</b>", "青川市教育局", "青川市水务局"]


def test_a_second_click_sorts_the_other_way(tab: Tab) -> None:
    head = tab.page.locator(".line.head")
    head.get_by_role("button", name="部门").click()
    first = departments(tab)
    head.get_by_role("button", name="部门").click()
    assert departments(tab) == first[::-1]
    tab.page.get_by_role("button", name="倒序").click()
    assert departments(tab) == first


def test_hostile_names_are_shown_and_not_obeyed(tab: Tab) -> None:
    tab.page.get_by_role("button", name="青川市<b>档案局</b>").click()
    assert projects(tab) == [SHOWN]
    tab.page.locator("button.project").click()
    assert tab.page.evaluate("window.hit") is None
    assert tab.page.locator("img, b b").count() == 0


def test_no_script_but_the_pages_own_runs_and_nothing_is_fetched(chromium: Browser, made: Path, tmp_path: Path) -> None:
    text = (made / "报告.html").read_text(encoding="utf-8")
    assert not re.search(r"<(?:link|img|iframe|script[^>]+src)\b", text.partition('<script id="data"')[0])
    bad = tmp_path / "changed.html"
    bad.write_text(
        text.replace("<footer>", "<script>window.hit=1</script><img src='http://127.0.0.1:9/x.png'><footer>"),
        encoding="utf-8",
    )
    opened = Tab(chromium, bad)
    assert opened.page.evaluate("window.hit") is None
    assert sum("violates the following Content Security Policy" in line for line in opened.complaints) == 2
    opened.page.context.close()


def test_what_could_not_be_read_is_named(tab: Tab) -> None:
    assert tab.texts("#absent h2") == ["未能读取（1）"]
    assert tab.texts("#absent p")[0].startswith("坏.xlsx")


def test_who_has_not_handed_in_is_named(chromium: Browser, tmp_path: Path) -> None:
    hand_in(tmp_path / "报送", "a.xlsx", form())
    rows = {
        "A1": "主管部门",
        "B1": "项目名称",
        "A2": "青川市水务局",
        "B2": "河堤加固",
        "A3": "青川市体育局",
        "B3": "操场开放",
    }
    expected = write_book(tmp_path / "应报.xlsx", {"应报": rows})
    keep([tmp_path / "报送"], tmp_path / "a.duckdb", expected=expected)
    with read_store(tmp_path / "a.duckdb") as sql:
        write_page(sql, tmp_path / "a.html")
    opened = Tab(chromium, tmp_path / "a.html")
    assert opened.texts("#absent h2") == ["未报送（1）"]
    assert opened.texts("#absent b") == ["青川市体育局 · 操场开放"]
    assert "1 个部门 · 未报送 1" in opened.texts(".card .below")
    opened.page.context.close()


@pytest.mark.parametrize("width", [400, 800, 1280])
def test_nothing_is_wider_than_the_screen(chromium: Browser, made: Path, width: int) -> None:
    opened = Tab(chromium, made / "报告.html", width=width)
    opened.page.get_by_role("button", name="全部展开").click()
    assert opened.page.evaluate("document.documentElement.scrollWidth") == width
    assert len(opened.texts(".finding")) > 3
    opened.page.context.close()


def test_it_prints_on_a4(tab: Tab, tmp_path: Path) -> None:
    tab.page.get_by_role("button", name="全部展开").click()
    path = tmp_path / "page.pdf"
    tab.page.pdf(path=path, prefer_css_page_size=True, print_background=True)
    text = pdf_text(path)
    for words in ("项目支出绩效自评汇总", "各部门执行率", "课桌更换", "执行率有误", "坏.xlsx"):
        assert words in text
    assert "清除条件" not in text
    widths = tab.page.evaluate(
        "Array.from(document.querySelectorAll('.canvas svg'), svg => svg.getAttribute('viewBox'))"
    )
    assert all(widths)


def test_without_scripts_the_departments_are_there(chromium: Browser, made: Path) -> None:
    opened = Tab(chromium, made / "报告.html", scripts=False)
    rows = opened.texts("#fallback tr")
    assert rows[0] == "主管部门 年度 项目数 全年预算数 全年执行数 执行率 错误 警告 建议"
    assert any(row.startswith("青川市<b>档案局</b> 2022 1 32.40 31.69 97.81%") for row in rows)
    opened.page.context.close()


def test_a_page_with_too_little_room_keeps_departments_and_the_worst_projects(
    chromium: Browser, made: Path, tmp_path: Path
) -> None:
    small, whole = tmp_path / "small.html", tmp_path / "whole.html"
    with read_store(made / "汇总.duckdb") as sql:
        assert write_page(sql, whole).notes == []
        everything = data_of(whole)["projects"]
        rest = json.dumps(everything[2:], ensure_ascii=False, separators=(",", ":"))
        largest = whole.stat().st_size - len(rest.encode())
        (note,) = write_page(sql, small, largest=largest).notes
    shown = data_of(small)["projects"]
    assert small.stat().st_size <= largest
    assert shown == everything[: len(shown)] != []
    left_out = len(everything) - len(shown)
    assert f"另有 {left_out} 个项目只计入各项合计" in note
    opened = Tab(chromium, small)
    assert len(departments(opened)) == 3
    assert opened.texts(".notice") == [note]
    opened.page.get_by_role("button", name="青川市水务局").click()
    assert "个项目没有列在这一页上" in " ".join(opened.texts(".empty"))
    opened.page.context.close()


def test_departments_without_room_still_show_their_worst_projects(
    chromium: Browser, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perfxl.reportpage.content._DEPARTMENTS_SHARE", 10**9)
    with read_store(made / "汇总.duckdb") as sql:
        (note,) = write_page(sql, tmp_path / "a.html").notes
    assert note == "部门列出预算最大的 0 个，另有 4 个。"
    opened = Tab(chromium, tmp_path / "a.html")
    assert len(departments(opened)) == 3
    opened.page.get_by_role("button", name="青川市教育局").click()
    assert projects(opened) == ["课桌更换", "操场翻新"]
    assert opened.complaints == []
    opened.page.context.close()


def test_a_store_without_forms_gives_a_page_that_says_so(chromium: Browser, tmp_path: Path) -> None:
    (tmp_path / "报送").mkdir()
    (tmp_path / "报送/坏.xlsx").write_bytes(b"bad")
    keep([tmp_path / "报送"], tmp_path / "a.duckdb")
    with read_store(tmp_path / "a.duckdb") as sql:
        write_page(sql, tmp_path / "a.html")
    opened = Tab(chromium, tmp_path / "a.html")
    assert opened.texts("#subtitle") == ["没有自评表"]
    assert opened.texts("#absent h2") == ["未能读取（1）"]
    assert opened.complaints == []
    opened.page.context.close()


def test_the_same_store_leaves_the_page_alone(made: Path) -> None:
    path = made / "报告.html"
    before = path.stat()
    with read_store(made / "汇总.duckdb") as sql:
        assert not write_page(sql, path).changed
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_page_never_takes_the_place_of_another_file(made: Path, tmp_path: Path) -> None:
    (tmp_path / "own.html").write_text("<p>mine</p>", encoding="utf-8")
    with read_store(made / "汇总.duckdb") as sql:
        with pytest.raises(UnwritableBook, match="不是 perfxl 写的网页"):
            write_page(sql, tmp_path / "own.html")
        with pytest.raises(BadSettings, match=r"应以 \.html 结尾"):
            write_page(sql, tmp_path / "a.xlsx")
    assert (tmp_path / "own.html").read_text(encoding="utf-8") == "<p>mine</p>"


def test_the_command_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in(tmp_path / "报送", "a.xlsx", form())
    monkeypatch.chdir(tmp_path)
    assert main(["consolidate", "报送", "--store", "a.duckdb", "--html", "网页/报告.html"]) == 0
    assert "网页/报告.html" in capsys.readouterr().out
    data = data_of(Path("网页/报告.html"))
    assert [project[2] for project in data["projects"]] == ["河堤加固"]
    assert data["books"] == [["报送", "a.xlsx", "./../%E6%8A%A5%E9%80%81/a.xlsx"]]
    assert main(["consolidate", "报送", "--store", "b.duckdb", "--html", "报告.xlsx"]) == 2
    assert not Path("b.duckdb").exists()


def test_what_others_wrote_is_as_they_wrote_it() -> None:
    vendor = Path(reportpage.__file__).with_name("vendor")
    entries = tomllib.loads((vendor / "vendored.toml").read_text(encoding="utf-8"))
    for name, entry in entries.items():
        kept = {path.name for path in (vendor / name).iterdir()}
        assert kept == set(entry["files"]) and "LICENSE" in kept
        for file, about in entry["files"].items():
            assert hashlib.sha256((vendor / name / file).read_bytes()).hexdigest() == about["sha256"]
