"""Builds the form templates with buttons: the blank forms of `workbook_templates` with three buttons beside them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from perfxl.addin.excel import MISSING
from perfxl.addin.sources import compiled, texts
from perfxl.templates.catalogue import FormTemplate, form_templates
from perfxl.templates.content import FormContent
from perfxl.templates.drawing import Button, Look, SheetDrawing, a1, box
from perfxl.templates.form import lay_out_form
from perfxl.templates.guide import lay_out_guide
from perfxl.templates.painter import Macros, paint_book


def form_books() -> dict[str, bytes]:
    """Every self-evaluation form with buttons, by its file's name."""
    return {
        Path(template.file).with_suffix(".xlsm").name: form_book(template)
        for template in form_templates().values()
        if template.evaluates
    }


def form_book(
    template: FormTemplate, content: FormContent | None = None, properties: Mapping[str, str] | None = None
) -> bytes:
    """A form with its buttons, blank or of a plan, and the sheet 填报说明 that tells of them; `properties` are custom document
    properties."""
    form = lay_out_form(template, content)
    form.buttons = [
        Button(len(template.widths) + 1, place, button.caption, button.macro)
        for place, button in enumerate(texts().form_buttons)
    ]
    guide = lay_out_guide("form", template.title, template.profile)
    missing = _tell_of_buttons(guide)
    names = {MISSING: f"='{guide.name}'!{missing}"}
    return paint_book([form, guide], template.title, Macros(compiled("form"), names), properties)


def _tell_of_buttons(guide: SheetDrawing) -> str:
    """Adds what the buttons do; gives the cell of the words that a macro shows where the launcher is missing."""
    words, right = texts(), len(guide.widths)
    row = max(each.bottom for each in guide.boxes) + 1
    guide.boxes.append(box(row, 1, words.guide, Look.HEADING, right=right))
    for number, line in enumerate(words.lines, 1):
        guide.boxes.append(box(row + number, 1, f"{number}. {line}", Look.PARAGRAPH, right=right))
    last = row + len(words.lines) + 1
    guide.boxes.append(box(last, 1, words.missing, Look.PARAGRAPH, right=right))
    return a1(last, 1, fixed="both")
