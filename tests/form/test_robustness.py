"""The reader on sheets that nobody would draw: it neither crashes nor takes long, and never invents a cell."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.form.reader import read_forms
from perfxl.form.taken import taken
from perfxl.grid.address import Area
from perfxl.grid.cells import Cell, Grid, Trust
from tests.form.drawing import draw
from tests.form.test_reader import HEAD_2019, LAST, ROWS, picture

WORDS = [
    "项目支出绩效自评表",
    "(2019年度)",
    "项目名称",
    "主管部门",
    "实施单位",
    "项目资金",
    "年初预算数",
    "全年预算数",
    "全年执行数",
    "执行率",
    "分值",
    "得分",
    "年度资金总额",
    "其中：财政拨款",
    "其他资金",
    "预期目标",
    "实际完成情况",
    "绩效指标",
    "一级指标",
    "二级指标",
    "三级指标",
    "四级指标",
    "年度指标值",
    "年初指标值",
    "调整指标值",
    "实际完成值",
    "自评权重",
    "原因",
    "总分",
    "合计",
    "小计",
    "产出指标(50分)",
    "数量指标",
    "效益指标",
    "行次",
    "预算数:30万元",
    "执行数:29",
    "总分:97",
    "指标性质",
    "计量单位",
    "≥",
    "%",
    "95%",
    "同上",
    "说明",
    "单位：万元",
    "—",
    "≥50个",
    "名称",
]
cells = st.builds(Cell, st.sampled_from(WORDS) | st.decimals(-10, 10**6, places=2) | st.booleans())
odd = st.builds(Cell, st.just(None), formula=st.just("A1"), trust=st.just(Trust.UNKNOWN))
rows = st.dictionaries(st.integers(1, 9), cells | cells | cells | odd, max_size=9)
areas = st.builds(
    lambda top, left, down, right: Area(top, left, top + down, left + right),
    st.integers(1, 20), st.integers(1, 9), st.integers(0, 4), st.integers(0, 4),
)  # fmt: skip


@st.composite
def grids(drawn: st.DrawFn) -> Grid:
    content = drawn(st.dictionaries(st.integers(1, 24), rows, max_size=24))
    grid = Grid("表", {row: dict(sorted(content[row].items())) for row in sorted(content) if content[row]})
    grid.merges = drawn(st.lists(areas, max_size=6))
    grid.hidden_rows = drawn(st.sets(st.integers(1, 24), max_size=3))
    return grid


@settings(max_examples=300, deadline=None)
@given(grids())
def test_label_words_anywhere_never_crash_the_reader(grid: Grid) -> None:
    for form in read_forms(grid):
        assert form.head.row in grid.rows or form.head.row - 1 in grid.rows
        for item in taken(form):
            cell = grid.cell(item.value.at.row, item.value.at.column)
            assert item.value.empty or cell is not None
        for row in form.indicators:
            assert not row.name.empty


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_form_with_any_cell_changed_is_read_or_left_out(data: st.DataObject) -> None:
    grid = draw(picture(HEAD_2019, ROWS, LAST))
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.sampled_from(sorted(grid.rows)))
        column = data.draw(st.integers(1, 10))
        grid.rows[row] = dict(sorted((grid.rows[row] | {column: data.draw(cells)}).items()))
    for form in read_forms(grid):
        list(taken(form))


def test_many_forms_on_one_sheet() -> None:
    one = picture(HEAD_2019, ROWS, LAST)
    forms = read_forms(draw("\n".join(one.replace("档案库房改造", f"改造{n}") for n in range(900))))
    assert [form.project and form.project.name for form in forms] == [f"改造{n}" for n in range(900)]
    assert [form.index for form in forms] == list(range(1, 901))
    assert all(len(form.indicators) == 5 and form.total is not None for form in forms)


def test_long_sheet_with_many_merged_areas() -> None:
    grid = draw(picture(HEAD_2019, ROWS))
    last = max(grid.rows)
    for row in range(last + 1, last + 10_001):
        grid.rows[row] = {4: Cell(f"指标{row}"), 5: Cell("≥5"), 6: Cell("5"), 7: Cell(Decimal(1)), 8: Cell(Decimal(1))}
    grid.merges += [Area(row, column, row, column + 1) for row in range(20_000, 120_000) for column in (1, 4)]
    [form] = read_forms(grid)
    assert len(form.indicators) == 10_004


def test_labels_in_every_cell_of_a_wide_sheet() -> None:
    labels = ("三级指标", "指标值", "得分")
    grid = Grid("宽", {1: {column: Cell(labels[column % 3]) for column in range(1, 16_000)}})
    grid.rows |= {row: {column: Cell("甲") for column in range(1, 16_000)} for row in range(2, 12)}
    assert len(read_forms(grid)) <= 65
