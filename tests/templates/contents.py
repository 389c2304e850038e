"""Projects to fill forms with."""

from __future__ import annotations

from decimal import Decimal

from perfxl.templates.content import FormContent, FundContent, IndicatorContent, PartyContent


def content(*, year: int = 2022, goal: str = "加固河堤两公里，汛前完工。") -> FormContent:
    """A project whose weights add up to 90, so that with execution they make 100."""
    rows = (
        IndicatorContent("产出指标", "数量指标", "加固长度", "≥2公里", Decimal(20)),
        IndicatorContent("产出指标", "质量指标", "验收合格率", "98", Decimal("20.5"), "≥", "%"),
        IndicatorContent("产出指标", "时效指标", "完工时间", f"{year}年11月底前", Decimal("9.5")),
        IndicatorContent("效益指标", "社会效益指标", "沿岸防洪能力", "明显提高", Decimal(30)),
        IndicatorContent("满意度指标", "服务对象满意度指标", "沿岸居民满意度", "≥90%", Decimal(10)),
    )
    return FormContent(
        PartyContent("河堤加固", "A102"),
        PartyContent("青川市水务局", "317"),
        PartyContent("青川市河道所"),
        year,
        {
            "total": FundContent(Decimal("32.4"), Decimal("32.4")),
            "fiscal": FundContent(Decimal(30), Decimal(30)),
            "carryover": FundContent(Decimal("2.4"), Decimal("2.4")),
        },
        goal,
        rows,
    )
