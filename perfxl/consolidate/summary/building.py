"""Builds the summary workbook: XlsxWriter draws it, the rows of the detail sheets are streamed into it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from perfxl.consolidate.summary.figures import Overview, Sums, added, overview_of
from perfxl.consolidate.summary.forms import FormSheet, draw_forms
from perfxl.consolidate.summary.formulas import COUNTED, Formulas
from perfxl.consolidate.summary.identity import mark
from perfxl.consolidate.summary.layout import LINKED, VARIANTS, Formats, draw_detail, new_workbook, sample_styles
from perfxl.consolidate.summary.links import MOST_LINKS, Links
from perfxl.consolidate.summary.overview import draw_overview
from perfxl.consolidate.summary.package import Filling, fill
from perfxl.consolidate.summary.rows import write_rows
from perfxl.consolidate.summary.sheets import Details, DetailSheet, detail_sheets
from perfxl.consolidate.summary.texts import Texts
from perfxl.consolidate.summary.years import compare_years
from perfxl.consolidate.summary.yearspage import draw_years
from perfxl.grid.address import column_letters

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class _Part(NamedTuple):
    """A detail sheet with the number of its rows in the store, and how many of them the workbook takes; `summed` tells whether a row of
    sums follows them."""

    sheet: DetailSheet
    total: int
    rows: int
    summed: bool

    @property
    def last(self) -> int:
        """The last row of the sheet, from 1."""
        return self.rows + (2 if self.summed else 1)


def build(
    sql: DuckDBPyConnection, out: Path, content: str, scratch: IO[bytes], *, most_rows: int, forms: list[FormSheet]
) -> list[str]:
    """Writes the workbook to `scratch`, the links of its rows being those of a file `out`; gives what a user should know.

    `content` is the fingerprint of the store, `most_rows` are the rows of a sheet, `forms` those to be copied as they look.
    """
    parts: dict[str, _Part] = {}
    details = Details(sql)
    overview = overview_of(sql)
    for key, sheet in detail_sheets().items():
        total = details.count(sheet)
        if sheet.over_years and not total:
            continue
        summed = key == "projects"
        others = 2 if summed else 1  # the head, and the sums
        parts[key] = _Part(sheet, total, min(total, most_rows - others), summed)
    too_many = [_too_many(part) for part in parts.values() if part.rows < part.total]
    drawn, places, lost = _draw(overview, parts, [*too_many, *_remarks(overview)], content, forms)
    sums = added(year.sums for year in overview.years)
    fillings = {places[part.sheet.name]: _filling(details, part, out, sums) for part in parts.values()}
    fill(drawn, fillings, scratch)
    unlinked = [
        f"工作表“{part.sheet.name}”超出 Excel 一张表能放的链接数，最后 {filling.links.left_out} 处没有链接。"
        for part, filling in zip(parts.values(), fillings.values(), strict=True)
        if filling.links.left_out
    ]
    return too_many + unlinked + lost


def _draw(
    overview: Overview, parts: dict[str, _Part], remarks: list[str], content: str, forms: list[FormSheet]
) -> tuple[bytes, dict[str, int], list[str]]:
    """The workbook without its rows, the place of each sheet by name, and what a user should know of its forms."""
    projects, findings = parts["projects"], parts["findings"]
    stream = BytesIO()
    with new_workbook(stream) as workbook:
        mark(workbook, content)
        formats = Formats(workbook)
        formulas = Formulas(projects.sheet, projects.rows, findings.sheet, findings.rows)
        live = all(part.rows == part.total for part in (projects, findings))
        draw_overview(workbook, formats, overview, formulas, remarks, live=live, rows=projects.rows)
        for part in parts.values():
            draw_detail(workbook, formats, part.sheet, part.rows, part.last)
        if len(overview.named) > 1:
            draw_years(workbook, formats, compare_years(overview))
        lost = draw_forms(workbook, formats, forms) if forms else []
        places = {sheet.get_name(): place for place, sheet in enumerate(workbook.worksheets(), 1)}
    return stream.getvalue(), places, lost


def _filling(details: Details, part: _Part, out: Path, sums: Sums) -> Filling:
    sheet, links = part.sheet, Links(out.parent)
    linked = [column.kind for column in sheet.columns if column.kind in LINKED]
    if part.rows * len(linked) > MOST_LINKS and "place" in linked:
        linked = ["place"]  # it leads to the file too

    def rows(drawn: list[str], texts: Texts) -> Iterator[bytes]:
        head, *samples = drawn
        styles = [sample_styles(sample, sheet.columns) for sample in samples]
        yield head.encode()
        yield from write_rows(details.rows(sheet, part.rows), sheet, styles[:VARIANTS], texts, links, linked)
        if part.summed:
            yield _sums_row(part, sums, styles[VARIANTS], texts)

    return Filling(rows, links, f"A1:{column_letters(len(sheet.columns))}{part.last}")


def _sums_row(part: _Part, sums: Sums, styles: list[str], texts: Texts) -> bytes:
    """The last row of 项目: what counts, added up."""
    row = part.last
    values: dict[str, Decimal | int] = {
        "年初预算数": sums.initial_budget,
        "全年预算数": sums.budget,
        "全年执行数": sums.executed,
        "错误数": sums.errors,
        "警告数": sums.warnings,
    }
    end, counted = row - 1, part.sheet.letter("计入合计")
    budget, executed = part.sheet.letter("全年预算数"), part.sheet.letter("全年执行数")
    cells = []
    for at, (column, style) in enumerate(zip(part.sheet.columns, styles, strict=True), 1):
        letter = column_letters(at)
        content = "/>"
        if column.heading == "主管部门":
            content = texts.cell(f"合计（{sums.forms:,} 张）")
        elif column.heading == "执行率" and sums.rate is not None:
            content = f"><f>{executed}{row}/{budget}{row}</f><v>{float(sums.rate)!r}</v></c>"
        elif column.heading in values:
            value = values[column.heading]
            if part.rows == part.total > 0:
                formula = f'SUMIFS({letter}$2:{letter}${end},${counted}$2:${counted}${end},"{COUNTED}")'
                content = f"><f>{formula}</f><v>{float(value)!r}</v></c>"
            else:
                content = f"><v>{value}</v></c>"
        cells.append(f'<c r="{letter}{row}" s="{style}"{content}')
    return f'<row r="{row}">{"".join(cells)}</row>'.encode()


def _remarks(overview: Overview) -> Iterator[str]:
    """What is worth knowing besides the key figures."""
    if not overview.expected:
        yield "没有给出应报清单，有无未报送的不能判断。"
    if overview.missing:
        yield f"▲ 未报送 {overview.missing} 项，见工作表“未报送”。"
    if overview.failures:
        yield f"▲ 有 {overview.failures} 个文件未能读取，不在各项合计之内，见工作表“读取失败”。"
    if overview.without_unit:
        yield f"▲ 有 {overview.without_unit} 张自评表没有写金额单位，金额未计入合计。"
    if len(overview.named) > 1:
        rest = [f"{year} 年度" for year in overview.named[1:]] + ["没有写年度的"] * (overview.years[-1].year is None)
        yield f"图和以上各数是 {overview.named[0]} 年度的；{'、'.join(rest)}列在后面，对比见工作表“年度对比”。"


def _too_many(part: _Part) -> str:
    return (
        f"▲ “{part.sheet.name}”共 {part.total:,} 行，一张工作表放不下，这里只有前 {part.rows:,} 行；全部在汇总库中，"
        "可用 perfxl query 查询，或用 --parquet 导出。"
    )
