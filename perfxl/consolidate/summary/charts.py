"""The native charts of the page 汇总; each shows a table that stands on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from perfxl.consolidate.summary.layout import ACCENT, BODY, GREY, LINE, TITLE

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart
    from xlsxwriter.workbook import Workbook

_BAR, _LIGHT = "#2E75B6", "#9DC3E6"


class Series(NamedTuple):
    """What a chart shows: the rows (from 1) and columns (from 1) of its names and values on a sheet."""

    sheet: str
    first: int
    last: int
    names: int
    values: int


def bars(
    workbook: Workbook, title: str, series: Series, *, number: str = "General", fills: Sequence[str] = ()
) -> Chart:
    """Bars from top to bottom, for long names; `fills` are the colours of the bars, else all have one."""
    chart = _chart(workbook, "bar", title, series, number, fills)
    chart.set_y_axis(
        {"reverse": True, "num_font": {"name": BODY, "size": 9}, "line": {"color": LINE}, "major_tick_mark": "none"}
    )
    chart.set_x_axis({"visible": False, "min": 0, "major_gridlines": {"visible": False}})
    return chart


def columns(workbook: Workbook, title: str, series: Series) -> Chart:
    """Columns from left to right, for what has an order."""
    chart = _chart(workbook, "column", title, series, "General", ())
    chart.set_x_axis({"num_font": {"name": BODY, "size": 9}, "line": {"color": LINE}, "major_tick_mark": "none"})
    chart.set_y_axis({"visible": False, "min": 0, "major_gridlines": {"visible": False}})
    return chart


def pairs(workbook: Workbook, title: str, both: Sequence[tuple[str, Series]]) -> Chart:
    """Two columns for each name, side by side, with a legend."""
    (name, first), (other_name, other) = both
    chart = _chart(workbook, "column", title, first, "#,##0", (), name)
    chart.add_series(_drawn(other, other_name, "#,##0", _LIGHT))
    chart.set_x_axis({"num_font": {"name": BODY, "size": 9}, "line": {"color": LINE}, "major_tick_mark": "none"})
    chart.set_y_axis({"visible": False, "min": 0, "major_gridlines": {"visible": False}})
    chart.set_legend({"position": "bottom", "font": {"name": BODY, "size": 9}})
    return chart


def _chart(
    workbook: Workbook, kind: str, title: str, series: Series, number: str, fills: Sequence[str], name: str = ""
) -> Chart:
    chart = workbook.add_chart({"type": kind})
    drawn = _drawn(series, name or title, number, _BAR)
    if fills:
        drawn["points"] = [{"fill": {"color": color}} for color in fills]
    chart.add_series(drawn)
    chart.set_title(
        {"name": title, "name_font": {"name": TITLE, "size": 11, "bold": False, "color": ACCENT}, "overlay": False}
    )
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"color": LINE}})
    return chart


def _drawn(series: Series, name: str, number: str, fill: str) -> dict[str, Any]:
    return {
        "name": name,
        "categories": _range(series, series.names),
        "values": _range(series, series.values),
        "fill": {"color": fill},
        "gap": 45,
        "data_labels": {"value": True, "num_format": number, "font": {"name": BODY, "size": 9, "color": GREY}},
    }


def _range(series: Series, column: int) -> list[Any]:
    return [series.sheet, series.first - 1, column - 1, series.last - 1, column - 1]
