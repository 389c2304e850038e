"""Small forms as departments send them, for the benchmarks."""

from __future__ import annotations

from pathlib import Path

HEAD = ["绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析"]
ROWS = [
    ("产出指标", "数量指标", "系统维护次数", "≥12次", "12次", 10, 10, ""),
    ("产出指标", "数量指标", "培训场次", "≥4场", "5场", 10, 10, ""),
    ("产出指标", "质量指标", "系统可用率", "≥99%", "99.6%", 10, 10, ""),
    ("产出指标", "时效指标", "故障响应时间", "≤2小时", "1.5小时", 10, 10, ""),
    ("产出指标", "成本指标", "维护成本", "≤30万元", "29.97万元", 10, 10, ""),
    ("效益指标", "社会效益指标", "服务企业数量", "≥200家", "215家", 15, 15, ""),
    ("效益指标", "可持续影响指标", "制度健全程度", "健全", "较健全", 15, 13, "部分制度仍在修订，计划下年完成"),
    ("满意度指标", "服务对象满意度指标", "企业满意度", "≥95%", "96%", 10, 10, ""),
]


def write_form(path: Path, number: int, sheets: int = 1) -> None:
    """A workbook with `sheets` forms whose texts and figures differ with `number`."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        boxed = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
        money = book.add_format({"border": 1, "num_format": "#,##0.00"})
        rate = book.add_format({"border": 1, "num_format": "0.00%"})
        for index in range(sheets):
            sheet = book.add_worksheet(f"自评表{index + 1}")
            sheet.merge_range("A1:I1", "项目支出绩效自评表", title)
            sheet.merge_range("A2:I2", "（2019年度）", title)
            for row, label in ((2, "项目名称"), (3, "主管部门")):
                sheet.write(row, 0, label, boxed)
                sheet.merge_range(row, 1, row, 8, f"{label}{number}-{index}", boxed)
            sheet.write_row(4, 3, ["年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"], boxed)
            for row, label in ((5, "年度资金总额"), (6, "其中：财政拨款"), (7, "其他资金")):
                sheet.merge_range(row, 1, row, 2, label, boxed)
                sheet.write_row(row, 3, [30 + number, 30 + number, 29.97 + number], money)
                sheet.write(row, 6, 10, boxed)
                sheet.write(row, 7, 1, rate)
                sheet.write(row, 8, 10, boxed)
            sheet.write_row(10, 0, HEAD, boxed)
            for offset, line in enumerate(ROWS):
                row = 11 + offset
                sheet.write_blank(row, 0, None, boxed)
                for column, value in enumerate(line, 1):
                    sheet.write(row, column, value or None, boxed)
            sheet.merge_range("A23:F23", "总分", boxed)
            sheet.write_row(22, 6, [100, 98], boxed)
