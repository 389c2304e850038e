"""Books that the format allows and nobody makes on purpose: huge, crowded, or with values where no such value belongs."""

from __future__ import annotations

from html import escape

from perfxl.grid.address import column_letters
from tests.hostile import base, container
from tests.hostile.base import SHEET, STRINGS, STYLES, WORKBOOK, WORKBOOK_RELS, Form, Parts, parts, replaced
from tests.hostile.case import PUT_RIGHT, read, refused
from tests.workbooks.handmade import MAIN, relationships


def _pack(made: Parts) -> bytes:
    return container.pack(made)


def _with_form(
    form: Form, *, rows: str = "", merges: str = "", before: str = "", after: str = "", texts: str = ""
) -> Parts:
    """The workbook with this form, and what stands around it on its sheet."""
    return parts(
        {
            SHEET: base.sheet(form.rows + rows, form.merge_cells + merges, before=before, after=after),
            STRINGS: base.strings(form.strings, more=texts),
        }
    )


def _with_cells(**cells: str) -> bytes:
    """The workbook with cells of this markup in the form; `@` stands for their address."""
    return _pack(_with_form(Form(cells=cells)))


def _formulas(**formulas: str) -> bytes:
    """The workbook with formulas in the form, without stored values."""
    return _with_cells(**{at: f'<c r="@"><f>{escape(formula)}</f></c>' for at, formula in formulas.items()})


def _text(text: str) -> str:
    return f'<c r="@" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


# ---- sizes


@read()
def a_million_formatted_empty_rows() -> bytes:
    rows = "".join([f'<row r="{n}" s="1" customFormat="1"/>' for n in range(18, 1_000_000)])
    return _pack(_with_form(Form(), rows=rows))


@read()
def half_a_million_formatted_empty_cells() -> bytes:
    rows = "".join([f'<row r="{n}"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(18, 250_000)])
    return _pack(_with_form(Form(), rows=rows))


@read()
def three_hundred_thousand_different_texts_below_the_form() -> bytes:
    return _with_texts(300_000, "某项目第{}号，达到预期目标", 1)


@read()
def a_hundred_thousand_texts_that_look_like_labels() -> bytes:
    return _with_texts(100_000, "{}号具体指标", 9)


def _with_texts(count: int, text: str, columns: int) -> bytes:
    form = Form()
    own = len(form.strings)
    rows = "".join(
        f'<row r="{row}">'
        + "".join(
            f'<c r="{column_letters(column + 1)}{row}" t="s"><v>{own + at + column}</v></c>'
            for column in range(columns)
        )
        + "</row>"
        for row, at in enumerate(range(0, count - columns, columns), 20)
    )
    texts = form.strings + [text.format(n) for n in range(count)]
    return _pack(parts({SHEET: base.sheet(form.rows + rows, form.merge_cells), STRINGS: base.strings(texts)}))


@read()
def five_thousand_sheets() -> bytes:
    made = parts()
    blank = base.sheet("")
    targets = {"worksheet": "worksheets/sheet1.xml", "styles": "styles.xml", "sharedStrings": "sharedStrings.xml"}
    rels = relationships(**targets, **{f"worksheet__{n}": f"worksheets/s{n}.xml" for n in range(2, 5001)})
    sheets = "".join(f'<sheet name="第{n}张" sheetId="{n}" r:id="rId{n + 2}"/>' for n in range(2, 5001))
    book = made[WORKBOOK].decode().replace("</sheets>", f"{sheets}</sheets>")
    more = {f"xl/worksheets/s{n}.xml": blank for n in range(2, 5001)}
    return _pack({**parts({WORKBOOK: book, WORKBOOK_RELS: rels}), **more})


@read()
def two_hundred_thousand_merged_areas() -> bytes:
    merges = "".join([f'<mergeCell ref="A{n}:B{n}"/>' for n in range(20, 200_020)])
    return _pack(_with_form(Form(), merges=merges))


@read()
def merged_areas_over_whole_columns() -> bytes:
    merges = "".join(f'<mergeCell ref="{column_letters(n)}1:{column_letters(n)}1048576"/>' for n in range(20, 2020))
    return _pack(_with_form(Form(), merges=merges))


@read(changes={"I1048006": "9.78", "H1048017": "96.78"})
def a_form_at_the_end_of_the_sheet() -> bytes:
    return _pack(_with_form(Form(down=1_048_000)))


@read(changes={"XFD6": "9.78", "XFC17": "96.78"})
def a_form_at_the_right_edge() -> bytes:
    return _pack(_with_form(Form(right=16_375)))


@read(
    forms=900, changes={f"{c}{r + 20 * n}": v for n in range(900) for c, r, v in (("I", 6, "9.78"), ("H", 17, "96.78"))}
)
def nine_hundred_forms_on_one_sheet() -> bytes:
    forms = [Form(down=20 * n) for n in range(900)]
    first = forms[0].strings
    rows = "".join(form.rows for form in forms)
    return _pack(
        parts({SHEET: base.sheet(rows, "".join(form.merge_cells for form in forms)), STRINGS: base.strings(first)})
    )


@read()
def a_million_strings_that_nobody_uses() -> bytes:
    return _pack(_with_form(Form(), texts="".join([f"<si><t>废{n}</t></si>" for n in range(1_000_000)])))


@read()
def one_string_of_sixty_megabytes() -> bytes:
    return _pack(_with_form(Form(), texts=f"<si><t>{'x' * 60_000_000}</t></si>"))


@refused(SHEET)
def three_million_numbers() -> bytes:
    row = "".join([f"<c><v>{n}</v></c>" for n in range(3000)])
    rows = "".join([f'<row r="{n}">{row}</row>' for n in range(18, 1018)])
    telling = '<row r="1020"><c r="A1020" t="inlineStr"><is><t>x</t></is></c></row>'
    return _pack(_with_form(Form(), rows=rows + telling))


@read()
def two_million_numbers_on_another_sheet() -> bytes:
    rows = "".join(
        [f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><v>7</v></c></row>' for n in range(1, 1_000_001)]
    )
    rels = relationships(
        worksheet="worksheets/sheet1.xml",
        worksheet__2="worksheets/sheet2.xml",
        styles="styles.xml",
        sharedStrings="sharedStrings.xml",
    )
    return _pack(
        parts(
            {
                WORKBOOK: base.workbook("自评表", "明细"),
                WORKBOOK_RELS: rels,
                "xl/worksheets/sheet2.xml": base.sheet(rows),
            }
        )
    )


@read()
def sixty_thousand_cell_formats() -> bytes:
    return _pack(_with_formats(60_000))


def _with_formats(count: int) -> Parts:
    xfs = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' * count
    return replaced(STYLES, "</cellXfs>", f"{xfs}</cellXfs>")


@read()
def two_hundred_thousand_number_formats() -> bytes:
    formats = "".join(f'<numFmt numFmtId="{n}" formatCode="0.0{n}"/>' for n in range(200, 200_200))
    return _pack(replaced(STYLES, "<fonts", f'<numFmts count="200000">{formats}</numFmts><fonts'))


@read()
def a_number_format_of_a_million_signs() -> bytes:
    made = replaced(
        STYLES,
        "<fonts",
        f'<numFmts count="1"><numFmt numFmtId="190" formatCode="{"0#?,." * 200_000}"/></numFmts><fonts',
    )
    return _pack({**made, STYLES: made[STYLES].replace(b'numFmtId="10"', b'numFmtId="190"')})


@read()
def a_number_format_of_brackets() -> bytes:
    made = replaced(
        STYLES,
        "<fonts",
        f'<numFmts count="1"><numFmt numFmtId="190" formatCode="{"[" * 20_000}0.00%{";" * 20_000}"/></numFmts><fonts',
    )
    return _pack({**made, STYLES: made[STYLES].replace(b'numFmtId="10"', b'numFmtId="190"')})


@read()
def a_hundred_thousand_names() -> bytes:
    names = "".join(f'<definedName name="n{n}">自评表!$A${n}</definedName>' for n in range(1, 100_001))
    return _pack(parts({WORKBOOK: base.workbook("自评表", after=f"<definedNames>{names}</definedNames>")}))


@read()
def a_hundred_thousand_notes() -> bytes:
    notes = "".join(
        f'<comment ref="K{n}" authorId="0"><text><t>说明 {n}</t></text></comment>' for n in range(1, 100_001)
    )
    comments = (
        f'<comments xmlns="{MAIN}"><authors><author>甲</author></authors><commentList>{notes}</commentList></comments>'
    )
    return _pack(
        parts(
            {
                "xl/worksheets/_rels/sheet1.xml.rels": relationships(comments="../comments1.xml"),
                "xl/comments1.xml": comments,
            }
        )
    )


@read()
def a_hundred_thousand_links_and_rules() -> bytes:
    rules = "".join(
        f'<conditionalFormatting sqref="A{n}"><cfRule type="expression" priority="{n}"><formula>A1</formula></cfRule></conditionalFormatting>'
        for n in range(1, 100_001)
    )
    links = "".join(f'<hyperlink ref="A{n}" location="A1"/>' for n in range(1, 100_001))
    return _pack(_with_form(Form(), after=f"{rules}<hyperlinks>{links}</hyperlinks>"))


@refused("列")
def twenty_thousand_hidden_columns_over_one_another() -> bytes:
    columns = '<col min="1" max="16383" width="9" hidden="1"/>' * 20_000
    return _pack(_with_form(Form(), before=f"<cols>{columns}</cols>"))


@read()
def all_rows_and_columns_hidden() -> bytes:
    made = _with_form(Form(), before='<cols><col min="1" max="16384" width="0" hidden="1"/></cols>')
    return _pack({**made, SHEET: made[SHEET].replace(b"<row ", b'<row hidden="1" ')})


@read(forms=None, total=None, changes=None)
def a_crowd_of_labels() -> bytes:
    """Every cell says what only a head says."""
    words = ("三级指标", "年度指标值", "实际完成值", "分值", "得分", "一级指标", "总分", "项目名称")
    rows = []
    for n in range(40, 440):
        cells = "".join(
            f'<c r="{column_letters(c)}{n}" t="inlineStr"><is><t>{words[(n * c) % 8]}</t></is></c>'
            for c in range(1, 60)
        )
        rows.append(f'<row r="{n}">{cells}</row>')
    return _pack(_with_form(Form(), rows="".join(rows)))


# ---- texts

_LONGEST = 32_767


@read()
def a_project_name_of_32767_letters() -> bytes:
    return _with_cells(B3=_text("河" * _LONGEST))


@read()
def every_text_of_32767_letters() -> bytes:
    return _with_cells(**{at: _text("长" * _LONGEST) for at in ("B3", "B4", "G4", "B10", "F10", "D12", "F12", "I13")})


@read()
def values_that_invite_backtracking() -> bytes:
    """Long texts that almost match one expression or another."""
    return _with_cells(
        E12=_text("≥" * _LONGEST), F12=_text("1-" * 16_000), E13=_text("1" * _LONGEST), F13=_text("9." * 16_000), E14=_text("2022年" * 6_000),
        F14=_text("1月" * 16_000), E15=_text(" " * _LONGEST), F15=_text("（" * _LONGEST), I13=_text("已整改，" * 8_000), I15=_text("\n" * 30_000),
        B10=_text("1,000万元" * 4_000), F10=_text("%" * _LONGEST), D12=_text("第1、" * 10_000), D13=_text("a_" * 16_000), D14=_text("/" * _LONGEST),
    )  # fmt: skip


@read()
def control_and_direction_characters_in_names() -> bytes:
    return _with_cells(B3=_text("河堤_x0000__x001B_[31m加固\u202e\u2066\u200b\ufeff"), B4=_text("=cmd|'/C calc'!A0"))


# ---- values


@read(total="96.87", changes={})
def a_budget_beyond_a_double() -> bytes:
    return _with_cells(E6='<c r="@"><v>1E+400</v></c>', F6='<c r="@"><v>-1E+400</v></c>')


@read(total="87", changes={"H6": "0.00%", "I6": "0", "H17": "87"})
def a_budget_of_the_largest_double() -> bytes:
    return _with_cells(E6='<c r="@"><v>1.7976931348623157E+308</v></c>', F6='<c r="@"><v>1E-307</v></c>')


@read(total=None, changes={})
def amounts_as_text_with_monstrous_exponents() -> bytes:
    return _with_cells(
        E6=_text("1e999999"), F6=_text("1E-999999"), F12=_text("1e999999999"), H13=_text("9e99999"), G14=_text("1e400")
    )


@read(total=None, changes={})
def amounts_of_five_thousand_digits() -> bytes:
    return _with_cells(
        E6=f'<c r="@"><v>{"9" * 5000}</v></c>',
        F6=_text("9" * 5000),
        H13=_text("8" * 30_000),
        G14=_text("0." + "1" * 30_000),
    )


@read(total=None, changes={})
def numbers_that_are_none() -> bytes:
    return _with_cells(
        E6='<c r="@"><v>NaN</v></c>', F6='<c r="@"><v>INF</v></c>', H13='<c r="@"><v>-Infinity</v></c>', G14='<c r="@"><v>sNaN</v></c>',
        H14=_text("NaN"), H15=_text("inf"), F12=_text("nan"), E13=_text("Infinity"),
    )  # fmt: skip


@read(total=None, changes={})
def error_and_boolean_cells_where_numbers_belong() -> bytes:
    return _with_cells(
        E6='<c r="@" t="e"><v>#DIV/0!</v></c>', F6='<c r="@" t="b"><v>1</v></c>', H6='<c r="@" t="e"><v>#N/A</v></c>',
        H12='<c r="@" t="e"><v>#REF!</v></c>', G13='<c r="@" t="b"><v>0</v></c>', H17='<c r="@" t="e"><v>#VALUE!</v></c>',
        F12='<c r="@" t="e"><v>#NAME?</v></c>', E13='<c r="@" t="b"><v>1</v></c>', B3='<c r="@" t="e"><v>#NULL!</v></c>',
    )  # fmt: skip


@read(total=None, changes={"I6": "9.78"})
def cells_of_unknown_types() -> bytes:
    return _with_cells(
        E6='<c r="@" t="zzz"><v>32.4</v></c>',
        H12='<c r="@" t=""><v>20</v></c>',
        H13='<c r="@" t="d"><v>9999-99-99</v></c>',
    )


@read()
def a_date_where_the_year_belongs() -> bytes:
    return _with_cells(A2='<c r="@" t="d"><v>2022-12-31T00:00:00Z</v></c>')


# ---- formulas


@read(total=None, changes={})
def formulas_in_a_circle() -> bytes:
    return _formulas(I6="H17", H17="I6+H12", H12="H12+1")


@read(changes={**PUT_RIGHT, "K20": "590.4181", "L20": "590.4181"})
def a_sum_over_the_whole_sheet_beside() -> bytes:
    rows = '<row r="20"><c r="K20"><f>SUM(1:17)</f><v>0</v></c><c r="L20"><f>SUM(A1:J1048576)+SUM(M:XFD)</f><v>0</v></c></row>'
    return _pack(_with_form(Form(), rows=rows))


@read()
def a_chain_of_fifty_thousand_formulas() -> bytes:
    rows = "".join([f'<row r="{n}"><c r="A{n}"><f>A{n + 1}+0</f></c></row>' for n in range(30, 50_030)])
    form = Form(cells={"F6": '<c r="@"><f>A30</f></c>'})
    return _pack(_with_form(form, rows=rows + '<row r="50030"><c r="A50030"><v>31.69</v></c></row>'))


@read()
def forty_thousand_shared_formulas() -> bytes:
    rows = '<row r="30"><c r="A30"><f t="shared" ref="A30:A40030" si="0">$F$6+ROW()</f><v>1</v></c></row>' + "".join(
        [f'<row r="{n}"><c r="A{n}"><f t="shared" si="0"/><v>1</v></c></row>' for n in range(31, 40_031)]
    )
    return _pack(_with_form(Form(), rows=rows))


@read(changes=None)
def three_thousand_sums_over_whole_columns() -> bytes:
    rows = "".join([f'<row r="{n}"><c r="A{n}"><f>SUM(C:XFD)</f><v>1</v></c></row>' for n in range(30, 3_030)])
    return _pack(_with_form(Form(), rows=rows))


@read(changes={**PUT_RIGHT, "A30": None})
def names_that_laugh_a_billion_times() -> bytes:
    names = '<definedName name="laugh_0">1</definedName>' + "".join(
        f'<definedName name="laugh_{n}">{"+".join([f"laugh_{n - 1}"] * 10)}</definedName>' for n in range(1, 16)
    )
    rows = '<row r="30"><c r="A30"><f>laugh_15+$I$6</f><v>1</v></c></row>'
    made = _with_form(Form(), rows=rows)
    return _pack({**made, WORKBOOK: base.workbook("自评表", after=f"<definedNames>{names}</definedNames>")})


@read(changes={**PUT_RIGHT, "A30": None})
def names_in_a_circle() -> bytes:
    names = '<definedName name="a">b+1</definedName><definedName name="b">a+1</definedName>'
    made = _with_form(Form(), rows='<row r="30"><c r="A30"><f>a+$I$6</f><v>1</v></c></row>')
    return _pack({**made, WORKBOOK: base.workbook("自评表", after=f"<definedNames>{names}</definedNames>")})


@read(changes={**PUT_RIGHT, "A30": None, "B30": None, "C30": None})
def formulas_nested_ten_thousand_deep() -> bytes:
    deep = "(" * 10_000 + "$I$6" + ")" * 10_000
    deeper = "IF(1," * 3000 + "$I$6" + ")" * 3000
    cells = f'<c r="A30"><f>{deep}</f><v>1</v></c><c r="B30"><f>{deeper}</f><v>1</v></c><c r="C30"><f>{"-" * 50_000}$I$6</f><v>1</v></c>'
    return _pack(_with_form(Form(), rows=f'<row r="30">{cells}</row>'))


@read(
    changes={
        **PUT_RIGHT, "T30": "#NUM!", "U30": "#VALUE!", "V30": None, "W30": "#NUM!", "X30": "9.78", "Y30": "#NUM!", "Z30": "#VALUE!", "AA30": None,
        "AB30": "2.32E+285", "AC30": None, "AD30": "9.78", "AE30": "1E+300", "AF30": "#NUM!",
    }
)  # fmt: skip
def formulas_that_grow_without_bound() -> bytes:
    formulas = (
        "9^9^9^9+$I$6", 'REPT("x",32767*32767)&$I$6', "FACT(170)*$I$6", "1E308*1E308*$I$6", "ROUND($I$6,999999999)", "POWER(10,1E9)*$I$6",
        'SUBSTITUTE(REPT("a",32767),"a",REPT("b",32767))&$I$6', "SUMPRODUCT(A1:XFD1048576*A1:XFD1048576)+$I$6", "MOD(1E300,$I$6)",
        "EXP(99999)*$I$6", "ROUND(1E300,-999999)+$I$6", "INT(1E300)+$I$6", "1/3E-300/1E-300+$I$6",
    )  # fmt: skip
    cells = "".join(
        f'<c r="{column_letters(c)}30"><f>{escape(formula)}</f><v>1</v></c>' for c, formula in enumerate(formulas, 20)
    )
    return _pack(_with_form(Form(), rows=f'<row r="30">{cells}</row>'))


@read(changes=None)
def texts_that_double_forty_times() -> bytes:
    cells = '<c r="A30"><f>"x"&amp;$I$6</f><v>1</v></c>' + "".join(
        f'<c r="{column_letters(n)}30"><f>{column_letters(n - 1)}30&amp;{column_letters(n - 1)}30</f><v>1</v></c>'
        for n in range(2, 42)
    )
    return _pack(_with_form(Form(), rows=f'<row r="30">{cells}</row>'))


@read(changes={**PUT_RIGHT, "A30": "10.78"})
def an_array_formula_over_the_whole_sheet() -> bytes:
    return _pack(
        _with_form(Form(), rows='<row r="30"><c r="A30"><f t="array" ref="A30:XFD1048576">$I$6+1</f><v>1</v></c></row>')
    )


@refused("数组")
def array_formulas_over_one_another() -> bytes:
    arrays = "".join(
        [
            f'<row r="{n}"><c r="A{n}"><f t="array" ref="A{n}:XFD1048576">1</f><v>1</v></c></row>'
            for n in range(30, 8_030)
        ]
    )
    return _pack(_with_form(Form(), rows=arrays))


@read(changes={**PUT_RIGHT, "A30": None})
def a_formula_of_a_million_signs() -> bytes:
    return _pack(_with_form(Form(), rows=f'<row r="30"><c r="A30"><f>{"1+" * 500_000}$I$6</f><v>1</v></c></row>'))


@read(changes={**PUT_RIGHT, "A30": None, "B30": None, "C30": None, "D30": None})
def formulas_that_reach_outside() -> bytes:
    cells = (
        '<c r="A30"><f>[1]外!A1+$I$6</f><v>1</v></c><c r="B30"><f>WEBSERVICE("http://127.0.0.1:9/"&amp;$I$6)</f><v>1</v></c>'
        '<c r="C30"><f>CALL("kernel32","WinExec","JFF",$I$6)</f><v>1</v></c><c r="D30"><f>cmd|\'/C calc\'!A0</f><v>1</v></c>'
    )
    return _pack(_with_form(Form(), rows=f'<row r="30">{cells}</row>'))


@read(changes={"I6": "9.78"})
def a_score_that_is_the_total() -> bytes:
    """Whatever the total is put to, the score follows it: it is left alone."""
    return _pack(_with_form(Form(cells={"H12": '<c r="@"><f>H17-76.87</f><v>20</v></c>'})))
