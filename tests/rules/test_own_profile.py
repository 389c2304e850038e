"""A bureau's own rule file: what it may say, and that a wrong one is refused by file and key."""

from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from perfxl.cli import main
from perfxl.errors import BadSettings
from perfxl.rules.loader import load_profile, profile_names

OWN = """
name = "本市"
title = "本市规则"
extends = "national-2020"
first_year = 2020
checked = "2026-01-15"
"""


def write(folder: Path, text: str, name: str = "本市.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_own_file_says_only_what_differs(tmp_path: Path) -> None:
    number = '[sources."市办法"]\ntitle = "本市办法"\ncertainty = "V"\n[indicators]\nat_most = { value = "deviation", source = "市办法" }'
    own, base = load_profile(str(write(tmp_path, OWN + number))), load_profile("national-2020")
    assert (own.name, own.at_most, base.at_most) == ("本市", "deviation", "ratio")
    assert own.source_of("indicators.at_most").title == "本市办法"
    assert (
        own._replace(**{f: getattr(base, f) for f in ("name", "title", "checked", "at_most", "sources", "origin")})
        == base
    )


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('extends = "national-1999"', "extends"),
        (OWN.replace('title = "本市规则"\n', 'titel = "x"\ntitle = "本市规则"\n'), "titel"),
        (OWN.replace("2020\nchecked", '"2020"\nchecked'), "first_year"),
        (OWN + '[weights]\ntotal = { value = 100, source = "form-2019" }', "weights.total.value"),
        (OWN + '[weights]\ntotal = { value = "一百", source = "form-2019" }', "weights.total.value"),
        (OWN + '[weights]\ntotal = { value = "-1", source = "form-2019" }', "weights.total.value"),
        (OWN + '[weights]\ntotal = { value = "100", source = "口头" }', "weights.total.source"),
        (OWN + '[weights]\ntotal = "100"', "weights.total"),
        (OWN + '[indicators]\nat_most = { value = "halves", source = "form-2019" }', "indicators.at_most.value"),
        (OWN + '[choice]\norder = 5\nwhen = ["看着像"]', "choice.when"),
        (OWN + "[options.rate_caps]\non = 1", "options.rate_caps.on"),
        (OWN.replace("extends", "# extends"), "sources"),
    ],
)
def test_wrong_file_is_refused_by_file_and_key(tmp_path: Path, text: str, key: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(BadSettings) as caught:
        load_profile(str(path))
    assert caught.value.key == key
    assert str(path) in str(caught.value) and key in str(caught.value)


def test_what_is_no_toml_or_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="不是有效的 TOML"):
        load_profile(str(write(tmp_path, "name = ")))
    with pytest.raises(BadSettings, match="无法读取"):
        load_profile(str(tmp_path / "没有.toml"))
    with pytest.raises(BadSettings, match="没有名为“本省”的评分规则"):
        load_profile("本省")


@pytest.mark.parametrize("name", profile_names())
def test_shipped_profiles_are_whole(name: str) -> None:
    profile = load_profile(name)
    sections = sum(profile.section_weights.values(), Decimal(0))
    assert profile.execution_weight + sections <= profile.total_weight
    assert set(profile.origin.values()) <= profile.sources.keys()


def test_command_takes_the_path_and_tells_a_wrong_one_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "空.xlsx"
    Workbook().save(book)
    assert main(["check", "--profile", str(write(tmp_path, OWN)), str(book)]) == 0
    capsys.readouterr()
    wrong = write(tmp_path, OWN + "[weights]\ntotal = 1", "错.toml")
    assert main(["check", "--profile", str(wrong), str(book), str(book)]) == 2
    complaint = capsys.readouterr().err
    assert complaint.count("weights.total") == 1 and "错.toml" in complaint.replace("\n", "")
