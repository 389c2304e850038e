"""Parts that are no XML, attack their reader, or are written oddly and nevertheless right; relationships that lead astray."""

from __future__ import annotations

from tests.hostile import base, container
from tests.hostile.base import (
    CORE,
    ROOT_RELS,
    SHEET,
    STRINGS,
    STYLES,
    THEME,
    WORKBOOK,
    WORKBOOK_RELS,
    Form,
    Parts,
    parts,
    replaced,
)
from tests.hostile.case import read, refused
from tests.workbooks.handmade import MAIN, RELATIONS, relationships

STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def _pack(made: Parts) -> bytes:
    return container.pack(made)


def _recoded(part: str, codec: str, *, bom: bytes = b"", declared: str | None = None) -> bytes:
    text = parts()[part].decode()
    if declared is not None:
        text = text.replace('encoding="UTF-8"', f'encoding="{declared}"')
    return _pack(parts({part: bom + text.encode(codec)}))


# ---- document types and entities

_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 20))
_DOCTYPES = {
    "laughs": f'<!DOCTYPE x [<!ENTITY l0 "哈">{_LAUGHS}]>',
    "outside": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    "plain": "<!DOCTYPE x>",
    "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>',
}


def _with_doctype(part: str, kind: str = "laughs", codec: str = "utf-8") -> bytes:
    text = parts()[part].decode().replace("?>", f"?>\n<!-- 说明 -->{_DOCTYPES[kind]}", 1)
    if codec == "utf-16":
        text = text.replace('encoding="UTF-8"', 'encoding="UTF-16"')
    return _pack(parts({part: text.encode(codec)}))


@refused("文档类型声明")
def a_billion_laughs_in_the_sheet() -> bytes:
    return _with_doctype(SHEET)


@refused("文档类型声明")
def a_billion_laughs_in_the_strings() -> bytes:
    return _with_doctype(STRINGS)


@refused("文档类型声明")
def a_billion_laughs_in_the_styles() -> bytes:
    return _with_doctype(STYLES)


@refused("文档类型声明")
def an_outside_entity_in_the_workbook() -> bytes:
    return _with_doctype(WORKBOOK, "outside")


@refused("文档类型声明")
def an_outside_entity_in_relationships() -> bytes:
    return _with_doctype(WORKBOOK_RELS, "outside")


@refused("文档类型声明")
def a_parameter_entity_in_the_root_relationships() -> bytes:
    return _with_doctype(ROOT_RELS, "parameter")


@refused("文档类型声明")
def a_bare_doctype_in_the_sheet() -> bytes:
    return _with_doctype(SHEET, "plain")


@refused("文档类型声明")
def a_doctype_in_the_content_types() -> bytes:
    return _with_doctype(base.TYPES, "plain")


@refused("文档类型声明")
def a_doctype_in_a_part_that_nobody_needs() -> bytes:
    return _with_doctype(CORE, "outside")


@refused("文档类型声明")
def a_doctype_in_utf16() -> bytes:
    return _with_doctype(SHEET, "outside", "utf-16")


@refused("文档类型声明")
def a_doctype_in_utf16_in_a_part_that_nobody_needs() -> bytes:
    return _with_doctype(THEME, "outside", "utf-16")


@refused("文档类型声明")
def a_doctype_behind_a_megabyte_of_comment() -> bytes:
    text = parts()[THEME].decode().replace("?>", f"?><!--{'空' * 400_000}-->{_DOCTYPES['plain']}", 1)
    return _pack(parts({THEME: text}))


@refused("实体")
def an_entity_that_nobody_declared() -> bytes:
    return _pack(replaced(STRINGS, "河堤加固", "河堤&evil;加固"))


@read()
def a_doctype_in_a_comment() -> bytes:
    return _pack(replaced(SHEET, "<sheetData>", "<!-- <!DOCTYPE x> --><sheetData>"))


# ---- no XML


@refused(SHEET)
def an_empty_sheet_part() -> bytes:
    return _pack(parts({SHEET: b""}))


@refused(SHEET)
def a_sheet_part_of_zeros() -> bytes:
    return _pack(parts({SHEET: bytes(5000)}))


@refused(SHEET)
def a_sheet_part_that_is_a_picture() -> bytes:
    return _pack(parts({SHEET: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8}))


@refused(SHEET)
def a_sheet_part_that_is_cut_off() -> bytes:
    return _pack(parts({SHEET: parts()[SHEET][:-40]}))


@refused(SHEET)
def a_sheet_part_cut_within_its_rows() -> bytes:
    return _pack(parts({SHEET: parts()[SHEET][:900]}))


@refused(STRINGS)
def a_strings_part_that_is_cut_off() -> bytes:
    return _pack(parts({STRINGS: parts()[STRINGS][:-7]}))


@refused(WORKBOOK)
def a_workbook_part_that_is_cut_off() -> bytes:
    return _pack(parts({WORKBOOK: parts()[WORKBOOK][:-7]}))


@refused(STYLES)
def a_styles_part_that_is_cut_off() -> bytes:
    return _pack(parts({STYLES: parts()[STYLES][:-7]}))


@refused(WORKBOOK_RELS)
def a_relationships_part_that_is_cut_off() -> bytes:
    return _pack(parts({WORKBOOK_RELS: parts()[WORKBOOK_RELS][:-7]}))


@refused(SHEET)
def tags_that_cross() -> bytes:
    return _pack(replaced(SHEET, "</c></row>", "</row></c>"))


@refused(SHEET)
def an_attribute_twice() -> bytes:
    return _pack(replaced(SHEET, '<c r="A1"', '<c r="A1" r="B1"'))


@refused(SHEET)
def something_behind_the_root() -> bytes:
    return _pack(replaced(SHEET, "</worksheet>", "</worksheet><x/>"))


@refused(STRINGS)
def a_control_character_as_it_is() -> bytes:
    return _pack(replaced(STRINGS, "河堤加固", "河堤\x01加固"))


@refused(STRINGS)
def a_control_character_as_a_reference() -> bytes:
    return _pack(replaced(STRINGS, "河堤加固", "河堤&#1;加固"))


@refused(STRINGS)
def a_nul() -> bytes:
    return _pack(replaced(STRINGS, "河堤加固", "河堤\x00加固"))


@refused(STRINGS)
def half_of_a_pair_as_a_reference() -> bytes:
    return _pack(replaced(STRINGS, "河堤加固", "河堤&#xD800;加固"))


@refused(SHEET)
def a_sheet_whose_root_is_something_else() -> bytes:
    return _pack(parts({SHEET: b"<html><body>404</body></html>"}))


@refused(STRINGS)
def strings_whose_root_is_something_else() -> bytes:
    return _pack(parts({STRINGS: b"<html><body>404</body></html>"}))


@refused(WORKBOOK)
def a_workbook_whose_root_is_something_else() -> bytes:
    return _pack(parts({WORKBOOK: b"<html><body>404</body></html>"}))


@read(forms=0, changes={})
def a_sheet_without_cells_element() -> bytes:
    return _pack(parts({SHEET: f'<worksheet xmlns="{MAIN}"/>'}))


@refused(SHEET)
def a_string_that_is_not_there() -> bytes:
    return _pack(replaced(SHEET, '<c r="B3" t="s"><v>3</v>', '<c r="B3" t="s"><v>30000</v>'))


@refused(SHEET)
def a_string_of_a_negative_number() -> bytes:
    return _pack(replaced(SHEET, '<c r="B3" t="s"><v>3</v>', '<c r="B3" t="s"><v>-1</v>'))


@refused(SHEET)
def a_string_of_no_number() -> bytes:
    return _pack(replaced(SHEET, '<c r="B3" t="s"><v>3</v>', '<c r="B3" t="s"><v>三</v>'))


@refused(SHEET)
def a_cell_beyond_the_last_column() -> bytes:
    return _pack(replaced(SHEET, '<c r="I6">', '<c r="ZZZ6">'))


@refused(SHEET)
def a_cell_without_letters() -> bytes:
    return _pack(replaced(SHEET, '<c r="I6">', '<c r="66">'))


@refused(SHEET)
def a_row_beyond_the_last() -> bytes:
    return _pack(replaced(SHEET, '<row r="17">', '<row r="1048577">'))


@refused(SHEET)
def a_row_of_five_thousand_digits() -> bytes:
    return _pack(replaced(SHEET, '<row r="17">', f'<row r="{"9" * 5000}">'))


@refused(SHEET)
def a_row_of_number_zero() -> bytes:
    return _pack(replaced(SHEET, '<row r="1">', '<row r="0">'))


@refused(SHEET)
def a_row_of_a_negative_number() -> bytes:
    return _pack(replaced(SHEET, '<row r="1">', '<row r="-1">'))


@refused(SHEET)
def a_row_that_comes_twice() -> bytes:
    return _pack(replaced(SHEET, '<row r="17">', '<row r="6">'))


@refused(SHEET)
def a_cell_that_comes_twice() -> bytes:
    return _pack(replaced(SHEET, '<c r="I6"><v>9.87</v></c>', '<c r="I6"><v>9.87</v></c><c r="I6"><v>9.78</v></c>'))


@refused(SHEET)
def a_cell_whose_row_is_another() -> bytes:
    return _pack(replaced(SHEET, '<c r="I6"><v>9.87</v></c>', '<c r="I7"><v>9.87</v></c>'))


@refused(SHEET)
def a_merged_area_that_is_none() -> bytes:
    return _pack(replaced(SHEET, 'mergeCell ref="A1:I1"', 'mergeCell ref="六个格"'))


@refused(SHEET)
def a_merged_area_without_a_place() -> bytes:
    return _pack(replaced(SHEET, 'mergeCell ref="A1:I1"', "mergeCell"))


@refused("klingon")
def an_encoding_that_nobody_knows() -> bytes:
    return _recoded(SHEET, "utf-8", declared="Klingon")


@refused("编码")
def utf16_that_is_cut_within_a_character() -> bytes:
    return _pack(parts({SHEET: ("\ufeff" + parts()[SHEET].decode()).encode("utf-16-le")[:-1]}))


@refused("编码")
def gbk_that_says_it_is_utf8() -> bytes:
    return _recoded(STRINGS, "gb18030")


@refused("编码")
def utf8_that_says_it_is_utf16() -> bytes:
    return _recoded(SHEET, "utf-8", declared="UTF-16")


@refused("编码")
def utf7() -> bytes:
    return _recoded(STRINGS, "utf-7", declared="UTF-7")


# ---- bombs in markup


@read()
def elements_nested_a_hundred_thousand_deep() -> bytes:
    deep = "<x>" * 100_000 + "</x>" * 100_000
    return _pack(replaced(SHEET, "</sheetData>", f"</sheetData>{deep}"))


@read()
def strings_nested_a_hundred_thousand_deep() -> bytes:
    return _pack(replaced(STRINGS, "</sst>", "<si>" + "<r>" * 100_000 + "</r>" * 100_000 + "</si></sst>"))


@refused(SHEET)
def an_element_of_a_million_attributes() -> bytes:
    return _pack(replaced(SHEET, "<sheetData>", f"<x{_attributes(1_000_000)}/><sheetData>"))


@read()
def an_element_of_a_thousand_attributes() -> bytes:
    return _pack(replaced(SHEET, "<sheetData>", f"<x{_attributes(1000)}/><sheetData>"))


def _attributes(count: int) -> str:
    return "".join(f' a{number}=""' for number in range(count))


@read()
def an_attribute_of_ten_megabytes() -> bytes:
    return _pack(replaced(SHEET, "<sheetData>", f'<x a="{"x" * 10_000_000}"/><sheetData>'))


@read()
def a_comment_of_ten_megabytes() -> bytes:
    return _pack(replaced(SHEET, "<sheetData>", f"<!--{'x' * 10_000_000}--><sheetData>"))


@refused(SHEET)
def elements_nested_ten_million_deep() -> bytes:
    deep = "<x>" * 10_000_000 + "</x>" * 10_000_000
    return _pack(replaced(SHEET, "</sheetData>", f"</sheetData>{deep}"))


@refused(SHEET)
def a_tag_that_never_ends() -> bytes:
    return _pack(replaced(SHEET, "<sheetData>", f"<x {'a' * 30_000_000}"))


@read()
def a_hundred_thousand_prefixes() -> bytes:
    declared = " ".join(f'xmlns:p{n}="u:{n}"' for n in range(5_000))
    return _pack(replaced(SHEET, "<worksheet ", f"<worksheet {declared} "))


# ---- relationships


@refused("指向文件之外")
def a_sheet_outside() -> bytes:
    return _pack(
        replaced(WORKBOOK_RELS, 'Target="worksheets/sheet1.xml"', 'Target="file:///etc/passwd" TargetMode="External"')
    )


@refused("指向文件之外")
def strings_outside() -> bytes:
    return _pack(
        replaced(WORKBOOK_RELS, 'Target="sharedStrings.xml"', 'Target="http://127.0.0.1:9/" TargetMode="External"')
    )


@refused("指向文件之外")
def notes_outside() -> bytes:
    rels = relationships(comments="http://127.0.0.1:9/x.xml").replace(
        "<Relationship ", '<Relationship TargetMode="External" '
    )
    return _pack(parts({"xl/worksheets/_rels/sheet1.xml.rels": rels}))


@refused("指向文件之外")
def the_workbook_outside() -> bytes:
    return _pack(replaced(ROOT_RELS, f'Target="{WORKBOOK}"', 'Target="http://127.0.0.1:9/" TargetMode="External"'))


@refused("缺少部件")
def a_sheet_that_climbs_out_of_the_package() -> bytes:
    return _pack(replaced(WORKBOOK_RELS, "worksheets/sheet1.xml", "../../../../../../etc/passwd"))


@refused("缺少部件")
def a_sheet_by_an_address_of_the_web() -> bytes:
    return _pack(replaced(WORKBOOK_RELS, "worksheets/sheet1.xml", "http://127.0.0.1:9/sheet1.xml"))


@refused(WORKBOOK)
def a_sheet_that_is_the_workbook() -> bytes:
    return _pack(replaced(WORKBOOK_RELS, "worksheets/sheet1.xml", "workbook.xml"))


@refused("缺少部件")
def an_empty_target() -> bytes:
    return _pack(replaced(WORKBOOK_RELS, "worksheets/sheet1.xml", ""))


@refused("缺少部件")
def notes_that_are_not_there() -> bytes:
    return _pack(parts({"xl/worksheets/_rels/sheet1.xml.rels": relationships(comments="../comments1.xml")}))


@refused("没有指明")
def a_sheet_whose_relationship_is_not_there() -> bytes:
    return _pack(replaced(WORKBOOK, 'r:id="rId1"', 'r:id="rId77"'))


@refused("同一个部件")
def two_sheets_in_one_part() -> bytes:
    return _pack(replaced(WORKBOOK, "</sheets>", '<sheet name="另一张" sheetId="2" r:id="rId1"/></sheets>'))


@refused("同名")
def two_sheets_of_one_name_in_the_workbook() -> bytes:
    rels = relationships(
        worksheet="worksheets/sheet1.xml",
        worksheet__2="worksheets/sheet2.xml",
        styles="styles.xml",
        sharedStrings="sharedStrings.xml",
    )
    form = Form()
    return _pack(
        parts(
            {
                WORKBOOK: base.workbook("自评表", "自评表"),
                WORKBOOK_RELS: rels,
                "xl/worksheets/sheet2.xml": base.sheet(form.rows, form.merge_cells),
            }
        )
    )


@refused("没有工作表")
def a_workbook_without_sheets() -> bytes:
    return _pack(parts({WORKBOOK: base.workbook()}))


@read()
def an_outside_target_that_nobody_needs() -> bytes:
    rels = (
        parts()[WORKBOOK_RELS]
        .decode()
        .replace(
            "</Relationships>",
            f'<Relationship Id="rId90" Type="{RELATIONS}/externalLinkPath" Target="file://host/share/x.xlsx" TargetMode="External"/></Relationships>',
        )
    )
    return _pack(parts({WORKBOOK_RELS: rels}))


@read()
def relationships_in_a_circle() -> bytes:
    """Parts that lead to one another, and to themselves."""
    return _pack(
        parts(
            {
                "xl/worksheets/_rels/sheet1.xml.rels": relationships(
                    drawing="../drawings/drawing1.xml", sheet="sheet1.xml"
                ),
                "xl/drawings/drawing1.xml": "<wsDr/>",
                "xl/drawings/_rels/drawing1.xml.rels": relationships(x="../worksheets/sheet1.xml", y="drawing1.xml"),
            }
        )
    )


@read()
def absolute_targets() -> bytes:
    return _pack(replaced(WORKBOOK_RELS, 'Target="', 'Target="/xl/'))


@read()
def targets_with_a_detour() -> bytes:
    return _pack(replaced(WORKBOOK_RELS, 'Target="', 'Target="../xl/./worksheets/../'))


@read()
def targets_with_backslashes() -> bytes:
    return _pack(replaced(WORKBOOK_RELS, "worksheets/sheet1.xml", "worksheets\\sheet1.xml"))


@read()
def targets_in_capitals() -> bytes:
    return _pack(replaced(WORKBOOK_RELS, "worksheets/sheet1.xml", "WorkSheets/SHEET1.XML"))


@read()
def targets_percent_encoded() -> bytes:
    made = replaced(WORKBOOK_RELS, "worksheets/sheet1.xml", "%E8%A1%A8/%E7%AC%AC%201%20%E5%BC%A0.xml")
    sheet = made.pop(SHEET)
    return _pack({**made, "xl/表/第 1 张.xml": sheet})


@read()
def parts_by_other_names() -> bytes:
    """Names as some generators choose them: the relationships alone say what is what."""
    made = parts()
    names = {
        WORKBOOK: "book/main.xml",
        WORKBOOK_RELS: "book/_rels/main.xml.rels",
        SHEET: "a/1.xml",
        STYLES: "b.xml",
        STRINGS: "c/d.xml",
    }
    renamed = {names.get(name, name): content for name, content in made.items()}
    renamed[ROOT_RELS] = relationships(officeDocument="book/main.xml").encode()
    renamed["book/_rels/main.xml.rels"] = relationships(
        worksheet="../a/1.xml", styles="/b.xml", sharedStrings="../c/d.xml", theme="../xl/theme/theme1.xml"
    ).encode()
    types = renamed[base.TYPES].decode()
    for old, new in names.items():
        types = types.replace(f'"/{old}"', f'"/{new}"')
    renamed[base.TYPES] = types.encode()
    return _pack(renamed)


# ---- odd but right


@read()
def all_parts_in_utf16() -> bytes:
    made = {
        name: content.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
        for name, content in parts().items()
    }
    return _pack(made)


@read()
def a_sheet_in_utf16_without_a_mark() -> bytes:
    return _recoded(SHEET, "utf-16-le", declared="UTF-16")


@read()
def a_sheet_in_utf16_big_endian() -> bytes:
    return _recoded(SHEET, "utf-16-be", bom=b"\xfe\xff", declared="UTF-16")


@read()
def strings_in_utf16_big_endian_without_a_mark() -> bytes:
    return _recoded(STRINGS, "utf-16-be", declared="UTF-16BE")


@read()
def strings_in_gbk_that_say_so() -> bytes:
    return _recoded(STRINGS, "gb18030", declared="GBK")


@read()
def all_parts_with_a_byte_order_mark() -> bytes:
    return _pack({name: b"\xef\xbb\xbf" + content for name, content in parts().items()})


@read()
def all_parts_without_declaration() -> bytes:
    return _pack({name: content.partition(b"?>\n")[2] for name, content in parts().items()})


@read()
def a_namespace_prefix_throughout() -> bytes:
    made = parts()
    for name in (SHEET, STRINGS, STYLES, WORKBOOK):
        made = {**made, name: _prefixed(made[name])}
    return _pack(made)


def _prefixed(content: bytes) -> bytes:
    head, _, body = content.partition(b"?>\n")
    tagged = body.replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b'xmlns="', b'xmlns:x="', 1)
    return head + b"?>\n" + tagged


@read()
def strict() -> bytes:
    """ISO strict, as Excel saves it on request."""
    made = {
        name: content.replace(MAIN.encode(), STRICT_MAIN.encode()).replace(
            RELATIONS.encode(), STRICT_RELATIONS.encode()
        )
        for name, content in parts().items()
    }
    return _pack(made)


@read()
def white_space_between_all_elements() -> bytes:
    made = parts()
    spaced = {
        name: made[name].replace(b"><", b">\r\n\t <") for name in (SHEET, STRINGS, WORKBOOK, WORKBOOK_RELS, STYLES)
    }
    return _pack({**made, **spaced})


@read()
def comments_and_instructions_everywhere() -> bytes:
    noise = b'><!-- <c r="I6"><v>1</v></c> --><?perfxl <row/>?><'
    made = parts()
    return _pack({**made, **{name: made[name].replace(b"><", noise) for name in (SHEET, STRINGS, WORKBOOK, STYLES)}})


@read()
def values_in_cdata() -> bytes:
    return _pack(replaced(SHEET, "<v>9.87</v>", "<v><![CDATA[9.8]]>7</v>"))


@read()
def attributes_in_single_quotes() -> bytes:
    return _pack(parts({SHEET: parts()[SHEET].replace(b'"', b"'")}))


@read()
def characters_as_references() -> bytes:
    text = "".join(f"&#{ord(c)};" if ord(c) > 127 else c for c in parts()[STRINGS].decode())
    return _pack(parts({STRINGS: text}))


@read()
def cells_without_addresses() -> bytes:
    """Rows and cells that only count on."""
    import re

    text = parts()[SHEET].decode()
    for row in range(1, 18):
        for column in "ABCDEFGHI":
            if f'r="{column}{row}"' not in text:
                text = _with_blank(text, row, column)
    return _pack(parts({SHEET: re.sub(r'<(row|c) r="[A-Z0-9]+"', r"<\1", text)}))


def _with_blank(text: str, row: int, column: str) -> str:
    """The sheet with a blank cell that was left out, in its place."""
    start = text.index(f'<row r="{row}">')
    end = text.index("</row>", start)
    later = [f'<c r="{chr(c)}{row}"' for c in range(ord(column) + 1, ord("J"))]
    at = min((found for cell in later if (found := text.find(cell, start, end)) >= 0), default=end)
    return f'{text[:at]}<c r="{column}{row}"/>{text[at:]}'


@read()
def inline_strings() -> bytes:
    import re

    form = Form()
    rows = re.sub(
        r't="s"><v>(\d+)</v>', lambda m: f't="inlineStr"><is><t>{form.strings[int(m[1])]}</t></is>', form.rows
    )
    return _pack(parts({SHEET: base.sheet(rows, form.merge_cells)}))


@read()
def rich_text_and_phonetic_runs() -> bytes:
    rich = "<si><r><t>河堤</t></r><r><rPr><b/></rPr><t>加固</t></r><rPh sb='0' eb='2'><t>hedi</t></rPh></si>"
    return _pack(replaced(STRINGS, "<si><t>河堤加固</t></si>", rich))


@read()
def unknown_elements_and_attributes() -> bytes:
    made = replaced(SHEET, "<row ", '<row xmlns:f="urn:f" f:x="1" ')
    sheet = made[SHEET].decode().replace("</worksheet>", '<future xmlns="urn:g"><c r="A1"/></future></worksheet>')
    return _pack({**made, SHEET: sheet.encode()})


@read()
def wrong_counts() -> bytes:
    import re

    made = parts()
    return _pack({**made, **{name: re.sub(rb'ount="\d+"', b'ount="999999"', made[name]) for name in (SHEET, STRINGS)}})


@read()
def rows_out_of_order() -> bytes:
    text = parts()[SHEET].decode()
    start, end = text.index('<row r="16">'), text.index('<row r="17">')
    return _pack(parts({SHEET: text[:start] + text[end:].replace("</sheetData>", text[start:end] + "</sheetData>")}))


@read()
def a_sheet_of_macros_beside() -> bytes:
    microsoft = "http://schemas.microsoft.com/office/2006/relationships"
    rels = (
        parts()[WORKBOOK_RELS]
        .decode()
        .replace(
            "</Relationships>",
            f'<Relationship Id="rId8" Type="{microsoft}/xlMacrosheet" Target="macrosheets/sheet1.xml"/>'
            f'<Relationship Id="rId9" Type="{microsoft}/vbaProject" Target="vbaProject.bin"/></Relationships>',
        )
    )
    book = (
        parts()[WORKBOOK]
        .decode()
        .replace("</sheets>", '<sheet name="宏" sheetId="9" state="veryHidden" r:id="rId8"/></sheets>')
    )
    return _pack(
        parts(
            {
                WORKBOOK: book,
                WORKBOOK_RELS: rels,
                "xl/macrosheets/sheet1.xml": "<x/>",
                "xl/vbaProject.bin": bytes(range(256)) * 40,
            }
        )
    )
