"""The JSON of a run: the agreed keys in their order, decimals as strings, and safe on any stream."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from perfxl import __version__
from perfxl.form.model import Party
from perfxl.outcome import Failure, Outcome
from perfxl.report.json import write_json
from tests.forms import change, change_rows, good_form, value
from tests.report.outcomes import faulty_form, full_outcome, judged


def bytes_of(outcome: Outcome, encoding: str = "utf-8") -> bytes:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    write_json(outcome, stream)
    stream.flush()
    return raw.getvalue()


def read(outcome: Outcome) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(bytes_of(outcome))
    return read


def form_of(form: Any) -> dict[str, Any]:
    out: dict[str, Any] = read(Outcome([judged(form)]))["forms"][0]
    return out


def test_the_whole() -> None:
    whole = read(full_outcome())
    assert list(whole) == ["perfxl", "forms", "across", "changes", "failures", "notes"]
    assert whole["perfxl"] == __version__
    assert [form["book"] for form in whole["forms"]] == ["教育局自评表.xlsx", "自评表.xlsx"]
    assert whole["across"] == []
    assert whole["changes"] == [
        {"book": "自评表.xlsx", "sheet": "自评表", "cell": "G8", "before": "", "after": "99.90%", "why": "FND001"},
        {"book": "自评表.xlsx", "sheet": "台账", "cell": "B11", "before": "30", "after": None, "why": "recalculated"},
    ]
    assert whole["failures"] == [
        {"book": "坏的.xlsx", "error": "文件已损坏，无法读取。文件没有改动。请用 Excel 打开并另存后再试。"}
    ]
    assert whole["notes"] == [{"book": "说明.xlsx", "note": "没有找到自评表。"}]


def test_nothing_is_still_whole() -> None:
    assert read(Outcome()) == {
        "perfxl": __version__, "forms": [], "across": [], "changes": [], "failures": [], "notes": []
    }  # fmt: skip


def test_a_form() -> None:
    form = form_of(faulty_form())
    findings = form.pop("findings")
    indicators = form.pop("indicators")
    funds = form.pop("funds")
    assert form == {
        "book": "教育局自评表.xlsx",
        "sheet": "自评表",
        "index": 1,
        "project": "系统改造升级",
        "project_code": None,
        "department": "公共资源交易中心",
        "department_code": "137",
        "implementing_unit": "公共资源交易中心",
        "unit_code": None,
        "year": 2019,
        "profile": "national-2019",
        "profile_reason": "",
        "money_unit": "万元",
        "total": {"weight": "100", "printed": "97.99", "computed": "96.99", "grade": "优"},
    }
    assert funds[0] == {
        "label": "年度总金额",
        "initial_budget": "30",
        "budget": "30",
        "executed": "29.97",
        "weight": "10",
        "execution_rate": "1",
        "score": "9.99",
        "expected_rate": "0.9990",
        "expected_score": "9.99",
    }
    assert funds[1]["execution_rate"] is None
    assert (funds[1]["expected_rate"], funds[1]["expected_score"]) == ("0.9988", None)
    assert indicators[0] == {
        "level1": "产出指标",
        "level2": "数量指标",
        "name": "设备更换数量",
        "target": "≥30台",
        "actual": "30台",
        "kind": "quantitative",
        "weight": "20",
        "score": "20",
        "expected_score": "20",
        "reason": None,
        "cells": {"actual": "F14", "weight": "G14", "score": "H14", "reason": "I14"},
    }
    assert [row["kind"] for row in indicators] == [
        "quantitative", "quantitative", "dated", "qualitative", "qualitative", "quantitative"
    ]  # fmt: skip
    assert [(finding["code"], finding["cell"]) for finding in findings] == [
        ("FND001", "G8"), ("EXP001", "I17"), ("SCR008", "H20")
    ]  # fmt: skip
    assert list(findings[0]) == ["code", "name", "severity", "cell", "found", "expected", "message"]
    assert (findings[0]["severity"], findings[0]["found"], findings[0]["expected"]) == ("error", "100.00%", "99.90%")


def test_decimals_are_in_plain_notation() -> None:
    form = change(good_form(), D8=value("D8", "3E+8", number=Decimal("3E+8")), E8="30.2500", H14="1,020.0")
    record = form_of(form)
    assert record["funds"][0]["budget"] == "300000000"
    assert record["funds"][0]["executed"] == "30.25"
    assert record["indicators"][0]["score"] == "1020"


def test_what_a_layout_does_not_have_is_null() -> None:
    form = replace(change_rows(good_form(), weight=None, reason=None), total=None, project=None, year=None)
    record = form_of(form)
    assert record["indicators"][0]["kind"] == "unscored"
    assert record["indicators"][0]["cells"] == {"actual": "F14", "weight": None, "score": "H14", "reason": None}
    assert (record["project"], record["project_code"], record["year"]) == (None, None, None)
    assert record["total"]["printed"] is None


def test_names_lose_their_line_breaks_and_other_texts_keep_them() -> None:
    form = change(good_form(), D14="设备\n更换数量", F17="平均用时\n两天")
    form = replace(form, project=Party("系统\r\n改造", None, value("B3", "系统\r\n改造")))
    record = form_of(form)
    assert record["indicators"][0]["name"] == "设备更换数量"
    assert record["indicators"][3]["actual"] == "平均用时\n两天"
    assert record["project"] == "系统改造"


@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "gbk", "ascii", "latin-1"])
def test_any_stream_gets_the_same_values(encoding: str) -> None:
    told = bytes_of(full_outcome(), encoding)
    assert json.loads(told.decode(encoding)) == read(full_outcome())
    assert told.isascii() == (not encoding.lower().startswith("utf"))


def test_what_a_terminal_would_obey_is_escaped_and_comes_back() -> None:
    odd = "\x1b[2J\x7f\x9b31m\u202e\u2066\u200f\u2028\udcff\ud800.xlsx"
    for name in (odd, odd[:-7]):
        told = bytes_of(Outcome(failures=[Failure(name, "坏")])).decode()
        assert json.loads(told)["failures"][0]["book"] == name
        assert all(character.isprintable() for line in told.split("\n") for character in line)
