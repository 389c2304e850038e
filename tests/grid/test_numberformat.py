"""How values are printed: by hand, and as LibreOffice prints the same cells."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from perfxl.grid.cells import CellError, CellValue
from perfxl.grid.numberformat import Printed, printed
from tests.libreoffice import CSV_AS_SHOWN, convert

NUMBERS = [
    "0", "1", "-1", "0.5", "-0.5", "2.5", "-2.5", "29.97", "29.965", "0.978", "0.97815", "1", "0.9999", "0.125", "100",
    "1234.5", "1234567.891", "-1234567.891", "0.004", "-0.004", "0.05", "10", "12", "99.995", "12345678.9", "0.333333333333333",
]  # fmt: skip
FORMATS = [
    "0", "0.0", "0.00", "0.0000", "#,##0", "#,##0.00", "0%", "0.0%", "0.00%", '0.00"万元"', '#,##0.00"万元"', "0.00_ ",
    "0.00_ ;[Red]-0.00 ", "#,##0.00;(#,##0.00)", "0;-0;\"零\"", '0.0;-0.0;"-"', "0.##", "#.##", "#", "#,###", "00000", "0.0?",
    "???", "0.???", r"0.00\元", "￥#,##0.00", '"约"0', "[$¥-804]#,##0.00", "_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ",
    "0.00E+00", '[>=100]0.0;0.00', "#,##0.00_);[Red](#,##0.00)", "0.00;;", "[Blue]0.0", "+0.0;-0.0", "0.00 %", "@",
]  # fmt: skip
DAYS = ["61", "45000", "45000.75", "45000.999988", "36526.5", "0.25", "0.9999"]
DATE_FORMATS = [
    "yyyy-mm-dd", "yyyy/m/d", "m/d/yyyy", 'yyyy"年"m"月"d"日"', '[$-804]yyyy"年"m"月"d"日";@', 'yyyy"年"m"月"', "yy.mm.dd",
    "yyyy-mm-dd hh:mm", "yyyy-mm-dd hh:mm:ss", "h:mm", "hh:mm:ss", "h:mm AM/PM", "mm:ss", r"yyyy\-mm\-dd", 'm"月"d"日"',
]  # fmt: skip
TEXTS = ["文本", "100.00%"]
TEXT_FORMATS = ["@", "General", "0.00", '0;0;0;"注："@', '@"分"', "0.00_ ;@_ "]


def cells() -> list[tuple[CellValue, str]]:
    numbers = [(Decimal(number), code) for code in FORMATS for number in NUMBERS]
    days = [(Decimal(day), code) for code in DATE_FORMATS for day in DAYS]
    texts: list[tuple[CellValue, str]] = [(text, code) for code in TEXT_FORMATS for text in TEXTS]
    return [*numbers, *days, *texts, (True, "General"), (False, "0.00")]


@pytest.fixture(scope="module")
def as_shown(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[CellValue, str, str]]:
    """Each value, its format, and what LibreOffice shows."""
    folder = tmp_path_factory.mktemp("formats")
    path = folder / "formats.xlsx"
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet("表")
    for row, (value, code) in enumerate(cells()):
        style = workbook.add_format({"num_format": code})
        if isinstance(value, Decimal):
            sheet.write_number(row, 0, float(value), style)
        elif isinstance(value, bool):
            sheet.write_boolean(row, 0, value, style)
        else:
            sheet.write_string(row, 0, str(value), style)
        sheet.write_string(row, 1, "|")  # so that no line is empty
    workbook.close()
    shown = convert(path, CSV_AS_SHOWN, folder / "out")
    with shown.open(encoding="utf-8", newline="") as file:
        lines = [line[0] for line in csv.reader(file)]
    return [(value, code, text) for (value, code), text in zip(cells(), lines, strict=True)]


def excused(value: CellValue, code: str) -> bool:
    """Where LibreOffice does not show what Excel shows, or perfxl does not say what Excel shows."""
    if isinstance(value, bool):
        return code != "General"  # LibreOffice takes FALSE for the number 0
    if not isinstance(value, Decimal):
        return False
    if code in ("0.##", "#.##"):
        return value.quantize(Decimal("0.01")) % 1 == 0  # Excel leaves the point standing: `1.`
    if code.startswith("[>="):
        return value < 0  # with conditions perfxl does not say where the sign goes
    if code in DATE_FORMATS and value < 1:
        return "y" in code or "d" in code  # Excel shows 1900-01-00, LibreOffice 1899-12-30, perfxl does not say
    return code in DATE_FORMATS and "ss" in code and value % 1 > Decimal("0.99998")  # Excel rounds to the second


def test_libreoffice_shows_the_same(as_shown: list[tuple[CellValue, str, str]]) -> None:
    differences = []
    for value, code, shown in as_shown:
        result = printed(value, code)
        if not excused(value, code) and (result.text != shown or not result.known):
            differences.append((value, code, result.text, shown))
    assert differences == []
    assert sum(excused(value, code) for value, code, _ in as_shown) < len(as_shown) / 20


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        # General: eleven characters beside the sign
        ("30.0", "General", Printed("30")),
        ("1E+2", "General", Printed("100")),
        ("-0.0", "General", Printed("0")),
        ("0.978", "General", Printed("0.978", 3)),
        ("29.970", "General", Printed("29.97", 2)),
        ("0.333333333333333", "General", Printed("0.333333333", 9)),
        ("-0.333333333333333", "General", Printed("-0.333333333", 9)),
        ("12345.6789012345", "General", Printed("12345.6789", 4)),
        ("99999999999", "General", Printed("99999999999")),
        ("99999999999.5", "General", Printed("1E+11")),
        ("123456789012", "General", Printed("1.23457E+11")),
        ("0.00001", "General", Printed("0.00001", 5)),
        ("0.0000123456", "General", Printed("1.23456E-05")),
        ("9.999996E+20", "General", Printed("1E+21")),
        # what is printed of a percentage are its own decimals
        ("0.97815", "0.00%", Printed("97.82%", 2, percent=True)),
        ("1", "0%", Printed("100%", percent=True)),
        # halves go away from zero, and are halves of the decimal number, not of the double nearest to it
        ("1.005", "0.00", Printed("1.01", 2)),
        ("-1.005", "0.00", Printed("-1.01", 2)),
        ("-0.001", "0.00", Printed("0.00", 2)),
        ("1", "0.##", Printed("1.")),
        ("1.5", "0.##", Printed("1.5", 1)),
        ("1.5", "0.0?", Printed("1.5 ", 1)),
        ("12", '0.00_ ;[红色]-0.00', Printed("12.00 ", 2)),
        ("12", "[$€-2] 0.0", Printed("€ 12.0", 1)),
        ("12", "G/通用格式", Printed("12")),
        ("12.5", 'General"分"', Printed("12.5分", 1)),
        ("1234.5", "0.00E+00", Printed("1.23E+03")),
        ("5", ";;;", Printed("")),
        ("45000.9999999", "yyyy-mm-dd", Printed("2023-03-15")),
        ("45000.99999999", "yyyy-mm-dd hh:mm:ss", Printed("2023-03-16 00:00:00")),
        # not known: the stored value
        ("5", "[DBNum2][$-804]General", Printed("5", known=False)),
        ("0.5", "# ?/?", Printed("0.5", 1, known=False)),
        ("12345.6", '0!.0,"万"', Printed("12345.6", 1, known=False)),
        ("12345.6", "0,", Printed("12345.6", 1, known=False)),
        ("1.5", "[h]:mm", Printed("1.5", 1, known=False)),
        ("45000", "[$-F800]dddd, mmmm dd, yyyy", Printed("45000", known=False)),
        ("45000", "mmm yy", Printed("45000", known=False)),
        ("60", "yyyy-mm-dd", Printed("60", known=False)),
        ("-1", "yyyy-mm-dd", Printed("-1", known=False)),
        ("5", '0"."00', Printed("5", known=False)),
        ("5", "0.0.0", Printed("5", known=False)),
    ],
)  # fmt: skip
def test_numbers(value: str, code: str, expected: Printed) -> None:
    assert printed(Decimal(value), code) == expected


def test_other_values() -> None:
    assert printed(None, "0.00") == Printed("")
    assert printed(True, "0.00") == Printed("TRUE")
    assert printed(CellError("#DIV/0!"), "0.00%") == Printed("#DIV/0!")
    assert printed("文本", '0;0;0;"注："@') == Printed("注：文本")
    assert printed(" 文本 ") == Printed(" 文本 ")
    assert printed(Decimal(43538), "yyyy-mm-dd", date1904=True) == Printed("2023-03-15")


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**15), max_value=10**15),
    st.text('0#?.,%;@"\\!_*[]E+-ymdhsGeneral/$ 元<>=', max_size=12),
)
def test_any_code_prints_something(value: Decimal, code: str) -> None:
    result = printed(value, code)
    assert result.known or Decimal(result.text) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**10), max_value=10**10))
def test_what_is_printed_is_the_value_at_the_decimals_printed(value: Decimal) -> None:
    for code in ("General", "0.00", "#,##0.000"):
        result = printed(value, code)
        if "E" not in result.text:
            shown = Decimal(result.text.replace(",", ""))
            assert abs(shown - value) <= Decimal(5).scaleb(-result.decimals - 1)
