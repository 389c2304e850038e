"""The grammar of targets and actual values: a table of writings (tests/cases/values.toml), and what holds for all of them."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.form.numerals import chinese_number
from perfxl.form.units import times_between
from perfxl.form.values import (
    Comparator,
    Nothing,
    Period,
    Quantity,
    Reading,
    Words,
    amount_in,
    leading_quantity,
    read_value,
)

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "values.toml").read_text(encoding="utf-8"))


def tell(reading: Reading) -> str:
    if isinstance(reading, Quantity):
        number = f"{reading.number.normalize():f}"
        if reading.high is not None:
            number += f"..{reading.high.normalize():f}"
        return " ".join(part for part in (reading.comparator.value, number, reading.unit, reading.lead) if part)
    if isinstance(reading, Period):
        if reading.end is None:
            return "open"
        year, month, day = reading.end
        return f"{year or '-'}-{month}-{day}"
    return ""


@pytest.mark.parametrize(("group", "text"), [(group, text) for group, texts in CASES.items() for text in texts])
def test_writing(group: str, text: str) -> None:
    kinds = {"periods": Period, "words": Words, "nothing": Nothing}
    reading = read_value(text)
    assert (type(reading), tell(reading)) == (kinds.get(group, Quantity), CASES[group][text])


COMPARATORS = {
    Comparator.AT_LEAST: ["≥", ">=", "≧", "＞＝", "不低于", "不少于"],
    Comparator.AT_MOST: ["≤", "<=", "≦", "不超过", "不高于"],
    Comparator.MORE: [">", "＞", "大于"],
    Comparator.LESS: ["<", "﹤", "小于"],
    Comparator.EQUAL: ["=", "＝", "═"],
    Comparator.PLAIN: [""],
}
UNITS = ["", "个", "人次", "公里", "元/亩", "工作日", "%"]
numbers = st.decimals(min_value=0, max_value=10**9, places=2)


@given(
    st.sampled_from([(c, w) for c, words in COMPARATORS.items() for w in words]),
    numbers,
    st.sampled_from(UNITS),
    st.booleans(),
)
def test_what_is_printed_can_be_read_back(
    sign: tuple[Comparator, str], number: Decimal, unit: str, separated: bool
) -> None:
    comparator, word = sign
    printed = f"{number:,}" if separated else f"{number}"
    meant = number / 100 if unit == "%" else number
    expected = Quantity(comparator, meant, unit)
    assert read_value(f"{word}{printed}{unit}") == expected
    wide = printed.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert read_value(f"{word} {wide} {unit}") == expected


def written(number: int) -> str:
    """A number in Chinese numerals, place by place."""
    if number < 10:
        return "零一二三四五六七八九"[number]
    for sign, place in (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10)):
        if number >= place:
            high, low = divmod(number, place)
            gap = "零" if low and low < place // 10 else ""
            return written(high) + sign + (gap + written(low) if low else "")
    raise AssertionError(number)


@given(st.integers(min_value=0, max_value=10**12))
def test_chinese_numerals_can_be_read_back(number: int) -> None:
    assert chinese_number(written(number)) == number


@pytest.mark.parametrize("text", ["", "十十", "三百千", "点五", "五点", "百", "万", "人"])
def test_what_is_no_chinese_numeral(text: str) -> None:
    assert chinese_number(text) is None


ALPHABET = "0123456789.,%‰≥≤><=-~—至年月日万亿元个人次天底前约各余以上下内百千分之一二十零点成 ()/:增减"


@given(st.text(st.sampled_from(ALPHABET), max_size=30) | st.text(max_size=30))
def test_nothing_crashes_and_what_cannot_be_read_is_said(text: str) -> None:
    reading = read_value(text)
    assert isinstance(reading, Quantity | Period | Words | Nothing)
    if isinstance(reading, Quantity):
        assert reading.number.is_finite()
        assert reading.high is None or reading.high >= reading.number
    leading_quantity(text)


@pytest.mark.parametrize(
    ("unit", "other", "times"),
    [
        ("公里", "千米", "1"),
        ("公里", "米", "1000"),
        ("天", "日", "1"),
        ("个工作日", "工作日", "1"),
        ("年", "个月", "12"),
        ("公斤", "吨", "0.001"),
        ("公顷", "平方米", "10000"),
        ("个工作日", "个工作日", "1"),
        ("艘次", "艘次", "1"),
        ("天", "小时", None),
        ("天", "工作日", None),
        ("人", "人次", None),
        ("个", "%", None),
        ("元", "元/亩", None),
        ("", "个", None),
    ],
)
def test_units_are_compared_as_units(unit: str, other: str, times: str | None) -> None:
    assert times_between(unit, other) == (None if times is None else Decimal(times))


def test_amount_in_another_unit() -> None:
    length = read_value("1.5公里")
    assert isinstance(length, Quantity)
    assert amount_in(length, "米") == 1500
    assert amount_in(length, "天") is None


def test_words_behind_a_number_stay() -> None:
    leading = leading_quantity("3626次同比增长41%")
    assert leading is not None
    assert (leading.number, leading.rest) == (Decimal(3626), "次同比增长41%")
    assert leading_quantity("同比增长41%") is None
