"""The macros: compiled as they are written, bound to the buttons, and harmless to read for those who must trust them."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from oletools.olevba import VBA_Parser

from perfxl.addin.excel import addin_book
from perfxl.addin.extension import extension
from perfxl.addin.forms import form_books
from perfxl.addin.launcher import launcher_place
from perfxl.addin.sources import ribbon, texts
from perfxl.data import shipped_folder
from tools.macros import PROJECTS, compile_project

SOURCES = sorted([*shipped_folder("macros").glob("vba/*.bas"), *shipped_folder("macros").glob("oxt/*.bas")])
RIBBON = "{http://schemas.microsoft.com/office/2009/07/customui}"
OOR = "{http://openoffice.org/2001/registry}"
SCRIPT = "{http://openoffice.org/2000/script}"
# What a macro could do by itself when a workbook is opened or closed.
AUTOMATIC = (
    r"\b(auto_?(open|close|exec|exit|new|activate|deactivate)|workbook_\w+|document_\w+|worksheet_\w+|app_\w+)\b"
)
# Foreign code, other interpreters, the network, the disk; not even as words in a comment.
UNWANTED = (
    r"\b(declare|ptrsafe|lib|cmd|comspec|powershell|wscript|cscript|mshta|rundll32|regsvr32|createobject|getobject|callbyname|executeexcel4macro)\b"
    r"|cmd\.exe|https?:|ftp:|\b(xmlhttp|winhttp|urldownload\w*|socket|internet|web|url\w*load)\b"
    r"|\b(open|close|output|append|binary|write|print|put|kill|filecopy|mkdir|rmdir|name|save\w*|filesystemobject|adodb|stream|disk|setattr)\b"
    r"|\b(chrw?|chr\$|strreverse|xor)\b"
)
# `ActiveWorkbook.Name` reads a name; the statement Name renames files.
HARMLESS = re.compile(r"\.Name\b|Attribute VB_Name")


def source(path: Path) -> str:
    return path.read_text(encoding="ascii")


def subs(text: str) -> set[str]:
    """The public procedures without arguments, or with a ribbon control."""
    return set(re.findall(r"^Sub (\w+)(?:\(\)|\(control As IRibbonControl\))?$", text, re.MULTILINE))


def compiled_modules(data: bytes) -> dict[str, str]:
    """The macros in a workbook or project, by module, as another program reads them."""
    parser = VBA_Parser("macros", data=data)
    found = {Path(name).stem: code for _, _, name, code in parser.extract_macros()}
    parser.close()
    return {name: re.sub(r"\r\n", "\n", code) for name, code in found.items()}


@pytest.mark.parametrize("project", PROJECTS)
def test_compiled_macros_are_up_to_date(project: str) -> None:
    built = (shipped_folder("macros") / "compiled" / project).read_bytes()
    assert compile_project(*PROJECTS[project]) == built, "python tools/macros.py brings them up to date"


@pytest.mark.parametrize(
    ("data", "project"),
    [(addin_book(), "addin.bin"), *((data, "form.bin") for data in form_books().values())],
    ids=["perfxl.xlam", *form_books()],
)
def test_source_and_compiled_macros_agree(data: bytes, project: str) -> None:
    modules, sheets = PROJECTS[project]
    found = compiled_modules(data)
    empty = ["ThisWorkbook", *(f"Sheet{number}" for number in range(1, sheets + 1))]
    assert found.keys() == {*modules, *empty}
    for module in modules:
        assert found[module].rstrip() == source(shipped_folder("macros") / "vba" / f"{module}.bas").rstrip()
    for module in empty:
        assert all(line.startswith("Attribute ") for line in found[module].splitlines())


@pytest.mark.parametrize("project", PROJECTS)
def test_a_scanner_finds_no_more_than_the_start_of_a_program(project: str) -> None:
    parser = VBA_Parser(str(shipped_folder("macros") / "compiled" / project))
    parser.extract_all_macros()
    assert not parser.detect_vba_stomping()
    found = {(kind, word) for kind, word, _ in parser.analyze_macros()}
    parser.close()
    # The long strings of letters are the places of the launcher.
    expected = {("Suspicious", word) for word in ("Environ", "Shell", "vbNormalFocus", "Hex Strings", "Base64 Strings")}
    assert found == expected | {("IOC", "button.exe")}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_macros_do_nothing_by_themselves_and_only_start_the_launcher(path: Path) -> None:
    text = HARMLESS.sub("", source(path))
    assert not re.findall(AUTOMATIC, text, re.IGNORECASE)
    # `ThisComponent.URL` is where a workbook lies.
    assert not re.findall(UNWANTED, text, re.IGNORECASE)
    assert len(re.findall(r"\bShell\b", text)) == (path.stem in ("Launcher", "Buttons"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_button_is_one_line(path: Path) -> None:
    bodies = re.findall(r"^Sub (?!PerfxlStart)\w+.*\n((?:.*\n)*?)End Sub$", source(path), re.MULTILINE)
    assert all(re.fullmatch(r'    (Perfxl)?Start "[a-z]+"\n', body) for body in bodies)


def test_every_ribbon_button_has_its_macro_and_the_reverse() -> None:
    tree = ElementTree.fromstring(ribbon()["customUI/customUI14.xml"])
    called = {button.attrib["onAction"] for button in tree.iter(f"{RIBBON}button")}
    assert called == subs(source(shipped_folder("macros") / "vba" / "Ribbon.bas"))


def test_every_form_button_has_its_macro_and_the_reverse() -> None:
    macros = {button.macro for button in texts().form_buttons}
    assert macros == subs(source(shipped_folder("macros") / "vba" / "FormButtons.bas"))
    for name, data in form_books().items():
        with ZipFile(BytesIO(data)) as archive:
            drawing = archive.read("xl/drawings/vmlDrawing1.vml").decode()
        assert set(re.findall(r"<x:FmlaMacro>\[0\]!(\w+)</x:FmlaMacro>", drawing)) == macros, name
        assert drawing.count("<x:PrintObject>False</x:PrintObject>") == len(macros), name


def test_the_ribbon_is_complete() -> None:
    tree = ElementTree.fromstring(ribbon()["customUI/customUI14.xml"])
    (tab,) = tree.iter(f"{RIBBON}tab")
    groups = {
        group.attrib["label"]: [button.attrib["label"] for button in group] for group in tab.iter(f"{RIBBON}group")
    }
    assert tab.attrib["label"] == texts().title
    assert groups == {
        "填报": ["填充模板"],
        "计算": ["计算得分", "撤销"],
        "检查": ["检查", "清除标记"],
        "汇总": ["汇总"],
        "帮助": ["帮助"],
    }
    buttons = list(tree.iter(f"{RIBBON}button"))
    for each in buttons:
        assert each.attrib["imageMso"]
        assert re.fullmatch("[^。]+。", each.attrib["supertip"])
    identifiers = [each.attrib["id"] for each in tree.iter() if "id" in each.attrib]
    keys = [each.attrib["keytip"] for each in buttons]
    assert len(set(identifiers)) == len(identifiers)
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch("[A-Z]", key) for key in keys)


def test_excel_2007_and_wps_get_the_same_ribbon() -> None:
    parts = ribbon()
    new = parts["customUI/customUI14.xml"].replace(b"/2009/07/customui", b"/2006/01/customui")
    assert new == parts["customUI/customUI.xml"]


def test_the_add_in_says_that_it_is_one() -> None:
    with ZipFile(BytesIO(addin_book())) as archive:
        assert archive.testzip() is None
        types = archive.read("[Content_Types].xml").decode()
        relations = ElementTree.fromstring(archive.read("_rels/.rels"))
        names = set(archive.namelist())
    assert 'PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.addin.macroEnabled.main+xml"' in types
    targets = {each.attrib["Target"]: each.attrib["Type"].rpartition("/")[2] for each in relations}
    assert {name for name, kind in targets.items() if kind == "extensibility"} == ribbon().keys() <= names
    assert len({each.attrib["Id"] for each in relations}) == len(relations)


def test_libreoffice_offers_the_ribbons_buttons_in_menu_and_toolbar() -> None:
    with ZipFile(BytesIO(extension())) as archive:
        names = set(archive.namelist())
        addons = ElementTree.fromstring(archive.read("Addons.xcu"))
        basic = {name: ElementTree.fromstring(archive.read(f"perfxl/{name}.xba")) for name in ("Buttons", "Texts")}
        manifest = archive.read("META-INF/manifest.xml").decode()
    code = basic["Buttons"].text or ""
    assert code == source(shipped_folder("macros") / "oxt" / "Buttons.bas")
    assert all(each.attrib[f"{SCRIPT}name"] == name for name, each in basic.items())
    bars = {node.attrib[f"{OOR}name"]: node for node in addons.iter("node") if f"{OOR}name" in node.attrib}
    tree = ElementTree.fromstring(ribbon()["customUI/customUI14.xml"])
    labels = [button.attrib["label"] for button in tree.iter(f"{RIBBON}button")]
    for bar in ("OfficeMenuBar", "OfficeToolBar"):
        entries = [node for node in bars[bar].iter("node") if re.fullmatch("m[0-9]", node.attrib[f"{OOR}name"])]
        shown = {value(entry, "Title"): called(entry) for entry in entries}
        assert list(shown) == labels
        assert set(shown.values()) == subs(code)
    images = [node for node in bars["Images"] if value(node, "URL")]
    assert {called(node) for node in images} == subs(code)
    icons = {f"icons/{path.name}" for path in (shipped_folder("macros") / "oxt" / "icons").iterdir()}
    told = {
        text.removeprefix("%origin%/") for each in addons.iter("value") if (text := each.text or "").endswith(".svg")
    }
    assert told == icons <= names
    assert set(re.findall(r'full-path="([^"]+)"', manifest)) == {"Addons.xcu", "CalcWindowState.xcu", "perfxl/"}
    assert texts().missing.split("\n")[0] in (basic["Texts"].text or "")


def value(node: ElementTree.Element, name: str) -> str:
    """The value of a property of a configuration node."""
    return next((each.findtext("value", "") for each in node.findall("prop") if each.attrib[f"{OOR}name"] == name), "")


def called(node: ElementTree.Element) -> str:
    """The macro that an entry calls."""
    match = re.fullmatch(
        r"vnd\.sun\.star\.script:perfxl\.Buttons\.(\w+)\?language=Basic&location=application", value(node, "URL")
    )
    assert match
    return match[1]


def test_macros_and_installer_agree_on_the_launchers_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    here = launcher_place().relative_to(tmp_path).as_posix()
    for name in ("vba/Launcher.bas", "oxt/Buttons.bas"):
        text = source(shipped_folder("macros") / name)
        assert f'Environ("HOME") & "/{here}"' in text
        windows = here.removeprefix(".local/share/").replace("/", "\\")
        assert f'Environ("LOCALAPPDATA") & "\\{windows}.exe"' in text
