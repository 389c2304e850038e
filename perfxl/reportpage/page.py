"""Writes the report page: markup, style, scripts and data in one file that asks nothing of a network."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from perfxl import __version__
from perfxl.consolidate.outputs import Kind, Written, written_or_not
from perfxl.data import load_toml
from perfxl.errors import BadSettings, UnwritableBook
from perfxl.files import file_bytes, replace_file, write_failure
from perfxl.folders import made_for_writing
from perfxl.reportpage.content import (
    GRADES,
    SCORE_EDGES,
    PageFigures,
    PageProjects,
    json_text,
    read_figures,
    read_projects,
)
from perfxl.reportpage.links import BookLinks
from perfxl.signs import shown

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SUFFIXES = (".html", ".htm")
LARGEST = 20_000_000
"""Bytes of a page, at most."""

TITLE = "项目支出绩效自评汇总"
_GENERATOR = "perfxl"
_OURS = f'<meta name="generator" content="{_GENERATOR} '.encode()
_HEAD = 4096  # bytes in which a page says what made it
_ASSETS = Path(__file__).with_name("assets")
_VENDOR = Path(__file__).with_name("vendor")
_LIBRARY = _VENDOR / "echarts" / "echarts.common.min.js"
_SCRIPTS = ("model.js", "elements.js", "figures.js", "charts.js", "list.js", "main.js")
_WITHOUT_SCRIPTS = 100  # departments that are shown where scripts do not run
_LONGEST_NAME = 60
_WORDS = 1000  # bytes for the words on what was left out


def write_page(sql: DuckDBPyConnection, out: Path, *, largest: int = LARGEST) -> Written:
    """Writes what a store holds as a page; one that would say the same is left alone.

    Beyond `largest` bytes it shows the departments with their counts, and those projects that have most findings.

    Raises:
        BadSettings: the name does not end with .html.
        UnwritableBook: a file that is no such page stands there, or the place cannot be written.
    """
    old = check_place(out)
    figures = read_figures(sql, largest)
    frame = _frame(figures)
    room = largest - _WORDS - len(_page(frame, figures, PageProjects([], [], 0), "").encode())
    shown = read_projects(sql, room, BookLinks(out.absolute().parent))
    left_out = _left_out(figures, shown, largest)
    page = _page(frame, figures, shown, left_out).encode()
    if page != old:
        with made_for_writing(out.parent):
            replace_file(out, page, fsync=False)
    changed = page != old
    files = [written_or_not(Kind.PAGE, out, changed)]
    return Written("网页", out, changed, files, [left_out] if left_out else [], "用浏览器打开网页，逐个部门展开核对。")


def check_place(path: Path) -> bytes | None:
    """Whether a page may be written there, before the work for it is done; gives the page that stands there, None where nothing does.

    Raises:
        BadSettings, UnwritableBook: as `write_page`.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise BadSettings(f"不能把网页写成“{path.name}”。--html 的文件名应以 .html 结尾。", key="--html")
    try:
        data = file_bytes(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise write_failure(error, path) from error
    if _OURS not in data[:_HEAD]:
        message = "未能写出网页：这里已有同名的文件，不是 perfxl 写的网页，不会覆盖。请换一个文件名，或先移走这个文件。"
        raise UnwritableBook(message, book=path)
    return data


def _frame(figures: PageFigures) -> dict[str, str]:
    """What goes into the page besides its data, by the names in `page.html`."""
    library = _LIBRARY.read_text(encoding="utf-8").strip()
    script = "\n".join(_asset(name) for name in _SCRIPTS).strip()
    script = f'"use strict";\n(() => {{\n{script}\n}})();'
    hashes = " ".join(f"'sha256-{_hash(text)}'" for text in (library, script))
    rules = (
        "default-src 'none'",
        f"script-src {hashes}",
        "style-src 'unsafe-inline'",  # the charts set styles on their elements; a style can fetch nothing here
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return {
        "policy": "; ".join(rules),
        "generator": f"{_GENERATOR} {__version__}",
        "title": TITLE,
        "subtitle": escape(_subtitle(figures)),
        "style": _asset("page.css").strip(),
        "fallback": _without_scripts(figures),
        "footer": escape(_footer()),
        "library": library,
        "script": script,
    }


def _page(frame: dict[str, str], figures: PageFigures, shown: PageProjects, left_out: str) -> str:
    parts = {
        "years": json_text(figures.years),
        "grades": json_text(GRADES),
        "scoreEdges": json_text(SCORE_EDGES),
        "departments": json_text(figures.departments),
        "kinds": json_text(figures.kinds),
        "codes": json_text(figures.codes),
        "missing": json_text(figures.missing),
        "missingCount": json_text(figures.missing_count),
        "failures": json_text(figures.failures),
        "failureCount": json_text(figures.failure_count),
        "leftOut": json_text(left_out),
        "books": json_text(shown.books),
        "projects": f"[{','.join(shown.projects)}]",
    }
    data = "{" + ",\n".join(f'"{name}":{text}' for name, text in parts.items()) + "}"
    return Template(_asset("page.html")).substitute(frame, data=data)


def _left_out(figures: PageFigures, shown: PageProjects, largest: int) -> str:
    words = []
    if shown.left_out:
        words.append(
            f"网页不超过 {largest // 1_000_000} MB：列出问题最多的 {len(shown.projects)} 个项目，"
            f"另有 {shown.left_out} 个项目只计入各项合计，请在汇总表或汇总库中查看。"
        )
    if figures.departments_left_out:
        words.append(f"部门列出预算最大的 {len(figures.departments)} 个，另有 {figures.departments_left_out} 个。")
    return "".join(words)


def _subtitle(figures: PageFigures) -> str:
    if not figures.years:
        return "没有自评表"
    years = [each["year"] for each in figures.years if each["year"] is not None]
    span = f"{min(years)}–{max(years)} 年度" if len(years) > 1 else f"{years[0]} 年度" if years else "年度不明"
    return f"{span} · 数据截至 {figures.dated}"


def _footer() -> str:
    library = load_toml(_VENDOR / "vendored.toml")["echarts"]
    return (
        f"由 perfxl {__version__} 生成，打开时不需要网络。金额单位：万元。执行率 = 全年执行数合计 ÷ 全年预算数合计；"
        f"已由更新的表代替的不计入合计。图表：Apache ECharts {library['version']}（{library['licence']}）。"
    )


def _without_scripts(figures: PageFigures) -> str:
    """The departments as a plain table, for where scripts do not run."""
    heads = ("主管部门", "年度", "项目数", "全年预算数", "全年执行数", "执行率", "错误", "警告", "建议")
    rows = []
    for name, year, projects, budget, executed, rate, *counts in figures.departments[:_WITHOUT_SCRIPTS]:
        cells = (
            "（没有填写）" if name is None else name[:_LONGEST_NAME],
            "" if year is None else year,
            projects,
            *("—" if amount is None else f"{amount:,.2f}" for amount in (budget, executed)),
            "—" if rate is None else f"{rate:.2f}%",
            *counts[len(GRADES) :],
        )
        rows.append("".join(f"<td>{escape(shown(str(cell)))}</td>" for cell in cells))
    head = "".join(f"<th>{text}</th>" for text in heads)
    more = len(figures.departments) - len(rows)
    return (
        '<section id="fallback"><p>浏览器没有运行脚本，只显示各部门的合计（金额：万元）。</p>'
        f"<table><tr>{head}</tr>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
        + (f"<p>另有 {more} 个部门。</p>" if more > 0 else "")
        + "</section>"
    )


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Of a script element's text, for the page's policy: no other script runs."""
    return b64encode(sha256(f"\n{text}\n".encode()).digest()).decode()
