"""Compiles the VBA under `macros/vba` into `macros/compiled`, without Excel: `python tools/macros.py`.

The compiled projects travel with perfxl, so that building an add-in needs nothing but perfxl itself; the tests read them back and
hold them against their sources.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from pyopenvba import ExcelFile, VBAModuleKind

MACROS = Path(__file__).parents[1] / "macros"
# What each project is made of, and how many sheets its workbooks have: each sheet has a module of its own, empty.
PROJECTS = {
    "addin.bin": (("Launcher", "Ribbon"), 1),
    "form.bin": (("Launcher", "FormButtons"), 2),
}
# The class of a worksheet's module, and what Excel writes with it.
_SHEET = """\
Attribute VB_Name = "{name}"
Attribute VB_Base = "0{{00020820-0000-0000-C000-000000000046}}"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = True
Attribute VB_Exposed = True
Attribute VB_TemplateDerived = False
Attribute VB_Customizable = True
"""


def source(module: str) -> str:
    """A module's text with the line ends of VBA; it must be ASCII, as a project knows only the signs of one language."""
    return _with_vba_ends((MACROS / "vba" / f"{module}.bas").read_text(encoding="ascii"))


def _with_vba_ends(text: str) -> str:
    return text.replace("\n", "\r\n")


def compile_project(modules: tuple[str, ...], sheets: int) -> bytes:
    """The VBA project of these modules, as it lies in a workbook."""
    with tempfile.TemporaryDirectory(prefix="perfxl-") as folder:
        path = Path(folder, "project.xlsm")
        workbook = ExcelFile.create_new(path)
        project = workbook.vba_project()
        project.delete_module("Module1")
        for number in range(2, sheets + 1):
            name = f"Sheet{number}"
            project.add_module(name, _with_vba_ends(_SHEET.format(name=name)), kind=VBAModuleKind.other)
        for module in modules:
            project.add_module(module, source(module))
        workbook.save(path)
        return bytes(ExcelFile(path).vba_project_bytes())


def main() -> None:
    """Writes the projects whose bytes changed, and says which."""
    for file, (modules, sheets) in PROJECTS.items():
        path = MACROS / "compiled" / file
        data = compile_project(modules, sheets)
        if not path.is_file() or path.read_bytes() != data:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
            print(f"已更新 {file}")


if __name__ == "__main__":
    main()
