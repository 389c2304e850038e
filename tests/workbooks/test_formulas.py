"""Formulas: a table of cases, what LibreOffice says to them, and what must not bring the evaluator down."""

from __future__ import annotations

import tomllib
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import to_excel

from perfxl.grid.address import Area
from perfxl.grid.cells import CellError, CellValue
from perfxl.workbooks.formulas import Calculator, NotComputable, RawCell, TableInfo, shift_formula
from perfxl.workbooks.formulas.functions import FUNCTIONS
from tests.libreoffice import convert
from tests.workbooks.formula_book import Book, a1

TABLE = tomllib.loads(
    Path(__file__).parents[1].joinpath("cases", "formulas.toml").read_text(encoding="utf-8"), parse_float=Decimal
)
CASES: list[dict[str, Any]] = TABLE["case"]
SHEET, COLUMN, FIRST_ROW = "题", 2, 101  # clear of the rows that the formulas look at

SHEETS: dict[str, dict[str, Any]] = {
    "数据": TABLE["cells"],
    "一月": {"A1": 10},
    "二月": {"A1": 100},
    "汇总": {"A1": 1, "A2": 2, "A3": "=SUBTOTAL(9,A1:A2)", "A4": 3},
    "筛选": {"A1": 2, "A2": 4, "A3": 3},
    "台账": {
        "B2": "部门", "C2": "预算", "D2": "执行",
        "B3": "甲", "C3": 100, "D3": 90,
        "B4": "乙", "C4": 200, "D4": 150,
        "B5": "合计", "C5": "=SUBTOTAL(109,台账[预算])", "D5": "=SUBTOTAL(109,台账[执行])*1.25+240",
    },
}  # fmt: skip
NAMES = {"总额": "SUM(数据!$B$1:$B$5)", "左邻": "题!XFD1"}  # the cell to the left: one column before A1 is the last one
LEDGER = TableInfo("台账", "台账", Area(2, 2, 5, 4), ("部门", "预算", "执行"), totals_rows=1)


def book() -> Book:
    sheets = {name: dict(cells) for name, cells in SHEETS.items()}
    sheets[SHEET] = {f"A{FIRST_ROW + index}": 77 for index in range(len(CASES))}
    made = Book(sheets, names=NAMES, tables=[LEDGER], hidden={"筛选": [2]})
    for index, case in enumerate(CASES):
        address = f"B{FIRST_ROW + index}"
        if case.get("array"):
            made.put_array(SHEET, address, case["formula"])
        else:
            made.put(SHEET, address, "=" + case["formula"])
    return made


CALCULATOR = Calculator(book())


def expected(case: dict[str, Any]) -> CellValue:
    if "number" in case:
        return Decimal(case["number"])
    if "error" in case:
        return CellError(case["error"])
    value: str | bool = case["text"] if "text" in case else case["logical"]
    return value


@pytest.mark.parametrize(("index", "case"), list(enumerate(CASES)), ids=[case["formula"] for case in CASES])
def test_case(index: int, case: dict[str, Any]) -> None:
    value = CALCULATOR.value(SHEET, FIRST_ROW + index, COLUMN)
    if "cannot" in case:
        assert isinstance(value, NotComputable)
        assert case["cannot"] in value.reason
    elif "number" in case and "." in case["number"] and len(case["number"]) > 14:
        assert isinstance(value, Decimal)
        assert abs(value - Decimal(case["number"])) < Decimal("1E-13")  # the case gives 14 digits
    else:
        assert value == expected(case)
        assert type(value) is type(expected(case))


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Any]:
    """What LibreOffice gives for each case, by index."""
    folder = tmp_path_factory.mktemp("formulas")
    path = folder / "cases.xlsx"
    workbook = xlsxwriter.Workbook(path)
    for name, cells in SHEETS.items():
        sheet = workbook.add_worksheet(name)
        for address, content in cells.items():
            write(sheet, address, content)
    workbook.get_worksheet_by_name("筛选").set_row(1, None, None, {"hidden": True})
    columns = [{"header": name} for name in LEDGER.columns]
    workbook.get_worksheet_by_name("台账").add_table(
        "B2:D5", {"name": "台账", "columns": columns, "total_row": True, "autofilter": False}
    )
    for name in ("C5", "D5"):
        write(workbook.get_worksheet_by_name("台账"), name, SHEETS["台账"][name])
    for name, text in NAMES.items():
        workbook.define_name(name, "=" + text)
    sheet = workbook.add_worksheet(SHEET)
    for index, case in enumerate(CASES):
        row = FIRST_ROW + index
        sheet.write(f"A{row}", 77)
        if "libreoffice" in case or "cannot" in case:
            continue
        if case.get("array"):
            sheet.write_array_formula(f"B{row}:B{row}", "{=" + case["formula"] + "}")
        else:
            sheet.write_formula(f"B{row}", "=" + case["formula"])
    workbook.close()
    converted = convert(path, "xlsx", folder / "out", recalculate=True)
    judged = openpyxl.load_workbook(converted, data_only=True)[SHEET]
    return {index: judged[f"B{FIRST_ROW + index}"].value for index in range(len(CASES))}


def write(sheet: Any, address: str, content: Any) -> None:
    if isinstance(content, str) and not content.startswith("="):
        sheet.write_string(address, content)
    elif isinstance(content, bool):
        sheet.write_boolean(address, content)
    else:
        sheet.write(address, float(content) if isinstance(content, Decimal) else content)


def test_libreoffice_says_the_same(answers: dict[int, Any]) -> None:
    differences = []
    for index, case in enumerate(CASES):
        if "libreoffice" in case or "cannot" in case:
            continue
        value, answer = expected(case), answers[index]
        if isinstance(answer, datetime):
            answer = to_excel(answer)  # type: ignore[no-untyped-call] # DATE gives its cell a date format
        if isinstance(value, Decimal) and isinstance(answer, int | float) and not isinstance(answer, bool):
            # LibreOffice calculates in doubles: 15 digits are what both have
            same = abs(value - Decimal(repr(answer))) <= abs(value) * Decimal("1E-14")
        else:
            same = answer == value or (value == "" and answer is None)
        if not same:
            differences.append((case["formula"], value, answer))
    assert differences == []


def value(formula: str, **cells: Any) -> CellValue | NotComputable:
    """What a formula in D7 is worth beside these cells."""
    return Calculator(Book({"表": {**cells, "D7": "=" + formula}})).value("表", 7, 4)


def test_a_typed_value_is_given_as_it_is() -> None:
    calculator = Calculator(Book({"表": {"A1": "文本", "A2": Decimal("29.970")}}))
    assert calculator.value("表", 1, 1) == "文本"
    assert calculator.value("表", 2, 1) == Decimal("29.97")
    assert calculator.value("表", 3, 1) is None


def test_results_carry_no_zeros_of_the_way_they_were_worked_out() -> None:
    assert str(value("A1*2", A1=Decimal("2.50"))) == "5"
    assert str(value("A1*10", A1=100)) == "1000"
    assert str(value("1/3")) == "0.333333333333333"


def test_a_column_meets_the_formula_in_its_row() -> None:
    assert value("A1:A9*2", A7=21) == 42
    assert value("A1:A3*2", A1=21) == CellError("#VALUE!")


def test_the_columns_of_the_own_table() -> None:
    rows: dict[str, Any] = {
        "B2": "预算",
        "C2": "执行",
        "D2": "率",
        "B3": 4,
        "C3": 1,
        "D3": "=[@执行]/台账[[#This Row],[预算]]",
    }
    table = TableInfo("台账", "表", Area(2, 2, 4, 4), ("预算", "执行", "率"), totals_rows=1)
    calculator = Calculator(Book({"表": {**rows, "B4": "=SUBTOTAL(109,[预算])"}}, tables=[table]))
    assert calculator.value("表", 3, 4) == Decimal("0.25")
    assert calculator.value("表", 4, 2) == 4


def test_a_sheet_s_own_name_goes_before_the_workbook_s() -> None:
    names = {"率": "表!$A$1", "别处!率": "表!$A$2", "甲": "乙", "乙": "甲"}
    made = Book({"表": {"A1": 1, "A2": 2, "A3": "=率", "A4": "=甲"}, "别处": {"A1": "=率"}}, names=names)
    assert Calculator(made).value("表", 3, 1) == 1
    assert Calculator(made).value("别处", 1, 1) == 2
    assert isinstance(Calculator(made).value("表", 4, 1), NotComputable)


def test_each_cell_of_an_array_formula_has_its_own_value() -> None:
    made = Book({"表": {"A1": 1, "A2": 2, "B1": 10, "B2": 20}})
    made.put_array("表", "C1:C3", "A1:A2*B1:B2")
    made.put("表", "D1", "=SUM(C1:C2)")
    calculator = Calculator(made)
    assert [calculator.value("表", row, 3) for row in (1, 2, 3)] == [10, 40, CellError("#N/A")]
    assert calculator.value("表", 1, 4) == 50


def test_a_long_chain_needs_no_deep_recursion() -> None:
    length = 10_000
    chain: dict[str, Any] = {"A1": 1} | {f"A{row}": f"=IF(TRUE,SUM(A{row - 1},1),0)" for row in range(2, length + 1)}
    made = Book({"表": chain})
    calculator = Calculator(made)
    assert calculator.value("表", length, 1) == length
    assert len(calculator.dependents({("表", 1, 1)}, made.formulas())) == length - 1


@pytest.mark.parametrize("length", [1, 2, 3, 30, 500])
def test_a_circle_is_not_worked_out(length: int) -> None:
    circle: dict[str, Any] = {f"A{row}": f"=A{row % length + 1}+1" for row in range(1, length + 1)}
    calculator = Calculator(Book({"表": {**circle, "B1": "=A1", "B2": "=IF(FALSE,A1,5)"}}))
    assert calculator.value("表", 1, 2) == NotComputable("公式循环引用")
    assert calculator.value("表", 1, 1) == NotComputable("公式循环引用")
    assert calculator.value("表", 2, 2) == 5


@pytest.mark.parametrize(
    "formula",
    ["(" * 5000 + "1" + ")" * 5000, "-" * 8000 + "1", "1" + "%" * 8000, "IF(" * 3000, "1" + "+1" * 10_000],
    ids=["brackets", "signs", "percents", "calls", "length"],
)
def test_monstrous_formulas_are_refused(formula: str) -> None:
    assert isinstance(value(formula), NotComputable)


def test_nesting_and_terms_that_a_spreadsheet_allows() -> None:
    assert value("1" + "+1" * 4000) == 4001
    nested = "1"
    for _ in range(60):
        nested = f"IF(A1=0,1+{nested},0)"
    assert value(nested) == 61


def test_whole_columns_of_a_full_sheet_are_bounded() -> None:
    full: dict[str, Any] = {"A1": 1, "XFD1048576": 1, "B1": "=SUM(A:XFD)", "B2": "=SUM(A1:A9)"}
    calculator = Calculator(Book({"表": full}))
    assert isinstance(calculator.value("表", 1, 2), NotComputable)
    assert calculator.value("表", 2, 2) == 1
    assert isinstance(value("REPT(A1:A9&1,1E9)"), CellError | NotComputable)
    assert value("9^(9^9)") == CellError("#NUM!")


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("*a*b*", "xxaxxbxx", True),
        ("*a*ab", "xaaab", True),
        ("a*a", "a", False),
        ("a*b*b", "ab", False),
        ("?*", "", False),
        ("~**~?", "*甲?", True),
        ("a" + "*a" * 200 + "b", "a" * 10_000, False),
    ],
)
def test_wildcards(pattern: str, text: str, found: bool) -> None:
    assert value(f'COUNTIF(A1,"{pattern}")', A1=text) == int(found)


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    made = Book({"表": {"A1": "=DATE(2023,3,15)", "A2": '=TEXT(A1,"yyyy-mm-dd")', "A3": "=DAY(A1)"}}, date1904=True)
    calculator = Calculator(made)
    assert [calculator.value("表", row, 1) for row in (1, 2, 3)] == [43538, "2023-03-15", 15]


LEANING: dict[str, dict[str, Any]] = {
    "表": {
        "A1": 1, "A2": 2, "B1": "=A1", "B2": "=B1*2", "B3": "=SUM(A:A)", "B4": "=SUM(2:2)", "B5": "=甲+1",
        "B6": "=IF(FALSE,A1,0)", "B7": "=Z1+1", "B8": "=[1]上年!A1", "B9": '=_xlfn.DISPIMG("x",1)', "B10": "=TODAY()",
        "B11": '=INDIRECT("A1")', "B12": "=SUM(1,", "B13": "=SUM(A1:INDEX(A:A,2))", "B14": "=SUM(表:三!A1)",
        "B15": '=SUMIF(Y1:Y9,">0",A1)', "B16": "=台账[预算]", "B17": "=B11+1", "B18": "=UNKNOWN(A1)", "B19": "=没有!A1",
    },
    "二": {"A1": "=表!B2"},
    "三": {"A1": 1, "A2": "=A1", "C1": "预算", "C2": 5},
}  # fmt: skip


@pytest.mark.parametrize(
    ("edited", "leaning"),
    [
        ("表!A1", "表!B1 表!B2 表!B3 表!B4 表!B5 表!B6 表!B14 表!B15 表!B18 二!A1"),
        ("表!A2", "表!B3 表!B4 表!B15"),
        ("表!A6", "表!B3 表!B15"),
        ("二!B1", ""),
        ("三!A1", "表!B14 三!A2"),
        ("三!C2", "表!B16"),
    ],
)
def test_what_leans_on_an_edited_cell(edited: str, leaning: str) -> None:
    names = {"甲": "表!$A$1"}
    tables = [TableInfo("台账", "三", Area(1, 3, 2, 3), ("预算",))]
    made = Book(LEANING, names=names, tables=tables)
    sheet, _, address = edited.partition("!")
    found = Calculator(made).dependents({(sheet, int(address[1:]), ord(address[0]) - 64)}, made.formulas())
    # Whatever is edited: volatile functions, what is not understood, and what leans on them; B4 reads row 2 where B11 leads to B2.
    always = {"表!B10", "表!B11", "表!B12", "表!B13", "表!B17"}
    assert always <= {a1(cell) for cell in found}
    assert [a1(cell) for cell in found if a1(cell) not in always] == leaning.split()


def test_an_array_formula_leans_as_a_whole() -> None:
    made = Book({"表": {"A1": 1, "A2": 2}})
    made.put_array("表", "C1:C2", "A1:A2*2")
    made.put("表", "D1", "=C2")
    cells = [*made.formulas(), ("表", 2, 3)]
    assert [a1(cell) for cell in Calculator(made).dependents({("表", 1, 1)}, cells)] == ["表!C1", "表!D1", "表!C2"]


def test_after_an_edit_what_was_forgotten_is_worked_out_anew() -> None:
    made = Book({"表": {"A1": 1, "A2": "=A1+1", "A3": "=A2*10", "A4": "=5"}})
    calculator = Calculator(made)
    assert calculator.value("表", 3, 1) == 20
    made.put("表", "A1", 2)
    stale = calculator.dependents({("表", 1, 1)}, made.formulas())
    calculator.forget(stale)
    assert stale == [("表", 2, 1), ("表", 3, 1)]
    assert calculator.value("表", 3, 1) == 30


@pytest.mark.parametrize(
    ("text", "rows", "columns", "shifted"),
    [
        ("A1+$B$2:C3*Sheet1!D4", 2, 1, "B3+$B$2:D5*Sheet1!E6"),
        ('"A1"&A1', 1, 0, '"A1"&A2'),
        ("A1", -1, 0, "#REF!"),
        ("SUM(A:$B,1:$2)", 1, 1, "SUM(B:$B,2:$2)"),
        ("LOG10(A1)+'A1'!B2+台账[A1]", 1, 1, "LOG10(B2)+'A1'!C3+台账[A1]"),
        ("XFD1048576", 0, 1, "#REF!"),
        (" A1 ", 0, 1, " B1 "),
    ],
)
def test_shift_formula(text: str, rows: int, columns: int, shifted: str) -> None:
    assert shift_formula(text, rows, columns) == shifted


PIECES = st.sampled_from(
    ["A1", "$B$2", "A:A", "2:3", "表!A1", "甲", "台账[预算]", "[@预算]", "1", "0.5", "1E9", '"x"', "TRUE", "#N/A", "{1,2}",
     "(", ")", ",", " ", "+", "-", "*", "/", "^", "&", "=", "<>", "<", "%", ":", "!", "SUM(", "IF(", "ROUND(", "COUNTIF(",
     "VLOOKUP(", "INDEX(", "TEXT(", "SUMPRODUCT(", "MATCH(", "IFERROR(", "SUBTOTAL(", "LEFT(", "DATE(", "OFFSET("]
)  # fmt: skip
WELL_FORMED = st.recursive(
    st.sampled_from(
        ["A1", "A1:B3", "A:A", "甲", "台账[预算]", "1", "-2.5", '"x"', '"3"', "TRUE", "#N/A", "{1,2;3,4}", ""]
    ),
    lambda inner: st.one_of(
        st.builds("({}{}{})".format, inner, st.sampled_from("+-*/^&=<>:, "), inner),
        st.builds(
            lambda name, arguments: f"{name}({','.join(arguments)})",
            st.sampled_from(sorted(FUNCTIONS)),
            st.lists(inner, max_size=4),
        ),
    ),
    max_leaves=8,
)


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join), WELL_FORMED), st.booleans())
def test_no_text_brings_the_evaluator_down(text: str, array: bool) -> None:
    names = {"甲": "表!$A$1:$A$2"}
    tables = [TableInfo("台账", "表", Area(1, 3, 3, 3), ("预算",))]
    cells: dict[str, Any] = {
        "A1": 1,
        "A2": "文本",
        "B1": True,
        "C1": "预算",
        "C2": 5,
        "C3": Decimal("0.5"),
        "B3": "=1/0",
    }
    made = Book({"表": cells}, names=names, tables=tables)
    if array:
        made.put_array("表", "D7:E8", text)
    else:
        made.put("表", "D7", RawCell(None, text))
    calculator = Calculator(made)
    result = calculator.value("表", 7, 4)
    assert isinstance(result, str | Decimal | bool | NotComputable)
    assert not isinstance(result, Decimal) or len(result.normalize().as_tuple().digits) <= 15
    calculator.dependents({("表", 1, 1)}, made.formulas())
