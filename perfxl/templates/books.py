"""Draws whole workbooks from the templates."""

from __future__ import annotations

from perfxl.templates.catalogue import FormTemplate, TableTemplate, all_templates
from perfxl.templates.form import lay_out_form
from perfxl.templates.guide import lay_out_guide
from perfxl.templates.painter import paint_book
from perfxl.templates.tables import lay_out_table


def blank_book(template: FormTemplate | TableTemplate) -> bytes:
    """The blank workbook of a template, its sheet 填报说明 last."""
    if isinstance(template, TableTemplate):
        sheets = [lay_out_table(template, sheet) for sheet in template.sheets]
        return paint_book([*sheets, lay_out_guide(template.guide, template.title, template.profile)], template.title)
    kind = "form" if template.evaluates else "declaration"
    guide = lay_out_guide(kind, template.title, template.profile)
    return paint_book([lay_out_form(template), guide], template.title)


def all_books() -> dict[str, bytes]:
    """Every blank workbook, by the name of its file in `workbook_templates`."""
    return {template.file: blank_book(template) for template in all_templates()}
