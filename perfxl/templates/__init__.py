"""The forms as a finance bureau prints them: blank workbooks, and forms drawn with what is known already.

What they are called and where their rows stand is data in `workbook_templates/`; official weights come from the rule profiles.
"""

from perfxl.templates.catalogue import form_template, template_named, template_titles

__all__ = ["form_template", "template_named", "template_titles"]
