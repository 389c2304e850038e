"""What printed labels are called: words of many places, and near misses that mean something else."""

import re

import pytest

from perfxl.data import load_toml
from perfxl.form.labels import FOLDER, is_name_label, label_of, level_of, money_unit_in, role_of

# Lines may be long: a table of words is read by its rows.
# ruff: noqa: E501
SAYS = {
    ("money", "initial_budget"): "年初预算数 年初预算 年初批复 年初预算资金总额 年初\\n\\n预算数 年初批复数 年初资金安排 批复数 申报数",
    ("money", "budget"): "预算数 全年预算数(A) 调整后预算数 调整预算数A 全年(调整)预算数 预算数(A) 预算数: 当年预算数 本年预算安排 预算金额 下达资金 到位资金 计划投入资金",
    ("money", "executed"): "全年执行数(B) 预算执行数 执行数(B) 执行数: 转移支付执行数(B) 实际投入资金额 实际支出 支出数 全年支出金额 实际使用资金 决算数",
    ("money", "execution_rate"): "执行率 执行率(%) 预算执行率 执行率(B/A) 预算执行率(B/A×100%) 支出率 资金使用率 支付进度 预算完成率",
    ("money", "score"): "得分 执行率得分 得分(20分*执行率) 自评得分",
    ("indicator", "name"): "三级指标 指标名称 三级\\n指标 三级指标(具体) 第三级指标 绩效指标名称 指标内容 具体指标",
    ("indicator", "weight"): "分值 权重 考核分值 指标权重(分) 自评权重 *分值 标准分 满分 分值(100分) 权重分值 应得分",
    ("indicator", "score"): "得分 指标得分 实际得分 自评分 *指标得分 自评得分 实得分 单位自评得分 自评分数",
    ("indicator", "target"): "年度指标值 指标值 指标值(A) 年初目标值(A) 目标值 年度目标指标值 年初指标值 调整指标值 计划完成值 预期指标值 预期值 年度目标 绩效目标值 计划指标值 年初设定目标值",
    ("indicator", "actual"): "实际完成值 实际完成值(B) 全年实际值(B) 全年实际完成值 全年完成值 完成值 *实际完成值 实际完成情况 实现值 完成情况 年末完成值 指标完成情况 实际完成指标值",
    ("indicator", "reason"): "未完成原因分析 偏差原因分析及改进措施 未完成原因和改进措施 未完成原因及拟采取的改进措施 偏差及原因分析 偏差大或目标未完成原因分析 产生差异的原因及改进措施 原因 说明 备注 扣分原因 偏差说明",
    ("info", "project"): "项目名称 转移支付名称 专项名称 预算项目名称 项目(专项)名称 专项资金名称 转移支付(项目)名称",
    ("info", "department"): "主管部门 项目主管部门及代码 项目主管部门及代 中央主管部门 地方主管部门 主管部门(单位) 一级预算主管部门",
    ("info", "implementing_unit"): "实施单位 实施单位(盖章) 项目单位 资金使用单位 预算单位 项目实施单位 填报单位 单位名称 实施部门",
    ("fund", "total"): "年度总金额 年度资金总额(:) 年度财政资金总额 总额 合计 年度资金总额： 资金总额 年度预算总额",
    ("fund", "part"): "财政拨款 其中：财政拨款 当年财政拨款 财政资金 其中:中央补助 地方资金 上年结转资金 财政专户管理资金 单位资金 其他资金(包括以前年度结转资金) 自治区财政资金 县级财政资金 一般公共预算 政府性基金 自筹资金",
    ("total", "total"): "总分 合计 自评得分 自评总分(分) 项目总得分 总得分 总\\n分 综合得分 自评总得分",
    ("subtotal", "subtotal"): "小计 得分小计 产出小计 产出指标合计",
}  # fmt: skip
NEVER = {
    ("indicator", "score"): "复核分 得分系数(%) 复核得分 评分标准 扣减分数 主管部门评分 财政评价得分",
    ("indicator", "target"): "绩效指标 指标解释 指标说明 三级指标 实际完成值 完成情况",
    ("indicator", "actual"): "完成率 完成率(%) 未完成原因 年度目标 计划完成值 上年完成值 去年实际值",
    ("indicator", "weight"): "得分 总分 自评得分",
    ("money", "executed"): "执行率 预算执行情况 执行进度",
    ("money", "execution_rate"): "资金到位率 执行率得分",
    ("money", "budget"): "执行数 年初预算数 预算执行率 预算执行数",
}


@pytest.mark.parametrize(("family", "role"), SAYS)
def test_words_for_the_same_thing(family: str, role: str) -> None:
    words = [word.replace("\\n", "\n") for word in SAYS[family, role].split()]
    assert {word: role_of(family, word) for word in words} == dict.fromkeys(words, role)


@pytest.mark.parametrize(("family", "role"), NEVER)
def test_words_for_something_else(family: str, role: str) -> None:
    assert [word for word in NEVER[family, role].split() if role_of(family, word) == role] == []


def test_each_label_of_the_name_column_holds_what_it_is_looked_for_by() -> None:
    written = load_toml(FOLDER / "words.toml")["indicator"]["name"]
    bare = re.sub(r"\((?:[^()]|\([^()]*\))*\)", "", written)  # groups hold what may stand beside it
    assert len(bare.split("|")) > 2
    assert all("指标" in alternative for alternative in bare.split("|"))


def test_a_quick_look_for_labels_of_names_sees_all_of_them() -> None:
    written = [word.replace("\\n", "\n") for words in (*SAYS.values(), *NEVER.values()) for word in words.split()]
    shapes = ["{}", " {} ", "1.{}", "★{}", "{}：", "{}(必填)", "【注】{}", "{}\n（填写）", "{}1", "{}的说明"]
    texts = [shape.format(word) for word in written for shape in shapes]
    texts += [
        "三 级 指 标",
        "三级指(注)标",
        "三级指标（注）名称",
        "三级　指标　内容。",
        "三级指标\t\n",
        "三级指标(注)1",
        "指" * 32_767,
    ]
    assert [text for text in texts if is_name_label(text) != (role_of("indicator", text) == "name")] == []
    assert sum(map(is_name_label, texts)) > 70


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("产出指标\n(50分)", (1, "产出指标", 50)),
        ("产出指标 50分", (1, "产出指标", 50)),
        ("一、效益指标（30分）", (1, "效益指标", 30)),
        ("数量指标", (2, "数量指标", None)),
        ("成本指标", (0, "成本指标", None)),
        ("改造间数", None),
    ],
)
def test_level_names(text: str, expected: tuple[int, str, int | None] | None) -> None:
    level = level_of(text)
    assert (level and (level.level, level.name, level.weight)) == expected


def test_label_of_a_broken_and_bracketed_text() -> None:
    assert label_of("年初\n\n预算数（A）") == ("年初预算数", ("A",))
    assert label_of("★1.项目名称：") == ("项目名称", ())


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("项目资金\n(万元)", "万元"),
        ("单位：元", "元"),
        ("金额单位:亿元", "亿元"),
        ("预算数（元）", "元"),
        ("实施单位", None),
        ("300万元", None),
    ],
)
def test_money_unit_that_a_label_names(text: str, unit: str | None) -> None:
    assert money_unit_in(text) == unit
