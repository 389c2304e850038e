"""XlsxWriter's worksheet, with what forms need otherwise: rows that grow, a running title from the second page on, formulas as written."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

_FIXED = "customHeight"


class FormWorksheet(Worksheet):  # type: ignore[misc]
    """`growing` are the rows, from 1, that spreadsheet programs fit to their texts when someone types there.

    XlsxWriter fixes each height that it writes; a fixed row would cut what people type into it later.
    """

    growing: range = range(0)

    def _xml_start_tag_unencoded(self, tag: str, attributes: list[tuple[str, Any]] = []) -> None:  # noqa: B006
        if tag == "row" and attributes[0][1] in self.growing:
            attributes = [attribute for attribute in attributes if attribute[0] != _FIXED]
        super()._xml_start_tag_unencoded(tag, attributes)

    def _write_header_footer(self) -> None:
        # The first page has the title on the sheet itself.
        self._xml_start_tag("headerFooter", [("differentFirst", 1)])
        if self.header:
            self._xml_data_element("oddHeader", self.header)
        self._xml_data_element("oddFooter", self.footer)
        self._xml_data_element("firstFooter", self.footer)
        self._xml_end_tag("headerFooter")

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        # The templates use no function newer than Excel 2007; looking for a hundred of them takes a fifth of the time.
        return formula.removeprefix("=")

    def _xml_formula_element(self, formula: str, result: str, attributes: list[tuple[str, Any]] = []) -> None:  # noqa: B006
        # XlsxWriter stores an empty result as no value, as if the formula had never been worked out.
        if result == "":
            attributes = [*attributes, ("t", "str")]
        super()._xml_formula_element(formula, result, attributes)
