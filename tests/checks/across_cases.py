"""XBK and EXP004: what only several forms of a run show together."""

from __future__ import annotations

from dataclasses import replace

from perfxl.form.model import Form, Party
from tests.checks.case import AcrossCase
from tests.forms import change, good_form, value

LATE = "窗口改造推迟两个月，部分业务仍在线下办理"
DONE = "通过线路升级和专家考勤，提升了平台运行的稳定性和安全性"
SHORT = "采购全流程电子化，运行平稳"


def form(book: str, project: str, /, *, code: str | None = None, year: int | None = 2019, **cells: str) -> Form:
    """The good form as another book's, with another project and other texts; no reason and nothing that repeats."""
    own = {"I17": f"{project}的窗口改造推迟", "F17": f"{project}的平均用时由三天减为两天", **cells}
    changed = change(good_form(), **own)
    return replace(changed, book=book, year=year, project=Party(project, code, value("B3", project)))


def of_unit(one: Form, department: str, unit: str | None = None) -> Form:
    """The form as another department's and unit's."""
    return replace(
        one,
        department=Party(department, None, value("B4", department)),
        implementing_unit=Party(unit, None, value("F4", unit)) if unit else None,
    )


ROADS = form("a.xlsx", "道路养护")
NETS = form("b.xlsx", "网络安全")
HOUSE = "云泽市教育局"


def spelt(*names: str) -> tuple[Form, ...]:
    """Forms of as many projects, whose departments are spelt like this."""
    return tuple(of_unit(form(f"{n}.xlsx", f"项目{n}"), name, "实验小学") for n, name in enumerate(names, 1))


ACROSS_CASES = [
    AcrossCase(
        "EXP004",
        "the same reason in two projects",
        (form("a.xlsx", "道路养护", I17=LATE), form("b.xlsx", "网络安全", I17=LATE)),
        (("EXP004", ("a.xlsx!I17", "b.xlsx!I17")),),
    ),
    AcrossCase(
        "EXP004",
        "in another row of another form",
        (form("a.xlsx", "道路养护", I17=LATE), form("b.xlsx", "网络安全", H18="9", I18=f"{LATE}。")),
        (("EXP004", ("a.xlsx!I17", "b.xlsx!I18")),),
    ),
    AcrossCase(
        "EXP004",
        "in three units",
        tuple(of_unit(form(f"{n}.xlsx", f"项目{n}", I17=LATE), f"第{n}局") for n in range(1, 4)),
        (("EXP004", ("1.xlsx!I17", "2.xlsx!I17", "3.xlsx!I17")),),
    ),
    AcrossCase("EXP004", "each its own reason", (ROADS, NETS)),
    AcrossCase("EXP004", "the same form alone", (form("a.xlsx", "道路养护", I17=LATE),)),
    AcrossCase(
        "EXP004",
        "one project handed in twice",
        (form("a.xlsx", "道路养护", I17=LATE), form("b.xlsx", "道路养护", I17=LATE)),
        (("XBK001", ("a.xlsx!B3", "b.xlsx!B3")),),
    ),
    AcrossCase(
        "XBK001",
        "in two books",
        (ROADS, form("b.xlsx", "道路养护", F17="用时减少")),
        (("XBK001", ("a.xlsx!B3", "b.xlsx!B3")),),
    ),
    AcrossCase(
        "XBK001",
        "with a blank in the name, and three times",
        (ROADS, NETS, form("c.xlsx", "道路 养护"), form("d.xlsx", "道路养护")),
        (("XBK001", ("a.xlsx!B3", "c.xlsx!B3", "d.xlsx!B3")),),
    ),
    AcrossCase(
        "XBK001",
        "one with its code, one without",
        (form("a.xlsx", "道路养护", code="137"), form("b.xlsx", "道路养护")),
        (("XBK001", ("a.xlsx!B3", "b.xlsx!B3")),),
    ),
    AcrossCase(
        "XBK001",
        "another year",
        (ROADS, form("b.xlsx", "道路养护", year=2018, E16="2018年12月", F16="2018年12月", I17=LATE, F17=SHORT)),
    ),
    AcrossCase(
        "XBK001",
        "another unit",
        (of_unit(ROADS, "甲局"), of_unit(form("b.xlsx", "道路养护", I17=LATE, F17=SHORT), "乙局")),
    ),
    AcrossCase(
        "XBK001", "another code", (form("a.xlsx", "道路养护", code="137"), form("b.xlsx", "道路养护", code="138"))
    ),
    AcrossCase(
        "XBK002",
        "two projects of a unit",
        (form("a.xlsx", "道路养护", F18=SHORT), form("b.xlsx", "网络安全", F18=SHORT)),
        (("XBK002", ("a.xlsx!F18", "b.xlsx!F18")),),
    ),
    AcrossCase(
        "XBK002",
        "another row, with a full stop",
        (form("a.xlsx", "道路养护", F17=DONE), form("b.xlsx", "网络安全", F18=f"{DONE}。")),
        (("XBK002", ("a.xlsx!F17", "b.xlsx!F18")),),
    ),
    AcrossCase(
        "XBK002",
        "a long text in two units",
        (of_unit(form("a.xlsx", "道路养护", F18=DONE), "甲局"), of_unit(form("b.xlsx", "网络安全", F18=DONE), "乙局")),
        (("XBK002", ("a.xlsx!F18", "b.xlsx!F18")),),
    ),
    AcrossCase(
        "XBK002",
        "a short text in two units",
        (
            of_unit(form("a.xlsx", "道路养护", F18=SHORT), "甲局"),
            of_unit(form("b.xlsx", "网络安全", F18=SHORT), "乙局"),
        ),
    ),
    AcrossCase(
        "XBK002",
        "words of the trade",
        (form("a.xlsx", "道路养护", F18="达成预期指标"), form("b.xlsx", "网络安全", F18="达成预期指标")),
    ),
    AcrossCase("XBK002", "twice in one form", (form("a.xlsx", "道路养护", F17=DONE, F18=DONE),)),
    AcrossCase(
        "XBK003",
        "41 % and 41.7 %",
        (
            form("a.xlsx", "道路养护", F17="累计保障完成3626次同比增长41%"),
            form("b.xlsx", "网络安全", F18="平台累计完成3626项，同比增长41.7%"),
        ),
        (("XBK003", ("a.xlsx!F17", "b.xlsx!F18")),),
    ),
    AcrossCase(
        "XBK003",
        "an amount with another rate",
        (
            form("a.xlsx", "道路养护", F17="全年成交195.41亿元，增长11.64%"),
            form("b.xlsx", "网络安全", F17="全年成交195.41亿元，同比增长11.46%，平稳"),
        ),
        (("XBK003", ("a.xlsx!F17", "b.xlsx!F17")),),
    ),
    AcrossCase(
        "XBK003",
        "three projects, one of which differs",
        tuple(
            form(f"{n}.xlsx", f"项目{n}", F17=f"第{n}批共服务群众12800人次，比上年下降{rate}%")
            for n, rate in enumerate(("3.1", "3.1", "3.2"), 1)
        ),
        (("XBK003", ("1.xlsx!F17", "2.xlsx!F17", "3.xlsx!F17")),),
    ),
    AcrossCase(
        "XBK003",
        "the same figure",
        (
            form("a.xlsx", "道路养护", F17="累计保障完成3626次同比增长41%"),
            form("b.xlsx", "网络安全", F18="平台累计完成3626项，同比增长41%"),
        ),
    ),
    AcrossCase(
        "XBK003",
        "a small number that is there by chance",
        (
            form("a.xlsx", "道路养护", F17="新设网点12个，客流增长41%"),
            form("b.xlsx", "网络安全", F18="更换机柜12个，增长42%，已验收"),
        ),
    ),
    AcrossCase(
        "XBK003",
        "another unit's figure",
        (
            of_unit(form("a.xlsx", "道路养护", F17="累计保障完成3626次同比增长41%"), "甲局"),
            of_unit(form("b.xlsx", "网络安全", F18="平台累计完成3626项，同比增长41.7%"), "乙局"),
        ),
    ),
    AcrossCase("XBK005", "without the city", spelt(HOUSE, HOUSE, "教育局"), (("XBK005", ("3.xlsx!B4",)),)),
    AcrossCase(
        "XBK005",
        "with and without 和",
        spelt("云泽市人力资源和社会保障局", "云泽市人力资源社会保障局", "云泽市人力资源和社会保障局"),
        (("XBK005", ("2.xlsx!B4",)),),
    ),
    AcrossCase(
        "XBK005",
        "with another word for 和, as often",
        spelt("林业和草原局", "林业与草原局"),
        (("XBK005", ("2.xlsx!B4",)),),
    ),
    AcrossCase(
        "XBK005",
        "the unit",
        (of_unit(ROADS, HOUSE, "云泽市信息中心"), of_unit(NETS, HOUSE, "信息中心")),
        (("XBK005", ("b.xlsx!F4",)),),
    ),
    AcrossCase("XBK005", "two cities have such a bureau", spelt("云泽市教育局", "江北市教育局", "教育局")),
    AcrossCase("XBK005", "a bureau and its centre", spelt("云泽市教育局", "云泽市教育局信息中心")),
    AcrossCase("XBK005", "another bureau of the city", spelt("云泽市城市管理局", "云泽市市场监督管理局", "市场监管所")),
]
