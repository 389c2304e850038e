"""Whole forms read from grids: the layouts of 2019 and 2020, several forms a sheet, page breaks, rows that slipped."""

from decimal import Decimal

from perfxl.form.model import Form, FundKind, Value
from perfxl.form.reader import read_forms
from tests.form.drawing import draw

HEAD_2019 = """
项目支出绩效自评表 | < | < | < | < | < | < | < | <
(2019年度) | < | < | < | < | < | < | < | <
项目名称 | 档案库房改造 | < | < | < | < | < | < | <
项目主管部门及代码 | [205]青川市档案馆 | < | < | < | 实施单位 | 青川市档案馆 | < | <
项目资金\\n(万元) | | < | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度总金额 | < | 40 | 50 | 48.5 | 10 | 97.00% | 9.7
^ | 其中：财政拨款 | < | 40 | 50 | 48.5 | — | | —
^ | 其他资金 | < | | | | — | | —
年度总体目标 | 预期目标 | < | < | < | 实际完成情况 | < | < | <
^ | 完成库房改造并通过验收 | < | < | < | 库房已改造并验收 | < | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 未完成原因分析
"""
ROWS = """
^ | 产出指标 50分 | 数量指标 | 改造库房间数 | ≥6间 | 6间 | 20 | 20 |
^ | ^ | 质量指标 | 验收合格率 | 100% | 100% | 20 | 20 |
^ | ^ | 时效指标 | 完工时间 | 2019年11月底前 | 2019年10月 | 10 | 10 |
^ | 效益指标 30分 | 社会效益指标 | 查档便利程度 | 明显提高 | 明显提高 | 30 | 28 | 自助查档机到货晚，四季度才启用
"""
LAST = """
^ | 满意度指标 10分 | 服务对象满意度指标 | 查档群众满意度 | ≥90% | 95% | 10 | 10 |
总分 | < | < | < | < | < | 100 | 97.7 |
"""


def picture(*parts: str) -> str:
    return "\n".join(part.strip("\n") for part in parts)


def cells(value: Value | None) -> tuple[str, str] | None:
    return None if value is None else (value.at.a1, value.text)


def summary(form: Form) -> list[tuple[object, ...]]:
    return [
        (row.row, row.level1, row.level2, row.name.text, row.target_text, row.actual and row.actual.text,
         row.weight and row.weight.number, row.score and row.score.number, row.reason and row.reason.text)
        for row in form.indicators
    ]  # fmt: skip


EXPECTED_ROWS = [
    (12, "产出指标", "数量指标", "改造库房间数", "≥6间", "6间", 20, 20, ""),
    (13, "产出指标", "质量指标", "验收合格率", "100%", "100%", 20, 20, ""),
    (14, "产出指标", "时效指标", "完工时间", "2019年11月底前", "2019年10月", 10, 10, ""),
    (15, "效益指标", "社会效益指标", "查档便利程度", "明显提高", "明显提高", 30, 28, "自助查档机到货晚，四季度才启用"),
    (16, "满意度指标", "服务对象满意度指标", "查档群众满意度", "≥90%", "95%", 10, 10, ""),
]


def test_form_of_2019() -> None:
    [form] = read_forms(draw(picture(HEAD_2019, ROWS, LAST)), "馆.xlsx")
    assert (form.book, form.sheet, form.index, form.layout) == ("馆.xlsx", "自评表", 1, "form-2019")
    assert (form.title, form.anchor.a1, form.year, form.money_unit) == ("项目支出绩效自评表", "A1", 2019, "万元")
    assert form.project is not None and (form.project.name, form.project.code) == ("档案库房改造", None)
    assert form.department is not None and (form.department.name, form.department.code) == ("青川市档案馆", "205")
    assert form.implementing_unit is not None and form.implementing_unit.value.at.a1 == "G4"
    assert [(line.label.text, line.kind) for line in form.funds] == [
        ("年度总金额", FundKind.TOTAL),
        ("其中：财政拨款", FundKind.PART),
        ("其他资金", FundKind.PART),
    ]
    total = form.funds[0]
    assert [cells(v) for v in (total.initial_budget, total.budget, total.executed, total.weight, total.execution_rate, total.score)] == [
        ("D6", "40"), ("E6", "50"), ("F6", "48.5"), ("G6", "10"), ("H6", "97.00%"), ("I6", "9.7"),
    ]  # fmt: skip
    assert total.execution_rate is not None and total.execution_rate.number == Decimal("0.97")
    assert (cells(form.goal), cells(form.goal_result)) == (
        ("B10", "完成库房改造并通过验收"),
        ("F10", "库房已改造并验收"),
    )
    assert summary(form) == EXPECTED_ROWS
    assert [(s.name, s.weight, s.rows) for s in form.sections] == [
        ("产出指标", Decimal(50), (0, 1, 2)),
        ("效益指标", Decimal(30), (3,)),
        ("满意度指标", Decimal(10), (4,)),
    ]
    assert form.total is not None
    assert [cells(v) for v in (form.total.label, form.total.weight, form.total.score)] == [
        ("A17", "总分"),
        ("G17", "100"),
        ("H17", "97.7"),
    ]
    assert form.missing == ()
    assert not any(row.shifted for row in form.indicators)


HEAD_2020 = """
附件1 | | | | | | | |
项目支出绩效自评表 | < | < | < | < | < | < | < | <
(2022年度) | < | < | < | < | < | < | < | <
项目名称 | 河堤加固 | < | < | < | < | < | < | <
主管部门 | 青川市水务局 | < | < | < | 实施单位 | 137-青川市河道所 | < | <
项目资金(万元) | | < | 年初\\n预算数 | 全年\\n预算数(A) | 全年\\n执行数(B) | 分值 | 执行率(B/A) | 得分
^ | 年度资金总额 | < | 40 | 40 | 40 | 10 | 100% | 10
^ | 其中:当年财政拨款 | < | 30 | 30 | 30 | — | | —
^ | 上年结转资金 | < | 10 | 10 | 10 | — | | —
^ | 其他资金 | < | | | | — | | —
年度总体目标 | 预期目标 | < | < | < | 实际完成情况 | < | < | <
^ | 加固河堤两公里 | < | < | < | 已加固 | < | < | <
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
"""


def test_form_of_2020_starts_anywhere() -> None:
    [form] = read_forms(draw(picture(HEAD_2020, ROWS, LAST), top=5, left=4))
    assert (form.layout, form.year, form.anchor.a1, form.missing) == ("form-2020", 2022, "D6", ())
    assert form.implementing_unit is not None
    assert (form.implementing_unit.code, form.implementing_unit.name) == ("137", "青川市河道所")
    assert [line.label.text for line in form.funds] == ["年度资金总额", "其中:当年财政拨款", "上年结转资金", "其他资金"]
    assert [row[3:] for row in summary(form)] == [row[3:] for row in EXPECTED_ROWS]
    assert form.total is not None and cells(form.total.score) == ("K23", "97.7")


def test_several_forms_under_one_another() -> None:
    one = picture(HEAD_2019, ROWS, LAST)
    grid = draw(picture(one, "|", one.replace("档案库房改造", "档案数字化"), "|", "填表人： | 某某"))
    first, second = read_forms(grid)
    assert (first.index, second.index) == (1, 2)
    assert first.project is not None and second.project is not None
    assert (first.project.name, second.project.name) == ("档案库房改造", "档案数字化")
    assert (first.anchor.a1, second.anchor.a1) == ("A1", "A19")
    assert len(first.indicators) == len(second.indicators) == 5
    assert [row.row for row in second.indicators] == [30, 31, 32, 33, 34]
    assert second.total is not None and cells(second.total.score) == ("H35", "97.7")


PAGE_BREAK = """
 |
项目支出绩效自评表 | < | < | < | < | < | < | < | <
(2019年度) | < | < | < | < | < | < | < | <
项目名称 | 档案库房改造 | < | < | < | < | < | < | <
项目主管部门及代码 | [205]青川市档案馆 | < | < | < | 实施单位 | 青川市档案馆 | < | <
"""


def test_page_break_joins_the_form() -> None:
    [form] = read_forms(draw(picture(HEAD_2019, ROWS, PAGE_BREAK, LAST.replace("^", "绩效指标", 1))))
    assert [row[3:] for row in summary(form)] == [row[3:] for row in EXPECTED_ROWS]
    assert form.indicators[-1].row == 21
    assert form.total is not None and cells(form.total.score) == ("H22", "97.7")
    assert not any(row.shifted for row in form.indicators)


def test_page_break_that_repeats_the_table_head() -> None:
    head = "绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 未完成原因分析"
    [form] = read_forms(draw(picture(HEAD_2019, ROWS, PAGE_BREAK, head, LAST)))
    assert [row[3:] for row in summary(form)] == [row[3:] for row in EXPECTED_ROWS]


def test_page_that_stands_one_column_aside() -> None:
    head = "\n".join(line for line in HEAD_2019.splitlines() if line).replace("绩效指标 | 一级", "一级")
    rows = "\n".join(line.partition("|")[2] for line in ROWS.strip("\n").splitlines())
    [form] = read_forms(draw(picture(head, rows, PAGE_BREAK, LAST.replace("^", "绩效指标", 1))))
    assert [row[3:] for row in summary(form)] == [row[3:] for row in EXPECTED_ROWS]
    assert not any(row.shifted for row in form.indicators)  # the whole page stands aside, no row slipped


def test_another_project_after_a_title_is_another_form_even_without_a_table_head() -> None:
    other = PAGE_BREAK.replace("档案库房改造", "档案数字化")
    [form] = read_forms(draw(picture(HEAD_2019, ROWS, other, LAST.replace("^", "绩效指标", 1))))
    assert len(form.indicators) == 4
    assert form.total is None
    assert [missing.label for missing in form.missing] == ["总分"]


def test_rows_that_slipped_are_read_by_their_contents() -> None:
    slipped = """
^ | 产出指标 50分 | 数量指标 | 改造库房间数 | ≥6间 | 6间 | 20 | 20 |
 | | | | 质量指标 | 验收合格率 | 100% | 100% | 20
 | 查阅完整性 | 完整 | 齐全完整 | | 10 | 10 | |
 | 时效指标 | 完工时间 | 2019年11月底前 | 2019年10月 | 10 | 9 | 雨季停工 |
"""
    [form] = read_forms(draw(picture(HEAD_2019, slipped, LAST)))
    rows = form.indicators
    assert [(r.shifted, r.level1, r.level2, r.name.text) for r in rows] == [
        (False, "产出指标", "数量指标", "改造库房间数"),
        (True, "产出指标", "质量指标", "验收合格率"),
        (True, "产出指标", "质量指标", "查阅完整性"),
        (True, "产出指标", "时效指标", "完工时间"),
        (False, "满意度指标", "服务对象满意度指标", "查档群众满意度"),
    ]
    assert [cells(rows[1].weight), cells(rows[1].score)] == [
        ("I13", "20"),
        ("J13", ""),
    ]  # the score was pushed off the table
    assert [cells(rows[2].actual), cells(rows[2].weight), cells(rows[2].score)] == [
        ("D14", "齐全完整"),
        ("F14", "10"),
        ("G14", "10"),
    ]
    assert cells(rows[3].reason) == ("H15", "雨季停工")
    assert rows[1].first.a1 == "E13"


def test_merged_reason_holds_for_each_of_its_rows_and_tongshang_takes_the_one_above() -> None:
    rows = """
^ | 产出指标 50分 | 数量指标 | 改造库房间数 | ≥6间 | 5间 | 20 | 16.67 | 招标流标一次
^ | ^ | 质量指标 | 验收合格率 | 100% | 90% | 20 | 18 | ^
^ | ^ | 时效指标 | 完工时间 | 2019年11月底前 | 2019年12月 | 10 | 8 | 同上
"""
    [form] = read_forms(draw(picture(HEAD_2019, rows, LAST)))
    assert [cells(row.reason) for row in form.indicators[:3]] == [("I12", "招标流标一次")] * 3


def test_what_is_no_form() -> None:
    codes = "一级指标 | 二级指标 | 三级指标\n产出指标 | 数量指标 | 完成数"
    notes = "填报说明\n1.三级指标按批复填写。\n2.得分低于分值的说明原因。"
    assert read_forms(draw(codes)) == []
    assert read_forms(draw(notes)) == []
    assert read_forms(draw("")) == []


def test_a_row_without_a_name_is_not_taken_for_one_that_slipped() -> None:
    for nameless in (
        "^ | ^ | 质量指标 | | 100% | 95% | 20 | 19 | 一处返工",
        "^ | ^ | 质量指标 | | 齐全完整 | 齐全 | 20 | 19 | 一处返工",
        "^ | ^ | 质量指标 | | 100% | 100% | 20 | 20 |",
    ):
        lines = ROWS.strip("\n").splitlines()
        lines[1] = nameless
        [form] = read_forms(draw(picture(HEAD_2019, "\n".join(lines), LAST)))
        assert [row.name.text for row in form.indicators] == [
            "改造库房间数",
            "完工时间",
            "查档便利程度",
            "查档群众满意度",
        ]
        assert not any(row.shifted for row in form.indicators)
