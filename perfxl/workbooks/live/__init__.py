"""Workbooks that stand open in a spreadsheet program: Excel, WPS or LibreOffice, all through xlwings' public interface.

`xl` is the one place where xlwings is imported. What xlwings' interface lacks (protection, notes' looks, what identifies an open
document) stands behind `native.Native`, once for programs with Excel's own object model and once for LibreOffice.
"""
