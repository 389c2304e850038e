"""XBK004: what a list of those expected has and nobody handed in."""

from __future__ import annotations

from tests.checks.across_cases import form, of_unit
from tests.checks.case import ListCase

ROADS = of_unit(form("a.xlsx", "道路养护"), "云泽市交通运输局")
NETS = of_unit(form("b.xlsx", "网络安全"), "云泽市大数据局", "云泽市信息中心")

LIST_CASES = [
    ListCase("XBK004", "a project is missing", (ROADS, NETS), (("云泽市交通运输局", "桥梁检测", None),), (("A2",),)),
    ListCase(
        "XBK004",
        "a department is missing",
        (ROADS,),
        (("云泽市水务局", None, None), ("云泽市交通运输局", None, None)),
        (("A2",),),
    ),
    ListCase(
        "XBK004", "handed in under a near name", (ROADS,), (("云泽市交通运输局", "道路养护费", None),), (("A2", "B3"),)
    ),
    ListCase(
        "XBK004",
        "another department's project of that name",
        (ROADS,),
        (("云泽市大数据局", "道路养护", None),),
        (("A2",),),
    ),
    ListCase("XBK004", "only of another year", (ROADS,), ((None, "道路养护", 2020),), (("A2",),)),
    ListCase(
        "XBK004",
        "all is there",
        (ROADS, NETS),
        (("云泽市交通运输局", "道路养护", 2019), ("云泽市大数据局", None, None)),
    ),
    ListCase("XBK004", "the department without its city", (ROADS,), (("交通运输局", "道路养护", None),)),
    ListCase("XBK004", "by the implementing unit", (NETS,), (("云泽市信息中心", "网络安全", None),)),
]
