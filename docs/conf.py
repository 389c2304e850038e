"""How Sphinx builds the pages; what can be generated is written to `_generated` first."""

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parents[1]))

from docs import generate

project = "perfxl"
author = "perfxl"
copyright = "perfxl，Apache-2.0"
version = release = installed_version("perfxl")
language = "zh_CN"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"perfxl {release}"
html_show_sphinx = False

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True}


def without_alias_lines(
    _app: Sphinx, _kind: str, _name: str, _member: object, _options: object, lines: list[str]
) -> None:
    """Leaves out what Python says of every field of a named tuple: "Alias for field number 0"."""
    if lines and lines[0].startswith("Alias for field number"):
        lines.clear()


def setup(app: Sphinx) -> None:
    """Writes the generated pages before Sphinx looks for sources."""
    app.connect("autodoc-process-docstring", without_alias_lines)
    generate.write_pages(Path(app.srcdir) / "_generated")
